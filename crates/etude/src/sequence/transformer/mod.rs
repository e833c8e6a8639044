//! Transformers: layers of attention over the last steps, and of perceptrons, that foretell the symbol of each step.
//!
//! A. Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762; normalised before each part: R. Xiong et al. 2020,
//! arXiv:2002.04745; positions as rotations: J. Su et al. 2021, arXiv:2104.09864; GELU: D. Hendrycks & K. Gimpel 2016,
//! arXiv:1606.08415.
//!
//! ```text
//!     x = Σₖ E[fieldₖ]
//!     of each layer   (q, k, v) = norm₁(x) W + b, each head by head; q, k are rotated by the step's angles
//!                     x ← x + (Σₜ softmaxₜ(q·kₜ / √d) vₜ) P + p          t over the last `window` steps
//!                     x ← x + gelu(norm₂(x) U + u) D + d
//!     log-odds = norm(x) V + v
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | E | input | (Σ Nₖ, D) | a row for each value of each field |
//! | W, b | qkv | (D, 3D), (3D) | queries, keys and values |
//! | P, p | projection | (D, D), (D) | from what the heads found |
//! | U, u | up | (D, 4D), (4D) | into the perceptron |
//! | D, d | down | (4D, D), (D) | out of it |
//! | V, v | output | (D, Q), (Q) | |
//!
//! Step t turns the pair (i, i + d/2) of each head's d numbers by the angle t · 10000^(−2i/d). Keys are kept as they were
//! rotated, in a ring, so a sequence may grow for ever. All in f32; angles and log-probabilities in f64. Many streams are
//! read with one pass over the weights, and each gets the bits that it would get alone, on any number of threads.

mod attention;
mod streams;
mod weights;

mod network;
mod options;
pub(crate) mod train;

pub use options::settings;
pub use train::train;

pub use weights::{Layer, Norm, Weights};

use crate::error::Result;
use crate::kernels::affine::Affine;
use crate::kernels::line::Line;
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::sequence::{self, SequenceModel};
use crate::shelf::{Reader, Tensors};
use std::sync::Arc;

/// A transformer from its weights; the setting `precision` tells how they are rounded.
///
/// # Panics
///
/// Weights that [`Weights::check`] refuses, or a precision that [`Precision::of`] does.
pub fn model(weights: Weights, settings: Settings) -> Arc<dyn SequenceModel> {
    weights.check().expect("weights have the shapes of their network");
    let precision = Precision::of(&settings).expect("a training checks its settings");
    // It is made from what will be in its file, so that saving and loading change nothing.
    let reader = Reader::new("a new transformer", weights.tensors(precision));
    load(&settings, &reader).expect("what was written can be read")
}

/// A transformer from a file.
///
/// # Errors
///
/// Arrays that are missing, have another size than the file tells, or hold what no network has.
pub fn load(settings: &Settings, reader: &Reader) -> Result<Arc<dyn SequenceModel>> {
    let (weights, tensors) = Weights::read(reader)?;
    Ok(Arc::new(Network::new(&weights, tensors, settings.clone())))
}

/// A transformer that is ready to run.
struct Network {
    settings: Settings,
    /// Its file.
    tensors: Tensors,
    fields: Vec<usize>,
    symbols: usize,
    /// D.
    width: usize,
    heads: usize,
    window: usize,
    /// Lines (Σ Nₖ, D/16).
    table: Vec<Line>,
    layers: Vec<Packed>,
    final_norm: Scaling,
    output: Affine,
}

/// A layer that is ready to run.
struct Packed {
    norm1: Scaling,
    qkv: Affine,
    projection: Affine,
    norm2: Scaling,
    up: Affine,
    down: Affine,
}

/// What follows a normalisation, each of lines (D/16).
struct Scaling {
    gain: Vec<Line>,
    bias: Vec<Line>,
}

impl Scaling {
    fn new(norm: &Norm) -> Self {
        Self { gain: Line::collect(&norm.gain), bias: Line::collect(&norm.bias) }
    }
}

impl Network {
    /// Multiply-adds of a step of one stream, attention left out.
    fn work(&self) -> usize {
        let each = |layer: &Packed| {
            [&layer.qkv, &layer.projection, &layer.up, &layer.down]
                .into_iter()
                .map(Affine::work)
                .sum::<usize>()
        };
        self.layers.iter().map(each).sum::<usize>() + self.output.work()
    }

    fn new(weights: &Weights, tensors: Tensors, settings: Settings) -> Self {
        let width = weights.width;
        let pack = |layer: &Layer| Packed {
            norm1: Scaling::new(&layer.norm1),
            qkv: Affine::new(&layer.qkv, width, &layer.qkv_bias),
            projection: Affine::new(&layer.projection, width, &layer.projection_bias),
            norm2: Scaling::new(&layer.norm2),
            up: Affine::new(&layer.up, width, &layer.up_bias),
            down: Affine::new(&layer.down, 4 * width, &layer.down_bias),
        };
        Self {
            settings,
            tensors,
            fields: weights.fields.clone(),
            symbols: weights.symbols,
            width,
            heads: weights.heads,
            window: weights.window,
            table: weights.input.chunks_exact(width).flat_map(Line::collect).collect(),
            layers: weights.layers.iter().map(pack).collect(),
            final_norm: Scaling::new(&weights.final_norm),
            output: Affine::new(&weights.output, width, &weights.output_bias),
        }
    }

    /// Numbers of a head, d.
    fn head(&self) -> usize {
        self.width / self.heads
    }
}

impl SequenceModel for Network {
    fn name(&self) -> &'static str {
        "transformer"
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
