//! Lipograms: letters that don't occur, in either case, with or without accents.

use super::Part;
use crate::text::fold::base;

/// None of these letters. It has one state.
#[derive(Debug)]
pub(in crate::text) struct Letters(Vec<char>);

impl Letters {
    /// Forbids letters.
    pub(in crate::text) fn new(letters: &str) -> Self {
        Self(letters.chars().flat_map(base).collect())
    }

    /// Whether a character is one of them.
    pub(in crate::text) fn hold(&self, character: char) -> bool {
        base(character).any(|letter| self.0.contains(&letter))
    }
}

impl Part for Letters {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        (!self.hold(character)).then_some(state)
    }

    fn accepts(&self, _state: u32) -> bool {
        true
    }

    fn class(&self, character: char) -> u64 {
        u64::from(self.hold(character))
    }
}
