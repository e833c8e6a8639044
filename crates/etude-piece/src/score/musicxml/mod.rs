//! MusicXML 4, partwise, uncompressed.
//!
//! ```text
//! bytes ─encoding→ text ─cursor→ elements ─document, part, note→ parts with bar-wise times ─assemble→ Score
//! bytes ←markup←── elements ←──writer── bars of chords and rests ←──layout── Score
//! ```
//!
//! Reading keeps titles, parts, voices, spelled sounding pitches, exact times, ties, fermatas, words, velocities, keys,
//! metres, tempi, chord symbols, bars, repeats and variant endings. Grace notes, cue notes and unpitched notes are passed
//! over; cue and unpitched notes still take their time. A bar is as long as the longest part makes it.
//!
//! Writing cuts notes at barlines and into note values that have a name, and ties the pieces: what comes back is the same
//! music by [`Voice::sounding`](super::Voice::sounding), and writing it again gives the same bytes.

mod cursor;
mod encoding;

mod assemble;
mod attributes;
mod document;
mod interval;
mod note;
mod part;

mod chord_symbol;

mod accidentals;
mod barlines;
mod beams;
mod events;
mod header;
mod layout;
mod markup;
mod notation;
mod staves;
pub(super) mod value;
mod writer;

#[cfg(test)]
mod tests;

use super::{Reading, Score, Written};
use crate::Result;

/// Reads a MusicXML file: a `score-partwise` document in UTF-8, UTF-16 or Latin-1.
///
/// # Errors
///
/// A [`Fault`](crate::Fault) with line and column, what was found, what was expected and mostly a hint, when the bytes are
/// no well-formed XML, declare entities, nest deeper than 64 elements, aren't a `score-partwise` document,
/// or hold values that a score can't: durations of 0, microtones, and the like.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads a MusicXML file as [`read`] does, and lists what of it a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    let text = encoding::decode(bytes)?;
    let document = document::read(&text)?;
    Ok(Reading { score: assemble::score(document)?, lost: Vec::new() })
}

/// Writes a score as an uncompressed MusicXML 4.0 file. Where the score has no bars they are laid by its metres.
///
/// # Errors
///
/// [`Error::Unfit`](crate::Error::Unfit) for a score without parts, times below zero or above 1,000,000 quarter notes,
/// bars that don't ascend, or times that have no common division below 2³⁰.
pub fn write(score: &Score) -> Result<Written> {
    let (score, lost) = layout::fit(score)?;
    let bytes = writer::document(&score)?;
    Ok(Written { bytes, lost })
}
