//! In which contexts each state can be come to: only there messages are needed.
//!
//! Within a word that is being spelled, or a part that is given, the symbols so far are known, and with them all that a chain
//! remembers; a set of thousands of words then takes a few messages for each state instead of one for each context.

use super::MOST_MESSAGES;
use super::steps::Steps;
use crate::inference::autoregressive::{Automaton, Impossible, NONE};
use std::collections::VecDeque;

/// The most marks that are made while searching, A · C: 128 MiB of bits.
const MOST_MARKS: usize = 1 << 30;

/// The contexts of each state, as bits.
struct Marks {
    /// Words of 64 bits for each state.
    width: usize,
    bits: Vec<u64>,
}

impl Marks {
    fn of(&self, state: u32) -> impl Iterator<Item = u32> {
        let words = &self.bits[state as usize * self.width..][..self.width];
        let ones = |(word, bits): (usize, &u64)| {
            let (mut bits, base) = (*bits, word as u32 * 64);
            std::iter::from_fn(move || {
                let place = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some(base + place)
            })
        };
        words.iter().enumerate().flat_map(ones)
    }

    /// Marks a context; tells whether it is new.
    fn mark(&mut self, state: u32, context: u32) -> bool {
        let word = &mut self.bits[state as usize * self.width + context as usize / 64];
        let before = *word;
        *word |= 1 << (context % 64);
        *word != before
    }
}

/// The contexts in which each state can be come to, ascending. `order` has each state before those after it, where there is
/// such an order.
///
/// # Errors
///
/// More marks than can be held, or more contexts than messages.
pub(super) fn reach(
    steps: &Steps,
    automaton: &Automaton,
    order: Option<&[u32]>,
) -> Result<Vec<Vec<u32>>, Impossible> {
    let states = automaton.states();
    if states.saturating_mul(steps.contexts()) > MOST_MARKS {
        return Err(Impossible::TooLarge);
    }
    let width = steps.contexts().div_ceil(64);
    let mut marks = Marks { width, bits: vec![0; states * width] };
    marks.mark(0, steps.start);
    let mut waiting = VecDeque::from(order.map_or_else(|| vec![0], <[u32]>::to_vec));
    let mut waits = vec![order.is_some(); states];
    let mut block_seen = vec![false; steps.arrivals.len() / steps.symbols];
    let (mut blocks, mut found) = (Vec::new(), 1);
    while let Some(state) = waiting.pop_front() {
        waits[state as usize] = false;
        for context in marks.of(state) {
            let block = steps.blocks[context as usize] as usize;
            if !std::mem::replace(&mut block_seen[block], true) {
                blocks.push(block);
            }
        }
        for block in blocks.drain(..) {
            block_seen[block] = false;
            let arrivals = &steps.arrivals[block * steps.symbols..][..steps.symbols];
            let open = automaton.row(state).iter().zip(arrivals).filter(|(after, _)| **after != NONE);
            for (&after, &context) in open {
                let fresh = marks.mark(after, context);
                found += usize::from(fresh);
                if fresh && !std::mem::replace(&mut waits[after as usize], true) {
                    waiting.push_back(after);
                }
            }
        }
        if found > MOST_MESSAGES {
            return Err(Impossible::TooLarge);
        }
    }
    Ok((0..states as u32).map(|state| marks.of(state).collect()).collect())
}
