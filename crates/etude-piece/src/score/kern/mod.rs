//! Humdrum `**kern`: scores as a table of text, one column for each line of music, one row for each moment.
//!
//! ```text
//! bytes ─lines→ rows ─spines, token, tandem, bars, record→ Score
//! bytes ←page── rows ←────────pieces, layers, recip──────── Score
//! ```
//!
//! Each `**kern` spine is a part, the leftmost the lowest; the strands that `*^` splits it into are its voices, left to
//! right. A note whose tie begins in another strand of its spine stays in the voice where it was struck. Pitches are
//! those that sound, as the format has it, whatever `*ITr` says of the instrument. Spines of `**text`, `**lyrics` and
//! `**silbe` are verses under the part to their left, `**mxhm` is chord symbols, `**recip` only measures time; all
//! others are counted as lost. Sections whose label is another's with a number behind (`*>A`, `*>A1`) are variant endings.
//!
//! Rows carry no times: they follow from the durations, and where two spines disagree the file is refused.
//!
//! Writing cuts notes at bar lines and ties the pieces, as the format asks. Two things are ours: `*voice2` names the
//! voice that a verse belongs to, and `&#32;` and the like stand for characters that have a meaning of their own.
//! References: Huron, *Music Research Using Humdrum* (1999), and the definitions on humdrum.org.
//!
//! ```
//! let score = etude_piece::score::kern::read(b"**kern\n*M3/4\n=1\n4g\n4a\n[4b\n=2\n2.b]\n==\n*-\n")?;
//! assert_eq!(score.note_count(), 3);
//! let file = etude_piece::score::kern::write(&score)?;
//! assert_eq!(etude_piece::score::kern::read(&file.bytes)?, score);
//! # Ok::<(), etude_piece::Error>(())
//! ```

mod reader;

mod bars;
mod record;
mod spines;
mod strike;
mod tandem;
mod token;

mod instrument;
mod key;
mod lines;
mod text;

mod limits;

mod marks;
mod page;
mod pen;
mod pieces;
mod recip;
mod sheet;
mod writer;

#[cfg(test)]
mod tests;

use super::{Reading, Score, Written};
use crate::Result;

/// Reads the first piece of a file, UTF-8 or Latin-1.
///
/// # Errors
///
/// A [`Fault`](crate::Fault) with line and column where the table has gaps, where spines disagree in time, where a token
/// is none, and beyond the limits: 256 spines, 131,072 notes, 64 notes in a chord, times of less than 2³⁰ over at most
/// 2¹⁴ quarter notes.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads the first piece of a file as [`read`] does, and lists what of it a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    reader::read(&lines::decode(bytes))
}

/// Writes a score. Where it has metres but no bars they are laid by its metres.
///
/// # Errors
///
/// [`Error::Unfit`](crate::Error::Unfit) for a score without parts, for times below zero or finer or later than [`read`]
/// allows, and for more parts, voices or notes than it reads.
pub fn write(score: &Score) -> Result<Written> {
    writer::write(score)
}
