//! Long short-term memory over a stretch of steps, as one operation.
//!
//! Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000; per step and stream
//!
//! ```text
//!     i, f, g, o = σ, σ, tanh, σ of (x + h′ U)        x (T, B, 4H), U (H, 4H): columns in the order i, f, g, o
//!     c = f ⊙ c′ + i ⊙ g
//!     h = o ⊙ tanh c
//! ```
//!
//! h′ and c′ are the state before the step: that of the step before, 0 where a sequence begins, or at the first step what
//! was carried over from the last stretch. No gradient flows into what was carried over.

use super::activation::{sigmoid, tanh, vectorised};
use super::operation::Operation;
use super::product::{Matrix, Packed, multiply, multiply_shared};
use super::steps::{Sizes, before, clear, shares};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::OnceLock;

/// The operation (x, U) → h, shapes (T, B, 4H), (H, 4H) → (T, B, H).
#[derive(Debug)]
pub struct Lstm {
    sizes: Sizes,
    /// Where a new sequence begins, (T, B).
    resets: Vec<bool>,
    /// The state that is carried over, (B, H) each.
    hidden: Vec<f32>,
    cell: Vec<f32>,
    /// Gates (T, B, 4H) and cells (T, B, H).
    saved: OnceLock<(Vec<f32>, Vec<f32>)>,
}

impl Lstm {
    /// A stretch that goes on from a state: `hidden` h and `cell` c, (B, H) each.
    pub fn new(sizes: Sizes, resets: Vec<bool>, hidden: Vec<f32>, cell: Vec<f32>) -> Self {
        let state = sizes.streams * sizes.width;
        assert_eq!((resets.len(), hidden.len(), cell.len()), (sizes.steps * sizes.streams, state, state));
        Self { sizes, resets, hidden, cell, saved: OnceLock::new() }
    }

    /// c after the last step, (B, H); h is the end of the value. None before it ran forwards.
    pub fn last_cell(&self) -> Option<&[f32]> {
        let (_, cells) = self.saved.get()?;
        Some(&cells[cells.len() - self.cell.len()..])
    }
}

impl Operation for Lstm {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[x, recurrent] = inputs else { unreachable!("an operation of two arrays") };
        let Sizes { streams, width, .. } = self.sizes;
        let recurrent = Packed::new(Matrix::new(recurrent, width, 4 * width));
        let states = x.len() / 4;
        let (mut gates, mut cells, mut hidden) = (x.to_vec(), vec![0.0; states], vec![0.0; states]);
        let share = self.sizes.share();
        let gate_shares = shares(&mut gates, streams, 4 * width, share);
        let cell_shares = shares(&mut cells, streams, width, share);
        let hidden_shares = shares(&mut hidden, streams, width, share);
        let work: Vec<_> = gate_shares.into_iter().zip(cell_shares).zip(hidden_shares).enumerate().collect();
        work.into_par_iter().for_each(|(index, ((gates, cells), hidden))| {
            let rows = index * share..streams.min((index + 1) * share);
            let state = rows.start * width..rows.end * width;
            let (mut h, mut c) = (self.hidden[state.clone()].to_vec(), self.cell[state].to_vec());
            for (step, ((gates, cells), hidden)) in gates.into_iter().zip(cells).zip(hidden).enumerate() {
                let resets = &self.resets[step * streams..][rows.clone()];
                clear(&mut h, resets, width);
                clear(&mut c, resets, width);
                multiply(Matrix::new(&h, rows.len(), width), &recurrent, gates, true);
                vectorised(|| step_forward(gates, &mut c, &mut h, width));
                cells.copy_from_slice(&c);
                hidden.copy_from_slice(&h);
            }
        });
        self.saved.set((gates, cells)).expect("an operation runs forwards once");
        hidden
    }

    fn backward(&self, inputs: &[&[f32]], output: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[_, recurrent] = inputs else { unreachable!("an operation of two arrays") };
        let Sizes { steps, streams, width } = self.sizes;
        let (gates, cells) = self.saved.get().expect("an operation runs forwards first");
        let back = Packed::new(Matrix::new(recurrent, width, 4 * width).transposed());
        let cells_before = before(cells, &self.cell, &self.resets, width);
        let mut change = vec![0.0; gates.len()];
        let share = self.sizes.share();
        let work: Vec<_> = shares(&mut change, streams, 4 * width, share).into_iter().enumerate().collect();
        work.into_par_iter().for_each(|(index, change)| {
            let rows = index * share..streams.min((index + 1) * share);
            let count = rows.len() * width;
            let (mut dh, mut dc) = (vec![0.0; count], vec![0.0; count]);
            for (step, change) in (0..steps).zip(change).rev() {
                let row = step * streams + rows.start;
                let past = Past {
                    gates: &gates[row * 4 * width..][..4 * count],
                    cells: &cells[row * width..][..count],
                    before: &cells_before[row * width..][..count],
                    gradient: &gradient[row * width..][..count],
                };
                vectorised(|| step_backward(&past, &dh, &mut dc, change, width));
                multiply(Matrix::new(change, rows.len(), 4 * width), &back, &mut dh, false);
                let resets = &self.resets[step * streams..][rows.clone()];
                clear(&mut dh, resets, width);
                clear(&mut dc, resets, width);
            }
        });
        let before = before(output, &self.hidden, &self.resets, width);
        let mut weights = vec![0.0; recurrent.len()];
        let (rows, columns) = (steps * streams, 4 * width);
        multiply_shared(
            Matrix::new(&before, rows, width).transposed(),
            Matrix::new(&change, rows, columns),
            &mut weights,
            false,
        );
        vec![change, weights]
    }
}

/// One step of some streams: gates (N, 4H) are given before their functions and left after; c and h (N, H) move on.
#[inline(always)]
fn step_forward(gates: &mut [f32], c: &mut [f32], h: &mut [f32], width: usize) {
    let rows =
        gates.chunks_exact_mut(4 * width).zip(c.chunks_exact_mut(width)).zip(h.chunks_exact_mut(width));
    for ((gates, c), h) in rows {
        let (i, gates) = gates.split_at_mut(width);
        let (f, gates) = gates.split_at_mut(width);
        let (g, o) = gates.split_at_mut(width);
        let (o, c, h) = (&mut o[..width], &mut c[..width], &mut h[..width]);
        for n in 0..width {
            i[n] = sigmoid(i[n]);
            f[n] = sigmoid(f[n]);
            g[n] = tanh(g[n]);
            o[n] = sigmoid(o[n]);
            c[n] = f[n] * c[n] + i[n] * g[n];
            h[n] = o[n] * tanh(c[n]);
        }
    }
}

/// What is known of one step of some streams, on the way back.
struct Past<'a> {
    /// After their functions, (N, 4H).
    gates: &'a [f32],
    /// c, (N, H).
    cells: &'a [f32],
    /// c′, (N, H).
    before: &'a [f32],
    /// The gradient of h from above, (N, H).
    gradient: &'a [f32],
}

/// The gradient of the gates before their functions, (N, 4H), given those of h and c from the step after, (N, H); that of
/// c becomes the one for the step before.
#[inline(always)]
fn step_backward(past: &Past, dh: &[f32], dc: &mut [f32], change: &mut [f32], width: usize) {
    for (row, (change, dc)) in change.chunks_exact_mut(4 * width).zip(dc.chunks_exact_mut(width)).enumerate()
    {
        let of = |array| &array_row(array, row, width)[..width];
        let (c, before, above, dh) = (of(past.cells), of(past.before), of(past.gradient), of(dh));
        let gates = &past.gates[row * 4 * width..][..4 * width];
        let (i, gates) = gates.split_at(width);
        let (f, gates) = gates.split_at(width);
        let (g, o) = gates.split_at(width);
        let (di, change) = change.split_at_mut(width);
        let (df, change) = change.split_at_mut(width);
        let (dg, d_o) = change.split_at_mut(width);
        let (o, d_o, dc) = (&o[..width], &mut d_o[..width], &mut dc[..width]);
        for n in 0..width {
            let (dh, squashed) = (dh[n] + above[n], tanh(c[n]));
            let dcell = dc[n] + dh * o[n] * (1.0 - squashed * squashed);
            d_o[n] = dh * squashed * o[n] * (1.0 - o[n]);
            di[n] = dcell * g[n] * i[n] * (1.0 - i[n]);
            df[n] = dcell * before[n] * f[n] * (1.0 - f[n]);
            dg[n] = dcell * i[n] * (1.0 - g[n] * g[n]);
            dc[n] = dcell * f[n];
        }
    }
}

#[inline(always)]
fn array_row(array: &[f32], row: usize, width: usize) -> &[f32] {
    &array[row * width..(row + 1) * width]
}
