//! Notes as a table: comma-separated values with a pitch, an onset and a duration in each row.
//!
//! ```text
//! pitch,onset,duration,velocity
//! # title: Anthropology
//! # tempo: 218.8
//! 66,5.106122,0.318367,80
//! ```
//!
//! Onsets and durations are seconds, pitches MIDI numbers. The first row may name the columns, in any order: `pitch`, `onset`,
//! `duration`, and `velocity` if it is told; other columns are counted as lost. Without such a row the columns are those,
//! in that order. Fields are parted by commas, semicolons or tabs. Lines that begin with `#` are remarks; of these `title`,
//! `composer`, `tempo` (quarter notes a minute) and `recipe` are understood.
//!
//! The format has no beats. A score of it has no metre either, and its beats are those of one tempo, the one told or
//! [`UNTOLD`]: times are rounded to a [`FINEST`]th of such a beat. Writing keeps what sounds, when, and how hard.
//!
//! ```
//! let score = etude_piece::score::csv::read(b"66,5.1,0.3\n61,5.4,0.2\n")?;
//! assert_eq!((score.note_count(), score.metres.len()), (2, 0));
//! # Ok::<(), etude_piece::Error>(())
//! ```

mod columns;
mod reader;
mod table;
mod writer;

#[cfg(test)]
mod tests;

pub use table::Table;

pub(super) use columns::is_heading;

use super::{Reading, Score, Tempo, Written};
use crate::Result;

/// The tempo by which beats are counted where none is told.
pub const UNTOLD: Tempo = Tempo(120.0);

/// Times are whole multiples of a quarter note's so-manieth part.
pub const FINEST: i64 = 480;

/// The latest that a note may end, in seconds: four hours.
const LATEST: f64 = 14_400.0;

/// The most notes.
const MOST: usize = 1 << 17;

/// Reads notes from UTF-8.
///
/// # Errors
///
/// A [`Fault`](crate::Fault) with line and column for rows that lack a number, hold one that is none or out of range, and
/// beyond the limits: 131,072 notes, four hours.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads notes as [`read`] does, and lists what of the table a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    reader::read(bytes)
}

/// Writes what sounds of a score, its repeats as they are written.
///
/// # Errors
///
/// [`Error::Unfit`](crate::Error::Unfit) for times below zero, and for later or more notes than [`read`] allows.
pub fn write(score: &Score) -> Result<Written> {
    writer::write(score)
}
