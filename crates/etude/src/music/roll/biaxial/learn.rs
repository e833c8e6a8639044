//! Learning: the gradient of a chunk of frames, for the training loop that all networks share.

use super::super::frame::{Frame, KEYS, sounds};
use super::super::keywise;
use super::crossing::{Crossing, NOTHING};
use super::options::Options;
use super::past::{Past, far_odds, pasts, reach};
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_3, apply_4};
use crate::nn::{CrossEntropy, Dropout, Feed, IGNORED, Linear, Lstm, Sizes};
use crate::sequence::{Sequence, Sequences};
use crate::train::network::{Chunk, Network, Order, Parameter, arrays};
use std::ops::Range;
use std::sync::Arc;

/// A piece, what is known before each of its frames, and its keys that may be near.
struct Piece {
    frames: Vec<Frame>,
    pasts: Vec<Past>,
    keys: Range<usize>,
}

/// Pieces that are learnt, and then those that are only measured.
pub(super) struct Lessons {
    options: Options,
    pieces: Vec<Piece>,
    far: [f32; 2],
}

/// What a chunk asks of a network.
struct Work {
    /// The keys of each stream that the layers over time read: all that may be near in its pieces; (B).
    keys: Vec<Range<usize>>,
    /// Keys of all streams, R.
    rows: usize,
    /// (T, R, I).
    past: Vec<f32>,
    /// (T, R).
    resets: Vec<bool>,
    /// Frames, F, each with its keys from the first near one to the last.
    frames: usize,
    crossing: Crossing,
    /// Where a stretch of near keys begins, (K, F).
    note_resets: Vec<bool>,
    /// (K, F).
    symbols: Vec<u32>,
    /// The surprises of all cells that aren't near.
    far: f64,
}

impl Lessons {
    /// Pieces, and the sequences of (piece, frame) that the training loop puts in order.
    pub(super) fn new(options: Options, train: &[Vec<Frame>], valid: &[Vec<Frame>]) -> (Self, Sequences) {
        let margin = options.network.margin;
        let all = || train.iter().chain(valid);
        let piece = |frames: &Vec<Frame>| Piece {
            frames: frames.clone(),
            pasts: pasts(frames),
            keys: reach(frames, margin),
        };
        let pieces: Vec<Piece> = all().map(piece).collect();
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

    /// Lays out what a chunk asks.
    fn work(&self, chunk: &Chunk) -> Work {
        let network = self.options.network;
        let at = |step: usize, stream: usize| {
            let index = step * chunk.streams + stream;
            let [piece, frame] = [0, 1].map(|field| chunk.fields[2 * index + field] as usize);
            (chunk.symbols[index] != IGNORED).then(|| (&self.pieces[piece], frame))
        };
        let keys = |stream| {
            let pieces = (0..chunk.steps).filter_map(|step| at(step, stream)).map(|(piece, _)| &piece.keys);
            let join = |a: Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
            // A single key where nothing sounds: no array is empty then.
            let silent = |keys: &&Range<usize>| !keys.is_empty();
            pieces.filter(silent).cloned().reduce(|a, b| join(a, &b)).unwrap_or(0..1)
        };
        let keys: Vec<Range<usize>> = (0..chunk.streams).map(keys).collect();
        let rows = keys.iter().map(ExactSizeIterator::len).sum();
        let features = network.time_features();
        let mut past = vec![0.0; chunk.steps * rows * features];
        let mut resets = Vec::with_capacity(chunk.steps * rows);
        let mut out = past.chunks_exact_mut(features);
        let mut notes = Vec::with_capacity(chunk.steps * chunk.streams);
        for step in 0..chunk.steps {
            let mut row = step * rows;
            for (stream, keys) in keys.iter().enumerate() {
                let piece = at(step, stream);
                for (key, out) in keys.clone().zip(&mut out) {
                    if let Some((piece, frame)) = piece {
                        network.read_past(&piece.pasts[frame], key, out);
                    }
                    resets.push(chunk.resets[step * chunk.streams + stream]);
                }
                notes.extend(
                    piece.map(|(piece, frame)| (&piece.pasts[frame], piece.frames[frame], row, keys.start)),
                );
                row += keys.len();
            }
        }
        let work = Work {
            rows,
            past,
            resets,
            frames: notes.len(),
            crossing: Crossing { width: network.width, rows: Vec::new(), features: Vec::new() },
            note_resets: Vec::new(),
            symbols: Vec::new(),
            far: 0.0,
            keys,
        };
        self.lay_keys(work, &notes)
    }

    /// Lays the keys of each frame: its past, itself, the row of the first key that time tells of, and that key.
    fn lay_keys(&self, mut work: Work, notes: &[(&Past, Frame, usize, usize)]) -> Work {
        let network = self.options.network;
        let near = |&(past, frame, ..): &(&Past, Frame, usize, usize)| {
            let is_near = |key: &usize| past.is_near(frame & ((1 << key) - 1), *key, network.margin);
            (0..KEYS).filter(is_near).fold(0, |all, key| all | 1 << key)
        };
        let near: Vec<Frame> = notes.iter().map(near).collect();
        let length =
            |near: &Frame| (Frame::BITS - near.leading_zeros() - near.trailing_zeros().min(127)) as usize;
        let steps = near.iter().filter(|near| **near != 0).map(length).max().unwrap_or(1);
        let own = network.note_features();
        work.crossing.features = vec![0.0; steps * notes.len() * own];
        let mut features = work.crossing.features.chunks_exact_mut(own);
        for step in 0..steps {
            for (&near, &(past, frame, row, start)) in near.iter().zip(notes) {
                let features = features.next().expect("one for each key of each frame");
                let key = near.trailing_zeros() as usize + step;
                let is_near = key < KEYS && sounds(near, key);
                work.note_resets.push(step == 0 || !is_near || !sounds(near, key - 1));
                work.crossing.rows.push(if is_near { (row + key - start) as u32 } else { NOTHING });
                work.symbols.push(if is_near { u32::from(sounds(frame, key)) } else { IGNORED });
                if is_near {
                    network.read_lower(past, frame & ((1 << key) - 1), key, features);
                }
            }
        }
        for (near, (past, frame, ..)) in near.iter().zip(notes) {
            let odds = f64::from(self.far[past.far()]);
            let cells = (0..KEYS).filter(|key| !sounds(*near, *key));
            work.far += cells.map(|key| keywise::surprise(odds, sounds(*frame, key))).sum::<f64>();
        }
        work
    }

    /// The sum of all surprises of a chunk, and their mean over near cells as a graph with how many those are.
    fn loss(
        &self,
        parameters: &[Array],
        chunk: &Chunk,
        carried: &mut [f32],
        mut chance: Option<&mut Chance>,
    ) -> (f64, Array, usize) {
        let (work, options) = (self.work(chunk), &self.options);
        let network = options.network;
        let mut parameters = parameters.iter();
        let mut next = || parameters.next().expect("the parameters are those of the network");
        let mut drop = |above: Array, count: usize| match chance.as_deref_mut() {
            Some(chance) if options.dropout > 0.0 => {
                apply_1(Arc::new(Dropout::new(count, options.dropout, chance)), &above)
            }
            _ => above,
        };
        let width = network.width;
        let sizes = Sizes { steps: chunk.steps, streams: work.rows, width };
        let mut below = Array::constant(work.past);
        for number in 0..network.layers {
            let feed = Feed::Dense { width: network.time_inputs(number) };
            let state = Carried { keys: &work.keys, width, layers: network.layers, number };
            let (hidden, cell) = (state.take(carried, 0), state.take(carried, 1));
            let layer = Arc::new(Lstm::new(sizes, feed, work.resets.clone(), hidden, cell));
            let above = apply_4(layer.clone(), [&below, next(), next(), next()]);
            state.give(carried, 0, &above.tail(work.rows * width));
            state.give(carried, 1, layer.last_cell().expect("it ran forwards"));
            below = drop(above, chunk.steps * work.rows * width);
        }
        let below = apply_1(Arc::new(work.crossing), &below);
        let (count, note) = (work.symbols.len(), network.note_width);
        let sizes = Sizes { steps: count / work.frames.max(1), streams: work.frames, width: note };
        let zero = vec![0.0; work.frames * note];
        let feed = Feed::Dense { width: network.note_inputs() };
        let layer = Lstm::new(sizes, feed, work.note_resets, zero.clone(), zero);
        let above = apply_4(Arc::new(layer), [&below, next(), next(), next()]);
        let above = drop(above, count * note);
        let odds = apply_3(Arc::new(Linear { input: note, output: 2 }), &above, next(), next());
        let judge = Arc::new(CrossEntropy::new(2, work.symbols));
        let loss = apply_1(judge.clone(), &odds);
        (work.far + judge.nats(), loss, judge.counted())
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
        format!("biaxial {:?} {}", self.options.network, self.options.dropout)
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
        let arrays = arrays(&self.parameters(), parameters);
        let arrays: Vec<Array> = arrays.into_iter().map(|array| Array::parameter(array.to_vec())).collect();
        let (nats, loss, cells) = self.loss(&arrays, chunk, carried, Some(chance));
        let mut gradient = loss.gradients(&arrays.iter().collect::<Vec<_>>()).concat();
        // From the mean over cells to that over frames.
        let scale = cells as f32 / chunk.symbols.len() as f32;
        gradient.iter_mut().for_each(|value| *value *= scale);
        (nats, gradient)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64 {
        let arrays = arrays(&self.parameters(), parameters);
        let arrays: Vec<Array> = arrays.into_iter().map(|array| Array::constant(array.to_vec())).collect();
        self.loss(&arrays, chunk, carried, None).0
    }
}
