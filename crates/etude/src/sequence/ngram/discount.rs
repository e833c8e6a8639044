//! Discounts: what each count gives away to shorter contexts.
//!
//! One for each length of context, class of context, and count of 1, 2, and 3 or more (Chen & Goodman 1999, section 3).
//! Their formula has one class; the fit has several, by how many kinds of symbols followed a context: where only one ever
//! came, there is less to give away.

use super::trie::Trie;

/// Classes of contexts.
pub(super) const CLASSES: usize = 6;

/// Counts with discounts of their own: 1, 2, and 3 or more.
pub(super) const COUNTS: usize = 3;

/// The least and the most that a discount may be, as a share of its count.
const RANGE: (f64, f64) = (0.01, 0.999);

/// Discounts, as shares of the count: shape (levels, CLASSES, COUNTS), each within 0.01..=0.999 of 1, 2 and 3.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Discounts(pub(super) Vec<f64>);

/// The class of a context after which `kinds` symbols came.
pub(super) fn class(kinds: usize) -> usize {
    match kinds {
        0..=3 => kinds.saturating_sub(1),
        4..=6 => 3,
        7..=12 => 4,
        _ => 5,
    }
}

/// Where the discounts of a context begin.
pub(super) fn place(level: usize, kinds: usize) -> usize {
    (level * CLASSES + class(kinds)) * COUNTS
}

/// Which discount a count has.
pub(super) fn step(count: u32) -> usize {
    (count as usize).min(COUNTS) - 1
}

impl Discounts {
    /// The estimates of Chen & Goodman (1999, eq. 26) from how often each small count occurs in a level.
    pub(super) fn estimate(trie: &Trie) -> Self {
        let mut discounts = Vec::new();
        for level in trie.levels.windows(2) {
            let range = trie.entries[level[0] as usize] as usize..trie.entries[level[1] as usize] as usize;
            let mut times = [0f64; COUNTS + 2];
            for &count in &trie.counts[range] {
                if count as usize <= COUNTS + 1 {
                    times[count as usize] += 1.0;
                }
            }
            let y = times[1] / (times[1] + 2.0 * times[2]).max(1.0);
            let all = (1..=COUNTS).map(|count| {
                // Where a count never occurs there is nothing to estimate from: half of it is the usual guess.
                let estimate = 1.0 - y * (count + 1) as f64 * times[count + 1] / times[count] / count as f64;
                let known = times[count] > 0.0 && times[count + 1] > 0.0 && y > 0.0;
                count as f64 * if known { estimate.clamp(RANGE.0, RANGE.1) } else { 0.5 }
            });
            let all: Vec<f64> = all.collect();
            (0..CLASSES).for_each(|_| discounts.extend_from_slice(&all));
        }
        Self(discounts)
    }

    /// The same, as a model file has them: rounded to f32.
    pub(super) fn rounded(self) -> Self {
        Self(self.0.into_iter().map(|discount| f64::from(discount as f32)).collect())
    }

    /// The discounts of a fit's parameters: each a logistic function, stretched over the range.
    pub(super) fn from_logits(logits: &[f64]) -> Self {
        let of = |(at, &logit): (usize, &f64)| (at % COUNTS + 1) as f64 * share(logit);
        Self(logits.iter().enumerate().map(of).collect())
    }

    /// The parameters of [`Self::from_logits`] that give these discounts.
    pub(super) fn logits(&self) -> Vec<f64> {
        let of = |(at, &discount): (usize, &f64)| {
            let share = (discount / (at % COUNTS + 1) as f64).clamp(RANGE.0 + 1e-4, RANGE.1 - 1e-4);
            let inside = (share - RANGE.0) / (RANGE.1 - RANGE.0);
            crate::kernels::ln(inside / (1.0 - inside))
        };
        self.0.iter().enumerate().map(of).collect()
    }
}

/// The share of a count that a logit stands for.
fn share(logit: f64) -> f64 {
    RANGE.0 + (RANGE.1 - RANGE.0) / (1.0 + crate::kernels::exp(-logit))
}

/// The derivative of [`share`].
pub(super) fn slope(logit: f64) -> f64 {
    let inside = 1.0 / (1.0 + crate::kernels::exp(-logit));
    (RANGE.1 - RANGE.0) * inside * (1.0 - inside)
}
