//! The memory that reading a file may take, in proportion to its size.

use crate::{Error, Fault, Place, Result};

/// Bytes of memory for each byte of the file, the file's own among them.
const PER_BYTE: usize = 8;

/// Bytes of memory that any file may take.
const BASE: usize = 32 << 20;

/// Bytes that are still free.
#[derive(Debug)]
pub(super) struct Room {
    free: usize,
}

impl Room {
    /// The room beside a file of `size` bytes.
    pub(super) fn beside(size: usize) -> Self {
        Self { free: size.saturating_mul(PER_BYTE - 1).saturating_add(BASE) }
    }

    /// Takes `bytes`.
    ///
    /// # Errors
    ///
    /// A fault at `place` if so many aren't left.
    pub(super) fn take(&mut self, bytes: usize, place: impl FnOnce() -> Place) -> Result<()> {
        self.free = self.free.checked_sub(bytes).ok_or_else(|| too_much(place()))?;
        Ok(())
    }

    /// Gives `bytes` back that were taken.
    pub(super) fn give_back(&mut self, bytes: usize) {
        self.free = self.free.saturating_add(bytes);
    }
}

fn too_much(place: Place) -> Error {
    let found = "more than a file of this size may hold";
    let expected =
        format!("at most {PER_BYTE} bytes of memory for each of the file's, and {} MiB", BASE >> 20);
    Fault::new(place, found, expected).hint("unpack compressed music first, or split the score").into()
}
