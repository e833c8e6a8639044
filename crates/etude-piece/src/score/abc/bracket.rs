//! Bar lines, and all that begins with a bracket: chords, variant endings, inline fields.

use super::bars::BarSign;
use super::body::length;
use super::cursor::Cursor;
use super::limits;
use super::tune::Tune;
use super::voice::EventNote;
use crate::Result;

impl Tune {
    /// Whatever begins with `[`: a field, a bar line, a variant ending or a chord.
    /// Says whether a number may follow as an ending.
    pub(super) fn bracket(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        let second = cursor.peek_second();
        if matches!(second, Some('|' | ']' | ':')) {
            self.bar_line(cursor);
            return Ok(true);
        }
        let start = *cursor;
        cursor.bump();
        if second.is_some_and(|c| c.is_ascii_alphabetic()) && cursor.peek_second() == Some(':') {
            let mut field = cursor
                .split_until(']')
                .ok_or_else(|| start.fault("an inline field that ends with `]`").hint("write [K:G]"))?;
            let letter = field.bump().expect("its letter was seen");
            field.bump();
            self.body_field(letter, &mut field)?;
            return Ok(false);
        }
        match second {
            Some('0'..='9') => self.ending_line(cursor),
            Some('"') if !is_chord(cursor.rest()) => {
                cursor.bump();
                cursor.take_until('"').ok_or_else(|| start.fault("an ending's name that ends with `\"`"))?;
                self.losses.add("ending", "it has a name and no number");
                self.voice().bar_line(BarSign::default());
            }
            _ => self.chord(cursor, &start, ']')?,
        }
        Ok(false)
    }

    /// A chord, after its `[`, up to `close`.
    pub(super) fn chord(&mut self, cursor: &mut Cursor<'_>, start: &Cursor<'_>, close: char) -> Result<()> {
        let mut notes: Vec<EventNote> = Vec::new();
        loop {
            match cursor.peek() {
                None => return Err(start.fault("a chord that ends with `]`").hint("write [CEG]").into()),
                Some(end) if end == close => break,
                Some('A'..='G' | 'a'..='g' | '^' | '_' | '=') => notes.push(self.pitch_and_length(cursor)?),
                Some('-') => {
                    cursor.bump();
                    notes.iter_mut().rev().take(1).for_each(|note| note.tied = true);
                }
                Some('z' | 'x') => {
                    cursor.bump();
                    length(cursor)?;
                }
                Some('"') => self.quoted(cursor)?,
                Some('!' | '+') => self.decoration(cursor)?,
                Some('{') => self.grace_notes(cursor)?,
                Some(sign @ ('.' | '~' | 'H'..='W' | 'h'..='w')) => self.letter(sign, cursor),
                Some(sign @ ('(' | ')' | '`')) => {
                    cursor.bump();
                    self.slur(sign);
                }
                Some(c) if c.is_whitespace() => cursor.skip_blanks(),
                Some(_) => return Err(cursor.fault("a note of the chord, or `]`").into()),
            }
            if notes.len() > limits::CHORD {
                return Err(start.error("too large a chord", format!("at most {} notes", limits::CHORD)));
            }
        }
        cursor.bump();
        let times = length(cursor)?;
        for note in &mut notes {
            note.length = limits::product(note.length, times, cursor)?;
        }
        // The standard: a chord is as long as its first note.
        let Some(length) = notes.first().map(|note| note.length) else { return Ok(()) };
        self.event(&mut notes, length, cursor)
    }

    /// A bar line of any kind, with the ending that follows it closely.
    pub(super) fn bar_line(&mut self, cursor: &mut Cursor<'_>) {
        let rest = cursor.rest();
        let mut sign = cursor.take_while(|c| matches!(c, '|' | ':' | ']'));
        if sign.is_empty() {
            // `[|` or `[]`.
            cursor.bump();
            sign = cursor.take_while(|c| matches!(c, '|' | ':' | ']'));
        }
        if sign.is_empty() || rest.starts_with("[:") {
            sign = "|";
        }
        let (before, after) = (sign.starts_with(':'), sign.ends_with(':'));
        let mut bar = BarSign {
            repeat_end: before && sign.len() > 1,
            // `|:|`, a slip of old files, is taken for `|:`.
            repeat_start: (after && sign.len() > 1) || (!before && sign.contains("|:")),
            ending: None,
            double: ["||", "|]"].iter().any(|double| sign.contains(double)) || rest.starts_with("[|"),
        };
        if sign.contains("::|") || sign.contains("|::") {
            self.losses.add("section", "it is repeated more than once, and a score tells no number");
        }
        let bracket = cursor.peek() == Some('[') && cursor.peek_second().is_some_and(|c| c.is_ascii_digit());
        if bracket {
            cursor.bump();
        }
        if cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
            bar.ending = self.ending(cursor);
        }
        self.voice().bar_line(bar);
    }

    /// A variant ending that begins here.
    pub(super) fn ending_line(&mut self, cursor: &mut Cursor<'_>) {
        let ending = self.ending(cursor);
        self.voice().bar_line(BarSign { ending, ..BarSign::default() });
    }

    /// The first number of a variant ending's list, such as `1` or `1,3` or `1-3`.
    fn ending(&mut self, cursor: &mut Cursor<'_>) -> Option<u8> {
        let first = cursor.number()?;
        let mut many = false;
        while let (Some(',' | '-'), Some('0'..='9')) = (cursor.peek(), cursor.peek_second()) {
            cursor.bump();
            cursor.number();
            many = true;
        }
        if many {
            self.losses.add("ending", "it serves more than once, and a score keeps its first number only");
        }
        u8::try_from(first).ok().filter(|&n| n > 0)
    }
}

/// Whether what follows a `[` and begins with a quotation is a chord, no ending with a name:
/// then it is closed before the next bar line.
fn is_chord(rest: &str) -> bool {
    let near = rest.chars().take(60).find(|&c| c == ']' || c == '|');
    near == Some(']')
}
