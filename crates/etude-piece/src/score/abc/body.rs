//! Lines of music.

use super::cursor::Cursor;
use super::key::accidental;
use super::limits;
use super::text;
use super::tune::Tune;
use super::voice::{BarSign, EventNote};
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
                '0'..='9' if was_after_bar => {
                    let ending = ending(cursor);
                    self.voice().bar_line(BarSign { ending, ..BarSign::default() });
                }
                '<' | '>' => self.broken_rhythm(cursor)?,
                '-' => {
                    cursor.bump();
                    self.voice().tie();
                }
                '(' => {
                    cursor.bump();
                    if cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
                        self.tuplet(cursor)?;
                    }
                }
                '"' => self.quoted(cursor)?,
                '!' | '+' => self.decoration(cursor),
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
                '.' | '~' | 'H'..='W' | 'h'..='w' => {
                    cursor.bump();
                    self.voice().fermata |= self.is_fermata(next);
                }
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
    fn event(&mut self, notes: &mut [EventNote], length: Beats, cursor: &Cursor<'_>) -> Result<()> {
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
    fn pitch_and_length(&mut self, cursor: &mut Cursor<'_>) -> Result<EventNote> {
        let start = *cursor;
        let sign = accidental(cursor)?;
        let letter = cursor.peek().filter(|c| matches!(c, 'A'..='G' | 'a'..='g'));
        let step = letter.and_then(Step::from_letter).ok_or_else(|| cursor.fault("the letter of a note"))?;
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

    /// Whatever begins with `[`: a field, a bar line, a variant ending or a chord.
    /// Says whether a number may follow as an ending.
    fn bracket(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
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
            Some('0'..='9') => {
                let ending = ending(cursor);
                self.voice().bar_line(BarSign { ending, ..BarSign::default() });
            }
            Some('"') if !is_chord(cursor.rest()) => {
                cursor.bump();
                cursor.take_until('"').ok_or_else(|| start.fault("an ending's name that ends with `\"`"))?;
                self.voice().bar_line(BarSign::default());
            }
            _ => self.chord(cursor, &start)?,
        }
        Ok(false)
    }

    /// A chord, after its `[`.
    fn chord(&mut self, cursor: &mut Cursor<'_>, start: &Cursor<'_>) -> Result<()> {
        let mut notes: Vec<EventNote> = Vec::new();
        loop {
            match cursor.peek() {
                None => return Err(start.fault("a chord that ends with `]`").hint("write [CEG]").into()),
                Some(']') => break,
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
                Some('!' | '+') => self.decoration(cursor),
                Some(sign @ ('.' | '~' | 'H'..='W' | 'h'..='w')) => {
                    cursor.bump();
                    self.voice().fermata |= self.is_fermata(sign);
                }
                Some('(' | ')' | '`') => {
                    cursor.bump();
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
    fn bar_line(&mut self, cursor: &mut Cursor<'_>) {
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
        };
        let bracket = cursor.peek() == Some('[') && cursor.peek_second().is_some_and(|c| c.is_ascii_digit());
        if bracket {
            cursor.bump();
        }
        if cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
            bar.ending = ending(cursor);
        }
        self.voice().bar_line(bar);
    }

    /// `>`, `>>`, `<` and so on between two notes.
    fn broken_rhythm(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        let (longer, shorter) = (cursor.count('>'), cursor.count('<'));
        let count = longer + shorter;
        if count > 6 || (longer > 0 && shorter > 0) {
            return Err(place.fault("one to six `>` or `<`").into());
        }
        let short = Beats::new(1, 1 << count);
        let long = Beats::whole(2) - short;
        let (left, right) = if longer > 0 { (long, short) } else { (short, long) };
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

    /// A chord symbol, or an annotation, which is no music.
    fn quoted(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = *cursor;
        cursor.bump();
        let quoted = cursor.take_until('"');
        let quoted =
            quoted.ok_or_else(|| start.fault("a chord symbol that ends with `\"`").hint("write \"Am\""))?;
        let symbol = text::decode(quoted.trim());
        if is_chord_symbol(&symbol) { self.chord_symbol(symbol, &start) } else { Ok(()) }
    }

    /// `!fermata!` and the like; a lone `!` was a line break once.
    fn decoration(&mut self, cursor: &mut Cursor<'_>) {
        let Some(quote) = cursor.bump() else { return };
        let name = cursor.take_while(|c| c != quote && !c.is_whitespace() && c != '|');
        if cursor.eat(quote) {
            self.voice().fermata |= names_fermata(name);
        } else {
            *cursor = cursor.back(name.len());
        }
    }

    /// Grace notes are read for their accidentals, and left out.
    fn grace_notes(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = *cursor;
        cursor.bump();
        let mut inside = cursor
            .split_until('}')
            .ok_or_else(|| start.fault("grace notes that end with `}`").hint("write {c}d"))?;
        while let Some(next) = inside.peek() {
            match next {
                'A'..='G' | 'a'..='g' | '^' | '_' | '=' => {
                    self.pitch_and_length(&mut inside)?;
                }
                _ => {
                    inside.bump();
                }
            }
        }
        Ok(())
    }
}

/// The length of the note that a metre counts, in quarter notes.
fn metre_unit(metre: Metre) -> Beats {
    Beats::new(4, i64::from(metre.unit))
}

/// A length in unit notes: `2`, `3/2`, `/`, `//`; 1 where nothing stands.
fn length(cursor: &mut Cursor<'_>) -> Result<Beats> {
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

/// The first number of a variant ending's list, such as `1` or `1,3` or `1-3`.
fn ending(cursor: &mut Cursor<'_>) -> Option<u8> {
    let first = cursor.number()?;
    while let (Some(',' | '-'), Some('0'..='9')) = (cursor.peek(), cursor.peek_second()) {
        cursor.bump();
        cursor.number();
    }
    u8::try_from(first).ok().filter(|&n| n > 0)
}

/// Whether what follows a `[` and begins with a quotation is a chord, no ending with a name:
/// then it is closed before the next bar line.
fn is_chord(rest: &str) -> bool {
    let near = rest.chars().take(60).find(|&c| c == ']' || c == '|');
    near == Some(']')
}

/// Whether quoted text names a chord: a letter from A to G first, perhaps in parentheses, or `N.C.`.
pub(super) fn is_chord_symbol(text: &str) -> bool {
    let first = text.strip_prefix('(').unwrap_or(text).chars().next();
    matches!(first, Some('A'..='G')) || text.starts_with("N.C")
}

/// Whether a decoration is a fermata, above or below.
pub(super) fn names_fermata(name: &str) -> bool {
    matches!(name, "fermata" | "invertedfermata" | "ferm")
}
