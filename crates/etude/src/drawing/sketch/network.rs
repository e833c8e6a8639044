//! The network in training: a decoder, which draws, and an encoder where drawings have codes.

use super::super::mixture::normal_pair;
use super::super::moves::Move;
use super::batch::{Batch, Variation};
use super::layout::Layout;
use super::trail::{AFTER, BEFORE};
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, apply_4, learn, measure};
use crate::nn::{
    CrossEntropy, Dropout, Feed, Gelu, Linear, Lstm, MixtureDensity, NUMBERS, Pick, Residual, Sizes,
};
use crate::sequence::{Sequence, Sequences};
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a code costs at first, and after which share of the training it costs nearly all (Ha & Eck 2017, eq. (10)).
const CHEAP: f64 = 0.01;
const DEAR: f64 = 0.3;

/// What is learnt, and how.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) layout: Layout,
    /// The floor of deviations, in units of the scale.
    pub(super) least: f32,
    pub(super) variation: Variation,
    /// Share of news and of hidden values that is dropped.
    pub(super) dropout: f64,
    /// Steps through which a gradient flows.
    pub(super) steps: usize,
    /// What a nat of a code costs at last, and the nats of a code that are free.
    pub(super) cost: f64,
    pub(super) free: f64,
    /// Drawings in units of the scale: those that are learnt, then those that are only measured.
    pub(super) drawings: Vec<Vec<Move>>,
    /// The share of the training that is done, as bits.
    pub(super) share: AtomicU64,
}

/// How a batch is gone through.
pub(super) struct Way<'a> {
    /// While learning, what draws masks.
    chance: Option<&'a mut Chance>,
    /// The noise of codes, (D, Z).
    pub(super) noise: Vec<f32>,
    /// What a nat of a code costs, and how many are free.
    pub(super) cost: f64,
    pub(super) free: f64,
}

/// What comes out of a window.
struct Told {
    nats: f64,
    /// h and c of the decoder afterwards, (B, H) each.
    state: [Vec<f32>; 2],
}

impl Lessons {
    /// Lessons with their drawings, and the sequences of numbers of drawings that the training loop puts in order.
    pub(super) fn with(mut self, train: Vec<Vec<Move>>, valid: Vec<Vec<Move>>) -> (Self, Sequences) {
        let numbers = |from: usize, count: usize| {
            (from..from + count)
                .map(|number| Sequence { fields: vec![number as u32], symbols: vec![0] })
                .collect()
        };
        let (learnt, held_out) = (train.len(), valid.len());
        let fields = vec![(learnt + held_out).max(1)];
        let data =
            Sequences { symbols: 1, fields, train: numbers(0, learnt), valid: numbers(learnt, held_out) };
        self.drawings = train;
        self.drawings.extend(valid);
        (self, data)
    }

    /// Lessons without drawings.
    pub(super) fn new(layout: Layout, least: f32) -> Self {
        Self {
            layout,
            least,
            variation: Variation { stretch: 0.0, skip: 0.0 },
            dropout: 0.0,
            steps: 256,
            cost: 1.0,
            free: 0.0,
            drawings: Vec::new(),
            share: AtomicU64::new(1.0f64.to_bits()),
        }
    }

    /// The arrays that a window hands over to the graph: loss and what it tells.
    fn loss(
        &self,
        parameters: &[Array],
        batch: &Batch,
        state: &[Vec<f32>; 2],
        way: &mut Way,
    ) -> (Array, Told) {
        let Layout { width, mixtures, inner, turn, code, .. } = self.layout;
        let (decoder, rest) = parameters.split_at(3);
        let (heads, encoder) = rest.split_at(9);
        let rows = batch.places.len();
        let add = |a: &Array, b: &Array| apply_2(Arc::new(Residual), a, b);
        let mut loss: Option<Array> = None;
        let x = if code > 0 {
            let (code, divergence) = self.code(encoder, batch, way);
            loss = Some(divergence);
            code
        } else {
            Array::constant(batch.before.clone())
        };
        let sizes = Sizes { steps: batch.steps, streams: batch.streams, width };
        let feed = Feed::Dense { width: BEFORE + code };
        let mut layer = Lstm::new(sizes, feed, batch.resets.clone(), state[0].clone(), state[1].clone());
        if let Some(chance) = way.chance.as_deref_mut().filter(|_| self.dropout > 0.0) {
            layer = layer.with_mask(Dropout::mask(batch.resets.len() * width, self.dropout, chance));
        }
        let layer = Arc::new(layer);
        let states = apply_4(layer.clone(), [&x, &decoder[0], &decoder[1], &decoder[2]]);
        let cell = layer.last_cell().expect("it ran forwards").to_vec();
        let state = [states.tail(batch.streams * width), cell];
        let mut hidden = |beside: Vec<f32>, own: usize, inner: usize, arrays: &[Array]| {
            let pick = Arc::new(Pick { width, rows: batch.places.clone(), beside });
            let linear = Arc::new(Linear { input: width + own, output: inner });
            let hidden = apply_3(linear, &apply_1(pick, &states), &arrays[0], &arrays[1]);
            let hidden = apply_1(Arc::new(Gelu), &hidden);
            match way.chance.as_deref_mut().filter(|_| self.dropout > 0.0) {
                Some(chance) => apply_1(Arc::new(Dropout::new(rows * inner, self.dropout, chance)), &hidden),
                None => hidden,
            }
        };
        let known: Vec<f32> = batch
            .places
            .iter()
            .flat_map(|&place| &batch.before[place as usize * BEFORE..][..BEFORE])
            .copied()
            .collect();
        let output = |columns: usize, input: usize| Arc::new(Linear { input, output: columns });
        let point = hidden(known.clone(), BEFORE, inner, &heads[..2]);
        let bent = apply_3(output(NUMBERS * mixtures, inner), &point, &heads[2], &heads[3]);
        let no_bias = Array::constant(vec![0.0; NUMBERS * mixtures]);
        let straight =
            apply_3(output(NUMBERS * mixtures, BEFORE), &Array::constant(known), &heads[4], &no_bias);
        let point = add(&bent, &straight);
        let density = Arc::new(MixtureDensity::new(mixtures, self.least, batch.points.clone()));
        let pen = hidden(batch.after.clone(), AFTER, turn, &heads[5..7]);
        let pen = apply_3(output(3, turn), &pen, &heads[7], &heads[8]);
        let entropy = Arc::new(CrossEntropy::new(3, batch.pens.clone()));
        let surprise = add(&apply_1(density.clone(), &point), &apply_1(entropy.clone(), &pen));
        let loss = loss.map_or_else(|| surprise.clone(), |divergence| add(&surprise, &divergence));
        (loss, Told { nats: density.nats() + entropy.nats(), state })
    }

    /// The drawings of a chunk.
    fn chosen<'a>(&'a self, chunk: &'a Chunk) -> impl Iterator<Item = (u32, &'a Vec<Move>)> {
        let counts =
            chunk.fields.iter().zip(&chunk.symbols).filter(|(_, symbol)| **symbol != crate::nn::IGNORED);
        counts.map(|(&number, _)| (number, &self.drawings[number as usize]))
    }

    /// The windows of a batch: all of it where there are codes, as each is read whole.
    fn windows(&self, batch: &Batch) -> Vec<Batch> {
        let size = if self.layout.code > 0 { batch.steps.max(1) } else { self.steps };
        (0..batch.steps).step_by(size).map(|from| batch.window(from, batch.steps.min(from + size))).collect()
    }

    fn noise(&self, drawings: usize, chance: &mut Chance) -> Vec<f32> {
        (0..drawings * self.layout.code).map(|_| normal_pair(chance)[0] as f32).collect()
    }

    fn begin(&self, batch: &Batch) -> [Vec<f32>; 2] {
        let zero = vec![0.0; batch.streams * self.layout.width];
        [zero.clone(), zero]
    }
}

impl Network for Lessons {
    fn identity(&self) -> String {
        let mut hash = Sha256::new();
        for step in self.drawings.iter().flatten() {
            hash.update(step.x.to_le_bytes());
            hash.update(step.y.to_le_bytes());
            hash.update([step.pen as u8]);
        }
        let Self { layout, least, variation, dropout, steps, cost, free, .. } = self;
        format!("{layout:?} {least} {variation:?} {dropout} {steps} {cost} {free} {:x?}", hash.finalize())
    }

    fn order(&self) -> Order {
        Order::Blocks
    }

    fn parameters(&self) -> Vec<Parameter> {
        let width = self.layout.width;
        let parameter = |shape: crate::sequence::precision::Shape| {
            let mut biases = vec![0.0; shape.columns];
            let initial = if shape.rows > 0 {
                Initial::Uniform((1.0 / (shape.rows as f32)).sqrt())
            } else if shape.name.ends_with("point.output_bias") {
                Initial::Normal(0.5)
            } else {
                // An LSTM remembers at first (Jozefowicz, Zaremba & Sutskever 2015).
                let gates = [
                    ("decoder", width),
                    ("onwards", self.layout.encoder),
                    ("backwards", self.layout.encoder),
                ];
                for (name, width) in gates {
                    if shape.name == format!("sketch.{name}.bias") {
                        biases[width..2 * width].fill(1.0);
                    }
                }
                Initial::Given(biases)
            };
            Parameter { length: shape.len(), decays: shape.rows > 0, initial }
        };
        self.layout.shapes().into_iter().map(parameter).collect()
    }

    fn stands(&self, share: f64) {
        self.share.store(share.to_bits(), Ordering::Relaxed);
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        _: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let arrays = arrays(&self.parameters(), parameters);
        let drawings: Vec<Vec<Move>> =
            self.chosen(chunk).map(|(_, drawing)| self.variation.vary(drawing, chance)).collect();
        let batch = Batch::new(&drawings);
        let share = f64::from_bits(self.share.load(Ordering::Relaxed));
        let annealed = 1.0 - (1.0 - CHEAP) * crate::kernels::exp(-3.0 * share / DEAR);
        let noise = self.noise(drawings.len(), chance);
        let (mut nats, mut total, mut state) = (0.0, vec![0.0f32; parameters.len()], self.begin(&batch));
        for window in self.windows(&batch) {
            let (cost, free) = (self.cost * annealed, self.free);
            let mut way = Way { chance: Some(&mut *chance), noise: noise.clone(), cost, free };
            let (told, gradient) = learn(&arrays, |arrays| self.loss(arrays, &window, &state, &mut way));
            let share = window.places.len() as f32 / batch.places.len() as f32;
            total.iter_mut().zip(&gradient).for_each(|(total, slope)| *total += share * slope);
            nats += told.nats;
            state = told.state;
        }
        (nats, total)
    }

    /// The surprise of the points, and where there are codes the whole cost of these besides: a bound.
    fn measure(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32]) -> f64 {
        let arrays = arrays(&self.parameters(), parameters);
        let (numbers, drawings): (Vec<u32>, Vec<Vec<Move>>) =
            self.chosen(chunk).map(|(number, drawing)| (number, drawing.clone())).unzip();
        let batch = Batch::new(&drawings);
        // Every measurement draws the same codes.
        let seed = numbers.first().copied().unwrap_or(0);
        let noise = self.noise(drawings.len(), &mut Chance::new(0, seed.into()));
        let (mut nats, mut state) = (0.0, self.begin(&batch));
        for window in self.windows(&batch) {
            let mut way = Way { chance: None, noise: noise.clone(), cost: 1.0, free: 0.0 };
            let (loss, told) = measure(&arrays, |arrays| {
                let (loss, told) = self.loss(arrays, &window, &state, &mut way);
                (loss.clone(), (f64::from(loss.values()[0]), told))
            });
            nats += if self.layout.code > 0 { loss * window.places.len() as f64 } else { told.nats };
            state = told.state;
        }
        nats
    }
}
