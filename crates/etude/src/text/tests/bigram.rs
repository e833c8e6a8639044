//! Counts of pairs, each with one added: a model small enough to be wrong nowhere.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::kernels;
use crate::model::Settings;
use crate::sequence::engine::Engine;
use crate::sequence::{Chain, SequenceModel, Sequences, Streams};
use crate::shelf::{Reader, Tensor, Tensors};
use crate::train::journal::Journal;
use std::sync::Arc;

/// The engine of these tests.
pub(super) const ENGINE: Engine = Engine { name: "bigram", settings, train, load };

struct Bigram {
    symbols: usize,
    fields: [usize; 1],
    /// How often each symbol follows each, the last row at the start, shape (Q + 1, Q).
    counts: Vec<u32>,
}

fn settings() -> Vec<Setting> {
    vec![Setting { name: "added", default: "1".to_owned(), meaning: "added to each count" }]
}

fn train(from: &Sequences, _: &Settings, _: u64, _: &mut dyn Journal) -> Result<Arc<dyn SequenceModel>> {
    let symbols = from.symbols;
    let mut counts = vec![0; symbols * (symbols + 1)];
    for sequence in &from.train {
        for (&before, &symbol) in sequence.fields.iter().zip(&sequence.symbols) {
            counts[before as usize * symbols + symbol as usize] += 1;
        }
    }
    Ok(Arc::new(Bigram { symbols, fields: [symbols + 1], counts }))
}

fn load(_: &Settings, reader: &Reader) -> Result<Arc<dyn SequenceModel>> {
    let counts = reader.numbers("bigram.counts")?.to_vec();
    let symbols = (0..1000).find(|n| n * (n + 1) == counts.len()).unwrap_or(1);
    Ok(Arc::new(Bigram { symbols, fields: [symbols + 1], counts }))
}

impl SequenceModel for Bigram {
    fn name(&self) -> &'static str {
        "bigram"
    }

    fn symbols(&self) -> usize {
        self.symbols
    }

    fn fields(&self) -> &[usize] {
        &self.fields
    }

    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(Reading { model: self, streams })
    }

    fn chain(&self) -> Option<&dyn Chain> {
        Some(self)
    }

    fn tensors(&self) -> Tensors {
        let counts = Tensor::U32(vec![self.symbols + 1, self.symbols], self.counts.clone());
        Tensors::from([("bigram.counts".to_owned(), counts)])
    }

    fn settings(&self) -> Settings {
        Settings::from([("added".to_owned(), "1".to_owned())])
    }
}

impl Chain for Bigram {
    fn states(&self) -> usize {
        self.symbols + 1
    }

    fn start(&self) -> usize {
        self.symbols
    }

    fn after(&self, _: usize, symbol: usize) -> usize {
        symbol
    }

    fn log_probabilities(&self, state: usize, log_probabilities: &mut [f64]) {
        let row = &self.counts[state * self.symbols..][..self.symbols];
        let total: u32 = row.iter().map(|count| count + 1).sum();
        for (ln, count) in log_probabilities.iter_mut().zip(row) {
            *ln = kernels::ln(f64::from(count + 1) / f64::from(total));
        }
    }
}

struct Reading<'a> {
    model: &'a Bigram,
    streams: usize,
}

impl Streams for Reading<'_> {
    fn count(&self) -> usize {
        self.streams
    }

    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        for (&before, row) in fields.iter().zip(log_probabilities.chunks_exact_mut(self.model.symbols)) {
            self.model.log_probabilities(before as usize, row);
        }
    }

    fn select(&mut self, parents: &[usize]) {
        self.streams = parents.len();
    }
}
