//! What surrounds a melody, in numbers: its frame, its metre, its chords.

use super::Melody;
use super::chord::{Chord, FAMILIES};
use super::notation::{Notation, QUARTERS};
use etude_piece::score::{Frame, Metre};

/// What surrounds a melody: all that a model may read and that isn't the melody itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) notation: Notation,
    pub(super) frame: Frame,
    /// The number of each step's chord, shape (T).
    pub(super) chords: Vec<u32>,
}

impl Sheet {
    /// The sheet of a melody that is moved already.
    pub(super) fn new(notation: Notation, melody: &Melody) -> Self {
        let frame = melody.grid.frame.clone();
        let mut chords = vec![0; frame.steps];
        let told = if notation.chords { melody.chords.as_slice() } else { &[] };
        for (index, &(start, chord)) in told.iter().enumerate() {
            let end = told.get(index + 1).map_or(frame.steps, |next| next.0).min(frame.steps);
            if let Some(steps) = chords.get_mut(start..end) {
                steps.fill(chord_field(chord));
            }
        }
        Self { notation, frame, chords }
    }

    /// The value of field 6.
    pub(super) fn surroundings(&self, step: usize) -> u32 {
        let places = QUARTERS * self.notation.steps;
        self.bars_left(step) * places as u32 + self.notation.place(&self.frame, step) as u32
    }

    /// Mode, kind of metre, and how many bars are left, without the place in the bar.
    pub(super) fn bars_left(&self, step: usize) -> u32 {
        let frame = &self.frame;
        let minor = usize::from(frame.key.is_some_and(|key| key.mode.is_minor()));
        let metre = kind(frame.metre.unwrap_or_default());
        let left = frame.steps.saturating_sub(step + 1) / frame.steps_per_bar();
        ((minor * METRES + metre) * 4 + left.min(3)) as u32
    }
}

/// A chord's number, below 1 + 12 · [`FAMILIES`].
fn chord_field(chord: Chord) -> u32 {
    if chord.is_none() { 0 } else { (1 + usize::from(chord.root) * FAMILIES + chord.family()) as u32 }
}

/// The kinds of metres: even, triple, compound, others.
pub(super) const METRES: usize = 4;

fn kind(metre: Metre) -> usize {
    let compound = metre.unit >= 8 && metre.count.is_multiple_of(3);
    match (compound, metre.count) {
        (true, _) => 2,
        (_, count) if count.is_multiple_of(3) => 1,
        (_, count) if count.is_multiple_of(2) => 0,
        _ => 3,
    }
}
