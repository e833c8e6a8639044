//! The shared collections, where they are at hand.

pub(super) use crate::corpus::shared::shared as folder;
use crate::score::abc::{read, tunes, write};
use crate::score::{Beats, Grace, Note, Part, Reading, Score};
use crate::{Error, Place};
use std::path::{Path, PathBuf};

/// The ABC files of a folder, by name, in order, with their bytes.
pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "abc")).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("a file"))).collect()
}

/// Tunes that were harmed on their way: file, line, and what stands there.
const HARMED: [(&str, usize, &str); 19] = [
    ("jigs", 2236, "a chord that is never closed"),
    ("ryans", 871, "a line end of a letter"),
    ("ryans", 2837, "`=>`"),
    ("ryans", 5450, "an accidental before a number"),
    ("ryans", 5645, "a line end of a letter"),
    ("ryans", 5974, "a line end of a letter"),
    ("ryans", 6547, "a line end of a letter"),
    ("ryans", 6840, "`=20`, a blank of a letter"),
    ("ryans", 6904, "a line end of a letter"),
    ("ryans", 8078, "`=20`, a blank of a letter"),
    ("ryans", 8641, "`=20`, a blank of a letter"),
    ("ryans", 8895, "`=20`, a blank of a letter"),
    ("ryans", 9033, "a line end of a letter"),
    ("ryans", 9720, "a line end of a letter"),
    ("ryans", 10808, "a brace that closes nothing"),
    ("ryans", 10938, "a comma without a note"),
    ("ryans", 12072, "a line end of a letter"),
    ("ryans", 13837, "`=20`, a blank of a letter"),
    ("ryans", 14941, "a comma without a note"),
];

#[test]
fn every_tune_of_the_collections_is_read_unless_it_was_harmed() {
    let (mut read, mut refused) = (Vec::new(), Vec::new());
    for name in ["hymns-satb/abc", "folk-abc", "nottingham-abc/ABC_cleaned"] {
        let Some(folder) = folder(name) else { return };
        read.push(0);
        for (name, bytes) in files(&folder) {
            for tune in tunes(&bytes) {
                match tune {
                    Ok(Reading { score, .. }) => {
                        *read.last_mut().expect("pushed") += 1;
                        comes_back_alike(&score);
                    }
                    Err(Error::Fault(fault)) => refused.push((name.clone(), fault.place)),
                    Err(other) => panic!("{name}: {other}"),
                }
            }
        }
    }
    assert_eq!(read, [95, 3556, 1033]);
    let line = |place: &Place| match *place {
        Place::Line(line, _) => line,
        _ => 0,
    };
    let mut places: Vec<(&str, usize)> =
        refused.iter().map(|(name, place)| (name.as_str(), line(place))).collect();
    places.sort_unstable();
    assert_eq!(places, HARMED.map(|(name, line, _)| (name, line)));
}

/// Writes a score and reads it again: the same, or where something is lost the same music.
#[track_caller]
fn comes_back_alike(score: &Score) {
    let written = write(score).unwrap_or_else(|error| panic!("{}: {error}", score.title));
    let back = read(&written.bytes).unwrap_or_else(|error| panic!("{}: {error}", score.title));
    if written.lost.is_empty() {
        assert_eq!(&back, score, "{}", String::from_utf8_lossy(&written.bytes));
        return;
    }
    let text = String::from_utf8_lossy(&written.bytes);
    assert_eq!(music(&back), music(score), "{:?}\n{text}", written.lost);
    let frame =
        |score: &Score| (score.keys.clone(), score.metres.clone(), score.tempi.clone(), score.bars.clone());
    assert_eq!(frame(&back), frame(score), "{:?}\n{text}", written.lost);
}

/// What sounds in each part, whichever voice it is in: notes without words, and grace notes.
fn music(score: &Score) -> Vec<(Vec<Note>, Vec<Grace>)> {
    let part = |part: &Part| {
        let notes = part.voices.iter().flat_map(|voice| voice.notes.iter().cloned());
        let mut notes: Vec<Note> = notes.map(|note| Note { lyrics: Vec::new(), ..note }).collect();
        let mut graces: Vec<Grace> =
            part.voices.iter().flat_map(|voice| voice.graces.iter().copied()).collect();
        notes.sort_by_key(|note| (note.onset, note.pitch, note.duration));
        graces.sort_by_key(|grace| (grace.before, grace.pitch));
        (notes, graces)
    };
    score.parts.iter().map(part).collect()
}

#[test]
fn the_examples_are_sound_tunes() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let tunes = files(&folder);
    for (name, bytes) in &tunes {
        let score = read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(score.voices().count(), 1, "{name}");
        let full = score.bars.len() - usize::from(score.pickup() > Beats::ZERO);
        assert!((8..=16).contains(&full), "{name} has {full} bars");
        let metre = score.metre_at(Beats::ZERO).bar();
        for (number, pair) in score.bars.windows(2).enumerate() {
            let length = pair[1].onset - pair[0].onset;
            assert!(length == metre || number == 0, "{name}: bar {number} is {length} long");
        }
        let last = score.duration() - score.bars.last().expect("a bar").onset;
        assert_eq!(last, metre - score.pickup(), "{name}: the last bar makes up for the upbeat");
        let range = score.parts[0].voices[0].notes.iter().filter_map(|note| note.pitch.midi());
        assert!(range.clone().all(|pitch| (60..=81).contains(&pitch)), "{name}");
        comes_back_alike(&score);
    }
    assert!(tunes.len() >= 10);
}
