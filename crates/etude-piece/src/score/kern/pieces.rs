//! What is to be written: voices taken apart into strands of chords, cut at bar lines.

use super::{limits, recip};
use crate::score::{Beats, Note, Pitch, Voice};
use std::collections::BTreeSet;

/// A bar's onset and end.
pub(super) type Span = (Beats, Beats);

/// A chord, or a rest if it has no notes.
#[derive(Debug, Clone)]
pub(super) struct Chord<'a> {
    pub(super) onset: Beats,
    /// How far its row leads on: its shortest note's length.
    pub(super) step: Beats,
    pub(super) notes: Vec<Piece<'a>>,
}

/// A note, or a piece of one that a bar line cuts.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    onset: Beats,
    pub(super) duration: Beats,
    pub(super) pitch: Pitch,
    /// Whether a tie begins at it.
    pub(super) opens: bool,
    /// Whether a tie ends at it.
    pub(super) closes: bool,
    pub(super) fermata: bool,
    /// The note whose words are sung on it, if it has any.
    pub(super) words: Option<&'a Note>,
}

impl Chord<'_> {
    fn end(&self) -> Beats {
        self.onset + self.step
    }

    /// Whether it only goes on with notes struck before.
    pub(super) fn continues(&self) -> bool {
        self.notes.iter().all(|note| note.closes)
    }
}

/// The pieces of a voice's notes, by onset; `None` if there are more than `most`.
pub(super) fn cut<'a>(voice: &'a Voice, spans: &[Span], most: usize) -> Option<Vec<Piece<'a>>> {
    let starts: BTreeSet<(Beats, Pitch)> = voice.notes.iter().map(|note| (note.onset, note.pitch)).collect();
    let tied = voice.notes.iter().filter(|note| note.tied).map(|note| (note.end(), note.pitch));
    let led_to: BTreeSet<(Beats, Pitch)> = tied.filter(|end| starts.contains(end)).collect();
    let mut pieces = Vec::with_capacity(voice.notes.len());
    for note in &voice.notes {
        let first = spans.partition_point(|&(_, end)| end <= note.onset);
        let (mut now, end) = (note.onset, note.end());
        for &(_, bar_end) in &spans[first..] {
            let until = end.min(bar_end);
            let (is_first, is_last) = (now == note.onset, until == end);
            pieces.push(Piece {
                onset: now,
                duration: until - now,
                pitch: note.pitch,
                opens: !is_last || (note.tied && led_to.contains(&(end, note.pitch))),
                closes: !is_first || led_to.contains(&(note.onset, note.pitch)),
                fermata: note.fermata && is_last,
                words: Some(note).filter(|_| is_first && note.lyrics.iter().any(|text| !text.is_empty())),
            });
            now = until;
            if is_last {
                break;
            }
        }
        if pieces.len() > most {
            return None;
        }
    }
    pieces.sort_by_key(|piece| (piece.onset, piece.duration, piece.words.is_none(), piece.pitch));
    Some(pieces)
}

/// Strands of chords that don't overlap, first come first served. A chord's longer notes may reach over the next ones.
pub(super) fn strands(pieces: Vec<Piece<'_>>) -> Vec<Vec<Chord<'_>>> {
    let mut strands: Vec<Vec<Chord<'_>>> = vec![Vec::new()];
    let mut pieces = pieces.into_iter().peekable();
    while let Some(first) = pieces.next() {
        let (onset, step) = (first.onset, first.duration);
        let mut notes = vec![first];
        while notes.len() < limits::CHORD {
            let Some(note) = pieces.next_if(|piece| piece.onset == onset) else { break };
            notes.push(note);
        }
        let chord = Chord { onset, step, notes };
        // What only goes on makes way for what is struck: its tie leads it back to this voice.
        let aside = chord.continues() && pieces.peek().is_some_and(|next| next.onset < chord.end());
        let mut candidates = strands.iter_mut().skip(usize::from(aside));
        match candidates.find(|strand| strand.last().is_none_or(|last| last.end() <= onset)) {
            Some(strand) => strand.push(chord),
            None => strands.push(vec![chord]),
        }
    }
    strands
}

/// The chords of a strand that begin in a bar, with rests between them.
pub(super) fn filled<'a>(chords: &[Chord<'a>], (start, end): Span) -> Vec<Chord<'a>> {
    let mut row = Vec::with_capacity(chords.len() + 1);
    let mut now = start;
    for chord in chords {
        rest(&mut row, now, chord.onset);
        now = chord.end();
        row.push(chord.clone());
    }
    rest(&mut row, now, end);
    row
}

fn rest(row: &mut Vec<Chord<'_>>, from: Beats, to: Beats) {
    if from >= to {
        return;
    }
    let mut onset = from;
    for step in recip::rests(to - from) {
        row.push(Chord { onset, step, notes: Vec::new() });
        onset = onset + step;
    }
}
