//! Standard MIDI files: types 0, 1 and 2 are read, type 1 is written.
//!
//! Each track and channel with notes becomes a part of one voice. What MIDI has no event for and a score needs
//! (upbeat, church modes, chord symbols, composer, recipe, a part's further voices) travels in text events whose
//! text begins with `etude-`; other programs show or skip them.
//!
//! The reader is our own rather than a crate's, because it must say at which byte a file is broken, keep running
//! status across meta events as real files do, and never hold more than a small multiple of the file.
//!
//! ```
//! use etude_piece::score::{Beats, Note, Part, Score, Voice, midi};
//!
//! let note = Note::new(Beats::ZERO, Beats::QUARTER, "C4".parse()?);
//! let part = Part { voices: vec![Voice::from(vec![note])], ..Part::default() };
//! let score = Score { title: "One note".into(), parts: vec![part], ..Score::default() };
//! let file = midi::write(&score)?;
//! assert_eq!(midi::read(&file.bytes)?.title, "One note");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chunk;
mod cursor;
mod event;
mod unheld;

mod assemble;
mod read;
mod signs;

mod lost;
mod timeline;
mod write;

#[cfg(test)]
mod tests;

pub use read::{read, read_with_losses};
pub use write::write;

/// What a text event begins with to be ours.
const RECIPE: &str = "etude-recipe ";
const COMPOSER: &str = "etude-composer ";
const PICKUP: &str = "etude-pickup ";
const KEY: &str = "etude-key ";
const CHORD: &str = "etude-chord ";
/// Marks a track as a further voice of the part before it.
const VOICE: &str = "etude-voice";

/// The kinds of meta event that a score keeps.
mod meta {
    pub(super) const TEXT: u8 = 0x01;
    pub(super) const NAME: u8 = 0x03;
    pub(super) const INSTRUMENT: u8 = 0x04;
    pub(super) const LYRIC: u8 = 0x05;
    pub(super) const CHANNEL: u8 = 0x20;
    pub(super) const END: u8 = 0x2f;
    pub(super) const TEMPO: u8 = 0x51;
    pub(super) const FILM_OFFSET: u8 = 0x54;
    pub(super) const METRE: u8 = 0x58;
    pub(super) const KEY: u8 = 0x59;
}
