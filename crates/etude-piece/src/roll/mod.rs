//! Piano rolls: which keys sound in each of many frames of equal length.
//!
//! A frame is a set, so a roll doesn't tell whether a key that goes on sounding is struck again. [`read`] takes corpora in
//! JSON, plain or as gzip; [`Roll::of_score`] lays any score on frames, and [`Roll::to_score`] makes a score of them.

mod convert;
mod file;

pub use file::{Rolls, read};

/// Frames of equal length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll {
    /// What sounds in each frame, shape (T): bit `n` stands for MIDI number `n`, as in a [`Hole`](crate::draft::Hole).
    pub frames: Vec<u128>,
}

/// The MIDI numbers of a frame, from low to high.
pub fn keys(frame: u128) -> impl Iterator<Item = u8> {
    (0..128).filter(move |&key| frame >> key & 1 == 1)
}
