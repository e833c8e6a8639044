//! One token of music: a note, a rest, or one note of a chord.

use super::limits;
use crate::score::{Beats, Losses, Pitch, Step};

/// What a token says.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoteToken {
    /// What sounds, if it is a note.
    pub(super) pitch: Option<Pitch>,
    /// Whether it is a rest.
    pub(super) rest: bool,
    pub(super) length: Length,
    /// Whether a tie begins here.
    pub(super) opens: bool,
    /// Whether a tie ends here.
    pub(super) closes: bool,
    pub(super) fermata: bool,
}

/// How long a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// It takes time.
    Lasting(Beats),
    /// It takes none, and looks this long.
    Grace { look: Beats, slashed: bool },
}

/// Why a token can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) expected: &'static str,
    pub(super) hint: &'static str,
}

impl Wrong {
    pub(super) const DURATION: Self = Self {
        expected: "a duration such as 4, 8., 0 or 3%2, no finer than 1/65536",
        hint: "4 is a quarter note, 0 a breve",
    };
    pub(super) const PITCH: Self = Self {
        expected: "one pitch from CCCCC to gggggg, a rest `r`, or a null token `.`",
        hint: "notes of a chord have a blank between them",
    };
}

/// Reads a token. Notes of a chord that name no length are as long as the one before.
pub(super) fn read(
    text: &str,
    before: Option<Length>,
    losses: &mut Losses,
) -> std::result::Result<NoteToken, Wrong> {
    let bytes = text.as_bytes();
    let mut letter: Option<(u8, usize)> = None;
    let mut duration: Option<Number> = None;
    let (mut sharps, mut flats, mut dots, mut graces, mut groupetto) = (0_i8, 0_i8, 0_u32, 0_u8, false);
    let (mut rest, mut opens, mut closes, mut fermata) = (false, false, false, false);
    let (mut letters_apart, mut at) = (false, 0);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'0'..=b'9' => {
                let (number, end) = Number::read(bytes, start)?;
                if duration.replace(number).is_some() {
                    return Err(Wrong::DURATION);
                }
                at = end;
            }
            b'a'..=b'g' | b'A'..=b'G' => {
                while bytes.get(at) == Some(&byte) {
                    at += 1;
                }
                letters_apart |= letter.replace((byte, at - start)).is_some();
            }
            b'.' => dots = dots.saturating_add(1),
            b'#' => sharps = sharps.saturating_add(1),
            b'-' => flats = flats.saturating_add(1),
            b'r' => rest = true,
            b'q' => graces = graces.saturating_add(1),
            b'Q' => groupetto = true,
            b'[' => opens = true,
            b']' => closes = true,
            b'_' => (opens, closes) = (true, true),
            b';' => fermata = true,
            _ => lose(byte, losses),
        }
    }
    let pitch = match letter {
        _ if rest => None,
        Some(letter) if !letters_apart => Some(pitch(letter, sharps, flats).ok_or(Wrong::PITCH)?),
        None if graces == 0 && !opens && !closes => None,
        _ => return Err(Wrong::PITCH),
    };
    let written = duration.map(|number| number.dotted(dots)).transpose()?;
    let length = match (written, before) {
        _ if graces > 0 || groupetto => {
            let look = written.unwrap_or(match before {
                Some(Length::Grace { look, .. }) => look,
                _ => Beats::new(1, 2),
            });
            Length::Grace { look, slashed: graces == 1 }
        }
        (Some(duration), _) => Length::Lasting(duration),
        (None, Some(before)) => before,
        (None, None) => return Err(Wrong::DURATION),
    };
    Ok(NoteToken { pitch, rest, length, opens, closes, fermata })
}

/// Counts a sign that a score has no place for; what is layout or only marks an end goes silently.
fn lose(byte: u8, losses: &mut Losses) {
    let none = "a score holds none";
    match byte {
        b'(' => losses.add("slur", none),
        b'{' => losses.add("phrase mark", none),
        b'\'' | b'"' | b'`' | b'~' | b'^' | b's' | b'z' | b'I' | b',' => losses.add("articulation", none),
        b'T' | b't' | b'M' | b'm' | b'W' | b'w' | b'S' | b'$' | b'R' | b'O' | b':' | b'P' | b'p' => {
            losses.add("ornament", none);
        }
        b'v' | b'u' | b'o' | b'H' => losses.add("playing technique", none),
        b'i' | b'j' | b'l' | b'N' | b'U' | b'V' | b'Z' | b'@' | b'%' | b'+' | b'|' => {
            losses.add("sign", "its meaning is the file's own");
        }
        // Stems, beams, placement, editor's marks, naturals, ends of slurs, phrases and glissandi.
        _ => {}
    }
}

/// The pitch of a letter that is repeated for its octave.
fn pitch((letter, repeats): (u8, usize), sharps: i8, flats: i8) -> Option<Pitch> {
    let step = Step::from_letter(char::from(letter))?;
    let repeats = i8::try_from(repeats).ok()?;
    let octave = if letter.is_ascii_lowercase() { repeats.checked_add(3)? } else { 4 - repeats };
    let one_kind = (sharps == 0 || flats == 0) && sharps <= 3 && flats <= 3;
    let pitch = Pitch::new(step, sharps - flats, octave);
    (one_kind && pitch.midi().is_some()).then_some(pitch)
}

/// A reciprocal: whole notes as a fraction.
#[derive(Debug, Clone, Copy)]
struct Number {
    numerator: i64,
    denominator: i64,
}

impl Number {
    /// The number whose digits begin at `start`, and where they end.
    fn read(bytes: &[u8], start: usize) -> std::result::Result<(Self, usize), Wrong> {
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = |from: usize, length: usize| {
            let digits = &bytes[from..from + length];
            let value = digits.iter().fold(0_i64, |value, digit| 10 * value + i64::from(digit - b'0'));
            Some(value).filter(|_| (1..=9).contains(&length)).ok_or(Wrong::DURATION)
        };
        let length = digits(start);
        let end = start + length;
        if length > 9 {
            return Err(Wrong::DURATION);
        }
        let reciprocal = value(start, length)?;
        if bytes.get(end) == Some(&b'%') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            let length = digits(end + 1).min(10);
            if length > 9 {
                return Err(Wrong::DURATION);
            }
            let number = Self { numerator: value(end + 1, length)?, denominator: reciprocal };
            let legal = number.numerator > 0 && reciprocal > 0;
            return legal.then_some((number, end + 1 + length)).ok_or(Wrong::DURATION);
        }
        match (reciprocal, length) {
            // Breve, longa and maxima.
            (0, 1..=3) => Ok((Self { numerator: 1 << length, denominator: 1 }, end)),
            (0, _) => Err(Wrong::DURATION),
            _ => Ok((Self { numerator: 1, denominator: reciprocal }, end)),
        }
    }

    /// The length in quarter notes, with dots.
    fn dotted(self, dots: u32) -> std::result::Result<Beats, Wrong> {
        if dots > limits::DOTS {
            return Err(Wrong::DURATION);
        }
        let (more, parts) = ((2 << dots) - 1, 1 << dots);
        let beats = Beats::new(4 * self.numerator * more, self.denominator * parts);
        Some(beats).filter(|&beats| limits::holds(beats)).ok_or(Wrong::DURATION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, pitch: &str, quarters: Beats) {
        let token = read(text, None, &mut Losses::default()).expect("a token");
        let name = token.pitch.map_or_else(|| "r".to_owned(), |pitch| pitch.to_string());
        assert_eq!((name.as_str(), token.length), (pitch, Length::Lasting(quarters)));
    }

    #[test]
    fn octaves_are_letters_repeated() {
        check("4c", "C4", Beats::QUARTER);
        check("4C", "C3", Beats::QUARTER);
        check("4BBB-", "Bb1", Beats::QUARTER);
        check("8ggg##L", "G##6", Beats::new(1, 2));
        check("(4.enX)", "E4", Beats::new(3, 2));
    }

    #[test]
    fn durations_are_reciprocals_with_breves_and_fractions() {
        check("0f", "F4", Beats::whole(8));
        check("00r", "r", Beats::whole(16));
        check("000.r", "r", Beats::whole(48));
        check("3%2d", "D4", Beats::new(8, 3));
        check("d2..", "D4", Beats::new(7, 2));
        check("12A", "A3", Beats::new(1, 3));
    }

    #[test]
    fn a_rest_may_say_where_it_stands() {
        check("4rGG", "r", Beats::QUARTER);
        check("8ryycc", "r", Beats::new(1, 2));
    }

    #[test]
    fn grace_notes_take_no_time() {
        let read = |text| read(text, None, &mut Losses::default()).expect("a token").length;
        assert_eq!(read("16ccq"), Length::Grace { look: Beats::new(1, 4), slashed: true });
        assert_eq!(read("ccqq"), Length::Grace { look: Beats::new(1, 2), slashed: false });
    }

    #[test]
    fn what_is_no_note_is_refused() {
        for text in [
            "c",
            "4",
            "4ce",
            "4cLc",
            "4c#-",
            "4c####",
            "4cccccccc",
            "0%0c",
            "4%0c",
            "0%4c",
            "0000c",
            "99999999c",
            "9999999999c",
            "1%9999999999c",
            "44c4",
            "4c.........",
            "é",
            "4[",
            "q",
            "8q",
        ] {
            let token = read(text, None, &mut Losses::default());
            assert!(
                token.is_err() || token.is_ok_and(|token| token.pitch.is_none() && !token.rest),
                "{text}"
            );
        }
    }
}
