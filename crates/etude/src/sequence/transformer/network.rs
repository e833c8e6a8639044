//! A transformer in training.

use super::options::Options;
use super::{Layer, Norm, Weights};
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, learn, measure};
use crate::nn::{Attention, Bag, CrossEntropy, Dropout, Gelu, LayerNorm, Linear, Residual, Sizes, Tied};
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use std::sync::Arc;

/// What is trained: a table for the fields, layers, and log-odds of the symbols.
#[derive(Debug)]
pub(crate) struct Transformer {
    pub(super) fields: Vec<usize>,
    pub(super) symbols: usize,
    pub(super) options: Options,
}

impl Transformer {
    /// The parameters as weights.
    pub(crate) fn weights(&self, parameters: &[f32]) -> Weights {
        let Options { layers, width, heads, tied, .. } = self.options;
        let mut all = arrays(&self.parameters(), parameters).into_iter().map(<[f32]>::to_vec);
        let mut next = || all.next().expect("the parameters are those of the network");
        let input = next();
        let layers = (0..layers).map(|_| Layer {
            norm1: Norm { gain: next(), bias: next() },
            qkv: next(),
            qkv_bias: next(),
            projection: next(),
            projection_bias: next(),
            norm2: Norm { gain: next(), bias: next() },
            up: next(),
            up_bias: next(),
            down: next(),
            down_bias: next(),
        });
        let layers = layers.collect();
        let final_norm = Norm { gain: next(), bias: next() };
        let output = match tied {
            true => (0..width * self.symbols)
                .map(|at| input[at % self.symbols * width + at / self.symbols])
                .collect(),
            false => next(),
        };
        Weights {
            fields: self.fields.clone(),
            symbols: self.symbols,
            width,
            heads,
            window: self.options.training.steps,
            layers,
            input,
            final_norm,
            output,
            output_bias: next(),
        }
    }

    /// The loss of a chunk.
    fn loss(
        &self,
        parameters: &[Array],
        chunk: &Chunk,
        mut chance: Option<&mut Chance>,
    ) -> (Array, Arc<CrossEntropy>) {
        let Options { layers, width, heads, dropout, tied, .. } = self.options;
        let sizes = Sizes { steps: chunk.steps, streams: chunk.streams, width };
        let mut parameters = parameters.iter();
        let mut next = || parameters.next().expect("the parameters are those of the network");
        let mut thin = |array: Array| match chance.as_deref_mut().filter(|_| dropout > 0.0) {
            Some(chance) => {
                apply_1(Arc::new(Dropout::new(sizes.steps * sizes.streams * width, dropout, chance)), &array)
            }
            None => array,
        };
        let norm = |x: &Array, gain, bias| apply_3(Arc::new(LayerNorm { width }), x, gain, bias);
        let dense = |x: &Array, input, output, weights, bias| {
            apply_3(Arc::new(Linear { input, output }), x, weights, bias)
        };
        let table = next();
        let mut x = thin(apply_1(Arc::new(Bag::new(&chunk.fields, &self.fields, width)), table));
        for _ in 0..layers {
            let branch = norm(&x, next(), next());
            let branch = dense(&branch, width, 3 * width, next(), next());
            let attention = Attention::new(sizes, heads, self.options.training.steps, &chunk.resets);
            let branch = apply_1(Arc::new(attention), &branch);
            let branch = thin(dense(&branch, width, width, next(), next()));
            x = apply_2(Arc::new(Residual), &x, &branch);
            let branch = norm(&x, next(), next());
            let branch = dense(&branch, width, 4 * width, next(), next());
            let branch = apply_1(Arc::new(Gelu), &branch);
            let branch = thin(dense(&branch, 4 * width, width, next(), next()));
            x = apply_2(Arc::new(Residual), &x, &branch);
        }
        let x = norm(&x, next(), next());
        let odds = match tied {
            true => apply_3(Arc::new(Tied { width, symbols: self.symbols }), &x, table, next()),
            false => dense(&x, width, self.symbols, next(), next()),
        };
        let judge = Arc::new(CrossEntropy::new(self.symbols, chunk.symbols.clone()));
        (apply_1(judge.clone(), &odds), judge)
    }
}

impl Network for Transformer {
    fn identity(&self) -> String {
        format!("{self:?}")
    }

    fn order(&self) -> Order {
        Order::Blocks
    }

    fn parameters(&self) -> Vec<Parameter> {
        let Options { layers, width, tied, .. } = self.options;
        // Deviations of GPT-2: 0.02, and less where 2L branches add up.
        let matrix = |rows: usize, columns: usize, deviation: f32| Parameter {
            length: rows * columns,
            decays: true,
            initial: Initial::Normal(deviation),
        };
        let given = |length: usize, value: f32| Parameter {
            length,
            decays: false,
            initial: Initial::Given(vec![value; length]),
        };
        let last = 0.02 / (2.0 * layers as f32).sqrt();
        let mut parameters = vec![matrix(self.fields.iter().sum(), width, 0.02)];
        for _ in 0..layers {
            parameters.extend([given(width, 1.0), given(width, 0.0)]);
            parameters.extend([matrix(width, 3 * width, 0.02), given(3 * width, 0.0)]);
            parameters.extend([matrix(width, width, last), given(width, 0.0)]);
            parameters.extend([given(width, 1.0), given(width, 0.0)]);
            parameters.extend([matrix(width, 4 * width, 0.02), given(4 * width, 0.0)]);
            parameters.extend([matrix(4 * width, width, last), given(width, 0.0)]);
        }
        parameters.extend([given(width, 1.0), given(width, 0.0)]);
        if !tied {
            parameters.push(matrix(width, self.symbols, 0.02));
        }
        parameters.push(given(self.symbols, 0.0));
        parameters
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        _: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let parameters = arrays(&self.parameters(), parameters);
        let (judge, gradient) = learn(&parameters, |arrays| self.loss(arrays, chunk, Some(chance)));
        (judge.nats(), gradient)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, _: &mut [f32]) -> f64 {
        let parameters = arrays(&self.parameters(), parameters);
        measure(&parameters, |arrays| self.loss(arrays, chunk, None)).nats()
    }
}
