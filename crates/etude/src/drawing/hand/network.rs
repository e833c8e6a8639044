//! The network in training: a layer that reads the text, a layer that writes, and what they foretell.

use super::super::moves::{Move, Pen};
use super::layout::{Layout, PENS, WRITTEN};
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, apply_4, learn, measure};
use crate::nn::{
    CrossEntropy, Feed, IGNORED, Linear, Lstm, MixtureDensity, NUMBERS, Pick, Reader, Reading, Residual,
    Sizes,
};
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A line to learn from: its text, letters by number, and its moves in units of the scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The text.
    pub text: Vec<u32>,
    /// The moves.
    pub moves: Vec<Move>,
}

/// What is learnt, and how.
#[derive(Debug)]
pub struct Lessons {
    /// Sizes.
    pub layout: Layout,
    /// The floor of deviations, in units of the scale.
    pub least: f32,
    /// Steps through which a gradient flows.
    pub steps: usize,
    /// Every line.
    pub lines: Vec<Line>,
}

/// What the network knows between two windows.
#[derive(Debug, Clone)]
struct State {
    reading: Reading,
    /// h and c of the upper layer, (B, J) each.
    upper: [Vec<f32>; 2],
}

/// Lines side by side: T steps of B streams.
struct Batch<'a> {
    lines: Vec<&'a Line>,
    /// How far below the base line the pen stands before each move of each.
    heights: &'a [Vec<f32>],
    /// From which step to which.
    steps: std::ops::Range<usize>,
}

impl Batch<'_> {
    /// The move at a step of a stream, and what is told of what was written before it.
    fn at(&self, step: usize, stream: usize) -> (Option<&Move>, [f32; WRITTEN]) {
        let moves = &self.lines[stream].moves;
        let before = step.checked_sub(1).and_then(|before| moves.get(before));
        let height = self.heights[stream].get(step).copied().unwrap_or(0.0);
        (moves.get(step), written(before, height))
    }

    /// For each place (T, B).
    fn places(&self) -> impl Iterator<Item = (Option<&Move>, [f32; WRITTEN])> {
        let streams = self.lines.len();
        self.steps.clone().flat_map(move |step| (0..streams).map(move |stream| self.at(step, stream)))
    }

    fn counted(&self) -> usize {
        self.places().filter(|(step, _)| step.is_some()).count()
    }
}

/// What a height is multiplied by: it is about ten times as great as a move.
const HEIGHT: f32 = 0.2;

/// What a layer is told after a move, at a height below the base line; a line begins with a lifted pen.
pub(super) fn written(before: Option<&Move>, height: f32) -> [f32; WRITTEN] {
    let [x, y, lifted] = before.map_or([0.0, 0.0, 1.0], |step| {
        [step.x as f32, step.y as f32, f32::from(u8::from(step.pen != Pen::Down))]
    });
    [x, y, lifted, HEIGHT * height]
}

/// How far below the base line the pen stands before each move: the first begins on it.
fn heights(line: &Line) -> Vec<f32> {
    let mut height = 0.0;
    let before = line.moves.iter().map(|step| {
        let before = height as f32;
        height += step.y;
        before
    });
    before.collect()
}

impl Lessons {
    /// The loss of a window, the sum of its surprises, and what is known afterwards.
    fn loss(&self, parameters: &[Array], batch: &Batch, state: &State) -> (Array, (f64, State)) {
        let Layout { letters, gaussians, reader, writer, mixtures } = self.layout;
        let (steps, streams) = (batch.steps.len(), batch.lines.len());
        let before: Vec<f32> = batch.places().flat_map(|(_, before)| before).collect();
        let texts = batch.lines.iter().map(|line| line.text.clone()).collect();
        let sizes = Sizes { steps, streams, width: reader };
        let reading = state.reading.clone();
        let lower = Arc::new(Reader::new(sizes, [letters, gaussians], before.clone(), texts, reading));
        let seen = apply_4(lower.clone(), [0, 1, 2, 3].map(|at| &parameters[at]));
        let width = self.layout.seen();
        let rows = (0..(steps * streams) as u32).collect();
        let input = apply_1(Arc::new(Pick { width, rows, beside: before }), &seen);
        let [hidden, cell] = state.upper.clone();
        let resets = vec![false; steps * streams];
        let feed = Feed::Dense { width: width + WRITTEN };
        let upper = Arc::new(Lstm::new(Sizes { width: writer, ..sizes }, feed, resets, hidden, cell));
        let above = apply_4(upper.clone(), [&input, &parameters[4], &parameters[5], &parameters[6]]);
        let foretold = |at: usize, output: usize| {
            let no_bias = Array::constant(vec![0.0; output]);
            let below = Arc::new(Linear { input: width, output });
            let below = apply_3(below, &seen, &parameters[at], &no_bias);
            let own = Arc::new(Linear { input: writer, output });
            let own = apply_3(own, &above, &parameters[at + 1], &parameters[at + 2]);
            apply_2(Arc::new(Residual), &below, &own)
        };
        let points =
            batch.places().map(|(step, _)| step.map(|step| [step.x as f32, step.y as f32])).collect();
        let pens = batch
            .places()
            .map(|(step, _)| step.map_or(IGNORED, |step| u32::from(step.pen != Pen::Down)))
            .collect();
        let density = Arc::new(MixtureDensity::new(mixtures, self.least, points));
        let entropy = Arc::new(CrossEntropy::new(PENS, pens));
        let place = apply_1(density.clone(), &foretold(7, NUMBERS * mixtures));
        let pen = apply_1(entropy.clone(), &foretold(10, PENS));
        let loss = apply_2(Arc::new(Residual), &place, &pen);
        let cell = upper.last_cell().expect("it ran forwards").to_vec();
        let upper = [above.tail(streams * writer), cell];
        let state = State { reading: lower.last().expect("it ran forwards").clone(), upper };
        (loss, (density.nats() + entropy.nats(), state))
    }

    /// The lines of a chunk.
    fn chosen(&self, chunk: &Chunk) -> Vec<&Line> {
        let counts = chunk.fields.iter().zip(&chunk.symbols).filter(|(_, symbol)| **symbol != IGNORED);
        counts
            .map(|(&number, _)| &self.lines[number as usize])
            .filter(|line| !line.moves.is_empty())
            .collect()
    }

    fn begin(&self, streams: usize) -> State {
        let Layout { letters, gaussians, reader, writer, .. } = self.layout;
        let zero = vec![0.0; streams * writer];
        State { reading: Reading::begin(streams, reader, letters, gaussians), upper: [zero.clone(), zero] }
    }

    /// Goes through lines window by window.
    fn through(&self, lines: &[&Line], mut each: impl FnMut(&Batch, &mut State)) {
        let longest = lines.iter().map(|line| line.moves.len()).max().unwrap_or(0);
        let mut state = self.begin(lines.len());
        let heights: Vec<Vec<f32>> = lines.iter().map(|line| heights(line)).collect();
        for from in (0..longest).step_by(self.steps) {
            let steps = from..longest.min(from + self.steps);
            each(&Batch { lines: lines.to_vec(), heights: &heights, steps }, &mut state);
        }
    }
}

impl Network for Lessons {
    fn identity(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.lines {
            line.text.iter().for_each(|letter| hash.update(letter.to_le_bytes()));
            for step in &line.moves {
                hash.update(step.x.to_le_bytes());
                hash.update(step.y.to_le_bytes());
                hash.update([step.pen as u8]);
            }
        }
        format!("{:?} {} {} {:x?}", self.layout, self.least, self.steps, hash.finalize())
    }

    fn order(&self) -> Order {
        Order::Blocks
    }

    fn parameters(&self) -> Vec<Parameter> {
        let Layout { gaussians, reader, writer, .. } = self.layout;
        let parameter = |shape: crate::sequence::precision::Shape| {
            let initial = if shape.rows > 0 {
                Initial::Uniform((1.0 / (shape.rows as f32)).sqrt())
            } else if shape.name.ends_with("point.bias") {
                Initial::Normal(0.5)
            } else {
                let mut biases = vec![0.0; shape.columns];
                // An LSTM remembers at first (Jozefowicz, Zaremba & Sutskever 2015).
                let gates = [("reader.bias", reader), ("writer.bias", writer)];
                if let Some((_, width)) = gates.iter().find(|(name, _)| shape.name.ends_with(name)) {
                    biases[*width..2 * width].fill(1.0);
                }
                // A window moves on a letter in about 13 points at first, and sees one at a time.
                if shape.name.ends_with("window_bias") {
                    biases[2 * gaussians..].fill(-2.6);
                    biases[..gaussians].fill(-(gaussians as f32).ln());
                }
                Initial::Given(biases)
            };
            Parameter { length: shape.rows.max(1) * shape.columns, decays: shape.rows > 0, initial }
        };
        self.layout.shapes().into_iter().map(parameter).collect()
    }

    fn learn(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32], _: &mut Chance) -> (f64, Vec<f32>) {
        let arrays = arrays(&self.parameters(), parameters);
        let lines = self.chosen(chunk);
        let all = lines.iter().map(|line| line.moves.len()).sum::<usize>().max(1);
        let (mut nats, mut total) = (0.0, vec![0.0f32; parameters.len()]);
        self.through(&lines, |batch, state| {
            let ((told, next), gradient) = learn(&arrays, |arrays| self.loss(arrays, batch, state));
            let share = batch.counted() as f32 / all as f32;
            total.iter_mut().zip(&gradient).for_each(|(total, slope)| *total += share * slope);
            nats += told;
            *state = next;
        });
        (nats, total)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32]) -> f64 {
        let arrays = arrays(&self.parameters(), parameters);
        let mut nats = 0.0;
        self.through(&self.chosen(chunk), |batch, state| {
            let (told, next) = measure(&arrays, |arrays| self.loss(arrays, batch, state));
            nats += told;
            *state = next;
        });
        nats
    }
}
