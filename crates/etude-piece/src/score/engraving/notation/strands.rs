//! A voice cut into chords: whatever sounds together begins and ends together, nothing crosses a bar line, and every
//! length has a note that shows it.

use super::super::super::musicxml::value::cut_note;
use super::frames::Frame;
use crate::score::{Beats, Voice};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// More pieces of notes than these are no pages that anybody reads.
const MOST_PIECES: usize = 1_000_000;

/// A chord that is drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// The frame it stands in.
    pub(super) frame: usize,
    /// From the frame's beginning.
    pub(super) onset: Beats,
    pub(super) end: Beats,
    pub(super) notes: Vec<Part>,
}

/// One note's part in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The note in its voice.
    pub(super) note: usize,
    /// Whether the note begins here, and whether it ends here.
    pub(super) first: bool,
    pub(super) last: bool,
    /// Whether a tie leads here, and whether one leads on.
    pub(super) continues: bool,
    pub(super) tied: bool,
}

/// What may still be cut, for all voices together.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(MOST_PIECES)
    }

    fn spend(&mut self, pieces: usize) -> Result<()> {
        let hint = "notes that overlap have voices of their own";
        self.0 = self
            .0
            .checked_sub(pieces)
            .ok_or_else(|| Error::unfit(format!("notes in more than {MOST_PIECES} pieces"), hint))?;
        Ok(())
    }
}

/// Cuts a voice whose notes are sorted by onset.
pub(super) fn cut(voice: &Voice, frames: &[Frame], budget: &mut Budget) -> Result<Vec<Piece>> {
    let notes = &voice.notes;
    let continued = continued(voice);
    let mut edges: Vec<Beats> = notes.iter().flat_map(|note| [note.onset, note.end()]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut pieces = Vec::with_capacity(notes.len());
    let (mut next, mut frame) = (0, 0);
    // The notes that sound from the edge on.
    let mut sounding: Vec<usize> = Vec::new();
    for edge in edges.windows(2) {
        let (mut start, end) = (edge[0], edge[1]);
        sounding.retain(|&at| notes[at].end() > start);
        while next < notes.len() && notes[next].onset == start {
            // The same pitch twice is drawn once.
            if sounding.iter().all(|&at| notes[at].pitch != notes[next].pitch) {
                sounding.push(next);
            }
            next += 1;
        }
        if sounding.is_empty() {
            continue;
        }
        while start < end {
            while frames.get(frame + 1).is_some_and(|next| next.bar.onset <= start) {
                frame += 1;
            }
            let (begun, pulses) = (frames[frame].bar.onset, frames[frame].pulses);
            let stop = frames.get(frame + 1).map_or(end, |next| next.bar.onset.min(end));
            for cut in cut_note(start - begun, stop - begun, pulses) {
                budget.spend(sounding.len())?;
                let until = begun + cut;
                let part = |&note: &usize| Part {
                    note,
                    first: start == notes[note].onset,
                    last: until == notes[note].end(),
                    continues: start > notes[note].onset || continued[note],
                    tied: until < notes[note].end() || notes[note].tied,
                };
                let notes = sounding.iter().map(part).collect();
                pieces.push(Piece { frame, onset: start - begun, end: cut, notes });
                start = until;
            }
        }
    }
    Ok(pieces)
}

/// Whether each note goes on from one tied to it.
fn continued(voice: &Voice) -> Vec<bool> {
    let mut ties = BTreeMap::new();
    let mut continues = Vec::with_capacity(voice.notes.len());
    for note in &voice.notes {
        continues.push(ties.remove(&note.pitch) == Some(note.onset));
        if note.tied {
            ties.insert(note.pitch, note.end());
        }
    }
    continues
}
