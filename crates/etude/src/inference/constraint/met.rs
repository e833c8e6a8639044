//! Whether a finished piece meets constraints: a slow plain reading of the language, apart from the compilation.

use super::bars::Bars;
use super::harmony::{self, Cadence, Chord};
use super::inherit::{Cover, Inherited};
use super::item::Item;
use super::source::closing_beats;
use super::what::{Length, What};
use super::{Constraint, Kind};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Grid, Key, Onset};
use std::ops::Range;

/// Whether `grid` meets each constraint, in their order. `given` is the draft as given, before [`super::compile`];
/// `key` counts where the grid's frame has none. A constraint that doesn't fit the grid's shape isn't met.
pub fn met(given: Option<&Draft>, key: Key, grid: &Grid, constraints: &[Constraint]) -> Vec<bool> {
    let bars = Bars::of(&grid.frame);
    let cover = |constraint| Cover::of(constraint, &grid.frame, &bars);
    let covered: Vec<(&Constraint, Cover)> =
        constraints.iter().filter_map(|c| Some((c, cover(c).ok()?))).collect();
    let inherited = Inherited::new(given, &grid.frame, &covered);
    let reading = Reading { grid, key: grid.frame.key.unwrap_or(key), inherited: &inherited, bars };
    let of_one = |constraint| cover(constraint).is_ok_and(|cover| reading.meets(constraint, &cover));
    constraints.iter().map(of_one).collect()
}

/// A finished piece and what its constraints refer to.
struct Reading<'a> {
    grid: &'a Grid,
    key: Key,
    inherited: &'a Inherited<'a>,
    bars: Bars,
}

impl Reading<'_> {
    fn meets(&self, constraint: &Constraint, cover: &Cover) -> bool {
        let everywhere = |test: &dyn Fn(usize, usize) -> bool| cover.cells().all(|(t, v)| test(t, v));
        let in_each = |test: &dyn Fn(&Range<usize>, usize) -> bool| {
            cover.stretches.iter().all(|steps| cover.voices.iter().all(|&voice| test(steps, voice)))
        };
        match &constraint.what {
            What::Open => true,
            What::Set(_) if constraint.kind == Kind::Keep && constraint.what.is_given() => {
                everywhere(&|step, voice| self.inherits(step, voice))
            }
            What::Set(items) if constraint.kind == Kind::Keep => everywhere(&|step, voice| {
                let silent = self.grid.at(step, voice).pitch.is_none();
                items.iter().any(|&item| self.is(item, step, voice) || (silent && item.leaves_rests()))
            }),
            What::Set(items) => everywhere(&|step, voice| {
                let named = |item: &Item| {
                    let open = *item == Item::Given && self.inherited.given(step, voice) == Hole::ANY;
                    !open && self.is(*item, step, voice)
                };
                !items.iter().any(named)
            }),
            What::Hold => in_each(&|steps, voice| steps.clone().skip(1).all(|step| self.holds(step, voice))),
            What::Strike => in_each(&|steps, voice| self.strikes(steps.start, voice)),
            What::Rhythm(lengths) => in_each(&|steps, voice| self.follows(lengths, steps, voice)),
            What::Cadence(cadence) => self.closes(*cadence, cover),
        }
    }

    /// Whether a cell is what a set's entry names.
    fn is(&self, item: Item, step: usize, voice: usize) -> bool {
        let pitch = self.grid.at(step, voice).pitch;
        let class = pitch.map(|pitch| pitch % 12);
        let within = |classes: u16| class.is_some_and(|class| classes & (1 << class) != 0);
        match item {
            Item::Rest => pitch.is_none(),
            Item::Sounding => pitch.is_some(),
            Item::Given => self.inherited.given(step, voice).allows(pitch),
            Item::Pitch(asked) => pitch == Some(asked),
            Item::Range(low, high) => pitch.is_some_and(|pitch| low <= pitch && pitch <= high),
            Item::Class(asked) => class == Some(asked),
            Item::Scale(classes) => within(classes),
            Item::OwnScale => within(harmony::scale_of(self.key)),
            Item::Degree(degree, alter) => class == Some(harmony::degree(self.key, degree, alter)),
            Item::Chord(chord) => self.sings(chord, step, voice),
        }
    }

    /// Whether a voice sings a note of a chord, the lowest of several its bass.
    fn sings(&self, chord: Chord, step: usize, voice: usize) -> bool {
        let Some(pitch) = self.grid.at(step, voice).pitch else { return false };
        let lowest = self.grid.voices() > 1 && voice == self.grid.voices() - 1;
        match chord.bass {
            Some(bass) if lowest => pitch % 12 == bass,
            _ => chord.classes >> (pitch % 12) & 1 == 1,
        }
    }

    /// Whether a cell goes on from the one before.
    fn holds(&self, step: usize, voice: usize) -> bool {
        let cell = self.grid.at(step, voice);
        step == 0 || (cell.onset != Onset::Struck && cell.pitch == self.grid.at(step - 1, voice).pitch)
    }

    /// Whether a note begins at a cell.
    fn strikes(&self, step: usize, voice: usize) -> bool {
        let cell = self.grid.at(step, voice);
        cell.pitch.is_some() && cell.onset == Onset::Struck
    }

    fn inherits(&self, step: usize, voice: usize) -> bool {
        let Some((hole, onset)) = self.inherited.at(step, voice) else { return true };
        let pitch = self.grid.at(step, voice).pitch;
        let began = match onset {
            Onset::Unmarked => true,
            Onset::Struck => pitch.is_none() || self.strikes(step, voice),
            Onset::Held => self.holds(step, voice),
        };
        hole.allows(pitch) && began
    }

    fn follows(&self, lengths: &[Length], steps: &Range<usize>, voice: usize) -> bool {
        let per_quarter = self.grid.frame.steps_per_quarter as f64;
        let mut start = steps.start;
        for length in lengths.iter().cycle() {
            if start >= steps.end {
                break;
            }
            let end = (start + (length.quarters.to_f64() * per_quarter).round() as usize).min(steps.end);
            let kept = (start..end).all(|step| match (length.rest, step == start) {
                (true, _) => self.grid.at(step, voice).pitch.is_none(),
                (false, true) => self.strikes(step, voice),
                (false, false) => self.holds(step, voice),
            });
            if !kept || end == start {
                return false;
            }
            start = end;
        }
        true
    }

    fn closes(&self, cadence: Cadence, cover: &Cover) -> bool {
        let Ok(beats) = closing_beats(&cover.stretches, &self.bars) else { return false };
        let (before, last) = cadence.chords(self.key);
        let sung = |steps: &Range<usize>, chord: Chord| {
            steps.clone().all(|step| cover.voices.iter().all(|&voice| self.sings(chord, step, voice)))
        };
        beats.iter().all(|[early, late]| before.is_none_or(|chord| sung(early, chord)) && sung(late, last))
    }
}
