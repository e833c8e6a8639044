//! A guide that keeps a sequence within an automaton.

use super::automaton::{Automaton, Impossible, NONE};
use crate::sequence::Guide;
use std::sync::Arc;

/// Follows an automaton; its only field is the symbol before. It comes to no dead end.
#[derive(Debug, Clone)]
pub struct Follow {
    automaton: Arc<Automaton>,
    /// The automaton's state, or [`NONE`] after a symbol that leads nowhere.
    state: u32,
    /// The symbol before, or Q.
    before: u32,
    /// How many symbols may still come.
    left: usize,
}

impl Follow {
    /// Follows an automaton; where `most` is given, only symbols are allowed from which the end comes in time.
    ///
    /// # Errors
    ///
    /// No sequence is as short as that.
    pub fn new(automaton: Arc<Automaton>, most: Option<usize>) -> Result<Self, Impossible> {
        let left = most.unwrap_or(usize::MAX);
        if automaton.distance(0) as usize > left {
            return Err(Impossible::Nothing);
        }
        let before = automaton.symbols() as u32;
        Ok(Self { automaton, state: 0, before, left })
    }
}

impl Guide for Follow {
    fn fields(&self, fields: &mut [u32]) {
        fields[0] = self.before;
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        if self.state == NONE {
            log_odds.fill(f64::NEG_INFINITY);
            return;
        }
        for (odd, &after) in log_odds.iter_mut().zip(self.automaton.row(self.state)) {
            if after == NONE || self.automaton.distance(after) as usize >= self.left {
                *odd = f64::NEG_INFINITY;
            }
        }
    }

    fn push(&mut self, symbol: usize) {
        if self.state != NONE {
            self.state = self.automaton.after(self.state, symbol);
        }
        self.before = symbol as u32;
        self.left = self.left.saturating_sub(1);
    }

    fn is_done(&self) -> bool {
        self.state != NONE && self.automaton.is_finishing(self.state)
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What may come after a word, of a, b and c, where c ends it.
    #[track_caller]
    fn check(most: Option<usize>, word: &[usize], expected: &str) {
        let automaton = Automaton::until(3, &[false, false, true]).expect("c ends it");
        let mut guide: Box<dyn Guide> =
            Follow::new(Arc::new(automaton), most).expect("it is long enough").fork();
        word.iter().for_each(|&symbol| guide.push(symbol));
        let mut odds = [0.0; 3];
        guide.weigh(&mut odds);
        let allowed = "abc".chars().zip(odds).filter(|(_, odd)| *odd == 0.0);
        assert_eq!(allowed.map(|(symbol, _)| symbol).collect::<String>(), expected);
        let mut fields = [0];
        guide.fields(&mut fields);
        assert_eq!(fields[0] as usize, word.last().copied().unwrap_or(3));
        assert_eq!(guide.is_done(), word.last() == Some(&2));
    }

    #[test]
    fn everything_may_come_while_there_is_time() {
        check(None, &[0, 1], "abc");
        check(Some(4), &[0, 1], "abc");
    }

    #[test]
    fn only_the_end_is_left_at_the_last_moment() {
        check(Some(3), &[0, 1], "c");
    }

    #[test]
    fn nothing_comes_after_the_end() {
        check(None, &[0, 2], "");
    }

    #[test]
    fn too_short_a_length_is_refused() {
        let automaton = Automaton::only(2, &[0, 1]).expect("small");
        assert_eq!(Follow::new(Arc::new(automaton), Some(1)).map(|_| ()), Err(Impossible::Nothing));
    }
}
