//! x W + b: a matrix in panels with its bias, for all streams at once.

use super::line::{Line, share};
use super::panels::Panels;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// A matrix (K, J) and a bias (J), ready to be applied.
#[derive(Debug, Clone)]
pub struct Affine {
    weights: Panels,
    /// As many lines as the panels have columns for, the rest 0.
    bias: Vec<Line>,
}

impl Affine {
    /// From a matrix (`rows`, J), row-major, and a bias (J).
    pub fn new(matrix: &[f32], rows: usize, bias: &[f32]) -> Self {
        let weights = Panels::plain(matrix, rows);
        let mut bias = Line::collect(bias);
        bias.resize(weights.count() * Panels::PARTS, Line::ZERO);
        Self { weights, bias }
    }

    /// Lines of the output for one stream: ⌈J/16⌉, filled up with 0 to a multiple of 4.
    pub fn lines(&self) -> usize {
        self.bias.len()
    }

    /// Multiply-adds for one stream.
    pub fn work(&self) -> usize {
        self.weights.work() * self.weights.count()
    }

    /// Writes x W + b, lines (J/16, N), from x, lines (K/16, N), of N = `streams` ≥ 1.
    pub fn apply(&self, inputs: &[Line], streams: usize, outputs: &mut [Line]) {
        outputs
            .par_chunks_exact_mut(Panels::PARTS * streams)
            .zip(self.bias.par_chunks_exact(Panels::PARTS))
            .enumerate()
            .with_min_len(share(self.weights.work() * streams))
            .for_each(|(panel, (sums, bias))| {
                for (sums, &bias) in sums.chunks_exact_mut(streams).zip(bias) {
                    sums.fill(bias);
                }
                self.weights.multiply(panel, inputs, sums);
            });
    }
}
