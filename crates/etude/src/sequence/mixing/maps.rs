//! What the histories of slots mean: for each kind of context and each history the probability of 1, learnt.

use super::logistic::{Stretch, part, place, whole};
use super::slot::{HISTORIES, prior};

/// After so many lessons a probability moves no slower.
const MOST: u16 = 400;

/// Probabilities never come closer to 0 and 1 than this.
const LEAST: f32 = 0.0005;

/// Probabilities of 1, and their log-odds; shape (contexts, histories).
#[derive(Debug, Clone)]
pub(super) struct Maps {
    /// The probabilities.
    ones: Vec<f32>,
    /// Their log-odds.
    odds: Vec<f32>,
    /// Lessons, up to [`MOST`].
    times: Vec<u16>,
    stretch: Stretch,
}

impl Maps {
    pub(super) fn new(contexts: usize) -> Self {
        let ones = (0..contexts * HISTORIES).map(|at| prior(at % HISTORIES)).collect();
        Self::of(ones)
    }

    /// Maps that have learnt these probabilities.
    fn of(ones: Vec<f32>) -> Self {
        let stretch = Stretch::new();
        let odds = ones.iter().map(|&one| stretch.at(place(one))).collect();
        let times = vec![0; ones.len()];
        Self { ones, odds, times, stretch }
    }

    /// All probabilities in 65,535ths, as a model file has them.
    pub(super) fn parts(&self) -> Vec<u16> {
        self.ones.iter().map(|&one| part(one)).collect()
    }

    /// What [`Self::parts`] told.
    pub(super) fn from_parts(parts: &[u16]) -> Self {
        Self::of(parts.iter().map(|&part| whole(part).clamp(LEAST, 1.0 - LEAST)).collect())
    }

    /// The probability of 1 after a history, and its log-odds.
    pub(super) fn get(&self, context: usize, history: usize) -> (f32, f32) {
        let at = context * HISTORIES + history;
        (self.ones[at], self.odds[at])
    }

    /// After a history came a bit.
    pub(super) fn teach(&mut self, context: usize, history: usize, bit: usize) {
        let at = context * HISTORIES + history;
        self.times[at] = (self.times[at] + 1).min(MOST);
        let moved = self.ones[at] + (bit as f32 - self.ones[at]) / (f32::from(self.times[at]) + 1.5);
        self.ones[at] = moved.clamp(LEAST, 1.0 - LEAST);
        self.odds[at] = self.stretch.at(place(self.ones[at]));
    }
}
