//! Sets of sequences that aren't too long.

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};

impl Automaton {
    /// The sequences of at most `most` symbols. It comes nowhere twice: its states also tell how many symbols have come.
    ///
    /// # Errors
    ///
    /// No sequence is as short, or more than `states` states, or too large a table.
    pub fn within(&self, most: usize, states: usize) -> Result<Self, Impossible> {
        if self.distance(0) as usize > most {
            return Err(Impossible::Nothing);
        }
        // State 1 is where all sequences end; the start isn't it, or there is nothing to write.
        let mut finishing = vec![false, true];
        if self.is_finishing(0) {
            return Ok(self.clone());
        }
        let mut table = vec![NONE; 2 * self.symbols];
        let mut layer = vec![(0u32, 0usize)];
        for left in (0..most).rev() {
            let mut number = vec![NONE; self.states()];
            let mut following = Vec::new();
            for &(state, own) in &layer {
                for (symbol, &after) in self.row(state).iter().enumerate() {
                    if after == NONE || self.distance(after) as usize > left {
                        continue;
                    }
                    let target = match (self.is_finishing(after), number[after as usize]) {
                        (true, _) => 1,
                        (false, NONE) => {
                            let fresh = finishing.len() as u32;
                            number[after as usize] = fresh;
                            following.push((after, fresh as usize));
                            finishing.push(false);
                            fresh
                        }
                        (false, known) => known,
                    };
                    table[own * self.symbols + symbol] = target;
                }
            }
            if finishing.len() > states || finishing.len().saturating_mul(self.symbols) > MOST_ENTRIES {
                return Err(Impossible::TooLarge);
            }
            table.resize(finishing.len() * self.symbols, NONE);
            if following.is_empty() {
                break;
            }
            layer = following;
        }
        Self::from_table(self.symbols, table, &finishing)
    }
}
