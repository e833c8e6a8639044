//! A network with weights tied over keys and a memory of the piece: cell after cell of a frame, from the highest key down.
//!
//! The order of cells and the exact likelihood are those of NADE (Larochelle & Murray, AISTATS 2011); that all keys share
//! their weights, and see other keys by interval, is Johnson's idea (*Generating Polyphonic Music Using Tied Parallel
//! Networks*, EvoMUSART 2017, doi:10.1007/978-3-319-55750-2_9). In place of his recurrent layers there is a window of frames, and a
//! memory that looks things up: the longest match of the last frames earlier in the piece, as it was or moved by an
//! interval, and the period at which the piece is most like itself (as compressors do: Cleary & Witten 1984, PPM; Mahoney 2005,
//! the match model of PAQ).
//!
//! ```text
//! p(v) = ∏ₖ p(vₖ | v above k, past)          log-odds = c + u · relu(b + V relu(a + Σ wᵣ Tᵣ))
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | T | `table` | (R, H) | a row for each thing that may be read of a cell or its frame: see `rows.rs` |
//! | w | | | weights of the rows, 1 for most |
//! | a, b, c | `bias`, `inner_bias`, `output_bias` | (H), (G), (1) | |
//! | V, u | `matrix`, `output` | (H, G), (G) | |
//!
//! Trained by AdamW on frames in drawn order, with dropout of hidden values and of rows. All that is remembered is of the
//! piece itself, and the weights never change while it is read: the likelihood is exact, and static.
//!
//! Where we differ from Johnson: no recurrence, no metre given, one weight for every order of notes.

mod habits;
mod learn;
mod likeness;
mod network;
mod options;
mod past;
mod recall;
mod rows;
#[cfg(test)]
mod tests;

pub(super) use options::settings;

use super::frame::{Frame, Pins};
use super::keywise::{self, Keywise};
use super::model::{FrameModel, Lesson, Wish, Written};
use crate::error::Result;
use crate::model::{Kind, Progress, Settings};
use crate::sequence::precision::{Arrays, Precision, check};
use crate::shelf::{Reader, Tensors};
use crate::train::fit::fit;
use crate::train::journal::Journal;
use learn::{Lessons, surprise};
use network::{Cell, Network, Weights};
use options::Options;
use past::{Moment, Past, moments, turned};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rows::ROWS;
use std::sync::Arc;

/// A trained network.
pub(super) struct Tied {
    network: Network,
    /// All weights, (P).
    flat: Vec<f32>,
    tensors: Tensors,
    settings: Settings,
}

/// Fits a network.
///
/// # Errors
///
/// Settings out of range, a training that diverges, and interruptions.
pub(super) fn train(
    lesson: &Lesson,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn FrameModel>> {
    let options = Options::read(given)?;
    let (network, precision, settings) = (options.network, options.precision, options.settings());
    let training = options.training.clone();
    let (lessons, data) = Lessons::new(options, &lesson.train, &lesson.valid);
    let flat = fit(&lessons, &data, &training, seed, journal)?;
    check(&flat)?;
    // It is made from what will be in its file, so that saving and loading change nothing.
    let tensors = tensors(network, precision, &flat);
    load(&settings, &Reader::new("a new network", tensors))
}

/// What is stored of weights.
fn tensors(network: Network, precision: Precision, flat: &[f32]) -> Tensors {
    let Weights { table, bias, matrix, inner_bias, output, output_bias } = network.weights(flat);
    let mut tensors = Tensors::new();
    precision.store("table", &[ROWS, network.width], table, &mut tensors);
    precision.store("matrix", &[network.width, network.inner], matrix, &mut tensors);
    for (name, values) in [("bias", bias), ("inner_bias", inner_bias), ("output", output)] {
        Precision::F32.store(name, &[values.len()], values, &mut tensors);
    }
    Precision::F32.store("output_bias", &[1], &[output_bias], &mut tensors);
    tensors
}

/// Reads one from a file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that don't fit them.
pub(super) fn load(given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
    let options = Options::read(given)?;
    let network = options.network;
    let mut arrays = Arrays::new(reader, options.precision);
    let mut flat = arrays.matrix("table", ROWS, network.width)?;
    flat.extend(arrays.vector("bias", network.width)?);
    flat.extend(arrays.matrix("matrix", network.width, network.inner)?);
    flat.extend(arrays.vector("inner_bias", network.inner)?);
    flat.extend(arrays.vector("output", network.inner)?);
    flat.extend(arrays.vector("output_bias", 1)?);
    Ok(Arc::new(Tied { network, flat, tensors: arrays.tensors, settings: options.settings() }))
}

impl Tied {
    fn weights(&self) -> Weights<'_> {
        self.network.weights(&self.flat)
    }
}

impl FrameModel for Tied {
    fn kind(&self) -> Kind {
        Kind::Exact
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        let (frames, moments) = moments(frames);
        let frame = |(at, moment): (usize, &Moment)| {
            surprise(self.network, &self.weights(), &frames[..at], moment, frames[at])
        };
        moments.par_iter().enumerate().map(frame).collect()
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        // From above, as all that is written here.
        let pins: Vec<Pins> =
            pins.iter().map(|pins| Pins { on: turned(pins.on), off: turned(pins.off) }).collect();
        let mut written = keywise::write(self, &pins, wish, progress)?;
        written.frames.iter_mut().for_each(|frame| *frame = turned(*frame));
        Ok(written)
    }

    fn tensors(&self) -> Tensors {
        self.tensors.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

/// What is remembered while a piece is written.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    past: Past,
    moment: Moment,
    /// What all cells of the frame begin with, (H).
    base: Vec<f32>,
    written: Frame,
}

impl Tied {
    fn remember(&self, past: Past) -> Memory {
        let moment = past.moment();
        let mut cell = Cell::new(self.network);
        cell.begin(&self.weights(), &past.frames, &moment);
        Memory { past, moment, base: cell.base, written: 0 }
    }
}

/// Keys are counted from above: 0 is the highest.
impl Keywise for Tied {
    type Memory = Memory;

    fn begin(&self) -> Memory {
        self.remember(Past::new())
    }

    fn odds(&self, memory: &Memory, key: usize) -> f64 {
        let mut cell = Cell::new(self.network);
        cell.base.copy_from_slice(&memory.base);
        let Memory { past, moment, written, .. } = memory;
        cell.rows.of_cell(&past.frames, moment, *written, key, self.network.absolute);
        cell.hide(&self.weights(), 1.0);
        f64::from(cell.odds(&self.weights()))
    }

    fn key(&self, memory: &mut Memory, key: usize, sounds: bool) {
        memory.written |= Frame::from(sounds) << key;
    }

    fn end(&self, memory: &mut Memory, frame: Frame) {
        let mut past = std::mem::replace(&mut memory.past, Past::new());
        past.push(frame);
        *memory = self.remember(past);
    }
}
