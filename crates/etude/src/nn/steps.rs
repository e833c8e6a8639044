//! What recurrent layers share: their sizes, and how streams are shared out among threads.

use super::buffers::take;

/// Sizes of a recurrent layer's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Steps, T.
    pub steps: usize,
    /// Streams, B.
    pub streams: usize,
    /// Width of the state, H.
    pub width: usize,
}

impl Sizes {
    /// Streams for each thread; a multiple of four, the rows of a product's tile.
    pub(super) fn share(&self) -> usize {
        self.streams.div_ceil(rayon::current_num_threads()).next_multiple_of(4)
    }
}

/// An array (T, B, W) cut into shares of streams: for each share its rows at every step.
///
/// Streams know nothing of each other, so a thread may take its share through all steps without waiting.
pub(super) fn shares<'a>(
    array: &'a mut [f32],
    streams: usize,
    width: usize,
    share: usize,
) -> Vec<Vec<&'a mut [f32]>> {
    let mut shares: Vec<Vec<&'a mut [f32]>> = (0..streams.div_ceil(share)).map(|_| Vec::new()).collect();
    for step in array.chunks_exact_mut(streams * width) {
        for (rows, all) in step.chunks_mut(share * width).zip(&mut shares) {
            all.push(rows);
        }
    }
    shares
}

/// The states before each step, (T, B, W), from those after each: moved by one step, 0 where a sequence begins.
pub(super) fn before(after: &[f32], initial: &[f32], resets: &[bool], width: usize) -> Vec<f32> {
    let mut before = take(after.len());
    let (first, later) = before.split_at_mut(initial.len());
    first.copy_from_slice(initial);
    later.copy_from_slice(&after[..later.len()]);
    clear(&mut before, resets, width);
    before
}

/// States become 0 where a sequence begins.
pub(super) fn clear(state: &mut [f32], resets: &[bool], width: usize) {
    for (state, _) in state.chunks_exact_mut(width).zip(resets).filter(|(_, reset)| **reset) {
        state.fill(0.0);
    }
}
