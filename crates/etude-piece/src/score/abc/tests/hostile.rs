//! Files that mean harm, or were harmed: errors or tolerant reading, never a panic, never out of proportion.

use super::writing::{Dice, TUNES};
use crate::score::abc::{read, read_all, tunes, write};
use std::time::{Duration, Instant};

/// Reads bytes, and writes and reads again what could be read.
fn survives(bytes: &[u8]) {
    let Ok(scores) = read_all(bytes) else { return };
    for score in scores {
        let Ok(written) = write(&score) else { continue };
        let text = String::from_utf8_lossy(&written.bytes);
        assert!(
            read(&written.bytes).is_ok(),
            "{:?}\n{text}",
            read(&written.bytes).err().map(|e| e.to_string())
        );
    }
}

/// Reads a file within the time allowed; how many tunes were read and how many refused.
#[track_caller]
fn within(limit: Duration, bytes: &[u8]) -> (usize, usize) {
    let start = Instant::now();
    let (mut read, mut refused) = (0, 0);
    for tune in tunes(bytes) {
        match tune {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(start.elapsed() < limit, "took {:?}", start.elapsed());
    (read, refused)
}

/// A tune whose body repeats some text up to a megabyte.
fn megabyte(of: &str) -> Vec<u8> {
    format!("X:1\nL:1/64\nK:C\n{}\n", of.repeat((1 << 20) / of.len())).into_bytes()
}

const SECONDS: Duration = Duration::from_secs(3);

#[test]
fn truncation_anywhere_is_survived() {
    for tune in TUNES {
        for end in 0..tune.len() {
            survives(&tune.as_bytes()[..end]);
        }
    }
}

#[test]
fn mutants_are_survived() {
    let dice = &mut Dice::new(2026);
    let spice = b"()[]{}<>|:!+\"&-_^=/0123456789zZxXyABCabcHTKVMLQwU%\\\n ,'\xFF\0~.*";
    let start = Instant::now();
    for round in 0..20_000 {
        let mut bytes = TUNES[round % TUNES.len()].as_bytes().to_vec();
        for _ in 0..1 + dice.roll(6) {
            let at = dice.roll(bytes.len());
            match dice.roll(4) {
                0 => bytes[at] = spice[dice.roll(spice.len())],
                1 => bytes.insert(at, spice[dice.roll(spice.len())]),
                2 => drop(bytes.remove(at)),
                _ => {
                    let end = (at + dice.roll(20)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    let to = dice.roll(bytes.len());
                    bytes.splice(to..to, copy);
                }
            }
        }
        survives(&bytes);
    }
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
}

#[test]
fn noise_is_survived() {
    let dice = &mut Dice::new(1);
    for _ in 0..200 {
        let mut bytes = b"X:1\nK:C\n".to_vec();
        bytes.extend((0..400).map(|_| u8::try_from(dice.roll(256)).expect("a byte")));
        survives(&bytes);
    }
}

#[test]
fn a_megabyte_on_one_line_takes_seconds_at_most() {
    for of in [
        "C",
        "z",
        "|",
        "C|",
        "[",
        "[K:G]",
        "[K:",
        "[\"a\"",
        "\"a",
        "\"A\"C",
        "!",
        "!a",
        "+!",
        "{",
        "{c}",
        "(",
        "(3",
        "&",
        "C&",
        "C|&",
        "-",
        "C-",
        ">",
        "C>",
        "^",
        "1",
        "C9",
        "/",
        "'",
        "[C]",
        "[CE",
        "Z",
        "y",
        "%",
        "\\",
        ":",
        ":|",
        "|1",
        "é",
        "V:1 ",
        "[V:1]",
        "[V:2]C[V:1]C",
        "[Q:1/4=90]C",
        "[M:3/4]C",
        "[I:x]",
        "C<D",
        "(9ABC",
        "[C-E-]",
        "_",
        "{/g}A",
        "!p!C!f!C",
        "!crescendo(!C",
        "+CE+",
        "|:C:|",
        "C||C:|",
        "|1C:|2C||",
        ".C~D",
        "[1,3",
        "((",
        "w",
    ] {
        let (read, refused) = within(SECONDS, &megabyte(of));
        assert_eq!(read + refused, 1, "{of}");
    }
}

#[test]
fn a_megabyte_of_lines_takes_seconds_at_most() {
    for of in [
        "C\nw:a\n",
        "w:a b\n",
        "+:a\n",
        "V:1\n",
        "K:G\n",
        "%%score {1 2}\n",
        "X:1\nK:C\nC\n",
        "X:1\n",
        "%\n",
        "C\\\n",
        "m:~n2=n{o}n\n",
        "U:W=!fermata!\n",
        "s:!f!\n",
        "P:A\n",
        "N:n\n",
        "I:linebreak !\n",
        "%%MIDI program 1\n",
        "%%begintext\n",
        "[V:1 clef=bass]\n",
        "C\nw:a\nw:a\nw:a\n",
    ] {
        within(SECONDS, &megabyte(of));
    }
    let voices: String = (0..100_000).map(|n| format!("V:{n}\n")).collect();
    assert_eq!(within(SECONDS, format!("X:1\n{voices}K:C\n").as_bytes()), (0, 1));
    let words = format!("X:1\nK:C\n{}\nw:{}\n", "C".repeat(1 << 16), "a ".repeat(1 << 19));
    assert_eq!(within(SECONDS, words.as_bytes()), (1, 0));
}

#[test]
fn huge_numbers_are_refused_or_bounded() {
    for music in [
        "C99999999999999999999",
        "C/99999999999999999999",
        "(99999999999CDE",
        "(3:0CDE",
        "(3:2:0CDE",
        "(0:0:0C",
        "(0",
        "(9999999999999999999:2",
        "{C0}D",
        "{C99999999999}D",
        "{C>>>>>>>D}E",
        "{",
        "Z4097",
        "Z0",
        "C////////////////",
        "C,,,,,,,,,,,,,,,,,",
        "C>>>>>>>>>>D",
        "[M:0/0]C",
        "[L:1/0]C",
        "[Q:1/0=1]C",
        "[V:]",
        "C65536 (255:254:255(255:253:255C/16384 D",
        "[K:C octave=127]C",
        "C&&&&C",
        "C&D&E&F&G&A&B&c&d&e",
    ] {
        let tune = format!("X:1\nK:C\n{music}\n");
        assert!(read(tune.as_bytes()).is_err(), "{music}");
    }
}

#[test]
fn times_never_overflow() {
    // Every tuplet has another denominator, so that their sum has all of them.
    let tuplets: String = [7, 9, 11, 13, 17, 19, 23].map(|p| format!("({p}:2:1C/512")).concat();
    assert!(read(format!("X:1\nK:C\n{tuplets}\n").as_bytes()).is_err());
    let long = "C65536".repeat(60_000);
    assert!(read(format!("X:1\nL:16\nK:C\n{long}\n").as_bytes()).is_err());
}

/// What the reader says to music that is too much.
fn refused(music: &str) -> String {
    read(format!("X:1\nL:1/64\nK:C\n{music}\n").as_bytes()).expect_err("too much").to_string()
}

#[test]
fn what_would_take_more_memory_than_its_text_is_limited() {
    assert!(refused(&"C".repeat(131_073)).contains("too many notes"));
    assert!(refused(&format!("{{{}}}C", "c".repeat(131_072))).contains("too many notes"));
    assert!(refused(&"z|".repeat(131_073)).contains("too many bars"));
    let verses = format!("{}\n{}w:{}", "C".repeat(10_000), "w:\n".repeat(15), "a ".repeat(10_000));
    assert!(refused(&verses).contains("too many syllables"));
    assert!(refused(&"\"C\"".repeat(20_000)).contains("too many chord symbols"));
    assert!(refused(&"[K:G]C[K:C]C".repeat(10_000)).contains("too many changes"));
    let voices: String = (0..5_000).map(|voice| format!("[V:{voice}]C")).collect();
    assert!(refused(&voices).contains("too many voices"));
    assert!(refused(&format!("C{}", "&C".repeat(1_000))).contains("too many overlays"));
}

#[test]
fn ten_megabytes_of_tunes_are_read_one_by_one() {
    let empty = "X:\n".repeat(10 << 20 >> 2);
    let limit = 10 * SECONDS;
    assert_eq!(within(limit, empty.as_bytes()), (0, 2_621_440));
    let small = "X:1\nK:C\nCDEF|\n\n".repeat((10 << 20) / 16);
    assert_eq!(within(limit, small.as_bytes()), (655_360, 0));
}

#[test]
fn repeats_within_repeats_stay_in_proportion() {
    let endings: String = (1..=255).map(|number| format!("[{number} C:|")).collect();
    for music in [endings.clone(), "|:C:|".repeat(10_000), "C:|".repeat(30_000), endings.repeat(100)] {
        let score = read(format!("X:1\nK:C\n{music}\n").as_bytes()).expect("a tune");
        let order = score.playing_order();
        assert!(order.len() <= 16 * score.bars.len(), "{} of {}", order.len(), score.bars.len());
    }
}
