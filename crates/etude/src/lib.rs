//! Models: train on what you love; forwards they recognise, backwards they compose.

pub mod music;

pub mod inference;

pub mod train;

pub mod appraise;

pub mod kernels;
