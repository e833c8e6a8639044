//! Real files: the four scores of the Vienna 4x22 corpus, if it is there.

use super::read;
use crate::score::Score;
use crate::score::musicxml::write;
use std::path::PathBuf;

/// The folder of a corpus; `None`, and a line that says so, if it isn't there.
fn corpus(name: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var("ETUDE_DATA").unwrap_or_else(|_| default.to_owned())).join(name);
    if !folder.is_dir() {
        println!("skipped: no corpus at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// How many times `needle` stands in `text`.
fn count(text: &str, needle: &str) -> usize {
    text.matches(needle).count()
}

/// The text without comments, which hold notes that the editors took out.
fn without_comments(text: &str) -> String {
    let mut pieces = text.split("<!--");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |kept, piece| kept + piece.split_once("-->").map_or("", |(_, after)| after))
}

#[test]
fn the_vienna_scores_are_read_whole_and_come_back() {
    let Some(folder) = corpus("vienna4x22") else { return };
    for name in ["Chopin_op10_no3", "Chopin_op38", "Mozart_K331_1st-mov", "Schubert_D783_no15"] {
        let bytes = std::fs::read(folder.join(format!("{name}.musicxml"))).expect("readable");
        let score = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Counted without a parser: what is neither grace nor rest is a written note.
        let text = without_comments(&String::from_utf8(bytes).expect("UTF-8"));
        let written = count(&text, "<note") - count(&text, "<grace") - count(&text, "<rest");
        assert_eq!(score.voices().map(|voice| voice.notes.len()).sum::<usize>(), written, "{name}");
        assert_eq!(score.bars.len(), count(&text, "<measure "), "{name}");
        let file = write(&score).expect("writable");
        let back = read(&file.bytes).expect("legal");
        assert_eq!(write(&back).expect("writable").bytes, file.bytes, "{name}");
        println!("{name}: {} notes sound, {:?}", score.note_count(), file.lost);
        if file.lost.is_empty() {
            assert_eq!(sounding(&back), sounding(&score), "{name}");
        }
    }
}

/// What sounds, voice by voice.
fn sounding(score: &Score) -> Vec<Vec<crate::score::Note>> {
    score.voices().map(crate::score::Voice::sounding).collect()
}
