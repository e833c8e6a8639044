//! What the writer puts into a file, and what it says it can't.

use super::read;
use crate::score::musicxml::write;
use crate::score::{Bar, Beats, Grace, Key, Metre, Note, Part, Score, Tempo, Voice};

fn notes(text: &str) -> Vec<Note> {
    let mut now = Beats::ZERO;
    let mut note = |word: &str| {
        let (pitch, eighths) = word.split_once('/').expect("a length");
        let length = Beats::new(eighths.parse().expect("a number"), 2);
        now = now + length;
        Note::new(now - length, length, pitch.parse().expect("a pitch"))
    };
    text.split(' ').map(&mut note).collect()
}

/// A score in G major with one voice; lengths are in eighths.
fn score(text: &str) -> Score {
    let part = Part { name: "Tune".to_owned(), program: 52, voices: vec![Voice::from(notes(text))] };
    Score {
        parts: vec![part],
        keys: vec![(Beats::ZERO, Key { fifths: 1, ..Key::C_MAJOR })],
        metres: vec![(Beats::ZERO, Metre::COMMON)],
        ..Score::default()
    }
}

fn text(score: &Score) -> String {
    String::from_utf8(write(score).expect("writable").bytes).expect("UTF-8")
}

/// The text of all elements of these names, in order, as `name text` or `name key=value`.
fn elements(file: &str, names: &[&str]) -> String {
    let mut found = Vec::new();
    for line in file.lines().map(str::trim) {
        let tag = line.trim_start_matches('<');
        let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
        if names.contains(&name) {
            let content = tag[name.len()..].trim_end_matches(&format!("</{name}>"));
            found.push(format!(
                "{name}{}",
                content.trim_end_matches("/>").replace(['>', '"'], " ").trim_end()
            ));
        }
    }
    found.join(", ")
}

/// Checks the elements of these names that a score in eighths is written with.
#[track_caller]
fn check(music: &str, names: &[&str], expected: &str) {
    assert_eq!(elements(&text(&score(music)), names), expected);
}

/// Checks the one line that tells of a loss, and that the rest can be read.
#[track_caller]
fn check_lost(score: &Score, expected: &str) {
    let written = write(score).expect("writable");
    assert_eq!(written.lost, [expected]);
    assert!(read(&written.bytes).is_ok());
}

/// Checks the message for a score that can't be written.
#[track_caller]
fn check_unfit(score: &Score, expected: &str) {
    assert_eq!(write(score).expect_err("unfit").to_string(), expected);
}

#[test]
fn lengths_get_types_and_dots() {
    check(
        "G4/3 A4/1 B4/4",
        &["type", "dot", "duration"],
        "duration 3, type quarter, dot, duration 1, type eighth, duration 4, type half",
    );
}

#[test]
fn divisions_are_no_finer_than_needed() {
    check("G4/2 A4/6", &["divisions"], "divisions 1");
    check("G4/2 A4/1 B4/5", &["divisions"], "divisions 2");
}

#[test]
fn accidentals_stand_where_the_key_is_left() {
    check("F#4/2 F4/2 F4/2 F#4/2", &["accidental"], "accidental natural, accidental sharp");
}

#[test]
fn eighths_are_beamed_by_the_beat() {
    check(
        "G4/1 A4/1 B4/1 C5/1 D5/2 E5/1 F#5/1",
        &["beam"],
        "beam number= 1  begin, beam number= 1  end, beam number= 1  begin, beam number= 1  end, beam number= 1  begin, beam number= 1  end",
    );
}

#[test]
fn clefs_follow_the_range() {
    let clef = ["sign", "line", "clef-octave-change", "staves"];
    check("G4/8", &clef, "sign G, line 2");
    check("G2/8", &clef, "sign F, line 4");
    let mut tenor = score("G3/8");
    tenor.parts[0].name = "Tenor".to_owned();
    assert_eq!(elements(&text(&tenor), &clef), "sign G, line 2, clef-octave-change -1");
    let mut two = score("G4/8");
    two.parts[0].voices.push(Voice::from(notes("G2/8")));
    assert_eq!(elements(&text(&two), &clef), "staves 2, sign G, line 2, sign F, line 4");
}

#[test]
fn rests_fill_the_bar() {
    let mut late = score("G4/2");
    late.parts[0].voices[0].notes[0].onset = Beats::QUARTER;
    assert_eq!(
        elements(&text(&late), &["rest", "duration"]),
        "rest, duration 1, duration 1, rest, duration 2"
    );
}

#[test]
fn endings_begin_and_stop() {
    let mut piece = score("G4/8 A4/8 B4/8 C5/8");
    let ending = |onset, ending| Bar { onset: Beats::whole(onset), ending, ..Bar::default() };
    piece.bars = vec![ending(0, None), ending(4, Some(1)), ending(8, Some(2)), ending(12, None)];
    piece.bars[1].repeat_end = true;
    assert_eq!(
        elements(&text(&piece), &["ending", "repeat"]),
        "ending number= 1  type= start, ending number= 1  type= stop, repeat direction= backward, \
         ending number= 2  type= start, ending number= 2  type= discontinue"
    );
}

#[test]
fn a_double_bar_line_is_light_and_light() {
    let mut piece = score("G4/8 A4/8 B4/8");
    let bar = |onset| Bar { onset: Beats::whole(onset), ..Bar::default() };
    piece.bars = vec![bar(0), Bar { section_end: true, ..bar(4) }, bar(8)];
    let text = text(&piece);
    assert_eq!(text.matches("<bar-style>light-light</bar-style>").count(), 1, "{text}");
    let again = crate::score::musicxml::read(text.as_bytes()).expect("our own MusicXML");
    assert_eq!(again.bars, piece.bars);
}

#[test]
fn an_upbeat_is_bar_nought() {
    let mut piece = score("G4/2 A4/8 B4/6");
    piece.measure(Beats::QUARTER);
    assert_eq!(
        elements(&text(&piece), &["measure", "rest"]),
        "measure number= 0  implicit= yes, measure number= 1, measure number= 2"
    );
}

#[test]
fn tempi_are_shown_in_felt_beats() {
    let mut piece = score("G4/6");
    piece.metres = vec![(Beats::ZERO, Metre::new(6, 8).expect("legal"))];
    piece.tempi = vec![(Beats::ZERO, Tempo(90.0))];
    assert_eq!(
        elements(&text(&piece), &["beat-unit", "beat-unit-dot", "per-minute", "sound"]),
        "beat-unit quarter, beat-unit-dot, per-minute 60, sound tempo= 90"
    );
}

#[test]
fn words_know_their_place_in_the_word() {
    let mut piece = score("G4/2 A4/2 B4/2 C5/2");
    for (note, word) in piece.parts[0].voices[0].notes.iter_mut().zip(["Hal-", "le-", "lu", "ja"]) {
        note.lyrics = vec![word.to_owned()];
    }
    assert_eq!(
        elements(&text(&piece), &["syllabic", "text"]),
        "syllabic begin, text Hal, syllabic middle, text le, syllabic end, text lu, syllabic single, text ja"
    );
}

#[test]
fn grace_notes_have_no_duration_and_may_be_slashed() {
    let mut piece = score("C4/4 D4/4");
    let grace = |pitch: &str, slashed| Grace {
        before: Beats::whole(2),
        duration: Beats::new(3, 8),
        pitch: pitch.parse().expect("a pitch"),
        slashed,
    };
    piece.parts[0].voices[0].graces = vec![grace("E4", false), grace("F4", true)];
    assert_eq!(
        elements(&text(&piece), &["grace", "step", "duration", "type", "dot", "accidental"]),
        "step C, duration 2, type half, grace, step E, type 16th, dot, grace slash= yes, step F, type 16th, dot, \
         accidental natural, step D, duration 2, type half"
    );
}

#[test]
fn a_tempo_between_notes_is_heard_where_it_is_drawn() {
    let piece = Score { tempi: vec![(Beats::whole(1), Tempo(60.0))], ..score("C4/4 D4/4") };
    assert_eq!(elements(&text(&piece), &["offset"]), "offset sound= yes  1");
}

#[test]
fn losses_are_told() {
    check_lost(&score("C-1/2 C4/2"), "1 note: MusicXML writes C0 to G9");
    let mut struck = score("C4/2 C4/2");
    struck.parts[0].voices[0].notes[0].duration = Beats::whole(2);
    check_lost(&struck, "1 note's length: the same pitch is struck again in its voice, and it ends there");
    let titled = Score { title: "a\u{0}b".to_owned(), ..score("C4/2") };
    check_lost(&titled, "1 control character: XML forbids it");
    let grace = |before, duration, pitch: &str| {
        let mut piece = score("C4/2");
        let pitch = pitch.parse().expect("a pitch");
        piece.parts[0].voices[0].graces = vec![Grace { before, duration, pitch, slashed: false }];
        piece
    };
    let eighth = Beats::new(1, 2);
    check_lost(&grace(eighth, eighth, "D4"), "1 grace note: no note of its voice begins where it leads");
    check_lost(&grace(Beats::ZERO, eighth, "D-1"), "1 grace note: MusicXML writes C0 to G9");
    check_lost(
        &grace(Beats::ZERO, Beats::new(1, 3), "D4"),
        "1 grace note's length: no note head shows it, and it is written as an eighth",
    );
    check_lost(
        &grace(Beats::ZERO, Beats::whole(i64::MAX), "D4"),
        "1 grace note's length: no note head shows it, and it is written as an eighth",
    );
    let stopped = Score { tempi: vec![(Beats::ZERO, Tempo(0.0))], ..score("C4/2") };
    check_lost(&stopped, "1 tempo mark: 0.001 to 1,000,000 quarter notes per minute can be written");
}

#[test]
fn scores_that_no_file_can_hold_are_refused() {
    check_unfit(&Score::default(), "a score without parts; hint: MusicXML asks for at least one part");
    let mut early = score("C4/2");
    early.parts[0].voices[0].notes[0].onset = Beats::whole(-1);
    check_unfit(
        &early,
        "a note at -1; hint: MusicXML is written for times from 0 to 1,000,000 quarter notes",
    );
    let bars = [0, 4, 4].map(|onset| Bar { onset: Beats::whole(onset), ..Bar::default() });
    check_unfit(
        &Score { bars: bars.to_vec(), ..score("C4/2") },
        "a bar at 4 after one at 4; hint: bars ascend",
    );
    let mut fine = score("C4/2 D4/2");
    fine.parts[0].voices[0].notes[0].duration = Beats::new(1, 999_983);
    fine.parts[0].voices[0].notes[1].duration = Beats::new(1, 999_979);
    assert!(write(&fine).is_err());
}
