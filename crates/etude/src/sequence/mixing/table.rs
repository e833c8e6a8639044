//! The slots of one kind of context, found by the context's hash.
//!
//! Open addressing with linear probing; 32 bits of the hash tell contexts apart. Most contexts come once only: of those the
//! symbol alone is kept, for its path is all that is known. Lists of slots lie in one arena; a list that outgrows its place
//! moves, and its old place is used again.

use super::code::Code;
use super::slot::{Slot, merge};

/// Slots by which the room of a list grows.
const STEP: usize = 4;

/// Marks an entry that is a symbol.
const SINGLE: u32 = 1 << 31;

/// The part of a hash that tells contexts apart.
pub(super) fn check(key: u64) -> u32 {
    (key >> 32) as u32
}

/// Where a context would stand in a table of `places`, a power of two from 2 to 2³².
fn home(check: u32, places: usize) -> usize {
    check as usize >> (32 - places.trailing_zeros())
}

/// Contexts and their slots.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Part of each context's hash.
    checks: Vec<u32>,
    /// 0: free; SINGLE | symbol: came once, before that symbol; else 1 + where its list begins in the arena.
    entries: Vec<u32>,
    /// How many places are taken.
    taken: usize,
    /// Lists: a slot that tells length and room, then the slots.
    arena: Vec<Slot>,
    /// Places in the arena that are free, by their room in steps.
    free: Vec<Vec<u32>>,
    scratch: Vec<Slot>,
}

impl Default for Table {
    fn default() -> Self {
        let (checks, entries) = (vec![0; 16], vec![0; 16]);
        Self { checks, entries, taken: 0, arena: Vec::new(), free: Vec::new(), scratch: Vec::new() }
    }
}

impl Table {
    /// Where a context is, or where it would be.
    fn find(&self, key: u64) -> usize {
        let mask = self.entries.len() - 1;
        let check = check(key);
        let mut at = home(check, self.entries.len());
        while self.entries[at] != 0 && self.checks[at] != check {
            at = (at + 1) & mask;
        }
        at
    }

    /// What is known in a context: slots, their nodes ascending; nothing if it never came.
    pub(super) fn list<'a>(&'a self, code: &'a Code, key: u64) -> &'a [Slot] {
        match self.entries[self.find(key)] {
            0 => &[],
            single if single & SINGLE != 0 => code.path(single & !SINGLE),
            place => self.at(place as usize - 1),
        }
    }

    fn at(&self, place: usize) -> &[Slot] {
        let (length, _) = self.arena[place].sizes();
        &self.arena[place + 1..][..length]
    }

    /// In a context came a symbol: its path has now these slots.
    pub(super) fn write(&mut self, code: &Code, key: u64, symbol: u32, path: &[Slot]) {
        let at = self.find(key);
        match self.entries[at] {
            0 => {
                self.checks[at] = check(key);
                self.entries[at] = SINGLE | symbol;
                self.taken += 1;
                if self.taken * 4 > self.entries.len() * 3 {
                    self.grow();
                }
            }
            single if single & SINGLE != 0 => {
                let mut merged = std::mem::take(&mut self.scratch);
                merge(code.path(single & !SINGLE), path, &mut merged);
                self.entries[at] = self.store(&merged);
                self.scratch = merged;
            }
            place => {
                let place = place as usize - 1;
                if !self.overwrite(place, path) {
                    let mut merged = std::mem::take(&mut self.scratch);
                    merge(self.at(place), path, &mut merged);
                    self.entries[at] = self.replace(place, &merged);
                    self.scratch = merged;
                }
            }
        }
    }

    /// Writes the slots of a path over those in a list; false, and half done, if one of them isn't there.
    fn overwrite(&mut self, place: usize, path: &[Slot]) -> bool {
        let (length, _) = self.arena[place].sizes();
        let mut rest = self.arena[place + 1..][..length].iter_mut();
        path.iter().all(|&new| match rest.find(|old| old.node >= new.node) {
            Some(old) if old.node == new.node => {
                *old = new;
                true
            }
            _ => false,
        })
    }

    /// A longer list for the one at `place`; returns its entry.
    fn replace(&mut self, place: usize, list: &[Slot]) -> u32 {
        let (_, steps) = self.arena[place].sizes();
        if list.len() > steps * STEP {
            self.free.resize_with(self.free.len().max(steps + 1), Vec::new);
            self.free[steps].push(place as u32);
            return self.store(list);
        }
        self.arena[place] = Slot::header(list.len(), steps);
        self.arena[place + 1..][..list.len()].copy_from_slice(list);
        place as u32 + 1
    }

    /// Puts a list somewhere; returns its entry.
    fn store(&mut self, list: &[Slot]) -> u32 {
        let steps = list.len().div_ceil(STEP);
        let reused = self.free.get_mut(steps).and_then(Vec::pop);
        let place = reused.map_or(self.arena.len(), |place| place as usize);
        if place == self.arena.len() {
            self.arena.resize(place + 1 + steps * STEP, Slot::default());
        }
        self.arena[place] = Slot::header(list.len(), steps);
        self.arena[place + 1..][..list.len()].copy_from_slice(list);
        place as u32 + 1
    }

    /// Twice the places.
    fn grow(&mut self) {
        let places = self.entries.len() * 2;
        let entries = std::mem::replace(&mut self.entries, vec![0; places]);
        let checks = std::mem::replace(&mut self.checks, vec![0; places]);
        let mask = places - 1;
        for (entry, check) in entries.into_iter().zip(checks).filter(|&(entry, _)| entry != 0) {
            let mut at = home(check, places);
            while self.entries[at] != 0 {
                at = (at + 1) & mask;
            }
            (self.entries[at], self.checks[at]) = (entry, check);
        }
    }

    /// The table after all steps of a text, given each step's check and its symbol, (T).
    ///
    /// The same slots as if the steps had been written one after the other: sorted, each context's steps are met together,
    /// and none is looked up.
    pub(super) fn build(code: &Code, checks: &[u32], symbols: &[u16]) -> Self {
        let steps = checks.iter().enumerate().map(|(step, &check)| u64::from(check) << 32 | step as u64);
        let mut steps: Vec<u64> = steps.collect();
        steps.sort_unstable();
        let of = |step: u64| (step >> 32) as u32;
        let contexts = steps.chunk_by(|a, b| of(*a) == of(*b)).count();
        let places = (contexts * 4 / 3 + 1).next_power_of_two().max(16);
        let mut table =
            Self { checks: vec![0; places], entries: vec![0; places], taken: contexts, ..Self::default() };
        let mut slots: Vec<Slot> = (0..code.nodes() as u16).map(Slot::new).collect();
        let (mut seen, mut list): (Vec<u16>, Vec<Slot>) = (Vec::new(), Vec::new());
        for group in steps.chunk_by(|a, b| of(*a) == of(*b)) {
            let mut at = home(of(group[0]), places);
            while table.entries[at] != 0 {
                at = (at + 1) & (places - 1);
            }
            table.checks[at] = of(group[0]);
            let symbol = |step: &u64| u32::from(symbols[*step as u32 as usize]);
            if let [single] = group {
                table.entries[at] = SINGLE | symbol(single);
                continue;
            }
            for step in group.iter().flat_map(|step| code.path(symbol(step))) {
                let slot = &mut slots[usize::from(step.node)];
                if !slot.is_seen() {
                    seen.push(step.node);
                }
                *slot = slot.after(step.last());
            }
            seen.sort_unstable();
            list.clear();
            list.extend(
                seen.drain(..).map(|node| std::mem::replace(&mut slots[usize::from(node)], Slot::new(node))),
            );
            table.entries[at] = table.store(&list);
        }
        table
    }
}
