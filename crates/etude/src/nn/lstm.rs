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

use super::buffers::{give, take};
use super::feed::Feed;
use super::operation::Operation;
use super::product::{Matrix, Packed, multiply, multiply_shared};
use super::rows::column_sums;
use super::steps::{Sizes, before, clear, shares};
use crate::kernels::activation::{sigmoid, tanh};
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
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
    /// What g is multiplied by, (T, B, H), or nothing.
    mask: Option<Vec<f32>>,
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
        Self {
            sizes,
            feed,
            resets,
            hidden,
            cell,
            mask: None,
            saved: Mutex::default(),
            last_cell: OnceLock::new(),
        }
    }

    /// The same with recurrent dropout: a mask (T, B, H) for the candidates.
    #[must_use]
    pub fn with_mask(self, mask: Vec<f32>) -> Self {
        assert_eq!(mask.len(), self.resets.len() * self.sizes.width);
        Self { mask: Some(mask), ..self }
    }

    /// The part of the mask that belongs to some rows of a step.
    fn mask(&self, row: usize, count: usize) -> Option<&[f32]> {
        self.mask.as_deref().map(|mask| &mask[row * self.sizes.width..][..count])
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
        let (mut cells, mut hidden) = (take(states), vec![0.0; states]);
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
                let mask = self.mask(step * streams + rows.start, c.len());
                fast(Forwards { gates, c: &mut c, h: &mut h, mask, width });
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
                fast(Backwards {
                    gates: &mut *gates,
                    cells: &cells[row * width..][..count],
                    before: match step {
                        0 => &self.cell[rows.start * width..][..count],
                        _ => &cells[(row - streams) * width..][..count],
                    },
                    resets,
                    zero: &zero,
                    gradient: &gradient[row * width..][..count],
                    dh: &dh,
                    dc: &mut dc,
                    mask: self.mask(row, count),
                });
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
        [gates, cells, before].into_iter().for_each(give);
        gradients
    }
}

/// One step of some streams.
struct Forwards<'a> {
    /// Before their functions, and then after them, (N, 4H).
    gates: &'a mut [f32],
    /// The state moves on, (N, H) each.
    c: &'a mut [f32],
    h: &'a mut [f32],
    /// (N, H).
    mask: Option<&'a [f32]>,
    width: usize,
}

impl Kernel for Forwards<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.width;
        let states = self.c.chunks_exact_mut(width).zip(self.h.chunks_exact_mut(width));
        for (row, (gates, (c, h))) in self.gates.chunks_exact_mut(4 * width).zip(states).enumerate() {
            let mask = self.mask.map(|mask| &mask[row * width..][..width]);
            let (i, gates) = gates.split_at_mut(width);
            let (f, gates) = gates.split_at_mut(width);
            let (g, o) = gates.split_at_mut(width);
            // A line at a time, beside the arrays: a compiler that can't tell arrays apart makes no vectors of them.
            for at in (0..width).step_by(Line::LEN) {
                let input = Line::load(i, at).map(sigmoid);
                let forget = Line::load(f, at).map(sigmoid);
                let candidate = Line::load(g, at).map(tanh);
                let output = Line::load(o, at).map(sigmoid);
                let mut news = input.zip(candidate, |i, g| i * g);
                if let Some(mask) = mask {
                    news = news.zip(Line::load(mask, at), |news, mask| news * mask);
                }
                let cell = forget.zip(Line::load(c, at), |f, c| f * c).zip(news, |a, b| a + b);
                let hidden = output.zip(cell.map(tanh), |o, c| o * c);
                for (line, row) in [(input, &mut *i), (forget, f), (candidate, g), (output, o)] {
                    line.store(row, at);
                }
                cell.store(c, at);
                hidden.store(h, at);
            }
        }
    }
}

/// One step of some streams on the way back: gates become their gradients before their functions, and the gradient of c that
/// for the step before.
struct Backwards<'a> {
    /// After their functions, (N, 4H).
    gates: &'a mut [f32],
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
    /// Those of h and c from the step after, (N, H).
    dh: &'a [f32],
    dc: &'a mut [f32],
    /// (N, H).
    mask: Option<&'a [f32]>,
}

impl Kernel for Backwards<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.zero.len();
        let rows = self.gates.chunks_exact_mut(4 * width).zip(self.dc.chunks_exact_mut(width));
        for (row, (gates, dc)) in rows.enumerate() {
            let place = row * width..(row + 1) * width;
            let (c, above) = (&self.cells[place.clone()], &self.gradient[place.clone()]);
            let dh = &self.dh[place.clone()];
            let mask = self.mask.map(|mask| &mask[place.clone()]);
            let before = if self.resets[row] { self.zero } else { &self.before[place] };
            let (i, gates) = gates.split_at_mut(width);
            let (f, gates) = gates.split_at_mut(width);
            let (g, o) = gates.split_at_mut(width);
            for at in (0..width).step_by(Line::LEN) {
                let [Line(mut i_line), Line(mut f_line), Line(mut g_line), Line(mut o_line)] =
                    [&*i, &*f, &*g, &*o].map(|row| Line::load(row, at));
                let [Line(c), Line(before), Line(above), Line(dh)] =
                    [c, before, above, dh].map(|row| Line::load(row, at));
                let Line(mut dc_line) = Line::load(dc, at);
                let Line(mask) = mask.map_or(Line([1.0; Line::LEN]), |mask| Line::load(mask, at));
                for n in 0..Line::LEN {
                    let (i, f, g, o) = (i_line[n], f_line[n], g_line[n], o_line[n]);
                    let (dh, squashed) = (dh[n] + above[n], tanh(c[n]));
                    let dcell = dc_line[n] + dh * o * (1.0 - squashed * squashed);
                    dc_line[n] = dcell * f;
                    let news = dcell * mask[n];
                    i_line[n] = news * g * i * (1.0 - i);
                    f_line[n] = dcell * before[n] * f * (1.0 - f);
                    g_line[n] = news * i * (1.0 - g * g);
                    o_line[n] = dh * squashed * o * (1.0 - o);
                }
                for (line, row) in [(i_line, &mut *i), (f_line, f), (g_line, g), (o_line, o), (dc_line, dc)] {
                    Line(line).store(row, at);
                }
            }
        }
    }
}
