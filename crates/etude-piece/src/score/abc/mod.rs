//! ABC 2.1: one tune or many, of one or several voices.
//!
//! Reading is one pass over lines, each under a cursor that knows its place. What has no place in a
//! [`Score`] is stepped over and counted: slurs, annotations, decorations other than fermatas and dynamics,
//! labels of sections and playing orders, words printed below the tune (W:), lines of symbols (s:), macros, and fields
//! about where a tune comes from. Each `V:` is a part; those that `%%score` puts in one pair of braces, and overlays
//! (`&`), are voices of one part. Accidentals reach over all octaves of their bar, as the standard has it, unless
//! `%%propagate-accidentals` says otherwise; where other readers might differ, the writer spells them out. A grace note
//! without a length looks like an eighth, in `K:HP` like a thirty-second: the standard leaves that to programs.
//! A `:|` without its `|:` leads back to the last double bar line, `:|` or the beginning.
//! Dynamics from `!pppp!` to `!ffff!` are velocities of 10, 23, 36, 49, 62, 75, 88, 101, 114 and 127.
//!
//! ```
//! let score = etude_piece::score::abc::read(b"X:1\nL:1/4\nK:G\nG A B2|")?;
//! assert_eq!(score.note_count(), 3);
//! let written = etude_piece::score::abc::write(&score)?;
//! assert!(written.bytes.ends_with(b"K:G\nG A B2 |]\n") && written.lost.is_empty());
//! # Ok::<(), etude_piece::Error>(())
//! ```

use crate::score::{Reading, Score};
use crate::{Fault, Place, Result};

mod tune;

mod body;
mod bracket;
mod ornament;

mod bars;
mod lyrics;
mod spelling;
mod voice;

mod decoration;
mod fields;
mod instruction;

mod field;
mod key;
mod text;

mod cursor;
mod limits;

mod finish;

mod header;
mod layout;
mod line;
mod plan;
mod write;

pub use write::{write, write_numbered};

use cursor::{Cursor, Lines};
use tune::{Tune, is_field, skips_block, without_comment};

/// Reads the first tune of a file, UTF-8 or Latin-1.
///
/// A file without an X: line is read as one tune.
///
/// # Errors
///
/// A [`Fault`] with line and column where the file breaks the rules or the limits: 128 voices, 131,072 notes,
/// bars and syllables, 64 notes in a chord, 16 verses, times of less than 2³⁰ over at most 2¹⁴ quarter notes.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads the first tune as [`read`] does, and lists what of it a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    tunes(bytes).next().unwrap_or_else(|| Err(no_tune()))
}

/// Reads all tunes of a file.
///
/// # Errors
///
/// The first tune's that can't be read; see [`read`]. [`tunes`] reads the others nonetheless.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Score>> {
    tunes(bytes).map(|tune| Ok(tune?.score)).collect()
}

/// The tunes of a file, one at a time, each read or refused by itself.
pub fn tunes(bytes: &[u8]) -> Tunes<'_> {
    Tunes { lines: Lines::new(bytes), file: bytes, header: Tune::new(), found: false }
}

/// An iterator over the tunes of a file: see [`tunes`].
#[derive(Debug, Clone)]
pub struct Tunes<'a> {
    lines: Lines<'a>,
    file: &'a [u8],
    /// What the fields before the first tune say of all.
    header: Tune,
    found: bool,
}

impl Iterator for Tunes<'_> {
    type Item = Result<Reading>;

    fn next(&mut self) -> Option<Result<Reading>> {
        while let Some(line) = self.lines.next() {
            if skips_block(&line, &mut self.lines) {
                continue;
            }
            if is_field(&line.text) == Some('X') {
                self.found = true;
                return Some(self.read_tune());
            }
            if !self.found {
                // What stands before the first tune may be free text, so nothing in it is an error.
                let text = without_comment(&line.text);
                let _ = match (is_field(text), line.text.strip_prefix("%%")) {
                    (Some(letter @ ('C' | 'M' | 'L' | 'U' | 'I')), _) => {
                        self.header.header_field(letter, &mut Cursor::new(text, 2, line.number))
                    }
                    (_, Some(directive)) => self.header.directive(directive, &line),
                    _ => Ok(()),
                };
            }
        }
        if self.found {
            return None;
        }
        self.found = true;
        self.read_unnumbered()
    }
}

impl Tunes<'_> {
    fn read_tune(&mut self) -> Result<Reading> {
        let mut tune = self.header.clone();
        tune.composer_given = false;
        tune.read(&mut self.lines)?;
        Ok(tune.finish())
    }

    /// A file without X: that has a key somewhere is one tune, from its first field on.
    fn read_unnumbered(&mut self) -> Option<Result<Reading>> {
        let mut lines = Lines::new(self.file);
        lines.clone().find(|line| is_field(&line.text) == Some('K'))?;
        let mut tune = Tune::new();
        loop {
            let ahead = lines;
            if is_field(&lines.next()?.text).is_some() {
                lines = ahead;
                break;
            }
        }
        Some(tune.read(&mut lines).map(|()| tune.finish()))
    }
}

fn no_tune() -> crate::Error {
    Fault::new(Place::Whole, "no tune", "a line X:1 and a field K:").hint("is this an ABC file?").into()
}

#[cfg(test)]
mod tests;
