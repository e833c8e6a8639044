//! Gibbs steps of many frames side by side: from keys to hidden units and back.
//!
//! Few keys sound in a frame, so that what goes into the hidden units is a sum of few rows of W. What comes back to the keys is
//! a product of matrices. Hidden units stand in rows that are filled up to a multiple of 16; the weights beyond H are 0, so
//! that what is drawn there tells nobody anything.

use super::super::frame::{ALL, Frame, KEYS, Pins, sounding};
use super::super::network::Rows;
use crate::inference::chance::Chance;
use crate::kernels;
use crate::kernels::activation::{exp, sigmoid};
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use crate::nn::product::{Matrix, Packed, multiply};

/// Lines of numbers that the keys of a frame fill.
const KEY_LINES: usize = Line::count(KEYS);

/// W, made ready.
pub(in super::super) struct Weights {
    /// H.
    pub(super) hidden: usize,
    /// W in lines, (88, H/16).
    rows: Vec<Line>,
    /// Wᵀ.
    back: Packed,
}

impl Weights {
    /// Makes W, (88, H), ready.
    pub(super) fn new(weights: &[f32], hidden: usize) -> Self {
        let rows: Vec<Line> = weights.chunks_exact(hidden).flat_map(Line::collect).collect();
        let padded: Vec<f32> = rows.iter().flat_map(|line| line.0).collect();
        let back = Packed::new(Matrix::new(&padded, KEYS, padded.len() / KEYS).transposed());
        Self { hidden, rows, back }
    }

    /// Numbers in a row of hidden units.
    pub(super) fn width(&self) -> usize {
        self.rows.len() / KEYS * Line::LEN
    }

    /// Row `key` of W, filled up.
    pub(super) fn row(&self, key: usize) -> &[Line] {
        let lines = self.rows.len() / KEYS;
        &self.rows[key * lines..][..lines]
    }

    /// What goes into the hidden units of each frame, b_h + v W, rows (N, width).
    pub(super) fn inner(&self, biases: Rows, frames: &[Frame], into: &mut [f32]) {
        let lines = self.rows.len() / KEYS;
        fast(Inner { rows: &self.rows, lines, biases, frames, into });
    }

    /// One Gibbs step of each frame: hidden units from what goes into them, then keys from those.
    pub(super) fn step(&self, biases: Rows, heat: Heat, pins: Pins, at: &mut Chains, chance: &mut Chance) {
        let Chains { frames, into, units, odds, drawn } = at;
        chance.fill(drawn);
        let (for_units, for_keys) = drawn.split_at(units.len());
        fast(Units { into, drawn: for_units, times: heat.times, units });
        for (at, odds) in odds.chunks_exact_mut(KEYS).enumerate() {
            odds.copy_from_slice(biases.of(at).visible);
        }
        multiply(Matrix::new(units, frames.len(), self.width()), &self.back, odds, true);
        fast(Keys { odds, heat, drawn: for_keys, frames });
        frames.iter_mut().for_each(|frame| *frame = (*frame | pins.on) & !pins.off);
        self.inner(biases, frames, into);
    }
}

/// Between the machine and independent keys: the odds of all are multiplied, and some added to those of the keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heat<'a> {
    pub(super) times: f32,
    /// (88).
    pub(super) base: &'a [f32; KEYS],
}

impl Heat<'static> {
    /// The machine itself.
    pub(super) const NONE: Self = Self { times: 1.0, base: &[0.0; KEYS] };
}

/// Chains of frames side by side.
pub(super) struct Chains {
    /// (N).
    pub(super) frames: Vec<Frame>,
    /// What goes into their hidden units, (N, width).
    pub(super) into: Vec<f32>,
    units: Vec<f32>,
    /// (N, 88).
    odds: Vec<f32>,
    drawn: Vec<f32>,
}

impl Chains {
    /// Chains that begin with these frames.
    pub(super) fn new(weights: &Weights, biases: Rows, frames: Vec<Frame>) -> Self {
        let (count, width) = (frames.len(), weights.width());
        let (units, odds) = (vec![0.0; count * width], vec![0.0; count * KEYS]);
        let drawn = vec![0.0; count * (width + KEY_LINES * Line::LEN)];
        let mut into = units.clone();
        weights.inner(biases, &frames, &mut into);
        Self { frames, into, units, odds, drawn }
    }
}

/// What goes into the hidden units.
struct Inner<'a> {
    rows: &'a [Line],
    /// In a row.
    lines: usize,
    biases: Rows<'a>,
    frames: &'a [Frame],
    into: &'a mut [f32],
}

impl Kernel for Inner<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { rows, lines, biases, frames, into } = self;
        let mut keys = [0; KEYS];
        for ((at, frame), into) in frames.iter().enumerate().zip(into.chunks_exact_mut(lines * Line::LEN)) {
            let bias = biases.of(at).hidden;
            let mut count = 0;
            for key in sounding(*frame) {
                keys[count] = key * lines;
                count += 1;
            }
            for line in 0..lines {
                let mut sum = Line::load(bias, line * Line::LEN);
                for &row in &keys[..count] {
                    let row = rows[row + line];
                    for place in 0..Line::LEN {
                        sum.0[place] += row.0[place];
                    }
                }
                sum.store(into, line * Line::LEN);
            }
        }
    }
}

/// Draws hidden units, as 0 and 1.
struct Units<'a> {
    into: &'a [f32],
    drawn: &'a [f32],
    times: f32,
    units: &'a mut [f32],
}

impl Kernel for Units<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { into, drawn, times, units } = self;
        for (unit, (into, drawn)) in units.iter_mut().zip(into.iter().zip(drawn)) {
            *unit = if *drawn < sigmoid(times * into) { 1.0 } else { 0.0 };
        }
    }
}

/// Draws keys from their odds.
struct Keys<'a> {
    odds: &'a [f32],
    heat: Heat<'a>,
    drawn: &'a [f32],
    frames: &'a mut [Frame],
}

impl Kernel for Keys<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { odds, heat: Heat { times, base }, drawn, frames } = self;
        let rows = odds.chunks_exact(KEYS).zip(drawn.chunks_exact(KEY_LINES * Line::LEN));
        for (frame, (odds, drawn)) in frames.iter_mut().zip(rows) {
            let mut all = 0;
            for line in 0..KEY_LINES {
                let (odds, base) = (Line::load(odds, line * Line::LEN), Line::load(base, line * Line::LEN));
                let drawn = Line::load(drawn, line * Line::LEN);
                let mut bits = 0u32;
                for place in 0..Line::LEN {
                    let share = sigmoid(times * odds.0[place] + base.0[place]);
                    bits |= u32::from(drawn.0[place] < share) << place;
                }
                all |= Frame::from(bits) << (line * Line::LEN);
            }
            *frame = all & ALL;
        }
    }
}

/// Σⱼ ln(1 + exp(times · innerⱼ)).
#[inline(always)]
pub(super) fn free(inner: &[f32], times: f32) -> f64 {
    // Each factor lies in 1..=2, so that products of so many stay far below what f32 holds.
    let mut total = 0.0;
    for part in inner.chunks(1024) {
        let mut products = [1.0f32; 16];
        let mut sums = [0.0f32; 16];
        let (whole, rest) = part.as_chunks::<16>();
        // Lines of a known length become vector code.
        for line in whole {
            for (inner, (product, sum)) in line.iter().zip(products.iter_mut().zip(&mut sums)) {
                let x = times * inner;
                *sum += x.max(0.0);
                *product *= 1.0 + exp(-x.abs());
            }
        }
        for (inner, (product, sum)) in rest.iter().zip(products.iter_mut().zip(&mut sums)) {
            let x = times * inner;
            *sum += x.max(0.0);
            *product *= 1.0 + exp(-x.abs());
        }
        // Four products of at most 2⁶⁴ each in one: a logarithm takes long.
        for four in products.chunks_exact(4) {
            total += kernels::ln(four.iter().map(|product| f64::from(*product)).product());
        }
        total += sums.iter().map(|sum| f64::from(*sum)).sum::<f64>();
    }
    total
}

/// F of each frame, by what goes into its hidden units.
pub(super) fn energies(weights: &Weights, biases: Rows, frames: &[Frame]) -> Vec<f64> {
    let mut into = vec![0.0; frames.len() * weights.width()];
    weights.inner(biases, frames, &mut into);
    let rows = into.chunks_exact(weights.width()).zip(frames).enumerate();
    let energy = |(at, (into, frame)): (usize, (&[f32], &Frame))| {
        let visible = biases.of(at).visible;
        let visible: f64 = sounding(*frame).map(|key| f64::from(visible[key])).sum();
        -visible - fast(Free { inner: &into[..weights.hidden], times: 1.0 })
    };
    rows.map(energy).collect()
}

/// [`free`] by itself.
pub(super) struct Free<'a> {
    pub(super) inner: &'a [f32],
    pub(super) times: f32,
}

impl Kernel for Free<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        free(self.inner, self.times)
    }
}
