//! Scores that nobody wrote: they are drawn or refused, in bounded time and memory.

use super::{Paper, long, pdf, png, svg};
use crate::score::example::part;
use crate::score::{Bar, Beats, Grace, Key, Metre, Mode, Note, Part, Pitch, Score, Step, Tempo, Voice};

/// Drawn in every format.
#[track_caller]
fn check(score: &Score) {
    for draw in [svg, png, pdf] {
        if let Err(error) = draw(score, &Paper::default()) {
            panic!("{error}");
        }
    }
}

/// Refused in every format, with words.
#[track_caller]
fn refused(score: &Score, words: &str) {
    for draw in [svg, png, pdf] {
        let error = draw(score, &Paper::default()).expect_err("a score out of bounds").to_string();
        assert!(error.contains(words), "{error}");
    }
}

fn of_notes(notes: Vec<Note>) -> Score {
    Score { parts: vec![Part { voices: vec![Voice::from(notes)], ..Part::default() }], ..Score::default() }
}

fn note(onset: Beats, duration: Beats, octave: i8) -> Note {
    Note::new(onset, duration, Pitch::new(Step::C, 0, octave))
}

#[test]
fn ten_thousand_bars_are_drawn_as_pages() {
    let score = long(10_000);
    assert!(svg(&score, &Paper::default()).is_ok());
    assert!(pdf(&score, &Paper::default()).is_ok());
}

#[test]
fn tiny_notes_move_to_the_grid() {
    let thousandth = Beats::new(1, 1000);
    check(&of_notes((0..5000).map(|at| note(thousandth * at, thousandth, 4)).collect()));
}

#[test]
fn notes_of_the_smallest_kind_are_squeezed_into_their_bar() {
    let shortest = Beats::new(1, 64);
    check(&of_notes((0..2000).map(|at| note(shortest * at, shortest, 4)).collect()));
}

#[test]
fn notes_far_from_the_staff_have_their_ledger_lines() {
    check(&of_notes(vec![note(Beats::ZERO, Beats::QUARTER, -1), note(Beats::QUARTER, Beats::QUARTER, 9)]));
    // Octaves that are no pitches are left out.
    check(&of_notes(vec![
        note(Beats::ZERO, Beats::QUARTER, i8::MAX),
        note(Beats::ZERO, Beats::QUARTER, i8::MIN),
    ]));
}

#[test]
fn a_hundred_and_twenty_eight_voices_are_drawn() {
    let parts = (0..128).map(|_| part("Some voice", "C4 D4 E4 F4 G4:4")).collect();
    check(&Score { parts, ..Score::default() });
    let voices = (0..128).flat_map(|_| part("", "C4 D4 E4 F4").voices).collect();
    check(&Score { parts: vec![Part { voices, ..Part::default() }], ..Score::default() });
}

#[test]
fn huge_words_are_cut() {
    let word = "W".repeat(100_000);
    let mut score = of_notes(vec![note(Beats::ZERO, Beats::QUARTER, 4)]);
    score.parts[0].voices[0].notes[0].lyrics = vec![word.clone(); 1000];
    score.parts[0].name.clone_from(&word);
    score.title.clone_from(&word);
    score.composer.clone_from(&word);
    score.chords = vec![(Beats::ZERO, word)];
    check(&score);
}

#[test]
fn odd_signs_are_left_out() {
    let mut score = of_notes(vec![note(Beats::ZERO, Beats::whole(2000), 4)]);
    score.metres = vec![
        (Beats::ZERO, Metre { count: 0, unit: 0 }),
        (Beats::QUARTER, Metre { count: 255, unit: 1 }),
        (Beats::whole(1990), Metre { count: 1, unit: 64 }),
    ];
    score.keys = vec![(Beats::QUARTER, Key { fifths: i8::MIN, mode: Mode::Major })];
    score.tempi =
        vec![(Beats::ZERO, Tempo(f64::NAN)), (Beats::ZERO, Tempo(f64::INFINITY)), (Beats::ZERO, Tempo(-1.0))];
    score.bars = vec![Bar { onset: Beats::whole(900), ending: Some(0), ..Bar::default() }, Bar::default()];
    score.parts[0].voices[0].graces = vec![Grace {
        before: Beats::ZERO,
        duration: -Beats::QUARTER,
        pitch: Pitch::new(Step::B, 3, 9),
        slashed: true,
    }];
    check(&score);
}

#[test]
fn notes_without_length_are_left_out() {
    check(&of_notes(vec![note(Beats::ZERO, Beats::ZERO, 4), note(Beats::ZERO, -Beats::QUARTER, 4)]));
}

#[test]
fn times_out_of_bounds_are_refused() {
    refused(&of_notes(vec![note(-Beats::QUARTER, Beats::QUARTER, 4)]), "times from 0");
    refused(&of_notes(vec![note(Beats::new(i64::MAX, 3), Beats::QUARTER, 4)]), "times from 0");
    refused(&of_notes(vec![note(Beats::ZERO, Beats::whole(i64::MAX), 4)]), "times from 0");
}

#[test]
fn odd_fractions_are_rounded() {
    let odd = |at: i64| Beats::new(at * 1_000_003, 999_999_937);
    check(&of_notes((0..200).map(|at| note(odd(at), Beats::new(1, i64::MAX - at), 4)).collect()));
}

#[test]
fn too_many_bars_or_notes_are_refused() {
    let mut score = of_notes(vec![note(Beats::whole(999_999), Beats::QUARTER, 4)]);
    score.metres = vec![(Beats::ZERO, Metre { count: 1, unit: 64 })];
    refused(&score, "bars");
    let pitch = |at: usize| Pitch::new(Step::ALL[at % 7], 0, (at / 7) as i8);
    let chord = (0..63).map(|at| Note::new(Beats::ZERO, Beats::whole(100_000), pitch(at))).collect();
    refused(&of_notes(chord), "pieces");
}
