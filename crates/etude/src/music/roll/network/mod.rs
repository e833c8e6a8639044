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
//! Gradients are by hand. They flow through as many frames as a chunk has, and the state goes on into the next chunk. Streams
//! are read side by side, in groups of a fixed size whose gradients are added in order, so that threads change nothing.

mod arrays;
mod backwards;
mod forwards;
mod learn;
mod options;
mod trained;
mod vectors;

#[cfg(test)]
mod tests;

pub(super) use arrays::Arrays;
pub(super) use forwards::{biased, step};
pub(super) use options::Options;
pub(super) use trained::{Trained, fit, load};
pub(super) use vectors::{add_times, dot, row, sigmoid};

use super::frame::{Frame, KEYS};
use crate::inference::chance::Chance;

/// What knows how likely a frame is, given biases.
pub(super) trait Head: Clone + std::fmt::Debug + Send + Sync {
    /// Its own matrices, made ready for many frames.
    type Ready: Send + Sync;

    /// H.
    fn hidden(&self) -> usize;

    /// The names of its own matrices, (88, H) each.
    fn names(&self) -> &'static [&'static str];

    /// Makes its own matrices ready.
    fn ready(&self, own: &[f32]) -> Self::Ready;

    /// Whether each stream of frames carries a chain of frames that were drawn.
    fn chains(&self) -> bool {
        false
    }

    /// Held-out frames of which one at least is measured while it learns: 1 where that is cheap.
    fn thinning(&self, _frames: usize) -> usize {
        1
    }

    /// The surprise of each frame, nats.
    fn nats(&self, ready: &Self::Ready, biases: &Biases, frames: &[Frame]) -> Vec<f64>;

    /// Adds its gradient to `own` and writes those of the biases; what the log tells of all these frames together, in nats.
    fn learn(&self, ready: &Self::Ready, lesson: &mut Lesson, own: &mut [f32]) -> f64;
}

/// What a head learns from at a time: a frame of each of N streams.
pub(super) struct Lesson<'a> {
    /// (N); where there is none, nothing is learnt.
    pub(super) frames: &'a [Option<Frame>],
    /// One row for all, or one for each.
    pub(super) biases: Rows<'a>,
    /// The chains of the streams, (N).
    pub(super) chains: &'a mut [Frame],
    /// Slopes of the biases, N rows of zeros that are to be written.
    pub(super) visible: &'a mut [f32],
    pub(super) hidden: &'a mut [f32],
    pub(super) chance: &'a mut Chance,
}

/// Biases of a head, or their slopes, of some frames; a single row may stand for all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Biases {
    /// (N, 88).
    pub(super) visible: Vec<f32>,
    /// (N, H).
    pub(super) hidden: Vec<f32>,
}

impl Biases {
    /// All rows.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows { visible: &self.visible, hidden: &self.hidden }
    }
}

/// Some rows of biases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    /// (N, 88).
    pub(super) visible: &'a [f32],
    /// (N, H).
    pub(super) hidden: &'a [f32],
}

impl<'a> Rows<'a> {
    /// How many there are.
    pub(super) fn count(self) -> usize {
        self.visible.len() / KEYS
    }

    /// `count` of them from `start` on; all of a single one.
    pub(super) fn part(self, start: usize, count: usize) -> Self {
        if self.count() == 1 {
            return self;
        }
        let hidden = self.hidden.len() / self.count();
        Self {
            visible: &self.visible[start * KEYS..][..count * KEYS],
            hidden: &self.hidden[start * hidden..][..count * hidden],
        }
    }

    /// That of frame number `at`.
    pub(super) fn of(self, at: usize) -> Self {
        self.part(at, 1)
    }
}
