//! A recurrent network in training.

use super::options::Options;
use super::{Cell, Layer, Weights};
use crate::inference::chance::Chance;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, apply_4, learn, measure};
use crate::nn::{Bag, CrossEntropy, Dropout, Feed, Gru, Linear, Lstm, Sizes};
use crate::train::network::{Chunk, Initial, Network, Order, Parameter, arrays};
use std::sync::Arc;

/// What is trained: a table for the fields, layers, and log-odds of the symbols.
#[derive(Debug)]
pub(crate) struct Recurrent {
    pub(super) fields: Vec<usize>,
    pub(super) symbols: usize,
    pub(super) options: Options,
}

impl Recurrent {
    /// Numbers that one layer of one stream carries over: h, and c.
    fn states(&self) -> usize {
        match self.options.cell {
            Cell::Lstm => 2,
            Cell::Gru => 1,
        }
    }

    /// The parameters as weights.
    pub(crate) fn weights(&self, parameters: &[f32]) -> Weights {
        let mut all = arrays(&self.parameters(), parameters).into_iter().map(<[f32]>::to_vec);
        let mut next = || all.next().expect("the parameters are those of the network");
        let layers = (0..self.options.layers).map(|_| Layer {
            input: next(),
            recurrent: next(),
            bias: next(),
            recurrent_bias: if self.options.cell == Cell::Gru { next() } else { Vec::new() },
        });
        Weights {
            fields: self.fields.clone(),
            symbols: self.symbols,
            width: self.options.width,
            cell: self.options.cell,
            layers: layers.collect(),
            output: next(),
            output_bias: next(),
        }
    }

    /// The loss of a chunk; `carried` moves on.
    fn loss(
        &self,
        parameters: &[Array],
        chunk: &Chunk,
        carried: &mut [f32],
        mut chance: Option<&mut Chance>,
    ) -> (Array, Arc<CrossEntropy>) {
        let Options { width, cell, .. } = self.options;
        let (columns, sizes) =
            (cell.gates() * width, Sizes { steps: chunk.steps, streams: chunk.streams, width });
        let mut parameters = parameters.iter();
        let mut next = || parameters.next().expect("the parameters are those of the network");
        let mut below: Option<Array> = None;
        for carried in carried.chunks_exact_mut(self.states() * chunk.streams * width) {
            let (input, recurrent, bias) = (next(), next(), next());
            let (hidden, last_cell) = carried.split_at_mut(chunk.streams * width);
            let resets = chunk.resets.clone();
            let bag = || Bag::new(&chunk.fields, &self.fields, columns);
            let mut above = match cell {
                Cell::Lstm => {
                    let feed = below.as_ref().map_or_else(|| Feed::Fields(bag()), |_| Feed::Dense { width });
                    let state = (hidden.to_vec(), last_cell.to_vec());
                    let layer = Arc::new(Lstm::new(sizes, feed, resets, state.0, state.1));
                    let above = match &below {
                        None => apply_3(layer.clone(), input, recurrent, bias),
                        Some(below) => apply_4(layer.clone(), [below, input, recurrent, bias]),
                    };
                    last_cell.copy_from_slice(layer.last_cell().expect("it ran forwards"));
                    above
                }
                Cell::Gru => {
                    let x = match &below {
                        None => apply_2(Arc::new(bag()), input, bias),
                        Some(below) => {
                            apply_3(Arc::new(Linear { input: width, output: columns }), below, input, bias)
                        }
                    };
                    apply_3(Arc::new(Gru::new(sizes, resets, hidden.to_vec())), &x, recurrent, next())
                }
            };
            hidden.copy_from_slice(&above.tail(hidden.len()));
            if let Some(chance) = chance.as_deref_mut().filter(|_| self.options.dropout > 0.0) {
                let count = sizes.steps * sizes.streams * width;
                above = apply_1(Arc::new(Dropout::new(count, self.options.dropout, chance)), &above);
            }
            below = Some(above);
        }
        let below = below.expect("a network has a layer");
        let output = Arc::new(Linear { input: width, output: self.symbols });
        let odds = apply_3(output, &below, next(), next());
        let judge = Arc::new(CrossEntropy::new(self.symbols, chunk.symbols.clone()));
        (apply_1(judge.clone(), &odds), judge)
    }
}

impl Network for Recurrent {
    fn identity(&self) -> String {
        format!("{self:?}")
    }

    fn order(&self) -> Order {
        Order::Streams
    }

    fn parameters(&self) -> Vec<Parameter> {
        let Options { layers, width, cell, .. } = self.options;
        let columns = cell.gates() * width;
        // Uniform in ±1/√H, as PyTorch's recurrent layers.
        let spread = Initial::Uniform(1.0 / (width as f32).sqrt());
        let matrix = |rows: usize, columns: usize| Parameter {
            length: rows * columns,
            decays: true,
            initial: spread.clone(),
        };
        let bias = |values: Vec<f32>| Parameter {
            length: values.len(),
            decays: false,
            initial: Initial::Given(values),
        };
        let mut parameters = Vec::new();
        for layer in 0..layers {
            let below = if layer == 0 { self.fields.iter().sum() } else { width };
            parameters.extend([matrix(below, columns), matrix(width, columns)]);
            let mut gates = vec![0.0; columns];
            if cell == Cell::Lstm {
                // An LSTM remembers at first (Jozefowicz, Zaremba & Sutskever 2015).
                gates[width..2 * width].fill(1.0);
            }
            parameters.push(bias(gates));
            if cell == Cell::Gru {
                parameters.push(bias(vec![0.0; width]));
            }
        }
        parameters.extend([matrix(width, self.symbols), bias(vec![0.0; self.symbols])]);
        parameters
    }

    fn carried(&self) -> usize {
        self.options.layers * self.states() * self.options.width
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        carried: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let parameters = arrays(&self.parameters(), parameters);
        let (judge, gradient) = learn(&parameters, |arrays| self.loss(arrays, chunk, carried, Some(chance)));
        (judge.nats(), gradient)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64 {
        let parameters = arrays(&self.parameters(), parameters);
        measure(&parameters, |arrays| self.loss(arrays, chunk, carried, None)).nats()
    }
}
