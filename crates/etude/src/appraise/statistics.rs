//! Statistical accuracy: how often pitches, and pairs of pitches near each other, occur in two sets of pieces.
//!
//! Source: Sakellariou et al. 2017 and Hadjeres et al. 2016 compare the frequencies of a corpus and of what a model makes
//! of it, pair by pair; here by Pearson's correlation over the union of the pairs that occur.

use etude_piece::score::Grid;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Correlations of the frequencies in two sets of pieces, each in -1..=1; NaN where a side doesn't vary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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

/// Compares the frequencies of `ours` with those of `theirs`.
pub fn correlations(ours: &[Grid], theirs: &[Grid]) -> Correlations {
    Frequencies::of(ours).correlations(&Frequencies::of(theirs))
}

/// What is counted: voice, pitch and, for pairs, another voice and pitch; 255 stands for a rest.
pub type Event = (u8, u8, u8, u8);

/// How events stand to each other; see [`Correlations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Correlations say what each is")]
pub enum Relation {
    Unary,
    Horizontal,
    Vertical,
    Diagonal,
    DiagonalQuarter,
}

impl Relation {
    /// All of them, in order.
    pub const ALL: [Self; 5] =
        [Self::Unary, Self::Horizontal, Self::Vertical, Self::Diagonal, Self::DiagonalQuarter];

    fn each(self, grid: &Grid, take: &mut dyn FnMut(Event)) {
        match self {
            Self::Unary => unary(grid, take),
            Self::Horizontal => horizontal(grid, take),
            Self::Vertical => vertical(grid, take),
            Self::Diagonal => diagonal(grid, 1, take),
            Self::DiagonalQuarter => diagonal(grid, grid.frame.steps_per_quarter, take),
        }
    }
}

/// How often each event occurs in a set of pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frequencies {
    /// By relation: events, ascending, with their counts.
    pub counts: [Vec<(Event, u64)>; 5],
}

impl Frequencies {
    /// Counts in all pieces.
    pub fn of<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Self {
        let mut counts = [const { BTreeMap::new() }; 5];
        for grid in grids {
            for relation in Relation::ALL {
                let counts = &mut counts[relation as usize];
                relation.each(grid, &mut |event| *counts.entry(event).or_insert(0) += 1);
            }
        }
        Self { counts: counts.map(|counts| counts.into_iter().collect()) }
    }

    /// The relative frequencies of every event that either set has, ascending by event: (ours, theirs).
    pub fn pairs(&self, theirs: &Self, relation: Relation) -> Vec<(f64, f64)> {
        pairs(&self.counts[relation as usize], &theirs.counts[relation as usize])
    }

    /// Compares these frequencies with others.
    pub fn correlations(&self, theirs: &Self) -> Correlations {
        let compare = |relation| pearson(&self.pairs(theirs, relation));
        Correlations {
            unary: compare(Relation::Unary),
            horizontal: compare(Relation::Horizontal),
            melodic: pearson(&pairs(&self.moves(), &theirs.moves())),
            vertical: compare(Relation::Vertical),
            diagonal: compare(Relation::Diagonal),
            diagonal_quarter: compare(Relation::DiagonalQuarter),
        }
    }

    /// The horizontal events that change the pitch.
    fn moves(&self) -> Vec<(Event, u64)> {
        let all = &self.counts[Relation::Horizontal as usize];
        all.iter().filter(|((_, before, _, now), _)| before != now).copied().collect()
    }
}

/// The shares of two lists of counts, side by side; what one of them lacks has share 0 there.
fn pairs(ours: &[(Event, u64)], theirs: &[(Event, u64)]) -> Vec<(f64, f64)> {
    let total = |counts: &[(Event, u64)]| counts.iter().map(|(_, n)| n).sum::<u64>().max(1) as f64;
    let (of_ours, of_theirs) = (total(ours), total(theirs));
    let mut pairs = Vec::with_capacity(ours.len().max(theirs.len()));
    let (mut i, mut j) = (0, 0);
    while i < ours.len() || j < theirs.len() {
        let order = match (ours.get(i), theirs.get(j)) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let (mut a, mut b) = (0.0, 0.0);
        if order.is_le() {
            a = ours[i].1 as f64 / of_ours;
            i += 1;
        }
        if order.is_ge() {
            b = theirs[j].1 as f64 / of_theirs;
            j += 1;
        }
        pairs.push((a, b));
    }
    pairs
}

/// Pearson's correlation; NaN if either side doesn't vary.
pub fn pearson(pairs: &[(f64, f64)]) -> f64 {
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
        let value = pearson(&[(1.0, 1.0), (2.0, 3.0), (3.0, 2.0)]);
        assert!((value - 0.5).abs() < 1e-12, "{value}");
    }

    #[test]
    fn what_one_set_lacks_counts_as_never() {
        let (ours, theirs) = (Frequencies::of(&[grid(&[60, 48])]), Frequencies::of(&[grid(&[62, 48])]));
        assert_eq!(ours.pairs(&theirs, Relation::Unary), [(0.5, 0.0), (0.0, 0.5), (0.5, 0.5)]);
    }

    #[test]
    fn one_voice_has_nothing_vertical() {
        let melody = Grid::from_pitches(Frame::sixteenths(1, 3), &[Some(60), Some(62), None]);
        let set = std::slice::from_ref(&melody);
        assert!(correlations(set, set).vertical.is_nan());
    }
}
