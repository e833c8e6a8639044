//! Histograms of what is sung: pitches, intervals, lengths and chords.

use etude_piece::score::Grid;
use serde::Serialize;
use std::collections::BTreeMap;

/// How often each value occurs.
pub type Counts = BTreeMap<i32, u64>;

/// Histograms of a set of pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Histograms {
    /// Sounding cells by MIDI number.
    pub pitches: Counts,
    /// Moves of a voice, one step to the next, in semitones, upwards positive; neither repeats nor rests.
    pub intervals: Counts,
    /// Notes by their length in steps. A note lasts until its voice's pitch changes: many corpora don't tell whether a
    /// repeated pitch is struck again.
    pub durations: Counts,
    /// Steps by their chord: bit `n` of the value stands for a pitch class `n` semitones above the lowest pitch.
    /// Silent steps aren't counted.
    pub chords: Counts,
}

impl Histograms {
    /// Counts in all pieces.
    pub fn of<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Self {
        let mut histograms = Self::default();
        for grid in grids {
            (0..grid.voices()).for_each(|voice| histograms.voice(grid, voice));
            (0..grid.steps())
                .filter_map(|step| chord(grid, step))
                .for_each(|c| add(&mut histograms.chords, c));
        }
        histograms
    }

    fn voice(&mut self, grid: &Grid, voice: usize) {
        let mut length = 0;
        for step in 0..grid.steps() {
            let now = grid.at(step, voice).pitch;
            let before = step.checked_sub(1).and_then(|step| grid.at(step, voice).pitch);
            if let Some(pitch) = now {
                add(&mut self.pitches, i32::from(pitch));
            }
            if now != before {
                self.note(length);
                length = 0;
            }
            if let (Some(now), Some(before)) = (now, before.filter(|_| now != before)) {
                add(&mut self.intervals, i32::from(now) - i32::from(before));
            }
            length += i32::from(now.is_some());
        }
        self.note(length);
    }

    fn note(&mut self, steps: i32) {
        if steps > 0 {
            add(&mut self.durations, steps);
        }
    }
}

fn add(counts: &mut Counts, value: i32) {
    *counts.entry(value).or_insert(0) += 1;
}

/// The pitch classes of a step above its lowest pitch.
fn chord(grid: &Grid, step: usize) -> Option<i32> {
    let lowest = grid.chord(step).flatten().min()?;
    Some(grid.chord(step).flatten().fold(0, |set, pitch| set | 1 << ((pitch - lowest) % 12)))
}

/// Chords that have a name: intervals above the root, and what the chord is called.
const NAMED: [(&[u8], &str); 9] = [
    (&[0, 4, 7], "major"),
    (&[0, 3, 7], "minor"),
    (&[0, 3, 6], "diminished"),
    (&[0, 4, 8], "augmented"),
    (&[0, 4, 7, 10], "dominant 7th"),
    (&[0, 4, 7, 11], "major 7th"),
    (&[0, 3, 7, 10], "minor 7th"),
    (&[0, 3, 6, 10], "half-dim. 7th"),
    (&[0, 3, 6, 9], "dim. 7th"),
];

/// What a chord of [`Histograms::chords`] is called: `major`, `minor, 1st inv.`, or its intervals above the lowest pitch in
/// semitones, such as `0 2 7`.
pub fn chord_name(chord: i32) -> String {
    for (intervals, name) in NAMED {
        for (inversion, &lowest) in intervals.iter().enumerate() {
            let set = intervals.iter().fold(0, |set, &above| set | 1 << ((above + 12 - lowest) % 12));
            if set == chord {
                return match inversion {
                    0 => name.to_owned(),
                    _ => format!("{name}, {} inv.", ["1st", "2nd", "3rd"][inversion - 1]),
                };
            }
        }
    }
    let intervals: Vec<String> =
        (0..12).filter(|n| chord >> n & 1 == 1).map(|n: i32| n.to_string()).collect();
    match intervals.as_slice() {
        [_] => "one pitch class".to_owned(),
        _ => intervals.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    /// Two voices, a step a line: upper and lower pitch, 0 for a rest.
    fn histograms(steps: &[[u8; 2]]) -> Histograms {
        let pitches: Vec<Option<u8>> =
            steps.concat().into_iter().map(|p| Some(p).filter(|p| *p > 0)).collect();
        Histograms::of([&Grid::from_pitches(Frame::sixteenths(2, steps.len()), &pitches)])
    }

    #[track_caller]
    fn check(found: &Counts, expected: &[(i32, u64)]) {
        assert_eq!(found.iter().map(|(&value, &count)| (value, count)).collect::<Vec<_>>(), expected);
    }

    const STEPS: [[u8; 2]; 5] = [[67, 48], [67, 48], [64, 0], [64, 43], [64, 43]];

    #[test]
    fn pitches_count_every_sounding_cell() {
        check(&histograms(&STEPS).pitches, &[(43, 2), (48, 2), (64, 3), (67, 2)]);
    }

    #[test]
    fn intervals_count_moves_and_not_what_a_rest_parts() {
        check(&histograms(&STEPS).intervals, &[(-3, 1)]);
    }

    #[test]
    fn durations_last_until_the_pitch_changes() {
        check(&histograms(&STEPS).durations, &[(2, 3), (3, 1)]);
    }

    #[test]
    fn chords_are_counted_above_their_lowest_pitch() {
        check(&histograms(&STEPS).chords, &[(1, 1), (1 | 1 << 7, 2), (1 | 1 << 9, 2)]);
    }

    #[test]
    fn chords_have_names_in_every_inversion() {
        let set = |intervals: &[i32]| intervals.iter().fold(0, |set, n| set | 1 << n);
        assert_eq!(chord_name(set(&[0, 4, 7])), "major");
        assert_eq!(chord_name(set(&[0, 3, 8])), "major, 1st inv.");
        assert_eq!(chord_name(set(&[0, 2, 6, 9])), "dominant 7th, 3rd inv.");
        assert_eq!(chord_name(set(&[0, 2, 7])), "0 2 7");
        assert_eq!(chord_name(1), "one pitch class");
    }
}
