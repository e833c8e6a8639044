//! Appraisal: is it accurate, does it obey, does it invent?

pub mod report;

pub mod consonance;
pub mod flexibility;
pub mod histograms;
pub mod novelty;
pub mod profile;
pub mod reference;
pub mod spans;
pub mod statistics;
pub mod voice_leading;

mod watched;
