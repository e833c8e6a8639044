//! Files of scores by the thousand: hostile ones, folders, and chains of conversions.

mod chain;
mod folder;
mod hostile;

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

/// Work, and what it took: the peak of memory above what was held before, in bytes, and time.
fn cost<T>(work: impl FnOnce() -> T) -> (T, usize, Duration) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let start = Instant::now();
    let done = work();
    let spent = start.elapsed();
    (done, MEMORY.peak_usage().saturating_sub(before), spent)
}
