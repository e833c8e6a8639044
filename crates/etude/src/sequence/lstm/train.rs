//! From sequences to a recurrent network.

use super::model;
use super::network::Recurrent;
use super::options::Options;
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::{SequenceModel, Sequences};
use crate::train::fit::fit;
use crate::train::journal::Journal;
use std::sync::Arc;

/// Fits a network to sequences.
///
/// # Errors
///
/// Unknown settings, values out of range, nothing to learn from, a training that diverges, a kept state that isn't of
/// this training, or [`crate::Error::Interrupted`].
pub fn train(
    data: &Sequences,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn SequenceModel>> {
    let network = network(data, settings)?;
    let parameters = fit(&network, data, &network.options.training, seed, journal)?;
    Ok(model(network.weights(&parameters), network.options.settings()))
}

/// A network in training, built as settings say.
///
/// # Errors
///
/// Unknown settings, and values out of range.
pub(crate) fn network(data: &Sequences, settings: &Settings) -> Result<Recurrent> {
    let options = Options::read(settings)?;
    Ok(Recurrent { fields: data.fields.clone(), symbols: data.symbols, options })
}
