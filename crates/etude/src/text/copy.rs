//! A cap on copying: no run of more than so many symbols that the training texts have too.
//!
//! It is no automaton of its own, for that would be as large as the training texts: it is a guide that forbids, symbol by
//! symbol, whatever would make a run too long. So it may come to a dead end, where the texts go on in every way that is
//! allowed; other particles, or another try, then find another way.

use crate::appraise::spans::Memory;
use crate::sequence::Guide;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::Hasher;
use std::sync::Arc;

/// How often another way is tried after a dead end.
pub(super) const TRIES: u64 = 8;

/// All runs of one length in the training texts.
pub(super) struct Runs {
    /// Their hashes: two runs of one hash forbid a symbol too many, but never allow one.
    hashes: FxHashSet<u64>,
    /// How many symbols each has.
    length: usize,
}

impl Runs {
    /// The runs that are one symbol longer than `most`.
    pub(super) fn new(memory: &Memory, most: usize) -> Self {
        let length = most + 1;
        let texts = (0..memory.len()).map(|text| memory.sequence(text));
        Self { hashes: texts.flat_map(|text| text.windows(length).map(hash)).collect(), length }
    }
}

fn hash(run: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    run.iter().for_each(|&symbol| hasher.write_u32(symbol));
    hasher.finish()
}

/// Forbids what would be copied; its only field is the symbol before.
#[derive(Clone)]
pub(super) struct Uncopied {
    runs: Arc<Runs>,
    /// The last symbols that were written, and one place to try the next; shorter where something was given before.
    recent: Vec<u32>,
    /// The symbol before, or Q.
    before: u32,
    /// Symbols that are given, still to come.
    given: usize,
}

impl Uncopied {
    /// A guide that leaves the first `given` symbols alone; `symbols` is Q.
    pub(super) fn new(runs: Arc<Runs>, symbols: usize, given: usize) -> Self {
        Self { runs, recent: Vec::new(), before: symbols as u32, given }
    }
}

impl Guide for Uncopied {
    fn fields(&self, fields: &mut [u32]) {
        fields[0] = self.before;
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        if self.given > 0 || self.recent.len() + 1 < self.runs.length {
            return;
        }
        let mut run = self.recent.clone();
        run.push(0);
        for (symbol, odd) in log_odds.iter_mut().enumerate().filter(|(_, odd)| **odd > f64::NEG_INFINITY) {
            run[self.runs.length - 1] = symbol as u32;
            if self.runs.hashes.contains(&hash(&run)) {
                *odd = f64::NEG_INFINITY;
            }
        }
    }

    fn push(&mut self, symbol: usize) {
        self.before = symbol as u32;
        if self.given > 0 {
            self.given -= 1;
            return;
        }
        self.recent.push(symbol as u32);
        if self.recent.len() == self.runs.length {
            self.recent.remove(0);
        }
    }

    fn is_done(&self) -> bool {
        false
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(most: usize, given: usize, written: &[usize], expected: [bool; 3]) {
        let memory = Memory::new([("text", &[0u32, 1, 2, 0, 1, 1][..])]);
        let mut guide = Uncopied::new(Arc::new(Runs::new(&memory, most)), 3, given);
        written.iter().for_each(|&symbol| guide.push(symbol));
        let mut odds = [0.0; 3];
        guide.weigh(&mut odds);
        assert_eq!(odds.map(|odd| odd == 0.0), expected);
    }

    #[test]
    fn whatever_makes_a_run_too_long_is_forbidden() {
        check(2, 0, &[0, 1], [true, false, false]);
        check(2, 0, &[2, 2, 1, 2], [false, true, true]);
    }

    #[test]
    fn shorter_runs_and_what_was_given_are_free() {
        check(2, 0, &[0], [true; 3]);
        check(2, 2, &[0, 1], [true; 3]);
        check(2, 1, &[0, 0, 1], [true, false, false]);
    }

    #[test]
    fn no_symbol_at_all_may_be_copied() {
        check(0, 0, &[], [false; 3]);
    }
}
