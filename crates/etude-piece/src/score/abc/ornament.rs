//! What stands about the notes: decorations, quoted text, grace notes, slurs.

use super::cursor::Cursor;
use super::decoration::{self, NO_PLACE, Sign, UNKNOWN};
use super::tune::Tune;
use super::{limits, text};
use crate::Result;
use crate::score::{Beats, Grace};

/// How long a grace note looks where no length is written: an eighth, in music for pipes a thirty-second.
/// The standard leaves it to programs.
pub(super) fn grace_unit(pipes: bool) -> Beats {
    Beats::new(1, if pipes { 8 } else { 2 })
}

impl Tune {
    /// Takes in a decoration.
    pub(super) fn sign(&mut self, sign: Sign) {
        match sign {
            Sign::Nothing => {}
            Sign::Fermata => self.voice().fermata = true,
            Sign::Dynamic(velocity) => self.voice().velocity = Some(velocity),
            Sign::Lost(thing) => self.losses.add(thing, NO_PLACE),
        }
    }

    /// A decoration of a single letter; a dot may also belong to a bar line, a slur or a tie that follows.
    pub(super) fn letter(&mut self, letter: char, cursor: &mut Cursor<'_>) {
        cursor.bump();
        if letter == '.' && matches!(cursor.peek(), Some('|' | '(' | '-')) {
            return;
        }
        self.sign(self.letters.sign(letter));
    }

    /// `!fermata!` and the like; a lone `!` was a line break once. `+CE+` is a chord of old.
    pub(super) fn decoration(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = *cursor;
        let Some(quote) = cursor.bump() else { return Ok(()) };
        if quote == '!' && self.breaks_at_exclamation {
            return Ok(());
        }
        let name = cursor.take_while(|c| c != quote && !c.is_whitespace() && !"|[]".contains(c));
        if !cursor.eat(quote) {
            *cursor = cursor.back(name.len());
            return Ok(());
        }
        match decoration::named(name) {
            Some(sign) => self.sign(sign),
            None if quote == '+' && is_old_chord(name) => {
                *cursor = start;
                cursor.bump();
                self.chord(cursor, &start, '+')?;
            }
            None => self.sign(UNKNOWN),
        }
        Ok(())
    }

    /// A chord symbol, or an annotation, which is no music.
    pub(super) fn quoted(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = *cursor;
        cursor.bump();
        let quoted = cursor.take_until('"');
        let quoted =
            quoted.ok_or_else(|| start.fault("a chord symbol that ends with `\"`").hint("write \"Am\""))?;
        let symbol = text::decode(quoted.trim());
        if is_chord_symbol(&symbol) {
            return self.chord_symbol(symbol, &start);
        }
        if !symbol.is_empty() {
            self.losses.add("annotation", NO_PLACE);
        }
        Ok(())
    }

    /// Grace notes in braces; they wait for the note that they lead to.
    pub(super) fn grace_notes(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = *cursor;
        cursor.bump();
        let mut inside = cursor
            .split_until('}')
            .ok_or_else(|| start.fault("grace notes that end with `}`").hint("write {c}d"))?;
        inside.skip_blanks();
        let slashed = inside.eat('/');
        let unit = grace_unit(self.voice().signature.pipes);
        let mut graces: Vec<Grace> = Vec::new();
        let mut next_factor = Beats::QUARTER;
        while let Some(next) = inside.peek() {
            match next {
                'A'..='G' | 'a'..='g' | '^' | '_' | '=' => {
                    let note = self.pitch_and_length(&mut inside)?;
                    let length = limits::product(note.length, unit, &inside)?;
                    let duration = limits::product(length, next_factor, &inside)?;
                    next_factor = Beats::QUARTER;
                    graces.push(Grace { before: Beats::ZERO, duration, pitch: note.sounding, slashed });
                }
                '<' | '>' => {
                    let (left, right) = broken_rhythm(&mut inside)?;
                    if let Some(last) = graces.last_mut() {
                        last.duration = limits::product(last.duration, left, &inside)?;
                        next_factor = right;
                    }
                }
                '[' => {
                    inside.bump();
                    self.losses.add("chord of grace notes", "its notes are read one after the other");
                }
                '(' => {
                    inside.bump();
                    self.losses.add("slur", NO_PLACE);
                }
                _ => {
                    inside.bump();
                }
            }
        }
        self.count_notes(graces.len(), &start)?;
        self.voice().lead(graces);
        Ok(())
    }
}

/// `>`, `>>`, `<` and so on: what the lengths to the left and to the right are multiplied by.
pub(super) fn broken_rhythm(cursor: &mut Cursor<'_>) -> Result<(Beats, Beats)> {
    let place = *cursor;
    let (longer, shorter) = (cursor.count('>'), cursor.count('<'));
    let count = longer + shorter;
    if count > 6 || (longer > 0 && shorter > 0) {
        return Err(place.fault("one to six `>` or `<`").into());
    }
    let short = Beats::new(1, 1 << count);
    let long = Beats::whole(2) - short;
    Ok(if longer > 0 { (long, short) } else { (short, long) })
}

/// Whether quoted text names a chord: a letter from A to G first, perhaps in parentheses, or `N.C.`.
pub(super) fn is_chord_symbol(text: &str) -> bool {
    let first = text.strip_prefix('(').unwrap_or(text).chars().next();
    matches!(first, Some('A'..='G')) || text.starts_with("N.C")
}

/// Whether what stands between two `+` is nothing but notes, as chords were written before brackets.
fn is_old_chord(name: &str) -> bool {
    let sign = |c| matches!(c, 'A'..='G' | 'a'..='g' | '^' | '_' | '=' | ',' | '\'' | '/' | '0'..='9');
    name.contains(|c: char| c.is_ascii_alphabetic()) && name.chars().all(sign)
}
