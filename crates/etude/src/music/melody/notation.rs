//! The notation: which symbol stands at each step, and what a model reads before it.

use super::Melody;
use super::chord::FAMILIES;
use super::sheet::{METRES, Sheet};
use etude_piece::score::{Cell, Frame, Grid, Key, Onset};

/// Nothing happens.
pub(super) const HOLD: usize = 0;
/// A rest begins.
pub(super) const OFF: usize = 1;
/// The symbol of the lowest pitch.
const FIRST: usize = 2;

/// How many quarters of a bar have places of their own; of longer bars the rest is one place.
pub(super) const QUARTERS: usize = 6;

/// How many quarters a note's age is counted.
const AGE: usize = 4;

/// How many lengths of notes are told apart.
const LENGTHS: usize = 8;

/// How many intervals are told apart: up to an octave both ways, and none.
const INTERVALS: usize = 26;

/// What a model reads before each symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// What mixing and counts take for contexts: few fields, some of them products.
    Plain,
    /// The same, and what stood one and two bars ago.
    Lookback,
    /// Each fact by itself, what stood one and two bars ago too: networks join them by themselves, and their tables stay small.
    Apart,
}

impl Told {
    /// All, with their names in settings.
    pub(super) const ALL: [(&str, Self); 3] =
        [("plain", Self::Plain), ("lookback", Self::Lookback), ("apart", Self::Apart)];

    /// Its name in settings.
    pub(super) fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }
}

/// How melodies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notation {
    /// The lowest pitch, a MIDI number.
    pub(super) low: u8,
    /// The highest.
    pub(super) high: u8,
    /// Steps in a quarter note, 1..=24.
    pub(super) steps: usize,
    /// What a model reads before each symbol.
    pub(super) told: Told,
    /// Whether the model was taught with chords; else it is told of none.
    pub(super) chords: bool,
    /// Whether melodies are moved to a common signature.
    pub(super) common: bool,
}

impl Notation {
    /// How many pitches there are, P.
    pub(super) fn pitches(&self) -> usize {
        usize::from(self.high - self.low) + 1
    }

    /// How many symbols there are, Q = P + 3.
    pub(super) fn symbols(&self) -> usize {
        self.pitches() + FIRST + 1
    }

    /// The symbol of the end.
    pub(super) fn end(&self) -> usize {
        self.symbols() - 1
    }

    /// The symbol of a note that begins; `index` is its pitch's place in the range.
    pub(super) fn strike(index: usize) -> usize {
        FIRST + index
    }

    /// The place in the range of the pitch that a symbol strikes.
    pub(super) fn struck(&self, symbol: usize) -> Option<usize> {
        (FIRST..self.end()).contains(&symbol).then(|| symbol - FIRST)
    }

    /// How many values each field has, shape (K).
    ///
    /// | field | what it says |
    /// |---|---|
    /// | 0 | the symbol before |
    /// | 1 | the place in the bar, in steps |
    /// | 2 | the last note, and whether it still sounds |
    /// | 3 | steps since it began or ended, up to a whole note; how long the note before was; the place in the half bar |
    /// | 4 | the last note, and the interval that led to it |
    /// | 5 | the chord, its root and its family; the last note's class |
    /// | 6 | mode, kind of metre, how many bars are left after this one, up to 3; the place in the bar |
    /// | 7, 8 | the symbols one and two bars ago, with `fields=lookback` |
    /// | 9 | whether the symbol before was that of one and of two bars ago |
    ///
    /// With `fields=apart` 0 to 2 are the same; then come the last note's age, how long the note before was, the interval
    /// between them, the chord, the last note's class above the chord's root, what 6 tells without the place, and 7 to 9.
    pub(super) fn fields(&self) -> Vec<usize> {
        let places = QUARTERS * self.steps;
        let lookback = [self.symbols() + 1, self.symbols() + 1, 4];
        if self.told == Told::Apart {
            let (age, chords) = (AGE * self.steps + 1, 1 + 12 * FAMILIES);
            let first = [self.symbols() + 1, places, 2 * self.pitches() + 1];
            let own = [age, LENGTHS, INTERVALS, chords, 13, 2 * METRES * 4];
            return first.into_iter().chain(own).chain(lookback).collect();
        }
        let mut fields = vec![
            self.symbols() + 1,
            places,
            2 * self.pitches() + 1,
            (AGE * self.steps + 1) * LENGTHS * 2 * self.steps,
            self.pitches() * INTERVALS + 1,
            (1 + 12 * FAMILIES) * 13,
            2 * METRES * 4 * places,
        ];
        if self.told == Told::Lookback {
            fields.extend(lookback);
        }
        fields
    }

    /// The value of field 1.
    pub(super) fn place(&self, frame: &Frame, step: usize) -> usize {
        let bar = frame.steps_per_bar();
        // An upbeat is the end of a bar.
        let within = (step + bar - frame.pickup % bar) % bar;
        within.min(QUARTERS * self.steps - 1)
    }

    /// The value of field 3, where a note is `age` steps old and began `length` steps after the one before it.
    pub(super) fn rhythm(&self, age: usize, length: usize, place: usize) -> usize {
        let half = 2 * self.steps;
        (self.age(age) * LENGTHS + self.length(length)) * half + place % half
    }

    /// How old a note is, as far as it is counted.
    pub(super) fn age(&self, age: usize) -> usize {
        age.min(AGE * self.steps)
    }

    /// How long a note was: in sixteenths none, 1, 2, 3, 4, 5 to 6, 7 to 8, more.
    pub(super) fn length(&self, length: usize) -> usize {
        let sixteenths = (4 * length).div_ceil(self.steps);
        [0, 1, 2, 3, 4, 5, 5, 6, 6].get(sixteenths).copied().unwrap_or(LENGTHS - 1)
    }

    /// The value of field 4, where a note is `interval` semitones above the one before it.
    pub(super) fn motion(&self, note: Option<usize>, interval: Option<i32>) -> usize {
        note.map_or(self.pitches() * INTERVALS, |note| note * INTERVALS + Self::interval(interval))
    }

    /// An interval in semitones, or none, below [`INTERVALS`].
    pub(super) fn interval(interval: Option<i32>) -> usize {
        let wide = INTERVALS as i32 / 2 - 1;
        interval.map_or(INTERVALS - 1, |interval| (interval.clamp(-wide, wide) + wide) as usize)
    }

    /// The value of field 5: a chord's number, and the class of a note, given by its place in the range.
    pub(super) fn harmony(&self, chord: u32, note: Option<usize>) -> u32 {
        let class = note.map_or(12, |note| (usize::from(self.low) + note) % 12);
        chord * 13 + class as u32
    }

    /// How many semitones a note's class lies above the root of a chord, given by its number; above C where there is no
    /// chord, 12 where there is no note.
    pub(super) fn above(&self, chord: u32, note: Option<usize>) -> u32 {
        let root = chord.saturating_sub(1) / FAMILIES as u32;
        note.map_or(12, |note| (u32::from(self.low) + note as u32 + 12 - root) % 12)
    }

    /// How far a melody is moved before it is written, −6..=5 semitones: to a signature without accidentals.
    pub(super) fn shift(&self, key: Key) -> i32 {
        if !self.common {
            return 0;
        }
        (-i32::from(key.fifths) * 7 + 6).rem_euclid(12) - 6
    }

    /// The symbols of a melody that is moved already, the end with them, shape (T + 1). Notes beyond the range come
    /// back by octaves.
    pub(super) fn write(&self, grid: &Grid) -> Vec<u32> {
        let mut before: Option<u8> = None;
        let cells = (0..grid.steps()).map(|step| {
            let cell = grid.at(step, 0);
            let symbol = match cell.pitch {
                Some(pitch) if cell.onset == Onset::Struck || before != Some(pitch) => {
                    let pitch = folded(i32::from(pitch), self.low, self.high);
                    Self::strike(usize::from(pitch - self.low))
                }
                None if before.is_some() => OFF,
                _ => HOLD,
            };
            before = cell.pitch;
            symbol as u32
        });
        let mut symbols: Vec<u32> = cells.collect();
        symbols.push(self.end() as u32);
        symbols
    }

    /// The grid of symbols; those from the end on are left out.
    pub(super) fn read(&self, symbols: &[u32], frame: &Frame) -> Grid {
        let steps = symbols.iter().take_while(|symbol| **symbol as usize != self.end()).count();
        let mut grid = Grid::new(Frame { voices: 1, steps, ..frame.clone() });
        let mut sounding: Option<u8> = None;
        for (step, &symbol) in symbols[..steps].iter().enumerate() {
            let struck = self.struck(symbol as usize);
            if symbol as usize == OFF {
                sounding = None;
            } else if let Some(index) = struck {
                sounding = Some(self.low + index as u8);
            }
            let onset = match (struck, sounding) {
                (Some(_), _) => Onset::Struck,
                (None, Some(_)) => Onset::Held,
                (None, None) => Onset::Unmarked,
            };
            grid.set(step, 0, Cell { pitch: sounding, onset });
        }
        grid
    }

    /// What a model may read of a melody's surroundings, for a melody that is moved already.
    pub(super) fn sheet(self, melody: &Melody) -> Sheet {
        Sheet::new(self, melody)
    }
}

/// A pitch, moved by octaves into a range; into the range's nearest end where no octave of it lies inside.
pub(in crate::music) fn folded(pitch: i32, low: u8, high: u8) -> u8 {
    let (low, high) = (i32::from(low), i32::from(high));
    let class = (pitch - low).rem_euclid(12);
    let nearest = if pitch < low { low + class } else { high - (high - pitch).rem_euclid(12) };
    let inside = if (low..=high).contains(&pitch) { pitch } else { nearest.clamp(low, high) };
    inside as u8
}
