//! Learning: the gradient of a chunk of frames, for the training loop that all networks share.

use super::super::frame::{Frame, KEYS};
use super::layout::{Notes, Piece, Time};
use super::options::Options;
use super::past::far_odds;
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_3, apply_4, learn, measure};
use crate::nn::{CrossEntropy, Dropout, Feed, Linear, Lstm, Operation, Sizes};
use crate::sequence::{Sequence, Sequences};
use crate::train::network::{Chunk, Network, Order, Parameter, arrays};
use std::ops::Range;
use std::sync::Arc;

/// Pieces that are learnt, and then those that are only measured.
pub(super) struct Lessons {
    options: Options,
    pieces: Vec<Piece>,
    far: [f32; 2],
}

impl Lessons {
    /// Pieces, and the sequences of (piece, frame) that the training loop puts in order.
    pub(super) fn new(options: Options, train: &[Vec<Frame>], valid: &[Vec<Frame>]) -> (Self, Sequences) {
        let margin = options.network.margin;
        let all = || train.iter().chain(valid);
        let pieces: Vec<Piece> = all().map(|frames| Piece::new(frames, margin)).collect();
        let mut sequences = all().enumerate().map(|(piece, frames)| Sequence {
            fields: (0..frames.len()).flat_map(|at| [piece as u32, at as u32]).collect(),
            symbols: vec![0; frames.len()],
        });
        let longest = all().map(Vec::len).max().unwrap_or(0);
        let fields = vec![pieces.len().max(1), longest.max(1)];
        let train_sequences = sequences.by_ref().take(train.len()).collect();
        let data = Sequences { symbols: 1, fields, train: train_sequences, valid: sequences.collect() };
        (Self { far: far_odds(train, margin), options, pieces }, data)
    }

    /// The sum of all surprises of a chunk, and their mean over near cells as a graph with how many those are.
    fn loss(
        &self,
        parameters: &[Array],
        chunk: &Chunk,
        carried: &mut [f32],
        mut chance: Option<&mut Chance>,
    ) -> (Array, (f64, usize)) {
        let Options { network, dropout, forgetting, .. } = self.options;
        let (mut time, notes) = Time::new(network, &self.pieces, chunk);
        let mut notes = Notes::new(network, self.far, &notes);
        if let Some(chance) = chance.as_deref_mut().filter(|_| forgetting > 0.0) {
            for features in [&mut time.features, &mut notes.pick.beside] {
                *features = Dropout::new(features.len(), forgetting, chance).forward(&[features.as_slice()]);
            }
        }
        let mut parameters = parameters.iter();
        let mut next = || parameters.next().expect("the parameters are those of the network");
        let mut drop = |above: Array, count: usize| match chance.as_deref_mut() {
            Some(chance) if dropout > 0.0 => apply_1(Arc::new(Dropout::new(count, dropout, chance)), &above),
            _ => above,
        };
        let width = network.width;
        let sizes = Sizes { steps: chunk.steps, streams: time.rows, width };
        let mut below = Array::constant(time.features);
        for number in 0..network.layers {
            let feed = Feed::Dense { width: network.time_inputs(number) };
            let state = Carried { keys: &time.keys, width, layers: network.layers, number };
            let (hidden, cell) = (state.take(carried, 0), state.take(carried, 1));
            let layer = Arc::new(Lstm::new(sizes, feed, time.resets.clone(), hidden, cell));
            let above = apply_4(layer.clone(), [&below, next(), next(), next()]);
            state.give(carried, 0, &above.tail(time.rows * width));
            state.give(carried, 1, layer.last_cell().expect("it ran forwards"));
            below = drop(above, chunk.steps * time.rows * width);
        }
        let below = apply_1(Arc::new(notes.pick), &below);
        let (count, note) = (notes.symbols.len(), network.note_width);
        let sizes = Sizes { steps: notes.keys, streams: notes.frames, width: note };
        let zero = vec![0.0; notes.frames * note];
        let feed = Feed::Dense { width: network.note_inputs() };
        let layer = Lstm::new(sizes, feed, notes.resets, zero.clone(), zero);
        let above = apply_4(Arc::new(layer), [&below, next(), next(), next()]);
        let above = drop(above, count * note);
        let odds = apply_3(Arc::new(Linear { input: note, output: 2 }), &above, next(), next());
        let judge = Arc::new(CrossEntropy::new(2, notes.symbols));
        let loss = apply_1(judge.clone(), &odds);
        (loss, (notes.far + judge.nats(), judge.counted()))
    }
}

/// Where the state of one layer is carried: for each stream (layers, 2, 88, H).
struct Carried<'a> {
    keys: &'a [Range<usize>],
    width: usize,
    layers: usize,
    number: usize,
}

impl Carried<'_> {
    /// The places of hidden values (`part` 0) or cells (1), for each stream.
    fn places(&self, part: usize) -> impl Iterator<Item = Range<usize>> {
        let place = move |stream: usize, key: usize| {
            (((stream * self.layers + self.number) * 2 + part) * KEYS + key) * self.width
        };
        self.keys
            .iter()
            .enumerate()
            .map(move |(stream, keys)| place(stream, keys.start)..place(stream, keys.end))
    }

    fn take(&self, carried: &[f32], part: usize) -> Vec<f32> {
        self.places(part).flat_map(|place| &carried[place]).copied().collect()
    }

    fn give(&self, carried: &mut [f32], part: usize, mut state: &[f32]) {
        for place in self.places(part) {
            let (own, rest) = state.split_at(place.len());
            carried[place].copy_from_slice(own);
            state = rest;
        }
    }
}

impl Network for Lessons {
    fn identity(&self) -> String {
        let Options { network, dropout, forgetting, .. } = self.options;
        format!("biaxial {network:?} {dropout} {forgetting}")
    }

    fn order(&self) -> Order {
        Order::Streams
    }

    fn parameters(&self) -> Vec<Parameter> {
        self.options.network.parameters(self.far)
    }

    fn carried(&self) -> usize {
        self.options.network.layers * 2 * KEYS * self.options.network.width
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        carried: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let parameters = arrays(&self.parameters(), parameters);
        let ((nats, cells), mut gradient) =
            learn(&parameters, |arrays| self.loss(arrays, chunk, carried, Some(chance)));
        // From the mean over cells to that over frames.
        let scale = cells as f32 / chunk.symbols.len() as f32;
        gradient.iter_mut().for_each(|value| *value *= scale);
        (nats, gradient)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64 {
        let parameters = arrays(&self.parameters(), parameters);
        measure(&parameters, |arrays| self.loss(arrays, chunk, carried, None)).0
    }
}
