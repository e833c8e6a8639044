//! Models that write a frame key by key, from low to high, as models whose places have alphabets of their own: so the shared
//! sequential Monte Carlo draws from them, whatever cells are pinned.

use super::frame::{Frame, KEYS, Pins, sounds};
use super::model::{Wish, Written};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::inference::autoregressive::{Autoregressive, Cloud, sample};
use crate::kernels;
use crate::model::Progress;
use crate::settings::get;
use std::collections::BTreeMap;

/// A model that writes key by key.
pub trait Keywise: Sync {
    /// What it remembers of the frames before, and of the keys of this one.
    type Memory: Clone + Send + Sync;

    /// Nothing is written yet.
    fn begin(&self) -> Self::Memory;

    /// ln p / (1 − p), p being the probability that this key sounds, the next one of the frame.
    fn odds(&self, memory: &Self::Memory, key: usize) -> f64;

    /// Writes the next key of the frame.
    fn key(&self, memory: &mut Self::Memory, key: usize, sounds: bool);

    /// A frame is written.
    fn end(&self, memory: &mut Self::Memory, frame: Frame);
}

/// What can be wished for.
pub fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting("temperature", "1", "below 1 more usual, above it bolder; 0.05 to 5"),
        setting("particles", "64", "pieces written side by side towards what is pinned, 1 to 4096"),
    ]
}

/// Draws frames: exactly where nothing is pinned, else by particles.
///
/// # Errors
///
/// Wishes out of range, and interruptions.
pub fn write<M: Keywise>(model: &M, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
    let fits = |x: &f64| (0.05..=5.0).contains(x);
    let temperature = get(&wish.settings, "temperature", 1.0, "from 0.05 to 5", fits)?;
    let particles = get(&wish.settings, "particles", 64, "from 1 to 4096", |n| (1..=4096).contains(n))?;
    let particles = if pins.iter().all(|pins| pins.is_open()) { 1 } else { particles };
    let cloud = Cloud { particles, temperature, seed: wish.seed };
    let start = Past { frames: Vec::new(), frame: 0, key: 0, memory: model.begin() };
    let pinned = |past: &Past<M::Memory>, odds: &mut [f64]| {
        let pins = pins[past.frames.len()];
        for (symbol, forbidding) in [pins.on, pins.off].into_iter().enumerate() {
            if sounds(forbidding, past.key) {
                odds[symbol] = f64::NEG_INFINITY;
            }
        }
    };
    let steps = pins.len();
    let mut told = |done: usize| progress(done as f64 / steps as f64, "composing");
    let drawn = sample(&Keys(model), &start, steps, pinned, cloud, &mut told)
        .map_err(|stop| stop.error(|step| format!("frame {}", step + 1)))?;
    let mut diagnostics = BTreeMap::new();
    if particles > 1 {
        diagnostics.insert("log_evidence".to_owned(), drawn.log_evidence);
        diagnostics.insert("effective_particles".to_owned(), drawn.effective);
    }
    Ok(Written { frames: drawn.past.frames, diagnostics })
}

/// A model as one of places with two symbols each: silent, sounding.
struct Keys<'a, M>(&'a M);

/// What is written so far.
#[derive(Debug, Clone)]
struct Past<S> {
    frames: Vec<Frame>,
    /// The keys of the frame in the making.
    frame: Frame,
    /// The next one.
    key: usize,
    memory: S,
}

impl<M: Keywise> Autoregressive for Keys<'_, M> {
    type Past = Past<M::Memory>;

    fn steps(&self, past: &Self::Past) -> usize {
        past.frames.len()
    }

    fn symbols(&self, _: &Self::Past) -> usize {
        2
    }

    fn add_log_odds(&self, past: &Self::Past, odds: &mut [f64]) {
        let z = self.0.odds(&past.memory, past.key);
        odds[0] -= surprise(z, false);
        odds[1] -= surprise(z, true);
    }

    fn push(&self, past: &mut Self::Past, symbol: usize) {
        self.0.key(&mut past.memory, past.key, symbol == 1);
        past.frame |= (symbol as u128) << past.key;
        past.key += 1;
        if past.key == KEYS {
            self.0.end(&mut past.memory, past.frame);
            past.frames.push(past.frame);
            (past.frame, past.key) = (0, 0);
        }
    }
}

/// −ln p of what a key does, given the log-odds that it sounds.
pub(super) fn surprise(odds: f64, sounds: bool) -> f64 {
    softplus(if sounds { -odds } else { odds })
}

/// ln(1 + eˣ).
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + kernels::ln(1.0 + kernels::exp(-x.abs()))
}
