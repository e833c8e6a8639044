//! Large arrays that operations use for a while and hand on: the first touch of fresh memory costs more than the work on it.

use std::sync::{Mutex, PoisonError};

/// Arrays that wait for their next use.
static WAITING: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// How many wait at most.
const MOST: usize = 8;

/// An array of some numbers, whatever they are.
pub(super) fn take(length: usize) -> Vec<f32> {
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let fitting = waiting.iter().position(|array| (length..=2 * length).contains(&array.capacity()));
    let mut array = fitting.map_or_else(Vec::new, |at| waiting.swap_remove(at));
    drop(waiting);
    if array.capacity() == 0 {
        return vec![0.0; length];
    }
    array.resize(length, 0.0);
    array
}

/// Hands an array on.
pub(super) fn give(array: Vec<f32>) {
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.push(array);
    if waiting.len() > MOST {
        waiting.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::{give, take};

    #[test]
    fn arrays_have_the_length_that_is_asked_for() {
        give(vec![1.0; 1000]);
        assert_eq!([take(900).len(), take(900).len(), take(0).len()], [900, 900, 0]);
    }
}
