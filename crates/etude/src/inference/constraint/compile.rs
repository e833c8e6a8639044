//! From constraints to a draft, or to the smallest set of them that contradicts itself.
//!
//! Cells tied by [`Onset::Held`] are one atom and become one thing, so a draft can be filled if and only if no cell is
//! both struck and held and the holes of every atom have something in common. Dropping a source of demands can only
//! make more possible, so deleting sources one by one, as long as the contradiction stays, ends at a smallest set.

use super::bars::Bars;
use super::source::{self, Source};
use super::{Constraint, Contradiction};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Frame, Key, Onset};
use std::ops::Range;

/// A draft in `frame` of everything that the notes of a given draft, the model's ranges (one alphabet a voice) and the
/// constraints leave. Every hole of an atom holds what all of its cells allow, at least one thing.
///
/// `key` counts where the frame has none. A given draft with fewer voices or steps than the frame fills its top voices
/// and its beginning.
///
/// # Errors
///
/// The first place where nothing is left, with a smallest set of culprits; or a constraint, draft or model that doesn't
/// fit the frame.
pub fn compile(
    given: Option<&Draft>,
    frame: &Frame,
    key: Key,
    ranges: &[Alphabet],
    constraints: &[Constraint],
) -> Result<Draft, Contradiction> {
    let key = frame.key.unwrap_or(key);
    let sources = source::all(given, frame, key, ranges, constraints)?;
    let everything: Vec<&Source> = sources.iter().collect();
    let lanes: Vec<Lane> = (0..frame.voices).map(|v| Lane::of(&everything, v, 0..frame.steps)).collect();
    let failures = lanes.iter().enumerate().filter_map(|(voice, lane)| Some((lane.failure.clone()?, voice)));
    if let Some((failure, voice)) = failures.min_by_key(|(failure, voice)| (failure.steps.start, *voice)) {
        return Err(explain(&everything, voice, failure, frame));
    }
    let mut draft = Draft::open(frame.clone());
    for (voice, lane) in lanes.iter().enumerate() {
        for (step, cell) in lane.cells.iter().enumerate() {
            draft.narrow(step, voice, cell.hole);
            draft.mark(step, voice, cell.onset());
        }
    }
    Ok(draft)
}

/// What is asked of one cell.
#[derive(Debug, Clone, Copy)]
struct Asked {
    hole: Hole,
    struck: bool,
    held: bool,
}

impl Asked {
    fn onset(self) -> Onset {
        match (self.struck, self.held) {
            (true, _) => Onset::Struck,
            (false, true) => Onset::Held,
            (false, false) => Onset::Unmarked,
        }
    }
}

/// What is asked of a stretch of one voice.
struct Lane {
    cells: Vec<Asked>,
    /// The first thing that can't be.
    failure: Option<Failure>,
}

/// What can't be, and at which steps.
#[derive(Debug, Clone)]
struct Failure {
    steps: Range<usize>,
    /// Whether a cell is both struck and held; else an atom has nothing left.
    onset: bool,
}

impl Lane {
    /// What the sources ask of a voice at these steps; the atoms' common holes in every cell.
    fn of(sources: &[&Source], voice: usize, steps: Range<usize>) -> Self {
        let mut cells = vec![Asked { hole: Hole::ANY, struck: false, held: false }; steps.len()];
        let demands = sources.iter().flat_map(|source| &source.demands);
        for demand in demands.filter(|demand| demand.voice == voice) {
            let (start, end) = (demand.steps.start.max(steps.start), demand.steps.end.min(steps.end));
            for step in start..end {
                let cell = &mut cells[step - steps.start];
                cell.hole = cell.hole.and(demand.hole);
                cell.struck |= demand.onset == Onset::Struck;
                // Nothing lies before the first step that could be held.
                cell.held |= demand.onset == Onset::Held && step > 0;
            }
        }
        let mut failure = None;
        let mut start = 0;
        while start < cells.len() {
            let tied = cells[start + 1..].iter().take_while(|cell| cell.held && !cell.struck).count();
            let atom = start..start + 1 + tied;
            let common = cells[atom.clone()].iter().fold(Hole::ANY, |hole, cell| hole.and(cell.hole));
            let torn = cells[start].struck && cells[start].held;
            if failure.is_none() && (torn || common.is_empty()) {
                let end = if torn { start + 1 } else { atom.end };
                failure = Some(Failure { steps: steps.start + start..steps.start + end, onset: torn });
            }
            for cell in &mut cells[atom.clone()] {
                cell.hole = common;
            }
            start = atom.end;
        }
        Self { cells, failure }
    }
}

/// Names a smallest set of sources that can't all be satisfied at a failure's steps.
fn explain(sources: &[&Source], voice: usize, failure: Failure, frame: &Frame) -> Contradiction {
    let fails = |sources: &[&Source]| Lane::of(sources, voice, failure.steps.clone()).failure;
    let touches = |source: &&&Source| {
        let overlaps =
            |steps: &Range<usize>| steps.start < failure.steps.end && failure.steps.start < steps.end;
        source.demands.iter().any(|demand| demand.voice == voice && overlaps(&demand.steps))
    };
    let mut culprits: Vec<&Source> = sources.iter().filter(touches).copied().collect();
    let mut next = 0;
    while next < culprits.len() {
        let mut fewer = culprits.clone();
        fewer.remove(next);
        match fails(&fewer) {
            Some(_) => culprits = fewer,
            None => next += 1,
        }
    }
    let failure = fails(&culprits).unwrap_or(failure);
    let problem = match (failure.onset, culprits.len()) {
        (true, 1) => "both begins a note here and holds the one before",
        (true, _) => "disagree on whether a note begins here",
        (false, 1) => "leaves nothing",
        (false, _) => "leave nothing",
    };
    Contradiction {
        place: Some(Bars::of(frame).place(failure.steps.start)),
        voice: Some(voice_name(voice, frame.voices).to_lowercase()),
        constraints: culprits.into_iter().map(|source| source.name.clone()).collect(),
        problem: problem.to_owned(),
    }
}
