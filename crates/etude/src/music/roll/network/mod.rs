//! Networks over frames: what is likely in a frame (a `Head`), by biases that a recurrent network may set from the frames before.
//!
//! Boulanger-Lewandowski, Bengio & Vincent, ICML 2012, arXiv:1206.6392, section 4 and equations (6) to (9):
//!
//! ```text
//! uₜ  = tanh(b_u + vₜ W_vu + uₜ₋₁ W_uu)          u₀ = 0
//! b_v⁽ᵗ⁾ = b_v + uₜ₋₁ W_uv                        b_h⁽ᵗ⁾ = b_h + uₜ₋₁ W_uh
//! p(vₜ | past) = head(vₜ; b_v⁽ᵗ⁾, b_h⁽ᵗ⁾)
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | v | `frame` | (88) | which keys sound |
//! | u | `state` | (U) | what is remembered; without units, nothing |
//! | b_v, b_h | `visible`, `hidden` | (88), (H) | the head's biases |
//! | b_u | `state_bias` | (U) | |
//! | W_vu, W_uu | `input`, `recurrent` | (88, U), (U, U) | |
//! | W_uv, W_uh | `to_visible`, `to_hidden` | (U, 88), (U, H) | |
//! | W, V | the head's own | (88, H) each | |
//!
//! Gradients are by hand. They flow through as many frames as a chunk has, and the state goes on into the next chunk.

mod arrays;
mod backwards;
mod learn;
mod options;
mod trained;
mod vectors;

#[cfg(test)]
mod tests;

pub(super) use learn::{biased, step};
pub(super) use options::Options;
pub(super) use trained::{Trained, fit, load};
pub(super) use vectors::{add_times, dot, row, sigmoid};

use super::frame::Frame;
use crate::inference::chance::Chance;

/// What knows how likely a frame is, given biases.
pub(super) trait Head: Clone + std::fmt::Debug + Send + Sync {
    /// H.
    fn hidden(&self) -> usize;

    /// The names of its own matrices, (88, H) each.
    fn names(&self) -> &'static [&'static str];

    /// Whether each stream of frames carries a chain of frames that were drawn.
    fn chains(&self) -> bool {
        false
    }

    /// What the log tells of a frame, in nats: its surprise, where that is known.
    fn nats(&self, own: &[f32], biases: &Biases, frame: Frame) -> f64;

    /// The same, while it adds its gradient to `own` and writes those of the biases.
    fn learn(&self, weights: &[f32], biases: &Biases, at: &mut Lesson, own: &mut [f32]) -> f64;
}

/// What a head learns from at a time.
pub(super) struct Lesson<'a> {
    pub(super) frame: Frame,
    /// The chain of this stream.
    pub(super) chain: &'a mut Frame,
    /// Slopes of the biases, written whole.
    pub(super) slopes: &'a mut Biases,
    pub(super) chance: &'a mut Chance,
}

/// Biases of a head, or their slopes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Biases {
    /// (88).
    pub(super) visible: Vec<f32>,
    /// (H).
    pub(super) hidden: Vec<f32>,
}
