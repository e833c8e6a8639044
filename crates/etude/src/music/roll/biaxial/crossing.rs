//! From the layers over time to the layer over keys: values change places, and what is known of the frame stands beside them.

use crate::nn::Operation;

/// A row that takes nothing from below.
pub(super) const NOTHING: u32 = u32::MAX;

/// The operation x → y, shapes (M, H) → (N, H + E): row n of y is a row of x, or zeros, and then its own features.
#[derive(Debug)]
pub(super) struct Crossing {
    /// H.
    pub(super) width: usize,
    /// Which row of x, or [`NOTHING`], (N).
    pub(super) rows: Vec<u32>,
    /// (N, E).
    pub(super) features: Vec<f32>,
}

impl Operation for Crossing {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let own = self.features.len() / self.rows.len();
        let mut out = vec![0.0; self.rows.len() * (self.width + own)];
        let rows = out.chunks_exact_mut(self.width + own).zip(self.features.chunks_exact(own));
        for ((out, features), &row) in rows.zip(&self.rows) {
            let (below, beside) = out.split_at_mut(self.width);
            beside.copy_from_slice(features);
            if row != NOTHING {
                below.copy_from_slice(&inputs[0][row as usize * self.width..][..self.width]);
            }
        }
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let columns = gradient.len() / self.rows.len();
        let mut change = vec![0.0; inputs[0].len()];
        for (gradient, &row) in gradient.chunks_exact(columns).zip(&self.rows) {
            if row != NOTHING {
                let change = &mut change[row as usize * self.width..][..self.width];
                change.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
            }
        }
        vec![change]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The operation is linear, so its gradient is the transposed matrix: weighed sums agree.
    #[test]
    fn rows_go_where_they_are_sent_and_gradients_back() {
        let rows = vec![2, NOTHING, 0, 2];
        let crossing = Crossing { width: 2, rows, features: vec![7.0, 8.0, 9.0, 10.0] };
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let y = crossing.forward(&[&x]);
        assert_eq!(y, [5.0, 6.0, 7.0, 0.0, 0.0, 8.0, 1.0, 2.0, 9.0, 5.0, 6.0, 10.0]);
        let weights: Vec<f32> = (1..=12).map(|n| n as f32).collect();
        let gradient = crossing.backward(&[&x], &y, &weights);
        assert_eq!(gradient, [[7.0, 8.0, 0.0, 0.0, 11.0, 13.0]]);
    }
}
