//! How long the lines are, and how many.

use super::Part;
use std::ops::RangeInclusive;

/// Lines of so many characters, or so many lines, or both.
///
/// A line ends with `\n`; what stands behind the last `\n`, if anything, is a line too. Counted lines all end with `\n`,
/// and none of them is empty. States: the column within the line, for each number of lines before.
#[derive(Debug)]
pub(in crate::text) struct Lines {
    /// How many characters each line has.
    pub(in crate::text) length: RangeInclusive<u32>,
    /// How many lines there are.
    pub(in crate::text) count: Option<u32>,
}

impl Lines {
    /// States of one line: columns that are told apart.
    fn columns(&self) -> u32 {
        match *self.length.end() {
            // Nothing is told apart behind the least length.
            u32::MAX => self.length.start() + 1,
            most => most + 1,
        }
    }
}

impl Part for Lines {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        let (line, column) = (state / self.columns(), state % self.columns());
        if self.count == Some(line) {
            return None;
        }
        let next = match character {
            '\n' if self.length.contains(&column) => match self.count {
                None => 0,
                Some(_) => (line + 1) * self.columns(),
            },
            '\n' => return None,
            _ if *self.length.end() == u32::MAX => {
                line * self.columns() + (column + 1).min(*self.length.start())
            }
            _ => {
                let column = (column < *self.length.end()).then_some(column + 1)?;
                line * self.columns() + column
            }
        };
        Some(next)
    }

    fn accepts(&self, state: u32) -> bool {
        match self.count {
            Some(count) => state == count * self.columns(),
            None => state == 0 || self.length.contains(&state),
        }
    }

    fn class(&self, character: char) -> u64 {
        u64::from(character == '\n')
    }
}
