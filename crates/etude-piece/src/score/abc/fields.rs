//! Information fields: what each letter before a colon says, in the header and in the body.

use super::cursor::Cursor;
use super::decoration::NO_PLACE;
use super::key::{self, Signature};
use super::tune::{Marks, Tune};
use super::voice::Voice;
use super::{field, limits, text};
use crate::Result;
use crate::score::{Beats, Key};

impl Tune {
    /// Takes in a field of the header or of the file before it.
    pub(super) fn header_field(&mut self, letter: char, cursor: &mut Cursor<'_>) -> Result<()> {
        match letter {
            'T' if self.title.is_empty() => self.title = text::decode(cursor.rest().trim()),
            'C' => {
                let name = text::decode(cursor.rest().trim());
                if !std::mem::replace(&mut self.composer_given, true) {
                    self.composer.clear();
                }
                if !self.composer.is_empty() && !name.is_empty() {
                    self.composer.push_str("; ");
                }
                self.composer.push_str(&name);
            }
            'M' => {
                self.count_sum(cursor);
                self.defaults.metre = field::metre(cursor)?;
            }
            'L' => {
                self.defaults.unit = field::unit_length(cursor)?;
                self.unit_given = true;
            }
            'Q' => self.tempo = Some(cursor.line()),
            'V' => self.voice_field(cursor)?,
            'U' => self.letters.define(cursor.rest()),
            'I' => self.instruction(cursor)?,
            'K' => {
                let field = key::key(cursor)?;
                self.count_signature(field.signature);
                self.defaults.signature = field.signature.unwrap_or_default();
                self.defaults.shift = self.defaults.shift.updated(field.shift);
                self.begin_body()?;
            }
            'P' => self.losses.add("playing order", "a score holds none; each part stands once"),
            _ => self.leave_out(letter, cursor),
        }
        self.continued = letter;
        Ok(())
    }

    /// Takes in a line that continues the header's field before it.
    pub(super) fn continue_field(&mut self, cursor: &Cursor<'_>) {
        let field = match self.continued {
            'T' => &mut self.title,
            'C' => &mut self.composer,
            _ => return,
        };
        field.push(' ');
        field.push_str(&text::decode(cursor.rest().trim()));
    }

    /// Counts a field that a score has no place for, if it says anything a musician would miss.
    fn leave_out(&mut self, letter: char, cursor: &Cursor<'_>) {
        if cursor.rest().trim().is_empty() {
            return;
        }
        let (thing, why) = match letter {
            'T' => ("further title", NO_PLACE),
            'R' => ("R: field", "a score names no rhythm"),
            'O' => ("O: field", "a score tells no origin"),
            'N' => ("N: field", "a score holds no remarks"),
            'Z' => ("Z: field", "a score doesn't name who transcribed it"),
            'S' | 'B' | 'D' => ("S:, B: or D: field", "a score tells no source"),
            'H' => ("H: field", "a score tells no history"),
            'W' => ("W: field", "a score holds no words below the music"),
            's' => ("s: field", "a score holds no line of symbols"),
            'P' => ("P: field", "a score's sections have no labels"),
            'm' => ("m: field", "macros aren't expanded"),
            _ => return,
        };
        self.losses.add(thing, why);
    }

    /// Counts a metre such as 2+3/8.
    fn count_sum(&mut self, cursor: &Cursor<'_>) {
        if cursor.rest().contains('+') {
            self.losses.add("metre that is a sum", "a score keeps its total");
        }
    }

    /// Counts a signature with accidentals that its key hasn't.
    fn count_signature(&mut self, signature: Option<Signature>) {
        let usual = |signature: Signature| {
            signature.key.is_none_or(|key| Signature::from(key).alters == signature.alters)
        };
        if !signature.is_none_or(usual) {
            self.losses.add("key with accidentals of its own", "the notes keep them, the signature doesn't");
        }
    }

    /// Counts the words of a tempo.
    pub(super) fn count_tempo_words(&mut self, cursor: &Cursor<'_>) {
        if cursor.rest().contains(|c: char| c.is_alphabetic() && !matches!(c, 'C' | 'c')) {
            self.losses.add("tempo in words", NO_PLACE);
        }
    }

    /// Takes in a field of the body, on its own line or inline.
    pub(super) fn body_field(&mut self, letter: char, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        match letter {
            'K' => {
                let field = key::key(cursor)?;
                self.count_signature(field.signature);
                let voice = self.voice();
                voice.shift = voice.shift.updated(field.shift);
                let Some(signature) = field.signature else { return Ok(()) };
                voice.signature = signature;
                let (time, key) = (voice.time(), sounding_key(voice));
                match key {
                    Some(key) => mark(&mut self.keys, time, self.current, key, &place),
                    None => Ok(()),
                }
            }
            'M' => {
                self.count_sum(cursor);
                let metre = field::metre(cursor)?;
                let voice = self.voice();
                voice.metre = metre;
                let time = voice.time();
                match metre {
                    Some(metre) => mark(&mut self.metres, time, self.current, metre, &place),
                    None => Ok(()),
                }
            }
            'L' => {
                self.voice().unit = field::unit_length(cursor)?;
                Ok(())
            }
            'Q' => {
                self.count_tempo_words(cursor);
                let voice = self.voice();
                let time = voice.time();
                match field::tempo(cursor, voice.unit)? {
                    Some(tempo) => mark(&mut self.tempi, time, self.current, tempo, &place),
                    None => Ok(()),
                }
            }
            'V' => self.voice_field(cursor),
            'U' => {
                self.letters.define(cursor.rest());
                Ok(())
            }
            'I' => self.instruction(cursor),
            _ => {
                self.leave_out(letter, cursor);
                Ok(())
            }
        }
    }

    /// Defines a voice, or goes on with it.
    fn voice_field(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        cursor.skip_blanks();
        let id = cursor.take_while(|c| !c.is_whitespace());
        if id.is_empty() {
            return Err(cursor.fault("the name of a voice").hint("write V:1").into());
        }
        if id == "*" {
            return Ok(());
        }
        self.current = match self.voices.iter().position(|voice| voice.id == id) {
            Some(known) => known,
            // Music before any V: is the first voice's.
            None if id == "1" && self.voices.first().is_some_and(|voice| voice.id.is_empty()) => {
                id.clone_into(&mut self.voices[0].id);
                0
            }
            None => self.add_voice(id, cursor)?,
        };
        let voice = &mut self.voices[self.current];
        loop {
            let place = *cursor;
            let Some(property) = key::property(cursor) else { return Ok(()) };
            match property.name {
                "name" | "nm" => voice.name = Some(text::decode(property.value)),
                _ => voice.shift.take(&property, place)?,
            }
        }
    }

    /// Adds a voice and hands out its number.
    fn add_voice(&mut self, id: &str, cursor: &Cursor<'_>) -> Result<usize> {
        if self.voices.len() == limits::VOICES {
            return Err(cursor.error("too many voices", format!("at most {}", limits::VOICES)));
        }
        let mut voice = self.defaults.clone();
        id.clone_into(&mut voice.id);
        self.voices.push(voice);
        Ok(self.voices.len() - 1)
    }
}

/// The key that a voice's signature sounds in.
pub(super) fn sounding_key(voice: &Voice) -> Option<Key> {
    let Signature { key, .. } = voice.signature;
    match voice.shift.semitones() {
        0 => key,
        semitones => key.map(|key| key.transposed(i32::from(semitones))),
    }
}

/// Takes in a change, unless an earlier voice had its say about this time.
fn mark<T>(marks: &mut Marks<T>, time: Beats, voice: usize, value: T, cursor: &Cursor<'_>) -> Result<()> {
    if marks.len() == limits::MARKS {
        let expected = format!("at most {} in a tune", limits::MARKS);
        return Err(cursor.error("too many changes of key, metre or tempo", expected));
    }
    match marks.get(&time) {
        Some(&(earlier, _)) if earlier < voice => {}
        _ => {
            marks.insert(time, (voice, value));
        }
    }
    Ok(())
}
