//! Small scores with melody and accompaniment; and all the collections' files.

use super::find;
use crate::music::melody::Melody;
use etude_piece::score::{Key, Score, abc};

fn score(body: &str) -> Score {
    abc::read(format!("X:1\nT:Tune\nM:4/4\nL:1/4\n{body}\n").as_bytes()).expect("a tune")
}

/// A row of sixteenths: names strike, `-` holds, `.` rests; quarters only, for shortness.
fn drawn(melody: &Melody) -> String {
    let quarters = (0..melody.grid.steps()).step_by(4).map(|step| {
        let cell = melody.grid.at(step, 0);
        match (cell.pitch, cell.onset) {
            (None, _) => ".".to_owned(),
            (Some(_), etude_piece::score::Onset::Held) => "-".to_owned(),
            (Some(pitch), _) => etude_piece::score::Pitch::spell(pitch, Key::C_MAJOR).to_string(),
        }
    });
    quarters.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let melody = find(&score(body), 4).expect("there are notes");
    let chords = melody.chords.iter().map(|(step, chord)| format!("{}@{step}", chord.symbol(Key::C_MAJOR)));
    let chords: Vec<String> = chords.collect();
    let told = if chords.is_empty() { String::new() } else { format!(" | {}", chords.join(" ")) };
    assert_eq!(drawn(&melody) + &told, expected);
}

#[test]
fn a_lone_voice_is_the_melody() {
    check("K:C\nc d e2 | g2 z c |", "C5 D5 E5 - G5 - . C5");
}

#[test]
fn written_chord_symbols_win() {
    check("K:C\n\"Am7\"c d \"D/F#\"e2 |", "C5 D5 E5 - | Am7@0 D/F#@8");
}

#[test]
fn the_upper_voice_goes_above_its_chords() {
    check(
        "K:C\nV:1\nc d e g | f a g f | e4 |\nV:2\n[C,E,G,]4 | [F,A,C]2 [G,B,D]2 | [C,E,G,]4 |",
        "C5 D5 E5 G5 F5 A5 G5 F5 E5 - - - | C@0 F@16 G7@24 C@32",
    );
}

#[test]
fn a_voice_called_melody_is_it_wherever_it_lies() {
    check(
        "K:C\nV:1 name=\"Strings\"\n[ceg]4 | [cfa]4 |\nV:2 name=\"Melody\"\nC2 E2 | F4 |",
        "C4 - E4 - F4 - - - | C@0 F@16",
    );
}

#[test]
fn of_one_voice_full_of_chords_the_highest_notes_remain() {
    check("K:C\n[CEc] [CGe] [CGe]2 |", "C5 E5 E5 - | C@0");
}

#[test]
fn a_low_note_under_a_long_high_one_is_accompaniment() {
    check("K:C\nV:1\ng4 | e4 |\nV:1\n", "G5 - - - E5 - - -");
}

#[test]
fn a_score_without_notes_has_no_melody() {
    let error = find(&Score::default(), 4).expect_err("nothing");
    assert_eq!(error.to_string(), "found no notes, expected at least one note");
}
