//! Fitting: optimisers that several models share, and the journal of long trainings.

pub mod curve;
pub mod journal;
pub mod owlqn;
