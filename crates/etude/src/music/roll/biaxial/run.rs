//! A network that is ready to run: keys, or frames, as streams side by side.

use super::super::frame::{Frame, KEYS};
use super::network::{self, Network};
use super::past::{Past, pasts, reach};
use crate::kernels::affine::Affine;
use crate::kernels::line::{Line, share, together};
use crate::kernels::panels::Panels;
use crate::kernels::vector::fast;
use crate::sequence::lstm::{Cell, Update, interleave};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};
use std::ops::Range;

/// Gates of an LSTM.
const GATES: usize = 4;
/// Frames whose keys are read side by side.
const BLOCK: usize = 64;

/// A layer of LSTM units.
struct Layer {
    input: Panels,
    recurrent: Panels,
    /// Lines (panels, 4).
    bias: Vec<Line>,
}

/// The state of a layer, lines (H/16, streams) each.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// What the layer tells.
    pub(super) hidden: Vec<Line>,
    memory: Vec<Line>,
}

impl State {
    fn new(width: usize, streams: usize) -> Self {
        let zero = vec![Line::ZERO; Line::count(width) * streams];
        Self { hidden: zero.clone(), memory: zero }
    }

    /// Makes one of the streams new.
    fn reset(&mut self, streams: usize, stream: usize) {
        for lines in [&mut self.hidden, &mut self.memory] {
            lines.iter_mut().skip(stream).step_by(streams).for_each(|line| *line = Line::ZERO);
        }
    }
}

impl Layer {
    fn new(weights: network::Layer) -> Self {
        let rows = |matrix: &[f32]| matrix.len() / weights.bias.len();
        Self {
            input: Panels::gates(weights.input, rows(weights.input), GATES),
            recurrent: Panels::gates(weights.recurrent, rows(weights.recurrent), GATES),
            bias: interleave(weights.bias, GATES),
        }
    }

    /// Multiply-adds of a step of one stream.
    fn work(&self) -> usize {
        (self.input.work() + self.recurrent.work()) * self.recurrent.count()
    }

    /// One step of every stream, from lines (I/16, streams).
    fn step(&self, inputs: &[Line], streams: usize, state: &mut State) {
        let State { hidden, memory } = state;
        let mut next = vec![Line::ZERO; hidden.len()];
        next.par_chunks_exact_mut(streams)
            .zip(memory.par_chunks_exact_mut(streams))
            .enumerate()
            .with_min_len(share((self.input.work() + self.recurrent.work()) * streams))
            .for_each(|(panel, (next, memory))| {
                let mut sums = vec![Line::ZERO; GATES * streams];
                for (sums, &bias) in sums.chunks_exact_mut(streams).zip(&self.bias[panel * GATES..]) {
                    sums.fill(bias);
                }
                self.input.multiply(panel, inputs, &mut sums);
                self.recurrent.multiply(panel, hidden, &mut sums);
                fast(Update { cell: Cell::Lstm, sums: &sums, memory, hidden: next });
            });
        *hidden = next;
    }
}

/// A network that is ready to run.
pub(super) struct Runner {
    pub(super) network: Network,
    time: Vec<Layer>,
    note: Layer,
    output: Affine,
    /// The log-odds of cells that aren't near: before anything has sounded, and after.
    far: [f64; 2],
}

/// Puts the numbers of one stream into lines.
fn place(numbers: &[f32], lines: &mut [Line], streams: usize, stream: usize) {
    for (block, chunk) in numbers.chunks(Line::LEN).enumerate() {
        lines[block * streams + stream] = Line::load(chunk, 0);
    }
}

impl Runner {
    pub(super) fn new(network: Network, flat: &[f32]) -> Self {
        let weights = network.weights(flat);
        Self {
            network,
            time: weights.time.into_iter().map(Layer::new).collect(),
            note: Layer::new(weights.note),
            output: Affine::new(weights.output, network.note_width, weights.output_bias),
            far: [0, 1].map(|index| f64::from(weights.far[index])),
        }
    }

    /// The layers over time of so many keys, before the first frame.
    pub(super) fn begin_time(&self, keys: usize) -> Vec<State> {
        vec![State::new(self.network.width, keys); self.time.len()]
    }

    /// The layer over keys of so many frames, below the first near key.
    pub(super) fn begin_note(&self, frames: usize) -> State {
        State::new(self.network.note_width, frames)
    }

    /// The log-odds of a cell that isn't near.
    pub(super) fn far(&self, past: &Past) -> f64 {
        self.far[past.far()]
    }

    /// Moves time on to the frame after `past`; what it tells stands in the last state.
    pub(super) fn step_time(&self, past: &Past, keys: Range<usize>, states: &mut [State]) {
        let streams = keys.len();
        let mut numbers = vec![0.0; self.network.time_features()];
        let mut inputs = vec![Line::ZERO; Line::count(numbers.len()) * streams];
        for (stream, key) in keys.enumerate() {
            self.network.read_past(past, key, &mut numbers);
            place(&numbers, &mut inputs, streams, stream);
        }
        let mut below = &inputs;
        for (layer, state) in self.time.iter().zip(states) {
            layer.step(below, streams, state);
            below = &state.hidden;
        }
    }

    /// Moves the layer over keys on to a key of each frame: given what each knows of the past and of its lower keys, and
    /// what time tells of the key, as lines (H/16, frames). Tells the log-odds of each.
    pub(super) fn step_note(
        &self,
        known: &[(Past, Frame)],
        key: usize,
        time: impl IntoIterator<Item = Line>,
        state: &mut State,
    ) -> Vec<f64> {
        let streams = known.len();
        let mut inputs: Vec<Line> = time.into_iter().collect();
        let mut numbers = vec![0.0; self.network.note_features()];
        let told = inputs.len();
        inputs.resize(told + Line::count(numbers.len()) * streams, Line::ZERO);
        for (stream, (past, lower)) in known.iter().enumerate() {
            // A stretch of near keys is a sequence of its own.
            if !self.is_after_near(past, *lower, key) {
                state.reset(streams, stream);
            }
            self.network.read_lower(past, *lower, key, &mut numbers);
            place(&numbers, &mut inputs[told..], streams, stream);
        }
        self.note.step(&inputs, streams, state);
        let mut odds = vec![Line::ZERO; self.output.lines() * streams];
        self.output.apply(&state.hidden, streams, &mut odds);
        odds[..streams].iter().map(|Line(odds)| f64::from(odds[1] - odds[0])).collect()
    }

    /// Whether the key below is near.
    fn is_after_near(&self, past: &Past, lower: Frame, key: usize) -> bool {
        let Some(below) = key.checked_sub(1) else { return false };
        past.is_near(lower & ((1 << below) - 1), below, self.network.margin)
    }

    /// The log-odds of every cell of every frame.
    pub(super) fn odds(&self, frames: &[Frame]) -> Vec<[f64; KEYS]> {
        let keys = reach(frames, self.network.margin);
        let work = |layers: &[Layer]| layers.iter().map(Layer::work).sum::<usize>();
        together(work(&self.time) * keys.len() * frames.len(), || self.read(frames, keys))
    }

    fn read(&self, frames: &[Frame], keys: Range<usize>) -> Vec<[f64; KEYS]> {
        let (pasts, margin) = (pasts(frames), self.network.margin);
        let mut odds: Vec<[f64; KEYS]> = pasts.iter().map(|past| [self.far(past); KEYS]).collect();
        if keys.is_empty() {
            return odds;
        }
        let streams = keys.len();
        let mut time = self.begin_time(streams);
        let blocks = frames.chunks(BLOCK).zip(pasts.chunks(BLOCK)).zip(odds.chunks_mut(BLOCK));
        for ((frames, pasts), odds) in blocks {
            let step = |past| {
                self.step_time(past, keys.clone(), &mut time);
                time.last().expect("a network has a layer").hidden.clone()
            };
            let told: Vec<Vec<Line>> = pasts.iter().map(step).collect();
            let mut note = self.begin_note(frames.len());
            for (stream, key) in keys.clone().enumerate() {
                let lower = |frame: &Frame| frame & ((1 << key) - 1);
                let known: Vec<_> = pasts.iter().copied().zip(frames.iter().map(lower)).collect();
                let lines = (0..Line::count(self.network.width))
                    .flat_map(|line| told.iter().map(move |told| told[line * streams + stream]));
                let found = self.step_note(&known, key, lines, &mut note);
                for ((odds, found), (past, lower)) in odds.iter_mut().zip(found).zip(&known) {
                    if past.is_near(*lower, key, margin) {
                        odds[key] = found;
                    }
                }
            }
        }
        odds
    }
}
