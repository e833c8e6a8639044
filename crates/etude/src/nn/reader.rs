//! Long short-term memory that reads a text through a window while it writes, as one operation.
//!
//! Graves 2013, arXiv:1308.0850, eq. (46) to (52), with the window of [`super::window`]; per step and stream
//!
//! ```text
//!     i, f, g, o = σ, σ, tanh, σ of (x, w′, h′) G + b     G (I + V + H, 4H), b (4H): columns i, f, g, o
//!     c = f ⊙ c′ + i ⊙ g,   h = o ⊙ tanh c
//!     α̂, β̂, κ̂ = h A + a                                    A (H, 3K), a (3K)
//!     w = what the window sees of the stream's text
//! ```
//!
//! Unlike the paper, gates don't look at the cell. x is what was written, no parameter; no gradient flows into it, nor into the
//! state that is carried over.

use super::operation::Operation;
use super::product::{Matrix, Packed, multiply, multiply_shared};
use super::rows::{column_sums, repeated};
use super::steps::{Sizes, shares};
use super::window::{AIMED, TOLD, aim, look, look_back, places};
use crate::kernels::activation::{sigmoid, tanh};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::OnceLock;

/// What a reader knows, of B streams; 0 at first.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// h and c, (B, H) each.
    pub hidden: Vec<f32>,
    /// See there.
    pub cell: Vec<f32>,
    /// w, (B, V).
    pub window: Vec<f32>,
    /// κ, (B, K).
    pub places: Vec<f32>,
}

/// The operation (G, b, A, a) → (h, w), shapes (I + V + H, 4H), (4H), (H, 3K), (3K) → (T, B, H + V).
#[derive(Debug)]
pub struct Reader {
    sizes: Sizes,
    /// V and K.
    letters: usize,
    gaussians: usize,
    /// What was written, (T, B, I).
    written: Vec<f32>,
    /// Of each stream, (B), of letters below V.
    texts: Vec<Vec<u32>>,
    from: Reading,
    saved: OnceLock<Saved>,
}

/// What the way back needs: (T, B, 4H), (T, B, H), (T, B, 3K), (T, B, 4K).
#[derive(Debug)]
struct Saved {
    gates: Vec<f32>,
    cells: Vec<f32>,
    told: Vec<f32>,
    aims: Vec<f32>,
    last: Reading,
}

impl Reading {
    /// Nothing is written.
    pub fn begin(streams: usize, width: usize, letters: usize, gaussians: usize) -> Self {
        let zeros = |count: usize| vec![0.0; streams * count];
        Self { hidden: zeros(width), cell: zeros(width), window: zeros(letters), places: zeros(gaussians) }
    }
}

impl Reader {
    /// A stretch that goes on from a reading; `letters` are V, `gaussians` K.
    pub fn new(
        sizes: Sizes,
        [letters, gaussians]: [usize; 2],
        written: Vec<f32>,
        texts: Vec<Vec<u32>>,
        from: Reading,
    ) -> Self {
        assert!(
            texts.iter().flatten().all(|&letter| (letter as usize) < letters),
            "letters have their columns"
        );
        let sized = |count: usize| sizes.streams * count;
        let found = [texts.len(), from.hidden.len(), from.cell.len(), from.window.len(), from.places.len()];
        let [width, letters_all, places] = [sizes.width, letters, gaussians].map(sized);
        assert_eq!(found, [sizes.streams, width, width, letters_all, places], "a state of all streams");
        Self { sizes, letters, gaussians, written, texts, from, saved: OnceLock::new() }
    }

    /// What is known after the last step; none before it ran forwards.
    pub fn last(&self) -> Option<&Reading> {
        self.saved.get().map(|saved| &saved.last)
    }

    /// I.
    fn input(&self) -> usize {
        self.written.len() / (self.sizes.steps * self.sizes.streams)
    }

    /// (w′, h′) before each step, (T, B, V + H).
    fn before(&self, output: &[f32]) -> Vec<f32> {
        let (width, letters) = (self.sizes.width, self.letters);
        let mut before = Vec::with_capacity(output.len());
        let first = self.from.window.chunks_exact(letters).zip(self.from.hidden.chunks_exact(width));
        first.for_each(|(window, hidden)| before.extend(window.iter().chain(hidden)));
        let rest = (self.sizes.steps - 1) * self.sizes.streams;
        for row in output.chunks_exact(width + letters).take(rest) {
            before.extend(row[width..].iter().chain(&row[..width]));
        }
        before
    }
}

impl Operation for Reader {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[weights, bias, heads, head_bias] = inputs else { unreachable!("four arrays") };
        let (Sizes { steps, streams, width }, letters, gaussians) =
            (self.sizes, self.letters, self.gaussians);
        let (input, columns, rows) = (self.input(), 4 * width, steps * streams);
        let (from_written, from_known) = weights.split_at(input * columns);
        let known = Packed::new(Matrix::new(from_known, letters + width, columns));
        let heads = Packed::new(Matrix::new(heads, width, TOLD * gaussians));
        let mut gates = repeated(bias, rows);
        let written = Matrix::new(&self.written, rows, input);
        multiply_shared(written, Matrix::new(from_written, input, columns), &mut gates, true);
        let mut told = repeated(head_bias, rows);
        let (mut cells, mut aims) = (vec![0.0; rows * width], vec![0.0; rows * AIMED * gaussians]);
        let mut output = vec![0.0; rows * (width + letters)];
        let share = self.sizes.share();
        let work: Vec<_> = shares(&mut gates, streams, columns, share)
            .into_iter()
            .zip(shares(&mut told, streams, TOLD * gaussians, share))
            .zip(shares(&mut cells, streams, width, share))
            .zip(shares(&mut aims, streams, AIMED * gaussians, share))
            .zip(shares(&mut output, streams, width + letters, share))
            .enumerate()
            .collect();
        work.into_par_iter().for_each(|(index, ((((gates, told), cells), aims), output))| {
            let rows = index * share..streams.min((index + 1) * share);
            let of = |array: &[f32], count: usize| array[rows.start * count..rows.end * count].to_vec();
            let (mut c, mut h) = (of(&self.from.cell, width), of(&self.from.hidden, width));
            let (mut w, mut kappa) = (of(&self.from.window, letters), of(&self.from.places, gaussians));
            let steps = gates.into_iter().zip(told).zip(cells).zip(aims).zip(output);
            for ((((gates, told), cells), aims), output) in steps {
                let known_now: Vec<f32> = w
                    .chunks_exact(letters)
                    .zip(h.chunks_exact(width))
                    .flat_map(|(w, h)| w.iter().chain(h).copied())
                    .collect();
                multiply(Matrix::new(&known_now, rows.len(), letters + width), &known, gates, true);
                let each = gates.chunks_exact_mut(columns).zip(c.chunks_exact_mut(width));
                each.zip(h.chunks_exact_mut(width)).for_each(|((gates, c), h)| remember(gates, c, h));
                multiply(Matrix::new(&h, rows.len(), width), &heads, told, true);
                cells.copy_from_slice(&c);
                w.fill(0.0);
                for row in 0..rows.len() {
                    let kappa = &mut kappa[row * gaussians..][..gaussians];
                    let aims = &mut aims[row * AIMED * gaussians..][..AIMED * gaussians];
                    aim(&told[row * TOLD * gaussians..][..TOLD * gaussians], kappa, aims);
                    kappa.copy_from_slice(places(aims));
                    let w = &mut w[row * letters..][..letters];
                    look(aims, &self.texts[rows.start + row], w);
                    let (hidden, seen) =
                        output[row * (width + letters)..][..width + letters].split_at_mut(width);
                    hidden.copy_from_slice(&h[row * width..][..width]);
                    seen.copy_from_slice(w);
                }
            }
        });
        let last = self.last_of(&output, &cells, &aims);
        self.saved.set(Saved { gates, cells, told, aims, last }).expect("an operation runs forwards once");
        output
    }

    fn backward(&self, inputs: &[&[f32]], output: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[weights, _, heads, _] = inputs else { unreachable!("four arrays") };
        let (Sizes { steps, streams, width }, letters, gaussians) =
            (self.sizes, self.letters, self.gaussians);
        let (input, columns, rows) = (self.input(), 4 * width, steps * streams);
        let saved = self.saved.get().expect("an operation runs forwards first");
        let from_known = &weights[input * columns..];
        let back = Packed::new(Matrix::new(from_known, letters + width, columns).transposed());
        let heads_back = Packed::new(Matrix::new(heads, width, TOLD * gaussians).transposed());
        let (mut gates, mut told) = (saved.gates.clone(), saved.told.clone());
        let share = self.sizes.share();
        let work: Vec<_> = shares(&mut gates, streams, columns, share)
            .into_iter()
            .zip(shares(&mut told, streams, TOLD * gaussians, share))
            .enumerate()
            .collect();
        work.into_par_iter().for_each(|(index, (gates, told))| {
            let rows = index * share..streams.min((index + 1) * share);
            // What flows back from the step after: into (w, h), the cell, and the places.
            let mut known = vec![0.0; rows.len() * (letters + width)];
            let (mut dc, mut kappa) = (vec![0.0; rows.len() * width], vec![0.0; rows.len() * gaussians]);
            for (step, (gates, told)) in (0..steps).zip(gates.into_iter().zip(told)).rev() {
                let above = &gradient[(step * streams + rows.start) * (width + letters)..];
                let mut dh = vec![0.0; rows.len() * width];
                for row in 0..rows.len() {
                    let place = step * streams + rows.start + row;
                    let above = &above[row * (width + letters)..][..width + letters];
                    let (dw, after) =
                        known[row * (letters + width)..][..letters + width].split_at_mut(letters);
                    dw.iter_mut().zip(&above[width..]).for_each(|(dw, above)| *dw += above);
                    let dh = &mut dh[row * width..][..width];
                    dh.iter_mut().zip(above.iter().zip(after)).for_each(|(dh, (a, b))| *dh = a + *b);
                    let told = &mut told[row * TOLD * gaussians..][..TOLD * gaussians];
                    look_back(
                        &saved.aims[place * AIMED * gaussians..][..AIMED * gaussians],
                        &saved.told[place * TOLD * gaussians..][..TOLD * gaussians],
                        &self.texts[rows.start + row],
                        dw,
                        &mut kappa[row * gaussians..][..gaussians],
                        told,
                    );
                }
                multiply(Matrix::new(told, rows.len(), TOLD * gaussians), &heads_back, &mut dh, true);
                for row in 0..rows.len() {
                    let (own, place) = (rows.start + row, step * streams + rows.start + row);
                    let before = match step {
                        0 => &self.from.cell[own * width..][..width],
                        _ => &saved.cells[(place - streams) * width..][..width],
                    };
                    forget(
                        &mut gates[row * columns..][..columns],
                        [&saved.cells[place * width..][..width], before],
                        &dh[row * width..][..width],
                        &mut dc[row * width..][..width],
                    );
                }
                multiply(Matrix::new(gates, rows.len(), columns), &back, &mut known, false);
            }
        });
        let change = Matrix::new(&gates, rows, columns);
        let mut slopes = vec![0.0; weights.len()];
        let (by_written, by_known) = slopes.split_at_mut(input * columns);
        multiply_shared(Matrix::new(&self.written, rows, input).transposed(), change, by_written, false);
        let before = self.before(output);
        multiply_shared(Matrix::new(&before, rows, letters + width).transposed(), change, by_known, false);
        let hidden: Vec<f32> =
            output.chunks_exact(width + letters).flat_map(|row| row[..width].iter().copied()).collect();
        let mut by_heads = vec![0.0; heads.len()];
        let told_change = Matrix::new(&told, rows, TOLD * gaussians);
        multiply_shared(Matrix::new(&hidden, rows, width).transposed(), told_change, &mut by_heads, false);
        vec![slopes, column_sums(&gates, columns), by_heads, column_sums(&told, TOLD * gaussians)]
    }
}

impl Reader {
    /// What is known at the end of a stretch.
    fn last_of(&self, output: &[f32], cells: &[f32], aims: &[f32]) -> Reading {
        let (width, letters, streams) = (self.sizes.width, self.letters, self.sizes.streams);
        let end = |array: &[f32], count: usize| array[array.len() - streams * count..].to_vec();
        let rows = end(output, width + letters);
        let part = |from: usize, count: usize| {
            rows.chunks_exact(width + letters).flat_map(|row| row[from..from + count].to_vec()).collect()
        };
        let aims = end(aims, AIMED * self.gaussians);
        Reading {
            hidden: part(0, width),
            window: part(width, letters),
            cell: end(cells, width),
            places: aims.chunks_exact(AIMED * self.gaussians).flat_map(|aim| places(aim).to_vec()).collect(),
        }
    }
}

/// Gates (4H) become what their functions tell, and the state moves on.
fn remember(gates: &mut [f32], c: &mut [f32], h: &mut [f32]) {
    let width = c.len();
    for at in 0..width {
        let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(gates[gate * width + at]));
        let g = tanh(gates[2 * width + at]);
        c[at] = f * c[at] + i * g;
        h[at] = o * tanh(c[at]);
        for (gate, value) in [i, f, g, o].into_iter().enumerate() {
            gates[gate * width + at] = value;
        }
    }
}

/// The way back: gates become their gradients, and `dc` that of the cell before.
fn forget(gates: &mut [f32], [cells, before]: [&[f32]; 2], dh: &[f32], dc: &mut [f32]) {
    let width = cells.len();
    for at in 0..width {
        let [i, f, g, o] = [0, 1, 2, 3].map(|gate| gates[gate * width + at]);
        let bent = tanh(cells[at]);
        let change = dc[at] + dh[at] * o * (1.0 - bent * bent);
        let slopes = [
            change * g * i * (1.0 - i),
            change * before[at] * f * (1.0 - f),
            change * i * (1.0 - g * g),
            dh[at] * bent * o * (1.0 - o),
        ];
        for (gate, slope) in slopes.into_iter().enumerate() {
            gates[gate * width + at] = slope;
        }
        dc[at] = change * f;
    }
}
