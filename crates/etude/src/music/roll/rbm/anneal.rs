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
use super::super::network::{Biases, add_times, dot, row, sigmoid};
use super::gibbs::{draw_hidden, draw_keys, free, inner};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::kernels::vector::{Kernel, fast};

/// Rounds of the mean field.
const ROUNDS: usize = 10;

/// How sure the independent keys may be, in log-odds.
const SUREST: f32 = 6.0;

/// What is asked for ln Z.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anneal<'a> {
    /// W.
    pub(super) weights: &'a [f32],
    pub(super) biases: &'a Biases,
    /// Values of β.
    pub(super) temperatures: usize,
    pub(super) chains: usize,
    /// The stream of chance of the first chain; those of the others follow.
    pub(super) stream: u64,
}

impl Anneal<'_> {
    /// ln Z, and how much one standard error of the weights' mean changes it.
    pub(super) fn log_partition(&self) -> (f64, f64) {
        fast(*self)
    }

    /// One chain: ln of its weight.
    #[inline(always)]
    fn chain(&self, base: &[f32], chance: &mut Chance) -> f64 {
        let Self { weights, biases, temperatures, .. } = *self;
        let hidden = biases.hidden.len();
        let (mut into, mut units) = (vec![0.0; hidden], vec![0.0; hidden]);
        let mut frame: Frame = 0;
        for (key, odds) in base.iter().enumerate() {
            let share = crate::kernels::activation::sigmoid(*odds);
            frame |= u128::from(chance.unit() < f64::from(share)) << key;
        }
        let mut log = 0.0;
        let share = 1.0 / temperatures as f32;
        let mut rest = vec![0.0; KEYS];
        for at in 1..=temperatures {
            let (before, now) = ((at - 1) as f32 * share, at as f32 * share);
            inner(weights, biases, frame, &mut into);
            let moved: f64 = sounding(frame).map(|key| f64::from(biases.visible[key] - base[key])).sum();
            log += f64::from(now - before) * moved + free(&into, now) - free(&into, before);
            if at < temperatures {
                draw_hidden(&into, now, chance, &mut units);
                rest.iter_mut().zip(base).for_each(|(rest, base)| *rest = (1.0 - now) * base);
                frame = draw_keys(weights, biases, &units, (now, &rest), Pins::default(), chance);
            }
        }
        log
    }

    /// The log-odds of the independent keys.
    #[inline(always)]
    fn base(&self) -> Vec<f32> {
        let hidden = self.biases.hidden.len();
        let (mut into, mut units) = (vec![0.0; hidden], vec![0.0; hidden]);
        let mut odds = self.biases.visible.clone();
        let mut shares = vec![0.0; KEYS];
        for _ in 0..ROUNDS {
            sigmoid(&odds, &mut shares);
            into.copy_from_slice(&self.biases.hidden);
            for (key, &share) in shares.iter().enumerate() {
                add_times(&mut into, share, row(self.weights, key, hidden));
            }
            sigmoid(&into, &mut units);
            for (key, odds) in odds.iter_mut().enumerate() {
                *odds = self.biases.visible[key] + dot(row(self.weights, key, hidden), &units);
            }
        }
        odds.iter().map(|odds| odds.clamp(-SUREST, SUREST)).collect()
    }
}

impl Kernel for Anneal<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run(self) -> (f64, f64) {
        let base = self.base();
        let mut logs = Vec::with_capacity(self.chains);
        for chain in 0..self.chains {
            logs.push(self.chain(&base, &mut Chance::new(0, self.stream + chain as u64)));
        }
        let first: f64 = base.iter().map(|odds| softplus(f64::from(*odds))).sum();
        let first = first + self.biases.hidden.len() as f64 * std::f64::consts::LN_2;
        let count = logs.len() as f64;
        let total = kernels::softmax(&mut logs);
        // Now `logs` are shares of the total weight.
        let spread: f64 = logs.iter().map(|share| (share * count - 1.0) * (share * count - 1.0)).sum();
        let error = (spread / (count - 1.0).max(1.0) / count).sqrt();
        (first + total - kernels::ln(count), error)
    }
}
