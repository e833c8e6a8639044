//! Inference: what the families of models share when they generate.

pub mod chance;

pub mod constraint;
