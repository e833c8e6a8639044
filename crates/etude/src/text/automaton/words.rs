//! Words: one that must not occur, and words that must not run into each other.

use super::super::alphabet::is_of_word;
use super::Part;

/// A word that doesn't occur, in either case; it may be a part of longer words.
///
/// States: within another word, between words, or how many of its characters stand, from 2.
#[derive(Debug)]
pub(in crate::text) struct Word(Vec<char>);

/// Within a word that began otherwise.
const OTHER: u32 = 0;

/// Between words; adding n means that n characters stand.
const BETWEEN: u32 = 1;

impl Word {
    pub(in crate::text) fn new(word: &str) -> Self {
        Self(word.chars().collect())
    }
}

impl Part for Word {
    fn start(&self) -> u32 {
        BETWEEN
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        if !is_of_word(character) {
            return self.accepts(state).then_some(BETWEEN);
        }
        let stand = (state != OTHER).then(|| (state - BETWEEN) as usize);
        let goes_on = stand.and_then(|stand| self.0.get(stand)).is_some_and(|&own| alike(own, character));
        Some(if goes_on { state + 1 } else { OTHER })
    }

    fn accepts(&self, state: u32) -> bool {
        state != BETWEEN + self.0.len() as u32
    }

    fn class(&self, character: char) -> u64 {
        let of_word = u64::from(is_of_word(character));
        self.0.iter().position(|&own| alike(own, character)).map_or(of_word, |at| at as u64 + 2)
    }
}

/// Whether two characters are the same but for their case.
pub(in crate::text) fn alike(one: char, other: char) -> bool {
    one.to_lowercase().eq(other.to_lowercase())
}
