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
//! | c | `context` | 0..C | the chain's state, or one of those that are alike |
//! | β | `rows` | (L, A, C) | L = 1 where the automaton comes nowhere twice; else by how many symbols are left |
//!
//! A set of at most so many symbols comes nowhere twice if how many have come is a part of its states. So sets are written out
//! in this way, where they don't grow too large.
//!
//! Papadopoulos, Pachet, Roy & Sakellariou, *Exact sampling for regular and Markov constraints with belief propagation*, CP
//! 2015; Whiteley & Lee, *Twisted particle filters*, Annals of Statistics 42, 2014; Guarniero, Johansen & Lee, *The iterated
//! auxiliary particle filter*, Journal of the American Statistical Association 112, 2017.

mod ahead;
mod messages;
mod reach;
mod row;
mod steps;

pub use ahead::Ahead;

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};
use crate::sequence::Chain;
use messages::Pair;
use row::Row;
use std::sync::Arc;
use steps::Steps;

/// The most messages that are kept, L · A · C: 128 MiB.
pub const MOST_MESSAGES: usize = 1 << 24;

/// The most products that are taken, L · A · C · Q: some tenths of a second.
const MOST_WORK: usize = 1 << 29;

/// The most states of a set of at most so many symbols that is written out.
const MOST_WRITTEN_OUT: usize = 1 << 16;

/// The backward messages of a chain and an automaton.
#[derive(Debug, Clone, PartialEq)]
pub struct LookAhead {
    automaton: Arc<Automaton>,
    /// The context before the first symbol.
    start: u32,
    /// The context after each symbol, shape (C, Q).
    after: Vec<u32>,
    /// β, a row for each state of each layer, shape (L, A).
    rows: Vec<Row>,
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
        let symbols = automaton.symbols();
        if chain.states().saturating_mul(symbols) > MOST_ENTRIES {
            return Err(Impossible::TooLarge);
        }
        let steps = Steps::of(chain, symbols, temperature);
        let sweep = |cut: &Automaton, order: &[u32]| Ok(Pair::new(&steps, cut, Some(order))?.sweep(order));
        let swept = match one_way(&automaton, most)? {
            None => Err(Impossible::TooLarge),
            Some((cut, order)) => sweep(&cut, &order).map(|rows| (cut, rows, true)),
        };
        // What comes nowhere twice gains nothing by layers.
        let (automaton, rows, exact) = match swept {
            Ok(swept) => swept,
            Err(impossible) if automaton.longest().is_some_and(|longest| longest <= most) => {
                return Err(impossible);
            }
            Err(_) => {
                let (rows, exact) = Pair::new(&steps, &automaton, None)?.by_length(most)?;
                (automaton, rows, exact)
            }
        };
        let look = Self { automaton, start: steps.start, after: steps.after, rows, most, exact };
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
        let last = self.rows.len() / self.automaton.states() - 1;
        let row = place.left.min(last) * self.automaton.states() + place.state as usize;
        self.rows[row].log(place.context)
    }
}

/// An automaton, and its states, each before those after it.
type InOrder = (Arc<Automaton>, Vec<u32>);

/// The automaton's sequences of at most `most` symbols as one that comes nowhere twice, and its states in order; nothing where
/// that would be too large.
///
/// # Errors
///
/// No sequence is as short.
fn one_way(automaton: &Arc<Automaton>, most: usize) -> Result<Option<InOrder>, Impossible> {
    let is_short = automaton.longest().is_some_and(|longest| longest <= most);
    let cut = match is_short {
        true => Arc::clone(automaton),
        false => match automaton.within(most, MOST_WRITTEN_OUT) {
            Ok(cut) => Arc::new(cut),
            Err(Impossible::TooLarge) => return Ok(None),
            Err(Impossible::Nothing) => return Err(Impossible::Nothing),
        },
    };
    Ok(cut.in_order().map(|order| (cut, order)))
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
