//! One part, bar by bar: attributes, directions, barlines, and the voices that its notes fill.

use super::attributes::{read_key, read_measure_style, read_time, read_transpose};
use super::clock::Clock;
use super::cursor::{Cursor, Tag};
use super::direction::{self, Direction};
use super::interval::Interval;
use super::note;
use super::voices::{MeasuredVoice, Voices};
use super::{chord_symbol, repeats};
use crate::Result;
use crate::score::{Beats, Key, Metre, Tempo};

/// More bars than any piece has.
const MAX_MEASURES: usize = 250_000;

/// A part whose times count from its bars' beginnings.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) name: String,
    pub(super) program: u8,
    pub(super) voices: Vec<MeasuredVoice>,
    pub(super) measures: Vec<Measure>,
    pub(super) keys: Vec<(At, Key)>,
    pub(super) metres: Vec<(At, Metre)>,
    pub(super) tempi: Vec<(At, Tempo)>,
    pub(super) chords: Vec<(At, String)>,
}

/// A bar as one part has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measure {
    /// How far its contents reach; zero for an empty bar.
    pub(super) length: Beats,
    /// The metre in force, if there is one.
    pub(super) metre: Option<Metre>,
    /// Whether nothing but rests goes on after the metre's end.
    pub(super) rests_on: bool,
    pub(super) repeat_start: bool,
    pub(super) repeat_end: bool,
    /// A double bar line ends it.
    pub(super) section_end: bool,
    pub(super) ending: Option<u8>,
}

/// A time: a bar, counted from 0, and an offset from its beginning.
pub(super) type At = (u32, Beats);

/// Reads the measures of a `part`.
pub(super) fn read(cursor: &mut Cursor<'_>, name: String, program: u8) -> Result<Measured> {
    let mut reader = Reader::new(name, program);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "measure" => reader.read_measure(cursor, &tag)?,
            _ => cursor.skip()?,
        }
    }
    Ok(reader.finish(cursor))
}

/// The state that lasts while a part is read.
pub(super) struct Reader {
    part: Measured,
    voices: Voices,
    clock: Clock,
    /// From written to sounding pitches.
    interval: Interval,
    metre: Option<Metre>,
    /// Whether a repeated section begins with the next bar.
    repeat_next: bool,
    /// Where the music gets louder or softer: the velocity from there on.
    levels: Vec<(At, u8)>,
}

impl Reader {
    /// A part of which nothing is read yet.
    pub(super) fn new(name: String, program: u8) -> Self {
        Self {
            part: Measured { name, program, ..Measured::default() },
            voices: Voices::default(),
            clock: Clock::default(),
            interval: Interval::default(),
            metre: None,
            repeat_next: false,
            levels: Vec::new(),
        }
    }

    /// Reads the contents of a bar.
    pub(super) fn read_measure<'a>(&mut self, cursor: &mut Cursor<'a>, measure: &Tag<'a>) -> Result<()> {
        self.begin_measure(cursor, measure)?;
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "note" => self.read_note(cursor, &tag)?,
                "attributes" => self.read_attributes(cursor)?,
                "backup" => self.clock.read_backup(cursor, &tag)?,
                "forward" => self.clock.read_forward(cursor, &tag)?,
                "direction" => {
                    let direction = direction::read(cursor)?;
                    self.add(cursor, &tag, direction)?;
                }
                "sound" => {
                    let direction = direction::read_sound(cursor, &tag)?;
                    self.add(cursor, &tag, direction)?;
                }
                "harmony" => self.read_harmony(cursor, &tag)?,
                "figured-bass" => {
                    cursor.lose("figured bass figure", "a score holds chord symbols");
                    cursor.skip()?;
                }
                "barline" => {
                    let next = repeats::read_barline(cursor, &tag, &mut self.part.measures)?;
                    self.repeat_next |= next;
                }
                _ => cursor.skip()?,
            }
        }
        let Clock { reached, sounded, .. } = self.clock;
        let measure = self.measure();
        measure.length = reached;
        measure.rests_on = measure.metre.is_some_and(|metre| sounded <= metre.bar() && reached > metre.bar());
        Ok(())
    }

    /// Begins a bar that has nothing in it yet.
    pub(super) fn begin_measure<'a>(&mut self, cursor: &mut Cursor<'a>, measure: &Tag<'a>) -> Result<()> {
        if self.part.measures.len() == MAX_MEASURES {
            return Err(cursor.fault(measure.at, "one more bar", format!("at most {MAX_MEASURES} bars")));
        }
        cursor.keep::<Measure>(measure, 1)?;
        self.clock.next_bar();
        let repeat_start = std::mem::take(&mut self.repeat_next);
        self.part.measures.push(Measure { repeat_start, metre: self.metre, ..Measure::default() });
        Ok(())
    }

    /// How many bars there are so far.
    pub(super) fn bars(&self) -> usize {
        self.part.measures.len()
    }

    fn read_note<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let element = note::read(cursor, tag, self.interval)?;
        if element.cue {
            cursor.lose("cue note", "it isn't played");
        }
        if let Some(velocity) = element.level {
            let onset = if element.chord { self.clock.chord_onset() } else { self.clock.now };
            self.add_level(cursor, tag, velocity, onset)?;
        }
        if let Some(slashed) = element.grace {
            let voice = self.voices.named(cursor, tag, &element.voice)?;
            return voice.add_grace(cursor, tag, element, slashed);
        }
        let Some(divisions) = element.duration else {
            return Err(cursor.hinted(
                tag.at,
                "a note without `duration`",
                "one",
                "only grace notes have none",
            ));
        };
        let (onset, duration) = self.clock.pass_note(cursor, tag, divisions, &element)?;
        let measure = self.bar();
        let voice = self.voices.named(cursor, tag, &element.voice)?;
        voice.add_note(cursor, tag, element, (onset, duration), measure)
    }

    fn read_attributes(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let mut written_key = None;
        while let Some(tag) = cursor.child()? {
            let first_staff = cursor.attribute(&tag, "number")?.is_none_or(|number| number == "1");
            match tag.name() {
                "divisions" => self.clock.read_divisions(cursor, &tag)?,
                "transpose" if first_staff => self.interval = read_transpose(cursor)?,
                "key" if first_staff => {
                    let key = read_key(cursor)?;
                    written_key = key.map(|key| (key, tag)).or(written_key);
                }
                "time" if first_staff => {
                    if let Some(metre) = read_time(cursor, &tag)? {
                        cursor.keep::<(At, Metre)>(&tag, 1)?;
                        let at = self.at(self.clock.now);
                        self.part.metres.push((at, metre));
                        self.metre = Some(metre);
                        self.measure().metre = Some(metre);
                    }
                }
                // Mostly they repeat what the first staff has.
                "key" => {
                    let other = read_key(cursor)?;
                    let same = other.is_none() || other == written_key.as_ref().map(|&(key, _)| key);
                    lose_unless(cursor, same, "lower staff key");
                }
                "time" => {
                    let other = read_time(cursor, &tag)?;
                    lose_unless(cursor, other.is_none() || other == self.metre, "lower staff metre");
                }
                "measure-style" => read_measure_style(cursor)?,
                _ => cursor.skip()?,
            }
        }
        // The transposition comes after the key it changes.
        if let Some((key, tag)) = written_key {
            cursor.keep::<(At, Key)>(&tag, 1)?;
            let at = self.at(self.clock.now);
            self.part.keys.push((at, self.interval.above_key(key)));
        }
        Ok(())
    }

    /// Keeps what a direction says.
    fn add<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, direction: Direction) -> Result<()> {
        let now = match direction.offset {
            Some((divisions, at)) => self.clock.moved(cursor, at, divisions)?,
            None => self.clock.now,
        };
        if let Some(tempo) = direction.tempo {
            cursor.keep::<(At, Tempo)>(tag, 1)?;
            let at = self.at(now);
            self.part.tempi.push((at, tempo));
        }
        direction.velocity.map_or(Ok(()), |velocity| self.add_level(cursor, tag, velocity, now))
    }

    fn add_level<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        velocity: u8,
        onset: Beats,
    ) -> Result<()> {
        cursor.keep::<(At, u8)>(tag, 1)?;
        let at = self.at(onset);
        self.levels.push((at, velocity));
        Ok(())
    }

    fn read_harmony<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let harmony = chord_symbol::read(cursor)?;
        let at = self.clock.moved(cursor, tag.at, harmony.offset)?;
        let symbol = harmony.symbol(self.interval);
        if !symbol.is_empty() {
            cursor.keep::<(At, String)>(tag, 1)?;
            cursor.keep::<u8>(tag, symbol.len())?;
            self.part.chords.push((self.at(at), symbol));
        }
        Ok(())
    }

    /// The bar that is being read.
    fn measure(&mut self) -> &mut Measure {
        self.part.measures.last_mut().expect("a bar is being read")
    }

    /// Its number, counted from 0.
    fn bar(&self) -> u32 {
        u32::try_from(self.part.measures.len()).expect("bars are limited") - 1
    }

    fn at(&self, offset: Beats) -> At {
        (self.bar(), offset)
    }

    /// The part, with its voices in the order of their numbers.
    pub(super) fn finish(mut self, cursor: &mut Cursor<'_>) -> Measured {
        self.levels.sort_by_key(|&(at, _)| at);
        self.part.voices = self.voices.finish(cursor, &self.levels);
        self.part
    }
}

/// Counts what only a lower staff has.
fn lose_unless(cursor: &mut Cursor<'_>, same: bool, thing: &'static str) {
    if !same {
        cursor.lose(thing, "a part has those of its first staff");
    }
}
