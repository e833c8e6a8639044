//! Files that mean harm: whatever the bytes, a reader ends soon, within its memory, and without a panic.

mod formats;
mod large;
mod mutants;
mod truncated;

use etude_piece::score::format::scores;
use peak_alloc::PeakAlloc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Held by a test while it runs: the allocator counts for all threads, so the tests run one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static MEASURING: Mutex<()> = Mutex::new(());
    // A test that failed has broken nothing for the others.
    MEASURING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a reader may take beside 8 times its file, in bytes.
const ROOM: usize = 32 << 20;

/// How long a megabyte may take. Without the compiler's care everything is slower by a factor, and nothing else.
const PER_MEGABYTE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 1 });

/// Work, and what it took: the peak of memory above what was held before, in bytes, and time.
fn cost<T>(work: impl FnOnce() -> T) -> (T, usize, Duration) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let start = Instant::now();
    let done = work();
    let spent = start.elapsed();
    (done, MEMORY.peak_usage().saturating_sub(before), spent)
}

/// Reads every score of a file within the memory and the time that readers are allowed; how many were read, and the
/// first refusal.
#[track_caller]
fn within_bounds(bytes: &[u8], name: &str) -> (usize, Option<String>) {
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
