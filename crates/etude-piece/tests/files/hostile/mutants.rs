//! Good files with a few bytes changed: twenty thousand of each format, the same ones every time.

use super::ROOM;
use super::formats::{read, scores, seeds};
use crate::{alone, cost};
use etude_piece::score::format::{Format, read_with_losses, write};
use std::time::{Duration, Instant};

/// Mutants of each format.
const MUTANTS: usize = 20_000;

/// How long all of them may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Of those that are read, one in so many is also written and read again.
const WRITTEN: usize = 5;

/// Numbers that readers trip over.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "256",
    "65536",
    "2147483647",
    "4294967296",
    "99999999999999999999",
    "1/0",
    "0.0000001",
    "1e999",
];

/// A generator of numbers that is the same everywhere: Knuth's MMIX constants, of which the high bits are random.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    /// A stretch of at most 64 bytes of something `length` long.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..(start + self.below(64)).min(length)
    }
}

/// The file with one change, or two with probability 1/2, or three with 1/4, and so on to five.
fn mutant(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(32).trailing_zeros().min(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            2 => drop(bytes.drain(random.stretch(seed.len().min(bytes.len())))),
            3 => bytes.insert(at, [0, 0x0a, 0x7f, 0x80, 0xff][random.below(5)]),
            4 => {
                // A stretch once more, here or elsewhere.
                let again = bytes[random.stretch(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            5 => {
                // A stretch of another file.
                let foreign = other[random.stretch(other.len())].to_vec();
                bytes.splice(at..at, foreign);
            }
            6 => {
                // A number where one stood.
                let digit = (at..bytes.len()).find(|&at| bytes[at].is_ascii_digit()).unwrap_or(at);
                let end = (digit..bytes.len()).find(|&at| !bytes[at].is_ascii_digit()).unwrap_or(bytes.len());
                bytes.splice(digit..end, NUMBERS[random.below(NUMBERS.len())].bytes());
            }
            7 => bytes.truncate(at),
            _ => {
                // A stretch many times over.
                let stretch = bytes[random.stretch(bytes.len())].repeat(random.below(40));
                bytes.splice(at..at, stretch);
            }
        }
    }
    bytes
}

/// Reads mutants of a format's seeds; whatever is read can be written, in its own format and another, without a panic.
#[track_caller]
fn check(format: Format) {
    let (seeds, formats) = (seeds(format), Format::ALL);
    let start = Instant::now();
    let (mut read_well, mut written_well) = (0, 0);
    for number in 0..MUTANTS {
        let mut random = Random(number as u64);
        let seed = &seeds[random.below(seeds.len())];
        let other = &seeds[random.below(seeds.len())];
        let bytes = mutant(seed, other, &mut random);
        let (read, peak, _) = cost(|| read_with_losses(&bytes, format.extensions()[0]));
        assert!(peak <= 8 * bytes.len() + ROOM, "mutant {number} of {format} took {peak} bytes of memory");
        let Ok(reading) = read else { continue };
        read_well += 1;
        if number % WRITTEN > 0 {
            continue;
        }
        // Pictures and sound are drawn from the same scores; they take longer, so fewer are.
        let target =
            if number % (100 * WRITTEN) == 0 { formats[random.below(formats.len())] } else { format };
        if let Ok(written) = write(&reading.score, target)
            && target.is_score()
        {
            written_well += 1;
            let back = read_with_losses(&written.bytes, target.extensions()[0]);
            assert!(back.is_ok(), "mutant {number} of {format}, written as {target}: {:?}", back.err());
        }
    }
    println!(
        "{format}: {read_well} of {MUTANTS} mutants read, {written_well} written, {:?}",
        start.elapsed()
    );
    assert!(read_well > MUTANTS / 100, "{format}: the mutants should not all die at the door");
}

#[test]
fn no_mutant_makes_a_reader_panic_or_take_memory() {
    let _alone = alone();
    let start = Instant::now();
    for format in read() {
        check(format);
    }
    assert!(start.elapsed() < LIMIT, "all mutants took {:?}", start.elapsed());
}

#[test]
fn the_seeds_themselves_are_good() {
    let _alone = alone();
    for format in read() {
        for seed in seeds(format) {
            let reading = read_with_losses(&seed, format.extensions()[0]).expect("a good file");
            assert!(
                scores().iter().any(|score| score.note_count() == reading.score.note_count()),
                "{format}"
            );
        }
    }
}
