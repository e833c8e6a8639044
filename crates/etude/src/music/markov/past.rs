//! What the model remembers of a piece: the latest notes of every voice, nothing older than [`MEMORY`] steps.
//!
//! `Past` is a function of the last [`MEMORY`] steps alone, so a changed cell can change only its own factor, those
//! decided later in its step, and those of the [`MEMORY`] steps after it.

use super::lines::MOST_VOICES;

/// Steps that the model looks back.
pub const MEMORY: u8 = 32;
/// Notes remembered per voice.
pub const NOTES: usize = 8;
/// The pitch number of a rest.
pub const REST: i16 = -1;
/// The pitch number of what is not known: before the piece, or beyond memory.
pub const NOTHING: i16 = -2;

/// A run of equal cells in one voice: its pitch number and its length in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// Its pitch number: a MIDI number, [`REST`] or [`NOTHING`].
    pub pitch: i16,
    /// Its length in steps.
    pub held: u8,
}

const UNKNOWN: Note = Note { pitch: NOTHING, held: 0 };

/// The memory of all voices before a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Notes of each voice, shape (V, [`NOTES`]), the one that sounded in the step before first.
    pub notes: [[Note; NOTES]; MOST_VOICES],
    /// Bit i is set when the voice changed i + 1 steps ago, shape (V); 8 steps are kept.
    pub onsets: [u8; MOST_VOICES],
}

impl Default for Past {
    fn default() -> Past {
        Past { notes: [[UNKNOWN; NOTES]; MOST_VOICES], onsets: [0; MOST_VOICES] }
    }
}

impl Past {
    /// Takes in one step of a piece and forgets what is older than [`MEMORY`].
    pub fn push(&mut self, step: &[Option<u8>]) {
        for (v, cell) in step.iter().enumerate() {
            let notes = &mut self.notes[v];
            let pitch = number(*cell);
            let moved = notes[0].pitch != pitch;
            if moved {
                notes.copy_within(..NOTES - 1, 1);
                notes[0] = Note { pitch, held: 0 };
            }
            notes[0].held += 1;
            forget(notes);
            self.onsets[v] = self.onsets[v] << 1 | u8::from(moved);
        }
    }

    /// The pitch number that voice `v` had in the step before.
    pub fn pitch(&self, v: usize) -> i16 {
        self.notes[v][0].pitch
    }
}

/// Cuts `notes` down to what lies in the last [`MEMORY`] steps.
fn forget(notes: &mut [Note; NOTES]) {
    let mut room = MEMORY;
    for note in notes {
        note.held = note.held.min(room);
        room -= note.held;
        if note.held == 0 {
            *note = UNKNOWN;
        }
    }
}

/// A cell as a pitch number: its MIDI pitch, or [`REST`].
pub fn number(cell: Option<u8>) -> i16 {
    cell.map_or(REST, i16::from)
}
