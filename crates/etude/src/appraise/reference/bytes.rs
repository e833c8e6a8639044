//! Whole numbers as bytes: seven bits in each, the low ones first, the top bit set where more follow (LEB128).

use crate::error::Result;
use crate::shelf::Reader;

/// Appends a number.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 128 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes numbers off the front of an array's bytes.
pub(super) struct Numbers<'a> {
    reader: &'a Reader<'a>,
    name: &'a str,
    bytes: &'a [u8],
}

impl<'a> Numbers<'a> {
    /// The numbers of an array.
    pub(super) fn of(reader: &'a Reader<'a>, name: &'a str) -> Result<Self> {
        Ok(Self { reader, name, bytes: reader.bytes(name)? })
    }

    /// The next number, at most `most`.
    pub(super) fn next(&mut self, most: u64) -> Result<u64> {
        let mut number = 0u64;
        // Nothing is counted beyond 2^48, which seven bytes hold.
        for shift in (0..49).step_by(7) {
            let Some((&byte, rest)) = self.bytes.split_first() else { return self.refuse("too few numbers") };
            self.bytes = rest;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return if number <= most { Ok(number) } else { self.refuse("a number out of range") };
            }
        }
        self.refuse("a number without end")
    }

    /// The number of entries of a list that follows; each takes two bytes or more.
    pub(super) fn length(&mut self) -> Result<usize> {
        let most = self.bytes.len() as u64 / 2;
        Ok(self.next(most)? as usize)
    }

    /// Refuses what is left over.
    pub(super) fn end(self) -> Result<()> {
        if self.bytes.is_empty() { Ok(()) } else { self.refuse("more than its numbers") }
    }

    fn refuse<T>(&self, found: &str) -> Result<T> {
        self.reader.refuse(format!("{found} in `{}`", self.name), "the figures of a corpus")
    }
}
