//! What is written, and that it reads back the same.

use super::reading::table;
use crate::score::example;
use crate::score::kern::{read, write};
use crate::score::{Bar, Beats, Grace, Metre, Note, Part, Score, Tempo, Voice};

/// Writes a score and reads it again: the same, and nothing lost.
#[track_caller]
pub(super) fn comes_back(score: &Score) -> String {
    let written = write(score).unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8(written.bytes).expect("text");
    let back = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(&back, score, "\n{text}\n{:?}", written.lost);
    assert_eq!(written.lost, [""; 0]);
    text
}

/// A table that is read is written as `expected`.
#[track_caller]
fn check(rows: &str, expected: &str) {
    let score = read(table(rows).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(comes_back(&score), table(expected));
}

/// One part of one voice.
fn of_voice(voice: Voice) -> Score {
    Score { parts: vec![Part { voices: vec![voice], ..Part::default() }], ..Score::default() }
}

/// What is lost of a score.
#[track_caller]
fn loses(score: &Score, expected: &[&str]) {
    let written = write(score).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written.lost, expected);
    read(&written.bytes).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_example_chorale_comes_back() {
    let text = comes_back(&example::chorale());
    assert!(text.starts_with("!!!COM: A test\n!!!OTL: Counting the bars\n!!!etude-recipe: {"), "{text}");
    assert!(text.contains("\n**kern\t**kern\t**kern\t**kern\t**text\t**mxhm\n"), "{text}");
    assert!(text.contains("\n4G\t4B\t4d\t4g\tWe\tG\n=1\t"), "{text}");
    assert!(text.contains("\n2D;\t2F#;\t2d;\t2a;\t"), "{text}");
}

#[test]
fn strands_split_for_the_bars_in_which_they_have_music() {
    check(
        "**kern\n*M2/4\n=1\n2c\n=2\n*^\n4e  2c\n4f  .\n*v  *v\n=3\n2g\n==\n*-",
        "**kern\n*M2/4\n=1-\n2c\n=2\n*^\n4e  2c\n4f  .\n=3  =3\n*v  *v\n2g\n==\n*-",
    );
}

#[test]
fn repeats_sections_and_half_bars() {
    let rows =
        "**kern\n*M4/4\n*>A\n4g\n=1\n1c\n=2\n2.d\n=:|!\n4e\n=3\n1c\n*>A1\n=4\n1d\n=5:|!\n*>A2\n1e\n==\n*-";
    let expected =
        "**kern\n*M4/4\n*>A\n4g\n=1\n1c\n=2\n2.d\n=:|!\n4e\n=3\n1c\n=4\n*>A1\n1d\n=5:|!\n*>A2\n1e\n==\n*-";
    check(rows, expected);
}

#[test]
fn grace_notes_stand_right_before_their_notes() {
    check(
        "**kern  **kern\n.  8gq\n.  8aqq\n4c  4cc\n*-  *-",
        "**kern  **kern\n.  8gq\n.  8aqq\n4c  4cc\n*-  *-",
    );
}

#[test]
fn notes_are_cut_at_bar_lines_and_tied() {
    let mut score = of_voice(example::voice("C4 D4:6 E4!"));
    score.metres = vec![(Beats::ZERO, Metre::COMMON)];
    score.measure(Beats::ZERO);
    let text = String::from_utf8(write(&score).expect("a table").bytes).expect("text");
    assert_eq!(text, "**kern\n*M4/4\n=1-\n4c\n[2.d\n=2\n2.d]\n4e;\n==\n*-\n");
    let back = read(text.as_bytes()).expect("our own table");
    assert_eq!(back.parts[0].voices[0].sounding(), score.parts[0].voices[0].sounding());
}

#[test]
fn what_overlaps_in_a_voice_goes_to_another_strand() {
    let note = |onset, duration, pitch: &str| {
        Note::new(Beats::new(onset, 2), Beats::new(duration, 2), pitch.parse().expect("a pitch"))
    };
    let score = of_voice(Voice::from(vec![note(0, 4, "C4"), note(1, 1, "E4"), note(2, 4, "G4")]));
    loses(&score, &["2 overlapping chords: it goes to a voice of its own"]);
}

#[test]
fn notes_of_a_chord_may_differ_in_length() {
    check("**kern\n4c 2e\n4d\n*-", "**kern\n4c 2e\n4d\n*-");
    check("**kern\n2e 4c\n4d\n*-", "**kern\n4c 2e\n4r\n4d\n*-");
}

#[test]
fn signs_within_a_note_have_a_spine_that_measures_time() {
    let mut score = of_voice(example::voice("C4:4"));
    score.tempi = vec![(Beats::ZERO, Tempo(60.0)), (Beats::new(3, 2), Tempo(50.5))];
    score.chords = vec![(Beats::whole(2), "G7".to_owned())];
    let text = comes_back(&score);
    assert_eq!(
        text,
        "**recip\t**kern\t**mxhm\n*\t*MM60\t*\n4.\t1c\t.\n*\t*MM50.5\t*\n8\t.\t.\n2\t.\tG7\n*-\t*-\t*-\n"
    );
}

#[test]
fn verses_of_lower_voices_say_whose_they_are() {
    let mut score = of_voice(example::voice("E4 F4"));
    score.parts[0].voices.push(example::voice("C4:2"));
    score.parts[0].voices[0].notes[1].lyrics = vec![String::new(), "sec-".to_owned()];
    score.parts[0].voices[1].notes[0].lyrics = vec!["-low ".to_owned()];
    let text = comes_back(&score);
    assert!(text.contains("\n*\t*\t*\t*voice2\n"), "{text}");
}

#[test]
fn texts_may_hold_anything() {
    let mut score = of_voice(example::voice("C4 D4 E4 F4 G4 A4"));
    score.title = " a\ttitle\nwith & and &#9; ".to_owned();
    score.composer = "!!!OTL: no".to_owned();
    score.recipe = "{\"seed\": 1}".to_owned();
    score.parts[0].name = "*I\"odd\t".to_owned();
    score.parts[0].program = 127;
    for (note, text) in
        score.parts[0].voices[0].notes.iter_mut().zip([".", "*", "-", "a b", "_", "sj\u{f6}-"])
    {
        note.lyrics = vec![text.to_owned()];
    }
    score.chords = vec![(Beats::ZERO, "C major".to_owned()), (Beats::QUARTER, "!".to_owned())];
    comes_back(&score);
}

#[test]
fn every_kind_of_repeat_comes_back() {
    let mut score = of_voice(example::voice("C4:4 D4:4 E4:4 F4:4 G4:4"));
    let bar = |number: i64| Bar { onset: Beats::whole(4 * number), ..Bar::default() };
    score.bars = vec![
        Bar { repeat_start: true, ..bar(0) },
        Bar { ending: Some(1), repeat_end: true, ..bar(1) },
        Bar { ending: Some(2), repeat_end: true, ..bar(2) },
        Bar { repeat_start: true, ..bar(3) },
        Bar { ending: Some(1), repeat_end: true, ..bar(4) },
    ];
    let text = comes_back(&score);
    assert!(
        text.contains("*>A\n=1!|:\n") && text.contains("*>B1\n") && text.ends_with("==:|!\n*-\n"),
        "{text}"
    );
}

#[test]
fn a_double_bar_line_comes_back() {
    let mut score = of_voice(example::voice("C4:4 D4:4 E4:4"));
    let bar = |number: i64| Bar { onset: Beats::whole(4 * number), ..Bar::default() };
    score.bars = vec![bar(0), Bar { section_end: true, ..bar(1) }, bar(2)];
    let text = comes_back(&score);
    assert!(text.contains("=3||\n"), "{text}");
}

#[test]
fn what_the_format_has_no_place_for_is_told() {
    let mut score = of_voice(example::voice("C4 D4"));
    score.parts[0].voices[0].notes[0].velocity = Some(64);
    score.parts[0].voices[0].graces = vec![Grace {
        before: Beats::new(1, 2),
        duration: Beats::new(1, 2),
        pitch: "E4".parse().expect("a pitch"),
        slashed: false,
    }];
    score.tempi = vec![(Beats::whole(9), Tempo(60.0))];
    loses(
        &score,
        &[
            "1 grace note: it leads to no note, or looks like none",
            "1 sign: it comes after the last note",
            "1 velocity mark: **kern has none",
        ],
    );
}

#[test]
fn what_no_table_holds_is_refused() {
    let refused = |score: &Score| write(score).expect_err("unfit").to_string();
    assert!(refused(&Score::default()).contains("without parts"));
    let mut early = of_voice(example::voice("C4"));
    early.parts[0].voices[0].notes[0].onset = Beats::whole(-1);
    assert!(refused(&early).contains("below zero"));
    let crowd = Score { parts: vec![early.parts[0].clone(); 300], ..Score::default() };
    assert!(refused(&crowd).contains("below zero") || refused(&crowd).contains("spines"));
}
