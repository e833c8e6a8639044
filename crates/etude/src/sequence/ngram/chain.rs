//! The model as a chain: its states are the contexts that were seen.

use super::Ngram;
use crate::sequence::{Chain, SequenceModel, Streams};

impl Chain for Ngram {
    fn states(&self) -> usize {
        self.odds.trie.len()
    }

    fn start(&self) -> usize {
        self.odds.trie.after(0, self.symbols() as u16)
    }

    fn after(&self, state: usize, symbol: usize) -> usize {
        self.odds.trie.after(state, symbol as u16)
    }

    fn log_probabilities(&self, state: usize, log_probabilities: &mut [f64]) {
        self.odds.all(state, log_probabilities);
    }
}

/// Sequences in the making: of each, its context.
pub(super) struct States<'a> {
    model: &'a Ngram,
    states: Vec<usize>,
}

impl<'a> States<'a> {
    pub(super) fn new(model: &'a Ngram, streams: usize) -> Self {
        Self { model, states: vec![0; streams] }
    }

    /// Moves on over the symbol before; Q begins a sequence.
    fn follow(&mut self, stream: usize, before: u32) -> usize {
        let model = self.model;
        let begins = before as usize == model.symbols();
        let state = if begins { model.start() } else { model.after(self.states[stream], before as usize) };
        self.states[stream] = state;
        state
    }
}

impl Streams for States<'_> {
    fn count(&self) -> usize {
        self.states.len()
    }

    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        let rows = fields.chunks_exact(self.model.fields.len());
        let outputs = log_probabilities.chunks_exact_mut(self.model.symbols());
        for (stream, (row, output)) in rows.zip(outputs).enumerate() {
            let state = self.follow(stream, row[0]);
            self.model.odds.all(state, output);
        }
    }

    fn read(&mut self, fields: &[u32], symbol: u32, _: &mut [f64]) -> f64 {
        let state = self.follow(0, fields[0]);
        -self.model.odds.one(state, symbol as u16)
    }

    fn select(&mut self, parents: &[usize]) {
        self.states = parents.iter().map(|&parent| self.states[parent]).collect();
    }
}
