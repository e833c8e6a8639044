//! One voice while it is read: where it is in time and what is in force.

use super::bars::Section;
use super::cursor::Cursor;
use super::decoration::NO_PLACE;
use super::key::{ShiftField, Signature};
use super::limits;
use super::lyrics::Words;
use super::spelling::{Alterations, NO_ALTERATIONS};
use crate::Result;
use crate::score::Losses;
use crate::score::{Bar, Beats, Grace, Metre, Note, Pitch};

/// How far an accidental reaches within its bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Reach {
    /// Its own note.
    Note,
    /// Its letter in its octave.
    Octave,
    /// Its letter in all octaves: the standard's default.
    #[default]
    Letter,
}

/// A voice under way.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    /// What V: fields call it.
    pub(super) id: String,
    /// What `name=` calls it.
    pub(super) name: Option<String>,
    /// Its General MIDI programme, 0..=127.
    pub(super) program: u8,
    /// The key signature in force.
    pub(super) signature: Signature,
    /// The metre in force; `None`: unmeasured.
    pub(super) metre: Option<Metre>,
    /// The unit note length.
    pub(super) unit: Beats,
    /// From written to sounding pitch.
    pub(super) shift: ShiftField,
    /// How far accidentals reach.
    pub(super) reach: Reach,
    /// Whether the next note or chord carries a fermata.
    pub(super) fermata: bool,
    /// The velocity that the last dynamic asks for.
    pub(super) velocity: Option<u8>,
    /// Where syllables go.
    pub(super) words: Words,
    /// The main line, then the overlays.
    pub(super) layers: Vec<Layer>,
    /// The layer that is being read.
    pub(super) current: usize,
    /// The bars of the main line.
    pub(super) bars: Vec<Bar>,
    /// Whether the last bar of `bars` has begun and not ended.
    pub(super) bar_open: bool,
    /// Where a repeat sign would lead back to.
    pub(super) section: Section,
    /// Signs that wait for the next bar.
    pub(super) next_bar: Bar,
    /// Alterations within the bar, by letter and octave (from -2).
    pub(super) altered: Alterations,
    /// What a tuplet does to how many more events.
    pub(super) tuplet: Option<(Beats, u32)>,
    /// What broken rhythm does to the next event.
    pub(super) broken: Option<Beats>,
    /// What was stepped over.
    pub(super) losses: Losses,
}

/// One line of a voice.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// Its notes so far.
    pub(super) notes: Vec<Note>,
    /// Its grace notes so far.
    pub(super) graces: Vec<Grace>,
    /// Grace notes that wait for the note they lead to.
    waiting: Vec<Grace>,
    /// Where the next event begins.
    pub(super) time: Beats,
    /// The last note, chord or rest.
    pub(super) last: Option<Last>,
}

/// What may still befall the last event: ties and broken rhythm.
#[derive(Debug, Clone)]
pub(super) struct Last {
    /// The index of its first note.
    first: usize,
    start: Beats,
    length: Beats,
    /// Its notes as written and whether they are tied on.
    pub(super) written: Vec<(Pitch, bool)>,
}

/// A note of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventNote {
    /// The pitch as written, without transposition.
    pub(super) written: Pitch,
    /// The pitch that sounds.
    pub(super) sounding: Pitch,
    /// Its length before tuplets and broken rhythm.
    pub(super) length: Beats,
    /// Whether it is tied on.
    pub(super) tied: bool,
}

impl Voice {
    /// A voice at its beginning.
    pub(super) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            program: 0,
            signature: Signature::default(),
            metre: None,
            unit: Beats::new(1, 2),
            shift: ShiftField::default(),
            reach: Reach::default(),
            fermata: false,
            velocity: None,
            words: Words::default(),
            layers: vec![Layer::default()],
            current: 0,
            bars: Vec::new(),
            bar_open: false,
            section: Section::default(),
            next_bar: Bar::default(),
            altered: NO_ALTERATIONS,
            tuplet: None,
            broken: None,
            losses: Losses::default(),
        }
    }

    /// Where the next event begins.
    pub(super) fn time(&self) -> Beats {
        self.layers[self.current].time
    }

    /// Whether the main line is being read, no overlay.
    pub(super) fn in_main_line(&self) -> bool {
        self.current == 0
    }

    /// Adds a note, a chord or (without notes) a rest of `length` before tuplets and broken rhythm.
    /// Hands out the index of its first note.
    pub(super) fn push(
        &mut self,
        notes: &mut [EventNote],
        length: Beats,
        place: &Cursor<'_>,
    ) -> Result<usize> {
        self.open_bar(place)?;
        let mut factor = self.broken.take().unwrap_or(Beats::QUARTER);
        if let Some((ratio, left)) = self.tuplet {
            factor = limits::product(factor, ratio, place)?;
            self.tuplet = Some((ratio, left - 1)).filter(|&(_, left)| left > 0);
        }
        let fermata = std::mem::take(&mut self.fermata);
        if fermata && notes.is_empty() {
            self.losses.add("fermata", "it stands on no note");
        }
        let velocity = self.velocity;
        let layer = &mut self.layers[self.current];
        let (first, start) = (layer.notes.len(), layer.time);
        notes.sort_by_key(|note| note.sounding);
        for note in &*notes {
            let duration = limits::product(note.length, factor, place)?;
            limits::sum(start, duration, place)?;
            let (tied, plain) = (note.tied, Note::new(start, duration, note.sounding));
            layer.notes.push(Note { tied, fermata, velocity, ..plain });
        }
        let graces = std::mem::take(&mut layer.waiting);
        if notes.is_empty() {
            self.losses.add_many(graces.len(), "grace note", "it leads to no note");
        } else {
            layer.graces.extend(graces.into_iter().map(|grace| Grace { before: start, ..grace }));
        }
        let length = limits::product(length, factor, place)?;
        layer.time = limits::sum(start, length, place)?;
        let written = notes.iter().map(|note| (note.written, note.tied)).collect();
        layer.last = Some(Last { first, start, length, written });
        Ok(first)
    }

    /// Grace notes that lead to the next note.
    pub(super) fn lead(&mut self, graces: Vec<Grace>) {
        self.layers[self.current].waiting.extend(graces);
    }

    /// Counts grace notes that no note followed.
    pub(super) fn end(&mut self) {
        let waiting = self.layers.iter().map(|layer| layer.waiting.len()).sum();
        self.losses.add_many(waiting, "grace note", "it leads to no note");
    }

    /// Ties the last note or chord on.
    pub(super) fn tie(&mut self) {
        let layer = &mut self.layers[self.current];
        if !layer.waiting.is_empty() {
            // What joins grace notes to their note is a slur, whatever old files write.
            self.losses.add("slur", NO_PLACE);
            return;
        }
        let Some(last) = &mut layer.last else { return };
        layer.notes[last.first..].iter_mut().for_each(|note| note.tied = true);
        last.written.iter_mut().for_each(|(_, tied)| *tied = true);
    }

    /// Broken rhythm: the last event becomes `left` times as long, the next `right` times.
    pub(super) fn break_rhythm(&mut self, left: Beats, right: Beats, place: &Cursor<'_>) -> Result<()> {
        let layer = &mut self.layers[self.current];
        let Some(last) = &mut layer.last else {
            return Err(place.fault("a note before broken rhythm").into());
        };
        last.length = limits::product(last.length, left, place)?;
        for note in &mut layer.notes[last.first..] {
            note.duration = limits::product(note.duration, left, place)?;
            limits::sum(last.start, note.duration, place)?;
        }
        layer.time = limits::sum(last.start, last.length, place)?;
        self.broken = Some(right);
        Ok(())
    }

    /// The next `count` events take `ratio` of their written time.
    pub(super) fn begin_tuplet(&mut self, ratio: Beats, count: u32) {
        self.tuplet = Some((ratio, count)).filter(|_| count > 0);
    }
}
