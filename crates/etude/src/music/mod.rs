//! Music: the models of scores.

pub mod maxent;

pub mod markov;

pub mod chorale;

pub mod articulation;

pub mod compose;

pub mod folk;

pub mod melody;

pub mod performance;

pub mod roll;

mod engine;

mod openings;

pub mod rules;

mod voices;
