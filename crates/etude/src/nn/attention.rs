//! Causal attention of several heads over a window of steps, as one operation.
//!
//! Vaswani & al. 2017; positions by rotation (Su & al., RoFormer, 2021). For each stream and head of width d
//!
//! ```text
//!     q, k, v            thirds of x (T, B, 3D), D = heads · d
//!     q̃ₜ, k̃ₜ            q, k with each pair (n, n + d/2) turned by the angle t · 10000^(−2n/d)
//!     pₜ = softmax of q̃ₜ · k̃ₛ / √d over s = first(t)..=t
//!     hₜ = Σₛ pₜₛ vₛ
//! ```
//!
//! first(t) is the latest step at which a sequence began, but no earlier than t + 1 − window. A product of turned vectors
//! depends on the distance of their steps alone, so turned keys may be kept when sampling, whatever window slides over
//! them.

use super::norm::dot;
use super::operation::Operation;
use super::product::{Matrix, Packed, multiply};
use super::steps::Sizes;
use crate::kernels::activation::exp;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::OnceLock;

/// The base of the angles (RoFormer, section 3.2.2).
const BASE: f64 = 10_000.0;

/// The operation x → h, shapes (T, B, 3D) → (T, B, D).
#[derive(Debug)]
pub struct Attention {
    sizes: Sizes,
    heads: usize,
    /// The first step that each step sees, (B, T).
    first: Vec<usize>,
    /// cos and sin of each step and pair, (T, d/2).
    turns: Vec<(f32, f32)>,
    saved: OnceLock<Vec<Head>>,
}

/// One head of one stream.
#[derive(Debug)]
struct Head {
    /// Turned queries and keys, and values, (T, d) each.
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    /// (T, T), 0 where nothing is seen.
    odds: Vec<f32>,
}

impl Attention {
    /// Attention of `heads` heads that divide the width D evenly; `resets` (T, B) tells where sequences begin.
    ///
    /// # Panics
    ///
    /// Heads whose width isn't even.
    pub fn new(sizes: Sizes, heads: usize, window: usize, resets: &[bool]) -> Self {
        let Sizes { steps, streams, width } = sizes;
        assert!(width.is_multiple_of(2 * heads), "a width of {width} isn't {heads} heads of an even width");
        assert_eq!(resets.len(), steps * streams);
        let mut first = Vec::with_capacity(steps * streams);
        for stream in 0..streams {
            let mut began = 0;
            for step in 0..steps {
                began = if resets[step * streams + stream] { step } else { began };
                first.push(began.max((step + 1).saturating_sub(window)));
            }
        }
        let half = width / heads / 2;
        let angle = |step: usize, pair: usize| step as f64 * libm::pow(BASE, -(pair as f64) / half as f64);
        let turns = (0..steps * half).map(|at| angle(at / half, at % half));
        let turns = turns.map(|angle| (libm::cos(angle) as f32, libm::sin(angle) as f32)).collect();
        Self { sizes, heads, first, turns, saved: OnceLock::new() }
    }

    /// Width of a head, d.
    fn head_width(&self) -> usize {
        self.sizes.width / self.heads
    }

    /// The columns of one head in one third of x, or in h: of rows `row` wide, (T, d).
    fn gather(&self, array: &[f32], row: usize, stream: usize, column: usize) -> Vec<f32> {
        let width = self.head_width();
        let mut values = Vec::with_capacity(self.sizes.steps * width);
        for step in 0..self.sizes.steps {
            let from = (step * self.sizes.streams + stream) * row + column;
            values.extend_from_slice(&array[from..from + width]);
        }
        values
    }

    /// The way back of `gather`.
    fn scatter(&self, values: &[f32], array: &mut [f32], row: usize, stream: usize, column: usize) {
        let width = self.head_width();
        for (step, values) in values.chunks_exact(width).enumerate() {
            let from = (step * self.sizes.streams + stream) * row + column;
            array[from..from + width].copy_from_slice(values);
        }
    }

    /// Turns the pairs of each step, (T, d); back if `sign` is −1.
    fn turn(&self, values: &mut [f32], sign: f32) {
        let half = self.head_width() / 2;
        for (row, turns) in values.chunks_exact_mut(2 * half).zip(self.turns.chunks_exact(half)) {
            let (a, b) = row.split_at_mut(half);
            for ((a, b), (cos, sin)) in a.iter_mut().zip(b).zip(turns) {
                let sin = sign * sin;
                (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
            }
        }
    }

    fn head_forward(&self, x: &[f32], stream: usize, head: usize) -> (Head, Vec<f32>) {
        let (steps, width, d) = (self.sizes.steps, self.sizes.width, self.head_width());
        let part = |third: usize| self.gather(x, 3 * width, stream, third * width + head * d);
        let (mut query, mut key, value) = (part(0), part(1), part(2));
        self.turn(&mut query, 1.0);
        self.turn(&mut key, 1.0);
        let mut odds = vec![0.0; steps * steps];
        let keys = Packed::new(Matrix::new(&key, steps, d).transposed());
        multiply(Matrix::new(&query, steps, d), &keys, &mut odds, false);
        let first = &self.first[stream * steps..(stream + 1) * steps];
        fast(Softmax { odds: &mut odds, first, scale: 1.0 / (d as f32).sqrt() });
        let mut out = vec![0.0; steps * d];
        multiply(
            Matrix::new(&odds, steps, steps),
            &Packed::new(Matrix::new(&value, steps, d)),
            &mut out,
            false,
        );
        (Head { query, key, value, odds }, out)
    }

    /// The gradients of q, k and v of a head, (T, d) each.
    fn head_backward(&self, saved: &Head, gradient: &[f32], stream: usize, head: usize) -> [Vec<f32>; 3] {
        let (steps, width, d) = (self.sizes.steps, self.sizes.width, self.head_width());
        let above = self.gather(gradient, width, stream, head * d);
        let above = Matrix::new(&above, steps, d);
        let odds = Matrix::new(&saved.odds, steps, steps);
        let mut change = vec![0.0; steps * steps];
        let values = Packed::new(Matrix::new(&saved.value, steps, d).transposed());
        multiply(above, &values, &mut change, false);
        fast(Slopes { change: &mut change, odds: &saved.odds, steps, scale: 1.0 / (d as f32).sqrt() });
        let change = Matrix::new(&change, steps, steps);
        let [mut query, mut key, mut value] = [0; 3].map(|_| vec![0.0; steps * d]);
        multiply(change, &Packed::new(Matrix::new(&saved.key, steps, d)), &mut query, false);
        multiply(change.transposed(), &Packed::new(Matrix::new(&saved.query, steps, d)), &mut key, false);
        multiply(odds.transposed(), &Packed::new(above), &mut value, false);
        self.turn(&mut query, -1.0);
        self.turn(&mut key, -1.0);
        [query, key, value]
    }

    /// All pairs of a stream and a head.
    fn pairs(&self) -> Vec<(usize, usize)> {
        (0..self.sizes.streams * self.heads).map(|at| (at / self.heads, at % self.heads)).collect()
    }
}

impl Operation for Attention {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let (width, d) = (self.sizes.width, self.head_width());
        let work = self.pairs().into_par_iter();
        let heads: Vec<(Head, Vec<f32>)> =
            work.map(|(stream, head)| self.head_forward(inputs[0], stream, head)).collect();
        let mut out = vec![0.0; inputs[0].len() / 3];
        let mut saved = Vec::with_capacity(heads.len());
        for ((stream, head), (kept, values)) in self.pairs().into_iter().zip(heads) {
            self.scatter(&values, &mut out, width, stream, head * d);
            saved.push(kept);
        }
        self.saved.set(saved).expect("an operation runs forwards once");
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let (width, d) = (self.sizes.width, self.head_width());
        let saved = self.saved.get().expect("an operation runs forwards first");
        let pairs = self.pairs();
        let work = (0..pairs.len()).into_par_iter();
        let parts: Vec<[Vec<f32>; 3]> =
            work.map(|at| self.head_backward(&saved[at], gradient, pairs[at].0, pairs[at].1)).collect();
        let mut change = vec![0.0; inputs[0].len()];
        for ((stream, head), parts) in pairs.into_iter().zip(parts) {
            for (third, values) in parts.iter().enumerate() {
                self.scatter(values, &mut change, 3 * width, stream, third * width + head * d);
            }
        }
        vec![change]
    }
}

/// softmax(scale · odds) of each step over the steps that it sees.
struct Softmax<'a> {
    /// (T, T).
    odds: &'a mut [f32],
    /// The first step that each step sees, (T).
    first: &'a [usize],
    scale: f32,
}

impl Kernel for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let steps = self.first.len();
        for (step, (odds, &first)) in self.odds.chunks_exact_mut(steps).zip(self.first).enumerate() {
            odds[..first].fill(0.0);
            softmax(&mut odds[first..=step], self.scale);
            odds[step + 1..].fill(0.0);
        }
    }
}

/// The gradient of the odds before the softmax, from that after it.
struct Slopes<'a> {
    /// (T, T).
    change: &'a mut [f32],
    /// After the softmax, (T, T).
    odds: &'a [f32],
    steps: usize,
    scale: f32,
}

impl Kernel for Slopes<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let rows = self.change.chunks_exact_mut(self.steps).zip(self.odds.chunks_exact(self.steps));
        for (change, odds) in rows {
            let mean = dot(change, odds);
            for (change, p) in change.iter_mut().zip(odds) {
                *change = self.scale * p * (*change - mean);
            }
        }
    }
}

/// softmax(scale · odds), in place.
#[inline(always)]
fn softmax(odds: &mut [f32], scale: f32) {
    let top = odds.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    odds.iter_mut().for_each(|odd| *odd = exp((*odd - top) * scale));
    let (lanes, rest) = odds.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, value)| *sum += value);
    }
    let inverse = 1.0 / (sums.iter().sum::<f32>() + rest.iter().sum::<f32>());
    odds.iter_mut().for_each(|odd| *odd *= inverse);
}
