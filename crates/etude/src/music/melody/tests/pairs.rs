//! The smallest model of sequences: counts of pairs, plus one.

use crate::error::Result;
use crate::kernels::ln;
use crate::model::Settings;
use crate::sequence::engine::Engine;
use crate::sequence::{SequenceModel, Sequences, Streams};
use crate::shelf::{Reader, Tensor, Tensors};
use crate::train::journal::Journal;
use std::sync::Arc;

/// Counts of pairs of symbols.
pub(in crate::music) const PAIRS: Engine = Engine { name: "pairs", settings: Vec::new, train, load };

struct Pairs {
    symbols: usize,
    fields: Vec<usize>,
    /// Shape (Q + 1, Q).
    counts: Vec<u32>,
}

fn train(sequences: &Sequences, _: &Settings, _: u64, _: &mut dyn Journal) -> Result<Arc<dyn SequenceModel>> {
    let symbols = sequences.symbols;
    let mut counts = vec![1; (symbols + 1) * symbols];
    for sequence in &sequences.train {
        let rows = sequence.fields.chunks_exact(sequences.fields.len());
        for (row, &symbol) in rows.zip(&sequence.symbols) {
            counts[row[0] as usize * symbols + symbol as usize] += 1;
        }
    }
    Ok(Arc::new(Pairs { symbols, fields: sequences.fields.clone(), counts }))
}

fn load(_: &Settings, reader: &Reader) -> Result<Arc<dyn SequenceModel>> {
    let fields: Vec<usize> = reader.numbers("fields")?.iter().map(|&size| size as usize).collect();
    Ok(Arc::new(Pairs { symbols: fields[0] - 1, fields, counts: reader.numbers("counts")?.to_vec() }))
}

impl SequenceModel for Pairs {
    fn name(&self) -> &'static str {
        "pairs"
    }
    fn symbols(&self) -> usize {
        self.symbols
    }
    fn fields(&self) -> &[usize] {
        &self.fields
    }
    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(Rows { model: self, streams })
    }
    fn tensors(&self) -> Tensors {
        let fields: Vec<u32> = self.fields.iter().map(|&size| size as u32).collect();
        Tensors::from([
            ("fields".to_owned(), Tensor::U32(vec![fields.len()], fields)),
            ("counts".to_owned(), Tensor::U32(vec![self.counts.len()], self.counts.clone())),
        ])
    }
    fn settings(&self) -> Settings {
        Settings::new()
    }
}

struct Rows<'a> {
    model: &'a Pairs,
    streams: usize,
}

impl Streams for Rows<'_> {
    fn count(&self) -> usize {
        self.streams
    }
    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        let (symbols, width) = (self.model.symbols, self.model.fields.len());
        let rows = log_probabilities.chunks_exact_mut(symbols);
        for (row, fields) in rows.zip(fields.chunks_exact(width)) {
            let counts = &self.model.counts[fields[0] as usize * symbols..][..symbols];
            let total: u32 = counts.iter().sum();
            for (log, &count) in row.iter_mut().zip(counts) {
                *log = ln(f64::from(count) / f64::from(total));
            }
        }
    }
    fn select(&mut self, parents: &[usize]) {
        self.streams = parents.len();
    }
}
