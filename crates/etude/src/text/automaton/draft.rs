//! A draft with holes: what stands around them is kept, in order.

use super::Part;
use super::literal::Search;

/// Texts with a hole between each two.
///
/// States count from the first character on: those of a hole, if its length is given, then those of the text after it.
/// A hole of any length ends where the text after it first stands.
#[derive(Debug)]
pub(in crate::text) struct Draft {
    /// The texts around the holes.
    texts: Vec<Search>,
    /// The state at which each text begins, or the hole before it where its length is given.
    bases: Vec<u32>,
    /// How many characters each hole has; none for any number.
    hole: Option<u32>,
    /// All characters of the texts, for their classes.
    characters: Vec<char>,
}

impl Draft {
    /// `texts` around holes of `hole` characters each.
    pub(in crate::text) fn new(texts: &[&str], hole: Option<usize>) -> Self {
        let hole = hole.map(|length| length as u32);
        let (mut bases, mut base) = (Vec::new(), 0);
        let texts: Vec<Search> = texts.iter().map(|text| Search::new(text.chars().collect())).collect();
        for (index, text) in texts.iter().enumerate() {
            bases.push(base);
            base += text.whole() + if index > 0 { hole.unwrap_or(0) } else { 0 };
            // One state more for the last text, in which all stands, and for searches that go on from a whole text.
            base += u32::from(hole.is_none() || index + 1 == texts.len());
        }
        let mut characters: Vec<char> = texts.iter().flat_map(|text| text.characters()).copied().collect();
        characters.sort_unstable();
        characters.dedup();
        Self { texts, bases, hole, characters }
    }

    /// The text of a state, and how far behind its beginning the state is.
    fn place(&self, state: u32) -> (usize, u32) {
        let index = self.bases.partition_point(|&base| base <= state) - 1;
        (index, state - self.bases[index])
    }

    /// The state in which `at` characters of a text and the hole before it stand.
    fn state(&self, mut index: usize, mut at: u32) -> u32 {
        while index + 1 < self.texts.len() && at == self.whole(index) {
            (index, at) = (index + 1, 0);
        }
        self.bases[index] + at
    }

    /// How many characters a text has, with the hole before it where that has a length.
    fn whole(&self, index: usize) -> u32 {
        self.texts[index].whole() + if index > 0 { self.hole.unwrap_or(0) } else { 0 }
    }
}

impl Part for Draft {
    fn start(&self) -> u32 {
        self.state(0, 0)
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        let (index, at) = self.place(state);
        let text = &self.texts[index];
        match self.hole {
            None if index > 0 => Some(self.state(index, text.after(at, character))),
            Some(hole) if index > 0 && at < hole => Some(self.state(index, at + 1)),
            hole => {
                let skipped = if index > 0 { hole.unwrap_or(0) } else { 0 };
                let expected = text.characters().get((at - skipped) as usize);
                (expected == Some(&character)).then(|| self.state(index, at + 1))
            }
        }
    }

    fn accepts(&self, state: u32) -> bool {
        let (index, at) = self.place(state);
        index + 1 == self.texts.len() && at == self.whole(index)
    }

    fn class(&self, character: char) -> u64 {
        self.characters.binary_search(&character).map_or(0, |at| at as u64 + 1)
    }
}
