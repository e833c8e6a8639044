//! Automata: sets of sequences, as tables of what may come next.
//!
//! A deterministic automaton over Q symbols has S states. A sequence begins in state 0, each symbol leads on, and it is
//! complete as soon as it reaches a finishing state: no sequence of the set is the beginning of another (the set is
//! *prefix-free*). Every state can be reached and every state can finish, so that whoever follows the table never comes to a
//! dead end.
//!
//! Rules that hold together are made into one automaton by [`both`](Automaton::both); to follow two of them side by side
//! would find out too late that they contradict each other.
//!
//! Hopcroft, Motwani & Ullman, *Introduction to automata theory, languages, and computation*, chapters 2 and 4; constraints of
//! Markov sequences as automata: Papadopoulos, Pachet, Roy & Sakellariou, *Exact sampling for regular and Markov constraints
//! with belief propagation*, CP 2015.

mod combine;
mod make;
mod order;
mod trim;
mod within;

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::inference::constraint::Contradiction;

/// Stands in a table where no symbol leads on.
pub const NONE: u32 = u32::MAX;

/// The most entries that a table may have, S · Q: 32 MiB.
pub const MOST_ENTRIES: usize = 1 << 23;

/// A prefix-free set of sequences, as a table of what may come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automaton {
    /// Symbols of the alphabet, Q.
    symbols: usize,
    /// The state after each symbol in each state, or [`NONE`], shape (S, Q).
    next: Vec<u32>,
    /// The fewest symbols to a finishing state, 0 in one, shape (S).
    distance: Vec<u32>,
}

/// Why there is no such automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// No sequence is in the set: the rules contradict each other.
    Nothing,
    /// The table would be larger than can be held.
    TooLarge,
}

impl From<Impossible> for Error {
    fn from(impossible: Impossible) -> Self {
        match impossible {
            Impossible::Nothing => Self::Contradiction(Contradiction {
                place: None,
                voice: None,
                constraints: vec!["what is asked".to_owned()],
                problem: "contradicts itself".to_owned(),
            }),
            Impossible::TooLarge => {
                Self::usage("what is asked takes too large a table", "ask for a shorter piece, or for less")
            }
        }
    }
}

impl Automaton {
    /// Symbols of the alphabet, Q.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// How many states there are, S; the start is 0.
    pub fn states(&self) -> usize {
        self.distance.len()
    }

    /// The state after a symbol, or [`NONE`].
    ///
    /// # Panics
    ///
    /// States and symbols that it doesn't have.
    pub fn after(&self, state: u32, symbol: usize) -> u32 {
        self.row(state)[symbol]
    }

    /// The state after each symbol, or [`NONE`], shape (Q). Panics on states that it doesn't have.
    pub fn row(&self, state: u32) -> &[u32] {
        &self.next[state as usize * self.symbols..][..self.symbols]
    }

    /// The fewest symbols from a state to the end. Panics on states that it doesn't have.
    pub fn distance(&self, state: u32) -> u32 {
        self.distance[state as usize]
    }

    /// Whether a sequence is complete in a state.
    pub fn is_finishing(&self, state: u32) -> bool {
        self.distance(state) == 0
    }

    /// Whether each symbol may come until the end.
    pub fn allows_all(&self) -> bool {
        let mut rows = self.next.chunks_exact(self.symbols).zip(&self.distance);
        rows.all(|(row, &distance)| distance == 0 || !row.contains(&NONE))
    }

    /// Whether a sequence is in the set.
    pub fn accepts(&self, sequence: &[u32]) -> bool {
        let mut state = 0;
        for &symbol in sequence {
            match self.row(state).get(symbol as usize) {
                Some(&next) if next != NONE => state = next,
                _ => return false,
            }
        }
        self.is_finishing(state)
    }
}
