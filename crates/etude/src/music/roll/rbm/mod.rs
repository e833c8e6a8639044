//! A restricted Boltzmann machine over the keys of a frame: which keys sound together. It knows no other frame.
//!
//! Smolensky 1986; Hinton, *Training products of experts by minimizing contrastive divergence*, Neural Computation 14, 2002,
//! doi:10.1162/089976602760128018; Tieleman, *Training restricted Boltzmann machines using approximations to the likelihood
//! gradient*, ICML 2008, doi:10.1145/1390156.1390290 (persistent chains); Salakhutdinov & Murray, *On the quantitative
//! analysis of deep belief networks*, ICML 2008, doi:10.1145/1390156.1390266 (the partition function).
//!
//! ```text
//! p(v, h) = exp(b_v·v + b_h·h + v W h) / Z          F(v) = −b_v·v − Σⱼ ln(1 + exp(b_hⱼ + v·W_{·j}))
//! −ln p(v) = F(v) + ln Z                            ∂(−ln p)/∂θ = ∂F(v)/∂θ − E_p[∂F(v')/∂θ]
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | v | `frame` | (88) | which keys sound |
//! | h | | (H) | hidden units, 0 or 1 |
//! | b_v, b_h | `visible`, `hidden` | (88), (H) | biases |
//! | W | `weights` | (88, H) | |
//! | Z | | | the partition function: annealed importance sampling tells it, so a surprise is an estimate |
//! | k | `gibbs` | | Gibbs steps of contrastive divergence |
//!
//! Forwards, the estimate of ln Z tends to be a little too low, and a surprise with it. While it learns, the log tells
//! pseudo-likelihoods, which cost less; the weights with the best of them on what is held out are kept. Backwards,
//! Gibbs steps with what is pinned held fast.
//!
//! Where we differ from the papers: AdamW instead of gradient descent with momentum.

mod anneal;
mod gibbs;
mod head;
mod machine;
#[cfg(test)]
mod tests;

pub(super) use machine::{Extra, load, train, wishes};

use super::network::Options;
use crate::train::options::Options as Training;

/// Persistent chains, as many as there are blocks in a chunk: on the chorales two steps of theirs teach about as much in an
/// epoch as ten that begin at what is learnt.
pub(super) fn default() -> (Options, Extra) {
    let training = Training {
        batch: 64,
        steps: 2,
        epochs: 100.0,
        updates: 0,
        rate: 0.01,
        floor: 0.05,
        warmup: 0.02,
        decay: 0.001,
        clip: 10.0,
        measure: 0,
        patience: 0,
    };
    let options = Options { hidden: 150, units: 0, tied: false, dropout: 0.0, training };
    (options, Extra { gibbs: 2, persistent: true, temperatures: 1000, chains: 100 })
}
