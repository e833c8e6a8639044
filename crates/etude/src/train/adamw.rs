//! AdamW: Adam with decoupled weight decay (Loshchilov & Hutter, ICLR 2019, algorithm 2), on one flat vector.
//!
//! burn has the same optimiser over its own records. Here all moments are two vectors beside the parameters, so that a
//! killed training goes on from bytes that are easy to write, to check and to compare bit for bit.

use super::network::Parameter;
use rayon::prelude::{
    IndexedParallelIterator, IntoParallelIterator, ParallelIterator, ParallelSlice, ParallelSliceMut,
};

/// Share of the old mean that is kept at an update (Kingma & Ba 2015).
const FIRST_KEPT: f64 = 0.9;
/// Share of the old mean square that is kept; 0.99 rather than 0.999, as small batches with few updates want it (nanoGPT's
/// configuration for characters).
const SECOND_KEPT: f64 = 0.99;
/// What keeps a division from 0.
const EPSILON: f32 = 1e-8;
/// Parameters in a share of the work; sums are added share after share, so threads change nothing.
const SHARE: usize = 1 << 14;

/// The moments of all parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct AdamW {
    /// Means of the gradient, (P).
    pub(super) first: Vec<f32>,
    /// Means of its square, (P).
    pub(super) second: Vec<f32>,
}

impl AdamW {
    pub(super) fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters] }
    }

    /// Update number `update`, from 0 on: moves all parameters along a gradient that is multiplied by `scale`.
    pub(super) fn update(
        &mut self,
        values: &mut [f32],
        gradient: &[f32],
        parameters: &[Parameter],
        step: &Step,
    ) {
        let power = (step.update + 1) as f64;
        let first_scale = (1.0 / (1.0 - libm::pow(FIRST_KEPT, power))) as f32;
        let second_scale = (1.0 / (1.0 - libm::pow(SECOND_KEPT, power))) as f32;
        let (first_kept, second_kept) = (FIRST_KEPT as f32, SECOND_KEPT as f32);
        let (rate, scale) = (step.rate as f32, step.scale);
        let mut rest = (values, gradient, self.first.as_mut_slice(), self.second.as_mut_slice());
        for parameter in parameters {
            let (values, values_rest) = rest.0.split_at_mut(parameter.length);
            let (gradient, gradient_rest) = rest.1.split_at(parameter.length);
            let (first, first_rest) = rest.2.split_at_mut(parameter.length);
            let (second, second_rest) = rest.3.split_at_mut(parameter.length);
            rest = (values_rest, gradient_rest, first_rest, second_rest);
            let kept = if parameter.decays { 1.0 - (step.rate * step.decay) as f32 } else { 1.0 };
            let moments = first.par_chunks_mut(SHARE).zip(second.par_chunks_mut(SHARE));
            let shares = values.par_chunks_mut(SHARE).zip(gradient.par_chunks(SHARE)).zip(moments);
            shares.for_each(|((values, gradient), (first, second))| {
                let moments = first.iter_mut().zip(second);
                for ((value, gradient), (first, second)) in values.iter_mut().zip(gradient).zip(moments) {
                    let gradient = gradient * scale;
                    *first = first_kept * *first + (1.0 - first_kept) * gradient;
                    *second = second_kept * *second + (1.0 - second_kept) * gradient * gradient;
                    let length = (*second * second_scale).sqrt() + EPSILON;
                    *value = *value * kept - rate * (*first * first_scale) / length;
                }
            });
        }
    }
}

/// What one update needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Its number, from 0 on.
    pub(super) update: u64,
    /// The learning rate.
    pub(super) rate: f64,
    /// Weight decay for each unit of the rate.
    pub(super) decay: f64,
    /// What the gradient is multiplied by.
    pub(super) scale: f32,
}

/// The Euclidean norm.
pub(super) fn norm(values: &[f32]) -> f64 {
    let shares = values.len().div_ceil(SHARE);
    let share = |at: usize| -> f64 {
        let share = &values[at * SHARE..values.len().min((at + 1) * SHARE)];
        let (lanes, rest) = share.as_chunks::<8>();
        let mut sums = [0.0f64; 8];
        for lane in lanes {
            sums.iter_mut().zip(lane).for_each(|(sum, &value)| *sum += f64::from(value) * f64::from(value));
        }
        sums.iter().sum::<f64>() + rest.iter().map(|&value| f64::from(value) * f64::from(value)).sum::<f64>()
    };
    let sums: Vec<f64> = (0..shares).into_par_iter().map(share).collect();
    sums.iter().sum::<f64>().sqrt()
}
