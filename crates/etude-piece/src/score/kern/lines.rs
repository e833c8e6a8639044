//! Bytes to text, text to lines, lines to tokens, and the places of faults.

use super::token::Wrong;
use crate::{Error, Fault, Place};
use std::borrow::Cow;

/// How many characters of a token a message shows.
const SHOWN: usize = 40;

/// The file's text, without a byte order mark: UTF-8, or else Latin-1.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// A line that isn't blank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its text, without blanks at its end.
    pub(super) text: &'a str,
    /// Its number, counted from 1.
    number: usize,
}

/// The lines that aren't blank.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let trimmed = text.lines().map(|line| line.trim_end_matches([' ', '\t', '\r']));
    let numbered = trimmed.enumerate().map(|(index, text)| Line { text, number: index + 1 });
    numbered.filter(|line| !line.text.is_empty())
}

impl<'a> Line<'a> {
    /// The tokens, left to right.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text.split('\t')
    }

    /// How many tokens there are.
    pub(super) fn count(&self) -> usize {
        1 + self.text.bytes().filter(|&byte| byte == b'\t').count()
    }

    /// A fault at a token, which is a part of this line.
    pub(super) fn fault(&self, token: &str, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::from(Fault::new(self.place(token), found, expected))
    }

    /// As [`Line::fault`], with a hint.
    pub(super) fn hinted(
        &self,
        token: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
        hint: &str,
    ) -> Error {
        Error::from(Fault::new(self.place(token), found, expected).hint(hint))
    }

    /// A fault at a token that can't be read.
    pub(super) fn wrong(&self, token: &str, wrong: Wrong) -> Error {
        self.hinted(token, shown(token), wrong.expected, wrong.hint)
    }

    fn place(&self, token: &str) -> Place {
        let offset = (token.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.get(..offset).unwrap_or_default();
        Place::Line(self.number, before.chars().count() + 1)
    }
}

/// A token as a message shows it.
pub(super) fn shown(token: &str) -> String {
    match token.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &token[..end]),
        None => format!("`{token}`"),
    }
}
