//! From counts to odds: interpolated back-off, from the poorest context to the richest that was ever seen.
//!
//! The predictive rule of the Pitman–Yor process (Teh 2006), of which absolute discounting (Ney, Essen & Kneser 1994) is
//! the case θ = 0, and of which Witten & Bell's method C (1991) is a cousin:
//!
//! ```text
//! p_j(x) = ( max(c_j(x) − d, 0) + (θ + d · K_j) · p_{j−1}(x) ) / (N_j + θ)        p_{−1}(x) = 1 / candidates
//! ```
//!
//! c_j(x) counts x in the j-th context, N_j sums them, K_j says how many kinds of x there are.

use super::counts::Counts;
use super::feature::Row;
use super::viewpoint::Viewpoint;
use std::ops::Range;

/// Most contexts of a viewpoint: one more than it has features.
pub const MOST_CONTEXTS: usize = 8;

/// The constants of the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackOff {
    /// d: taken off every count, 0..1.
    pub discount: f64,
    /// θ: weight of the poorer context, at least 0.
    pub strength: f64,
    /// Contexts seen fewer times than this count as never seen.
    pub least: u32,
}

/// One context of a ladder that was seen.
#[derive(Clone, Default)]
struct Rung {
    /// Its symbols in the counts, and in those to be left out.
    all: Range<usize>,
    own: Range<usize>,
    /// N and K, less what is left out.
    total: u32,
    kinds: u32,
}

impl BackOff {
    /// Fills `odds` with p of every candidate, given as pitch numbers, shape (X); returns how many contexts were known.
    ///
    /// Counts found in `own` are taken out first: a piece is judged by what the others say (leaving one out).
    pub fn estimate(
        &self,
        counts: &Counts,
        own: Option<&Counts>,
        viewpoint: &Viewpoint,
        row: &Row,
        candidates: &[i16],
        odds: &mut [f64],
    ) -> usize {
        let mut rungs: [Rung; MOST_CONTEXTS] = Default::default();
        let mut known = 0;
        for context in viewpoint.contexts(row) {
            let own_range = own.map_or(0..0, |own| own.find(context));
            let mut rung = Rung { all: counts.find(context), own: own_range, total: 0, kinds: 0 };
            for (_, count) in rung.left(counts, own) {
                rung.total += count;
                rung.kinds += u32::from(count > 0);
            }
            if rung.total < self.least.max(1) {
                break;
            }
            rungs[known] = rung;
            known += 1;
        }
        // From the richest down: what it leaves to the poorer shrinks from rung to rung, so each count is read once.
        let mut sums = [0.0; 256];
        let mut rest = 1.0;
        for rung in rungs[..known].iter().rev() {
            let share = rest / (f64::from(rung.total) + self.strength);
            for (symbol, count) in rung.left(counts, own) {
                sums[usize::from(symbol)] += share * (f64::from(count) - self.discount).max(0.0);
            }
            rest = share * (self.strength + self.discount * f64::from(rung.kinds));
        }
        let even = rest / candidates.len() as f64;
        for (p, &candidate) in odds.iter_mut().zip(candidates) {
            *p = even + sums[usize::from(viewpoint.symbol(row, candidate))];
        }
        known
    }
}

impl Rung {
    /// Symbols and counts, less those of `own`.
    fn left<'a>(&self, counts: &'a Counts, own: Option<&'a Counts>) -> impl Iterator<Item = (u8, u32)> + 'a {
        let own_range = self.own.clone();
        let taken = move |symbol: u8| {
            let mut own = own.into_iter().flat_map(|own| own.seen(own_range.clone()));
            own.find(|&(other, _)| other == symbol).map_or(0, |(_, count)| count)
        };
        counts
            .seen(self.all.clone())
            .map(move |(symbol, count)| (symbol, count.saturating_sub(taken(symbol))))
    }
}
