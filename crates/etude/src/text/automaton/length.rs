//! How long a text is.

use super::Part;

/// So many characters. States count them, no further than need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::text) struct Length {
    /// The fewest.
    pub(in crate::text) least: u32,
    /// The most, if there is a limit.
    pub(in crate::text) most: Option<u32>,
}

impl Part for Length {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, _character: char) -> Option<u32> {
        match self.most {
            Some(most) => (state < most).then_some(state + 1),
            None => Some((state + 1).min(self.least)),
        }
    }

    fn accepts(&self, state: u32) -> bool {
        state >= self.least
    }

    fn class(&self, _character: char) -> u64 {
        0
    }
}
