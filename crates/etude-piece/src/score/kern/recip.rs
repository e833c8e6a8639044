//! How durations and pitches are spelled.

use crate::score::{Beats, Pitch};

/// Rests longer than this are spelled as one number, however odd.
const LONG: Beats = Beats::whole(64);

/// A duration above 0 as a reciprocal: `4`, `8.`, `0` where it has a plain name, else a fraction, `8%5`.
pub(super) fn duration(length: Beats) -> String {
    plain(length).unwrap_or_else(|| {
        let whole = length * Beats::new(1, 4);
        format!("{}%{}", whole.denominator(), whole.numerator())
    })
}

/// The reciprocal of a duration that is a note's of some kind with at most two dots.
fn plain(length: Beats) -> Option<String> {
    let whole = length * Beats::new(1, 4);
    (0..=2).find_map(|dots: usize| {
        let undotted = whole * Beats::new(1 << dots, (2 << dots) - 1);
        let number = match (undotted.numerator(), undotted.denominator()) {
            (1, number) => number.to_string(),
            (2, 1) => "0".to_owned(),
            (4, 1) => "00".to_owned(),
            (8, 1) => "000".to_owned(),
            _ => return None,
        };
        Some(number + &".".repeat(dots))
    })
}

/// A time of silence as rests that have plain names, the longest first; what has none stays whole.
pub(super) fn rests(mut length: Beats) -> Vec<Beats> {
    if length > LONG || plain(length).is_some() || length.denominator().count_ones() != 1 {
        return vec![length];
    }
    let mut rests = Vec::new();
    while length > Beats::ZERO {
        let rest = largest(length);
        rests.push(rest);
        length = length - rest;
    }
    rests
}

/// The longest note without or with one dot that fits into `length`, whose denominator is a power of two.
fn largest(length: Beats) -> Beats {
    let mut size = Beats::whole(32);
    loop {
        let dotted = size * Beats::new(3, 2);
        if dotted <= length {
            return dotted;
        }
        if size <= length {
            return size;
        }
        size = size * Beats::new(1, 2);
    }
}

/// A pitch as letters, repeated for the octave, and accidentals.
pub(super) fn pitch(pitch: Pitch) -> String {
    let letter = pitch.step.letter();
    let octave = usize::from(pitch.octave.unsigned_abs());
    let letters = match pitch.octave {
        4.. => letter.to_ascii_lowercase().to_string().repeat(octave - 3),
        0..=3 => letter.to_string().repeat(4 - octave),
        _ => letter.to_string().repeat(4 + octave),
    };
    let sign = if pitch.alter > 0 { "#" } else { "-" };
    letters + &sign.repeat(usize::from(pitch.alter.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Losses;
    use crate::score::kern::token::{self, Length};

    #[track_caller]
    fn check(length: Beats, expected: &str) {
        assert_eq!(duration(length), expected);
        let token = token::read(&format!("{expected}c"), None, &mut Losses::default()).expect("a note");
        assert_eq!(token.length, Length::Lasting(length));
    }

    #[test]
    fn durations_have_plain_names_where_they_can() {
        check(Beats::QUARTER, "4");
        check(Beats::new(3, 4), "8.");
        check(Beats::new(7, 2), "2..");
        check(Beats::whole(8), "0");
        check(Beats::whole(12), "0.");
        check(Beats::new(1, 3), "12");
        check(Beats::new(8, 3), "3%2");
        check(Beats::new(5, 2), "8%5");
    }

    #[test]
    fn rests_are_split_into_plain_ones() {
        assert_eq!(rests(Beats::new(5, 2)), [Beats::whole(2), Beats::new(1, 2)]);
        assert_eq!(rests(Beats::new(5, 3)), [Beats::new(5, 3)]);
        assert_eq!(rests(Beats::whole(1000)), [Beats::whole(1000)]);
    }

    #[test]
    fn every_pitch_comes_back() {
        for name in ["C-1", "B0", "F#3", "C4", "Abb4", "G9", "D##5"] {
            let written = format!("4{}", pitch(name.parse().expect("a pitch")));
            let token = token::read(&written, None, &mut Losses::default()).expect("a note");
            assert_eq!(token.pitch.map(|pitch| pitch.to_string()).as_deref(), Some(name));
        }
    }
}
