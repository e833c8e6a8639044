//! ln Z by annealed importance sampling: from independent keys, whose partition function is known, to the machine in small steps.
//!
//! ```text
//! p*_β(v) = exp((1−β) a·v + β b_v·v) ∏ⱼ (1 + exp(β (b_hⱼ + v·W_{·j})))          β from 0 to 1
//! Z ≈ Z₀ · mean over chains of ∏ᵢ p*_{βᵢ}(vᵢ) / p*_{βᵢ₋₁}(vᵢ)                    Z₀ = 2ᴴ ∏ₖ (1 + exp aₖ)
//! ```
//!
//! vᵢ₊₁ comes from vᵢ by a Gibbs step at βᵢ. The mean is unbiased for Z whatever a is; a here are the log-odds that the mean
//! field of the machine gives each key, pulled towards even odds, so that few steps are enough.

use super::super::frame::{Frame, KEYS, Pins, sounding};
use super::super::keywise::softplus;
use super::super::network::{Rows, sigmoid};
use super::gibbs::{Chains, Free, Heat, Weights};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::kernels::activation;
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

/// Rounds of the mean field.
const ROUNDS: usize = 10;

/// How sure the independent keys may be, in log-odds.
const SUREST: f32 = 6.0;

/// Chains that a thread moves side by side.
const GROUP: usize = 16;

/// What is asked for ln Z.
#[derive(Clone, Copy)]
pub(super) struct Anneal<'a> {
    /// W.
    pub(super) weights: &'a Weights,
    /// One row.
    pub(super) biases: Rows<'a>,
    /// Values of β.
    pub(super) temperatures: usize,
    pub(super) chains: usize,
    /// The stream of chance of the first chains; those of the others follow.
    pub(super) stream: u64,
}

impl Anneal<'_> {
    /// ln Z, and how much one standard error of the weights' mean changes it.
    pub(super) fn log_partition(&self) -> (f64, f64) {
        let base = fast(Base { weights: self.weights, biases: self.biases });
        let group = |group: usize| {
            let chains = GROUP.min(self.chains - group * GROUP);
            self.group(&base, chains, &mut Chance::new(0, self.stream + group as u64))
        };
        let groups = self.chains.div_ceil(GROUP);
        let logs: Vec<Vec<f64>> = (0..groups).into_par_iter().map(group).collect();
        let mut logs = logs.concat();
        let first: f64 = base.iter().map(|odds| softplus(f64::from(*odds))).sum();
        let first = first + self.weights.hidden as f64 * std::f64::consts::LN_2;
        let count = logs.len() as f64;
        let total = kernels::softmax(&mut logs);
        // Now `logs` are shares of the total weight.
        let spread: f64 = logs.iter().map(|share| (share * count - 1.0) * (share * count - 1.0)).sum();
        let error = (spread / (count - 1.0).max(1.0) / count).sqrt();
        (first + total - kernels::ln(count), error)
    }

    /// Some chains: ln of their weights.
    fn group(&self, base: &[f32; KEYS], chains: usize, chance: &mut Chance) -> Vec<f64> {
        let Self { weights, biases, temperatures, .. } = *self;
        let mut drawn = vec![0.0; chains * KEYS];
        chance.fill(&mut drawn);
        let first = |drawn: &[f32]| {
            let on = |key: usize| Frame::from(drawn[key] < activation::sigmoid(base[key])) << key;
            (0..KEYS).fold(0, |frame, key| frame | on(key))
        };
        let frames = drawn.chunks_exact(KEYS).map(first).collect();
        let mut at = Chains::new(weights, biases, frames);
        let mut logs = vec![0.0; chains];
        // Denser towards the machine itself, where its distribution changes most.
        let beta = |index: usize| {
            let share = index as f32 / temperatures as f32;
            share * (2.0 - share)
        };
        let mut rest = [0.0; KEYS];
        for index in 1..=temperatures {
            let (before, now) = (beta(index - 1), beta(index));
            for (chain, log) in logs.iter_mut().enumerate() {
                let moved = |key: usize| f64::from(biases.visible[key] - base[key]);
                let moved: f64 = sounding(at.frames[chain]).map(moved).sum();
                let inner = &at.into[chain * weights.width()..][..weights.hidden];
                let free = |times| fast(Free { inner, times });
                *log += f64::from(now - before) * moved + free(now) - free(before);
            }
            if index < temperatures {
                rest.iter_mut().zip(base).for_each(|(rest, base)| *rest = (1.0 - now) * base);
                let heat = Heat { times: now, base: &rest };
                weights.step(biases, heat, Pins::default(), &mut at, chance);
            }
        }
        logs
    }
}

/// The log-odds of the independent keys.
struct Base<'a> {
    weights: &'a Weights,
    biases: Rows<'a>,
}

impl Kernel for Base<'_> {
    type Output = [f32; KEYS];

    #[inline(always)]
    fn run(self) -> [f32; KEYS] {
        let Self { weights, biases } = self;
        let mut odds: [f32; KEYS] = *biases.visible.first_chunk().expect("a row of biases");
        let mut shares = [0.0; KEYS];
        let bias = Line::collect(biases.hidden);
        for _ in 0..ROUNDS {
            sigmoid(&odds, &mut shares);
            let mut units = bias.clone();
            for (key, &share) in shares.iter().enumerate() {
                for (sum, row) in units.iter_mut().zip(weights.row(key)) {
                    *sum = sum.add_times(*row, share);
                }
            }
            for unit in &mut units {
                for place in 0..Line::LEN {
                    unit.0[place] = activation::sigmoid(unit.0[place]);
                }
            }
            for (key, odds) in odds.iter_mut().enumerate() {
                let mut sums = Line::ZERO;
                for (row, unit) in weights.row(key).iter().zip(&units) {
                    for place in 0..Line::LEN {
                        sums.0[place] += row.0[place] * unit.0[place];
                    }
                }
                *odds = biases.visible[key] + sums.sum();
            }
        }
        odds.map(|odds| odds.clamp(-SUREST, SUREST))
    }
}
