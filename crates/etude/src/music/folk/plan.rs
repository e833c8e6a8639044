//! What a tune is to be: its metre and mode, its form, and the notes it may have.

use super::tokens::{LOWEST, METRES, PITCHES, bar_ticks};

/// What a tune is to be; the default leaves everything open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The metre's place in the table.
    pub metre: Option<usize>,
    /// The mode's place in the table.
    pub mode: Option<usize>,
    /// The parts; empty: any up to `parts_at_most`.
    pub parts: Vec<PartPlan>,
    /// The most parts, where the plan doesn't name them.
    pub parts_at_most: usize,
    /// The most bars of a part or an ending, where the plan doesn't tell their number, ≥ 2.
    pub bars_at_most: usize,
    /// The fewest bars of a part, where the plan doesn't tell their number.
    pub bars_at_least: usize,
    /// The pitches that there may be, bit n for the n-th of the alphabet.
    pub pitches: u64,
    /// The classes (C = bit 0) that the first note may have.
    pub start: u16,
    /// The classes that the last note may have.
    pub end: u16,
    /// Whether there may be rests.
    pub rests: bool,
    /// Whether there may be ties.
    pub ties: bool,
    /// Whether there may be triplets.
    pub triplets: bool,
    /// Whether there may be upbeats.
    pub upbeats: bool,
    /// Whether no part has endings.
    pub unending: bool,
    /// Whether a part's upbeat makes whole the last bar of the part before, so that no beat is lost or gained in between.
    pub flows: bool,
}

/// What a part is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartPlan {
    /// Whether it is repeated; `None` leaves it open.
    pub repeated: Option<bool>,
    /// How many bars it has, those of its first ending counted and the upbeat not; `None` leaves it open.
    pub bars: Option<usize>,
    /// Whether it has no endings.
    pub unending: bool,
}

/// All twelve classes.
pub(super) const ALL_CLASSES: u16 = (1 << 12) - 1;

impl Default for Plan {
    fn default() -> Self {
        Self {
            metre: None,
            mode: None,
            parts: Vec::new(),
            parts_at_most: 8,
            bars_at_most: 32,
            bars_at_least: 2,
            pitches: (1 << PITCHES) - 1,
            start: ALL_CLASSES,
            end: ALL_CLASSES,
            rests: true,
            ties: true,
            triplets: true,
            upbeats: true,
            unending: false,
            flows: true,
        }
    }
}

impl Plan {
    /// A plan so wide that all tunes of a collection find their place in it.
    pub fn widest() -> Self {
        Self { parts_at_most: 64, bars_at_most: 512, bars_at_least: 1, flows: false, ..Self::default() }
    }

    /// Whether there is a pitch to begin with and one to end with.
    pub(super) fn is_possible(&self) -> bool {
        let classes = (0..PITCHES).filter(|n| self.pitches >> n & 1 == 1);
        let classes = classes.fold(0, |set: u16, n| set | 1 << ((usize::from(LOWEST) + n) % 12));
        classes & self.start != 0 && classes & self.end != 0
    }

    /// What a part is to be.
    fn part(&self, index: usize) -> PartPlan {
        self.parts.get(index).copied().unwrap_or_default()
    }

    pub(super) fn least_parts(&self) -> usize {
        self.parts.len().max(1)
    }

    pub(super) fn most_parts(&self) -> usize {
        if self.parts.is_empty() { self.parts_at_most.max(1) } else { self.parts.len() }
    }

    pub(super) fn is_exact(&self, index: usize) -> bool {
        self.part(index).bars.is_some()
    }

    pub(super) fn least_bars(&self, index: usize) -> usize {
        self.part(index).bars.unwrap_or(self.bars_at_least).max(1)
    }

    pub(super) fn most_bars(&self, index: usize) -> usize {
        self.part(index).bars.unwrap_or(self.bars_at_most.max(2)).max(1)
    }

    pub(super) fn may_repeat(&self, index: usize) -> bool {
        self.part(index).repeated != Some(false)
    }

    /// Whether a part may do without repeat signs.
    pub(super) fn may_be_plain(&self, index: usize) -> bool {
        self.part(index).repeated != Some(true)
    }

    /// Whether a part may have a first and a second ending.
    pub(super) fn may_have_endings(&self, index: usize) -> bool {
        !self.unending && !self.part(index).unending
    }

    /// Whether parts may have upbeats. One of a single bar may not, and all that follow one with an upbeat must.
    pub(super) fn may_lift(&self) -> bool {
        self.upbeats && self.bars_at_most > 1 && self.parts.iter().all(|part| part.bars != Some(1))
    }

    pub(super) fn allows_metre(&self, index: usize) -> bool {
        self.metre.is_none_or(|metre| metre == index) && index < METRES.len() && bar_ticks(index) > 0
    }

    pub(super) fn allows_pitch(&self, midi: u8, first: bool) -> bool {
        let index = midi.wrapping_sub(LOWEST);
        let known = usize::from(index) < PITCHES && self.pitches >> index & 1 == 1;
        known && (!first || self.start >> (midi % 12) & 1 == 1)
    }

    /// Whether a tune may end with a pitch.
    pub(super) fn ends_with(&self, midi: u8) -> bool {
        self.end >> (midi % 12) & 1 == 1
    }
}
