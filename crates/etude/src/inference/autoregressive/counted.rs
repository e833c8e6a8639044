//! A small chain by counting, to look ahead for a model that is none, or too large a one.
//!
//! Its state is the last `order` symbols, fewer at the beginning. Odds are smoothed by interpolation with the shorter context
//! h′, down to the even odds of Q symbols:
//!
//! ```text
//! p(x | h) = (c(hx) + n(h) · p(x | h′)) / (c(h) + n(h))          n(h) = how many symbols ever came after h
//! ```
//!
//! so that nothing is impossible. Witten & Bell, *The zero-frequency problem*, IEEE Transactions on Information Theory 37,
//! 1991, method C.

use super::{Impossible, MOST_ENTRIES};
use crate::kernels;
use crate::sequence::Chain;

/// A chain whose state is the last few symbols.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Symbols of the alphabet, Q.
    symbols: usize,
    /// The first state whose context has so many symbols, shape (order + 1); within, contexts are numbers in base Q.
    first: Vec<usize>,
    /// ln p of each symbol in each state, shape (S, Q).
    log_probabilities: Vec<f64>,
}

impl Counted {
    /// Counts sequences; a symbol beyond the alphabet begins a new one.
    ///
    /// # Errors
    ///
    /// Too large a table: (1 + Q + … + Q^order) · Q entries. Panics without symbols.
    pub fn new<'a>(
        symbols: usize,
        order: usize,
        sequences: impl IntoIterator<Item = &'a [u32]>,
    ) -> Result<Self, Impossible> {
        assert!(symbols > 0, "an alphabet has symbols");
        let (mut first, mut states, mut contexts) = (vec![0], 1usize, 1usize);
        for _ in 0..order {
            first.push(states);
            contexts = contexts.saturating_mul(symbols);
            states = states.saturating_add(contexts);
            if states.saturating_mul(symbols) > MOST_ENTRIES {
                return Err(Impossible::TooLarge);
            }
        }
        // Shorter contexts are counted twice: at the beginning of a sequence, where they are states, and anywhere.
        let mut begun = vec![0.0; states * symbols];
        let mut anywhere = begun.clone();
        for sequence in sequences {
            let (mut length, mut context) = (0, 0);
            for &symbol in sequence {
                let symbol = symbol as usize;
                if symbol >= symbols {
                    (length, context) = (0, 0);
                    continue;
                }
                let (mut short, mut size) = (0, 1);
                for first in &first[..=length] {
                    anywhere[(first + short) * symbols + symbol] += 1.0;
                    size *= symbols;
                    short = context % size;
                }
                begun[(first[length] + context) * symbols + symbol] += 1.0;
                context = (context * symbols + symbol) % contexts;
                length = order.min(length + 1);
            }
        }
        for (length, &begin) in first.iter().enumerate() {
            for context in 0..symbols.pow(length as u32) {
                let shorter = match length {
                    0 => vec![1.0 / symbols as f64; symbols],
                    _ => {
                        let state = first[length - 1] + context % symbols.pow(length as u32 - 1);
                        anywhere[state * symbols..][..symbols].to_vec()
                    }
                };
                let row = (begin + context) * symbols..(begin + context + 1) * symbols;
                interpolate(&mut anywhere[row.clone()], &shorter);
                if length < order {
                    interpolate(&mut begun[row.clone()], &anywhere[row]);
                } else {
                    begun[row.clone()].copy_from_slice(&anywhere[row]);
                }
            }
        }
        begun.iter_mut().for_each(|p| *p = kernels::ln(*p));
        Ok(Self { symbols, first, log_probabilities: begun })
    }

    /// The most symbols that it remembers.
    pub fn order(&self) -> usize {
        self.first.len() - 1
    }
}

/// Counts after a context become odds, smoothed by those of the shorter one.
fn interpolate(counts: &mut [f64], shorter: &[f64]) {
    let total: f64 = counts.iter().sum();
    let kinds = counts.iter().filter(|count| **count > 0.0).count() as f64;
    if kinds == 0.0 {
        counts.copy_from_slice(shorter);
        return;
    }
    for (count, p) in counts.iter_mut().zip(shorter) {
        *count = (*count + kinds * p) / (total + kinds);
    }
}

impl Chain for Counted {
    fn states(&self) -> usize {
        self.log_probabilities.len() / self.symbols
    }

    fn start(&self) -> usize {
        0
    }

    fn after(&self, state: usize, symbol: usize) -> usize {
        let length = self.first.partition_point(|&first| first <= state) - 1;
        let context = (state - self.first[length]) * self.symbols + symbol;
        match self.first.get(length + 1) {
            Some(longer) => longer + context,
            None => self.first[length] + context % (self.states() - self.first[length]),
        }
    }

    fn log_probabilities(&self, state: usize, log_probabilities: &mut [f64]) {
        log_probabilities.copy_from_slice(&self.log_probabilities[state * self.symbols..][..self.symbols]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p of each symbol after a beginning, by a chain that counted 0 1 0 1 0 0 and 1.
    #[track_caller]
    fn check(order: usize, beginning: &[usize], expected: [f64; 3]) {
        let sequences = [vec![0, 1, 0, 1, 0, 0], vec![1]];
        let chain = Counted::new(3, order, sequences.iter().map(Vec::as_slice)).expect("small");
        let state = beginning.iter().fold(chain.start(), |state, &symbol| chain.after(state, symbol));
        let mut found = [0.0; 3];
        chain.log_probabilities(state, &mut found);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found.exp() - expected).abs() < 1e-12, "{:?}", found.exp());
        }
    }

    /// Anywhere 0 came four times and 1 three: (4 + 2/3) / 9, (3 + 2/3) / 9, (2/3) / 9.
    const ANYWHERE: [f64; 3] = [14.0 / 27.0, 11.0 / 27.0, 2.0 / 27.0];

    #[test]
    fn without_a_context_all_places_are_alike() {
        check(0, &[], ANYWHERE);
        check(0, &[1, 0], ANYWHERE);
    }

    #[test]
    fn a_beginning_has_odds_of_its_own() {
        // Once 0 and once 1 came first.
        check(1, &[], ANYWHERE.map(|p| 2.0 * p / 4.0).map_first(0.25, 0.25));
    }

    #[test]
    fn what_came_after_the_context_counts() {
        // After 0 came twice 1 and once 0.
        check(1, &[1, 0], ANYWHERE.map(|p| 2.0 * p / 5.0).map_first(0.2, 0.4));
    }

    #[test]
    fn a_context_that_never_was_is_as_the_shorter_one() {
        check(2, &[2, 0], ANYWHERE.map(|p| 2.0 * p / 5.0).map_first(0.2, 0.4));
        check(2, &[2, 2, 2], ANYWHERE);
    }

    trait MapFirst {
        fn map_first(self, zero: f64, one: f64) -> Self;
    }

    impl MapFirst for [f64; 3] {
        fn map_first(self, zero: f64, one: f64) -> Self {
            [self[0] + zero, self[1] + one, self[2]]
        }
    }

    #[test]
    fn every_state_has_odds_that_sum_to_one_and_leads_to_a_state() {
        let sequences = [vec![0, 3, 2, 1, 1, 9, 0, 0, 3], vec![]];
        for order in 0..4 {
            let chain = Counted::new(4, order, sequences.iter().map(Vec::as_slice)).expect("small");
            let states: usize = (0..=order as u32).map(|length| 4usize.pow(length)).sum();
            assert_eq!(chain.states(), states);
            let mut row = [0.0; 4];
            for state in 0..chain.states() {
                chain.log_probabilities(state, &mut row);
                assert!((row.iter().map(|log| log.exp()).sum::<f64>() - 1.0).abs() < 1e-12);
                assert!((0..4).all(|symbol| chain.after(state, symbol) < chain.states()));
            }
        }
    }

    #[test]
    fn too_long_a_memory_is_refused() {
        assert_eq!(Counted::new(100, 9, []).map(|_| ()), Err(Impossible::TooLarge));
    }
}
