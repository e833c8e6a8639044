//! What a draft leaves open, cell by cell, and the way back from cells to a grid.

use crate::error::Result;
use crate::inference::constraint::Contradiction;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Cell, Grid, Onset};

/// What each cell may become.
pub(super) struct Openings {
    /// Row-major (T, V); where an atom begins, what all of its cells may be.
    pub(super) holes: Vec<Hole>,
    /// Whether a cell must equal the one before it in its voice, row-major (T, V).
    pub(super) tied: Vec<bool>,
    /// Whether nothing is asked at all.
    pub(super) free: bool,
}

impl Openings {
    /// The openings of a draft: what its atoms and the alphabets have in common, and rests only for those who ask for them
    /// or leave nothing else.
    ///
    /// # Errors
    ///
    /// The first atom that nothing is left for.
    pub(super) fn new(alphabets: &[Alphabet], draft: &Draft, rests: bool) -> Result<Self> {
        let frame = &draft.frame;
        let cells = frame.steps * frame.voices;
        let mut openings = Self { holes: vec![Hole::ANY; cells], tied: vec![false; cells], free: true };
        for (voice, alphabet) in alphabets.iter().enumerate() {
            let known = alphabet.pitches().iter().fold(Hole::REST, |set, &p| set.or(Hole::only(Some(p))));
            let open = if rests { known } else { known.and(Hole::SOUNDING) };
            let mut end = frame.steps;
            for start in (0..frame.steps).rev() {
                let cell = start * frame.voices + voice;
                openings.tied[cell] = start > 0 && draft.onset(start, voice) == Onset::Held;
                if openings.tied[cell] {
                    continue;
                }
                let hole = (start..end).fold(known, |hole, t| hole.and(draft.hole(t, voice)));
                let wished = hole.and(open);
                openings.holes[cell] = if wished.is_empty() { hole } else { wished };
                openings.free &= openings.holes[cell] == open && end == start + 1;
                if hole.is_empty() {
                    let name = voice_name(voice, frame.voices).to_lowercase();
                    return Err(Contradiction::nothing_left(frame.place(start), Some(name)).into());
                }
                end = start;
            }
        }
        Ok(openings)
    }
}

/// The piece as a grid; what the draft says of onsets is kept.
pub(super) fn mark(draft: &Draft, cells: &[Option<u8>]) -> Grid {
    let mut grid = Grid::from_pitches(draft.frame.clone(), cells);
    for step in 0..grid.steps() {
        for voice in 0..grid.voices() {
            let (told, cell) = (draft.onset(step, voice), grid.at(step, voice));
            if told != Onset::Unmarked && cell.pitch.is_some() && cell.onset == Onset::Unmarked {
                grid.set(step, voice, Cell { onset: told, ..cell });
            }
        }
    }
    grid
}
