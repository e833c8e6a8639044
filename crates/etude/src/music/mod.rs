//! Music: the models of scores.

pub mod maxent;
