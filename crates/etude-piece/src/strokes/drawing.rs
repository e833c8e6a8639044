//! A drawing with what its file tells about it.

use super::Strokes;
use crate::corpus::Split;

/// A named drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// A name that is unique in its file. Where the file tells what is drawn it is that word and a number, such as `cat-12`.
    pub name: String,
    /// Its split, where the file tells it.
    pub split: Option<Split>,
    /// What is drawn.
    pub strokes: Strokes,
}
