//! Gated recurrent units over a stretch of steps, as one operation.
//!
//! Cho & al. 2014, in the form where the reset gate stands outside the product, which lets all gates share one product
//! (that of cuDNN and PyTorch); per step and stream
//!
//! ```text
//!     r, z = σ of (x + h′ U)                    x (T, B, 3H), U (H, 3H): columns in the order r, z, n
//!     n = tanh(x + r ⊙ (h′ U + b_n))            b_n (H)
//!     h = (1 − z) ⊙ n + z ⊙ h′
//! ```
//!
//! h′ is the state before the step: that of the step before, 0 where a sequence begins, or at the first step what was
//! carried over from the last stretch, into which no gradient flows.

use super::operation::Operation;
use super::product::{Matrix, Packed, multiply, multiply_shared};
use super::rows::column_sums;
use super::steps::{Sizes, before, clear, shares};
use crate::kernels::activation::{sigmoid, tanh};
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::OnceLock;

/// The operation (x, U, b_n) → h, shapes (T, B, 3H), (H, 3H), (H) → (T, B, H).
#[derive(Debug)]
pub struct Gru {
    sizes: Sizes,
    /// Where a new sequence begins, (T, B).
    resets: Vec<bool>,
    /// The state that is carried over, (B, H).
    hidden: Vec<f32>,
    /// For each step r, z, n and h′ U + b_n of the candidate: (T, B, 4H).
    saved: OnceLock<Vec<f32>>,
}

impl Gru {
    /// A stretch that goes on from a state h, (B, H).
    pub fn new(sizes: Sizes, resets: Vec<bool>, hidden: Vec<f32>) -> Self {
        assert_eq!((resets.len(), hidden.len()), (sizes.steps * sizes.streams, sizes.streams * sizes.width));
        Self { sizes, resets, hidden, saved: OnceLock::new() }
    }
}

impl Operation for Gru {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[x, recurrent, bias] = inputs else { unreachable!("an operation of three arrays") };
        let Sizes { steps, streams, width } = self.sizes;
        let recurrent = Packed::new(Matrix::new(recurrent, width, 3 * width));
        let states = steps * streams * width;
        let (mut saved, mut hidden) = (vec![0.0; 4 * states], vec![0.0; states]);
        let share = self.sizes.share();
        let saved_shares = shares(&mut saved, streams, 4 * width, share);
        let hidden_shares = shares(&mut hidden, streams, width, share);
        let work: Vec<_> = saved_shares.into_iter().zip(hidden_shares).enumerate().collect();
        work.into_par_iter().for_each(|(index, (saved, hidden))| {
            let rows = index * share..streams.min((index + 1) * share);
            let mut h = self.hidden[rows.start * width..rows.end * width].to_vec();
            let mut product = vec![0.0; rows.len() * 3 * width];
            for (step, (saved, hidden)) in saved.into_iter().zip(hidden).enumerate() {
                clear(&mut h, &self.resets[step * streams..][rows.clone()], width);
                multiply(Matrix::new(&h, rows.len(), width), &recurrent, &mut product, false);
                let x = &x[(step * streams + rows.start) * 3 * width..][..product.len()];
                fast(Forwards { x, product: &product, bias, saved, h: &mut h });
                hidden.copy_from_slice(&h);
            }
        });
        self.saved.set(saved).expect("an operation runs forwards once");
        hidden
    }

    fn backward(&self, inputs: &[&[f32]], output: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[x, recurrent, _] = inputs else { unreachable!("an operation of three arrays") };
        let Sizes { steps, streams, width } = self.sizes;
        let saved = self.saved.get().expect("an operation runs forwards first");
        let back = Packed::new(Matrix::new(recurrent, width, 3 * width).transposed());
        let before = before(output, &self.hidden, &self.resets, width);
        // The gradients of x, and those of h′ U: they differ in the candidate by the factor r.
        let (mut change, mut inner) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let share = self.sizes.share();
        let change_shares = shares(&mut change, streams, 3 * width, share);
        let inner_shares = shares(&mut inner, streams, 3 * width, share);
        let work: Vec<_> = change_shares.into_iter().zip(inner_shares).enumerate().collect();
        work.into_par_iter().for_each(|(index, (change, inner))| {
            let rows = index * share..streams.min((index + 1) * share);
            let count = rows.len() * width;
            let mut dh = vec![0.0; count];
            for (step, (change, inner)) in (0..steps).zip(change.into_iter().zip(inner)).rev() {
                let row = step * streams + rows.start;
                fast(Backwards {
                    saved: &saved[row * 4 * width..][..4 * count],
                    before: &before[row * width..][..count],
                    gradient: &gradient[row * width..][..count],
                    dh: &mut dh,
                    change,
                    inner: &mut *inner,
                    width,
                });
                multiply(Matrix::new(inner, rows.len(), 3 * width), &back, &mut dh, true);
                clear(&mut dh, &self.resets[step * streams..][rows.clone()], width);
            }
        });
        let mut weights = vec![0.0; recurrent.len()];
        let rows = steps * streams;
        multiply_shared(
            Matrix::new(&before, rows, width).transposed(),
            Matrix::new(&inner, rows, 3 * width),
            &mut weights,
            false,
        );
        let bias = column_sums(&inner, 3 * width).split_off(2 * width);
        vec![change, weights, bias]
    }
}

/// One step of some streams.
struct Forwards<'a> {
    /// From the input, and from the state, (N, 3H) each.
    x: &'a [f32],
    product: &'a [f32],
    /// b_n, (H).
    bias: &'a [f32],
    /// What comes out: r, z, n and h′ U + b_n, (N, 4H).
    saved: &'a mut [f32],
    /// The state moves on, (N, H).
    h: &'a mut [f32],
}

impl Kernel for Forwards<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { x, product, bias, saved, h } = self;
        let width = bias.len();
        let inputs = x.chunks_exact(3 * width).zip(product.chunks_exact(3 * width));
        let states = saved.chunks_exact_mut(4 * width).zip(h.chunks_exact_mut(width));
        for ((x, product), (saved, h)) in inputs.zip(states) {
            let (r, saved) = saved.split_at_mut(width);
            let (z, saved) = saved.split_at_mut(width);
            let (n, u) = saved.split_at_mut(width);
            let ((xr, x), (ur, product)) = (x.split_at(width), product.split_at(width));
            let ((xz, xn), (uz, un)) = (x.split_at(width), product.split_at(width));
            // A line at a time, beside the arrays: a compiler that can't tell arrays apart makes no vectors of them.
            for at in (0..width).step_by(Line::LEN) {
                let [xr, xz, xn, ur, uz, un, bias] =
                    [xr, xz, xn, ur, uz, un, bias].map(|row| Line::load(row, at));
                let add = |a: f32, b: f32| a + b;
                let reset = xr.zip(ur, add).map(sigmoid);
                let update = xz.zip(uz, add).map(sigmoid);
                let inner = un.zip(bias, add);
                let candidate = xn.zip(reset.zip(inner, |r, u| r * u), add).map(tanh);
                let kept = update.zip(Line::load(h, at), |z, h| z * h);
                let hidden = update.zip(candidate, |z, n| (1.0 - z) * n).zip(kept, add);
                for (line, row) in [(reset, &mut *r), (update, z), (candidate, n), (inner, u), (hidden, h)] {
                    line.store(row, at);
                }
            }
        }
    }
}

/// One step of some streams, on the way back.
struct Backwards<'a> {
    /// r, z, n and h′ U + b_n, (N, 4H).
    saved: &'a [f32],
    /// h′, (N, H).
    before: &'a [f32],
    /// The gradient of h from above, (N, H).
    gradient: &'a [f32],
    /// The gradient of h from the step after becomes that part of the gradient of h′ which doesn't go through the product,
    /// (N, H).
    dh: &'a mut [f32],
    /// What comes out: the gradients of x and of h′ U, (N, 3H) each.
    change: &'a mut [f32],
    inner: &'a mut [f32],
    width: usize,
}

impl Kernel for Backwards<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { saved, before, gradient, dh, change, inner, width } = self;
        let states = saved.chunks_exact(4 * width).zip(before.chunks_exact(width));
        let states = states.zip(gradient.chunks_exact(width)).zip(dh.chunks_exact_mut(width));
        let changes = change.chunks_exact_mut(3 * width).zip(inner.chunks_exact_mut(3 * width));
        for ((((saved, before), above), dh), (change, inner)) in states.zip(changes) {
            let (r, saved) = saved.split_at(width);
            let (z, saved) = saved.split_at(width);
            let (n, u) = saved.split_at(width);
            let (dr, change) = change.split_at_mut(width);
            let (dz, dn) = change.split_at_mut(width);
            let (ir, inner) = inner.split_at_mut(width);
            let (iz, i_n) = inner.split_at_mut(width);
            for at in (0..width).step_by(Line::LEN) {
                let [Line(r), Line(z), Line(n), Line(u), Line(before), Line(above)] =
                    [r, z, n, u, before, above].map(|row| Line::load(row, at));
                let Line(mut dh_line) = Line::load(dh, at);
                let (mut r_line, mut z_line, mut n_line) =
                    ([0.0; Line::LEN], [0.0; Line::LEN], [0.0; Line::LEN]);
                let mut inner_line = [0.0; Line::LEN];
                for k in 0..Line::LEN {
                    let d = dh_line[k] + above[k];
                    n_line[k] = d * (1.0 - z[k]) * (1.0 - n[k] * n[k]);
                    z_line[k] = d * (before[k] - n[k]) * z[k] * (1.0 - z[k]);
                    r_line[k] = n_line[k] * u[k] * r[k] * (1.0 - r[k]);
                    inner_line[k] = n_line[k] * r[k];
                    dh_line[k] = d * z[k];
                }
                for (line, row) in
                    [(r_line, &mut *dr), (z_line, dz), (n_line, dn), (r_line, ir), (z_line, iz)]
                {
                    Line(line).store(row, at);
                }
                Line(inner_line).store(i_n, at);
                Line(dh_line).store(dh, at);
            }
        }
    }
}
