//! Statistical accuracy: how often pitches, and pairs of pitches near each other, occur in two sets of pieces.
//!
//! Source: Sakellariou et al. 2017 and Hadjeres et al. 2016 compare the frequencies of a corpus and of what a model makes
//! of it, pair by pair; here by Pearson's correlation over the union of the pairs that occur.

use etude_piece::score::Grid;
use std::collections::BTreeMap;

/// Correlations of the frequencies in two sets of pieces, each in -1..=1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlations {
    /// (voice, pitch).
    pub unary: f64,
    /// (voice, pitch, pitch one step later), holds included.
    pub horizontal: f64,
    /// (voice, pitch, next different pitch): the melodic moves alone.
    pub melodic: f64,
    /// (voice, pitch, other voice, pitch) at the same step.
    pub vertical: f64,
    /// (voice, pitch, other voice, pitch one step later).
    pub diagonal: f64,
    /// (voice, pitch, other voice, pitch one quarter later).
    pub diagonal_quarter: f64,
}

/// What is counted: voice, pitch and, for pairs, another voice and pitch; 255 stands for a rest.
type Event = (u8, u8, u8, u8);

/// A kind of event, and how to list a grid's.
type Counter = fn(&Grid, &mut dyn FnMut(Event));

/// Compares the frequencies of `ours` with those of `theirs`.
pub fn correlations(ours: &[Grid], theirs: &[Grid]) -> Correlations {
    let compare = |events: Counter| pearson(&frequencies(ours, events), &frequencies(theirs, events));
    Correlations {
        unary: compare(unary),
        horizontal: compare(horizontal),
        melodic: compare(melodic),
        vertical: compare(vertical),
        diagonal: compare(|grid, take| diagonal(grid, 1, take)),
        diagonal_quarter: compare(|grid, take| diagonal(grid, grid.frame.steps_per_quarter, take)),
    }
}

/// Relative frequencies of the events of all grids.
fn frequencies(grids: &[Grid], events: Counter) -> BTreeMap<Event, f64> {
    let mut counts = BTreeMap::new();
    let mut total = 0.0;
    for grid in grids {
        events(grid, &mut |event| {
            *counts.entry(event).or_insert(0.0) += 1.0;
            total += 1.0;
        });
    }
    counts.values_mut().for_each(|count| *count /= total);
    counts
}

/// Pearson's correlation over the union of the keys; NaN if either side doesn't vary.
fn pearson(ours: &BTreeMap<Event, f64>, theirs: &BTreeMap<Event, f64>) -> f64 {
    let mut pairs: Vec<(f64, f64)> =
        ours.iter().map(|(event, &f)| (f, theirs.get(event).copied().unwrap_or(0.0))).collect();
    pairs.extend(theirs.iter().filter(|(event, _)| !ours.contains_key(event)).map(|(_, &f)| (0.0, f)));
    let n = pairs.len() as f64;
    let mean_a = pairs.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_b = pairs.iter().map(|p| p.1).sum::<f64>() / n;
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        both += (a - mean_a) * (b - mean_b);
        of_a += (a - mean_a) * (a - mean_a);
        of_b += (b - mean_b) * (b - mean_b);
    }
    both / (of_a * of_b).sqrt()
}

fn code(grid: &Grid, step: usize, voice: usize) -> u8 {
    grid.at(step, voice).pitch.unwrap_or(u8::MAX)
}

fn unary(grid: &Grid, take: &mut dyn FnMut(Event)) {
    for step in 0..grid.steps() {
        for voice in 0..grid.voices() {
            take((voice as u8, code(grid, step, voice), 0, 0));
        }
    }
}

fn horizontal(grid: &Grid, take: &mut dyn FnMut(Event)) {
    for step in 1..grid.steps() {
        for voice in 0..grid.voices() {
            take((voice as u8, code(grid, step - 1, voice), voice as u8, code(grid, step, voice)));
        }
    }
}

fn melodic(grid: &Grid, take: &mut dyn FnMut(Event)) {
    horizontal(grid, &mut |event| {
        if event.1 != event.3 {
            take(event);
        }
    });
}

fn vertical(grid: &Grid, take: &mut dyn FnMut(Event)) {
    for step in 0..grid.steps() {
        for upper in 0..grid.voices() {
            for lower in upper + 1..grid.voices() {
                take((upper as u8, code(grid, step, upper), lower as u8, code(grid, step, lower)));
            }
        }
    }
}

fn diagonal(grid: &Grid, distance: usize, take: &mut dyn FnMut(Event)) {
    for step in distance..grid.steps() {
        for first in 0..grid.voices() {
            for second in (0..grid.voices()).filter(|&second| second != first) {
                take((
                    first as u8,
                    code(grid, step - distance, first),
                    second as u8,
                    code(grid, step, second),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    fn grid(pitches: &[u8]) -> Grid {
        let pitches: Vec<Option<u8>> = pitches.iter().map(|&p| Some(p)).collect();
        Grid::from_pitches(Frame::sixteenths(2, pitches.len() / 2), &pitches)
    }

    #[test]
    fn a_set_correlates_fully_with_itself() {
        let set = [grid(&[60, 48, 60, 48, 60, 48, 62, 50, 62, 50, 64, 52])];
        let same = correlations(&set, &set);
        for value in [same.unary, same.horizontal, same.vertical, same.diagonal] {
            assert!((value - 1.0).abs() < 1e-12, "{same:?}");
        }
    }

    #[test]
    fn pearson_agrees_with_a_value_worked_out_by_hand() {
        let of = |values: &[f64]| values.iter().zip(0..).map(|(&v, i)| ((0, i, 0, 0), v)).collect();
        let value = pearson(&of(&[1.0, 2.0, 3.0]), &of(&[1.0, 3.0, 2.0]));
        assert!((value - 0.5).abs() < 1e-12, "{value}");
    }
}
