//! Files that mean harm: whatever the bytes, a reader ends soon, within its memory, and without a panic.

mod drawings;
pub(crate) mod formats;
mod large;
mod mutants;
mod truncated;

use crate::cost;
use etude_piece::score::format::scores;
use std::time::Duration;

/// What a reader may take beside 8 times its file, in bytes.
pub(crate) const ROOM: usize = 32 << 20;

/// How long a megabyte may take. Without the compiler's care everything is slower by a factor, and nothing else.
const PER_MEGABYTE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 1 });

/// Reads every score of a file within the memory and the time that readers are allowed; how many were read, and the
/// first refusal.
#[track_caller]
pub(crate) fn within_bounds(bytes: &[u8], name: &str) -> (usize, Option<String>) {
    let read = || {
        let (mut read, mut refused) = (0, None);
        for score in scores(bytes, name) {
            match score {
                Ok(_) => read += 1,
                Err(error) => refused = refused.or(Some(error.to_string())),
            }
        }
        (read, refused)
    };
    let (outcome, peak, spent) = cost(read);
    let most = 8 * bytes.len() + ROOM;
    assert!(peak <= most, "{name}: {} bytes took {peak} bytes of memory, more than {most}", bytes.len());
    let megabytes = bytes.len().div_ceil(1 << 20).max(1) as u32;
    assert!(spent <= PER_MEGABYTE * megabytes, "{name}: {} bytes took {spent:?}", bytes.len());
    outcome
}
