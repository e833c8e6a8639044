//! The network: one number for a cell, the log-odds that it sounds; and its gradient by hand.

use super::super::frame::{Frame, KEYS, sounds};
use super::past::Moment;
use super::rows::{ROWS, Rows};
use crate::kernels::vector::{Kernel, fast};
use crate::train::network::{Initial, Parameter};

/// Numbers that are added up at a time, in registers.
pub(super) const BLOCK: usize = 64;

/// Numbers of the second layer that are added up at a time.
const PART: usize = 16;

/// Its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    /// H, a multiple of [`BLOCK`].
    pub(super) width: usize,
    /// G, a multiple of 16.
    pub(super) inner: usize,
    /// Whether keys have rows of their own.
    pub(super) absolute: bool,
}

/// Weights, or their gradient, one behind the other in one flat vector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights<'a> {
    /// (ROWS, H).
    pub(super) table: &'a [f32],
    /// (H).
    pub(super) bias: &'a [f32],
    /// (H, G).
    pub(super) matrix: &'a [f32],
    /// (G).
    pub(super) inner_bias: &'a [f32],
    /// (G).
    pub(super) output: &'a [f32],
    pub(super) output_bias: f32,
}

impl Network {
    /// Sizes of the arrays, in order.
    pub(super) fn lengths(&self) -> [usize; 6] {
        let (width, inner) = (self.width, self.inner);
        [ROWS * width, width, width * inner, inner, inner, 1]
    }

    /// What a training begins with: small rows, as many of them are added up; then He & al. 2015. Cells are silent at first.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let [table, bias, matrix, inner_bias, output, output_bias] = self.lengths();
        let normal = |length, deviation: f64| Parameter {
            length,
            decays: true,
            initial: Initial::Normal(deviation as f32),
        };
        let given =
            |length, value| Parameter { length, decays: false, initial: Initial::Given(vec![value; length]) };
        vec![
            normal(table, 0.06),
            given(bias, 0.0),
            normal(matrix, (2.0 / self.width as f64).sqrt()),
            given(inner_bias, 0.0),
            normal(output, (1.0 / self.inner as f64).sqrt()),
            given(output_bias, -2.0),
        ]
    }

    /// The arrays of a flat vector.
    pub(super) fn weights<'a>(&self, flat: &'a [f32]) -> Weights<'a> {
        let [table, bias, matrix, inner_bias, output, _] = self.lengths();
        let (table, flat) = flat.split_at(table);
        let (bias, flat) = flat.split_at(bias);
        let (matrix, flat) = flat.split_at(matrix);
        let (inner_bias, flat) = flat.split_at(inner_bias);
        let (output, flat) = flat.split_at(output);
        Weights { table, bias, matrix, inner_bias, output, output_bias: flat[0] }
    }
}

/// What one cell leaves behind.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// What all cells of the frame begin with, (H).
    pub(super) base: Vec<f32>,
    pub(super) rows: Rows,
    /// (H).
    pub(super) hidden: Vec<f32>,
    /// (G).
    pub(super) inner: Vec<f32>,
}

impl Cell {
    pub(super) fn new(network: Network) -> Self {
        Self {
            base: vec![0.0; network.width],
            rows: Rows::default(),
            hidden: vec![0.0; network.width],
            inner: vec![0.0; network.inner],
        }
    }

    /// Begins a frame; its rows stay in `rows`.
    pub(super) fn begin(&mut self, weights: &Weights, frames: &[Frame], moment: &Moment) {
        self.rows.of_frame(frames, moment);
        self.base.copy_from_slice(weights.bias);
        fast(AddRows { table: weights.table, rows: &self.rows, scale: 1.0, out: &mut self.base });
    }

    /// The rows of a cell, added up and rectified; each plain row times `scale`.
    pub(super) fn hide(&mut self, weights: &Weights, scale: f32) {
        self.hidden.copy_from_slice(&self.base);
        fast(AddRows { table: weights.table, rows: &self.rows, scale, out: &mut self.hidden });
        self.hidden.iter_mut().for_each(|x| *x = x.max(0.0));
    }

    /// From the hidden values to the log-odds.
    pub(super) fn odds(&mut self, weights: &Weights) -> f32 {
        self.inner.copy_from_slice(weights.inner_bias);
        fast(AddScaled { matrix: weights.matrix, factors: &self.hidden, out: &mut self.inner });
        let mut odds = weights.output_bias;
        for (inner, output) in self.inner.iter_mut().zip(weights.output) {
            *inner = inner.max(0.0);
            odds += *inner * output;
        }
        odds
    }

    /// The log-odds of all cells of a frame that is known, from above.
    pub(super) fn frame(
        &mut self,
        network: Network,
        weights: &Weights,
        frames: &[Frame],
        moment: &Moment,
        frame: Frame,
    ) -> [f32; KEYS] {
        self.begin(weights, frames, moment);
        let mut written = 0;
        std::array::from_fn(|place| {
            self.rows.of_cell(frames, moment, written, place, network.absolute);
            self.hide(weights, 1.0);
            if sounds(frame, place) {
                written |= 1 << place;
            }
            self.odds(weights)
        })
    }
}

/// Adds rows of a table to `out`.
pub(super) struct AddRows<'a> {
    pub(super) table: &'a [f32],
    pub(super) rows: &'a Rows,
    /// What plain rows are multiplied by.
    pub(super) scale: f32,
    pub(super) out: &'a mut [f32],
}

impl Kernel for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.out.len();
        for (block, out) in self.out.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
            let table = &self.table[block * BLOCK..];
            let mut sums = *out;
            for &row in &self.rows.plain {
                let row = &table[usize::from(row) * width..][..BLOCK];
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum = value.mul_add(self.scale, *sum);
                }
            }
            for &(row, weight) in &self.rows.weighed {
                let row = &table[usize::from(row) * width..][..BLOCK];
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum = value.mul_add(weight, *sum);
                }
            }
            *out = sums;
        }
    }
}

/// Adds `gradient` to rows of a table: the other way round of [`AddRows`].
pub(super) struct Spread<'a> {
    pub(super) table: &'a mut [f32],
    pub(super) rows: &'a Rows,
    pub(super) scale: f32,
    pub(super) gradient: &'a [f32],
}

impl Kernel for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.gradient.len();
        for (block, gradient) in self.gradient.as_chunks::<BLOCK>().0.iter().enumerate() {
            // A copy of its own, so that the compiler knows that nothing else is written to.
            let gradient = *gradient;
            let table = &mut self.table[block * BLOCK..];
            for &row in &self.rows.plain {
                add_block(&mut table[usize::from(row) * width..], &gradient, self.scale);
            }
            for &(row, weight) in &self.rows.weighed {
                add_block(&mut table[usize::from(row) * width..], &gradient, weight);
            }
        }
    }
}

/// Adds a block, times a weight, to the first numbers of a row.
#[inline(always)]
fn add_block(row: &mut [f32], block: &[f32; BLOCK], weight: f32) {
    if let Some(row) = row.first_chunk_mut::<BLOCK>() {
        for (value, number) in row.iter_mut().zip(block) {
            *value = number.mul_add(weight, *value);
        }
    }
}

/// Adds the rows of a matrix (K, J) to `out` (J), each times its factor; those times 0 are left out.
pub(super) struct AddScaled<'a> {
    pub(super) matrix: &'a [f32],
    pub(super) factors: &'a [f32],
    pub(super) out: &'a mut [f32],
}

impl Kernel for AddScaled<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.out.len();
        for (part, out) in self.out.as_chunks_mut::<PART>().0.iter_mut().enumerate() {
            let mut sums = *out;
            for (row, &factor) in self.matrix.chunks_exact(width).zip(self.factors) {
                if factor != 0.0 {
                    let row = &row[part * PART..][..PART];
                    for (sum, value) in sums.iter_mut().zip(row) {
                        *sum = value.mul_add(factor, *sum);
                    }
                }
            }
            *out = sums;
        }
    }
}

/// Adds the product of a column and a row to a matrix (K, J); rows of factor 0 are left out.
pub(super) struct AddOuter<'a> {
    pub(super) matrix: &'a mut [f32],
    pub(super) column: &'a [f32],
    pub(super) row: &'a [f32],
}

impl Kernel for AddOuter<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.row.len();
        for (part, row) in self.row.as_chunks::<PART>().0.iter().enumerate() {
            let row = *row;
            for (out, &factor) in self.matrix.chunks_exact_mut(width).zip(self.column) {
                if factor != 0.0 {
                    let out = &mut out[part * PART..][..PART];
                    for (out, value) in out.iter_mut().zip(&row) {
                        *out = value.mul_add(factor, *out);
                    }
                }
            }
        }
    }
}
