//! The values of M:, L: and Q: fields.

use super::cursor::Cursor;
use crate::Result;
use crate::score::{Beats, Metre, Tempo};

/// The finest unit note length is 1/512.
const FINEST_UNIT: u32 = 512;

/// The value of an M: field; `None` for unmeasured music.
pub(super) fn metre(cursor: &mut Cursor<'_>) -> Result<Option<Metre>> {
    cursor.skip_blanks();
    let start = *cursor;
    if cursor.peek().is_none() || cursor.rest().starts_with("none") {
        return Ok(None);
    }
    if cursor.eat('C') {
        let half = cursor.eat('|');
        return Ok(if half { Metre::new(2, 2) } else { Some(Metre::COMMON) });
    }
    let wrong = || start.fault("a metre such as 4/4, 6/8, C, C| or none").hint("write M:4/4");
    cursor.eat('(');
    let mut count: u32 = 0;
    loop {
        cursor.skip_blanks();
        count = count.saturating_add(cursor.number().ok_or_else(wrong)?);
        cursor.skip_blanks();
        if !cursor.eat('+') {
            break;
        }
    }
    cursor.eat(')');
    cursor.skip_blanks();
    let unit = if cursor.eat('/') { cursor.number().ok_or_else(wrong)? } else { 4 };
    Ok(Some(Metre::new(count, unit).ok_or_else(wrong)?))
}

/// The value of an L: field, in quarter notes.
pub(super) fn unit_length(cursor: &mut Cursor<'_>) -> Result<Beats> {
    cursor.skip_blanks();
    let start = *cursor;
    let wrong = || start.fault("a note length such as 1/8").hint("write L:1/8");
    let numerator = cursor.number().ok_or_else(wrong)?;
    let denominator = if cursor.eat('/') { cursor.number().ok_or_else(wrong)? } else { 1 };
    let legal = (1..=16).contains(&numerator)
        && denominator.is_power_of_two()
        && (1..=FINEST_UNIT).contains(&denominator);
    if !legal {
        return Err(wrong().into());
    }
    Ok(Beats::new(4 * i64::from(numerator), i64::from(denominator)))
}

/// The unit note length where none is given: 1/16 where the bar is shorter than three quarters, else 1/8.
pub(super) fn default_unit(metre: Option<Metre>) -> Beats {
    let short = metre.is_some_and(|metre| metre.bar() < Beats::whole(3));
    if short { Beats::new(1, 4) } else { Beats::new(1, 2) }
}

/// The value of a Q: field where the unit note is `unit` long; `None` for words alone.
pub(super) fn tempo(cursor: &mut Cursor<'_>, unit: Beats) -> Result<Option<Tempo>> {
    let start = *cursor;
    let wrong = || start.fault("a tempo such as 1/4=100").hint("write Q:1/4=100");
    // Beats before the equals sign, in quarter notes; then beats per minute.
    let mut beat = 0.0;
    let mut plain = None;
    loop {
        cursor.skip_blanks();
        match cursor.peek() {
            None => break,
            Some('"') => {
                cursor.bump();
                cursor.take_until('"').ok_or_else(wrong)?;
            }
            Some('C' | 'c') => {
                cursor.bump();
                beat += f64::from(cursor.number().unwrap_or(1)) * unit.to_f64();
            }
            Some('=') => {
                cursor.bump();
                let beat = if beat > 0.0 { beat } else { unit.to_f64() };
                let rate = decimal(cursor).ok_or_else(wrong)?;
                return checked(rate * beat).map(Some).ok_or_else(|| wrong().into());
            }
            Some('0'..='9') => {
                let rate = decimal(cursor).ok_or_else(wrong)?;
                if !cursor.eat('/') {
                    plain = Some(rate);
                    continue;
                }
                let denominator = cursor.number().filter(|&n| n > 0).ok_or_else(wrong)?;
                beat += rate * 4.0 / f64::from(denominator);
            }
            // Words without quotation marks, as old files have them.
            Some(_) => {
                cursor.take_while(|c| !c.is_whitespace() && c != '=' && c != '"');
            }
        }
    }
    match plain {
        Some(rate) => checked(rate * unit.to_f64()).map(Some).ok_or_else(|| wrong().into()),
        None => Ok(None),
    }
}

/// A tempo, if it is one that can be played.
fn checked(quarters_per_minute: f64) -> Option<Tempo> {
    (0.1..=10_000.0).contains(&quarters_per_minute).then_some(Tempo(quarters_per_minute))
}

/// A number with or without decimals.
fn decimal(cursor: &mut Cursor<'_>) -> Option<f64> {
    cursor.skip_blanks();
    cursor.take_while(|c| c.is_ascii_digit() || c == '.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn metre_is(text: &str, expected: &str) {
        let found = match metre(&mut Cursor::new(text, 0, 1)) {
            Ok(metre) => metre.map_or("none".to_owned(), |metre| metre.to_string()),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn tempo_is(text: &str, expected: Option<f64>) {
        let found = tempo(&mut Cursor::new(text, 0, 1), Beats::new(1, 2)).expect("a tempo");
        assert_eq!(found, expected.map(Tempo));
    }

    #[test]
    fn metres_have_many_forms() {
        metre_is("C", "4/4");
        metre_is(" C|", "2/2");
        metre_is("6/8", "6/8");
        metre_is("(2+3+2)/8", "7/8");
        metre_is("2 + 3/8", "5/8");
        metre_is("none", "none");
        metre_is("", "none");
    }

    #[test]
    fn wrong_metres_are_named() {
        let expected = "expected a metre such as 4/4, 6/8, C, C| or none; hint: write M:4/4";
        metre_is("4/5", &format!("line 1, column 1: found `4/5`, {expected}"));
        metre_is("0/4", &format!("line 1, column 1: found `0/4`, {expected}"));
        metre_is("99999999999/4", &format!("line 1, column 1: found `99999999999/`, {expected}"));
    }

    #[test]
    fn tempi_have_many_forms() {
        tempo_is("1/4=100", Some(100.0));
        tempo_is("\"Allegro\" 3/8 = 120", Some(180.0));
        tempo_is("1/4=66.5 \"slow\"", Some(66.5));
        tempo_is("1/4 1/8 1/4=60", Some(150.0));
        tempo_is("120", Some(60.0));
        tempo_is("C=80", Some(40.0));
        tempo_is("C3=80", Some(120.0));
        tempo_is("\"Andante\"", None);
        tempo_is("", None);
    }

    #[test]
    fn an_impossible_tempo_is_refused() {
        assert!(tempo(&mut Cursor::new("1/4=0", 0, 1), Beats::QUARTER).is_err());
        assert!(tempo(&mut Cursor::new("1/0=60", 0, 1), Beats::QUARTER).is_err());
    }

    #[test]
    fn unit_lengths_are_checked() {
        let read = |text| unit_length(&mut Cursor::new(text, 0, 1));
        assert_eq!(read("1/8").expect("a length"), Beats::new(1, 2));
        assert!(read("1/0").is_err());
        assert!(read("1/3").is_err());
        assert!(read("0/8").is_err());
    }
}
