//! What a network is judged by: the mean surprise of what stood there.

use super::operation::Operation;
use crate::kernels::activation::exp;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator, ParallelSliceMut};
use std::sync::OnceLock;

/// The symbol of a step that doesn't count.
pub const IGNORED: u32 = u32::MAX;

/// The operation log-odds → mean −ln softmax(log-odds) at the symbol, shapes (N, Q) → (1), over the steps that count.
#[derive(Debug)]
pub struct CrossEntropy {
    symbols: usize,
    targets: Vec<u32>,
    /// softmax, (N, Q), and the sum of all surprises in double precision.
    saved: OnceLock<(Vec<f32>, f64)>,
}

impl CrossEntropy {
    /// Judges steps whose symbols, each below `symbols` or [`IGNORED`], are `targets` (N).
    pub fn new(symbols: usize, targets: Vec<u32>) -> Self {
        Self { symbols, targets, saved: OnceLock::new() }
    }

    /// How many steps count.
    pub fn counted(&self) -> usize {
        self.targets.iter().filter(|target| **target != IGNORED).count()
    }

    /// The sum of all surprises, nats; 0 before it ran forwards.
    pub fn nats(&self) -> f64 {
        self.saved.get().map_or(0.0, |(_, nats)| *nats)
    }
}

impl Operation for CrossEntropy {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut odds = inputs[0].to_vec();
        let rows = odds.par_chunks_exact_mut(self.symbols).zip(self.targets.par_iter()).with_min_len(64);
        let nats: Vec<f64> = rows.map(|(odds, &target)| fast(Surprise { odds, target })).collect();
        let nats = nats.iter().sum::<f64>();
        self.saved.set((odds, nats)).expect("an operation runs forwards once");
        vec![(nats / self.counted().max(1) as f64) as f32]
    }

    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let (probabilities, _) = self.saved.get().expect("an operation runs forwards first");
        let share = gradient[0] / self.counted().max(1) as f32;
        let mut change = probabilities.clone();
        for (row, &target) in change.chunks_exact_mut(self.symbols).zip(&self.targets) {
            if target == IGNORED {
                row.fill(0.0);
                continue;
            }
            row[target as usize] -= 1.0;
            row.iter_mut().for_each(|value| *value *= share);
        }
        vec![change]
    }
}

/// Turns log-odds into probabilities, (Q); tells −ln p of the target, 0 if it is ignored.
struct Surprise<'a> {
    odds: &'a mut [f32],
    target: u32,
}

impl Kernel for Surprise<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { odds, target } = self;
        let top = odds.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a });
        let chosen = odds.get(target as usize).map(|odd| f64::from(*odd - top));
        odds.iter_mut().for_each(|odd| *odd = exp(*odd - top));
        // Eight sums in a fixed order, so that the loop is vector code everywhere and the same everywhere.
        let (lanes, rest) = odds.as_chunks::<8>();
        let mut sums = [0.0f32; 8];
        for lane in lanes {
            sums.iter_mut().zip(lane).for_each(|(sum, value)| *sum += value);
        }
        let total = sums.iter().sum::<f32>() + rest.iter().sum::<f32>();
        let inverse = 1.0 / total;
        odds.iter_mut().for_each(|odd| *odd *= inverse);
        chosen.map_or(0.0, |chosen| crate::kernels::ln(f64::from(total)) - chosen)
    }
}
