//! A random model of a few states, and the list of all that it can write.

use crate::inference::autoregressive::{Automaton, NONE};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::model::Settings;
use crate::sequence::{Chain, SequenceModel, Streams};
use crate::shelf::Tensors;

/// A chain of random arrows between S states, with random odds in each.
pub(super) struct Table {
    symbols: usize,
    /// The state after each symbol, shape (S, Q).
    next: Vec<usize>,
    /// ln p of each symbol, shape (S, Q).
    log_probabilities: Vec<f64>,
}

/// A chain as a model that reads no field but the symbol before.
pub(super) struct Walk<C> {
    pub(super) chain: C,
    symbols: usize,
    fields: [usize; 1],
    /// Whether it tells that it is a chain.
    tells: bool,
}

impl<C: Chain> Walk<C> {
    pub(super) fn new(chain: C, symbols: usize) -> Self {
        Self { chain, symbols, fields: [symbols + 1], tells: true }
    }

    /// A model that doesn't tell that it is a chain.
    pub(super) fn silent(chain: C, symbols: usize) -> Self {
        Self { tells: false, ..Self::new(chain, symbols) }
    }
}

impl Table {
    /// Log-odds are drawn evenly from −`spread` to `spread`.
    pub(super) fn random(states: usize, symbols: usize, spread: f64, seed: u64) -> Self {
        let mut chance = Chance::new(seed, 0);
        let next = (0..states * symbols).map(|_| chance.below(states)).collect();
        let mut log_probabilities = Vec::new();
        for _ in 0..states {
            let mut row: Vec<f64> = (0..symbols).map(|_| spread * (2.0 * chance.unit() - 1.0)).collect();
            kernels::softmax(&mut row);
            log_probabilities.extend(row.into_iter().map(kernels::ln));
        }
        Self { symbols, next, log_probabilities }
    }

    /// All sequences of at most `most` symbols of an automaton, in order, with p of each at a temperature.
    pub(super) fn enumerate(
        &self,
        automaton: &Automaton,
        most: usize,
        temperature: f64,
    ) -> Vec<(Vec<u32>, f64)> {
        let mut found = Vec::new();
        self.extend(automaton, most, temperature, (0, 0), &mut Vec::new(), 0.0, &mut found);
        found
    }

    #[expect(clippy::too_many_arguments, reason = "a walk carries what it knows")]
    fn extend(
        &self,
        automaton: &Automaton,
        left: usize,
        temperature: f64,
        (state, at): (usize, u32),
        word: &mut Vec<u32>,
        log_probability: f64,
        found: &mut Vec<(Vec<u32>, f64)>,
    ) {
        if automaton.is_finishing(at) {
            found.push((word.clone(), log_probability.exp()));
            return;
        }
        let powers = |&log: &f64| (log / temperature).exp();
        let row = &self.log_probabilities[state * self.symbols..][..self.symbols];
        let total: f64 = row.iter().map(powers).sum();
        for symbol in (0..self.symbols).filter(|_| left > 0) {
            let after = automaton.after(at, symbol);
            if after != NONE {
                word.push(symbol as u32);
                let (next, log) = (self.after(state, symbol), (powers(&row[symbol]) / total).ln());
                let log_probability = log_probability + log;
                self.extend(automaton, left - 1, temperature, (next, after), word, log_probability, found);
                word.pop();
            }
        }
    }
}

impl Chain for Table {
    fn states(&self) -> usize {
        self.next.len() / self.symbols
    }

    fn start(&self) -> usize {
        0
    }

    fn after(&self, state: usize, symbol: usize) -> usize {
        self.next[state * self.symbols + symbol]
    }

    fn log_probabilities(&self, state: usize, log_probabilities: &mut [f64]) {
        log_probabilities.copy_from_slice(&self.log_probabilities[state * self.symbols..][..self.symbols]);
    }
}

impl<C: Chain> SequenceModel for Walk<C> {
    fn name(&self) -> &'static str {
        "table"
    }

    fn symbols(&self) -> usize {
        self.symbols
    }

    fn fields(&self) -> &[usize] {
        &self.fields
    }

    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(Reading { walk: self, states: vec![self.chain.start(); streams] })
    }

    fn chain(&self) -> Option<&dyn Chain> {
        self.tells.then_some(&self.chain as &dyn Chain)
    }

    fn tensors(&self) -> Tensors {
        Tensors::new()
    }

    fn settings(&self) -> Settings {
        Settings::new()
    }
}

/// Sequences that a chain reads.
struct Reading<'a, C> {
    walk: &'a Walk<C>,
    states: Vec<usize>,
}

impl<C: Chain> Streams for Reading<'_, C> {
    fn count(&self) -> usize {
        self.states.len()
    }

    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        assert_eq!((fields.len(), log_probabilities.len()), (self.count(), self.count() * self.walk.symbols));
        let rows = log_probabilities.chunks_exact_mut(self.walk.symbols);
        for ((state, &before), row) in self.states.iter_mut().zip(fields).zip(rows) {
            if (before as usize) < self.walk.symbols {
                *state = self.walk.chain.after(*state, before as usize);
            }
            self.walk.chain.log_probabilities(*state, row);
        }
    }

    fn select(&mut self, parents: &[usize]) {
        self.states = parents.iter().map(|&parent| self.states[parent]).collect();
    }
}
