//! The shared collections, where they are at hand.

use super::plain;
use crate::corpus::shared::shared as folder;
use crate::score::kern::lines::decode;
use crate::score::kern::reader::length;
use crate::score::kern::{read, write};
use crate::score::{Beats, Note, Part, Score};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The kern files of a folder, by name, in order, with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "krn")).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("a file"))).collect()
}

/// The oracle's figures by file.
fn oracle(folder: &Path) -> Value {
    let bytes = std::fs::read(folder.join("ORACLE.json")).expect("a file");
    let mut all: Value = serde_json::from_slice(&bytes).expect("json");
    all["files"].take()
}

/// What the oracle counts of a part, beside its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures {
    /// Chords, single notes and grace notes.
    pub(super) chords: usize,
    /// Those that only go on with a tie.
    pub(super) continued: usize,
    /// The sum of all MIDI numbers.
    pub(super) sum: u64,
}

fn figures(part: &Part) -> Figures {
    let (mut chords, mut continued, mut sum) = (0, 0, 0);
    let tied: Vec<_> = part.voices.iter().flat_map(|voice| &voice.notes).filter(|note| note.tied).collect();
    let goes_on = |note: &Note| tied.iter().any(|from| (from.end(), from.pitch) == (note.onset, note.pitch));
    for voice in &part.voices {
        for chord in voice.notes.chunk_by(|a, b| a.onset == b.onset) {
            chords += 1;
            // Of a chord, it asks the first note that has a tie of either kind.
            let first = chord.iter().find(|note| note.tied || goes_on(note));
            continued += usize::from(first.is_some_and(goes_on));
        }
        chords += voice.graces.len();
        let pitches = voice.notes.iter().map(|note| note.pitch);
        let pitches = pitches.chain(voice.graces.iter().map(|grace| grace.pitch));
        sum += pitches.map(|pitch| u64::from(pitch.midi().expect("in range"))).sum::<u64>();
    }
    Figures { chords, continued, sum }
}

fn heads(part: &Part) -> usize {
    part.voices.iter().map(|voice| voice.notes.len() + voice.graces.len()).sum()
}

/// Added to a part's number where the plain count differs from the oracle too.
const WRONG: usize = 100;

/// Parts whose notes and ties the oracle groups into other chords, so that its first two figures differ. It counts
/// tokens: a note that a tie leads over from another strand counts there with its new neighbours, here with the voice
/// in which it was struck; and the grace notes of one token count as one. Sums and lengths are the same, and a plain
/// count of tokens has all of the oracle's figures.
const GROUPED: [(&str, usize); 24] = [
    ("antoinette", 0),
    ("augustan", 0),
    ("augustan", 1),
    ("breeze", 0),
    ("breeze", 1),
    ("easywinners", 0),
    ("eugenia", 0),
    ("gladiolus", 0),
    ("harmony", 0),
    ("heliotrope", 0),
    ("mapleleaf", 0),
    ("palmleaf", 0),
    ("paragon", 0),
    ("peacherine", 0),
    ("roseleaf", 0),
    ("school", 1),
    ("solace", 1),
    ("something", 0),
    ("stoptime", 0),
    ("stoptime", 1),
    ("sugarcane", 0),
    ("swipesy", 0),
    ("wallstreet", 0),
    ("weepingwillow", 0),
];

/// Parts of which the oracle's program drops notes, or puts them into other bars, where a spine splits inside a split
/// and the strands join on different lines; from there on it loses the time as well (`searchlight`). The plain count
/// has what is here.
const MISREAD: [(&str, usize); 5] = [
    ("bethena", WRONG),
    ("magnetic", WRONG),
    ("magnetic", WRONG + 1),
    ("searchlight", WRONG),
    ("solace", WRONG),
];

/// The parts of a folder's files whose figures are other than the oracle's; key and metre are always the same.
fn differences(files: &[(String, Vec<u8>)], oracle: &Value) -> Vec<(String, usize)> {
    let mut differ = Vec::new();
    for (name, bytes) in files {
        let (score, text) = (read(bytes).unwrap_or_else(|error| panic!("{name}: {error}")), decode(bytes));
        let expected = &oracle[name.as_str()];
        let plain = plain::count(&text);
        let length = length(&text);
        assert_eq!(expected["parts"].as_array().map(Vec::len), Some(score.parts.len()), "{name}");
        for (number, part) in score.parts.iter().enumerate() {
            let (found, plain) = (figures(part), plain[number]);
            // The slow plain count has all notes, however they are grouped.
            assert_eq!((found.sum, heads(part)), (plain.sum, plain.heads), "{name} {number}");
            let expected = &expected["parts"][number];
            let same = |figures: Figures| {
                serde_json::json!([figures.chords, figures.continued, figures.sum, length.to_f64()])
                    == *expected
            };
            if !same(found) {
                // Where only chords are grouped otherwise, the plain count has the oracle's figures.
                differ.push((name.clone(), if same(plain.figures()) { number } else { WRONG + number }));
            }
        }
        assert_eq!(score.keys.first().map(|(_, key)| i64::from(key.fifths)), expected["key_sharps"].as_i64());
        assert_eq!(Some(score.metre_at(Beats::ZERO).to_string().as_str()), expected["meter"].as_str());
    }
    differ
}

/// Writes a score and reads it again: the same, nothing lost, and the same bytes when it is written once more.
#[track_caller]
fn comes_back(name: &str, bytes: &[u8]) {
    let score = read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = write(&score).unwrap_or_else(|error| panic!("{name}: {error}"));
    let back = read(&written.bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let notes = |score: &Score| -> Vec<String> {
        let voices = score.voices().enumerate();
        voices
            .flat_map(|(voice, music)| music.notes.iter().map(move |note| format!("{voice} {note:?}")))
            .collect()
    };
    let (found, expected) = (notes(&back), notes(&score));
    let first = found.iter().zip(&expected).find(|(a, b)| a != b);
    assert!(back == score, "{name}: {first:?}, lost {:?}", written.lost);
    assert_eq!(written.lost, [""; 0], "{name}");
    assert_eq!(write(&back).expect("again").bytes, written.bytes, "{name}");
}

#[test]
fn the_chorales_have_the_figures_that_an_independent_reader_counts() {
    let Some(folder) = folder("chorales-370") else { return };
    let files = files(&folder.join("kern"));
    assert_eq!(files.len(), 362);
    assert_eq!(differences(&files, &oracle(&folder)), []);
}

#[test]
fn the_rags_have_the_figures_that_an_independent_reader_counts() {
    let Some(folder) = folder("joplin") else { return };
    let files = files(&folder);
    assert_eq!(files.len(), 41);
    let expected = GROUPED.iter().chain(&MISREAD).map(|&(name, part)| (format!("{name}.krn"), part));
    let mut expected: Vec<(String, usize)> = expected.collect();
    expected.sort_by_key(|(name, part)| (name.clone(), part % WRONG));
    assert_eq!(differences(&files, &oracle(&folder)), expected);
}

#[test]
fn every_chorale_comes_back() {
    let Some(folder) = folder("chorales-370/kern") else { return };
    files(&folder).iter().for_each(|(name, bytes)| comes_back(name, bytes));
}

#[test]
fn every_rag_comes_back() {
    let Some(folder) = folder("joplin") else { return };
    files(&folder).iter().for_each(|(name, bytes)| comes_back(name, bytes));
}
