//! Rows by number, with values beside them: how a layer sees the step before or after, all steps from the end, or another
//! order of what the layer below told.

use super::operation::Operation;

/// The number of no row, which gives zeros.
pub const NO_ROW: u32 = u32::MAX;

/// The operation x → y, shapes (M, W) → (N, W + E): row n of y is a row of x, or zeros, and then values of its own.
#[derive(Debug)]
pub struct Pick {
    /// W.
    pub width: usize,
    /// Which row of x each row is, or [`NO_ROW`], (N).
    pub rows: Vec<u32>,
    /// What stands beside, (N, E); empty for nothing.
    pub beside: Vec<f32>,
}

impl Operation for Pick {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let own = self.beside.len() / self.rows.len();
        let mut out = vec![0.0; self.rows.len() * (self.width + own)];
        for (at, (out, &row)) in out.chunks_exact_mut(self.width + own).zip(&self.rows).enumerate() {
            let (below, beside) = out.split_at_mut(self.width);
            beside.copy_from_slice(&self.beside[at * own..][..own]);
            if row != NO_ROW {
                below.copy_from_slice(&inputs[0][row as usize * self.width..][..self.width]);
            }
        }
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let columns = gradient.len() / self.rows.len();
        let mut change = vec![0.0; inputs[0].len()];
        for (gradient, &row) in gradient.chunks_exact(columns).zip(&self.rows) {
            if row != NO_ROW {
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
        let rows = vec![2, NO_ROW, 0, 2];
        let pick = Pick { width: 2, rows, beside: vec![7.0, 8.0, 9.0, 10.0] };
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let y = pick.forward(&[&x]);
        assert_eq!(y, [5.0, 6.0, 7.0, 0.0, 0.0, 8.0, 1.0, 2.0, 9.0, 5.0, 6.0, 10.0]);
        let weights: Vec<f32> = (1..=12).map(|n| n as f32).collect();
        let gradient = pick.backward(&[&x], &y, &weights);
        assert_eq!(gradient, [[7.0, 8.0, 0.0, 0.0, 11.0, 13.0]]);
    }
}
