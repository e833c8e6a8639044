//! Drafts: pieces with holes. A hole is the set of things it may still become, so that pinned notes,
//! ranges, scales and forbidden notes are one mechanism.

use crate::score::{Cell, Frame, Grid, Onset};

/// What one hole of a grid may become: any of these MIDI numbers, or a rest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hole {
    /// Bit `n` stands for MIDI number `n`.
    pub pitches: u128,
    /// Whether it may be a rest.
    pub rest: bool,
}

impl Hole {
    /// Anything at all.
    pub const ANY: Self = Self { pitches: u128::MAX, rest: true };
    /// A rest.
    pub const REST: Self = Self { pitches: 0, rest: true };
    /// Any pitch, no rest.
    pub const SOUNDING: Self = Self { pitches: u128::MAX, rest: false };

    /// Exactly this pitch or rest.
    pub fn only(pitch: Option<u8>) -> Self {
        match pitch {
            Some(pitch) => Self { pitches: 1 << pitch, rest: false },
            None => Self::REST,
        }
    }

    /// The pitches from `low` to `high`, both included.
    pub fn range(low: u8, high: u8) -> Self {
        Self { pitches: (low..=high.min(127)).fold(0, |set, p| set | 1 << p), rest: false }
    }

    /// The pitches whose class (C = 0) is a bit of `classes`.
    pub fn classes(classes: u16) -> Self {
        let pitches = (0..128u8).filter(|p| classes >> (p % 12) & 1 == 1);
        Self { pitches: pitches.fold(0, |set, p| set | 1 << p), rest: false }
    }

    /// What both allow.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { pitches: self.pitches & other.pitches, rest: self.rest && other.rest }
    }

    /// What either allows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { pitches: self.pitches | other.pitches, rest: self.rest || other.rest }
    }

    /// What this one doesn't allow.
    #[must_use]
    pub fn complement(self) -> Self {
        Self { pitches: !self.pitches, rest: !self.rest }
    }

    /// Whether nothing is left.
    pub fn is_empty(self) -> bool {
        self.pitches == 0 && !self.rest
    }

    /// Whether it may become this.
    pub fn allows(self, pitch: Option<u8>) -> bool {
        pitch.map_or(self.rest, |pitch| self.pitches >> pitch & 1 == 1)
    }

    /// How many things it may become.
    pub fn len(self) -> u32 {
        self.pitches.count_ones() + u32::from(self.rest)
    }
}

impl std::fmt::Debug for Hole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pitches = (0..128).filter(|&p| self.allows(Some(p)));
        f.debug_set().entries(self.rest.then_some("rest")).entries(pitches).finish()
    }
}

/// A grid with holes, shape (T, V).
///
/// An onset of [`Onset::Held`] ties a cell to the one before it: both become the same pitch, struck once.
/// [`Onset::Struck`] begins a note; [`Onset::Unmarked`] leaves that open.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Shape, beats, key.
    pub frame: Frame,
    /// Row-major (T, V).
    holes: Vec<Hole>,
    /// Row-major (T, V).
    onsets: Vec<Onset>,
}

impl Draft {
    /// A draft in which everything is open.
    pub fn open(frame: Frame) -> Self {
        let cells = frame.voices * frame.steps;
        Self { frame, holes: vec![Hole::ANY; cells], onsets: vec![Onset::Unmarked; cells] }
    }

    /// The hole of a cell.
    pub fn hole(&self, step: usize, voice: usize) -> Hole {
        self.holes[step * self.frame.voices + voice]
    }

    /// Whether a note is known to begin at a cell.
    pub fn onset(&self, step: usize, voice: usize) -> Onset {
        self.onsets[step * self.frame.voices + voice]
    }

    /// Leaves only what the hole and `allowed` have in common.
    pub fn narrow(&mut self, step: usize, voice: usize, allowed: Hole) {
        let hole = &mut self.holes[step * self.frame.voices + voice];
        *hole = hole.and(allowed);
    }

    /// Says whether a note begins at a cell.
    pub fn mark(&mut self, step: usize, voice: usize, onset: Onset) {
        self.onsets[step * self.frame.voices + voice] = onset;
    }

    /// Fills a cell.
    pub fn pin(&mut self, step: usize, voice: usize, cell: Cell) {
        self.narrow(step, voice, Hole::only(cell.pitch));
        self.mark(step, voice, cell.onset);
    }

    /// Where the atom of a cell begins: the step at which the note that it is tied to starts.
    pub fn atom_start(&self, step: usize, voice: usize) -> usize {
        (0..=step).rev().find(|&t| t == 0 || self.onset(t, voice) != Onset::Held).unwrap_or(0)
    }

    /// What a grid breaks of this draft: the first cell whose pitch or onset the draft doesn't allow.
    pub fn broken_by(&self, grid: &Grid) -> Option<(usize, usize)> {
        let cells = (0..self.frame.steps).flat_map(|t| (0..self.frame.voices).map(move |v| (t, v)));
        cells.into_iter().find(|&(t, v)| {
            let cell = grid.at(t, v);
            let before = t.checked_sub(1).map(|s| grid.at(s, v).pitch);
            let kept = match self.onset(t, v) {
                Onset::Unmarked => true,
                Onset::Struck => cell.pitch.is_none() || cell.onset == Onset::Struck,
                Onset::Held => {
                    before.is_none_or(|p| p == cell.pitch) && (cell.onset != Onset::Struck || t == 0)
                }
            };
            !(kept && self.hole(t, v).allows(cell.pitch))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_sets() {
        let g_major = Hole::classes(0b1010_1101_0101 | 1 << 6).and(Hole::range(60, 67));
        assert_eq!(format!("{g_major:?}"), "{60, 62, 64, 66, 67}");
        assert!(Hole::only(None).allows(None) && !Hole::SOUNDING.allows(None));
        assert!(Hole::only(Some(60)).and(Hole::only(Some(61))).is_empty());
        assert_eq!(Hole::range(60, 62).or(Hole::REST).len(), 4);
        assert_eq!(Hole::ANY.complement().len(), 0);
    }

    #[test]
    fn a_draft_knows_what_breaks_it() {
        let mut draft = Draft::open(Frame::sixteenths(1, 4));
        draft.mark(1, 0, Onset::Held);
        draft.narrow(0, 0, Hole::range(60, 64));
        let kept = Grid::from_pitches(Frame::sixteenths(1, 4), &[Some(60), Some(60), None, Some(72)]);
        let tie_broken = Grid::from_pitches(Frame::sixteenths(1, 4), &[Some(60), Some(62), None, None]);
        let out_of_range = Grid::from_pitches(Frame::sixteenths(1, 4), &[Some(65), Some(65), None, None]);
        assert_eq!(draft.broken_by(&kept), None);
        assert_eq!(draft.broken_by(&tie_broken), Some((1, 0)));
        assert_eq!(draft.broken_by(&out_of_range), Some((0, 0)));
        assert_eq!(draft.atom_start(1, 0), 0);
    }
}
