//! A restricted Boltzmann machine whose biases a recurrent network sets from all frames before.
//!
//! Boulanger-Lewandowski, Bengio & Vincent, *Modeling temporal dependencies in high-dimensional sequences*, ICML 2012,
//! arXiv:1206.6392, section 4.
//!
//! ```text
//! p(vₜ | v₁ … vₜ₋₁) = RBM(vₜ; b_v + uₜ₋₁ W_uv, b_h + uₜ₋₁ W_uh)          uₜ = tanh(b_u + vₜ W_vu + uₜ₋₁ W_uu)
//! ```
//!
//! The symbols are those of [`rbm`](super::rbm) and of [`network`](super::network). The slopes of the biases come from contrastive
//! divergence, and flow back through the recurrent network. Each frame has a partition function of its own, so that a surprise is
//! an estimate by annealing, frame by frame.
//!
//! Where we differ from the paper: AdamW with dropout of the state instead of gradient descent; gradients flow through as many
//! frames as `frames` says. As in the paper, W and the biases are first learnt without memory. Backwards, each frame is drawn given those before and what is
//! pinned in it; what is pinned later doesn't reach back, as the weights of particles would need a partition function each.

use super::network::Options;
use super::rbm::Extra;
use crate::train::options::Options as Training;

/// Sizes as `rnn-nade` has them. On the validation chorales, 5,400 updates after 5,000 without memory reach 5.6 nats, by
/// themselves 6.3. Ten Gibbs steps from what is learnt do better than fewer that go on through the frames; rates
/// and updates by trials on the validation chorales.
pub(super) fn default() -> (Options, Extra) {
    let training = Training {
        batch: 8,
        steps: 32,
        epochs: 100.0,
        updates: 20_000,
        rate: 0.01,
        floor: 0.0,
        warmup: 0.02,
        decay: 0.05,
        clip: 10.0,
        average: 0.0,
        measure: 2000,
        patience: 0,
    };
    let options = Options { hidden: 150, units: 200, tied: false, dropout: 0.3, before: 10_000, training };
    (options, Extra { gibbs: 10, persistent: false, temperatures: 300, chains: 16 })
}
