//! The one error of this crate: where, what was found, what was expected, and a hint.

use std::fmt;
use std::path::PathBuf;

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong between a file and a piece.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input breaks the rules of its format.
    #[error(transparent)]
    Fault(Box<Fault>),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file that was to be read or written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A piece can't be put into the asked format or view.
    #[error("{what}; hint: {hint}")]
    Unfit {
        /// What doesn't fit.
        what: String,
        /// What would.
        hint: String,
    },
}

/// A broken rule in an input: the place, what stood there, what should have, and a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, once known.
    pub file: Option<String>,
    /// Where in the file.
    pub place: Place,
    /// What was found, lower case, no full stop.
    pub found: String,
    /// What the format asks for there.
    pub expected: String,
    /// How to mend it, if that is clear.
    pub hint: Option<String>,
}

/// A place in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The input as a whole.
    Whole,
    /// A byte offset, counted from 0.
    Byte(usize),
    /// A line and a column, counted from 1.
    Line(usize, usize),
    /// A bar, counted from 1 (an upbeat is bar 0).
    Bar(usize),
    /// An item of a list, counted from 0.
    Item(usize),
}

impl Fault {
    /// A fault without file name or hint.
    pub fn new(place: Place, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { file: None, place, found: found.into(), expected: expected.into(), hint: None }
    }

    /// The same fault with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Error {
    /// A place where something can't be represented, and what to do about it.
    pub fn unfit(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unfit { what: what.into(), hint: hint.into() }
    }

    /// The same error, naming the file it came from if it doesn't yet.
    #[must_use]
    pub fn in_file(mut self, name: &str) -> Self {
        if let Self::Fault(fault) = &mut self {
            fault.file.get_or_insert_with(|| name.to_owned());
        }
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        match self.place {
            Place::Whole => {}
            Place::Byte(byte) => write!(f, "byte {byte}: ")?,
            Place::Line(line, column) => write!(f, "line {line}, column {column}: ")?,
            Place::Bar(bar) => write!(f, "bar {bar}: ")?,
            Place::Item(item) => write!(f, "item {item}: ")?,
        }
        write!(f, "found {}, expected {}", self.found, self.expected)?;
        match &self.hint {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_file_place_found_expected_and_hint() {
        let fault = Fault::new(Place::Line(3, 7), "`z0`", "a length of at least 1/64").hint("write `z`");
        let error = Error::from(fault).in_file("tune.abc");
        assert_eq!(
            error.to_string(),
            "tune.abc: line 3, column 7: found `z0`, expected a length of at least 1/64; hint: write `z`"
        );
    }
}
