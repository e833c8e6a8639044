//! The network in training: two readers, one from each side, and a head for each voice.

use super::layout::{Layout, REACH};
use super::lessons::{Head, Lessons, Read};
use super::options::Options;
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, learn, measure};
use crate::nn::{Bag, CrossEntropy, Dropout, Gelu, Gru, Linear, Pick, Residual, Sizes, Slide};
use crate::sequence::precision::Shape;
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use std::sync::Arc;

impl Lessons {
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
        let Read { sides, resets, sees, heads } = self.read(chunk, chance, learning);
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
        for (voice, Head { fields, moves, around, symbols }) in heads.into_iter().enumerate() {
            let linear = || Arc::new(Linear { input: width, output: inner });
            let left = apply_3(linear(), &states[0], next(), &zero);
            let right = apply_3(linear(), &states[1], next(), &zero);
            let bag = Arc::new(Bag::new(&fields, &self.layout.head(), inner));
            let own = apply_2(bag, next(), next());
            let hidden = apply_1(Arc::new(Gelu), &add(&add(&left, &right), &own));
            let count = self.layout.symbols(voice);
            let outputs = self.layout.outputs(voice);
            let odds = Arc::new(Linear { input: inner, output: outputs });
            let odds = apply_3(odds, &drop(hidden, inner), next(), &Array::constant(vec![0.0; outputs]));
            let straight = Arc::new(Bag::new(&moves, &self.layout.moves(), outputs));
            let odds = add(&odds, &apply_2(straight, next(), next()));
            let odds = apply_1(Arc::new(Slide { count, reach: REACH as usize, around }), &odds);
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
        let (rows, outputs) = (layout.head().iter().sum(), layout.outputs(voice));
        let voice = voice.to_string();
        shapes.extend([
            matrix(&voice, "from_left", width, inner),
            matrix(&voice, "from_right", width, inner),
            matrix(&voice, "table", rows, inner),
            vector(&voice, "bias", inner),
            matrix(&voice, "output", inner, outputs),
            matrix(&voice, "moves", layout.moves().iter().sum(), outputs),
            vector(&voice, "output_bias", outputs),
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
                _ if shape.name.ends_with("moves") => Initial::Given(vec![0.0; shape.len()]),
                rows => Initial::Uniform((1.0 / (rows.min(300) as f32)).sqrt()),
            },
        };
        shapes(&self.layout).iter().map(parameter).collect()
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
