//! From any table to an automaton: only states that can be reached and can finish are left.

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};

impl Automaton {
    /// The automaton of a table of the state after each symbol, or [`NONE`], shape (S, Q), and of the states in which a
    /// sequence is complete, shape (S). State 0 is the start; what leads on from a finishing state is of no concern.
    ///
    /// # Errors
    ///
    /// Tables in which nothing finishes, or that are too large.
    ///
    /// # Panics
    ///
    /// No symbols, no states, arrays that don't fit together, states beyond the table.
    pub fn from_table(symbols: usize, mut next: Vec<u32>, finishing: &[bool]) -> Result<Self, Impossible> {
        assert!(symbols > 0 && !finishing.is_empty(), "there is no table without rows and columns");
        assert_eq!(next.len(), symbols * finishing.len(), "a row for each state");
        if next.len() > MOST_ENTRIES {
            return Err(Impossible::TooLarge);
        }
        for (row, _) in next.chunks_exact_mut(symbols).zip(finishing).filter(|(_, finishing)| **finishing) {
            row.fill(NONE);
        }
        let distance = distances(symbols, &next, finishing);
        if distance[0] == NONE {
            return Err(Impossible::Nothing);
        }
        Ok(renumber(symbols, &next, &distance))
    }
}

/// The fewest symbols from each state to a finishing one, or [`NONE`]: breadth first, against the arrows.
fn distances(symbols: usize, next: &[u32], finishing: &[bool]) -> Vec<u32> {
    let states = finishing.len();
    // Where each state's arrows from elsewhere begin in one list of their origins.
    let mut begin = vec![0usize; states + 1];
    for &after in next.iter().filter(|after| **after != NONE) {
        begin[after as usize + 1] += 1;
    }
    for state in 0..states {
        begin[state + 1] += begin[state];
    }
    let (mut origins, mut filled) = (vec![0u32; begin[states]], begin.clone());
    for (at, &after) in next.iter().enumerate().filter(|(_, after)| **after != NONE) {
        origins[filled[after as usize]] = (at / symbols) as u32;
        filled[after as usize] += 1;
    }
    let mut distance = vec![NONE; states];
    let mut order: Vec<u32> = (0..states as u32).filter(|&state| finishing[state as usize]).collect();
    order.iter().for_each(|&state| distance[state as usize] = 0);
    let mut done = 0;
    while done < order.len() {
        let state = order[done] as usize;
        done += 1;
        for &origin in &origins[begin[state]..begin[state + 1]] {
            if distance[origin as usize] == NONE {
                distance[origin as usize] = distance[state] + 1;
                order.push(origin);
            }
        }
    }
    distance
}

/// The states that can be reached and can finish, numbered in the order in which a search from the start finds them.
fn renumber(symbols: usize, next: &[u32], distance: &[u32]) -> Automaton {
    let mut number = vec![NONE; distance.len()];
    number[0] = 0;
    let mut found = vec![0usize];
    let mut kept = Vec::new();
    let mut done = 0;
    while done < found.len() {
        let state = found[done];
        done += 1;
        for &after in &next[state * symbols..(state + 1) * symbols] {
            let leads = after != NONE && distance[after as usize] != NONE;
            if leads && number[after as usize] == NONE {
                number[after as usize] = found.len() as u32;
                found.push(after as usize);
            }
            kept.push(if leads { number[after as usize] } else { NONE });
        }
    }
    let distance = found.into_iter().map(|state| distance[state]).collect();
    Automaton { symbols, next: kept, distance }
}
