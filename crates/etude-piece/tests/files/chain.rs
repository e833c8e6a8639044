//! The chorales through one format after the other.

use etude_piece::score::format::{Format, open_score, read_score, scores_in, write};
use std::path::PathBuf;

/// The corpora's folder, if it is there.
fn corpus(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("ETUDE_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let folder = data.join(name);
    if !folder.is_dir() {
        println!("skipped: no corpus {}", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn chorales_keep_their_notes_from_kern_by_musicxml_and_abc_to_midi() {
    let Some(folder) = corpus("chorales-370/kern") else { return };
    let files = scores_in(&folder).expect("a folder");
    for path in &files {
        let name = path.display().to_string();
        let original = open_score(path).unwrap_or_else(|error| panic!("{error}"));
        let mut score = original.clone();
        for format in [Format::MusicXml, Format::Abc, Format::Midi] {
            let file = write(&score, format).unwrap_or_else(|error| panic!("{name} as {format}: {error}"));
            score = read_score(&file.bytes, &name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(score.note_count(), original.note_count(), "{name} as {format}");
            assert_eq!(sum(&score), sum(&original), "{name} as {format}");
        }
    }
    assert_eq!(files.len(), 362);
}

/// The sum of all sounding MIDI pitches.
fn sum(score: &etude_piece::score::Score) -> u32 {
    let notes = score.voices().flat_map(|voice| voice.sounding());
    notes.filter_map(|note| note.pitch.midi()).map(u32::from).sum()
}
