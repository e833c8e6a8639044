//! The network in training: two readers, one from each side, and a head for each voice.

use super::layout::Layout;
use super::mask::Mask;
use super::options::{Options, Reading};
use super::piece::Piece;
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, learn, measure};
use crate::nn::{Bag, CrossEntropy, Dropout, Gelu, Gru, IGNORED, Linear, NO_ROW, Pick, Residual, Sizes};
use crate::sequence::precision::Shape;
use crate::sequence::{Sequence, Sequences};
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use std::sync::Arc;

/// Pieces that are learnt, and then those that are only measured.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) reading: Reading,
    pub(super) layout: Layout,
    pub(super) options: Options,
    /// Pieces, and for how many steps each cell has held, (T, V).
    pieces: Vec<(Piece, Vec<usize>)>,
}

/// One chunk, laid out for the network.
struct Read {
    /// Fields of the two readers in the order in which each reads, (T, B, K).
    sides: [Vec<u32>; 2],
    resets: [Vec<bool>; 2],
    /// Which state of each reader a step sees, (T, B).
    sees: [Vec<u32>; 2],
    /// Fields and symbols of each voice, (V), (T, B, K) and (T, B).
    heads: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Lessons {
    /// Pieces, and the sequences of (piece, step) that the training loop puts in order.
    pub(super) fn new(
        reading: Reading,
        layout: Layout,
        options: Options,
        train: Vec<Piece>,
        valid: Vec<Piece>,
    ) -> (Self, Sequences) {
        let learnt = train.len();
        let voices = layout.voices();
        let pieces: Vec<_> = train
            .into_iter()
            .chain(valid)
            .map(|piece| (piece.runs(voices), piece))
            .map(|(runs, piece)| (piece, runs))
            .collect();
        let longest = pieces.iter().map(|(piece, _)| piece.known.steps).max().unwrap_or(0);
        let mut sequences = pieces.iter().enumerate().map(|(number, (piece, _))| Sequence {
            fields: (0..piece.known.steps).flat_map(|step| [number as u32, step as u32]).collect(),
            symbols: vec![0; piece.known.steps],
        });
        let fields = vec![pieces.len().max(1), longest.max(1)];
        let train = sequences.by_ref().take(learnt).collect();
        let data = Sequences { symbols: 1, fields, train, valid: sequences.collect() };
        (Self { reading, layout, options, pieces }, data)
    }

    /// Lays out a chunk under masks that `chance` draws.
    fn read(&self, chunk: &Chunk, chance: &mut Chance) -> Read {
        let Chunk { steps, streams, .. } = *chunk;
        let (layout, voices) = (&self.layout, self.layout.voices());
        let masks: Vec<Mask> =
            (0..streams).map(|_| Mask::draw(self.reading, steps, voices, chance)).collect();
        let at = |step: usize, stream: usize| step * streams + stream;
        let begins = |step: usize, stream: usize| step == 0 || chunk.resets[at(step, stream)];
        let mut read = Read {
            sides: [Vec::new(), Vec::new()],
            resets: [Vec::new(), Vec::new()],
            sees: [Vec::new(), Vec::new()],
            heads: vec![(Vec::new(), Vec::new()); voices],
        };
        let silent = vec![0; voices];
        for step in 0..steps {
            for (stream, mask) in masks.iter().enumerate() {
                let place = self.place(chunk, at(step, stream));
                let (piece, runs, t) = place;
                let row = t * voices..(t + 1) * voices;
                let own = &piece.symbols[row.clone()];
                let before = t.checked_sub(1).map(|t| t * voices);
                let known = |cell: usize, voice: usize, t: usize| {
                    // A cell beyond the stretch is as given as the last one in it.
                    let given = mask.given[step.saturating_add(t).min(steps - 1) * voices + voice];
                    if given { u32::from(piece.symbols[cell]) } else { u32::from(layout.hidden(voice)) }
                };
                read.sides[0].extend(own.iter().map(|&symbol| u32::from(symbol)));
                piece.known.fields(t, &runs[row], &mut read.sides[0]);
                read.resets[0].push(begins(step, stream));
                read.sees[0].push(if begins(step, stream) { NO_ROW } else { at(step - 1, stream) as u32 });
                let ends = step + 1 == steps || begins(step + 1, stream);
                // The other reader has its steps in the order T − 1 … 0.
                read.sees[1].push(if ends { NO_ROW } else { at(steps - 2 - step, stream) as u32 });
                let run: Vec<usize> = match before {
                    Some(before) => runs[before..before + voices].to_vec(),
                    None => silent.clone(),
                };
                for voice in 0..voices {
                    let (fields, symbols) = &mut read.heads[voice];
                    fields.extend((0..voices).map(|other| {
                        let shows = mask.shows(step, voice, other);
                        u32::from(if shows { own[other] } else { layout.hidden(other) })
                    }));
                    let outside = u32::from(layout.outside(voice));
                    fields.push(before.map_or(outside, |before| u32::from(piece.symbols[before + voice])));
                    let next = t + 1 < piece.known.steps;
                    fields.push(if next { known((t + 1) * voices + voice, voice, 1) } else { outside });
                    piece.known.fields(t, &run, fields);
                    let counts = chunk.symbols[at(step, stream)] != IGNORED;
                    symbols.push(if counts { u32::from(own[voice]) } else { IGNORED });
                }
            }
        }
        for step in (0..steps).rev() {
            for (stream, mask) in masks.iter().enumerate() {
                let (piece, _, t) = self.place(chunk, at(step, stream));
                read.sides[1].extend((0..voices).map(|voice| {
                    let given = mask.given[step * voices + voice];
                    u32::from(if given { piece.symbols[t * voices + voice] } else { layout.hidden(voice) })
                }));
                piece.known.fields(t, &silent, &mut read.sides[1]);
                read.resets[1].push(step + 1 == steps || begins(step + 1, stream));
            }
        }
        read
    }

    /// The piece and the step of a row of a chunk.
    fn place(&self, chunk: &Chunk, row: usize) -> (&Piece, &[usize], usize) {
        let (piece, runs) = &self.pieces[chunk.fields[2 * row] as usize];
        (piece, runs, chunk.fields[2 * row + 1] as usize)
    }

    /// The loss of a chunk: the sum of the voices' mean surprises, and who judges each.
    fn loss(
        &self,
        parameters: &[Array],
        chunk: &Chunk,
        chance: &mut Chance,
        learning: bool,
    ) -> (Array, Vec<Arc<CrossEntropy>>) {
        let Options { width, inner, dropout, .. } = self.options;
        let (sizes, rows) =
            (Sizes { steps: chunk.steps, streams: chunk.streams, width }, chunk.steps * chunk.streams);
        let Read { sides, resets, sees, heads } = self.read(chunk, chance);
        let mut parameters = parameters.iter();
        let mut next = || parameters.next().expect("the parameters are those of the network");
        let mut drop = |array: Array, width: usize| match learning && dropout > 0.0 {
            true => apply_1(Arc::new(Dropout::new(rows * width, dropout, chance)), &array),
            false => array,
        };
        let reader = self.layout.reader();
        let mut states = Vec::new();
        for ((fields, resets), sees) in sides.iter().zip(resets).zip(sees) {
            let bag = Arc::new(Bag::new(fields, &reader, 3 * width));
            let x = apply_2(bag, next(), next());
            let gru = Arc::new(Gru::new(sizes, resets, vec![0.0; chunk.streams * width]));
            let states_of = apply_3(gru, &x, next(), next());
            let seen = apply_1(Arc::new(Pick { width, rows: sees, beside: Vec::new() }), &states_of);
            states.push(drop(seen, width));
        }
        let add = |a: &Array, b: &Array| apply_2(Arc::new(Residual), a, b);
        let zero = Array::constant(vec![0.0; inner]);
        let (mut total, mut judges): (Option<Array>, Vec<Arc<CrossEntropy>>) = (None, Vec::new());
        for (voice, (fields, symbols)) in heads.into_iter().enumerate() {
            let linear = || Arc::new(Linear { input: width, output: inner });
            let left = apply_3(linear(), &states[0], next(), &zero);
            let right = apply_3(linear(), &states[1], next(), &zero);
            let bag = Arc::new(Bag::new(&fields, &self.layout.head(voice), inner));
            let own = apply_2(bag, next(), next());
            let hidden = apply_1(Arc::new(Gelu), &add(&add(&left, &right), &own));
            let count = self.layout.symbols(voice);
            let odds = Arc::new(Linear { input: inner, output: count });
            let odds = apply_3(odds, &drop(hidden, inner), next(), next());
            let judge = Arc::new(CrossEntropy::new(count, symbols));
            let loss = apply_1(judge.clone(), &odds);
            total = Some(total.map_or_else(|| loss.clone(), |total| add(&total, &loss)));
            judges.push(judge);
        }
        (total.expect("there is a voice"), judges)
    }
}

/// All arrays, in order: both readers, then the heads.
pub(super) fn shapes(layout: &Layout) -> Vec<Shape> {
    let (width, inner) = (layout.width, layout.inner);
    let matrix =
        |of: &str, part: &str, rows, columns| Shape { name: format!("chorale.{of}.{part}"), rows, columns };
    let vector = |of: &str, part: &str, columns| matrix(of, part, 0, columns);
    let rows: usize = layout.reader().iter().sum();
    let mut shapes = Vec::new();
    for side in ["left", "right"] {
        shapes.extend([
            matrix(side, "table", rows, 3 * width),
            vector(side, "bias", 3 * width),
            matrix(side, "recurrent", width, 3 * width),
            vector(side, "recurrent_bias", width),
        ]);
    }
    for voice in 0..layout.voices() {
        let (rows, symbols) = (layout.head(voice).iter().sum(), layout.symbols(voice));
        let voice = voice.to_string();
        shapes.extend([
            matrix(&voice, "from_left", width, inner),
            matrix(&voice, "from_right", width, inner),
            matrix(&voice, "table", rows, inner),
            vector(&voice, "bias", inner),
            matrix(&voice, "output", inner, symbols),
            vector(&voice, "output_bias", symbols),
        ]);
    }
    shapes
}

impl Network for Lessons {
    fn identity(&self) -> String {
        format!("{:?} {:?} {:?}", self.reading, self.layout, self.options)
    }

    fn order(&self) -> Order {
        Order::Blocks
    }

    fn parameters(&self) -> Vec<Parameter> {
        let parameter = |shape: &Shape| Parameter {
            length: shape.len(),
            decays: shape.rows > 0,
            initial: match shape.rows {
                0 => Initial::Given(vec![0.0; shape.columns]),
                rows => Initial::Uniform((1.0 / (rows.min(300) as f32)).sqrt()),
            },
        };
        shapes(&self.layout).iter().map(parameter).collect()
    }

    fn carried(&self) -> usize {
        0
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        _: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let parameters = arrays(&self.parameters(), parameters);
        let (judges, gradient) = learn(&parameters, |arrays| self.loss(arrays, chunk, chance, true));
        (judges.iter().map(|judge| judge.nats()).sum(), gradient)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32]) -> f64 {
        let parameters = arrays(&self.parameters(), parameters);
        // Every measurement draws the same masks.
        let mut chance = Chance::new(0, u64::from(chunk.fields[0]) << 32 | u64::from(chunk.fields[1]));
        let judges = measure(&parameters, |arrays| self.loss(arrays, chunk, &mut chance, false));
        judges.iter().map(|judge| judge.nats()).sum()
    }
}
