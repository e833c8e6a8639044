//! Real files, where the corpora are at hand: every one is read, with the note counts that are known, and comes back.

use crate::score::Score;
use crate::score::midi::{read, write};
use std::path::PathBuf;

/// The files of a corpus, or none if it isn't here.
fn files(corpus: &str) -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(root.join(corpus)) else {
        println!("skipped: no corpus {corpus}");
        return Vec::new();
    };
    let paths = folder.map(|entry| entry.expect("a readable folder").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "mid")).collect();
    files.sort();
    files
}

/// The number of notes, the sum of their MIDI numbers, and the last end in quarter notes.
fn figures(score: &Score) -> (usize, u64, f64) {
    let pitches = score.voices().flat_map(|voice| &voice.notes).filter_map(|note| note.pitch.midi());
    (score.note_count(), pitches.map(u64::from).sum(), score.duration().to_f64())
}

#[test]
fn every_real_file_comes_back_with_the_same_notes() {
    for path in files("maxent-midi").into_iter().chain(files("vienna4x22")) {
        let score = read(&std::fs::read(&path).expect("readable")).expect("a good file");
        let (notes, pitches, end) = figures(&score);
        println!("{} {notes} {pitches} {end}", path.file_name().expect("a name").display());
        let back = read(&write(&score).expect("writable").bytes).expect("what we write we read");
        assert_eq!(back.parts, score.parts, "{}", path.display());
        assert_eq!((back.keys, back.metres, back.tempi), (score.keys, score.metres, score.tempi));
    }
}

#[test]
fn real_files_have_the_notes_that_others_count() {
    let known = [549, 1910, 611, 74];
    let counts: Vec<usize> = files("maxent-midi")
        .iter()
        .map(|path| read(&std::fs::read(path).expect("readable")).expect("a good file").note_count())
        .collect();
    assert!(counts.is_empty() || known.iter().all(|count| counts.contains(count)), "{counts:?}");
}
