//! NADE over the keys of a frame: each key given the lower ones, through shared hidden units. It knows no other frame.
//!
//! Larochelle & Murray, *The neural autoregressive distribution estimator*, AISTATS 2011, PMLR 15:29-37.
//!
//! ```text
//! p(v) = ∏ₖ p(vₖ | v₁ … vₖ₋₁)          p(vₖ = 1 | …) = σ(b_vₖ + Vₖ · hₖ)          hₖ = σ(b_h + Σ_{i<k} vᵢ Wᵢ)
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | v | `frame` | (88) | which keys sound, from low to high |
//! | b_v, b_h | `visible`, `hidden` | (88), (H) | biases |
//! | W | `inputs` | (88, H) | what a sounding key tells the hidden units |
//! | V | `outputs` | (88, H) | what they tell a key |
//! | h | | (H) | the hidden units before a key: they change only where a key sounds |
//!
//! Where we differ from the paper: W and V are two matrices, as the paper has them; weights are found by AdamW with early
//! stopping instead of stochastic gradient descent; the first b_v are the log-odds of each key.

mod head;
#[cfg(test)]
mod tests;

pub(super) use head::Nade;

use super::frame::{Frame, Pins};
use super::keywise::{self, Keywise};
use super::model::{FrameModel, Lesson, Wish, Written};
use super::network::{self, Biases, Head, Options, Trained, biased, step};
use crate::error::Result;
use crate::kernels::vector::{Kernel, fast};
use crate::model::{Kind, Progress, Settings};
use crate::shelf::{Reader, Tensors};
use crate::train::journal::Journal;
use crate::train::options::Options as Training;
use std::sync::Arc;

/// Sizes as `rnn-nade` has them; a high rate that falls to 0, by trials on the validation chorales.
pub(super) fn default() -> Options {
    let training = Training {
        batch: 64,
        steps: 2,
        epochs: 100.0,
        updates: 10_000,
        rate: 0.03,
        floor: 0.0,
        warmup: 0.02,
        decay: 0.05,
        clip: 1.0,
        average: 0.0,
        measure: 1000,
        patience: 0,
    };
    Options { hidden: 150, units: 0, tied: false, dropout: 0.1, before: 0, training }
}

/// Fits one with these defaults.
///
/// # Errors
///
/// Settings out of range, a training that diverges, and interruptions.
pub(super) fn train(
    default: &Options,
    lesson: &Lesson,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn FrameModel>> {
    let options = Options::read(given, default)?;
    let training = Training { updates: options.before, ..self::default().training };
    let before = (options.before > 0).then(|| (head(&options), training));
    let trained = network::fit(head(&options), before, lesson, &options, seed, journal)?;
    Ok(Arc::new(KeyNetwork { trained, options }))
}

fn head(options: &Options) -> Nade {
    Nade { hidden: options.hidden, kept: (1.0 - options.dropout) as f32 }
}

/// Reads one with these defaults.
///
/// # Errors
///
/// Settings that make no sense, and arrays that don't fit them.
pub(super) fn load(default: &Options, given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
    let options = Options::read(given, default)?;
    let trained = network::load(head(&options), &options, reader)?;
    Ok(Arc::new(KeyNetwork { trained, options }))
}

/// A trained network that writes key by key.
#[derive(Debug, Clone)]
pub(super) struct KeyNetwork {
    trained: Trained<Nade>,
    options: Options,
}

impl FrameModel for KeyNetwork {
    fn kind(&self) -> Kind {
        Kind::Exact
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        self.trained.nats(frames)
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        keywise::write(self, pins, wish, progress)
    }

    fn tensors(&self) -> Tensors {
        self.trained.tensors()
    }

    fn settings(&self) -> Settings {
        self.options.settings()
    }
}

/// What a network remembers while it writes.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    /// (U).
    state: Vec<f32>,
    /// The biases of the keys, and what goes into the hidden units.
    biases: Biases,
    /// The hidden units before the next key, (H).
    units: Vec<f32>,
}

impl Keywise for KeyNetwork {
    type Memory = Memory;

    fn begin(&self) -> Memory {
        let state = vec![0.0; self.trained.network.units];
        let hidden = vec![0.0; self.trained.network.head.hidden()];
        let mut memory = Memory { state, biases: self.trained.network.biases(), units: hidden };
        fast(Open { network: self, memory: &mut memory });
        memory
    }

    fn odds(&self, memory: &Memory, key: usize) -> f64 {
        f64::from(head::odds(self.trained.arrays().own, &memory.biases.visible, &memory.units, key))
    }

    fn key(&self, memory: &mut Memory, key: usize, sounds: bool) {
        if sounds {
            let own = self.trained.arrays().own;
            fast(head::Push { own, key, inner: &mut memory.biases.hidden, units: &mut memory.units });
        }
    }

    fn end(&self, memory: &mut Memory, frame: Frame) {
        fast(Close { network: self, memory, frame });
        fast(Open { network: self, memory });
    }
}

/// Begins a frame.
struct Open<'a> {
    network: &'a KeyNetwork,
    memory: &'a mut Memory,
}

impl Kernel for Open<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Memory { state, biases, units } = self.memory;
        biased(&self.network.trained.arrays(), state, biases);
        network::sigmoid(&biases.hidden, units);
    }
}

/// Ends a frame.
struct Close<'a> {
    network: &'a KeyNetwork,
    memory: &'a mut Memory,
    frame: Frame,
}

impl Kernel for Close<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut next = vec![0.0; self.memory.state.len()];
        let Memory { state, biases, .. } = &*self.memory;
        step(&self.network.trained.arrays(), state, &biases.hidden, self.frame, &mut next);
        self.memory.state = next;
    }
}
