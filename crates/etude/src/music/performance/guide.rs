//! Follows a performance while it is written, so that every key that is pressed is released, and nothing else is.

use super::events::{Event, FORCES, KEYS, SHIFTS, SYMBOLS};
use crate::sequence::Guide;

/// How many keys at once field 1 tells apart.
const AT_ONCE: usize = 10;

/// So many events a second are enough; beyond that a performance is brought to its end.
const DENSEST: usize = 100;

/// How many values each field has: the symbol before, how many keys are down, the force, the key that was pressed last.
pub(super) const FIELDS: [usize; 4] = [SYMBOLS + 1, AT_ONCE + 1, FORCES + 1, KEYS + 1];

/// Follows a performance.
#[derive(Debug, Clone)]
pub(super) struct Follower {
    /// How many steps it is to last, if that is asked.
    length: Option<u64>,
    /// Steps so far.
    now: u64,
    /// The keys that are down, bit `n` for key `n`.
    down: u128,
    /// Those of them that were pressed at this very step.
    fresh: u128,
    /// 32 before the first.
    force: usize,
    before: Option<Event>,
    /// 88 before the first.
    last: usize,
    events: usize,
}

impl Follower {
    /// Follows a performance of `length` steps, or of any length.
    pub(super) fn new(length: Option<u64>) -> Self {
        Self { length, now: 0, down: 0, fresh: 0, force: FORCES, before: None, last: KEYS, events: 0 }
    }

    /// More events than this never come.
    pub(super) fn most(length: u64) -> usize {
        // What is down when too much was written, its release, and the last time shifts.
        budget(length) + KEYS + 2 + length as usize / SHIFTS + 2
    }

    /// Whether an event may come.
    fn may(&self, event: Event) -> bool {
        let left = self.length.map_or(u64::MAX, |length| length.saturating_sub(self.now));
        let full = self.length.is_some_and(|length| self.events >= budget(length));
        let strikes = left > 0 && !full && self.down.count_ones() < KEYS as u32;
        // A force is for the note that follows.
        if let Some(Event::Force(_)) = self.before {
            return matches!(event, Event::On(key) if self.down >> key & 1 == 0);
        }
        match event {
            Event::On(key) => strikes && self.force < FORCES && self.down >> key & 1 == 0,
            Event::Off(key) => self.down >> key & 1 == 1 && self.fresh >> key & 1 == 0,
            Event::Shift(steps) => {
                let whole = !matches!(self.before, Some(Event::Shift(before)) if before < SHIFTS);
                // The last step is left for a note where there is none yet.
                let until = if self.last < KEYS { left } else { left.saturating_sub(1) };
                whole && steps as u64 <= until
            }
            Event::Force(force) => strikes && force != self.force,
            // A second of silence before the end is no loss.
            Event::End if self.last == KEYS => false,
            Event::End => self.down == 0 && (self.length.is_none() || full || left <= SHIFTS as u64),
        }
    }
}

/// How many events a performance may have before it is brought to its end.
fn budget(length: u64) -> usize {
    DENSEST * (length as usize / 100 + 2)
}

impl Guide for Follower {
    fn fields(&self, fields: &mut [u32]) {
        fields[0] = self.before.map_or(SYMBOLS, Event::symbol) as u32;
        fields[1] = self.down.count_ones().min(AT_ONCE as u32);
        fields[2] = self.force as u32;
        fields[3] = self.last as u32;
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        for (symbol, odd) in log_odds.iter_mut().enumerate() {
            if !self.may(Event::of(symbol)) {
                *odd = f64::NEG_INFINITY;
            }
        }
    }

    fn push(&mut self, symbol: usize) {
        let event = Event::of(symbol);
        match event {
            Event::On(key) => {
                self.down |= 1 << key;
                self.fresh |= 1 << key;
                self.last = key;
            }
            Event::Off(key) => self.down &= !(1 << key),
            Event::Shift(steps) => {
                self.now += steps as u64;
                self.fresh = 0;
            }
            Event::Force(force) => self.force = force,
            Event::End => {}
        }
        self.before = Some(event);
        self.events += 1;
    }

    fn is_done(&self) -> bool {
        self.before == Some(Event::End)
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}
