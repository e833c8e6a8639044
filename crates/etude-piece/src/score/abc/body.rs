//! Lines of music: notes, rests, tuplets and broken rhythm.

use super::cursor::Cursor;
use super::decoration::NO_PLACE;
use super::key::accidental;
use super::limits;
use super::ornament::broken_rhythm;
use super::tune::Tune;
use super::voice::EventNote;
use crate::Result;
use crate::score::{Beats, Metre, Step};

impl Tune {
    /// Reads a line of music. Says whether the next line continues it.
    pub(super) fn music_line(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        while let Some(next) = cursor.peek() {
            if next.is_whitespace() {
                cursor.bump();
                continue;
            }
            let was_after_bar = std::mem::take(&mut self.after_bar);
            match next {
                'A'..='G' | 'a'..='g' | '^' | '_' | '=' => self.note(cursor)?,
                'z' | 'x' => {
                    cursor.bump();
                    let length = length(cursor)?;
                    self.event(&mut [], length, cursor)?;
                }
                'Z' | 'X' => {
                    cursor.bump();
                    self.rest_bars(cursor)?;
                }
                'y' => {
                    cursor.bump();
                    length(cursor)?;
                }
                '|' | ':' | ']' => {
                    self.bar_line(cursor);
                    self.after_bar = true;
                }
                '[' => self.after_bar = self.bracket(cursor)?,
                '0'..='9' if was_after_bar => self.ending_line(cursor),
                '<' | '>' => self.break_rhythm(cursor)?,
                '-' => {
                    cursor.bump();
                    self.voice().tie();
                }
                '(' => {
                    cursor.bump();
                    match cursor.peek() {
                        Some('0'..='9') => self.tuplet(cursor)?,
                        _ => self.slur('('),
                    }
                }
                '"' => self.quoted(cursor)?,
                '!' | '+' => self.decoration(cursor)?,
                '{' => self.grace_notes(cursor)?,
                '&' => {
                    let place = *cursor;
                    let bars_back = cursor.count('&');
                    self.voice().overlay(bars_back, &place)?;
                }
                '\\' => {
                    cursor.bump();
                    cursor.skip_blanks();
                    if cursor.peek().is_none() {
                        self.after_bar = was_after_bar;
                        return Ok(true);
                    }
                }
                // Ends of slurs, beams kept together, line breaks, and signs that the standard sets aside.
                ')' | '`' | '$' | '*' | ';' | '?' | '@' | '#' => {
                    cursor.bump();
                }
                '.' | '~' | 'H'..='W' | 'h'..='w' => self.letter(next, cursor),
                _ => return Err(cursor.fault("a note, a rest, a bar line or a decoration").into()),
            }
        }
        Ok(false)
    }

    /// A note by itself.
    fn note(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let note = self.pitch_and_length(cursor)?;
        self.event(&mut [note], note.length, cursor)
    }

    /// Puts an event into the voice.
    pub(super) fn event(
        &mut self,
        notes: &mut [EventNote],
        length: Beats,
        cursor: &Cursor<'_>,
    ) -> Result<()> {
        self.count_notes(notes.len(), cursor)?;
        let line = self.line_group;
        let unit = self.voice().unit;
        for note in notes.iter_mut() {
            note.length = limits::product(note.length, unit, cursor)?;
        }
        let length = limits::product(length, unit, cursor)?;
        let voice = self.voice();
        let first = voice.push(notes, length, cursor)?;
        if !notes.is_empty() && voice.in_main_line() {
            voice.words.hear(line, first, voice.bars.len());
        }
        Ok(())
    }

    /// Accidental, letter, octave and length (in unit notes).
    pub(super) fn pitch_and_length(&mut self, cursor: &mut Cursor<'_>) -> Result<EventNote> {
        let start = *cursor;
        let sign = accidental(cursor)?;
        let letter = cursor.peek().filter(|c| matches!(c, 'A'..='G' | 'a'..='g'));
        let step = letter.and_then(Step::from_letter).ok_or_else(|| {
            let fault = cursor.fault("the letter of a note");
            let microtone = sign.is_some() && matches!(cursor.peek(), Some('/' | '0'..='9'));
            if microtone { fault.hint("a score has no microtones") } else { fault }
        })?;
        cursor.bump();
        let base: i8 = if letter.is_some_and(|c| c.is_ascii_lowercase()) { 5 } else { 4 };
        let marks = cursor.take_while(|c| c == ',' || c == '\'');
        let up = marks.bytes().filter(|&b| b == b'\'').count();
        let octave = i8::try_from(up).ok().zip(i8::try_from(marks.len() - up).ok());
        let octave = octave.and_then(|(up, down)| base.checked_add(up)?.checked_sub(down));
        let pitch = octave.and_then(|octave| self.voice().pitch(step, octave, sign));
        let (written, sounding) = pitch.ok_or_else(|| start.fault("a pitch from C,,,,, to g'''''"))?;
        Ok(EventNote { written, sounding, length: length(cursor)?, tied: false })
    }

    /// Counts the beginning of a slur.
    pub(super) fn slur(&mut self, sign: char) {
        if sign == '(' {
            self.losses.add("slur", NO_PLACE);
        }
    }

    /// Rests of whole bars.
    fn rest_bars(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        let count = cursor.number().unwrap_or(1);
        self.rest_bars = self.rest_bars.saturating_add(count);
        if count == 0 || self.rest_bars > limits::REST_BARS {
            let expected = format!("1 to {} bars of rest in all", limits::REST_BARS);
            return Err(place.error(format!("{count} bars of rest"), expected));
        }
        self.voice().rest_bars(count, &place)
    }

    /// Broken rhythm between two notes.
    fn break_rhythm(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        let (left, right) = broken_rhythm(cursor)?;
        self.voice().break_rhythm(left, right, &place)
    }

    /// `p`, `p:q`, `p:q:r`, after the parenthesis: the next r notes take the time of q/p of them.
    fn tuplet(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        let notes = cursor.number().unwrap_or(0);
        let (mut time, mut reach) = (None, None);
        if cursor.eat(':') {
            time = cursor.number();
            if cursor.eat(':') {
                reach = cursor.number();
            }
        }
        let compound = self.voice().metre.is_some_and(|metre: Metre| metre.pulse() > metre_unit(metre));
        let usual = match notes {
            2 | 4 | 8 => Some(3),
            3 | 6 => Some(2),
            5 | 7 | 9 => Some(if compound { 3 } else { 2 }),
            _ => None,
        };
        let legal = |n: &u32| (1..=255).contains(n);
        let numbers = Some(notes).filter(legal).zip(time.or(usual).filter(legal));
        let numbers = numbers.zip(Some(reach.unwrap_or(notes)).filter(legal));
        let Some(((notes, time), reach)) = numbers else {
            return Err(place.fault("a tuplet such as (3 or (5:4:5").hint("write (3CDE").into());
        };
        self.voice().begin_tuplet(Beats::new(i64::from(time), i64::from(notes)), reach);
        Ok(())
    }
}

/// The length of the note that a metre counts, in quarter notes.
fn metre_unit(metre: Metre) -> Beats {
    Beats::new(4, i64::from(metre.unit))
}

/// A length in unit notes: `2`, `3/2`, `/`, `//`; 1 where nothing stands.
pub(super) fn length(cursor: &mut Cursor<'_>) -> Result<Beats> {
    let place = *cursor;
    let numerator = cursor.number().unwrap_or(1);
    let slashes = cursor.count('/');
    let denominator = if slashes > 0 { cursor.number().unwrap_or(2) } else { 1 };
    // Every slash after the first halves again.
    let halvings = slashes.saturating_sub(1).min(20);
    let denominator = i64::from(denominator).min(limits::FINEST + 1) << halvings;
    let legal = (1..=1 << 16).contains(&numerator) && (1..=limits::FINEST).contains(&denominator);
    if !legal {
        return Err(place
            .fault("a length from 1/16384 to 65536 unit notes")
            .hint("write C2, C3/2 or C/")
            .into());
    }
    Ok(Beats::new(i64::from(numerator), denominator))
}
