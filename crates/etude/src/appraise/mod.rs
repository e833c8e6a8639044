//! Appraisal: is it accurate, does it obey, does it invent?

pub mod consonance;
pub mod novelty;
pub mod statistics;
pub mod voice_leading;
