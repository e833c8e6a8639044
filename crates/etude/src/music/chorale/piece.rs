//! A piece as the network reads it.

use super::super::maxent::encode::Context;
use super::layout::{HALF, Layout, held, shift};
use etude_piece::score::{Frame, Grid, Key};

/// A piece in symbols, and what is known beforehand.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Row-major (T, V).
    pub(super) symbols: Vec<u8>,
    pub(super) known: Known,
}

/// What is known of every step before any note is.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) steps: usize,
    /// Place in the quarter, and the class of the distance to the edges, (T).
    pub(super) places: Vec<[u8; 2]>,
    pub(super) minor: bool,
    /// How far its key lies above C major or A minor, from the lowest: 0..=11.
    pub(super) register: u32,
}

impl Known {
    pub(super) fn new(frame: &Frame, key: Key) -> Self {
        let context = Context::new(frame, Some(key), frame.steps_per_quarter);
        let places = context.beat.into_iter().zip(context.edge).map(|(beat, edge)| [beat, edge]);
        let (shift, minor) = shift(key);
        Self { steps: frame.steps, places: places.collect(), minor, register: (shift + HALF) as u32 }
    }

    /// The fields that follow the voices': how long each has held, place, edge, mode, register.
    pub(super) fn fields(&self, step: usize, runs: &[usize], fields: &mut Vec<u32>) {
        fields.extend(runs.iter().map(|&steps| held(steps)));
        fields.extend(self.places[step].map(u32::from));
        fields.extend([u32::from(self.minor), self.register]);
    }
}

impl Piece {
    /// A grid whose pitches the layout's ranges hold, as if it were in `key`.
    pub(super) fn new(grid: &Grid, layout: &Layout, key: Key) -> Option<Self> {
        let (shift, _) = shift(key);
        let voices = layout.voices();
        let symbol = |(cell, pitch)| layout.symbol(cell % voices, pitch, shift);
        let symbols = grid.pitches().enumerate().map(symbol).collect::<Option<_>>()?;
        Some(Self { symbols, known: Known::new(&grid.frame, key) })
    }

    /// For how many steps each cell's symbol has stood there, it counted, (T, V).
    pub(super) fn runs(&self, voices: usize) -> Vec<usize> {
        let mut runs = vec![1; self.symbols.len()];
        for cell in voices..runs.len() {
            if self.symbols[cell] == self.symbols[cell - voices] {
                runs[cell] = runs[cell - voices] + 1;
            }
        }
        runs
    }
}
