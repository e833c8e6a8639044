//! What of a score isn't heard.

use super::Sound;
use crate::score::{Losses, Score};

/// General MIDI's organs and choirs, which the built-in voice is akin to, and 0, which is also what nobody chose.
const AKIN: [std::ops::RangeInclusive<u8>; 3] = [0..=0, 16..=23, 52..=54];

impl Sound {
    /// One line for each kind of thing in a score that the built-in voice doesn't make heard. What is for the eye
    /// (names, words, keys, bar lines, chord symbols) isn't listed.
    pub fn lost(score: &Score) -> Vec<String> {
        let mut losses = Losses::default();
        of_any(score, &mut losses);
        let others = score.parts.iter().filter(|part| !AKIN.iter().any(|akin| akin.contains(&part.program)));
        losses.add_many(others.count(), "instrument", "the built-in voice, a choir or an organ, plays all");
        losses.lines()
    }
}

/// Counts what no instrument plays.
pub(super) fn of_any(score: &Score, losses: &mut Losses) {
    let silent = score.voices().flat_map(|voice| &voice.notes).filter(|note| note.pitch.midi().is_none());
    losses.add_many(silent.count(), "note", "outside the range of C-1 to G9");
    let graces = score.voices().map(|voice| voice.graces.len()).sum();
    losses.add_many(graces, "grace note", "only notes with a time of their own are played");
    let repeats = score.bars.iter().filter(|bar| bar.repeat_end || bar.ending.is_some()).count();
    losses.add_many(repeats, "repeat sign", "the music is played once through");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::example::{chorale, part};
    use crate::score::{Bar, Beats, Grace};

    #[track_caller]
    fn check(score: &Score, expected: &[&str]) {
        assert_eq!(Sound::lost(score), expected);
    }

    #[test]
    fn all_of_a_chorale_is_heard() {
        check(&chorale(), &[]);
    }

    #[test]
    fn what_no_instrument_plays_is_listed() {
        let mut score = Score { parts: vec![part("", "C4 G9")], ..Score::default() };
        score.parts[0].voices[0].notes[1].pitch.octave = 10;
        let pitch = "D4".parse().expect("a pitch");
        let grace = Grace { before: Beats::ZERO, duration: Beats::QUARTER, pitch, slashed: false };
        score.parts[0].voices[0].graces = vec![grace];
        score.bars = vec![Bar { repeat_end: true, ..Bar::default() }];
        check(
            &score,
            &[
                "1 grace note: only notes with a time of their own are played",
                "1 note: outside the range of C-1 to G9",
                "1 repeat sign: the music is played once through",
            ],
        );
    }

    #[test]
    fn instruments_unlike_the_built_in_voice_are_listed() {
        let mut score = chorale();
        for (part, program) in score.parts.iter_mut().zip([0, 19, 52, 73]) {
            part.program = program;
        }
        check(&score, &["1 instrument: the built-in voice, a choir or an organ, plays all"]);
    }
}
