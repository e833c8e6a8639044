//! Where everything stands: notation and spacing become pages of ink.

mod accidentals;
mod beams;
pub(super) mod cluster;
mod graces;
mod marks;
mod pages;
pub(super) mod signatures;
mod staff;
mod stems;
mod system;
mod ties;
pub(super) mod words;

pub(super) use pages::{Format, pages};
