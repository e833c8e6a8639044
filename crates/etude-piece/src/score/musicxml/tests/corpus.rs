//! Real files: the four scores of the Vienna 4x22 corpus, if it is there.

use super::read;
use crate::corpus::shared::shared as corpus;
use crate::score::musicxml::{read_with_losses, write, write_compressed};
use crate::score::{Beats, Grace, Note, Pitch, Score};
use std::path::Path;

/// What music21 10.5.1 makes of the scores: written notes, the sum of their MIDI numbers, that of their lengths and the
/// last end in quarter notes; and grace notes with the sum of theirs.
const FIGURES: [(&str, Figures); 4] = [
    ("Chopin_op10_no3", (494, 28682, "737/4", "83/2", 4, 274)),
    ("Chopin_op38", (732, 43759, "1127/2", "137", 10, 570)),
    ("Mozart_K331_1st-mov", (478, 31136, "331", "215/2", 4, 316)),
    ("Schubert_D783_no15", (328, 19980, "357", "96", 8, 570)),
];

type Figures = (usize, u32, &'static str, &'static str, usize, u32);

#[test]
fn the_vienna_scores_are_read_as_music21_reads_them() {
    let Some(folder) = corpus("vienna4x22") else { return };
    for (name, (count, pitches, length, end, grace_count, grace_pitches)) in FIGURES {
        let score = read(&file(&folder, name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let notes = || score.voices().flat_map(|voice| &voice.notes);
        let graces = || score.voices().flat_map(|voice| &voice.graces);
        let sum = |pitches: &mut dyn Iterator<Item = Pitch>| -> u32 {
            pitches.map(|pitch| u32::from(pitch.midi().expect("within MIDI's range"))).sum()
        };
        assert_eq!((notes().count(), graces().count()), (count, grace_count), "{name}");
        assert_eq!(sum(&mut notes().map(|note| note.pitch)), pitches, "{name}");
        assert_eq!(sum(&mut graces().map(|grace| grace.pitch)), grace_pitches, "{name}");
        assert_eq!(notes().map(|note| note.duration).sum::<Beats>().to_string(), length, "{name}");
        assert_eq!(notes().map(Note::end).max().map(|end| end.to_string()).as_deref(), Some(end), "{name}");
    }
}

#[test]
fn the_vienna_scores_come_back_plain_and_compressed() {
    let Some(folder) = corpus("vienna4x22") else { return };
    for (name, _) in FIGURES {
        let score = read(&file(&folder, name)).expect("a legal file");
        let plain = write(&score).expect("writable");
        assert_eq!(plain.lost, Vec::<String>::new(), "{name}");
        let back = read(&plain.bytes).expect("legal");
        assert_eq!(music(&back), music(&score), "{name}");
        assert_eq!(write(&back).expect("writable").bytes, plain.bytes, "{name}");
        let packed = write_compressed(&score).expect("writable");
        assert_eq!(read(&packed.bytes).expect("legal"), back, "{name}");
    }
}

#[test]
fn what_a_vienna_score_loses_is_told() {
    let Some(folder) = corpus("vienna4x22") else { return };
    let lost = read_with_losses(&file(&folder, "Mozart_K331_1st-mov")).expect("a legal file").lost;
    assert_eq!(
        lost,
        [
            "10 sforzato marks: a score has velocities alone",
            "56 slurs: a score holds none",
            "8 staccato dots: a score holds none",
            "1 tempo word: a score holds none",
        ]
    );
}

/// The bytes of a score.
fn file(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(format!("{name}.musicxml"))).expect("readable")
}

/// What sounds, voice by voice.
fn music(score: &Score) -> Vec<(Vec<Note>, Vec<Grace>)> {
    score.voices().map(|voice| (voice.sounding(), voice.graces.clone())).collect()
}
