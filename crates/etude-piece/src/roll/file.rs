//! Corpora of rolls in JSON, plain or as gzip: the shape in which the four sets of Boulanger-Lewandowski & al. 2012 are kept.
//!
//! ```text
//! {"train": [[[60, 64, 67], [], [59]], …], "valid": …, "test": …}    split → pieces → frames → MIDI numbers
//! ```

use super::{Roll, matlab};
use crate::corpus::Split;
use crate::packed::plain;
use crate::{Fault, Place, Result};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

/// What is expected of a file.
const SHAPE: &str = "{\"train\": [[[60, 64], …], …], \"valid\": …, \"test\": …}";

/// Named rolls, each in a split.
pub type Rolls = Vec<(String, Split, Roll)>;

/// Reads a corpus of rolls: JSON, JSON as gzip, or MATLAB 5.
///
/// # Errors
///
/// JSON that is broken or of another shape, numbers that are no MIDI numbers, pieces without frames, MATLAB files of other
/// arrays, and what is packed badly or out of proportion.
pub fn read(bytes: &[u8]) -> Result<Rolls> {
    if matlab::is_matlab(bytes) {
        return matlab::read(bytes);
    }
    let json = plain(bytes, "a corpus of rolls")?;
    let file: File = serde_json::from_slice(&json).map_err(|error| {
        let told = error.to_string();
        let found = told.split(" at line ").next().unwrap_or(&told).to_owned();
        Fault::new(Place::Line(error.line(), error.column()), found, SHAPE)
    })?;
    let mut rolls = Rolls::new();
    for (split, pieces) in Split::ALL.into_iter().zip([file.train, file.valid, file.test]) {
        for (index, frames) in pieces.into_iter().enumerate() {
            if frames.is_empty() {
                let found = format!("a piece without frames in `{}`", split.name());
                return Err(Fault::new(Place::Item(index), found, "at least one frame").into());
            }
            let frames = frames.into_iter().map(|Keys(keys)| keys).collect();
            rolls.push((format!("{}-{:03}", split.name(), index + 1), split, Roll { frames }));
        }
    }
    match rolls.is_empty() {
        true => Err(Fault::new(Place::Whole, "no piece", SHAPE).into()),
        false => Ok(rolls),
    }
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    train: Vec<Vec<Keys>>,
    #[serde(default)]
    valid: Vec<Vec<Keys>>,
    #[serde(default)]
    test: Vec<Vec<Keys>>,
}

/// One frame, read straight into its bits, so that a file takes little more memory than its bytes.
struct Keys(u128);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a frame, which is a list of MIDI numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> std::result::Result<Keys, A::Error> {
        let mut keys = 0;
        while let Some(number) = numbers.next_element::<u64>()? {
            if number >= 128 {
                return Err(A::Error::custom(format!("{number}, which is no MIDI number")));
            }
            keys |= 1 << number;
        }
        Ok(Keys(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;
    use crate::corpus::shared::shared;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn told(bytes: &[u8]) -> String {
        match read(bytes) {
            Ok(rolls) => {
                let show = |(name, _, roll): &(String, Split, Roll)| {
                    let frames: Vec<Vec<u8>> =
                        roll.frames.iter().map(|&frame| keys(frame).collect()).collect();
                    format!("{name} {frames:?}")
                };
                rolls.iter().map(show).collect::<Vec<_>>().join("; ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(told(json.as_bytes()), expected);
        assert_eq!(told(&packed(json.as_bytes())), expected, "as gzip");
    }

    #[test]
    fn frames_are_sets() {
        check(
            r#"{"train": [[[64, 60], [], [21]]], "test": [[[108]]]}"#,
            "train-001 [[60, 64], [], [21]]; test-001 [[108]]",
        );
    }

    #[test]
    fn numbers_that_are_no_keys_are_named_with_their_place() {
        let expected = format!("line 1, column 17: found 128, which is no MIDI number, expected {SHAPE}");
        check(r#"{"train": [[[128]]]}"#, &expected);
        let found = "invalid type: integer `60`, expected a frame, which is a list of MIDI numbers";
        check(r#"{"train": [[60]]}"#, &format!("line 1, column 14: found {found}, expected {SHAPE}"));
    }

    #[test]
    fn what_holds_nothing_is_refused() {
        check(r#"{"valid": []}"#, &format!("found no piece, expected {SHAPE}"));
        let expected = "item 1: found a piece without frames in `test`, expected at least one frame";
        check(r#"{"test": [[[]], []]}"#, expected);
        let found = "invalid type: integer `1`, expected a sequence";
        check("[1", &format!("line 1, column 2: found {found}, expected {SHAPE}"));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = packed(&vec![b' '; 8 << 20]);
        assert!(told(&bomb).contains("that unpack to more than"), "{}", told(&bomb));
        assert!(told(&bomb[..40]).starts_with("found broken packing"), "{}", told(&bomb[..40]));
    }

    #[test]
    fn the_four_sets_have_the_frames_and_notes_that_an_independent_count_found() {
        // Frames and notes of the test split, as counted with numpy.
        let sets =
            [("JSB_Chorales", 4725, 18367), ("Nottingham", 44463, 177_421), ("MuseData", 64339, 211_857)];
        for (name, frames, notes) in sets {
            let Some(path) = shared(&format!("polyphonic/{name}.json.gz")) else { return };
            let rolls = read(&std::fs::read(path).expect("a file")).expect("a corpus");
            let test = rolls.iter().filter(|(_, split, _)| *split == Split::Test);
            let all: Vec<u128> = test.flat_map(|(_, _, roll)| roll.frames.iter().copied()).collect();
            let sounding: u32 = all.iter().map(|frame| frame.count_ones()).sum();
            assert_eq!((all.len(), sounding), (frames, notes), "{name}");
        }
    }
}
