//! Drawings: what a pen does, point by point.
//!
//! | what | where |
//! |---|---|
//! | mixtures of Gaussians: densities and draws | [`mixture`] |
//! | a drawing as moves of the pen | [`moves`] |
//! | how new a drawing is | [`novelty`] |
//! | networks that draw | [`sketch`] |
//! | handwriting | [`hand`] |

pub mod mixture;

pub mod moves;

pub mod novelty;

pub mod sketch;

pub mod hand;
