//! Fitting: optimisers that several models share.

pub mod owlqn;
