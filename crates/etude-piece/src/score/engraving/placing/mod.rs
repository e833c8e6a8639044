//! Where everything stands: notation and spacing become pages of ink.

mod above;
mod accidentals;
mod barlines;
mod beams;
pub(super) mod cluster;
mod graces;
mod joints;
mod lyrics;
mod marks;
mod pages;
mod rests;
pub(super) mod signatures;
mod skyline;
mod staff;
mod stems;
mod system;
mod ties;
pub(super) mod words;

pub(super) use pages::{Format, pages};
