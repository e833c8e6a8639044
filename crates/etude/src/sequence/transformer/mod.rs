//! Transformers: layers of causal attention over the fields of each step.

mod network;
mod options;
pub(crate) mod train;
mod weights;

pub use options::settings;
pub use train::train;
pub use weights::{Layer, Norm, Weights};

use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::{SequenceModel, Streams};
use crate::shelf::{Reader, Tensors};
use std::sync::Arc;

/// A network from its weights.
pub fn model(weights: Weights, settings: Settings) -> Arc<dyn SequenceModel> {
    Arc::new(Network { weights, settings })
}

/// A network from a file.
///
/// # Errors
///
/// Always: such files aren't written yet.
pub fn load(_: &Settings, _: &Reader) -> Result<Arc<dyn SequenceModel>> {
    Err(Error::usage("a file of a transformer", "train it anew"))
}

/// A network that has learnt.
struct Network {
    weights: Weights,
    settings: Settings,
}

impl SequenceModel for Network {
    fn name(&self) -> &'static str {
        "transformer"
    }
    fn symbols(&self) -> usize {
        self.weights.symbols
    }
    fn fields(&self) -> &[usize] {
        &self.weights.fields
    }
    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(Even(streams))
    }
    fn tensors(&self) -> Tensors {
        Tensors::new()
    }
    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

/// Streams in which every symbol is as likely as any other, until networks can be run.
struct Even(usize);

impl Streams for Even {
    fn count(&self) -> usize {
        self.0
    }
    fn step(&mut self, _: &[u32], log_probabilities: &mut [f64]) {
        let symbols = log_probabilities.len() / self.0.max(1);
        log_probabilities.fill(-crate::kernels::ln(symbols as f64));
    }
    fn select(&mut self, parents: &[usize]) {
        self.0 = parents.len();
    }
}
