//! Drawings: what a pen does, point by point.
//!
//! | what | where |
//! |---|---|
//! | mixtures of Gaussians: densities and draws | [`mixture`] |
//! | a drawing as moves of the pen | [`moves`] |

pub mod mixture;

pub mod moves;
