//! Work on all threads while the caller watches.

use crate::error::{Error, Result};
use crate::model::Progress;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How often the caller is told.
const TICK: Duration = Duration::from_millis(100);

/// The results of `work` for 0..count, in order. `work` is handed a progress of its own, which ends it soon after
/// `progress` has said `false`.
///
/// # Errors
///
/// What `work` says, and [`Error::Interrupted`].
pub(super) fn watched<T: Send>(
    count: usize,
    words: &str,
    progress: &mut Progress,
    work: impl Fn(usize, &mut Progress) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let (alive, ended) = mpsc::channel::<()>();
        let (stop, done, work) = (&stop, &done, &work);
        let worker = scope.spawn(move || {
            let one = |index| {
                let mut goes_on = |_: f64, _: &str| !stop.load(Ordering::Relaxed);
                if !goes_on(0.0, "") {
                    return Err(Error::Interrupted);
                }
                let result = work(index, &mut goes_on);
                done.fetch_add(1, Ordering::Relaxed);
                result
            };
            // Every result first, so that it is the first error that is told, on any number of threads.
            let results: Vec<Result<T>> = (0..count).into_par_iter().map(one).collect();
            drop(alive);
            results
        });
        // Nothing is ever sent: the channel closes when the work is done.
        while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            let share = done.load(Ordering::Relaxed) as f64 / count.max(1) as f64;
            if !progress(share, words) {
                stop.store(true, Ordering::Relaxed);
            }
        }
        let results = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match progress(1.0, words) {
            true => results.into_iter().collect(),
            false => Err(Error::Interrupted),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        let squares = watched(100, "squaring", &mut |_, _| true, |index, _| Ok(index * index));
        assert_eq!(squares.expect("nothing fails"), (0..100).map(|n| n * n).collect::<Vec<_>>());
    }

    #[test]
    fn who_watches_can_end_it() {
        let patient = |_, progress: &mut Progress| {
            while progress(0.0, "") {
                std::thread::yield_now();
            }
            Err::<(), _>(Error::Interrupted)
        };
        assert!(matches!(watched(3, "waiting", &mut |_, _| false, patient), Err(Error::Interrupted)));
    }
}
