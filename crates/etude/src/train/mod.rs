//! Fitting: optimisers that several models share, the training loop of networks, and the journal of long trainings.

pub mod journal;
pub mod network;
pub mod options;
mod order;
mod adamw;
mod state;
pub mod fit;
pub mod curve;
pub mod owlqn;

#[cfg(test)]
mod tests;
