//! Gestures: what a hand draws or a sensor reads, recognised, followed and made anew from one to five examples.
//!
//! A [`Trajectory`] is what all of them read. Templates compare a whole gesture with examples: [`dollar`] and [`cloud`]
//! drawings, [`warping`] sequences of any kind.

pub mod trajectory;

pub mod dollar;

pub mod cloud;

pub mod warping;

pub mod chain;

pub mod follower;

pub mod variation;

pub mod recogniser;

pub mod author;

mod null_class;

mod store;

#[cfg(test)]
mod tests;

pub use recogniser::{Answer, Candidate, Options, Reads, Recogniser};
pub use store::settings;
pub use trajectory::Trajectory;
