//! One part, bar by bar: attributes, movements in time, directions, barlines, and the voices they fill.

use super::attributes::{read_direction_type, read_key, read_sound, read_time, read_transpose};
use super::chord_symbol;
use super::cursor::{Cursor, Tag};
use super::interval::Interval;
use super::note;
use crate::score::{Beats, Key, Metre, Note, Tempo};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// More bars than any piece has.
const MAX_MEASURES: usize = 250_000;

/// The largest denominator of a time, and the latest time in quarter notes.
pub(super) const MAX_TIME: i64 = 1_000_000;

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

/// A voice.
#[derive(Debug, Default)]
pub(super) struct MeasuredVoice {
    pub(super) notes: Vec<Placed>,
}

/// A note in its bar.
#[derive(Debug)]
pub(super) struct Placed {
    /// The note, with its onset from its bar's beginning.
    pub(super) note: Note,
    /// Its bar, counted from 0.
    pub(super) measure: u32,
    /// Whether a tie ends at it.
    pub(super) continues: bool,
}

/// A bar as one part has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measure {
    /// How far its contents reach; zero for an empty bar.
    pub(super) length: Beats,
    /// The metre in force, if there is one.
    pub(super) metre: Option<Metre>,
    pub(super) repeat_start: bool,
    pub(super) repeat_end: bool,
    pub(super) ending: Option<u8>,
}

/// A time: a bar, counted from 0, and an offset from its beginning.
pub(super) type At = (u32, Beats);

/// Reads the measures of a `part`.
pub(super) fn read(cursor: &mut Cursor<'_>, name: String, program: u8) -> Result<Measured> {
    let mut reader = Reader {
        part: Measured { name, program, ..Measured::default() },
        voices: BTreeMap::new(),
        divisions: Beats::ZERO,
        interval: Interval::default(),
        metre: None,
        now: Beats::ZERO,
        reached: Beats::ZERO,
        chord_onset: None,
        repeat_next: false,
    };
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "measure" => reader.read_measure(cursor, &tag)?,
            _ => cursor.skip()?,
        }
    }
    Ok(reader.finish())
}

/// The state that lasts while a part is read.
struct Reader {
    part: Measured,
    /// Where each voice stands in the part, by its name in the file.
    voices: BTreeMap<String, usize>,
    /// Divisions of a quarter note; zero before the first are given.
    divisions: Beats,
    /// From written to sounding pitches.
    interval: Interval,
    metre: Option<Metre>,
    /// Where we are in the bar.
    now: Beats,
    /// The farthest we have been.
    reached: Beats,
    /// Where the last note began, for the next note of its chord; some files move in time between the two.
    chord_onset: Option<Beats>,
    /// Whether a repeated section begins with the next bar.
    repeat_next: bool,
}

impl Reader {
    fn read_measure<'a>(&mut self, cursor: &mut Cursor<'a>, measure: &Tag<'a>) -> Result<()> {
        if self.part.measures.len() == MAX_MEASURES {
            return Err(cursor.fault(measure.at, "one more bar", format!("at most {MAX_MEASURES} bars")));
        }
        (self.now, self.reached, self.chord_onset) = (Beats::ZERO, Beats::ZERO, None);
        let repeat_start = std::mem::take(&mut self.repeat_next);
        self.part.measures.push(Measure { repeat_start, metre: self.metre, ..Measure::default() });
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "note" => self.read_note(cursor, &tag)?,
                "attributes" => self.read_attributes(cursor)?,
                "backup" => self.read_backup(cursor, &tag)?,
                "forward" => self.read_forward(cursor, &tag)?,
                "direction" => self.read_direction(cursor)?,
                "sound" => {
                    if let Some(tempo) = read_sound(cursor, &tag)? {
                        self.add_tempo(tempo, self.now);
                    }
                }
                "harmony" => self.read_harmony(cursor, &tag)?,
                "barline" => self.read_barline(cursor, &tag)?,
                _ => cursor.skip()?,
            }
        }
        self.measure().length = self.reached;
        Ok(())
    }

    fn read_note<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let element = note::read(cursor, tag, self.interval)?;
        if element.grace {
            return Ok(());
        }
        let Some(divisions) = element.duration else {
            return Err(cursor.hinted(
                tag.at,
                "a note without `duration`",
                "one",
                "only grace notes have none",
            ));
        };
        let duration = self.beats(cursor, tag.at, divisions)?;
        let onset = match (element.chord, self.chord_onset) {
            (false, _) => self.now,
            (true, Some(onset)) => onset,
            (true, None) => return Err(cursor.fault(tag.at, "`chord`", "a note before it in the bar")),
        };
        let end = checked_sum(onset, duration).ok_or_else(|| too_long(cursor, tag.at))?;
        self.reached = self.reached.max(end);
        if !element.chord {
            self.chord_onset = Some(onset);
            self.now = end;
        }
        let measure = self.bar();
        let voice = self.voice(element.voice);
        if let (Some(pitch), false) = (element.pitch, element.cue) {
            let note = Note {
                tied: element.tied,
                fermata: element.fermata,
                lyrics: element.lyrics,
                velocity: element.velocity,
                ..Note::new(onset, duration, pitch)
            };
            voice.notes.push(Placed { note, measure, continues: element.continues });
        }
        Ok(())
    }

    /// The voice of a name, new if it was never heard of.
    fn voice(&mut self, name: String) -> &mut MeasuredVoice {
        let next = self.part.voices.len();
        let at = *self.voices.entry(name).or_insert(next);
        if at == next {
            self.part.voices.push(MeasuredVoice::default());
        }
        &mut self.part.voices[at]
    }

    /// Goes back in time, at most to the bar's beginning: some files count a chord's notes one by one.
    fn read_backup<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let duration = self.read_movement(cursor, tag)?;
        self.now = (self.now - duration).max(Beats::ZERO);
        Ok(())
    }

    fn read_forward<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let duration = self.read_movement(cursor, tag)?;
        self.now = checked_sum(self.now, duration).ok_or_else(|| too_long(cursor, tag.at))?;
        self.reached = self.reached.max(self.now);
        Ok(())
    }

    /// The duration of a `backup` or `forward`.
    fn read_movement<'a>(&mut self, cursor: &mut Cursor<'a>, movement: &Tag<'a>) -> Result<Beats> {
        let mut duration = None;
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "duration" => duration = Some(cursor.decimal(&tag)?),
                _ => cursor.skip()?,
            }
        }
        let found = format!("`{}` without `duration`", movement.name());
        let divisions = duration.ok_or_else(|| cursor.fault(movement.at, found, "one"))?;
        self.beats(cursor, movement.at, divisions)
    }

    /// A duration in divisions as beats.
    fn beats(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if divisions <= Beats::ZERO {
            return Err(cursor.fault(at, format!("a duration of {divisions}"), "one above 0"));
        }
        self.scaled(cursor, at, divisions)
    }

    /// Any count of divisions, such as an offset, as beats.
    fn scaled(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if self.divisions == Beats::ZERO {
            let hint = "give `divisions` in the first bar's `attributes`";
            return Err(cursor.hinted(at, "a duration before any `divisions`", "`divisions` first", hint));
        }
        let quarter = Beats::new(self.divisions.denominator(), self.divisions.numerator());
        divisions.checked_mul(quarter).filter(|&beats| in_limits(beats)).ok_or_else(|| too_long(cursor, at))
    }

    fn read_attributes(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let mut written_key = None;
        while let Some(tag) = cursor.child()? {
            let first_staff = cursor.attribute(&tag, "number")?.is_none_or(|number| number == "1");
            match tag.name() {
                "divisions" => {
                    self.divisions = cursor.decimal(&tag)?;
                    if self.divisions <= Beats::ZERO || !in_limits(self.divisions) {
                        let found = format!("{} as `divisions`", self.divisions);
                        return Err(cursor.fault(
                            tag.at,
                            found,
                            format!("a number above 0, at most {MAX_TIME}"),
                        ));
                    }
                }
                "transpose" if first_staff => self.interval = read_transpose(cursor)?,
                "key" if first_staff => written_key = read_key(cursor)?.or(written_key),
                "time" if first_staff => {
                    if let Some(metre) = read_time(cursor, &tag)? {
                        let at = self.at(self.now);
                        self.part.metres.push((at, metre));
                        self.metre = Some(metre);
                        self.measure().metre = Some(metre);
                    }
                }
                _ => cursor.skip()?,
            }
        }
        // The transposition comes after the key it changes.
        if let Some(key) = written_key {
            let at = self.at(self.now);
            self.part.keys.push((at, self.interval.above_key(key)));
        }
        Ok(())
    }

    fn read_direction(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let (mut sounded, mut shown, mut at) = (None, None, self.now);
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "sound" => sounded = read_sound(cursor, &tag)?.or(sounded),
                "direction-type" => shown = read_direction_type(cursor)?.or(shown),
                "offset" => {
                    let divisions = cursor.decimal(&tag)?;
                    at = self.moved(cursor, tag.at, divisions)?;
                }
                _ => cursor.skip()?,
            }
        }
        if let Some(tempo) = sounded.or(shown) {
            self.add_tempo(tempo, at);
        }
        Ok(())
    }

    fn read_harmony<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let harmony = chord_symbol::read(cursor)?;
        let at = self.moved(cursor, tag.at, harmony.offset)?;
        let symbol = harmony.symbol(self.interval);
        if !symbol.is_empty() {
            self.part.chords.push((self.at(at), symbol));
        }
        Ok(())
    }

    /// The place `divisions` from here, at the earliest the bar's beginning.
    fn moved(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if divisions == Beats::ZERO {
            return Ok(self.now);
        }
        let offset = self.scaled(cursor, at, divisions)?;
        let moved = checked_sum(self.now, offset).ok_or_else(|| too_long(cursor, at))?;
        Ok(moved.max(Beats::ZERO))
    }

    fn read_barline<'a>(&mut self, cursor: &mut Cursor<'a>, barline: &Tag<'a>) -> Result<()> {
        let left = cursor.attribute(barline, "location")?.as_deref() == Some("left");
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "repeat" => {
                    let direction = cursor.attribute(&tag, "direction")?.unwrap_or_default();
                    self.add_repeat(&direction, left);
                }
                "ending" => {
                    let start = cursor.attribute(&tag, "type")?.as_deref() == Some("start");
                    let numbers = cursor.attribute(&tag, "number")?.unwrap_or_default();
                    // "1, 2" is an ending for two times through; a bar holds one number.
                    let number = numbers.split([',', ' ']).find_map(|number| number.parse().ok());
                    if start {
                        self.measure().ending = number.filter(|&number: &u8| number > 0);
                    }
                }
                _ => {}
            }
            cursor.skip()?;
        }
        Ok(())
    }

    /// Marks a repeat; at the wrong side of a bar it belongs to the neighbour.
    fn add_repeat(&mut self, direction: &str, left: bool) {
        let count = self.part.measures.len();
        match (direction, left) {
            ("forward", true) => self.measure().repeat_start = true,
            ("forward", false) => self.repeat_next = true,
            ("backward", false) => self.measure().repeat_end = true,
            ("backward", true) if count > 1 => self.part.measures[count - 2].repeat_end = true,
            _ => {}
        }
    }

    fn add_tempo(&mut self, tempo: Tempo, at: Beats) {
        let at = self.at(at);
        self.part.tempi.push((at, tempo));
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

    /// The part, its voices in the order of their numbers; those with other names follow as they came.
    fn finish(mut self) -> Measured {
        let mut order: Vec<(u32, usize)> = Vec::with_capacity(self.voices.len());
        for (name, at) in self.voices {
            order.push((name.parse().unwrap_or(u32::MAX), at));
        }
        order.sort_unstable();
        let taken = order.iter().map(|&(_, at)| std::mem::take(&mut self.part.voices[at]));
        self.part.voices = taken.collect();
        self.part
    }
}

/// The sum, where it stays in the limits.
pub(super) fn checked_sum(first: Beats, second: Beats) -> Option<Beats> {
    first.checked_add(second).filter(|&sum| in_limits(sum))
}

/// Whether a time is small enough to reckon with.
pub(super) fn in_limits(time: Beats) -> bool {
    time.denominator() <= MAX_TIME && time >= Beats::whole(-MAX_TIME) && time <= Beats::whole(MAX_TIME)
}

fn too_long(cursor: &Cursor<'_>, at: usize) -> Error {
    let expected =
        format!("times up to {MAX_TIME} quarter notes, in parts of a quarter note up to 1/{MAX_TIME}");
    cursor.fault(at, "a time out of bounds", expected)
}
