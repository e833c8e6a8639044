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
//! The other symbols are those of [`rbm`](super::rbm). It is an [`rnn_rbm`] whose recurrent network is the machine itself.
//!
//! Where we differ from the paper: ĥ₀ is 0, not learnt; the slopes flow through ĥ by back-propagation through time, those at each
//! frame by contrastive divergence; AdamW. Backwards as in `rnn_rbm`.

use super::network::Options;
use super::rbm::Extra;
use super::rnn_rbm;

/// Sizes as `rnn-rbm` has them.
pub(super) fn default() -> (Options, Extra) {
    let (options, extra) = rnn_rbm::default();
    (Options { units: options.hidden, tied: true, ..options }, extra)
}
