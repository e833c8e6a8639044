//! One tune while it is read: its header, its voices, and the fields that steer them.

use super::cursor::{Cursor, Line, Lines};
use super::decoration::Letters;
use super::fields::sounding_key;
use super::voice::Voice;
use super::{field, limits};
use crate::score::Losses;
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
    pub(super) defaults: Voice,
    /// Whether L: was given.
    pub(super) unit_given: bool,
    /// Whether this tune, not the file before it, names its composer.
    pub(super) composer_given: bool,
    /// The header's Q: line, whose meaning hangs on L:.
    pub(super) tempo: Option<(String, usize)>,
    /// The voices in the order of their first mention.
    pub(super) voices: Vec<Voice>,
    /// The voice that is being read.
    pub(super) current: usize,
    /// The ids of voices that one instrument plays, from `%%score`.
    pub(super) instruments: Vec<Vec<String>>,
    /// What single letters stand for.
    pub(super) letters: Letters,
    /// Whether a lone `!` breaks the line, so that it begins no decoration.
    pub(super) breaks_at_exclamation: bool,
    pub(super) keys: Marks<Key>,
    pub(super) metres: Marks<Metre>,
    pub(super) tempi: Marks<Tempo>,
    pub(super) chords: Vec<(Beats, String)>,
    /// Whether K: has ended the header.
    pub(super) in_body: bool,
    /// The header's field that a line `+:` would continue.
    pub(super) continued: char,
    /// A number for each line of music with those that continue it.
    pub(super) line_group: usize,
    /// How many bars of rest were asked for by number.
    pub(super) rest_bars: u32,
    notes: usize,
    /// The first line of the header that is no field.
    stray: Option<Fault>,
    /// Whether nothing but blanks came since a bar line, so that a number is a variant ending.
    pub(super) after_bar: bool,
    /// What was stepped over.
    pub(super) losses: Losses,
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
        Self {
            title: String::new(),
            composer: String::new(),
            recipe: String::new(),
            defaults: Voice::new(""),
            unit_given: false,
            composer_given: false,
            tempo: None,
            voices: Vec::new(),
            current: 0,
            instruments: Vec::new(),
            letters: Letters::default(),
            breaks_at_exclamation: false,
            keys: BTreeMap::new(),
            metres: BTreeMap::new(),
            tempi: BTreeMap::new(),
            chords: Vec::new(),
            in_body: false,
            continued: ' ',
            line_group: 0,
            rest_bars: 0,
            notes: 0,
            stray: None,
            after_bar: false,
            losses: Losses::default(),
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
            } else if !self.in_body {
                self.continue_field(&cursor);
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

    /// Ends the header: what it says holds for all voices.
    pub(super) fn begin_body(&mut self) -> Result<()> {
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
            let mut cursor = Cursor::new(&line, 2, number);
            self.count_tempo_words(&cursor);
            let tempo = field::tempo(&mut cursor, defaults.unit)?;
            self.tempi.extend(tempo.map(|tempo| (Beats::ZERO, (0, tempo))));
        }
        Ok(())
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
