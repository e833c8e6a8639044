//! Fitting: optimisers that several models share, the training loop of networks, and the journal of long trainings.

mod adamw;
pub mod curve;
pub mod fit;
pub mod journal;
pub mod network;
pub mod options;
mod order;
pub mod owlqn;
mod state;

#[cfg(test)]
mod tests;
