//! Rows by number: how a layer sees the step before or after, or all steps from the end.

use super::operation::Operation;

/// The number of no row, which gives zeros.
pub const NO_ROW: u32 = u32::MAX;

/// The operation x → rows of x, shapes (N, W) → (rows, W).
#[derive(Debug)]
pub struct Pick {
    /// Which row of x each row is, or [`NO_ROW`].
    pub rows: Vec<u32>,
    /// W.
    pub width: usize,
}

impl Operation for Pick {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut out = vec![0.0; self.rows.len() * self.width];
        for (out, &row) in out.chunks_exact_mut(self.width).zip(&self.rows) {
            if row != NO_ROW {
                out.copy_from_slice(&inputs[0][row as usize * self.width..][..self.width]);
            }
        }
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let mut change = vec![0.0; inputs[0].len()];
        for (gradient, &row) in gradient.chunks_exact(self.width).zip(&self.rows) {
            if row != NO_ROW {
                let sums = &mut change[row as usize * self.width..][..self.width];
                sums.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
            }
        }
        vec![change]
    }
}
