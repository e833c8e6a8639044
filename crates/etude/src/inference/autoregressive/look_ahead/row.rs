//! Messages of one state: plain numbers with one scale, and the few that are too small for it.
//!
//! Sums of plain numbers take a twentieth of the time of sums of their logarithms. What they can't hold are numbers far smaller
//! than others beside them; nothing may become 0 that isn't, or a way would be closed. So a sum below [`SMALL`] is never
//! trusted, but taken again from logarithms, and kept as one if need be.

use super::steps::{Steps, power};
use crate::inference::autoregressive::{Automaton, NONE};
use crate::kernels;
use crate::kernels::vector::{Kernel, fast};
use std::f64::consts::LN_2;

/// 2^−900: what is less, beside numbers up to 2, is kept as a logarithm.
const LEAST: f64 = f64::from_bits((1023 - 900) << 52);

/// 2^−800: sums that are less are taken again, as what was left out below [`LEAST`] could count.
const SMALL: f64 = f64::from_bits((1023 - 800) << 52);

/// How many numbers are summed side by side.
const LANES: usize = 8;

/// Where one context in so many can be come to, all are computed.
const SPARSE: usize = 8;

/// β of one state in the contexts in which it can be come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The contexts that there are values for, ascending, shape (R); none stands for all.
    contexts: Option<Vec<u32>>,
    /// β · 2^−exponent, below 2; 0 where β is 0, or in `small`, shape (R) or (C).
    values: Vec<f64>,
    exponent: i32,
    /// Contexts whose β is too small for a value, ascending, with ln β.
    small: Vec<(u32, f64)>,
}

/// How many values a row has whose state can be come to in so many of all contexts, and how many products it takes, more or
/// less, to compute one, where so many symbols may come: looking a number up costs as much as a few.
pub(super) fn cost(steps: &Steps, reached: usize, open: usize) -> (usize, usize) {
    const LOOK_UP: usize = 4;
    /// What a row takes itself, in messages.
    const ROW: usize = 16;
    match is_sparse(steps, reached) {
        true => (ROW + reached, ROW + reached * open * LOOK_UP),
        false => {
            let blocks = steps.arrivals.len() / steps.symbols;
            (ROW + steps.contexts(), ROW + steps.probabilities.len() + blocks * open * LOOK_UP)
        }
    }
}

fn is_sparse(steps: &Steps, reached: usize) -> bool {
    reached * SPARSE <= steps.contexts()
}

impl Row {
    /// The same β everywhere: 1 where a sequence is complete, 0 where no symbol may come any more.
    pub(super) fn flat(steps: &Steps, reached: &[u32], value: f64) -> Self {
        let contexts = is_sparse(steps, reached.len()).then(|| reached.to_vec());
        let count = contexts.as_ref().map_or(steps.contexts(), Vec::len);
        Self { contexts, values: vec![value; count], exponent: 0, small: Vec::new() }
    }

    fn value(&self, context: u32) -> f64 {
        match &self.contexts {
            None => self.values[context as usize],
            Some(contexts) => contexts.binary_search(&context).map_or(0.0, |at| self.values[at]),
        }
    }

    /// ln β in a context.
    pub(super) fn log(&self, context: u32) -> f64 {
        let value = self.value(context);
        if value > 0.0 {
            return kernels::ln(value) + f64::from(self.exponent) * LN_2;
        }
        let found = self.small.binary_search_by_key(&context, |(context, _)| *context);
        found.map_or(f64::NEG_INFINITY, |at| self.small[at].1)
    }

    /// Whether no β differs from another row's by more than a share.
    pub(super) fn is_near(&self, other: &Self, share: f64) -> bool {
        let scale = two_to(self.exponent - other.exponent);
        let near = |(&own, &other): (&f64, &f64)| (own * scale - other).abs() <= share * other;
        let near_logs =
            |(own, other): (&(u32, f64), &(u32, f64))| own.0 == other.0 && (own.1 - other.1).abs() <= share;
        self.values.iter().zip(&other.values).all(near)
            && self.small.len() == other.small.len()
            && self.small.iter().zip(&other.small).all(near_logs)
    }

    /// β of a state that can be come to in some contexts, given the rows of all states that symbols lead to from there.
    pub(super) fn before<'a>(
        steps: &Steps,
        automaton: &Automaton,
        state: u32,
        reached: &[u32],
        following: impl Fn(u32) -> &'a Row,
    ) -> Self {
        let symbols = steps.symbols;
        let open: Vec<(usize, &Row)> = (0..symbols)
            .zip(automaton.row(state))
            .filter(|(_, after)| **after != NONE)
            .map(|(symbol, &after)| (symbol, following(after)))
            .collect();
        let exponent = open.iter().map(|(_, row)| row.exponent).max().unwrap_or(0);
        let sparse = is_sparse(steps, reached.len());
        let values = match sparse {
            true => few(steps, &open, exponent, reached),
            false => all(steps, &open, exponent),
        };
        let log = |context: u32| {
            let place = |symbol: usize| context as usize * symbols + symbol;
            let term = |&(symbol, row): &(usize, &Row)| {
                steps.log_probabilities[place(symbol)] + row.log(steps.after[place(symbol)])
            };
            log_sum(&open.iter().map(term).collect::<Vec<f64>>())
        };
        Self::scaled(values, exponent, reached, sparse, log)
    }

    /// A row from sums that have a scale; `log` tells ln β of those that can't be trusted.
    fn scaled(
        mut values: Vec<f64>,
        exponent: i32,
        reached: &[u32],
        sparse: bool,
        log: impl Fn(u32) -> f64,
    ) -> Self {
        let place = |index: usize, context: u32| if sparse { index } else { context as usize };
        let places = || reached.iter().enumerate().map(|(index, &context)| (place(index, context), context));
        let doubtful: Vec<(usize, u32)> = places().filter(|(place, _)| values[*place] < SMALL).collect();
        let logs: Vec<f64> = doubtful.iter().map(|(_, context)| log(*context)).collect();
        let top = places().fold(0.0, |top: f64, (place, _)| top.max(values[place]));
        let top_log = logs.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let up = match (top >= SMALL, top_log > f64::NEG_INFINITY) {
            (true, _) => (top.to_bits() >> 52) as i32 - 1023,
            (false, true) => (top_log / LN_2).floor() as i32 - exponent,
            (false, false) => 0,
        };
        let (scale, exponent) = (two_to(-up), exponent + up);
        values.iter_mut().for_each(|value| *value *= scale);
        let mut small = Vec::new();
        for ((place, context), log) in doubtful.into_iter().zip(logs) {
            let value = power(log - f64::from(exponent) * LN_2);
            values[place] = if value >= LEAST { value } else { 0.0 };
            if value < LEAST && log > f64::NEG_INFINITY {
                small.push((context, log));
            }
        }
        Self { contexts: sparse.then(|| reached.to_vec()), values, exponent, small }
    }
}

/// β · 2^−exponent in some contexts.
fn few(steps: &Steps, open: &[(usize, &Row)], exponent: i32, reached: &[u32]) -> Vec<f64> {
    let mut values = vec![0.0; reached.len()];
    for &(symbol, row) in open {
        let scale = two_to(row.exponent - exponent);
        for (value, &context) in values.iter_mut().zip(reached) {
            let place = context as usize * steps.symbols + symbol;
            *value += steps.probabilities[place] * (row.value(steps.after[place]) * scale);
        }
    }
    values
}

/// β · 2^−exponent in all contexts.
fn all(steps: &Steps, open: &[(usize, &Row)], exponent: i32) -> Vec<f64> {
    // What lies behind each symbol of each block, shape (B, Q).
    let mut ahead = vec![0.0; steps.arrivals.len()];
    for &(symbol, row) in open {
        let scale = two_to(row.exponent - exponent);
        let places = ahead.iter_mut().zip(&steps.arrivals).skip(symbol).step_by(steps.symbols);
        places.for_each(|(ahead, &context)| *ahead = row.value(context) * scale);
    }
    let mut values = vec![0.0; steps.contexts()];
    fast(Products { steps, ahead: &ahead, values: &mut values });
    values
}

/// Σ p · (what lies ahead) of every kind of context.
struct Products<'a> {
    steps: &'a Steps,
    /// Shape (B, Q).
    ahead: &'a [f64],
    /// Shape (C).
    values: &'a mut [f64],
}

impl Kernel for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let symbols = self.steps.symbols;
        let rows = self.steps.probabilities.chunks_exact(symbols).zip(&self.steps.blocks);
        for (value, (probabilities, &block)) in self.values.iter_mut().zip(rows) {
            *value = dot(probabilities, &self.ahead[block as usize * symbols..][..symbols]);
        }
    }
}

/// Σ a · b, lane by lane: in one order, whatever the machine.
#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest
}

/// 2^k, 0 where k is too small, and the largest power where it is too large.
fn two_to(k: i32) -> f64 {
    match k {
        ..-1022 => 0.0,
        _ => f64::from_bits(((k.min(1023) + 1023) as u64) << 52),
    }
}

/// ln Σ exp.
fn log_sum(terms: &[f64]) -> f64 {
    let top = terms.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + kernels::ln(terms.iter().map(|term| power(term - top)).sum::<f64>())
}
