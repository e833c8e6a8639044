//! Weights of particles: what they are worth, when they are resampled, and what they tell of the evidence.

use super::Stop;
use crate::inference::chance::Chance;
use crate::kernels;

/// The weights of N particles, and the randomness of resampling: stream 0 of the seed; the particles take those from 1 on.
pub(super) struct Weights {
    /// ln of each particle's weight since the last resampling, −∞ for one that nothing was left for, shape (N).
    pub(super) log: Vec<f64>,
    chance: Chance,
    /// ln of the mean weight, over all resamplings so far.
    log_evidence: f64,
    /// The least effective sample size so far.
    least: f64,
}

/// What the weights say in the end.
pub(super) struct Verdict {
    /// The particle that was drawn.
    pub(super) chosen: usize,
    /// ln of the estimated normaliser of what the particles approach.
    pub(super) log_evidence: f64,
    /// The least effective sample size on the way, 1..=N.
    pub(super) effective: f64,
}

impl Weights {
    /// All particles are worth the same.
    ///
    /// # Panics
    ///
    /// No particles.
    pub(super) fn new(particles: usize, seed: u64) -> Self {
        assert!(particles > 0, "somebody must write");
        let (chance, least) = (Chance::new(seed, 0), particles as f64);
        Self { log: vec![0.0; particles], chance, log_evidence: 0.0, least }
    }

    /// After step `step`: whose copy each particle becomes, where the effective sample size 1 / Σ w² has fallen below N / 2.
    ///
    /// # Errors
    ///
    /// A dead end, where no particle is worth anything.
    pub(super) fn settle(&mut self, step: usize) -> Result<Option<Vec<usize>>, Stop> {
        let (shares, total) = self.shares(Stop::DeadEnd(step))?;
        let count = shares.len() as f64;
        let effective = 1.0 / shares.iter().map(|share| share * share).sum::<f64>();
        self.least = effective.min(self.least);
        if effective >= count / 2.0 {
            return Ok(None);
        }
        self.log_evidence += total - kernels::ln(count);
        self.log.fill(0.0);
        Ok(Some(parents(&shares, self.chance.unit())))
    }

    /// Draws one particle by its weight.
    ///
    /// # Errors
    ///
    /// `stop`, where no particle is worth anything.
    pub(super) fn finish(mut self, stop: Stop) -> Result<Verdict, Stop> {
        let (shares, total) = self.shares(stop)?;
        let log_evidence = self.log_evidence + (total - kernels::ln(shares.len() as f64));
        Ok(Verdict { chosen: self.chance.draw(&shares), log_evidence, effective: self.least })
    }

    /// The weights as shares of 1, and ln of their sum.
    fn shares(&self, stop: Stop) -> Result<(Vec<f64>, f64), Stop> {
        if self.log.iter().all(|&weight| weight == f64::NEG_INFINITY) {
            return Err(stop);
        }
        let mut shares = self.log.clone();
        let total = kernels::softmax(&mut shares);
        Ok((shares, total))
    }
}

/// Systematic resampling: evenly spaced pointers, the first at `offset` (0..1) of the spacing. Who each points at, ascending;
/// never one without a share.
fn parents(shares: &[f64], offset: f64) -> Vec<usize> {
    let mut parents = Vec::with_capacity(shares.len());
    let (mut below, mut last) = (0.0, 0);
    for (index, &share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        below += share;
        last = index;
        while parents.len() < shares.len() && (parents.len() as f64 + offset) / (shares.len() as f64) < below
        {
            parents.push(index);
        }
    }
    // Rounding may leave the last pointers above the sum of all shares.
    parents.resize(shares.len(), last);
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shares: &[f64], offset: f64, expected: &[usize]) {
        assert_eq!(parents(shares, offset), expected);
    }

    #[test]
    fn resampling_gives_everyone_its_share() {
        check(&[0.5, 0.0, 0.25, 0.25], 0.5, &[0, 0, 2, 3]);
    }

    #[test]
    fn resampling_forgets_who_has_no_share() {
        check(&[0.0, 1.0, 0.0], 0.999, &[1, 1, 1]);
    }

    #[test]
    fn equal_weights_stay_as_they_are() {
        let mut weights = Weights::new(4, 1);
        weights.log.fill(-3.0);
        assert_eq!(weights.settle(0), Ok(None));
        let verdict = weights.finish(Stop::DeadEnd(0)).expect("all are worth something");
        assert_eq!((verdict.log_evidence, verdict.effective), (-3.0, 4.0));
    }

    #[test]
    fn one_weight_alone_takes_all_and_is_remembered_in_the_evidence() {
        let mut weights = Weights::new(4, 1);
        weights.log = vec![f64::NEG_INFINITY, f64::NEG_INFINITY, -1.0, f64::NEG_INFINITY];
        assert_eq!(weights.settle(0), Ok(Some(vec![2; 4])));
        let verdict = weights.finish(Stop::DeadEnd(0)).expect("all are worth something");
        assert!((verdict.log_evidence - (-1.0 - 4f64.ln())).abs() < 1e-12);
        assert_eq!(verdict.effective, 1.0);
    }
}
