//! Notes cut at barlines, at changes of key and metre, and into note values, so that those of a voice that sound together
//! begin and end together.

use super::layout::pulses;
use super::value::{Pulses, cut_note};
use crate::score::{Beats, Note, Score};
use crate::{Error, Result};

/// More pieces of notes than this, besides four for each note, would make a file out of proportion.
const MAX_PIECES: usize = 1_000_000;

/// Cuts the notes of all voices.
pub(super) fn cut_voices(score: &mut Score) -> Result<()> {
    let corners = corners(score);
    let bars: Vec<(Beats, Pulses)> =
        (0..score.bars.len()).map(|b| (score.bars[b].onset, pulses(score, b))).collect();
    let mut budget = MAX_PIECES + 4 * score.voices().map(|voice| voice.notes.len()).sum::<usize>();
    for voice in score.parts.iter_mut().flat_map(|part| &mut part.voices) {
        voice.notes = cut_voice(&voice.notes, &bars, &corners, &mut budget)?;
    }
    Ok(())
}

/// The voice's notes, cut so that those that sound together begin and end together.
fn cut_voice(
    notes: &[Note],
    bars: &[(Beats, Pulses)],
    corners: &[Beats],
    budget: &mut usize,
) -> Result<Vec<Note>> {
    let mut edges: Vec<Beats> = notes.iter().flat_map(|note| [note.onset, note.end()]).collect();
    edges.sort_unstable();
    edges.dedup();
    let (mut pieces, mut corner, mut bar) = (Vec::with_capacity(notes.len()), 0, 0);
    let mut next = 0;
    // The notes that sound from the edge on.
    let mut sounding: Vec<usize> = Vec::new();
    for edge in edges.windows(2) {
        let (mut start, end) = (edge[0], edge[1]);
        sounding.retain(|&at| notes[at].end() > start);
        while next < notes.len() && notes[next].onset == start {
            sounding.push(next);
            next += 1;
        }
        if sounding.is_empty() {
            continue;
        }
        while start < end {
            corner += corners[corner..].iter().take_while(|&&at| at <= start).count();
            let stop = corners.get(corner).copied().filter(|&at| at < end).unwrap_or(end);
            bar += bars[bar..].iter().take_while(|(onset, _)| *onset <= start).count().saturating_sub(1);
            let (beginning, pulses) = bars[bar];
            for cut in cut_note(start - beginning, stop - beginning, pulses) {
                let piece_end = beginning + cut;
                *budget = budget.checked_sub(sounding.len()).ok_or_else(|| {
                    let hint = "give notes that overlap voices of their own";
                    Error::unfit("notes that would be cut into too many pieces", hint)
                })?;
                pieces.extend(sounding.iter().map(|&at| piece(&notes[at], start, piece_end)));
                start = piece_end;
            }
        }
    }
    pieces.sort_by_key(|note: &Note| (note.onset, note.pitch));
    Ok(pieces)
}

/// A note's piece: the first keeps the words, the last the fermata, and all but the last are tied.
fn piece(note: &Note, start: Beats, end: Beats) -> Note {
    let (first, last) = (start == note.onset, end == note.end());
    Note {
        tied: if last { note.tied } else { true },
        fermata: last && note.fermata,
        lyrics: if first { note.lyrics.clone() } else { Vec::new() },
        velocity: note.velocity,
        ..Note::new(start, end - start, note.pitch)
    }
}

/// Where all notes are cut: barlines, and changes of key and metre within bars.
fn corners(score: &Score) -> Vec<Beats> {
    let bars = score.bars.iter().map(|bar| bar.onset);
    let keys = score.keys.iter().map(|&(at, _)| at);
    let metres = score.metres.iter().map(|&(at, _)| at);
    let mut corners: Vec<Beats> = bars.chain(keys).chain(metres).collect();
    corners.sort_unstable();
    corners.dedup();
    corners
}
