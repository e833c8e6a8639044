//! A corpus's figures as arrays of a model file.
//!
//! | array | shape | meaning |
//! |---|---|---|
//! | `corpus.train`, `corpus.held_out` | bytes | a [`Profile`] as whole numbers, see [`put_profile`] |
//! | `corpus.novelty` | (held-out pieces, 3) | steps cited, discovered, all |
//! | `corpus.copies` | (stretches) | quarters |
//! | `corpus.nats`, `corpus.events` | (pieces) | surprise of the training pieces that were sampled, then of the held-out ones |
//! | `corpus.sampled` | (1) | how many of them are training pieces |
//! | `corpus.tunes`, `corpus.tune_steps` | (steps of all), (tunes) | pitches with 255 for a rest; steps of each tune |
//! | `corpus.tune_keys` | bytes | a line for each tune |

use super::bytes::{Numbers, put};
use super::{Reference, Shares, Surprise, Tune};
use crate::appraise::consonance::Consonance;
use crate::appraise::histograms::{Counts, Histograms};
use crate::appraise::profile::Profile;
use crate::appraise::statistics::{Event, Frequencies};
use crate::appraise::voice_leading::VoiceLeading;
use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::score::Key;

/// The largest count: no sum of a file's counts leaves u64.
const MOST: u64 = 1 << 32;

impl Reference {
    /// The figures by name.
    pub fn tensors(&self) -> Tensors {
        let profile = |profile: &Profile| {
            let mut bytes = Vec::new();
            put_profile(&mut bytes, profile);
            Tensor::U8(vec![bytes.len()], bytes)
        };
        let numbers = |numbers: Vec<u32>| Tensor::U32(vec![numbers.len()], numbers);
        let text = |bytes: Vec<u8>| Tensor::U8(vec![bytes.len()], bytes);
        let shares = self.novelty.iter().flat_map(|s| [s.cited as u32, s.discovered as u32, s.steps as u32]);
        let surprises = || self.surprise_train.iter().chain(&self.surprise_held_out);
        let nats: Vec<f64> = surprises().map(|surprise| surprise.nats).collect();
        let keys: Vec<String> = self.tunes.iter().map(|tune| tune.key.to_string()).collect();
        let pitches = self.tunes.iter().flat_map(|tune| &tune.pitches);
        let arrays = [
            ("train", profile(&self.train)),
            ("held_out", profile(&self.held_out)),
            ("novelty", Tensor::U32(vec![self.novelty.len(), 3], shares.collect())),
            ("copies", numbers(self.copies.iter().map(|&quarters| quarters as u32).collect())),
            ("nats", Tensor::weights(&nats)),
            ("events", numbers(surprises().map(|surprise| surprise.events as u32).collect())),
            ("sampled", numbers(vec![self.surprise_train.len() as u32])),
            ("tunes", text(pitches.map(|pitch| pitch.unwrap_or(u8::MAX)).collect())),
            ("tune_steps", numbers(self.tunes.iter().map(|tune| tune.pitches.len() as u32).collect())),
            ("tune_keys", text(keys.join("\n").into_bytes())),
        ];
        arrays.into_iter().map(|(name, array)| (format!("corpus.{name}"), array)).collect()
    }

    /// Reads the figures; `None` from a file that has none.
    ///
    /// # Errors
    ///
    /// Arrays that are damaged or don't fit together.
    pub fn load(reader: &Reader) -> Result<Option<Self>> {
        if !reader.has("corpus.train") {
            return Ok(None);
        }
        let (surprise_train, surprise_held_out) = surprises(reader)?;
        let copies = reader.numbers("corpus.copies")?.iter().map(|&quarters| quarters as usize).collect();
        Ok(Some(Self {
            train: profile(reader, "corpus.train")?,
            held_out: profile(reader, "corpus.held_out")?,
            novelty: novelty(reader)?,
            copies,
            surprise_train,
            surprise_held_out,
            tunes: tunes(reader)?,
        }))
    }
}

/// Pieces, steps, the frequencies by relation, four histograms, then the single counts.
fn put_profile(bytes: &mut Vec<u8>, profile: &Profile) {
    put(bytes, profile.pieces as u64);
    put(bytes, profile.steps as u64);
    for counts in &profile.frequencies.counts {
        let mut coded: Vec<(u64, u64)> = counts.iter().map(|&(event, count)| (code(event), count)).collect();
        coded.sort_unstable();
        put_counts(bytes, &coded);
    }
    let Histograms { pitches, intervals, durations, chords } = &profile.histograms;
    for counts in [pitches, intervals, durations, chords] {
        let coded: Vec<(u64, u64)> = counts.iter().map(|(&value, &n)| ((value + BIAS) as u64, n)).collect();
        put_counts(bytes, &coded);
    }
    let VoiceLeading { moving_pairs, parallel_fifths, parallel_octaves, neighbours, crossings } =
        profile.voice_leading;
    let Consonance { notes, consonant } = profile.consonance;
    let single = [moving_pairs, parallel_fifths, parallel_octaves, neighbours, crossings, notes, consonant];
    single.into_iter().for_each(|count| put(bytes, count as u64));
}

/// What is added to the values of a histogram, the lowest of which is an interval of -127.
const BIAS: i32 = 127;

/// An event as a number: voices first, so that neighbours differ little.
fn code((voice, pitch, other, second): Event) -> u64 {
    u64::from(u32::from_be_bytes([voice, other, pitch, second]))
}

fn event(code: u64) -> Event {
    let [voice, other, pitch, second] = (code as u32).to_be_bytes();
    (voice, pitch, other, second)
}

/// A list of ascending codes, each as its distance from the one before, with its count.
fn put_counts(bytes: &mut Vec<u8>, counts: &[(u64, u64)]) {
    put(bytes, counts.len() as u64);
    let mut before = 0;
    for &(code, count) in counts {
        put(bytes, code - before);
        put(bytes, count);
        before = code;
    }
}

/// What [`put_counts`] put, codes up to `most`.
fn counts(numbers: &mut Numbers, most: u64) -> Result<Vec<(u64, u64)>> {
    let mut before = 0;
    let entries = (0..numbers.length()?).map(|_| {
        before += numbers.next(most - before)?;
        Ok((before, numbers.next(MOST)?))
    });
    entries.collect()
}

fn profile(reader: &Reader, name: &str) -> Result<Profile> {
    let mut numbers = Numbers::of(reader, name)?;
    let (pieces, steps) = (numbers.next(MOST)? as usize, numbers.next(MOST)? as usize);
    let mut frequencies = Frequencies::default();
    for relation in &mut frequencies.counts {
        *relation =
            counts(&mut numbers, u64::from(u32::MAX))?.into_iter().map(|(c, n)| (event(c), n)).collect();
        relation.sort_unstable();
    }
    let mut histogram = |lowest: i32, highest: i32| -> Result<Counts> {
        let coded = counts(&mut numbers, (highest + BIAS) as u64)?;
        let counts: Counts = coded.into_iter().map(|(value, n)| (value as i32 - BIAS, n)).collect();
        match counts.keys().next().is_some_and(|&least| least < lowest) {
            true => reader.refuse(format!("a value below {lowest} in `{name}`"), "the figures of a corpus"),
            false => Ok(counts),
        }
    };
    let histograms = Histograms {
        pitches: histogram(0, 127)?,
        intervals: histogram(-127, 127)?,
        durations: histogram(1, 1 << 24)?,
        chords: histogram(1, 4095)?,
    };
    let mut single = || -> Result<usize> { Ok(numbers.next(MOST)? as usize) };
    let voice_leading = VoiceLeading {
        moving_pairs: single()?,
        parallel_fifths: single()?,
        parallel_octaves: single()?,
        neighbours: single()?,
        crossings: single()?,
    };
    let consonance = Consonance { notes: single()?, consonant: single()? };
    numbers.end()?;
    Ok(Profile { pieces, steps, frequencies, histograms, voice_leading, consonance })
}

fn novelty(reader: &Reader) -> Result<Vec<Shares>> {
    let (rows, rest) = reader.numbers("corpus.novelty")?.as_chunks::<3>();
    let shares = |row: &[u32; 3]| {
        let [cited, discovered, steps] = row.map(|n| n as usize);
        Some(Shares { cited, discovered, steps }).filter(|_| cited + discovered <= steps)
    };
    match rows.iter().map(shares).collect() {
        Some(all) if rest.is_empty() => Ok(all),
        _ => reader.refuse("shares above one in `corpus.novelty`", "steps cited, discovered, all"),
    }
}

fn surprises(reader: &Reader) -> Result<(Vec<Surprise>, Vec<Surprise>)> {
    let (nats, events) = (reader.weights("corpus.nats")?, reader.numbers("corpus.events")?);
    let sampled = reader.numbers("corpus.sampled")?.first().map_or(0, |&n| n as usize);
    if nats.len() != events.len() || sampled > nats.len() {
        return reader
            .refuse(format!("{} pieces' nats, {} pieces' events", nats.len(), events.len()), "as many");
    }
    let pairs = nats.iter().zip(events);
    let mut all: Vec<Surprise> =
        pairs.map(|(&nats, &events)| Surprise { nats, events: events as usize }).collect();
    let held_out = all.split_off(sampled);
    Ok((all, held_out))
}

fn tunes(reader: &Reader) -> Result<Vec<Tune>> {
    let pitches = reader.bytes("corpus.tunes")?;
    let steps = reader.numbers("corpus.tune_steps")?;
    let keys = String::from_utf8_lossy(reader.bytes("corpus.tune_keys")?).into_owned();
    let keys: Vec<&str> = if steps.is_empty() { Vec::new() } else { keys.split('\n').collect() };
    let total: u64 = steps.iter().map(|&n| u64::from(n)).sum();
    let sound = pitches.iter().all(|&pitch| pitch < 128 || pitch == u8::MAX);
    if keys.len() != steps.len() || total != pitches.len() as u64 || steps.contains(&0) || !sound {
        return reader.refuse("tunes that don't fit together", "pitches, steps and a key for each tune");
    }
    let mut rest = pitches.iter().map(|&pitch| Some(pitch).filter(|&pitch| pitch < 128));
    let tune = |(key, &steps): (&str, &u32)| match key.parse::<Key>() {
        Ok(key) => Ok(Tune { key, pitches: rest.by_ref().take(steps as usize).collect() }),
        Err(found) => reader.refuse(found, "a key such as `G major`"),
    };
    keys.into_iter().zip(steps).map(tune).collect()
}
