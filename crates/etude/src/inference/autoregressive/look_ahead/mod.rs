//! Exact look-ahead for models of finite memory: how likely a chain, going on alone, ends as asked.
//!
//! A chain in context c and an automaton in state a look ahead with the backward messages
//!
//! ```text
//! β(a, c) = Σ_x p(x | c) · β(a after x, c after x)          β = 1 where a is finishing, 0 where no symbol leads on
//! ```
//!
//! from the end to the beginning; β at the start is the probability Z that the chain by itself does what is asked. A guide
//! that adds ln β(after) − ln β(here) makes of the chain itself an exact sampler of what is asked: m is always 1. For another
//! model, such as a network, the messages of a small chain *twist* sequential Monte Carlo: particles turn early towards a
//! pinned future, and the weights make up for what the chain gets wrong.
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | a | `state` | 0..A | the automaton's state |
//! | c | `context` | 0..C | the chain's state |
//! | ln β | `messages` | (L, A, C) | L = 1 where the automaton comes nowhere twice; else by how many symbols are left |
//!
//! Papadopoulos, Pachet, Roy & Sakellariou, *Exact sampling for regular and Markov constraints with belief propagation*, CP
//! 2015; Whiteley & Lee, *Twisted particle filters*, Annals of Statistics 42, 2014; Guarniero, Johansen & Lee, *The iterated
//! auxiliary particle filter*, Journal of the American Statistical Association 112, 2017.

mod ahead;
mod messages;

pub use ahead::Ahead;

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};
use crate::sequence::Chain;
use messages::Steps;
use std::sync::Arc;

/// The most messages that are kept, L · A · C: 128 MiB.
pub const MOST_MESSAGES: usize = 1 << 24;

/// The most sums that are taken, L · A · C · Q: some seconds.
const MOST_WORK: usize = 1 << 29;

/// The backward messages of a chain and an automaton.
#[derive(Debug, Clone, PartialEq)]
pub struct LookAhead {
    automaton: Arc<Automaton>,
    /// The context before the first symbol.
    start: u32,
    /// How many contexts there are, C.
    contexts: usize,
    /// The context after each symbol, shape (C, Q).
    after: Vec<u32>,
    /// ln β, shape (L, A, C).
    messages: Vec<f64>,
    /// The most symbols of a sequence.
    most: usize,
    exact: bool,
}

impl LookAhead {
    /// Looks ahead by a chain, at a temperature, to the sequences of an automaton of at most `most` symbols.
    ///
    /// # Errors
    ///
    /// The chain can't do what is asked, or there are too many messages; then a chain of lower order may do.
    ///
    /// # Panics
    ///
    /// A chain over fewer symbols than the automaton's.
    pub fn new(
        chain: &dyn Chain,
        automaton: Arc<Automaton>,
        temperature: f64,
        most: usize,
    ) -> Result<Self, Impossible> {
        let (contexts, symbols) = (chain.states(), automaton.symbols());
        let layer = automaton.states().saturating_mul(contexts);
        let table = contexts.saturating_mul(symbols);
        if layer > MOST_MESSAGES || table > MOST_ENTRIES || layer.saturating_mul(symbols) > MOST_WORK {
            return Err(Impossible::TooLarge);
        }
        let steps = Steps::of(chain, symbols, temperature);
        let order =
            automaton.in_order().filter(|_| automaton.longest().is_some_and(|longest| longest <= most));
        let (messages, exact) = match order {
            Some(order) => (steps.sweep(&automaton, &order), true),
            None => steps.by_length(&automaton, most)?,
        };
        let start = chain.start() as u32;
        let look = Self { automaton, start, contexts, after: steps.after, messages, most, exact };
        if look.log_probability(&[]) == f64::NEG_INFINITY {
            return Err(Impossible::Nothing);
        }
        Ok(look)
    }

    /// ln Z: how likely the chain by itself goes on as asked after some given symbols; −∞ where it can't.
    ///
    /// # Panics
    ///
    /// Symbols that the automaton doesn't have.
    pub fn log_probability(&self, given: &[u32]) -> f64 {
        let place = given.iter().fold(self.begin(), |place, &symbol| self.follow(place, symbol as usize));
        self.message(place)
    }

    /// Whether the messages are exact. They are lower bounds where lengths are so many that not all were looked at.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Where a sequence begins.
    fn begin(&self) -> Place {
        Place { state: 0, context: self.start, left: self.most }
    }

    /// Where a symbol leads.
    fn follow(&self, place: Place, symbol: usize) -> Place {
        let symbols = self.automaton.symbols();
        let state = match place.state {
            NONE => NONE,
            state => self.automaton.after(state, symbol),
        };
        let context = self.after[place.context as usize * symbols + symbol];
        Place { state, context, left: place.left.saturating_sub(1) }
    }

    /// Whether a sequence is complete at a place.
    fn is_complete(&self, place: Place) -> bool {
        place.state != NONE && self.automaton.is_finishing(place.state)
    }

    /// ln β at a place.
    fn message(&self, place: Place) -> f64 {
        if place.state == NONE {
            return f64::NEG_INFINITY;
        }
        let layer = self.automaton.states() * self.contexts;
        let last = self.messages.len() / layer - 1;
        let row = place.left.min(last) * layer + place.state as usize * self.contexts;
        self.messages[row + place.context as usize]
    }
}

/// How far a sequence has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The automaton's state, or [`NONE`] after a symbol that leads nowhere.
    state: u32,
    /// The chain's.
    context: u32,
    /// How many symbols may still come.
    left: usize,
}
