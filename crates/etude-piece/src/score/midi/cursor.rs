//! A place in a file's bytes that only moves forwards and knows its offset.

use crate::error::{Fault, Place, Result};

/// Bytes up to some end, and how far they have been read. Positions count from the start of the file.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
    /// What ends where the bytes end: `file` or `track`.
    enclosing: &'static str,
}

impl<'a> Cursor<'a> {
    /// The start of a file.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, enclosing: "file" }
    }

    /// The offset of the next byte.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The next byte, unread.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// A fault here: the end was found where `expected` should stand.
    fn ended(&self, expected: &str) -> Fault {
        Fault::new(Place::Byte(self.bytes.len()), format!("the end of the {}", self.enclosing), expected)
            .hint("the file is cut off or damaged; fetch it again")
    }

    /// The next byte.
    pub(super) fn byte(&mut self, expected: &str) -> Result<u8> {
        let byte = self.peek().ok_or_else(|| self.ended(expected))?;
        self.position += 1;
        Ok(byte)
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize, expected: &str) -> Result<&'a [u8]> {
        if count > self.left() {
            return Err(self.ended(expected).into());
        }
        let taken = &self.bytes[self.position..self.position + count];
        self.position += count;
        Ok(taken)
    }

    /// The next two bytes, big end first.
    pub(super) fn short(&mut self, expected: &str) -> Result<u16> {
        let bytes = self.take(2, expected)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// The next four bytes, big end first.
    pub(super) fn long(&mut self, expected: &str) -> Result<u32> {
        let bytes = self.take(4, expected)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A number of 1 to 4 bytes of 7 bits each, 0..=268,435,455.
    pub(super) fn variable(&mut self, expected: &str) -> Result<u32> {
        let start = self.position;
        let mut number = 0;
        for _ in 0..4 {
            let byte = self.byte(expected)?;
            number = number << 7 | u32::from(byte & 0x7f);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Fault::new(Place::Byte(start), "a number of more than 4 bytes", expected).into())
    }

    /// The next `count` bytes as a cursor of their own, named `enclosing`.
    pub(super) fn inner(&mut self, count: usize, enclosing: &'static str) -> Result<Self> {
        let position = self.position;
        self.take(count, enclosing)?;
        Ok(Self { bytes: &self.bytes[..self.position], position, enclosing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<u32>) {
        assert_eq!(Cursor::new(bytes).variable("a number").ok(), expected);
    }

    #[test]
    fn variable_numbers_are_those_of_the_standard() {
        check(&[0x00], Some(0));
        check(&[0x7f], Some(0x7f));
        check(&[0x81, 0x00], Some(0x80));
        check(&[0xff, 0x7f], Some(0x3fff));
        check(&[0xff, 0xff, 0xff, 0x7f], Some(0x0fff_ffff));
    }

    #[test]
    fn variable_numbers_have_at_most_four_bytes() {
        check(&[0x80, 0x80, 0x80, 0x80, 0x00], None);
    }

    #[test]
    fn variable_numbers_must_end() {
        check(&[0x81], None);
    }

    #[test]
    fn an_inner_cursor_ends_before_the_file_does() {
        let mut cursor = Cursor::new(&[1, 2, 3]);
        let mut inner = cursor.inner(2, "track").expect("two bytes are there");
        assert_eq!(inner.take(2, "two").expect("two"), [1, 2]);
        let message = inner.byte("a third").expect_err("the end").to_string();
        assert!(message.starts_with("byte 2: found the end of the track, expected a third"), "{message}");
        assert_eq!(cursor.position(), 2);
    }
}
