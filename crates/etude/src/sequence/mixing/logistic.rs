//! Probabilities and log-odds: stretch(p) = ln(p / (1 − p)), and back squash(x) = 1 / (1 + e⁻ˣ).

use crate::kernels;
use std::sync::LazyLock;

/// Steps of the table of log-odds.
const STEPS: usize = 4096;

/// stretch, as a table: of p in 4096ths, at the middle of each step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch(&'static [f32]);

/// The table, made once.
static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let middle = |step: usize| (step as f64 + 0.5) / STEPS as f64;
    (0..STEPS).map(|step| kernels::ln(middle(step) / (1.0 - middle(step))) as f32).collect()
});

impl Stretch {
    pub(super) fn new() -> Self {
        Self(&TABLE)
    }

    /// The log-odds of a probability in 4096ths.
    pub(super) fn at(&self, step: usize) -> f32 {
        self.0[step]
    }
}

/// A probability in 4096ths.
pub(super) fn place(probability: f32) -> usize {
    ((probability * STEPS as f32) as usize).min(STEPS - 1)
}

/// A probability in 65,535ths, rounded.
pub(super) fn part(probability: f32) -> u16 {
    (probability * 65_535.0 + 0.5) as u16
}

/// The probability of so many 65,535ths.
pub(super) fn whole(part: u16) -> f32 {
    f32::from(part) / 65_535.0
}

/// The probability of log-odds.
pub(super) fn squash(odds: f32) -> f32 {
    (1.0 / (1.0 + kernels::exp(-f64::from(odds)))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let stretch = Stretch::new();
        assert!((0..=65_535).all(|all| part(whole(all)) == all));
        for p in [0.001f32, 0.1, 0.5, 0.77, 0.999] {
            assert!((squash(stretch.at(place(p))) - p).abs() < 2e-4, "{p}");
        }
    }
}
