//! The backward messages, from the end to the beginning.

use super::{MOST_MESSAGES, MOST_WORK};
use crate::inference::autoregressive::taste::temper;
use crate::inference::autoregressive::{Automaton, Impossible, NONE};
use crate::kernels;
use crate::sequence::Chain;
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

/// Layers whose messages differ by less than this, in nats, are taken for one.
const SETTLED: f64 = 1e-13;

/// How many messages a thread computes at a time.
const AT_A_TIME: usize = 64;

/// A chain as tables.
pub(super) struct Steps {
    symbols: usize,
    contexts: usize,
    /// The context after each symbol, shape (C, Q).
    pub(super) after: Vec<u32>,
    /// ln p of each symbol, shape (C, Q).
    log_probabilities: Vec<f64>,
}

impl Steps {
    /// The tables of a chain at a temperature.
    pub(super) fn of(chain: &dyn Chain, symbols: usize, temperature: f64) -> Self {
        let contexts = chain.states();
        let mut log_probabilities = vec![0.0; contexts * symbols];
        let mut after = Vec::with_capacity(contexts * symbols);
        for (context, row) in log_probabilities.chunks_exact_mut(symbols).enumerate() {
            chain.log_probabilities(context, row);
            if temperature != 1.0 {
                temper(row, temperature);
            }
            after.extend((0..symbols).map(|symbol| chain.after(context, symbol) as u32));
        }
        Self { symbols, contexts, after, log_probabilities }
    }

    /// ln β of an automaton that comes nowhere twice, shape (1, A, C); `order` has each state before those after it.
    pub(super) fn sweep(&self, automaton: &Automaton, order: &[u32]) -> Vec<f64> {
        let mut messages = vec![0.0; automaton.states() * self.contexts];
        let mut row = vec![0.0; self.contexts];
        for &state in order.iter().rev() {
            row.par_chunks_mut(AT_A_TIME).enumerate().for_each(|(chunk, messages_here)| {
                self.fill(automaton, state, chunk * AT_A_TIME, &messages, messages_here);
            });
            messages[state as usize * self.contexts..][..self.contexts].copy_from_slice(&row);
        }
        messages
    }

    /// ln β of any automaton by how many symbols are left, shape (L, A, C), and whether they are exact. L is at most `most` + 1,
    /// and less where further layers would be like the last, or too many: then the last is a lower bound for all further.
    ///
    /// # Errors
    ///
    /// Too many messages to reach every end.
    pub(super) fn by_length(
        &self,
        automaton: &Automaton,
        most: usize,
    ) -> Result<(Vec<f64>, bool), Impossible> {
        let size = automaton.states() * self.contexts;
        let at_the_end = |index: usize| match automaton.is_finishing((index / self.contexts) as u32) {
            true => 0.0,
            false => f64::NEG_INFINITY,
        };
        let farthest = (0..automaton.states()).map(|state| automaton.distance(state as u32)).max();
        let enough = farthest.unwrap_or(0) as usize;
        let mut messages: Vec<f64> = (0..size).map(at_the_end).collect();
        for left in 1..=most {
            if messages.len() + size > MOST_MESSAGES || (messages.len() + size) * self.symbols > MOST_WORK {
                return if left > enough { Ok((messages, false)) } else { Err(Impossible::TooLarge) };
            }
            let before = &messages[messages.len() - size..];
            let mut layer = vec![0.0; size];
            layer.par_chunks_mut(self.contexts).enumerate().for_each(|(state, row)| {
                self.fill(automaton, state as u32, 0, before, row);
            });
            let settled = |(now, before): (&f64, &f64)| now == before || (now - before).abs() < SETTLED;
            if layer.iter().zip(before).all(settled) {
                break;
            }
            messages.extend(layer);
        }
        Ok((messages, true))
    }

    /// ln β of one state in contexts from `first` on, given those after one symbol more, shape (A, C).
    fn fill(&self, automaton: &Automaton, state: u32, first: usize, following: &[f64], messages: &mut [f64]) {
        if automaton.is_finishing(state) {
            messages.fill(0.0);
            return;
        }
        let row = automaton.row(state);
        let mut terms = Vec::with_capacity(self.symbols);
        for (context, message) in (first..).zip(messages) {
            let steps = context * self.symbols..(context + 1) * self.symbols;
            let steps = self.after[steps.clone()].iter().zip(&self.log_probabilities[steps]);
            terms.clear();
            for (&state, (&context, log_probability)) in row.iter().zip(steps).filter(|(s, _)| **s != NONE) {
                terms.push(log_probability + following[state as usize * self.contexts + context as usize]);
            }
            *message = log_sum(&terms);
        }
    }
}

/// ln Σ exp.
fn log_sum(terms: &[f64]) -> f64 {
    let top = terms.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + kernels::ln(terms.iter().map(|term| kernels::exp(term - top)).sum::<f64>())
}
