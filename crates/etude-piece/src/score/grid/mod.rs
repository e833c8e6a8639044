//! The grid: what a polyphonic model reads. Every voice has one cell at every step of equal length.
//!
//! Holding a note and striking it again differ: a cell says whether its pitch begins there ([`Onset::Struck`]),
//! goes on ([`Onset::Held`]), or whether the source doesn't tell ([`Onset::Unmarked`]), as in corpora that list
//! only the sounding pitch of each step.

mod convert;
mod key;

pub use convert::{Quantised, VOICE_NAMES, voice_name};

use super::{Key, Metre};

/// What one voice does at one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The sounding MIDI number (0..=127), or `None` for a rest.
    pub pitch: Option<u8>,
    /// Whether the pitch begins here.
    pub onset: Onset,
}

/// Whether a pitch begins at a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Onset {
    /// A note begins.
    Struck,
    /// The note of the step before goes on.
    Held,
    /// The source doesn't tell; the pitch is that of the step before.
    Unmarked,
}

impl Cell {
    /// A rest.
    pub const REST: Self = Self { pitch: None, onset: Onset::Unmarked };
}

/// The frame that a grid and a draft share: how many voices and steps, and where the beats fall.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Voices, top to bottom, V ≥ 1.
    pub voices: usize,
    /// Steps, T.
    pub steps: usize,
    /// Steps in a quarter note, ≥ 1; 4 for sixteenths.
    pub steps_per_quarter: usize,
    /// The key, if known.
    pub key: Option<Key>,
    /// The metre, if known.
    pub metre: Option<Metre>,
    /// Steps before the first full bar.
    pub pickup: usize,
    /// The steps at which a note under a fermata ends, ascending: phrases end there.
    pub fermatas: Vec<usize>,
}

impl Frame {
    /// A frame in sixteenths without known key or metre.
    pub fn sixteenths(voices: usize, steps: usize) -> Self {
        Self { voices, steps, steps_per_quarter: 4, key: None, metre: None, pickup: 0, fermatas: Vec::new() }
    }

    /// Steps in a full bar; 4/4 where the metre is unknown.
    pub fn steps_per_bar(&self) -> usize {
        let bar = self.metre.unwrap_or(Metre::COMMON).bar();
        (bar.to_f64() * self.steps_per_quarter as f64).round().max(1.0) as usize
    }

    /// The bar (0 for an upbeat, else from 1) and the step within it.
    pub fn bar_of(&self, step: usize) -> (usize, usize) {
        if step < self.pickup {
            return (0, step);
        }
        let from = step - self.pickup;
        (1 + from / self.steps_per_bar(), from % self.steps_per_bar())
    }

    /// `bar 3, beat 2`, as a person counts.
    pub fn place(&self, step: usize) -> String {
        let (bar, within) = self.bar_of(step);
        let beat = 1 + within / self.steps_per_quarter;
        let part = within % self.steps_per_quarter;
        match part {
            0 => format!("bar {bar}, beat {beat}"),
            _ => format!("bar {bar}, beat {beat} + {part}/{}", 4 * self.steps_per_quarter),
        }
    }
}

/// A piece as cells, shape (T, V).
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Shape, beats, key.
    pub frame: Frame,
    /// Row-major (T, V).
    cells: Vec<Cell>,
}

impl Grid {
    /// A grid of rests.
    pub fn new(frame: Frame) -> Self {
        let cells = vec![Cell::REST; frame.voices * frame.steps];
        Self { frame, cells }
    }

    /// A grid of sounding pitches that doesn't tell repeats, shape (T, V) row-major; what changes is struck.
    ///
    /// Panics if `pitches` isn't T × V long.
    pub fn from_pitches(frame: Frame, pitches: &[Option<u8>]) -> Self {
        assert_eq!(pitches.len(), frame.voices * frame.steps, "pitches come in shape (T, V)");
        let voices = frame.voices;
        let cells = pitches.iter().enumerate().map(|(i, &pitch)| {
            let before = i.checked_sub(voices).and_then(|j| pitches[j]);
            let onset = if pitch.is_some() && pitch != before { Onset::Struck } else { Onset::Unmarked };
            Cell { pitch, onset }
        });
        let cells = cells.collect();
        Self { frame, cells }
    }

    /// Steps, T.
    pub fn steps(&self) -> usize {
        self.frame.steps
    }

    /// Voices, V.
    pub fn voices(&self) -> usize {
        self.frame.voices
    }

    /// The cell of voice `voice` at step `step`.
    pub fn at(&self, step: usize, voice: usize) -> Cell {
        self.cells[step * self.frame.voices + voice]
    }

    /// Changes one cell.
    pub fn set(&mut self, step: usize, voice: usize, cell: Cell) {
        self.cells[step * self.frame.voices + voice] = cell;
    }

    /// The sounding pitches of one step, shape (V).
    pub fn chord(&self, step: usize) -> impl Iterator<Item = Option<u8>> + '_ {
        let voices = self.frame.voices;
        self.cells[step * voices..(step + 1) * voices].iter().map(|cell| cell.pitch)
    }

    /// All pitches, shape (T, V).
    pub fn pitches(&self) -> impl Iterator<Item = Option<u8>> + '_ {
        self.cells.iter().map(|cell| cell.pitch)
    }

    /// The lowest and highest pitch of each voice; `None` for a silent one.
    pub fn ranges(&self) -> Vec<Option<(u8, u8)>> {
        let of_voice = |voice| {
            let pitches = (0..self.steps()).filter_map(|step| self.at(step, voice).pitch);
            pitches.fold(None, |range: Option<(u8, u8)>, p| {
                Some(range.map_or((p, p), |(low, high)| (low.min(p), high.max(p))))
            })
        };
        (0..self.voices()).map(of_voice).collect()
    }

    /// The same piece `semitones` higher; `None` if a pitch would leave 0..=127.
    pub fn transposed(&self, semitones: i32) -> Option<Self> {
        let mut grid = self.clone();
        for cell in &mut grid.cells {
            if let Some(pitch) = cell.pitch {
                let moved = u8::try_from(i32::from(pitch) + semitones).ok().filter(|&p| p < 128)?;
                cell.pitch = Some(moved);
            }
        }
        grid.frame.key = self.frame.key.map(|key| key.transposed(semitones));
        Some(grid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_a_person_counts() {
        let frame = Frame { pickup: 4, ..Frame::sixteenths(4, 64) };
        assert_eq!(frame.place(0), "bar 0, beat 1");
        assert_eq!(frame.place(4), "bar 1, beat 1");
        assert_eq!(frame.place(4 + 16 + 6), "bar 2, beat 2 + 2/16");
    }

    #[test]
    fn what_changes_is_struck_and_what_stays_is_unmarked() {
        let pitches = [Some(60), Some(60), Some(62), None];
        let grid = Grid::from_pitches(Frame::sixteenths(1, 4), &pitches);
        let onsets: Vec<Onset> = (0..4).map(|t| grid.at(t, 0).onset).collect();
        assert_eq!(onsets, [Onset::Struck, Onset::Unmarked, Onset::Struck, Onset::Unmarked]);
    }

    #[test]
    fn transposing_stops_at_the_edge() {
        let grid = Grid::from_pitches(Frame::sixteenths(1, 1), &[Some(120)]);
        assert_eq!(grid.transposed(7).map(|g| g.at(0, 0).pitch), Some(Some(127)));
        assert_eq!(grid.transposed(8), None);
    }
}
