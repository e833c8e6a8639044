//! Which cells a piece inherits from the draft: all of them, unless constraints with `given` or `open` say otherwise.

use super::bars::Bars;
use super::what::What;
use super::{Constraint, Contradiction, Kind};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Onset};
use std::ops::Range;

/// The voices and the stretches of steps that a constraint covers.
pub(super) struct Cover {
    pub(super) voices: Vec<usize>,
    pub(super) stretches: Vec<Range<usize>>,
}

impl Cover {
    /// What a constraint covers in a frame.
    ///
    /// # Errors
    ///
    /// A voice or region that the frame lacks.
    pub(super) fn of(constraint: &Constraint, frame: &Frame, bars: &Bars) -> Result<Self, Contradiction> {
        let unfit =
            |reason: String| Contradiction::unfit(constraint.to_string(), format!("does not fit: {reason}"));
        let voices = constraint.voices.among(frame.voices).map_err(unfit)?;
        let stretches = constraint.region.steps(bars).map_err(unfit)?;
        Ok(Self { voices, stretches })
    }

    /// All voices at all steps.
    pub(super) fn whole(frame: &Frame) -> Self {
        Self { voices: (0..frame.voices).collect(), stretches: std::iter::once(0..frame.steps).collect() }
    }

    /// Its cells, as steps and voices.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let steps = self.stretches.iter().cloned().flatten();
        steps.flat_map(|step| self.voices.iter().map(move |&voice| (step, voice)))
    }
}

/// The cells that come from the draft, shape (T, V).
pub(super) struct Inherited<'a> {
    draft: Option<&'a Draft>,
    voices: usize,
    cells: Vec<bool>,
    /// Whether some `--keep …=given` says which parts of the draft count.
    pub(super) chosen: bool,
}

impl<'a> Inherited<'a> {
    /// What constraints leave of a draft in a frame.
    pub(super) fn new(draft: Option<&'a Draft>, frame: &Frame, constraints: &[(&Constraint, Cover)]) -> Self {
        let chosen = constraints.iter().any(|(constraint, _)| chooses(constraint));
        let mut cells = vec![!chosen; frame.voices * frame.steps];
        let mut mark = |cover: &Cover, value: bool| {
            for (step, voice) in cover.cells() {
                cells[step * frame.voices + voice] = value;
            }
        };
        for (constraint, cover) in constraints {
            if chooses(constraint) {
                mark(cover, true);
            } else if !chosen && constraint.what.names_given() {
                mark(cover, false);
            }
        }
        for (_, cover) in constraints.iter().filter(|(constraint, _)| constraint.what == What::Open) {
            mark(cover, false);
        }
        Self { draft, voices: frame.voices, cells, chosen }
    }

    /// What the draft has at a cell, inherited or not; [`Hole::ANY`] outside it.
    pub(super) fn given(&self, step: usize, voice: usize) -> Hole {
        match self.draft {
            Some(draft) if step < draft.frame.steps && voice < draft.frame.voices => draft.hole(step, voice),
            _ => Hole::ANY,
        }
    }

    /// What is inherited at a cell. A note goes on from the cell before only if that is inherited too.
    pub(super) fn at(&self, step: usize, voice: usize) -> Option<(Hole, Onset)> {
        let draft = self.draft?;
        let inside = step < draft.frame.steps && voice < draft.frame.voices;
        if !inside || !self.cells[step * self.voices + voice] {
            return None;
        }
        let cut = step == 0 || !self.cells[(step - 1) * self.voices + voice];
        let hole = draft.hole(step, voice);
        let silent = hole.pitches == 0;
        match draft.onset(step, voice) {
            Onset::Held if cut => Some((hole, Onset::Unmarked)),
            Onset::Struck if silent => Some((hole, Onset::Unmarked)),
            // What is struck sounds, so that being both struck and held is always a contradiction.
            Onset::Struck => Some((hole.and(Hole::SOUNDING), Onset::Struck)),
            onset => Some((hole, onset)),
        }
    }
}

fn chooses(constraint: &Constraint) -> bool {
    constraint.kind == Kind::Keep && constraint.what.is_given()
}
