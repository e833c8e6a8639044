//! Rolls: the keys of a piano, frame by frame, and the models of the classic benchmark of polyphonic music.
//!
//! Boulanger-Lewandowski, Bengio & Vincent, *Modeling temporal dependencies in high-dimensional sequences: application to
//! polyphonic music generation and transcription*, ICML 2012, arXiv:1206.6392, measured many models on four corpora of
//! piano rolls. A roll is T frames of 88 keys, each on or off:
//!
//! ```text
//! p(roll) = ∏ₜ p(vₜ | v₁ … vₜ₋₁)          vₜ ∈ {0, 1}⁸⁸
//! ```
//!
//! and a figure is −ln p in nats per frame, the first one too, total nats over total frames.
//!
//! | model | p(vₜ \| past) | kind |
//! |---|---|---|
//! | [`bernoulli`] | each key by itself, no past | exact |
//! | [`nade`] | keys from low to high, no past | exact |
//! | [`rnn_nade`] | the same, its biases from a recurrent network | exact |
//! | [`tied_nade`] | keys from high to low, one network for all of them, and a memory of the piece | exact |
//! | [`biaxial`] | keys from low to high, recurrent over time and over keys, the same in every key | exact |
//! | [`rbm`] | a Boltzmann machine, no past | estimate |
//! | [`rnn_rbm`] | the same, its biases from a recurrent network | estimate |
//! | [`rtrbm`] | the same, its biases from its own hidden units | estimate |
//!
//! | what | where |
//! |---|---|
//! | frames, and how scores become frames | [`frame`] |
//! | what a model of frames does | [`model`] |
//! | all of them by name | [`models`] |
//! | keys as symbols, for particles | [`keywise`] |
//! | networks: biases, recurrence, heads | [`network`] |
//! | the author, requests, composing | [`author`], [`request`], [`compose`] |
//!
//! A frame is given, open or in between: each of its cells may be on, off or open ([`frame::Pins`]). Models that write key by
//! key fill the rest by sequential Monte Carlo, so that the past leads to what is asked later; machines by Gibbs steps, with what
//! is pinned held fast.

pub mod frame;

pub mod model;

pub mod models;

pub mod bernoulli;

pub mod nade;

pub mod rnn_nade;

pub mod tied_nade;

pub mod biaxial;

pub mod rbm;

pub mod rnn_rbm;

pub mod rtrbm;

pub mod network;

pub mod keywise;

pub mod author;

pub mod request;

pub mod compose;

#[cfg(test)]
mod tests;

pub use author::{load, train};
pub use models::{settings, wishes};
pub use request::HELP;
