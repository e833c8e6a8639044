//! Corpora: named pieces, each in the train, valid or test split.

mod json;
mod open;

#[cfg(test)]
pub(crate) mod shared;

use crate::score::Grid;

/// Which part of a corpus an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Split {
    /// What models are fitted on.
    Train,
    /// What settings are chosen on.
    Valid,
    /// What is only measured.
    Test,
}

impl Split {
    /// All splits, in order.
    pub const ALL: [Self; 3] = [Self::Train, Self::Valid, Self::Test];

    /// `train`, `valid` or `test`.
    pub const fn name(self) -> &'static str {
        ["train", "valid", "test"][self as usize]
    }
}

/// One piece of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// A name that is unique in its corpus.
    pub name: String,
    /// Its split.
    pub split: Split,
    /// The piece.
    pub grid: Grid,
}

/// Pieces to learn from, in a fixed order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// Where it came from, for a person.
    pub name: String,
    /// The pieces.
    pub items: Vec<Item>,
    /// What could not be used, and why, one line each.
    pub skipped: Vec<String>,
}

impl Corpus {
    /// The pieces of one split, in order.
    pub fn split(&self, split: Split) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.split == split)
    }

    /// The grids of one split, in order.
    pub fn grids(&self, split: Split) -> Vec<Grid> {
        self.split(split).map(|item| item.grid.clone()).collect()
    }
}

pub use json::read_json;
pub(crate) use open::{LEAST_TO_SPLIT, apportioned};
