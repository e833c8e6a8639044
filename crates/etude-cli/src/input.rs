//! What comes in by stdin.

use crate::failure::{Failure, Result};
use std::io::Read;

/// The most that a piece may hold there, in bytes: as much as a file of one.
const MOST_BYTES: u64 = 64 << 20;

/// All of stdin, which is to hold a piece.
pub(crate) fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::input(format!("stdin: {error}")))?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(Failure::input("stdin: found more than 64 MiB, expected a piece")),
        false => Ok(bytes),
    }
}
