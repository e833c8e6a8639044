//! Notation as text: see `listing` for how to read it.

use super::listing::listing;
use super::{Sheet, sheet};
use crate::score::example::{chorale, part, voice};
use crate::score::{Bar, Beats, Grace, Key, Losses, Metre, Part, Score, Tempo};

fn key(name: &str) -> Key {
    name.parse().expect("a key")
}

fn tune(notes: &str, name: &str, metre: (u32, u32)) -> Score {
    let mut score = Score {
        parts: vec![part("", notes)],
        keys: vec![(Beats::ZERO, key(name))],
        metres: vec![(Beats::ZERO, Metre::new(metre.0, metre.1).expect("a metre"))],
        ..Score::default()
    };
    score.measure(Beats::ZERO);
    score
}

fn drawn(score: &Score) -> Sheet {
    sheet(score, &mut Losses::default()).expect("a small score")
}

/// The notation of notes in a key and a metre, without the metre's sign.
#[track_caller]
fn check(notes: &str, key: &str, metre: (u32, u32), expected: &str) {
    let sheet = drawn(&tune(notes, key, metre));
    let listed = listing(&sheet, 0);
    assert_eq!(listed.split_once(' ').map(|(_, rest)| rest), Some(expected));
}

#[test]
fn the_key_gives_its_own_accidentals() {
    check("F#4 G4 C5 C#5", "G", (4, 4), "F4:4^ G4:4^ C5:4v #C5:4v |.");
}

#[test]
fn an_accidental_lasts_to_the_bar_line() {
    check("F4 F4 F5 F#4 F4 F#4:3", "G", (4, 4), "=F4:4^ F4:4^ =F5:4v #F4:4^ | =F4:4^ #F4:2.^ |.");
}

#[test]
fn a_tie_carries_its_accidental_over_the_bar_line() {
    check("G4:3 C#5_ C#5:2 C#5:2", "C", (4, 4), "G4:2.^ #C5~:4v | C5:2v #C5:2v |.");
}

#[test]
fn eighths_are_beamed_by_half_bars_in_common_time() {
    check(
        "G4:1/2 G4:1/2 G4:1/2 G4:1/2 G4:1/2 G4:1/4 G4:1/4 G4:1",
        "C",
        (4, 4),
        "[G4:8^ G4:8^ G4:8^ G4:8^] [G4:8^ G4:16^ G4:16^] G4:4^ |.",
    );
}

#[test]
fn beams_follow_dotted_beats_in_compound_time() {
    check(
        "G4:1/2 A4:1/2 G4:1/2 G4:1/2 A4:1/2 G4:1/2",
        "C",
        (6, 8),
        "[G4:8^ A4:8^ G4:8^] [G4:8^ A4:8^ G4:8^] |.",
    );
}

#[test]
fn beams_of_uneven_metres_go_by_twos_and_threes() {
    let eighths = "G4:1/2 G4:1/2 G4:1/2 G4:1/2 G4:1/2 G4:1/2 G4:1/2";
    check(eighths, "C", (7, 8), "[G4:8^ G4:8^] [G4:8^ G4:8^] [G4:8^ G4:8^ G4:8^] |.");
    check("G4:1/2 G4:1/2 G4:1/2", "C", (3, 8), "[G4:8^ G4:8^ G4:8^] |.");
}

#[test]
fn a_rest_ends_a_beam() {
    check("G4:1/2 r:1/2 G4:1/2 G4:1/2 r:2", "C", (4, 4), "G4:8^ r8 [G4:8^ G4:8^] r2 |.");
}

#[test]
fn notes_are_cut_at_bar_lines_and_into_values() {
    check("G4:3 A4:3/2 B4:7/2", "C", (4, 4), "G4:2.^ A4~:4^ | A4:8^ B4:2..v |.");
    check("G4:5/4 A4:3/4 G4:2", "C", (4, 4), "G4~:4^ [G4:16^ A4:8.^] G4:2^ |.");
}

#[test]
fn tuplets_are_marked_until_they_come_out_even() {
    check(
        "G4:1/3 G4:1/3 G4:1/3 G4:2/3 G4:1/3 G4:2",
        "C",
        (4, 4),
        "{[G4:8^ G4:8^ G4:8^]} {G4:4^ G4:8^} G4:2^ |.",
    );
    check(
        "G4:1/5 G4:1/5 G4:1/5 G4:1/5 G4:1/5 r:3",
        "C",
        (4, 4),
        "{[G4:16^ G4:16^ G4:16^ G4:16^ G4:16^]} r4 r2 |.",
    );
}

#[test]
fn a_silent_bar_has_one_rest() {
    check("G4:4 r:4 G4:4", "C", (4, 4), "G4:1 | R | G4:1 |.");
}

#[test]
fn lone_stems_point_to_the_middle_and_beamed_ones_together() {
    check("A4 B4 C5 D4", "C", (4, 4), "A4:4^ B4:4v C5:4v D4:4^ |.");
    check("A4:1/2 F5:1/2 C5 r:2", "C", (4, 4), "[A4:8v F5:8v] C5:4v r2 |.");
}

#[test]
fn voices_of_a_choir_have_their_own_stems() {
    let sheet = drawn(&chorale());
    let upper = listing(&sheet, 0);
    assert!(upper.starts_with("4/4 G4:4^ & D4:4v | G4:4^ A4:4^ B4:4^ B4:4^ & D4:4v"), "{upper}");
    let lower = listing(&sheet, 1);
    assert!(lower.ends_with("G3:4^ [A3:8^ C4:8^] B3:4^ & E3:4v D3:4v G2:4v |."), "{lower}");
    assert_eq!(sheet.staves[0].verses, 1);
    assert_eq!(sheet.staves[1].verses, 0);
}

#[test]
fn an_upbeat_has_no_number() {
    let sheet = drawn(&chorale());
    let numbers: Vec<Option<usize>> = sheet.bars.iter().map(|bar| bar.number).collect();
    assert_eq!(numbers, [None, Some(1), Some(2), Some(3), Some(4)]);
}

#[test]
fn a_player_isnt_told_of_silent_voices() {
    let mut score = tune("C5 D5 E5 F5", "C", (4, 4));
    score.parts[0].voices.push(voice("r:4 G4:4"));
    score.measure(Beats::ZERO);
    assert_eq!(listing(&drawn(&score), 0), "4/4 C5:4v D5:4v E5:4v F5:4v &  |  & G4:1 |.");
}

#[test]
fn a_third_voice_joins_the_side_it_is_nearer_to() {
    let mut score = tune("C6:4", "C", (4, 4));
    score.parts[0].voices.extend([voice("A5:2 A5:2"), voice("C4:2 C4:2")]);
    let expected = "4/4 C6:1 & A5:2^ A5:2^ & C4:2v C4:2v |.";
    assert_eq!(listing(&drawn(&score), 0), expected);
}

#[test]
fn notes_that_overlap_in_a_voice_are_cut_and_tied() {
    let mut score = tune("C4:4", "C", (4, 4));
    score.parts[0].voices[0].notes.extend(voice("r:2 E4:2").notes);
    assert_eq!(listing(&drawn(&score), 0), "4/4 C4~:2^ C4+E4:2^ |.");
}

#[test]
fn keys_change_within_bars_without_a_bar_line() {
    let mut score = tune("F4:2 F#4:2", "C", (4, 4));
    score.keys.push((Beats::whole(2), key("G")));
    let sheet = drawn(&score);
    assert_eq!(listing(&sheet, 0), "4/4 F4:2^  F4:2^ |.");
    assert_eq!(sheet.bars[1].old_key, Some(key("C")));
}

#[test]
fn long_bars_without_metre_are_drawn_in_pieces() {
    let mut score = Score { parts: vec![part("", "G4:2 A4:2 B4:2 C5:2 D5:2")], ..Score::default() };
    score.bars = vec![Bar::default()];
    let sheet = drawn(&score);
    let lengths: Vec<Beats> = sheet.bars.iter().map(|bar| bar.length).collect();
    assert_eq!(lengths, [4, 6].map(Beats::whole));
    assert_eq!(listing(&sheet, 0), "G4:2^ A4:2^  B4:2v C5:2v D5:2v |.");
}

#[test]
fn repeats_and_endings_cover_their_bars() {
    let mut score = tune("G4:4 A4:4 B4:4 C5:4 D5:4", "C", (4, 4));
    score.bars[1].ending = Some(1);
    score.bars[2].repeat_end = true;
    score.bars[3].ending = Some(2);
    let sheet = drawn(&score);
    assert_eq!(listing(&sheet, 0), "4/4 G4:1 | A4:1 | B4:1 :| C5:1 | D5:1 |.");
    let ending = |bar: &super::Bar| bar.ending.map(|e| (e.number, e.starts, e.stops));
    let endings: Vec<_> = sheet.bars.iter().map(ending).collect();
    let expected = [
        None,
        Some((1, true, false)),
        Some((1, false, true)),
        Some((2, true, false)),
        Some((2, false, true)),
    ];
    assert_eq!(endings, expected);
}

#[test]
fn grace_notes_stand_with_the_note_they_lead_to() {
    let mut score = tune("G4:2 A4:2", "C", (4, 4));
    let grace = |before| Grace {
        before: Beats::whole(before),
        duration: Beats::new(1, 2),
        pitch: "F#4".parse().expect("a pitch"),
        slashed: true,
    };
    score.parts[0].voices[0].graces = vec![grace(2), grace(3)];
    let mut losses = Losses::default();
    let sheet = sheet(&score, &mut losses).expect("a small score");
    let graces: Vec<usize> =
        sheet.bars[0].layers[0][0].events.iter().map(|event| event.graces.len()).collect();
    assert_eq!(graces, [0, 1]);
    assert_eq!(sheet.bars[0].layers[0][0].events[1].graces[0].head.accidental, Some(1));
    assert_eq!(losses.lines(), ["1 grace note: no note follows it"]);
}

#[test]
fn times_that_no_note_shows_move_and_are_told() {
    let mut score = tune("G4:4", "C", (4, 4));
    score.parts[0].voices[0].notes[0].duration = Beats::new(2003, 1000);
    let mut losses = Losses::default();
    let sheet = sheet(&score, &mut losses).expect("a small score");
    assert_eq!(listing(&sheet, 0), "4/4 G4:2^ r2 |.");
    assert_eq!(losses.lines(), ["1 note: its time is moved to the next 32nd note"]);
}

#[test]
fn a_tempo_that_goes_on_has_one_sign() {
    let mut score = tune("G4:4 G4:4", "C", (4, 4));
    score.tempi = vec![(Beats::ZERO, Tempo(72.0)), (Beats::whole(4), Tempo(72.02))];
    let tempi: usize = drawn(&score).bars.iter().map(|bar| bar.tempi.len()).sum();
    assert_eq!(tempi, 1);
}

#[test]
fn an_empty_score_is_a_bar_of_rest() {
    assert_eq!(listing(&drawn(&Score::default()), 0), "R |.");
    let silent = Score { parts: vec![Part::default()], ..Score::default() };
    assert_eq!(listing(&drawn(&silent), 0), "R |.");
}
