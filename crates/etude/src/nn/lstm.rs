//! Long short-term memory over a stretch of steps, with the product by which it reads, as one operation.
//!
//! Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000; per step and stream
//!
//! ```text
//!     i, f, g, o = σ, σ, tanh, σ of (x W + h′ U + b)     x (T, B, I), W (I, 4H), U (H, 4H), b (4H): columns i, f, g, o
//!     c = f ⊙ c′ + i ⊙ g
//!     h = o ⊙ tanh c
//! ```
//!
//! h′ and c′ are the state before the step: that of the step before, 0 where a sequence begins, or at the first step what
//! was carried over from the last stretch. No gradient flows into what was carried over. The gates are worked out, turned
//! into their gradients, and used for those of the weights in one array: memory that is touched once costs more than the
//! arithmetic on it.

use super::activation::{sigmoid, tanh, vectorised};
use super::feed::Feed;
use super::operation::Operation;
use super::product::{Matrix, Packed, multiply, multiply_shared};
use super::rows::column_sums;
use super::steps::{Sizes, before, clear, shares};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::{Mutex, OnceLock};

/// The operation (x, W, U, b) → h, shapes (T, B, I), (I, 4H), (H, 4H), (4H) → (T, B, H); or (W, U, b) → h, where x are
/// fields and W is their table.
#[derive(Debug)]
pub struct Lstm {
    sizes: Sizes,
    feed: Feed,
    /// Where a new sequence begins, (T, B).
    resets: Vec<bool>,
    /// The state that is carried over, (B, H) each.
    hidden: Vec<f32>,
    cell: Vec<f32>,
    /// Gates (T, B, 4H) and cells (T, B, H), until the way back.
    saved: Mutex<Option<(Vec<f32>, Vec<f32>)>>,
    /// c after the last step, (B, H).
    last_cell: OnceLock<Vec<f32>>,
}

impl Lstm {
    /// A stretch that goes on from a state: `hidden` h and `cell` c, (B, H) each.
    pub fn new(sizes: Sizes, feed: Feed, resets: Vec<bool>, hidden: Vec<f32>, cell: Vec<f32>) -> Self {
        let state = sizes.streams * sizes.width;
        assert_eq!((resets.len(), hidden.len(), cell.len()), (sizes.steps * sizes.streams, state, state));
        Self { sizes, feed, resets, hidden, cell, saved: Mutex::default(), last_cell: OnceLock::new() }
    }

    /// c after the last step, (B, H); h is the end of the value. None before it ran forwards.
    pub fn last_cell(&self) -> Option<&[f32]> {
        self.last_cell.get().map(Vec::as_slice)
    }
}

impl Operation for Lstm {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let (read, &[recurrent, bias]) = self.feed.split(inputs);
        let Sizes { steps, streams, width } = self.sizes;
        let recurrent = Packed::new(Matrix::new(recurrent, width, 4 * width));
        let states = steps * streams * width;
        let mut gates = self.feed.forward(read, bias);
        let (mut cells, mut hidden) = (vec![0.0; states], vec![0.0; states]);
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
        let last = cells[cells.len() - self.cell.len()..].to_vec();
        self.last_cell.set(last).expect("an operation runs forwards once");
        *self.saved.lock().expect("no thread failed") = Some((gates, cells));
        hidden
    }

    fn backward(&self, inputs: &[&[f32]], output: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let (read, &[recurrent, _]) = self.feed.split(inputs);
        let Sizes { steps, streams, width } = self.sizes;
        let saved = self.saved.lock().expect("no thread failed").take();
        let (mut gates, cells) = saved.expect("an operation runs forwards, then backwards, once");
        let back = Packed::new(Matrix::new(recurrent, width, 4 * width).transposed());
        let zero = vec![0.0; width];
        let share = self.sizes.share();
        let work: Vec<_> = shares(&mut gates, streams, 4 * width, share).into_iter().enumerate().collect();
        work.into_par_iter().for_each(|(index, gates)| {
            let rows = index * share..streams.min((index + 1) * share);
            let count = rows.len() * width;
            let (mut dh, mut dc) = (vec![0.0; count], vec![0.0; count]);
            for (step, gates) in (0..steps).zip(gates).rev() {
                let row = step * streams + rows.start;
                let resets = &self.resets[row..][..rows.len()];
                let past = Past {
                    cells: &cells[row * width..][..count],
                    before: match step {
                        0 => &self.cell[rows.start * width..][..count],
                        _ => &cells[(row - streams) * width..][..count],
                    },
                    resets,
                    zero: &zero,
                    gradient: &gradient[row * width..][..count],
                };
                vectorised(|| step_backward(&past, gates, &dh, &mut dc, width));
                multiply(Matrix::new(gates, rows.len(), 4 * width), &back, &mut dh, false);
                clear(&mut dh, resets, width);
                clear(&mut dc, resets, width);
            }
        });
        let before = before(output, &self.hidden, &self.resets, width);
        let mut weights = vec![0.0; recurrent.len()];
        let (rows, columns) = (steps * streams, 4 * width);
        multiply_shared(
            Matrix::new(&before, rows, width).transposed(),
            Matrix::new(&gates, rows, columns),
            &mut weights,
            false,
        );
        let mut gradients = self.feed.backward(read, &gates);
        gradients.extend([weights, column_sums(&gates, columns)]);
        gradients
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
    /// c, (N, H).
    cells: &'a [f32],
    /// c of the step before, (N, H).
    before: &'a [f32],
    /// Where a sequence begins, so that c′ is 0, (N).
    resets: &'a [bool],
    /// Zeros, (H).
    zero: &'a [f32],
    /// The gradient of h from above, (N, H).
    gradient: &'a [f32],
}

/// Gates after their functions, (N, 4H), become their gradients before them, given those of h and c from the step after, (N,
/// H); that of c becomes the one for the step before.
#[inline(always)]
fn step_backward(past: &Past, gates: &mut [f32], dh: &[f32], dc: &mut [f32], width: usize) {
    for (row, (gates, dc)) in gates.chunks_exact_mut(4 * width).zip(dc.chunks_exact_mut(width)).enumerate() {
        let of = |array| &array_row(array, row, width)[..width];
        let (c, above, dh) = (of(past.cells), of(past.gradient), of(dh));
        let before = if past.resets[row] { &past.zero[..width] } else { of(past.before) };
        let (i, gates) = gates.split_at_mut(width);
        let (f, gates) = gates.split_at_mut(width);
        let (g, o) = gates.split_at_mut(width);
        let (o, dc) = (&mut o[..width], &mut dc[..width]);
        for n in 0..width {
            let (dh, squashed) = (dh[n] + above[n], tanh(c[n]));
            let dcell = dc[n] + dh * o[n] * (1.0 - squashed * squashed);
            dc[n] = dcell * f[n];
            o[n] = dh * squashed * o[n] * (1.0 - o[n]);
            f[n] = dcell * before[n] * f[n] * (1.0 - f[n]);
            let input = i[n];
            i[n] = dcell * g[n] * input * (1.0 - input);
            g[n] = dcell * input * (1.0 - g[n] * g[n]);
        }
    }
}

#[inline(always)]
fn array_row(array: &[f32], row: usize, width: usize) -> &[f32] {
    &array[row * width..(row + 1) * width]
}
