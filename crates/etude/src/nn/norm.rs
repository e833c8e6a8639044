//! Layer normalisation (Ba, Kiros & Hinton 2016).

use super::operation::Operation;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice, ParallelSliceMut};

/// What is added to the variance.
const EPSILON: f32 = 1e-5;
/// Rows that a thread takes at a time.
const ROWS: usize = 64;

/// The operation (x, gain, bias) → (x − mean) / √(variance + 10⁻⁵) ⊙ gain + bias, row by row: (N, D), (D), (D) → (N, D).
#[derive(Debug)]
pub struct LayerNorm {
    /// Width of a row, D.
    pub width: usize,
}

impl Operation for LayerNorm {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[x, gain, bias] = inputs else { unreachable!("an operation of three arrays") };
        let (width, mut out) = (self.width, x.to_vec());
        out.par_chunks_mut(ROWS * width).for_each(|rows| fast(Forwards { rows, gain, bias }));
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[x, gain, _] = inputs else { unreachable!("an operation of three arrays") };
        let (width, mut change) = (self.width, gradient.to_vec());
        // Each chunk of rows has its own sums, and the chunks are added in order.
        let sums: Vec<[Vec<f32>; 2]> = change
            .par_chunks_mut(ROWS * width)
            .zip(x.par_chunks(ROWS * width))
            .map(|(change, x)| fast(Backwards { change, x, gain }))
            .collect();
        let mut totals = [vec![0.0; width], vec![0.0; width]];
        for part in &sums {
            for (total, part) in totals.iter_mut().zip(part) {
                total.iter_mut().zip(part).for_each(|(total, part)| *total += part);
            }
        }
        let [gains, biases] = totals;
        vec![change, gains, biases]
    }
}

/// Some rows become what comes out.
struct Forwards<'a> {
    rows: &'a mut [f32],
    gain: &'a [f32],
    bias: &'a [f32],
}

impl Kernel for Forwards<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for row in self.rows.chunks_exact_mut(self.gain.len()) {
            let (mean, scale) = moments(row);
            for ((value, gain), bias) in row.iter_mut().zip(self.gain).zip(self.bias) {
                *value = (*value - mean) * scale * gain + bias;
            }
        }
    }
}

/// The gradients of some rows of y become those of x; tells those of gain and bias.
struct Backwards<'a> {
    change: &'a mut [f32],
    x: &'a [f32],
    gain: &'a [f32],
}

impl Kernel for Backwards<'_> {
    type Output = [Vec<f32>; 2];

    #[inline(always)]
    fn run(self) -> [Vec<f32>; 2] {
        let Self { change, x, gain } = self;
        let width = gain.len();
        let (mut gains, mut biases, mut unit) = (vec![0.0; width], vec![0.0; width], vec![0.0; width]);
        for (change, x) in change.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
            let (mean, scale) = moments(x);
            for n in 0..width {
                unit[n] = (x[n] - mean) * scale;
                gains[n] += change[n] * unit[n];
                biases[n] += change[n];
                change[n] *= gain[n];
            }
            let average = sum(change) / width as f32;
            let along = dot(change, &unit) / width as f32;
            for (change, unit) in change.iter_mut().zip(&unit) {
                *change = (*change - average - unit * along) * scale;
            }
        }
        [gains, biases]
    }
}

/// The mean of a row, and 1 / √(variance + ε).
#[inline(always)]
fn moments(row: &[f32]) -> (f32, f32) {
    let width = row.len() as f32;
    let mean = sum(row) / width;
    let (lanes, rest) = row.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, value)| *sum += (value - mean) * (value - mean));
    }
    let rest: f32 = rest.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, 1.0 / ((sums.iter().sum::<f32>() + rest) / width + EPSILON).sqrt())
}

/// Eight sums in a fixed order, so that the loop is vector code and the same everywhere.
#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let (lanes, rest) = row.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// As [`sum`], of products.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a_lanes, a_rest), (b_lanes, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0f32; 8];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for n in 0..8 {
            sums[n] += a[n] * b[n];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
