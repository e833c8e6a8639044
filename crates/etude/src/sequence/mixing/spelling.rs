//! What the symbols of a text are: letters, line ends, and others.

use crate::error::{Error, Result};

/// What a symbol is to a reader of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or an apostrophe, with the code point of its lower case.
    Letter(u32),
    /// The end of a line.
    LineEnd,
    /// A colon.
    Colon,
    /// Anything else.
    Other,
}

/// The classes of the symbols of an alphabet; symbols beyond are others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelling(Vec<Class>);

impl Spelling {
    /// Reads the characters that the symbols 0, 1, 2 … stand for, one behind the other.
    ///
    /// # Errors
    ///
    /// More characters than symbols.
    pub(super) fn new(characters: &str, symbols: usize) -> Result<Self> {
        let classes: Vec<Class> = characters.chars().map(class).collect();
        if classes.len() > symbols {
            return Err(Error::usage(
                format!("{} characters in `spelling`", classes.len()),
                format!("at most one for each of the {symbols} symbols"),
            ));
        }
        Ok(Self(classes))
    }

    /// Whether the symbols are characters of a text.
    pub(super) fn is_text(&self) -> bool {
        !self.0.is_empty()
    }

    /// What a symbol is.
    pub(super) fn class(&self, symbol: u32) -> Class {
        self.0.get(symbol as usize).copied().unwrap_or(Class::Other)
    }
}

fn class(character: char) -> Class {
    match character {
        '\n' => Class::LineEnd,
        ':' => Class::Colon,
        '\'' | '’' => Class::Letter(u32::from('\'')),
        letter if letter.is_alphabetic() => Class::Letter(letter.to_lowercase().next().map_or(0, u32::from)),
        _ => Class::Other,
    }
}
