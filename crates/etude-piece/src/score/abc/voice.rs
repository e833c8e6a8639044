//! One voice while it is read: where it is in time and what is in force.

use super::cursor::Cursor;
use super::key::{ShiftField, Signature};
use super::limits;
use super::lyrics::Words;
use crate::Result;
use crate::score::{Bar, Beats, Key, Metre, Note, Pitch, Step};

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
    /// Where syllables go.
    pub(super) words: Words,
    /// The main line, then the overlays.
    pub(super) layers: Vec<Layer>,
    /// The layer that is being read.
    current: usize,
    /// The bars of the main line.
    pub(super) bars: Vec<Bar>,
    /// Whether the last bar of `bars` has begun and not ended.
    bar_open: bool,
    /// Signs that wait for the next bar.
    next_bar: Bar,
    /// Alterations within the bar, by letter and octave (from -2).
    altered: [[Option<i8>; OCTAVES]; 7],
    /// What a tuplet does to how many more events.
    tuplet: Option<(Beats, u32)>,
    /// What broken rhythm does to the next event.
    broken: Option<Beats>,
}

/// Octaves -2..=10, so that every written note has its place.
const OCTAVES: usize = 13;

/// One line of a voice.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// Its notes so far.
    pub(super) notes: Vec<Note>,
    /// Where the next event begins.
    pub(super) time: Beats,
    /// The last note, chord or rest.
    last: Option<Last>,
}

/// What may still befall the last event: ties and broken rhythm.
#[derive(Debug, Clone)]
struct Last {
    /// The index of its first note.
    first: usize,
    start: Beats,
    length: Beats,
    /// Its notes as written and whether they are tied on.
    written: Vec<(Pitch, bool)>,
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

/// A repeat sign, or none, at a bar line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct BarSign {
    /// A repeated section ends here.
    pub(super) repeat_end: bool,
    /// A repeated section begins here.
    pub(super) repeat_start: bool,
    /// A variant ending begins here.
    pub(super) ending: Option<u8>,
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
            words: Words::default(),
            layers: vec![Layer::default()],
            current: 0,
            bars: Vec::new(),
            bar_open: false,
            next_bar: Bar::default(),
            altered: [[None; OCTAVES]; 7],
            tuplet: None,
            broken: None,
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

    /// The written pitch of a letter under signature, ties and accidentals, and the pitch that sounds;
    /// `None` outside what MIDI can name.
    pub(super) fn pitch(&mut self, step: Step, octave: i8, sign: Option<i8>) -> Option<(Pitch, Pitch)> {
        let place = usize::try_from(octave + 2).ok().filter(|&place| place < OCTAVES)?;
        let letter = step as usize;
        let alter = match sign {
            Some(alter) => {
                match self.reach {
                    Reach::Note => {}
                    Reach::Octave => self.altered[letter][place] = Some(alter),
                    Reach::Letter => self.altered[letter] = [Some(alter); OCTAVES],
                }
                alter
            }
            None => self
                .tied_alter(step, octave)
                .or(self.altered[letter][place])
                .unwrap_or(self.signature.alters[letter]),
        };
        let written = Pitch::new(step, alter, octave);
        let shifted = Pitch::new(step, alter, octave.checked_add(self.shift.octaves())?);
        let number = i32::from(shifted.midi()?) + i32::from(self.shift.semitones());
        if self.shift.semitones() == 0 {
            return Some((written, shifted));
        }
        let key = self.signature.key.unwrap_or(Key::C_MAJOR).transposed(i32::from(self.shift.semitones()));
        let sounding = u8::try_from(number).ok().filter(|&n| n < 128)?;
        Some((written, Pitch::spell(sounding, key)))
    }

    /// The alteration that a tie carries over a bar line.
    fn tied_alter(&self, step: Step, octave: i8) -> Option<i8> {
        let last = self.layers[self.current].last.as_ref()?;
        let mut tied = last.written.iter().filter(|(_, tied)| *tied).map(|&(pitch, _)| pitch);
        tied.find(|pitch| pitch.step == step && pitch.octave == octave).map(|pitch| pitch.alter)
    }

    /// Adds a note, a chord or (without notes) a rest of `length` before tuplets and broken rhythm.
    /// Hands out the index of its first note.
    pub(super) fn push(
        &mut self,
        notes: &mut [EventNote],
        length: Beats,
        place: &Cursor<'_>,
    ) -> Result<usize> {
        self.open_bar();
        let mut factor = self.broken.take().unwrap_or(Beats::QUARTER);
        if let Some((ratio, left)) = self.tuplet {
            factor = limits::product(factor, ratio, place)?;
            self.tuplet = Some((ratio, left - 1)).filter(|&(_, left)| left > 0);
        }
        let fermata = std::mem::take(&mut self.fermata);
        let layer = &mut self.layers[self.current];
        let (first, start) = (layer.notes.len(), layer.time);
        notes.sort_by_key(|note| note.sounding);
        for note in &*notes {
            let duration = limits::product(note.length, factor, place)?;
            limits::sum(start, duration, place)?;
            let (tied, plain) = (note.tied, Note::new(start, duration, note.sounding));
            layer.notes.push(Note { tied, fermata, ..plain });
        }
        let length = limits::product(length, factor, place)?;
        layer.time = limits::sum(start, length, place)?;
        let written = notes.iter().map(|note| (note.written, note.tied)).collect();
        layer.last = Some(Last { first, start, length, written });
        Ok(first)
    }

    /// Ties the last note or chord on.
    pub(super) fn tie(&mut self) {
        let layer = &mut self.layers[self.current];
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

    /// Rests for whole bars.
    pub(super) fn rest_bars(&mut self, count: u32, place: &Cursor<'_>) -> Result<()> {
        let bar = self.metre.unwrap_or(Metre::COMMON).bar();
        for number in 0..count {
            if number > 0 {
                self.end_bar();
            }
            self.push(&mut [], bar, place)?;
        }
        Ok(())
    }

    /// Begins a bar of the main line if none is open.
    fn open_bar(&mut self) {
        if self.bar_open || self.current > 0 {
            return;
        }
        let onset = self.layers[0].time;
        self.bars.push(Bar { onset, ..std::mem::take(&mut self.next_bar) });
        self.bar_open = true;
    }

    /// Ends the bar under way, if there is one.
    fn end_bar(&mut self) {
        self.bar_open = false;
        self.altered = [[None; OCTAVES]; 7];
        self.fermata = false;
    }

    /// A bar line.
    pub(super) fn bar_line(&mut self, sign: BarSign) {
        self.altered = [[None; OCTAVES]; 7];
        if self.current > 0 {
            // An overlay of several bars goes on until it has caught up with the main line.
            if self.time() < self.layers[0].time {
                return;
            }
            self.current = 0;
        }
        self.end_bar();
        if sign.repeat_end
            && let Some(bar) = self.bars.last_mut()
        {
            bar.repeat_end = true;
        }
        self.next_bar.repeat_start |= sign.repeat_start;
        self.next_bar.ending = sign.ending.or(self.next_bar.ending);
    }

    /// Goes back to the beginning of the bar, or of an earlier one, for another line beside this one.
    pub(super) fn overlay(&mut self, bars_back: usize, place: &Cursor<'_>) -> Result<()> {
        let target = match (self.bar_open, self.bars.len().checked_sub(bars_back)) {
            (true, Some(index)) => self.bars[index].onset,
            (true, None) => return Err(place.error("more `&` than bars", "one `&` for each bar to go back")),
            (false, _) => self.layers[0].time,
        };
        self.current += 1;
        if self.current > limits::OVERLAYS {
            return Err(place.error("too many overlays", format!("at most {} in a bar", limits::OVERLAYS)));
        }
        if self.layers.len() == self.current {
            self.layers.push(Layer::default());
        }
        self.layers[self.current].time = target;
        self.layers[self.current].last = None;
        self.altered = [[None; OCTAVES]; 7];
        (self.tuplet, self.broken) = (None, None);
        Ok(())
    }
}
