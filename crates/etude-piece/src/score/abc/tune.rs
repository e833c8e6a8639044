//! One tune while it is read: its header, its voices, and the fields that steer them.

use super::body::names_fermata;
use super::cursor::{Cursor, Line, Lines};
use super::key::{self, Signature};
use super::limits;
use super::voice::{Reach, Voice};
use super::{field, text};
use crate::score::{Beats, Key, Metre, Tempo};
use crate::{Fault, Place, Result};
use std::collections::BTreeMap;

/// A tune under way.
#[derive(Debug, Clone)]
pub(super) struct Tune {
    pub(super) title: String,
    pub(super) composer: String,
    pub(super) recipe: String,
    /// What the header says of all voices.
    defaults: Voice,
    /// Whether L: was given.
    unit_given: bool,
    /// The header's Q: line, whose meaning hangs on L:.
    tempo: Option<(String, usize)>,
    /// The voices in the order of their first mention.
    pub(super) voices: Vec<Voice>,
    /// The voice that is being read.
    current: usize,
    /// The ids of voices that one instrument plays, from `%%score`.
    pub(super) instruments: Vec<Vec<String>>,
    /// Which letters stand for a fermata, by ASCII code.
    fermata_letters: [bool; 128],
    pub(super) keys: Marks<Key>,
    pub(super) metres: Marks<Metre>,
    pub(super) tempi: Marks<Tempo>,
    pub(super) chords: Vec<(Beats, String)>,
    /// Whether K: has ended the header.
    in_body: bool,
    /// A number for each line of music with those that continue it.
    pub(super) line_group: usize,
    /// How many bars of rest were asked for by number.
    pub(super) rest_bars: u32,
    notes: usize,
    /// The first line of the header that is no field.
    stray: Option<Fault>,
    /// Whether nothing but blanks came since a bar line, so that a number is a variant ending.
    pub(super) after_bar: bool,
}

/// Changes by onset, with the number of the voice that spoke: the first voice is right.
pub(super) type Marks<T> = BTreeMap<Beats, (usize, T)>;

/// What ends a line that wants more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Continues {
    Nothing,
    Music,
    Words,
}

impl Tune {
    /// A tune of which nothing is known.
    pub(super) fn new() -> Self {
        let mut fermata_letters = [false; 128];
        fermata_letters[usize::from(b'H')] = true;
        Self {
            title: String::new(),
            composer: String::new(),
            recipe: String::new(),
            defaults: Voice::new(""),
            unit_given: false,
            tempo: None,
            voices: Vec::new(),
            current: 0,
            instruments: Vec::new(),
            fermata_letters,
            keys: BTreeMap::new(),
            metres: BTreeMap::new(),
            tempi: BTreeMap::new(),
            chords: Vec::new(),
            in_body: false,
            line_group: 0,
            rest_bars: 0,
            notes: 0,
            stray: None,
            after_bar: false,
        }
    }

    /// Reads the tune's lines up to the empty line or the X: that ends it, or the end of the file.
    pub(super) fn read(&mut self, lines: &mut Lines<'_>) -> Result<()> {
        let mut continues = Continues::Nothing;
        loop {
            let ahead = *lines;
            let Some(line) = lines.next() else { break };
            if is_field(&line.text) == Some('X') {
                *lines = ahead;
                break;
            }
            if line.text.trim().is_empty() {
                if self.in_body {
                    break;
                }
                continue;
            }
            if skips_block(&line, lines) {
                continue;
            }
            continues = self.line(&line, continues)?;
        }
        if self.in_body {
            return Ok(());
        }
        let end = Place::Line(lines.number(), 1);
        let end = Fault::new(end, "the end of the tune", "a K: field before the music").hint("write K:C");
        Err(self.stray.take().unwrap_or(end).into())
    }

    /// Reads one line that isn't empty.
    fn line(&mut self, line: &Line<'_>, continues: Continues) -> Result<Continues> {
        if let Some(directive) = line.text.strip_prefix("%%") {
            self.directive(directive, line)?;
            return Ok(continues);
        }
        let text = without_comment(&line.text);
        if text.trim().is_empty() {
            return Ok(continues);
        }
        if let Some(rest) = text.strip_prefix("+:") {
            let mut cursor = Cursor::new(text, text.len() - rest.len(), line.number);
            if continues == Continues::Words {
                self.sing(&mut cursor, true)?;
            }
            return Ok(continues);
        }
        if let Some(letter) = is_field(text) {
            let mut cursor = Cursor::new(text, 2, line.number);
            if !self.in_body {
                self.header_field(letter, &mut cursor)?;
                return Ok(Continues::Nothing);
            }
            if letter == 'w' {
                self.sing(&mut cursor, false)?;
                return Ok(Continues::Words);
            }
            self.body_field(letter, &mut cursor)?;
            return Ok(continues);
        }
        let mut cursor = Cursor::new(text, 0, line.number);
        if !self.in_body {
            // Old headers hold lines of comment without a letter; it is music only if no K: follows.
            let fault =
                || cursor.fault("a field such as T: or K: in the header").hint("put K: before the music");
            self.stray.get_or_insert_with(fault);
            return Ok(continues);
        }
        if continues != Continues::Music {
            self.line_group += 1;
        }
        let more = self.music_line(&mut cursor)?;
        Ok(if more { Continues::Music } else { Continues::Nothing })
    }

    /// Takes in a field of the header or of the file before it.
    pub(super) fn header_field(&mut self, letter: char, cursor: &mut Cursor<'_>) -> Result<()> {
        match letter {
            'T' if self.title.is_empty() => self.title = text::decode(cursor.rest().trim()),
            'C' => {
                let name = text::decode(cursor.rest().trim());
                if !self.composer.is_empty() && !name.is_empty() {
                    self.composer.push_str("; ");
                }
                self.composer.push_str(&name);
            }
            'M' => self.defaults.metre = field::metre(cursor)?,
            'L' => {
                self.defaults.unit = field::unit_length(cursor)?;
                self.unit_given = true;
            }
            'Q' => self.tempo = Some(cursor.line()),
            'V' => self.voice_field(cursor)?,
            'U' => self.define_letter(cursor),
            'I' => self.instruction(cursor)?,
            'K' => {
                let field = key::key(cursor)?;
                self.defaults.signature = field.signature.unwrap_or_default();
                self.defaults.shift = self.defaults.shift.updated(field.shift);
                self.begin_body()?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends the header: what it says holds for all voices.
    fn begin_body(&mut self) -> Result<()> {
        self.in_body = true;
        if !self.unit_given {
            self.defaults.unit = field::default_unit(self.defaults.metre);
        }
        let defaults = self.defaults.clone();
        for voice in &mut self.voices {
            (voice.signature, voice.metre, voice.unit) = (defaults.signature, defaults.metre, defaults.unit);
            (voice.shift, voice.reach) = (defaults.shift.updated(voice.shift), defaults.reach);
        }
        if let Some(key) = sounding_key(&defaults) {
            self.keys.insert(Beats::ZERO, (0, key));
        }
        if let Some(metre) = defaults.metre {
            self.metres.insert(Beats::ZERO, (0, metre));
        }
        if let Some((line, number)) = self.tempo.take() {
            let tempo = field::tempo(&mut Cursor::new(&line, 2, number), defaults.unit)?;
            self.tempi.extend(tempo.map(|tempo| (Beats::ZERO, (0, tempo))));
        }
        Ok(())
    }

    /// Takes in a field of the body, on its own line or inline.
    pub(super) fn body_field(&mut self, letter: char, cursor: &mut Cursor<'_>) -> Result<()> {
        let place = *cursor;
        match letter {
            'K' => {
                let field = key::key(cursor)?;
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
                let voice = self.voice();
                let time = voice.time();
                match field::tempo(cursor, voice.unit)? {
                    Some(tempo) => mark(&mut self.tempi, time, self.current, tempo, &place),
                    None => Ok(()),
                }
            }
            'V' => self.voice_field(cursor),
            'U' => {
                self.define_letter(cursor);
                Ok(())
            }
            'I' => self.instruction(cursor),
            _ => Ok(()),
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

    /// The voice that is being read.
    pub(super) fn voice(&mut self) -> &mut Voice {
        if self.voices.is_empty() {
            self.voices.push(self.defaults.clone());
        }
        &mut self.voices[self.current]
    }

    /// Puts words under the current voice's last line.
    fn sing(&mut self, cursor: &mut Cursor<'_>, more: bool) -> Result<()> {
        let voice = self.voice();
        voice.words.sing(cursor, more, &mut voice.layers[0].notes)
    }

    /// `%%…`, from the third character of its line.
    pub(super) fn directive(&mut self, directive: &str, line: &Line<'_>) -> Result<()> {
        if let Some(recipe) = directive.strip_prefix("etude-recipe") {
            recipe.trim().clone_into(&mut self.recipe);
            return Ok(());
        }
        let text = without_comment(directive);
        self.instruction(&mut Cursor::new(text, 0, line.number))
    }

    /// An instruction of an I: field or a `%%` line. Those that don't touch the music are left alone.
    fn instruction(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let mut words = cursor.rest().split_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("MIDI"), Some("program"), Some(program), None) => {
                let Some(program) = program.parse().ok().filter(|&n: &u8| n < 128) else { return Ok(()) };
                match self.voices.get_mut(self.current) {
                    Some(voice) => voice.program = program,
                    None => self.defaults.program = program,
                }
            }
            (Some("propagate-accidentals"), Some(reach), ..) => {
                let reach = match reach {
                    "not" => Reach::Note,
                    "octave" => Reach::Octave,
                    _ => Reach::Letter,
                };
                self.defaults.reach = reach;
                self.voices.iter_mut().for_each(|voice| voice.reach = reach);
            }
            (Some("score" | "staves"), ..) if self.instruments.is_empty() => {
                self.instruments = instruments(cursor.rest());
            }
            _ => {}
        }
        Ok(())
    }

    /// U: fields, such as `U:F = !fermata!`.
    fn define_letter(&mut self, cursor: &mut Cursor<'_>) {
        let Some((letter, meaning)) = cursor.rest().split_once('=') else { return };
        let letter = letter.trim().bytes().next().filter(u8::is_ascii).unwrap_or(0);
        let name = meaning.trim().trim_matches(['!', '+']);
        self.fermata_letters[usize::from(letter)] = names_fermata(name);
    }

    /// Whether a letter stands for a fermata.
    pub(super) fn is_fermata(&self, letter: char) -> bool {
        self.fermata_letters.get(letter as usize).copied().unwrap_or(false)
    }

    /// Counts notes, up to the limit.
    pub(super) fn count_notes(&mut self, count: usize, cursor: &Cursor<'_>) -> Result<()> {
        self.notes += count;
        if self.notes > limits::NOTES {
            return Err(cursor.error("too many notes", format!("at most {} in a tune", limits::NOTES)));
        }
        Ok(())
    }

    /// Takes in a chord symbol at the current time.
    pub(super) fn chord_symbol(&mut self, symbol: String, cursor: &Cursor<'_>) -> Result<()> {
        if self.chords.len() == limits::MARKS {
            return Err(cursor.error("too many chord symbols", format!("at most {}", limits::MARKS)));
        }
        let time = self.voice().time();
        self.chords.push((time, symbol));
        Ok(())
    }
}

/// The key that a voice's signature sounds in.
fn sounding_key(voice: &Voice) -> Option<Key> {
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

/// The letter of an information field, if the line is one; `e:|` is music.
pub(super) fn is_field(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let letter = chars.next().filter(|c| c.is_ascii_uppercase() || matches!(c, 'm' | 'r' | 's' | 'w'))?;
    let colon = chars.next() == Some(':');
    let is_bar_line = matches!(letter, 'A'..='G') && matches!(chars.next(), Some('|' | ':'));
    (colon && !is_bar_line).then_some(letter)
}

/// The line up to its comment; `\%` is no comment.
pub(super) fn without_comment(text: &str) -> &str {
    let is_comment = |&at: &usize| at == 0 || text.as_bytes()[at - 1] != b'\\';
    let comment = text.match_indices('%').map(|(at, _)| at).find(is_comment);
    &text[..comment.unwrap_or(text.len())]
}

/// Steps over a block of text or PostScript if `line` begins one.
pub(super) fn skips_block(line: &Line<'_>, lines: &mut Lines<'_>) -> bool {
    let begins = line.text.strip_prefix("%%begin").is_some();
    if begins {
        let _ = lines.by_ref().find(|line| line.text.starts_with("%%end"));
    }
    begins
}

/// The braces of a `%%score` line: the ids of the voices in each.
fn instruments(score: &str) -> Vec<Vec<String>> {
    let mut groups = score.split('{');
    groups.next();
    let ids = |group: &str| -> Vec<String> {
        let inside = group.split('}').next().unwrap_or_default();
        let ids = inside.split(|c: char| c.is_whitespace() || "()[]|*".contains(c));
        ids.filter(|id| !id.is_empty()).take(limits::VOICES).map(str::to_owned).collect()
    };
    groups.take(limits::VOICES).map(ids).collect()
}
