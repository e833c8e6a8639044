//! The input of a network: the sum of one row of a table for each field of a step.
//!
//! It is the product of one-hot vectors with a matrix, without the product. The first layer of an LSTM takes its table of
//! width 4H directly.

use super::operation::Operation;
use super::rows::column_sums;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

/// Columns of a table that a thread takes at a time.
const COLUMNS: usize = 64;

/// The operation table → rows, or (table, bias) → rows: shapes (Σ N_k, W), (W) → (rows, W).
#[derive(Debug)]
pub struct Bag {
    /// Rows of the table that each step adds, (rows, K).
    indices: Vec<u32>,
    fields: usize,
    width: usize,
}

impl Bag {
    /// Steps that add up, for each field k of `values` (rows, K), row `values[k]` of that field's part of the table;
    /// `sizes` tells how many rows each part has, (K).
    pub fn new(values: &[u32], sizes: &[usize], width: usize) -> Self {
        let mut starts = Vec::with_capacity(sizes.len());
        let mut rows = 0;
        for size in sizes {
            starts.push(rows as u32);
            rows += size;
        }
        let indices = values.iter().zip(starts.iter().cycle()).map(|(value, start)| value + start).collect();
        Self { indices, fields: sizes.len(), width }
    }

    /// How many rows come out.
    pub(super) fn rows(&self) -> usize {
        self.indices.len() / self.fields
    }

    /// The rows from `first` on that `out` has place for: a bias and the rows of the table.
    pub(super) fn add_up(&self, table: &[f32], bias: &[f32], first: usize, out: &mut [f32]) {
        let indices = self.indices.chunks_exact(self.fields).skip(first);
        for (out, indices) in out.chunks_exact_mut(self.width).zip(indices) {
            out.copy_from_slice(bias);
            for &index in indices {
                let row = &table[index as usize * self.width..][..self.width];
                out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
            }
        }
    }

    /// The gradient of a table of `length` values: each row of `gradient` goes to the rows that were added up.
    pub(super) fn spread(&self, gradient: &[f32], length: usize) -> Vec<f32> {
        // Each thread has columns of its own, side by side; then they go where they belong.
        let shares = self.width.div_ceil(COLUMNS);
        let share = |share: usize| {
            let columns = share * COLUMNS..self.width.min((share + 1) * COLUMNS);
            let mut part = vec![0.0; length / self.width * columns.len()];
            let rows = gradient.chunks_exact(self.width).zip(self.indices.chunks_exact(self.fields));
            for (row, indices) in rows {
                for &index in indices {
                    let sums = &mut part[index as usize * columns.len()..][..columns.len()];
                    sums.iter_mut().zip(&row[columns.clone()]).for_each(|(sum, value)| *sum += value);
                }
            }
            part
        };
        let parts: Vec<Vec<f32>> = (0..shares).into_par_iter().map(share).collect();
        let mut table = vec![0.0; length];
        for (row, table) in table.chunks_exact_mut(self.width).enumerate() {
            for (out, part) in table.chunks_mut(COLUMNS).zip(&parts) {
                out.copy_from_slice(&part[row * out.len()..][..out.len()]);
            }
        }
        table
    }
}

impl Operation for Bag {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let zero = vec![0.0; self.width];
        let bias = inputs.get(1).copied().unwrap_or(&zero);
        let mut out = vec![0.0; self.rows() * self.width];
        self.add_up(inputs[0], bias, 0, &mut out);
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let mut gradients = vec![self.spread(gradient, inputs[0].len())];
        gradients.extend(inputs.get(1).map(|_| column_sums(gradient, self.width)));
        gradients
    }
}
