//! How the states of an automaton follow each other.

use super::{Automaton, NONE};

impl Automaton {
    /// All states, each before those that its symbols lead to; nothing where some way comes back to where it was.
    pub fn in_order(&self) -> Option<Vec<u32>> {
        let mut arrows = vec![0u32; self.states()];
        self.next.iter().filter(|after| **after != NONE).for_each(|&after| arrows[after as usize] += 1);
        // Every state can be reached, so that only the start may have no arrow to it.
        let mut order: Vec<u32> = if arrows[0] == 0 { vec![0] } else { vec![] };
        let mut done = 0;
        while done < order.len() {
            for &after in self.row(order[done]).iter().filter(|after| **after != NONE) {
                arrows[after as usize] -= 1;
                if arrows[after as usize] == 0 {
                    order.push(after);
                }
            }
            done += 1;
        }
        (order.len() == self.states()).then_some(order)
    }

    /// The most symbols that a sequence of the set has; nothing where there is no most.
    pub fn longest(&self) -> Option<usize> {
        let order = self.in_order()?;
        let mut longest = vec![0; self.states()];
        for &state in order.iter().rev() {
            let after = self.row(state).iter().filter(|after| **after != NONE);
            longest[state as usize] = after.map(|&after| longest[after as usize] + 1).max().unwrap_or(0);
        }
        Some(longest[0])
    }
}
