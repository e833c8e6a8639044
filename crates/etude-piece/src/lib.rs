//! What is made: scores, their files and views, and drafts, which are pieces with holes.
//! This floor knows nothing of learning.
//!
//! One straight pipe; every arrow has one inverse and a there-and-back test:
//!
//! ```text
//! file ─read→ Score ─Grid::try_from→ Grid     (and back: Score::from, write)
//! ```

pub mod score;

pub mod roll;

pub mod strokes;

pub mod piece;

pub mod sound;

pub mod alphabet;

pub mod draft;

pub mod corpus;

mod error;

mod files;
mod packed;

pub use error::{Error, Fault, Place, Result};
