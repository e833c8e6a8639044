//! The recurrent temporal restricted Boltzmann machine: what its hidden units are likely to be goes on into the next frame.
//!
//! Sutskever, Hinton & Taylor, *The recurrent temporal restricted Boltzmann machine*, NIPS 2008.
//!
//! ```text
//! p(vₜ | v₁ … vₜ₋₁) = RBM(vₜ; b_v + ĥₜ₋₁ W_hv, b_h + ĥₜ₋₁ W_hh)          ĥₜ = σ(b_h + ĥₜ₋₁ W_hh + vₜ W)          ĥ₀ = 0
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | ĥ | `state` | (H) | the means of the hidden units, given all frames so far |
//! | W_hv, W_hh | `to_visible`, `to_hidden` | (H, 88), (H, H) | what they tell the next frame |
//!
//! The other symbols are those of [`rbm`]. It is an [`rnn_rbm`](super::rnn_rbm) whose recurrent network is the machine itself.
//!
//! Where we differ from the paper: ĥ₀ is 0, not learnt; the slopes flow through ĥ by back-propagation through time, those at each
//! frame by contrastive divergence; AdamW. Backwards as in `rnn_rbm`.

use super::model::{FrameModel, Lesson};
use super::network::Options;
use super::rbm::{self, Extra};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::check;
use crate::shelf::Reader;
use crate::train::journal::Journal;
use crate::train::options::Options as Training;
use std::sync::Arc;

/// Sizes as `rnn-rbm` has them.
fn default() -> (Options, Extra) {
    let training = Training {
        batch: 8,
        steps: 32,
        epochs: 60.0,
        updates: 0,
        rate: 0.003,
        floor: 0.05,
        warmup: 0.02,
        decay: 0.05,
        clip: 10.0,
        measure: 0,
        patience: 0,
    };
    let options = Options { hidden: 150, units: 150, tied: true, dropout: 0.3, training };
    (options, Extra { gibbs: 10, persistent: false, temperatures: 100, chains: 16 })
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let (options, extra) = default();
    options.describe().into_iter().chain(extra.describe()).collect()
}

/// Fits one.
///
/// # Errors
///
/// Settings out of range, a training that diverges, and interruptions.
pub fn train(
    lesson: &Lesson,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn FrameModel>> {
    check(given, &settings())?;
    rbm::train_with(&default(), lesson, given, seed, journal)
}

/// Reads one from a file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that don't fit them.
pub fn load(given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
    rbm::load_with(&default(), given, reader)
}
