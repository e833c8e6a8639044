//! The guide that knows what lies ahead.

use super::{LookAhead, Place};
use crate::sequence::Guide;
use std::sync::Arc;

/// Keeps a sequence within an automaton, and leans towards what ends as asked; its only field is the symbol before.
#[derive(Debug, Clone)]
pub struct Ahead {
    look: Arc<LookAhead>,
    place: Place,
    /// The symbol before, or Q.
    before: u32,
}

impl Ahead {
    /// Follows from the beginning.
    pub fn new(look: Arc<LookAhead>) -> Self {
        let (place, before) = (look.begin(), look.automaton.symbols() as u32);
        Self { look, place, before }
    }
}

impl Guide for Ahead {
    fn fields(&self, fields: &mut [u32]) {
        fields[0] = self.before;
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        let here = self.look.message(self.place);
        for (symbol, odd) in log_odds.iter_mut().enumerate() {
            let ahead = self.look.message(self.look.follow(self.place, symbol));
            if ahead == f64::NEG_INFINITY || here == f64::NEG_INFINITY {
                *odd = f64::NEG_INFINITY;
            } else {
                *odd += ahead - here;
            }
        }
    }

    fn push(&mut self, symbol: usize) {
        self.place = self.look.follow(self.place, symbol);
        self.before = symbol as u32;
    }

    fn is_done(&self) -> bool {
        self.look.is_complete(self.place)
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}
