//! Voice-leading counts: parallel fifths and octaves, and crossings.

use etude_piece::score::Grid;
use serde::Serialize;

/// What was counted in a set of pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct VoiceLeading {
    /// Pairs of voices that both move into a step.
    pub moving_pairs: usize,
    /// Those that move from one perfect fifth (or twelfth …) to another.
    pub parallel_fifths: usize,
    /// Those that move from one unison or octave to another.
    pub parallel_octaves: usize,
    /// Pairs of neighbouring voices that both sound, step by step.
    pub neighbours: usize,
    /// Those in which a voice lies above its upper neighbour.
    pub crossings: usize,
}

impl VoiceLeading {
    /// Counts over all pieces.
    pub fn of<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Self {
        let mut counts = Self::default();
        for grid in grids {
            for step in 0..grid.steps() {
                counts.step(grid, step);
            }
        }
        counts
    }

    /// Parallel fifths and octaves for every thousand moving pairs.
    pub fn parallels_per_thousand(&self) -> f64 {
        1000.0 * (self.parallel_fifths + self.parallel_octaves) as f64 / self.moving_pairs.max(1) as f64
    }

    /// Crossings for every thousand pairs of sounding neighbours.
    pub fn crossings_per_thousand(&self) -> f64 {
        1000.0 * self.crossings as f64 / self.neighbours.max(1) as f64
    }

    fn step(&mut self, grid: &Grid, step: usize) {
        let now: Vec<Option<u8>> = grid.chord(step).collect();
        self.neighbours += now.windows(2).filter(|pair| pair[0].is_some() && pair[1].is_some()).count();
        self.crossings += now.windows(2).filter(|pair| pair[0].is_some() && pair[0] < pair[1]).count();
        let Some(before) = step.checked_sub(1).map(|t| grid.chord(t).collect::<Vec<_>>()) else { return };
        for upper in 0..now.len() {
            for lower in upper + 1..now.len() {
                let (Some(a), Some(b), Some(c), Some(d)) =
                    (before[upper], before[lower], now[upper], now[lower])
                else {
                    continue;
                };
                if a == c || b == d {
                    continue;
                }
                self.moving_pairs += 1;
                match parallel((a, b), (c, d)) {
                    Some(7) => self.parallel_fifths += 1,
                    Some(_) => self.parallel_octaves += 1,
                    None => {}
                }
            }
        }
    }
}

/// The interval of two pitches, upper first, if it is perfect: 7 for fifths, 0 for octaves and unisons.
pub fn perfect(upper: u8, lower: u8) -> Option<u8> {
    let interval = (upper + 120 - lower) % 12;
    matches!(interval, 0 | 7).then_some(interval)
}

/// Whether two voices, upper first, move in the same direction and keep a perfect fifth (`Some(7)`) or an octave or
/// unison (`Some(0)`).
pub fn parallel(before: (u8, u8), now: (u8, u8)) -> Option<u8> {
    let (upper, lower) = (now.0.cmp(&before.0), now.1.cmp(&before.1));
    if upper != lower || upper.is_eq() {
        return None;
    }
    let interval = perfect(before.0, before.1)?;
    (perfect(now.0, now.1) == Some(interval)).then_some(interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    #[test]
    fn crossings_are_counted_among_sounding_neighbours() {
        let pitches = [60, 48, 48, 60, 0, 50].map(|pitch| Some(pitch).filter(|pitch| *pitch > 0));
        let counts = VoiceLeading::of([&Grid::from_pitches(Frame::sixteenths(2, 3), &pitches)]);
        assert_eq!((counts.neighbours, counts.crossings, counts.crossings_per_thousand()), (2, 1, 500.0));
    }

    #[test]
    fn parallels_keep_a_perfect_interval_in_one_direction() {
        assert_eq!(parallel((67, 60), (69, 62)), Some(7));
        assert_eq!(parallel((72, 48), (74, 62)), Some(0));
        assert_eq!(parallel((67, 60), (67, 60)), None);
        assert_eq!(parallel((67, 60), (69, 65)), None);
        assert_eq!(parallel((67, 60), (69, 50)), None, "contrary motion");
    }
}
