//! Automata from automata.

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};
use rustc_hash::FxHashMap;

impl Automaton {
    /// The sequences that are in both sets.
    ///
    /// # Errors
    ///
    /// Sets that have nothing in common, or too large a table. Panics on unlike alphabets.
    pub fn both(&self, other: &Self) -> Result<Self, Impossible> {
        let symbols = self.symbols;
        assert_eq!(symbols, other.symbols, "of one alphabet");
        // Pairs are numbered in the order of the search; the map only looks them up.
        let mut number = FxHashMap::from_iter([((0, 0), 0u32)]);
        let mut pairs = vec![(0, 0)];
        let (mut next, mut finishing) = (Vec::new(), Vec::new());
        let mut done = 0;
        while done < pairs.len() {
            let (one, two) = pairs[done];
            done += 1;
            finishing.push(self.is_finishing(one) && other.is_finishing(two));
            for (&one, &two) in self.row(one).iter().zip(other.row(two)) {
                // Where only one of them is complete, the other never will be.
                if one == NONE || two == NONE || self.is_finishing(one) != other.is_finishing(two) {
                    next.push(NONE);
                    continue;
                }
                let state = *number.entry((one, two)).or_insert_with(|| {
                    pairs.push((one, two));
                    pairs.len() as u32 - 1
                });
                next.push(state);
            }
            if pairs.len() * symbols > MOST_ENTRIES {
                return Err(Impossible::TooLarge);
            }
        }
        Self::from_table(symbols, next, &finishing)
    }

    /// The sequences of this set, each followed by any of the other.
    ///
    /// # Errors
    ///
    /// Too large a table. Panics on unlike alphabets.
    pub fn then(&self, other: &Self) -> Result<Self, Impossible> {
        let symbols = self.symbols;
        assert_eq!(symbols, other.symbols, "of one alphabet");
        if self.next.len() + other.next.len() > MOST_ENTRIES {
            return Err(Impossible::TooLarge);
        }
        if self.is_finishing(0) {
            return Ok(other.clone());
        }
        let offset = self.states() as u32;
        let joined = |&after: &u32| match after {
            NONE => NONE,
            after if self.is_finishing(after) => offset,
            after => after,
        };
        let moved = |&after: &u32| if after == NONE { NONE } else { after + offset };
        let next = self.next.iter().map(joined).chain(other.next.iter().map(moved)).collect();
        let mut finishing = vec![false; self.states()];
        finishing.extend(other.distance.iter().map(|&distance| distance == 0));
        Self::from_table(symbols, next, &finishing)
    }
}
