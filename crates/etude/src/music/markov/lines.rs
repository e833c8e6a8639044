//! A piece as the model reads it: a pitch or a rest per voice and step, and where each step falls in its quarter.

use etude_piece::score::{Frame, Grid};

/// Pieces have at most this many voices.
pub const MOST_VOICES: usize = 8;

/// The classes of places in a quarter.
pub const PLACES: usize = 4;

/// Voices against steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// Voices, V.
    pub voices: usize,
    /// Steps, T.
    pub steps: usize,
    /// The place of each step in its quarter, 0..[`PLACES`], shape (T).
    pub places: Vec<u8>,
    /// MIDI numbers or rests, row-major (T, V).
    pub cells: Vec<Option<u8>>,
}

impl Lines {
    /// What a grid sounds; onsets are left to [`crate::music::articulation`].
    pub fn new(grid: &Grid) -> Self {
        let cells = grid.pitches().collect();
        Self { voices: grid.voices(), steps: grid.steps(), places: places(&grid.frame), cells }
    }

    /// The cell of voice `v` at step `t`.
    pub fn at(&self, t: usize, v: usize) -> Option<u8> {
        self.cells[t * self.voices + v]
    }

    /// All voices at step `t`, shape (V).
    pub fn step(&self, t: usize) -> &[Option<u8>] {
        &self.cells[t * self.voices..(t + 1) * self.voices]
    }

    /// Writes one cell.
    pub fn put(&mut self, t: usize, v: usize, cell: Option<u8>) {
        self.cells[t * self.voices + v] = cell;
    }
}

/// Where each step falls in its quarter, in [`PLACES`] classes, shape (T).
pub fn places(frame: &Frame) -> Vec<u8> {
    let quarter = frame.steps_per_quarter;
    let within = |t: usize| (t + quarter - frame.pickup % quarter) % quarter;
    (0..frame.steps).map(|t| (within(t) * PLACES / quarter) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_the_first_full_bar_in_quarters_of_a_quarter() {
        let frame = |steps_per_quarter| Frame { pickup: 1, steps_per_quarter, ..Frame::sixteenths(1, 5) };
        assert_eq!(places(&frame(4)), [3, 0, 1, 2, 3]);
        assert_eq!(places(&frame(2)), [2, 0, 2, 0, 2]);
        assert_eq!(places(&frame(1)), [0; 5]);
    }
}
