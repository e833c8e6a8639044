//! The biaxial network: one recurrent network over time for every key, then one over the keys of a frame from low to high, with
//! the same weights in every key.
//!
//! D. D. Johnson, *Generating Polyphonic Music Using Tied Parallel Networks*, EvoMUSART 2017,
//! doi:10.1007/978-3-319-55750-2_9 (BALSTM and TP-LSTM-NADE).
//!
//! ```text
//! p(v) = ∏ₜ ∏ₖ p(vₜₖ | vₜ below k, v₁ … vₜ₋₁)
//!
//! hₜₖ = LSTM(hₜ₋₁ₖ; x(vₜ₋₁ around k))               over t, layer upon layer
//! gₜₖ = LSTM(gₜₖ₋₁; hₜₖ, y(vₜ below k))               over k
//! log-odds of vₜₖ = gₜₖ · (w₁ − w₀) + b₁ − b₀         c where k isn't near
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | h | `time` | (88, H) | what the past tells of each key |
//! | g | `note` | (N) | what the lower keys of the frame tell |
//! | x, y | `features` | (I), (E) | other keys by interval, pitch classes from the key's own, how many sound: see `features.rs` |
//! | w, b | `output`, `output_bias` | (N, 2), (2) | silent, sounding |
//! | c | `far` | (2) | log-odds of keys far from all that sounded, counted: before the first note, and after |
//!
//! No key knows which one it is. The layer over keys begins anew with every stretch of near keys, and all keys that aren't near
//! have the same odds, so a piece is exactly as likely when it is moved, as long as no near key leaves the keyboard.
//!
//! Where we differ from the paper: one recurrence over keys stands for BALSTM's two layers and for TP-LSTM-NADE's NADE, and also
//! reads all lower keys by interval; only near keys are read; a key is also told how many keys sound below and above it, and how
//! far the ends of what sounded are; it isn't told its MIDI number, nor the beat, but the last binary digits of the frame's
//! number; far fewer units; AdamW.

mod features;
mod layout;
mod learn;
mod network;
mod options;
mod past;
mod run;
#[cfg(test)]
mod tests;

pub(super) use options::settings;

use super::frame::{Frame, KEYS, Pins, sounds};
use super::keywise::{self, Keywise};
use super::model::{FrameModel, Lesson, Wish, Written};
use crate::error::Result;
use crate::model::{Kind, Progress, Settings};
use crate::sequence::precision::{Arrays, check};
use crate::shelf::{Reader, Tensors};
use crate::train::fit::fit;
use crate::train::journal::Journal;
use learn::Lessons;
use options::Options;
use past::Past;
use run::{Runner, State};
use std::sync::Arc;

/// A trained network.
struct Biaxial {
    runner: Runner,
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
    load(&settings, &Reader::new("a new network", precision.store_all(&network.shapes(), &flat)))
}

/// Reads one from a file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that don't fit them.
pub(super) fn load(given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
    let options = Options::read(given)?;
    let mut arrays = Arrays::new(reader, options.precision);
    let flat = arrays.all(&options.network.shapes())?.concat();
    let runner = Runner::new(options.network, &flat);
    Ok(Arc::new(Biaxial { runner, tensors: arrays.tensors, settings: options.settings() }))
}

impl FrameModel for Biaxial {
    fn kind(&self) -> Kind {
        Kind::Exact
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        let frame = |(odds, &frame): ([f64; KEYS], &Frame)| {
            let cells = odds.into_iter().enumerate();
            cells.map(|(key, odds)| keywise::surprise(odds, sounds(frame, key))).sum()
        };
        self.runner.odds(frames).into_iter().zip(frames).map(frame).collect()
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        keywise::write(self, pins, wish, progress)
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
struct Memory {
    past: Past,
    /// Of all keys, layer by layer.
    time: Vec<State>,
    /// Of the frame in the making.
    note: State,
    lower: Frame,
    /// The log-odds of the next key.
    odds: f64,
}

impl Biaxial {
    /// Works out the odds of a key of the frame in the making.
    fn turn_to(&self, memory: &mut Memory, key: usize) {
        let Memory { past, time, note, lower, odds } = memory;
        *odds = self.runner.far(past);
        if key < KEYS && past.is_near(*lower, key, self.runner.network.margin) {
            let told = &time.last().expect("a network has a layer").hidden;
            let told = told.iter().copied().skip(key).step_by(KEYS);
            *odds = self.runner.step_note(&[(*past, *lower)], key, told, note)[0];
        }
    }

    /// Moves on to the next frame.
    fn open(&self, memory: &mut Memory) {
        self.runner.step_time(&memory.past, 0..KEYS, &mut memory.time);
        memory.lower = 0;
        self.turn_to(memory, 0);
    }
}

impl Keywise for Biaxial {
    type Memory = Memory;

    fn begin(&self) -> Memory {
        let (time, note) = (self.runner.begin_time(KEYS), self.runner.begin_note(1));
        let mut memory = Memory { past: Past::default(), time, note, lower: 0, odds: 0.0 };
        self.open(&mut memory);
        memory
    }

    fn odds(&self, memory: &Memory, _: usize) -> f64 {
        memory.odds
    }

    fn key(&self, memory: &mut Memory, key: usize, sounds: bool) {
        memory.lower |= Frame::from(sounds) << key;
        self.turn_to(memory, key + 1);
    }

    fn end(&self, memory: &mut Memory, frame: Frame) {
        memory.past.push(frame);
        self.open(memory);
    }
}
