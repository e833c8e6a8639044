//! Texts that must stand at the start, at the end or anywhere, or nowhere.
//!
//! Knuth, Morris & Pratt, *Fast pattern matching in strings*, SIAM Journal on Computing 6, 1977.

use super::Part;

/// The text begins like this. States: how many characters of it stand.
#[derive(Debug)]
pub(in crate::text) struct Start(Vec<char>);

impl Start {
    pub(in crate::text) fn new(text: &str) -> Self {
        Self(text.chars().collect())
    }
}

impl Part for Start {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        match self.0.get(state as usize) {
            None => Some(state),
            Some(&expected) => (expected == character).then_some(state + 1),
        }
    }

    fn accepts(&self, state: u32) -> bool {
        state as usize == self.0.len()
    }

    fn class(&self, character: char) -> u64 {
        class(&self.0, character)
    }
}

/// Characters that a text doesn't hold are all alike to it.
pub(super) fn class(text: &[char], character: char) -> u64 {
    text.iter().position(|&own| own == character).map_or(0, |at| at as u64 + 1)
}

/// How much of a text stands at the end of what was read.
#[derive(Debug, Clone)]
pub(super) struct Search {
    text: Vec<char>,
    /// For each length that stands, the longest shorter one that then stands too, shape (length + 1).
    shorter: Vec<u32>,
}

impl Search {
    pub(super) fn new(text: Vec<char>) -> Self {
        let mut shorter = vec![0; text.len() + 1];
        let mut search = Self { shorter: Vec::new(), text };
        for length in 1..search.text.len() {
            let mut at = shorter[length];
            while at > 0 && search.text[at as usize] != search.text[length] {
                at = shorter[at as usize];
            }
            shorter[length + 1] = at + u32::from(search.text[at as usize] == search.text[length]);
        }
        search.shorter = shorter;
        search
    }

    /// The text itself.
    pub(super) fn characters(&self) -> &[char] {
        &self.text
    }

    /// How long the text is.
    pub(super) fn whole(&self) -> u32 {
        self.text.len() as u32
    }

    /// How much of it stands after a character, where `length` of it stood.
    pub(super) fn after(&self, mut length: u32, character: char) -> u32 {
        loop {
            if self.text.get(length as usize) == Some(&character) {
                return length + 1;
            }
            if length == 0 {
                return 0;
            }
            length = self.shorter[length as usize];
        }
    }

    /// Characters that a text doesn't hold are all alike.
    pub(super) fn class(&self, character: char) -> u64 {
        class(&self.text, character)
    }
}

/// The text ends like this.
#[derive(Debug)]
pub(in crate::text) struct End(Search);

impl End {
    pub(in crate::text) fn new(text: &str) -> Self {
        Self(Search::new(text.chars().collect()))
    }
}

impl Part for End {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        Some(self.0.after(state, character))
    }

    fn accepts(&self, state: u32) -> bool {
        state == self.0.whole()
    }

    fn class(&self, character: char) -> u64 {
        self.0.class(character)
    }
}

/// The text holds this somewhere. The last state stays.
#[derive(Debug)]
pub(in crate::text) struct Contains(Search);

impl Contains {
    pub(in crate::text) fn new(text: &str) -> Self {
        Self(Search::new(text.chars().collect()))
    }
}

impl Part for Contains {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        Some(if state == self.0.whole() { state } else { self.0.after(state, character) })
    }

    fn accepts(&self, state: u32) -> bool {
        state == self.0.whole()
    }

    fn class(&self, character: char) -> u64 {
        self.0.class(character)
    }
}

/// The text holds this nowhere.
#[derive(Debug)]
pub(in crate::text) struct Absent(Search);

impl Absent {
    pub(in crate::text) fn new(text: &str) -> Self {
        Self(Search::new(text.chars().collect()))
    }
}

impl Part for Absent {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        let next = self.0.after(state, character);
        (next < self.0.whole()).then_some(next)
    }

    fn accepts(&self, _state: u32) -> bool {
        true
    }

    fn class(&self, character: char) -> u64 {
        self.0.class(character)
    }
}
