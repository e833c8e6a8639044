//! Music: the models of scores.

pub mod maxent;

pub mod articulation;
