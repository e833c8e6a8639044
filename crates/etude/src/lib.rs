//! Models: train on what you love; forwards they recognise and score, backwards they compose.
//!
//! A [`model::Model`] evaluates pieces and fills drafts; the [`catalogue`] names every kind of model; a
//! [`shelf::Shelved`] model is one file with all that belongs to it. This floor knows nothing of terminals, clocks
//! or sockets.

pub mod model;

pub mod author;

pub mod sequence;

pub mod catalogue;

pub mod shelf;

pub mod recipe;

pub mod music;

pub mod text;

pub mod drawing;

pub mod gesture;

pub mod inference;

pub mod train;

pub mod nn;

pub mod appraise;

pub mod settings;

pub mod kernels;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod shared;

mod error;

pub use error::{Error, Result};
