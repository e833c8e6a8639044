//! The network's sizes and its weights.

use crate::sequence::precision::Shape;
use crate::train::network::{Initial, Parameter, arrays};

/// Its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    /// Units of each layer over time, H; a multiple of 16.
    pub(super) width: usize,
    /// Layers over time.
    pub(super) layers: usize,
    /// Units of the layer over keys, N; a multiple of 16.
    pub(super) note_width: usize,
    /// Semitones up and down that a key sees.
    pub(super) window: usize,
    /// Semitones around what sounded in which cells are near.
    pub(super) margin: usize,
    /// Binary digits of the frame's number that are read.
    pub(super) clock: usize,
}

/// The weights of a layer of LSTM units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer<'a> {
    /// (I, 4H).
    pub(super) input: &'a [f32],
    /// (H, 4H).
    pub(super) recurrent: &'a [f32],
    /// (4H).
    pub(super) bias: &'a [f32],
}

/// All weights.
#[derive(Debug, Clone)]
pub(super) struct Weights<'a> {
    /// Over time.
    pub(super) time: Vec<Layer<'a>>,
    /// Over keys.
    pub(super) note: Layer<'a>,
    /// Silent and sounding, (N, 2) and (2).
    pub(super) output: &'a [f32],
    pub(super) output_bias: &'a [f32],
    /// The log-odds of cells that aren't near, (2).
    pub(super) far: &'a [f32],
}

impl Network {
    /// What the layer over keys reads: what time tells, and the lower keys.
    pub(super) fn note_inputs(&self) -> usize {
        self.width + self.note_features()
    }

    /// What layer number `layer` over time reads.
    pub(super) fn time_inputs(&self, layer: usize) -> usize {
        if layer == 0 { self.time_features() } else { self.width }
    }

    /// All arrays, in order.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        let time =
            (0..self.layers).map(|layer| (format!("time.{layer}"), self.time_inputs(layer), self.width));
        let layers = time.chain([("note".to_owned(), self.note_inputs(), self.note_width)]);
        let shape =
            |name: &str, part: &str, rows, columns| Shape { name: format!("{name}{part}"), rows, columns };
        let arrays = layers.flat_map(|(name, inputs, width)| {
            [
                shape(&name, ".input", inputs, 4 * width),
                shape(&name, ".recurrent", width, 4 * width),
                shape(&name, ".bias", 0, 4 * width),
            ]
        });
        let rest =
            [shape("output", "", self.note_width, 2), shape("output_bias", "", 0, 2), shape("far", "", 0, 2)];
        arrays.chain(rest).collect()
    }

    /// What a training begins with: uniform in ±1/√H, as PyTorch's recurrent layers; an LSTM remembers at first
    /// (Jozefowicz, Zaremba & Sutskever 2015), and cells are silent. The odds of far cells are counted and stay.
    pub(super) fn parameters(&self, far: [f32; 2]) -> Vec<Parameter> {
        let parameter = |Shape { name, rows, columns }: Shape| match rows {
            0 => {
                let mut values = vec![0.0; columns];
                match name.as_str() {
                    "far" => values = far.to_vec(),
                    "output_bias" => values = vec![1.25, -1.25],
                    _ => values[columns / 4..columns / 2].fill(1.0),
                }
                Parameter { length: columns, decays: false, initial: Initial::Given(values) }
            }
            _ => {
                let units = if columns == 2 { rows } else { columns / 4 };
                let initial = Initial::Uniform(1.0 / (units as f32).sqrt());
                Parameter { length: rows * columns, decays: true, initial }
            }
        };
        self.shapes().into_iter().map(parameter).collect()
    }

    /// The arrays of a flat vector.
    pub(super) fn weights<'a>(&self, flat: &'a [f32]) -> Weights<'a> {
        let mut all = arrays(&self.parameters([0.0; 2]), flat).into_iter();
        let mut next = || all.next().expect("the vector is that of the network");
        let mut layer = || Layer { input: next(), recurrent: next(), bias: next() };
        let time = (0..self.layers).map(|_| layer()).collect();
        Weights { time, note: layer(), output: next(), output_bias: next(), far: next() }
    }
}
