//! Learning: the gradient of a batch of frames, for the training loop that all networks share.

use super::super::frame::{Frame, KEYS, sounds};
use super::super::keywise;
use super::network::{AddOuter, AddScaled, Cell, Network, Spread, Weights};
use super::options::Options;
use super::past::{Moment, moments};
use super::rows::Rows;
use crate::inference::chance::Chance;
use crate::kernels::activation::sigmoid;
use crate::kernels::vector::fast;
use crate::sequence::{Sequence, Sequences};
use crate::train::network::{self, Chunk, Order, Parameter};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator, ParallelSlice};

/// Of the cells far from all that sounds, one in so many is learnt from, and counts as many times.
const FAR: u64 = 4;
/// Frames of a batch whose gradients are added up side by side.
const SHARES: usize = 4;

/// Pieces that are learnt, and then those that are only measured.
pub(super) struct Lessons {
    pub(super) options: Options,
    /// Frames from above, and what is known before each.
    pieces: Vec<(Vec<Frame>, Vec<Moment>)>,
}

impl Lessons {
    /// Pieces, and the sequences of (piece, frame) that the training loop puts in order.
    pub(super) fn new(options: Options, train: &[Vec<Frame>], valid: &[Vec<Frame>]) -> (Self, Sequences) {
        let all: Vec<&[Frame]> = train.iter().chain(valid).map(Vec::as_slice).collect();
        let pieces: Vec<_> = all.par_iter().map(|frames| moments(frames)).collect();
        let longest = all.iter().map(|frames| frames.len()).max().unwrap_or(0);
        let mut sequences = all.iter().enumerate().map(|(piece, frames)| Sequence {
            fields: (0..frames.len()).flat_map(|at| [piece as u32, at as u32]).collect(),
            symbols: vec![0; frames.len()],
        });
        let fields = vec![all.len().max(1), longest.max(1)];
        let train = sequences.by_ref().take(train.len()).collect();
        let data = Sequences { symbols: 1, fields, train, valid: sequences.collect() };
        (Self { options, pieces }, data)
    }

    /// The frames before, what is known, and the frame itself.
    fn frame(&self, fields: &[u32]) -> (&[Frame], &Moment, Frame) {
        let (frames, moments) = &self.pieces[fields[0] as usize];
        let at = fields[1] as usize;
        (&frames[..at], &moments[at], frames[at])
    }
}

impl network::Network for Lessons {
    fn identity(&self) -> String {
        let Options { network, dropout, forgetting, .. } = &self.options;
        format!("tied-nade {network:?} {dropout} {forgetting}")
    }

    fn order(&self) -> Order {
        Order::Blocks
    }

    fn parameters(&self) -> Vec<Parameter> {
        self.options.network.parameters()
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        _: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let network = self.options.network;
        let weights = network.weights(parameters);
        let turned = transposed(weights.matrix, network.inner);
        let seed = chance.bits();
        let frames: Vec<(usize, &[u32])> = chunk.fields.chunks_exact(2).enumerate().collect();
        let share = |frames: &[(usize, &[u32])]| {
            let mut learner = Learner::new(&self.options, weights, &turned, parameters.len());
            for &(number, fields) in frames {
                let (past, moment, frame) = self.frame(fields);
                learner.chance = Chance::new(seed, number as u64);
                learner.frame(past, moment, frame);
            }
            (learner.nats, learner.gradient)
        };
        let shares: Vec<_> = frames.par_chunks(frames.len().div_ceil(SHARES)).map(share).collect();
        let scale = 1.0 / frames.len() as f32;
        let (mut nats, mut sum) = (0.0, vec![0.0f32; parameters.len()]);
        for (share, gradient) in shares {
            nats += share;
            sum.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value * scale);
        }
        (nats, sum)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32]) -> f64 {
        let weights = self.options.network.weights(parameters);
        let frames: Vec<&[u32]> = chunk.fields.chunks_exact(2).collect();
        let each = frames.into_par_iter().map(|fields| {
            let (past, moment, frame) = self.frame(fields);
            surprise(self.options.network, &weights, past, moment, frame)
        });
        each.collect::<Vec<f64>>().iter().sum()
    }
}

/// −ln p of a frame, all of its 88 cells.
pub(super) fn surprise(
    network: Network,
    weights: &Weights,
    past: &[Frame],
    moment: &Moment,
    frame: Frame,
) -> f64 {
    let odds = Cell::new(network).frame(network, weights, past, moment, frame);
    let cell = |(place, odds)| keywise::surprise(f64::from(odds), sounds(frame, place));
    odds.into_iter().enumerate().map(cell).sum()
}

/// A matrix (K, J) as (J, K).
fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| matrix[column..].iter().step_by(columns).copied()).collect()
}

/// What a share of a batch adds up.
pub(super) struct Learner<'a> {
    options: &'a Options,
    weights: Weights<'a>,
    /// (G, H).
    turned: &'a [f32],
    cell: Cell,
    frame_rows: Rows,
    pub(super) chance: Chance,
    pub(super) nats: f64,
    /// Of the sum of all surprises, (P).
    pub(super) gradient: Vec<f32>,
    /// By the hidden values, of a cell and of all cells of a frame, (H).
    hidden: Vec<f32>,
    base: Vec<f32>,
    /// By the inner ones, (G).
    inner: Vec<f32>,
}

impl<'a> Learner<'a> {
    fn new(options: &'a Options, weights: Weights<'a>, turned: &'a [f32], parameters: usize) -> Self {
        let Network { width, inner, .. } = options.network;
        Self {
            options,
            weights,
            turned,
            cell: Cell::new(options.network),
            frame_rows: Rows::default(),
            chance: Chance::new(0, 0),
            nats: 0.0,
            gradient: vec![0.0; parameters],
            hidden: vec![0.0; width],
            base: vec![0.0; width],
            inner: vec![0.0; inner],
        }
    }

    /// Learns from a frame.
    fn frame(&mut self, past: &[Frame], moment: &Moment, frame: Frame) {
        self.cell.begin(&self.weights, past, moment);
        self.frame_rows.clone_from(&self.cell.rows);
        self.base.fill(0.0);
        let near = usize::from(moment.near.0)..=usize::from(moment.near.1);
        for place in 0..KEYS {
            let counts = if near.contains(&place) {
                1.0
            } else if self.chance.bits().is_multiple_of(FAR) {
                FAR as f32
            } else {
                continue;
            };
            let written = frame & ((1 << place) - 1);
            self.cell.rows.of_cell(past, moment, written, place, self.options.network.absolute);
            self.learn(sounds(frame, place), counts);
        }
        let Network { width, .. } = self.options.network;
        let [table, bias, ..] = self.options.network.lengths();
        let (rows, rest) = self.gradient.split_at_mut(table);
        rest[..bias].iter_mut().zip(&self.base).for_each(|(sum, value)| *sum += value);
        debug_assert_eq!(bias, width);
        fast(Spread { table: rows, rows: &self.frame_rows, scale: 1.0, gradient: &self.base });
    }

    /// Learns from the cell whose rows are laid out, which counts so many times.
    fn learn(&mut self, sounds: bool, counts: f32) {
        let scale = self.forget();
        self.cell.hide(&self.weights, scale);
        let kept = self.drop_out();
        let odds = self.cell.odds(&self.weights);
        self.nats += f64::from(counts) * keywise::surprise(f64::from(odds), sounds);
        let target = if sounds { 1.0 } else { 0.0 };
        self.backward((sigmoid(odds) - target) * counts, scale, kept);
    }

    /// Leaves out plain rows by chance; returns what the others count instead.
    fn forget(&mut self) -> f32 {
        let share = self.options.forgetting;
        if share == 0.0 {
            return 1.0;
        }
        let (limit, mut bits, mut left) = ((share * 65536.0) as u64, 0, 0);
        let chance = &mut self.chance;
        self.cell.rows.plain.retain(|_| {
            if left == 0 {
                (bits, left) = (chance.bits(), 4);
            }
            let keeps = bits & 0xffff >= limit;
            (bits, left) = (bits >> 16, left - 1);
            keeps
        });
        (1.0 / (1.0 - share)) as f32
    }

    /// Drops hidden values by chance; returns what the others count instead.
    fn drop_out(&mut self) -> f32 {
        let share = self.options.dropout;
        if share == 0.0 {
            return 1.0;
        }
        let (limit, kept) = ((share * 65536.0) as u64, (1.0 / (1.0 - share)) as f32);
        for hidden in self.cell.hidden.chunks_mut(4) {
            let mut bits = self.chance.bits();
            for value in hidden {
                *value = if bits & 0xffff >= limit { *value * kept } else { 0.0 };
                bits >>= 16;
            }
        }
        kept
    }

    /// Adds the gradient of a cell, given that of its log-odds.
    fn backward(&mut self, slope: f32, scale: f32, kept: f32) {
        let [table, bias, matrix, inner_bias, output, _] = self.options.network.lengths();
        let (table, rest) = self.gradient.split_at_mut(table);
        let (_, rest) = rest.split_at_mut(bias);
        let (matrix, rest) = rest.split_at_mut(matrix);
        let (inner_bias, rest) = rest.split_at_mut(inner_bias);
        let (output, output_bias) = rest.split_at_mut(output);
        output_bias[0] += slope;
        let cells = self.cell.inner.iter().zip(self.weights.output).zip(output).zip(inner_bias);
        for ((((&value, weight), output), bias), inner) in cells.zip(&mut self.inner) {
            *output += slope * value;
            *inner = if value > 0.0 { slope * weight } else { 0.0 };
            *bias += *inner;
        }
        fast(AddOuter { matrix, column: &self.cell.hidden, row: &self.inner });
        self.hidden.fill(0.0);
        fast(AddScaled { matrix: self.turned, factors: &self.inner, out: &mut self.hidden });
        for ((gradient, &value), base) in self.hidden.iter_mut().zip(&self.cell.hidden).zip(&mut self.base) {
            // What was dropped or rectified is 0, and passes nothing on.
            *gradient = if value > 0.0 { *gradient * kept } else { 0.0 };
            *base += *gradient;
        }
        fast(Spread { table, rows: &self.cell.rows, scale, gradient: &self.hidden });
    }
}
