//! The input of a network: the sum of one row of a table for each field of a step.
//!
//! It is the product of one-hot vectors with a matrix, without the product. The first layer of an LSTM takes its table of
//! width 4H directly.

use super::activation::vectorised;
use super::operation::Operation;

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
}

impl Operation for Bag {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let width = self.width;
        let zero = vec![0.0; width];
        let bias = inputs.get(1).copied().unwrap_or(&zero);
        let mut out = bias.repeat(self.indices.len() / self.fields);
        vectorised(|| {
            for (out, indices) in out.chunks_exact_mut(width).zip(self.indices.chunks_exact(self.fields)) {
                for &index in indices {
                    let row = &inputs[0][index as usize * width..][..width];
                    out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
                }
            }
        });
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let width = self.width;
        let mut table = vec![0.0; inputs[0].len()];
        vectorised(|| {
            for (gradient, indices) in
                gradient.chunks_exact(width).zip(self.indices.chunks_exact(self.fields))
            {
                for &index in indices {
                    let row = &mut table[index as usize * width..][..width];
                    row.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
                }
            }
        });
        let mut gradients = vec![table];
        gradients.extend(inputs.get(1).map(|_| column_sums(gradient, width)));
        gradients
    }
}

/// The sum of all rows of a matrix of `width` columns, row after row.
pub(super) fn column_sums(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0; width];
    vectorised(|| {
        for row in rows.chunks_exact(width) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    });
    sums
}
