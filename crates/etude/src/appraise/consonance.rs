//! Consonance: how many notes on strong beats belong to a triad or seventh chord over the bass.

use etude_piece::score::{Grid, Metre};
use serde::Serialize;

/// Triads and seventh chords as intervals above the root: major, minor, diminished and augmented triads; dominant, major,
/// minor, half-diminished and diminished sevenths.
const CHORDS: [&[u8]; 9] = [
    &[0, 4, 7],
    &[0, 3, 7],
    &[0, 3, 6],
    &[0, 4, 8],
    &[0, 4, 7, 10],
    &[0, 4, 7, 11],
    &[0, 3, 7, 10],
    &[0, 3, 6, 10],
    &[0, 3, 6, 9],
];

/// Notes on strong beats, and those among them that belong to the chord that explains most of its step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Consonance {
    /// Sounding notes on strong beats.
    pub notes: usize,
    /// Those in the chord.
    pub consonant: usize,
}

impl Consonance {
    /// Counts over all pieces. Strong beats are a bar's first, and its middle where the metre halves (4/4, 6/8, 12/8).
    pub fn of<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Self {
        let mut counts = Self::default();
        for grid in grids {
            for step in (0..grid.steps()).filter(|&step| is_strong(grid, step)) {
                let pitches: Vec<u8> = grid.chord(step).flatten().collect();
                counts.notes += pitches.len();
                counts.consonant += explained(&pitches);
            }
        }
        counts
    }

    /// The share of notes that are consonant, 0..=1; 1 of none.
    pub fn share(self) -> f64 {
        if self.notes == 0 { 1.0 } else { self.consonant as f64 / self.notes as f64 }
    }
}

/// Whether a step begins a bar or its second half.
fn is_strong(grid: &Grid, step: usize) -> bool {
    let metre = grid.frame.metre.unwrap_or(Metre::COMMON);
    let (bar, within) = grid.frame.bar_of(step);
    let full = grid.frame.steps_per_bar();
    let halves = metre.count.is_multiple_of(2) && metre.count > 2;
    // An upbeat ends where the first full bar begins; it holds no strong beat unless it is longer than half a bar.
    bar > 0 && (within == 0 || halves && 2 * within == full)
}

/// How many of the pitches the best chord that holds the lowest of them explains.
fn explained(pitches: &[u8]) -> usize {
    let Some(bass) = pitches.iter().min() else { return 0 };
    let roots = (0..12).flat_map(|root| CHORDS.iter().map(move |chord| (root, chord)));
    let classes =
        roots.map(|(root, chord)| chord.iter().fold(0u16, |set, above| set | 1 << ((root + above) % 12)));
    let holds = |set: u16, pitch: u8| set >> (pitch % 12) & 1 == 1;
    let over_bass = classes.filter(|&set| holds(set, *bass));
    over_bass.map(|set| pitches.iter().filter(|&&p| holds(set, p)).count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    #[track_caller]
    fn check(pitches: &[u8], expected: usize) {
        assert_eq!(explained(pitches), expected);
    }

    #[test]
    fn triads_and_sevenths_are_consonant_in_every_inversion() {
        check(&[72, 67, 64, 48], 4);
        check(&[72, 67, 60, 52], 4);
        check(&[77, 71, 62, 55], 4);
    }

    #[test]
    fn a_foreign_note_is_not() {
        check(&[72, 67, 65, 48], 3);
        check(&[73, 67, 64, 48], 3);
    }

    #[test]
    fn only_strong_beats_count() {
        let pitches: Vec<Option<u8>> = [[72, 48]; 16].concat().into_iter().map(Some).collect();
        let grid = Grid::from_pitches(Frame::sixteenths(2, 16), &pitches);
        assert_eq!(Consonance::of([&grid]), Consonance { notes: 4, consonant: 4 });
    }
}
