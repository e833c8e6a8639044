//! Inference: what the families of models share when they generate.

pub mod autoregressive;
pub mod chance;
pub mod mixing;

pub mod constraint;
