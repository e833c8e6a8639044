//! Melodies: of any score the tune that a listener would sing, written step by step, with the chords below it as a condition.
//!
//! Waite, Eck, Roberts & Abolafia, *Generating long-term structure in songs and stories*, Magenta, 2016 (the notation and
//! the lookback fields); Johnson, Keller & Weintraut, *Learning to create jazz melodies using a product of experts*, ICCC
//! 2017, and Kim's *deepjazz* of 2016 (melodies over the chords of a lead sheet).
//!
//! ```text
//!     score ─find→ Melody ─Notation→ symbols ─→ any engine of sequence/engine
//!     score ←────── Melody ←Notation── symbols ←─ drawn under a Guide: pinned notes and all else that is asked
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | 0 | nothing happens: a note goes on, or a rest |
//! | 1 | the note ends, and a rest begins |
//! | 2 … Q − 2 | a note begins, of the pitches of the notation's range in ascending order |
//! | Q − 1 | the end |
//!
//! Where we differ from Waite et al.: a melody ends with a symbol of its own; the model sees where in the bar it is as a
//! number instead of a binary clock; it sees the chord; and all melodies are moved to a common key, unless told otherwise.
//! Their attention variant is the `transformer` engine, which attends to the whole past.
//!
//! ```
//! use etude::music::melody::find;
//! use etude_piece::score::abc;
//!
//! let score = abc::read(b"X:1\nM:4/4\nL:1/4\nK:G\n\"G\"GABc|\"D7\"d2 d2|\n")?;
//! let melody = find(&score, 4)?;
//! let chords: Vec<usize> = melody.chords.iter().map(|(step, _)| *step).collect();
//! assert_eq!((melody.grid.steps(), chords), (32, vec![0, 16]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod author;
mod background;
mod changes;
mod compose;
mod evidence;
mod find;
mod guide;
mod notation;
mod options;
mod plan;
mod sheet;
mod train;

pub mod chord;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(in crate::music) use tests::PAIRS;

pub use author::{Melodist, load};
pub use find::find;
pub use options::{settings, wishes};
pub use train::train;

pub(in crate::music) use notation::folded;

use chord::Chord;
use etude_piece::score::Grid;

/// A melody on a grid of one voice, and the chords below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Melody {
    /// The notes, V = 1.
    pub grid: Grid,
    /// The chords by the step that they begin at, ascending.
    pub chords: Vec<(usize, Chord)>,
}

impl Melody {
    /// The same melody, `semitones` higher; notes that leave 0..=127 come back by octaves.
    #[must_use]
    fn transposed(&self, semitones: i32) -> Self {
        let mut moved = self.clone();
        for step in 0..self.grid.steps() {
            let mut cell = self.grid.at(step, 0);
            cell.pitch = cell.pitch.map(|pitch| notation::folded(i32::from(pitch) + semitones, 0, 127));
            moved.grid.set(step, 0, cell);
        }
        moved.grid.frame.key = self.grid.frame.key.map(|key| key.transposed(semitones));
        moved.chords = self.chords.iter().map(|&(step, chord)| (step, chord.transposed(semitones))).collect();
        moved
    }
}
