//! Two guides in one: an art's own, and the bounds of what is asked.

use crate::sequence::Guide;

/// Takes its fields from one guide and its end from another; both weigh.
///
/// Of the two only one should forbid. Guides that forbid side by side may each leave something and together leave nothing, a
/// dead end: rules are joined as automata, by [`Automaton::both`](super::Automaton::both), before they become a guide.
pub struct Within {
    art: Box<dyn Guide>,
    bounds: Box<dyn Guide>,
}

impl Within {
    /// The fields and wishes of an art, within bounds.
    pub fn new(art: Box<dyn Guide>, bounds: Box<dyn Guide>) -> Self {
        Self { art, bounds }
    }
}

impl Guide for Within {
    fn fields(&self, fields: &mut [u32]) {
        self.art.fields(fields);
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        self.art.weigh(log_odds);
        self.bounds.weigh(log_odds);
    }

    fn push(&mut self, symbol: usize) {
        self.art.push(symbol);
        self.bounds.push(symbol);
    }

    fn is_done(&self) -> bool {
        self.bounds.is_done()
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(Self { art: self.art.fork(), bounds: self.bounds.fork() })
    }
}
