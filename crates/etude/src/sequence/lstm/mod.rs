//! Recurrent networks: layers of LSTM or GRU units that read the fields of each step and foretell its symbol.
//!
//! S. Hochreiter & J. Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997, doi:10.1162/neco.1997.9.8.1735;
//! with forget gates: F. Gers, J. Schmidhuber & F. Cummins 2000. K. Cho et al., Learning Phrase Representations using RNN
//! Encoder-Decoder, 2014, arXiv:1406.1078.
//!
//! ```text
//!     LSTM   a = x W + h U + b        i, f, o = σ(aᵢ), σ(a_f), σ(aₒ)    g = tanh(a_g)
//!            c ← f∘c + i∘g            h ← o∘tanh(c)
//!     GRU    r, z = σ(x W + h U + b)  n = tanh(x Wₙ + bₙ + r∘(h Uₙ + b′ₙ))
//!            h ← (1 − z)∘n + z∘h
//!     log-odds = h V + v              of the last layer
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | x | input | (H) | the layer below; of the first layer, the rows of W for the step's fields are added instead |
//! | h, c | hidden, memory | (H) | the state of a layer, 0 at the beginning of a sequence |
//! | W, U, b | input, recurrent, bias | (H, G·H), (H, G·H), (G·H) | gates side by side, in the order i, f, g, o or r, z, n |
//! | b′ₙ | recurrent_bias | (H) | of a GRU |
//! | V, v | output, output_bias | (H, Q), (Q) | |
//!
//! All in f32; the log-probabilities in f64. Many streams are read with one pass over the weights, and each gets the bits that
//! it would get alone, on any number of threads.

mod cell;
mod streams;
mod weights;

mod network;
mod options;
pub(crate) mod train;

pub use options::settings;
pub use train::train;

pub(crate) use cell::Update;
pub use weights::{Cell, Layer, Weights};

use crate::error::Result;
use crate::kernels::affine::Affine;
use crate::kernels::line::Line;
use crate::kernels::panels::Panels;
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::sequence::{self, SequenceModel};
use crate::shelf::{Reader, Tensors};
use std::sync::Arc;

/// A network from its weights; the setting `precision` tells how they are rounded.
///
/// # Panics
///
/// Weights that [`Weights::check`] refuses, or a precision that [`Precision::of`] does.
pub fn model(weights: Weights, settings: Settings) -> Arc<dyn SequenceModel> {
    weights.check().expect("weights have the shapes of their network");
    let precision = Precision::of(&settings).expect("a training checks its settings");
    // It is made from what will be in its file, so that saving and loading change nothing.
    let reader = Reader::new("a new network", weights.tensors(precision));
    load(&settings, &reader).expect("what was written can be read")
}

/// A network from a file.
///
/// # Errors
///
/// Arrays that are missing, have another size than the file tells, or hold what no network has.
pub fn load(settings: &Settings, reader: &Reader) -> Result<Arc<dyn SequenceModel>> {
    let (weights, tensors) = Weights::read(reader)?;
    Ok(Arc::new(Network::new(&weights, tensors, settings.clone())))
}

/// A network that is ready to run.
struct Network {
    settings: Settings,
    /// Its file.
    tensors: Tensors,
    fields: Vec<usize>,
    symbols: usize,
    cell: Cell,
    /// Lines of a layer, ⌈H/16⌉: as many as panels.
    lines: usize,
    /// Rows of the first layer's input, lines (Σ Nₖ, panels, G).
    table: Vec<Line>,
    layers: Vec<Packed>,
    output: Affine,
}

/// A layer that is ready to run.
struct Packed {
    /// None in the first layer, which has the table instead.
    input: Option<Panels>,
    recurrent: Panels,
    /// Lines (panels, G).
    bias: Vec<Line>,
    /// Lines (panels); 0 in an LSTM.
    recurrent_bias: Vec<Line>,
}

impl Network {
    fn new(weights: &Weights, tensors: Tensors, settings: Settings) -> Self {
        let (width, gates) = (weights.width, weights.cell.gates());
        let pack = |(number, layer): (usize, &Layer)| Packed {
            input: (number > 0).then(|| Panels::gates(&layer.input, width, gates)),
            recurrent: Panels::gates(&layer.recurrent, width, gates),
            bias: interleave(&layer.bias, gates),
            recurrent_bias: match weights.cell {
                Cell::Lstm => vec![Line::ZERO; Line::count(width)],
                Cell::Gru => Line::collect(&layer.recurrent_bias),
            },
        };
        let rows = weights.layers[0].input.chunks_exact(gates * width);
        Self {
            settings,
            tensors,
            fields: weights.fields.clone(),
            symbols: weights.symbols,
            cell: weights.cell,
            lines: Line::count(width),
            table: rows.flat_map(|row| interleave(row, gates)).collect(),
            layers: weights.layers.iter().enumerate().map(pack).collect(),
            output: Affine::new(&weights.output, width, &weights.output_bias),
        }
    }
}

/// A row of G gates, shape (G, H), as lines (panels, G).
pub(crate) fn interleave(row: &[f32], gates: usize) -> Vec<Line> {
    let gates: Vec<Vec<Line>> = row.chunks_exact(row.len() / gates).map(Line::collect).collect();
    (0..gates[0].len()).flat_map(|panel| gates.iter().map(move |gate| gate[panel])).collect()
}

impl SequenceModel for Network {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn symbols(&self) -> usize {
        self.symbols
    }

    fn fields(&self) -> &[usize] {
        &self.fields
    }

    fn begin(&self, streams: usize) -> Box<dyn sequence::Streams + '_> {
        Box::new(streams::Streams::new(self, streams))
    }

    fn tensors(&self) -> Tensors {
        self.tensors.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

#[cfg(test)]
pub(crate) mod tests;
