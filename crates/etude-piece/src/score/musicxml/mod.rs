//! MusicXML 4: partwise or timewise, plain (.musicxml) or compressed (.mxl).
//!
//! ```text
//! bytes ─archive─encoding→ text ─cursor→ elements ─document, part, voices, note→ bar-wise times ─assemble→ Score
//! bytes ←─pack── markup ←──── elements ←──writer── bars of chords and rests ←──layout── Score
//! ```
//!
//! Reading keeps titles, parts, voices, spelled sounding pitches, exact times, grace notes, ties, fermatas, words,
//! keys, metres, tempi, chord symbols, bars, repeats and variant endings. How hard notes are struck comes from the notes
//! themselves, or from the dynamic marks before them. What a score doesn't hold is counted and told; how things
//! are drawn isn't. Cue notes and percussion without pitch take their time in silence, and microtones are rounded. A bar
//! is as long as the longest part makes it.
//!
//! Writing cuts notes at barlines and into note values that have a name, and ties the pieces: what comes back is the same
//! music by [`Voice::sounding`](super::Voice::sounding), and writing it again gives the same bytes.
//!
//! Reading takes at most 8 bytes of memory for each of the file's, and 32 MiB; a file that would take more is refused.

mod archive;
mod cursor;
mod encoding;
mod room;

mod assemble;
mod attributes;
mod clock;
mod direction;
mod document;
mod dynamics;
mod interval;
mod lyric;
mod note;
mod part;
mod repeats;
mod signs;
mod voices;

mod chord_symbol;

mod accidentals;
mod barlines;
mod beams;
mod cut;
mod events;
mod header;
mod layout;
mod marks;
mod markup;
mod notation;
mod staves;
pub(super) mod value;
mod writer;

#[cfg(test)]
mod tests;

use super::{Reading, Score, Written};
use crate::{Error, Result};
use room::Room;
use std::borrow::Cow;

/// Reads a MusicXML file: a `score-partwise` or `score-timewise` document in UTF-8, UTF-16 or Latin-1, or an archive
/// that holds one.
///
/// # Errors
///
/// A [`Fault`](crate::Fault) with line and column, what was found, what was expected and mostly a hint, when the bytes are
/// no well-formed XML, declare entities, nest deeper than 64 elements, aren't a score, or hold values that a score can't,
/// such as durations of 0. For archives also: those that are damaged or encrypted, lie about sizes or checksums, or
/// unpack to more than is in proportion.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads a MusicXML file as [`read`] does, and lists what of it a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    let mut room = Room::beside(bytes.len());
    let document = if archive::is_archive(bytes) {
        let unpacked = archive::unpack(bytes, &mut room)?;
        match encoding::decode(&unpacked, &mut room)? {
            Cow::Borrowed(text) => document::read(text, room)?,
            Cow::Owned(text) => {
                room.give_back(unpacked.len());
                drop(unpacked);
                document::read(&text, room)?
            }
        }
    } else {
        document::read(&encoding::decode(bytes, &mut room)?, room)?
    };
    // By now the text is forgotten.
    assemble::score(document)
}

/// Writes a score as an uncompressed MusicXML 4.0 file. Where the score has no bars they are laid by its metres.
///
/// # Errors
///
/// [`Error::Unfit`] for a score without parts, times below zero or above 1,000,000 quarter notes,
/// bars that don't ascend, or times that have no common division below 2³⁰.
pub fn write(score: &Score) -> Result<Written> {
    let (score, lost) = layout::fit(score)?;
    let bytes = writer::document(&score)?;
    Ok(Written { bytes, lost })
}

/// Writes a score as a compressed MusicXML 4.0 file (.mxl), the same bytes each time.
///
/// # Errors
///
/// As [`write()`]; also for a score of more than 4 GiB of text.
pub fn write_compressed(score: &Score) -> Result<Written> {
    let Written { bytes, lost } = write(score)?;
    if u32::try_from(bytes.len()).is_err() {
        return Err(Error::unfit(format!("a score of {} bytes", bytes.len()), "zip archives end at 4 GiB"));
    }
    Ok(Written { bytes: archive::pack(&bytes), lost })
}
