//! Lines of a file, and a cursor on one line that knows its place.

use crate::{Error, Fault, Place};
use std::borrow::Cow;

/// One line, without its line end.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Its text: UTF-8, or Latin-1 where it isn't that.
    pub(super) text: Cow<'a, str>,
    /// Its number, from 1.
    pub(super) number: usize,
}

/// The lines of a file, ended by `\n`, `\r\n` or `\r`. A copy looks ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Lines<'a> {
    /// All lines of a file, without its byte order mark.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes), number: 0 }
    }

    /// The number of the line read last, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(self.rest.len());
        let (bytes, rest) = self.rest.split_at(end);
        let line_end = if rest.starts_with(b"\r\n") { 2 } else { rest.len().min(1) };
        self.rest = &rest[line_end..];
        self.number += 1;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // Old collections are Latin-1, whose bytes are the first 256 code points.
            Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
        };
        Some(Line { text, number: self.number })
    }
}

/// A place in one line, moving right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at byte `at` of line number `line`.
    pub(super) fn new(text: &'a str, at: usize, line: usize) -> Self {
        Self { text, at, line }
    }

    /// What lies ahead.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    /// Steps over one character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Steps over `expected` if it is next.
    pub(super) fn eat(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Steps over all `wanted` and says how many there were.
    pub(super) fn count(&mut self, wanted: char) -> usize {
        self.take_while(|c| c == wanted).len() / wanted.len_utf8()
    }

    /// Steps over characters while `wanted` holds, and hands them out.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Steps over blanks.
    pub(super) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Steps past the next `end` and hands out what stood before it; `None`, unmoved, if there is none.
    pub(super) fn take_until(&mut self, end: char) -> Option<&'a str> {
        let rest = self.rest();
        let taken = &rest[..rest.find(end)?];
        self.at += taken.len() + end.len_utf8();
        Some(taken)
    }

    /// A cursor on what lies ahead up to `end`; this one steps past it.
    pub(super) fn split_until(&mut self, end: char) -> Option<Self> {
        let start = self.at;
        let inside = self.take_until(end)?;
        Some(Self { text: &self.text[..start + inside.len()], at: start, line: self.line })
    }

    /// The place `bytes` to the left, which a character of this line begins.
    pub(super) fn back(mut self, bytes: usize) -> Self {
        self.at -= bytes;
        self
    }

    /// The whole line, and its number, to be read again later.
    pub(super) fn line(&self) -> (String, usize) {
        (self.text.to_owned(), self.line)
    }

    /// Steps over a decimal number, if one is next; too large ones saturate.
    pub(super) fn number(&mut self) -> Option<u32> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() {
            return None;
        }
        let add = |n: u32, digit: u8| n.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
        Some(digits.bytes().fold(0, add))
    }

    /// An error at this place: something else was expected.
    pub(super) fn fault(&self, expected: &str) -> Fault {
        let found: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(12).collect();
        let found = match self.peek() {
            None => "the end of the line".to_owned(),
            Some(_) if found.is_empty() => "a blank".to_owned(),
            Some(_) => format!("`{found}`"),
        };
        Fault::new(self.place(), found, expected)
    }

    /// This place: line and column, from 1.
    fn place(&self) -> Place {
        Place::Line(self.line, self.text[..self.at].chars().count() + 1)
    }

    /// An error that isn't about the next character.
    pub(super) fn error(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Fault::new(self.place(), found, expected).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways_and_may_be_latin_1() {
        let lines: Vec<String> =
            Lines::new(b"\xEF\xBB\xBFa\nK\xF6nig\r\n\rz").map(|line| line.text.into_owned()).collect();
        assert_eq!(lines, ["a", "König", "", "z"]);
    }

    #[test]
    fn a_fault_knows_its_column_in_characters() {
        let mut cursor = Cursor::new("öö12x", 0, 7);
        cursor.take_while(|c| c == 'ö');
        assert_eq!(cursor.number(), Some(12));
        assert_eq!(cursor.fault("a note").to_string(), "line 7, column 5: found `x`, expected a note");
    }

    #[test]
    fn numbers_saturate() {
        assert_eq!(Cursor::new("99999999999999999999", 0, 1).number(), Some(u32::MAX));
    }
}
