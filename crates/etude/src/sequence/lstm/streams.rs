//! Many sequences, one step at a time.

use super::{Cell, Network, Packed, cell};
use crate::kernels::line::{self, Line};
use crate::kernels::norm::log_probabilities;
use crate::kernels::vector::fast;
use crate::sequence;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::mem::swap;

/// The states of N sequences.
pub(super) struct Streams<'a> {
    network: &'a Network,
    /// N.
    count: usize,
    layers: Vec<State>,
    /// Sums of each panel, lines (panels, G or 2G, N).
    sums: Vec<Line>,
    /// Log-odds, lines (Q/16, N).
    odds: Vec<Line>,
}

/// The state of a layer, each of lines (H/16, N).
#[derive(Clone)]
struct State {
    hidden: Vec<Line>,
    /// Where the next step's go.
    next: Vec<Line>,
    /// c of an LSTM; of a GRU h again, for the threads that renew it.
    memory: Vec<Line>,
}

impl<'a> Streams<'a> {
    pub(super) fn new(network: &'a Network, count: usize) -> Self {
        let zero = vec![Line::ZERO; network.lines * count];
        let state = State { hidden: zero.clone(), next: zero.clone(), memory: zero };
        let mut streams = Self {
            network,
            count,
            layers: vec![state; network.layers.len()],
            sums: Vec::new(),
            odds: Vec::new(),
        };
        streams.make_room();
        streams
    }

    /// Makes the working arrays as long as the number of streams asks.
    fn make_room(&mut self) {
        let network = self.network;
        self.sums.resize(network.lines * self.sums_of_a_panel(), Line::ZERO);
        self.odds.resize(network.output.lines() * self.count, Line::ZERO);
    }

    fn sums_of_a_panel(&self) -> usize {
        let products = if self.network.cell == Cell::Gru { 2 } else { 1 };
        products * self.network.cell.gates() * self.count
    }
}

impl sequence::Streams for Streams<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn step(&mut self, fields: &[u32], odds: &mut [f64]) {
        if self.count == 0 {
            return;
        }
        line::together(self.network.work() * self.count, || self.advance(fields, odds));
    }

    fn select(&mut self, parents: &[usize]) {
        for State { hidden, next, memory } in self.layers.iter_mut().filter(|_| self.count > 0) {
            for lines in [&mut *hidden, memory] {
                line::select(lines, self.count, parents, next);
                swap(lines, next);
            }
            next.resize(hidden.len(), Line::ZERO);
        }
        self.count = parents.len();
        self.make_room();
    }
}

impl Streams<'_> {
    /// One step of at least one stream.
    fn advance(&mut self, fields: &[u32], odds: &mut [f64]) {
        let (network, count, size) = (self.network, self.count, self.sums_of_a_panel());
        for number in 0..self.layers.len() {
            let layer = &network.layers[number];
            let (below, rest) = self.layers.split_at_mut(number);
            let State { hidden, next, memory } = &mut rest[0];
            let below = below.last().map(|state| state.hidden.as_slice());
            let work = layer.recurrent.work() * (1 + usize::from(number > 0));
            next.par_chunks_exact_mut(count)
                .zip(memory.par_chunks_exact_mut(count))
                .zip(self.sums.par_chunks_exact_mut(size))
                .enumerate()
                .with_min_len(line::share(work * count))
                .for_each(|(panel, ((hidden_next, memory), sums))| {
                    network.begin_sums(layer, panel, fields, count, sums);
                    if let (Some(input), Some(below)) = (&layer.input, below) {
                        input.multiply(panel, below, &mut sums[..network.cell.gates() * count]);
                    }
                    let recurrent = sums.len() - network.cell.gates() * count;
                    layer.recurrent.multiply(panel, hidden, &mut sums[recurrent..]);
                    fast(cell::Update { cell: network.cell, sums, memory, hidden: hidden_next });
                });
            swap(hidden, next);
        }
        let last = self.layers.last().expect("a network has a layer");
        network.output.apply(&last.hidden, count, &mut self.odds);
        for (stream, odds) in odds.chunks_exact_mut(network.symbols).enumerate() {
            log_probabilities(&self.odds, count, stream, odds);
        }
    }
}

impl Network {
    /// Multiply-adds of a step of one stream.
    fn work(&self) -> usize {
        let each = |layer: &Packed| layer.recurrent.work() * (1 + usize::from(layer.input.is_some()));
        self.layers.iter().map(each).sum::<usize>() * self.lines + self.output.work()
    }

    /// What a panel's sums are before any product: the biases, and in the first layer the rows of the fields.
    fn begin_sums(&self, layer: &Packed, panel: usize, fields: &[u32], streams: usize, sums: &mut [Line]) {
        let gates = self.cell.gates();
        let bias = &layer.bias[panel * gates..][..gates];
        let (from_input, from_itself) = sums.split_at_mut(gates * streams);
        for (gate, sums) in from_input.chunks_exact_mut(streams).enumerate() {
            sums.fill(bias[gate]);
        }
        from_itself.fill(Line::ZERO);
        if let Some(candidate) = from_itself.chunks_exact_mut(streams).last() {
            candidate.fill(layer.recurrent_bias[panel]);
        }
        if layer.input.is_some() {
            return;
        }
        for (stream, fields) in fields.chunks_exact(self.fields.len()).enumerate() {
            let mut offset = 0;
            for (&value, &values) in fields.iter().zip(&self.fields) {
                assert!((value as usize) < values, "a field has a value that the model doesn't know");
                let row = ((offset + value as usize) * self.lines + panel) * gates;
                for (gate, &weights) in self.table[row..][..gates].iter().enumerate() {
                    let sum = &mut from_input[gate * streams + stream];
                    *sum = sum.zip(weights, |sum, weight| sum + weight);
                }
                offset += values;
            }
        }
    }
}
