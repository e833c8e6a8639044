//! What tunes mean, one feature at a time.

use crate::score::abc::{read, read_all};
use crate::score::{Beats, Score};

/// A score as text: voices by `/`, notes by blanks, each `pitch:quarters`, with `-` for a tie on,
/// `!` for a fermata, `(syllables)`; rests are `z`.
pub(super) fn shown(score: &Score) -> String {
    let voices = score.voices().map(|voice| {
        let mut words: Vec<String> = Vec::new();
        let mut end = Beats::ZERO;
        for note in &voice.notes {
            if note.onset > end {
                words.push(format!("z:{}", note.onset - end));
            }
            let join = if note.onset < end { "+" } else { "" };
            let tie = if note.tied { "-" } else { "" };
            let fermata = if note.fermata { "!" } else { "" };
            let lyrics = if note.lyrics.is_empty() { String::new() } else { format!("({})", note.lyrics.join("|")) };
            words.push(format!("{join}{}:{}{tie}{fermata}{lyrics}", note.pitch, note.duration));
            end = end.max(note.end());
        }
        words.join(" ")
    });
    voices.collect::<Vec<_>>().join(" / ")
}

/// The notes of a tune of quarters.
#[track_caller]
fn check(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
    let score = read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(shown(&score), expected);
}

/// What the reader says to a faulty tune; its music is line 5.
#[track_caller]
fn refuses(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
    let error = read(tune.as_bytes()).expect_err("a fault");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn letters_octaves_and_lengths() {
    check("C D2 E/ F// G3/2 A3/ B/4", "C4:1 D4:2 E4:1/2 F4:1/4 G4:3/2 A4:3/2 B4:1/4");
    check("C,, C, C c c' c''", "C2:1 C3:1 C4:1 C5:1 C6:1 C7:1");
}
