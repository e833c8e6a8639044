//! What a score doesn't hold of a file, what had to be mended, and what a file doesn't hold of a score.

use super::{chorale, file, part, voice};
use crate::score::midi::{read, read_with_losses, write};
use crate::score::{Beats, Grace, Metre, Score, Tempo};

/// A note of a quarter, and the end of the track.
const NOTE: [u8; 12] = [0, 0x90, 60, 80, 4, 0x80, 60, 64, 0, 0xff, 0x2f, 0];

/// What is lost of a file of one track: these events, then a note.
#[track_caller]
fn check(events: &[u8], expected: &[&str]) {
    let reading = read_with_losses(&file(&[&[events, &NOTE].concat()])).expect("a legal file");
    assert_eq!(reading.lost, expected);
}

/// What a file doesn't hold of a score.
#[track_caller]
fn check_written(score: &Score, expected: &[&str]) {
    assert_eq!(write(score).expect("writable").lost, expected);
}

#[test]
fn of_a_plain_note_nothing_is_lost() {
    check(&[], &[]);
}

#[test]
fn of_what_we_write_nothing_is_lost() {
    let bytes = write(&chorale()).expect("writable").bytes;
    assert_eq!(read_with_losses(&bytes).expect("readable").lost, [""; 0]);
}

#[test]
fn pedals_bends_and_pressure_are_counted() {
    check(
        &[0, 0xb0, 64, 127, 0, 64, 0, 0, 0xe0, 0, 64, 0, 0xa0, 60, 9, 0, 0xd0, 9],
        &[
            "2 controller changes: a score holds none",
            "1 pitch bend: a score holds none",
            "2 pressure changes: a score holds none",
        ],
    );
}

#[test]
fn exclusive_and_sequencer_specific_events_are_counted() {
    check(
        &[0, 0xf0, 3, 0x43, 0x12, 0xf7, 0, 0xf7, 1, 1, 0, 0xff, 0x7f, 1, 0],
        &[
            "1 sequencer-specific event: a score holds none",
            "2 system exclusive messages: a score holds none",
        ],
    );
}

#[test]
fn texts_markers_cues_and_notices_are_counted() {
    check(
        &[0, 0xff, 1, 1, b'a', 0, 0xff, 2, 1, b'b', 0, 0xff, 6, 1, b'c', 0, 0xff, 7, 1, b'd'],
        &[
            "1 copyright notice: a score holds none",
            "1 cue point: a score holds none",
            "1 marker: a score holds none",
            "1 text: a score holds none",
        ],
    );
}

#[test]
fn programmes_after_the_first_are_counted() {
    check(&[0, 0xc0, 19, 0, 20, 0, 21], &["2 programme changes: a part has one programme"]);
    check(&[0, 0xc0, 19, 0, 0xc5, 7], &["1 programme change: a part has one programme"]);
}

#[test]
fn a_programme_set_in_another_track_is_not_lost() {
    let reading = read_with_losses(&file(&[&[0, 0xc0, 19, 0, 0xff, 0x2f, 0], &NOTE])).expect("legal");
    assert_eq!((reading.score.parts[0].program, reading.lost), (19, vec![]));
}

#[test]
fn drums_are_kept_as_pitches_and_said() {
    let reading = read_with_losses(&file(&[&[0, 0x99, 38, 80, 4, 38, 0, 0, 0xff, 0x2f, 0]])).expect("legal");
    assert_eq!(super::draw(&reading.score), ["0+1 D2"]);
    assert_eq!(reading.lost, ["1 drum note: kept as the pitch of its number; a score knows no drums"]);
}

#[test]
fn notes_that_are_not_as_they_should_be_are_counted() {
    check(
        &[0, 0x91, 62, 80, 0, 62, 0, 0, 63, 80, 0, 65, 0],
        &[
            "1 instant note: given the length of a tick",
            "1 stray release: its key isn't down",
            "1 unreleased note: held to the end of its track",
        ],
    );
}

#[test]
fn how_fast_a_key_comes_up_is_counted_where_the_file_tells() {
    check(&[0, 0x90, 62, 80, 1, 0x80, 62, 33], &["1 release speed: a score holds none"]);
}

#[test]
fn running_status_across_a_meta_or_exclusive_event_is_tolerated_and_counted() {
    let text = [0, 0xff, 5, 0];
    let exclusive = [0, 0xf0, 1, 0xf7];
    let bytes =
        [&[0, 0x90, 60, 80][..], &text, &[2, 60, 0], &exclusive, &[2, 62, 80, 4, 62, 0, 0, 0xff, 0x2f, 0]];
    let reading = read_with_losses(&file(&[&bytes.concat()])).expect("legal, nearly");
    assert_eq!(super::draw(&reading.score), ["0+1/2 C4 ``, 1+1 D4"]);
    assert_eq!(
        reading.lost,
        [
            "2 missing status bytes: that before a meta or exclusive event is taken",
            "1 system exclusive message: a score holds none"
        ]
    );
}

#[test]
fn words_that_nobody_sings_are_counted() {
    check(
        &[0, 0xff, 5, 2, b'l', b'a', 1, 0xff, 5, 1, b'\r'],
        &["1 line break: a score's words have none", "1 syllable: no note begins with it"],
    );
}

#[test]
fn names_without_a_place_are_counted() {
    let credits: &[u8] = &[0, 0xff, 3, 2, b'b', b'y', 0, 0xff, 0x2f, 0];
    let named: &[u8] =
        &[&[0, 0xff, 3, 1, b'a', 0, 0xff, 3, 1, b'b', 0, 0xff, 4, 1, b'c'][..], &NOTE].concat();
    let reading = read_with_losses(&file(&[&[0, 0xff, 0x2f, 0], credits, named])).expect("legal");
    assert_eq!(reading.score.parts[0].name, "b");
    assert_eq!(
        reading.lost,
        [
            "1 further name: the last one of its track counts",
            "1 instrument name: the part has a name of its own",
            "1 track name: there are no notes to name"
        ]
    );
}

#[test]
fn unknown_chunks_and_stray_bytes_are_counted() {
    let mut bytes = file(&[&[&NOTE[..], &[1, 2]].concat()]);
    bytes.splice(14..14, *b"XFIH\0\0\0\x01x");
    bytes.extend([0; 3]);
    let lost = read_with_losses(&bytes).expect("legal, nearly").lost;
    assert_eq!(lost, ["5 stray bytes: after the end of a track", "1 unknown chunk: a score holds none"]);
}

#[test]
fn a_track_without_end_is_said() {
    let lost = read_with_losses(&file(&[&NOTE[..8]])).expect("legal, nearly").lost;
    assert_eq!(lost, ["1 missing end of track: the last byte ends it"]);
}

#[test]
fn patterns_of_type_2_follow_one_another() {
    let first: &[u8] =
        &[0, 0xff, 3, 1, b'A', 0, 0xff, 0x51, 3, 15, 66, 64, 0, 0x90, 60, 80, 4, 60, 0, 4, 0xff, 0x2f, 0];
    let second: &[u8] = &[0, 0xff, 3, 1, b'B', 0, 0x90, 62, 80, 4, 62, 0, 0, 0xff, 0x2f, 0];
    let mut bytes = file(&[first, second, second]);
    bytes[9] = 2;
    let reading = read_with_losses(&bytes).expect("legal");
    assert_eq!(super::draw(&reading.score), ["0+1 C4, 2+1 D4, 3+1 D4"]);
    assert_eq!(reading.score.title, "A");
    let tempi = [(0, 60.0), (2, 120.0), (3, 120.0)].map(|(at, tempo)| (Beats::whole(at), Tempo(tempo)));
    assert_eq!(reading.score.tempi, tempi);
    assert_eq!(
        reading.lost,
        [
            "3 patterns: a file of type 2 holds them apart; they follow one another",
            "2 pattern names: a score has one title"
        ]
    );
    let back = read(&write(&reading.score).expect("writable").bytes).expect("readable");
    assert_eq!(back, reading.score);
}

#[test]
fn a_score_without_anything_special_loses_nothing() {
    check_written(&Score { parts: vec![part("", "C4 D4")], ..Score::default() }, &[]);
}

#[test]
fn grace_notes_and_ties_are_listed() {
    let mut score = Score { parts: vec![part("", "C4_ C4 D4")], ..Score::default() };
    let pitch = "E4".parse().expect("a pitch");
    let grace = Grace { before: Beats::whole(2), duration: Beats::new(1, 2), pitch, slashed: true };
    score.parts[0].voices[0].graces = vec![grace; 2];
    check_written(&score, &["2 grace notes: MIDI has none", "1 tie: tied notes sound as one"]);
}

#[test]
fn syllables_that_move_are_listed() {
    let mut score = Score { parts: vec![part("", "C4_ C4 D4")], ..Score::default() };
    score.parts[0].voices[0].notes[1].lyrics.push("la".to_owned());
    score.parts[0].voices[0].notes[2].lyrics.push(" lu ".to_owned());
    check_written(
        &score,
        &[
            "1 tie: tied notes sound as one",
            "1 syllable: MIDI has words at moments, not on single notes of a chord or tie",
            "1 syllable's blank: they are layout in MIDI's words",
        ],
    );
}

#[test]
fn tempi_finer_than_a_microsecond_are_listed() {
    let tempi = vec![(Beats::ZERO, Tempo(std::f64::consts::E * 30.0)), (Beats::QUARTER, Tempo(81.5))];
    let score = Score { parts: vec![part("", "C4 D4")], tempi, ..Score::default() };
    check_written(&score, &["1 tempo: rounded to whole microseconds for a quarter note"]);
}

#[test]
fn voices_without_notes_and_names_without_end_are_listed() {
    let mut score = Score { title: "x".repeat(201), parts: vec![part("", "C4")], ..Score::default() };
    score.parts[0].voices.push(voice(""));
    check_written(
        &score,
        &[
            "1 silent voice: a track without notes is no voice",
            "1 long name: cut to 200 characters when read",
        ],
    );
}

#[test]
fn empty_bars_after_the_last_note_are_listed() {
    let mut score = chorale();
    score.parts.truncate(1);
    score.chords.clear();
    score.parts[0].voices[0].notes.truncate(6);
    score.parts[0].voices[0].notes.iter_mut().for_each(|note| note.fermata = false);
    check_written(&score, &["2 bar lines: MIDI lays bars by the metre alone"]);
}

#[test]
fn a_tempo_or_metre_written_late_holds_from_the_start() {
    let three = Metre::new(3, 4).expect("legal");
    let score = Score {
        parts: vec![part("", "C4:6")],
        tempi: vec![(Beats::whole(3), Tempo(60.0))],
        metres: vec![(Beats::whole(3), three)],
        ..Score::default()
    };
    let back = read(&write(&score).expect("writable").bytes).expect("readable");
    assert_eq!(back.tempi, [(Beats::ZERO, Tempo(60.0)), (Beats::whole(3), Tempo(60.0))]);
    assert_eq!(back.metres, [(Beats::ZERO, three), (Beats::whole(3), three)]);
}
