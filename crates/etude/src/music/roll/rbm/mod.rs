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
//! Forwards, the estimate of ln Z tends to be a little too low, and a surprise with it; the longer the annealing, the less. While
//! it learns, the log tells pseudo-likelihoods of what is learnt, guessed by one key of each frame, and the same estimate as
//! afterwards of what is held out; the weights with the best of those are kept. Backwards, Gibbs steps with what is pinned held
//! fast.
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

/// Persistent chains, 128 side by side, at a high rate that falls to 0: by trials on the validation chorales. At lower rates the
/// chains are followed no better and the weights grow more slowly; with fewer chains or more hidden units the machine comes to
/// have states that the chains don't reach. Short annealing doesn't see those and flatters: hence so many temperatures.
pub(super) fn default() -> (Options, Extra) {
    let training = Training {
        batch: 128,
        steps: 2,
        epochs: 100.0,
        updates: 20_000,
        rate: 0.03,
        floor: 0.0,
        warmup: 0.02,
        decay: 0.01,
        clip: 10.0,
        average: 0.0,
        measure: 2000,
        patience: 0,
    };
    let options = Options { hidden: 150, units: 0, tied: false, dropout: 0.0, before: 0, training };
    (options, Extra { gibbs: 5, persistent: true, temperatures: 10_000, chains: 100 })
}
