//! Sequential Monte Carlo: many particles write towards what a guide asks, and one of them is kept.

use super::Stop;
use super::ensemble::Ensemble;
use super::taste::Taste;
use super::weights::Weights;
use crate::catalogue::Setting;
use crate::error::Result as Read;
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::sequence::{Guide, SequenceModel};
use crate::settings::get;

/// How a sequence is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Sequences written side by side towards what is asked, ≥ 1; with one, the plain way from left to right.
    pub particles: usize,
    /// How far draws may stray.
    pub taste: Taste,
    /// The seed of all randomness.
    pub seed: u64,
    /// The most symbols that are written, those given not counted.
    pub most: usize,
    /// Symbols that the sequence begins with.
    pub given: Vec<u32>,
}

impl Default for Options {
    /// 64 particles, as many as counts on a grid take; 10,000 symbols, more than a piece of ours has.
    fn default() -> Self {
        Self { particles: 64, taste: Taste::default(), seed: 0, most: 10_000, given: Vec::new() }
    }
}

impl Options {
    /// Reads settings by name: the taste's, and `particles`.
    ///
    /// # Errors
    ///
    /// Values that don't read or are out of range.
    pub fn read(from: &Settings, seed: u64) -> Read<Self> {
        let particles = get(from, "particles", 64, "from 1 to 4096", |n| (1..=4096).contains(n))?;
        Ok(Self { particles, taste: Taste::read(from)?, seed, ..Self::default() })
    }

    /// What can be set, for an art's wishes.
    pub fn wishes() -> Vec<Setting> {
        let mut wishes = Taste::wishes();
        wishes.push(Setting {
            name: "particles",
            default: "64".to_owned(),
            meaning: "pieces written side by side towards what is asked (one where nothing is), 1 to 4096",
        });
        wishes
    }
}

/// A sequence that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// All symbols, those given first.
    pub symbols: Vec<u32>,
    /// An estimate of ln Σ p · exp f over all sequences that may follow what was given, where f is what the guide adds: under
    /// masks alone, how likely the model is to meet them by itself. A look-ahead divides by its own estimate of that sum.
    pub log_evidence: f64,
    /// The least effective sample size on the way, 1..=particles.
    pub effective: f64,
    /// −ln p of what was written under the model itself, whatever the taste; what was given isn't counted.
    pub nats: f64,
}

/// Draws a sequence from a model under a guide, by sequential Monte Carlo.
///
/// Particles that are done wait with the weight they have, and take part in resampling. `progress` is told how many symbols
/// are written so far and ends the work by `false`. The outcome doesn't depend on threads.
///
/// # Errors
///
/// See [`Stop`]. Panics without particles, or where the guide's fields aren't those of the model.
pub fn write(
    model: &dyn SequenceModel,
    guide: &dyn Guide,
    options: &Options,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Written, Stop> {
    let chances = (1..=options.particles).map(|stream| Chance::new(options.seed, stream as u64)).collect();
    let mut weights = Weights::new(options.particles, options.seed);
    let mut ensemble = Ensemble::begin(model, guide, &options.given, chances)?;
    let mut step = 0;
    while step < options.most && !ensemble.is_done() {
        ensemble.advance(&options.taste, &mut weights.log);
        if let Some(parents) = weights.settle(options.given.len() + step)? {
            ensemble.resample(&parents);
        }
        step += 1;
        if !progress(step) {
            return Err(Stop::Interrupted);
        }
    }
    for (hand, weight) in ensemble.hands.iter().zip(&mut weights.log) {
        if !hand.is_done() {
            *weight = f64::NEG_INFINITY;
        }
    }
    let verdict = weights.finish(Stop::TooLong(options.given.len() + options.most))?;
    let hand = ensemble.hands.swap_remove(verdict.chosen);
    let (log_evidence, effective) = (verdict.log_evidence, verdict.effective);
    Ok(Written { symbols: hand.symbols, log_evidence, effective, nats: hand.nats })
}
