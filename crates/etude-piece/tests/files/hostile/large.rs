//! Large files made of little: what a line of a few bytes repeats to.

use super::within_bounds;
use crate::alone;

/// A file that begins and ends like this, with the middle repeated up to so many bytes.
fn repeated(start: &str, middle: &str, end: &str, bytes: usize) -> Vec<u8> {
    let mut file = start.as_bytes().to_vec();
    file.extend(middle.as_bytes().iter().cycle().take(bytes / middle.len() * middle.len()));
    file.extend(end.as_bytes());
    file
}

/// A file of two megabytes is read or refused in bounds; what a refusal says holds `words`.
#[track_caller]
fn check(name: &str, start: &str, middle: &str, end: &str, words: &str) {
    let (_, refused) = within_bounds(&repeated(start, middle, end, 2 << 20), name);
    assert!(refused.unwrap_or_default().contains(words));
}

#[test]
fn one_line_of_notes() {
    let _alone = alone();
    check("line.abc", "X:1\nL:1/8\nK:C\n", "c", "\n", "notes");
}

#[test]
fn one_line_of_bars() {
    let _alone = alone();
    check("bars.abc", "X:1\nL:1/8\nK:C\n", "|", "\n", "");
    check("endings.abc", "X:1\nL:1/8\nK:C\n", "c|1", "\n", "");
}

#[test]
fn many_tunes() {
    let _alone = alone();
    check("tunes.abc", "", "X:1\nK:C\nc\n\n", "", "");
    check("headers.abc", "", "X:1\n", "", "");
}

#[test]
fn many_voices() {
    let _alone = alone();
    let voices: String = (0..100_000).map(|voice| format!("V:{voice}\nc\n")).collect();
    let (_, refused) = within_bounds(format!("X:1\nK:C\n{voices}").as_bytes(), "voices.abc");
    assert!(refused.is_some_and(|words| words.contains("voices")));
}

#[test]
fn many_rows() {
    let _alone = alone();
    check("notes.krn", "**kern\n", "4c\n", "*-\n", "one more note");
    check("bars.krn", "**kern\n", "4r\n=\n", "*-\n", "one more bar");
    check("words.krn", "**kern\t**text\n", "4c\ta\n", "*-\t*-\n", "one more note");
    check("chords.krn", "**kern\t**mxhm\n", "4r\tC\n", "*-\t*-\n", "one more chord symbol");
    check("strands.krn", "**kern\n", "*^\n*v\t*v\n", "*-\n", "");
    check("line.krn", "**kern\n", "4c\t", "\n", "tokens");
    check("ties.krn", "**kern\n", "[4c [0d\n", "*-\n", "one more note");
}

#[test]
fn deep_nesting() {
    let _alone = alone();
    check("deep.musicxml", "<score-partwise>", "<part>", "", "nest");
}

#[test]
fn many_empty_measures() {
    let _alone = alone();
    let (start, end) = ("<score-partwise><part id=\"P1\">", "</part></score-partwise>");
    check("measures.musicxml", start, "<measure/>", end, "");
}

/// A MIDI file of one track that repeats some events up to so many bytes.
fn midi(events: &[u8], bytes: usize) -> Vec<u8> {
    let body: Vec<u8> = events.iter().copied().cycle().take(bytes / events.len() * events.len()).collect();
    let end = [0, 0xff, 0x2f, 0];
    let length = (body.len() + end.len()) as u32;
    let header = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk".as_slice();
    [header, &length.to_be_bytes(), &body, &end].concat()
}

#[test]
fn fifty_megabytes_of_tiny_events() {
    let _alone = alone();
    const SIZE: usize = 50 << 20;
    let bends = midi(&[0, 0xe0, 0, 64], SIZE);
    assert_eq!(within_bounds(&bends, "bends.mid"), (1, None));
    let notes = midi(&[0, 0x90, 60, 1, 1, 0x80, 60, 1], SIZE);
    let (_, refused) = within_bounds(&notes, "notes.mid");
    assert!(refused.is_some_and(|words| words.contains("notes")));
    let texts = midi(&[0, 0xff, 5, 1, b'a'], SIZE);
    let (_, refused) = within_bounds(&texts, "words.mid");
    assert!(refused.is_some_and(|words| words.contains("lyrics")));
}

#[test]
fn as_many_midi_notes_as_are_allowed_in_the_fewest_bytes() {
    let _alone = alone();
    // Running status: a press and its release take six bytes.
    let notes = [60, 1, 1, 60, 0, 0].repeat((1 << 18) - 1);
    let track = [[0, 0x90].as_slice(), &notes, &[0xff, 0x2f, 0]].concat();
    let length = track.len() as u32;
    let file = [b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk".as_slice(), &length.to_be_bytes(), &track].concat();
    assert_eq!(within_bounds(&file, "most.mid"), (1, None));
}
