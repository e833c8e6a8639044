//! From notes as played to symbols, and back.

use super::played::{Played, RATE};

/// The lowest key, A0.
pub(super) const LOW: u8 = 21;
/// How many keys there are.
pub(super) const KEYS: usize = 88;
/// The longest time shift, in steps.
pub(super) const SHIFTS: usize = 100;
/// How many forces are told apart.
pub(super) const FORCES: usize = 32;
/// How many symbols there are, Q.
pub(super) const SYMBOLS: usize = 2 * KEYS + SHIFTS + FORCES + 1;

/// What a symbol means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A key, from 0, is pressed.
    On(usize),
    /// A key is released.
    Off(usize),
    /// So many steps pass, 1..=100.
    Shift(usize),
    /// The force of the notes to come, 0..=31.
    Force(usize),
    End,
}

impl Event {
    /// The event of a symbol below [`SYMBOLS`].
    pub(super) fn of(symbol: usize) -> Self {
        let mut rest = symbol;
        for (count, event) in [
            (KEYS, Self::On as fn(usize) -> Self),
            (KEYS, Self::Off),
            (SHIFTS, |index| Self::Shift(index + 1)),
            (FORCES, Self::Force),
        ] {
            if rest < count {
                return event(rest);
            }
            rest -= count;
        }
        Self::End
    }

    /// Its symbol.
    pub(super) fn symbol(self) -> usize {
        match self {
            Self::On(key) => key,
            Self::Off(key) => KEYS + key,
            Self::Shift(steps) => 2 * KEYS + steps - 1,
            Self::Force(force) => 2 * KEYS + SHIFTS + force,
            Self::End => SYMBOLS - 1,
        }
    }
}

/// The force of a velocity.
fn force(velocity: u8) -> usize {
    usize::from(velocity.min(127)) * FORCES / 128
}

/// The velocity in the middle of those of a force.
pub(super) fn velocity(force: usize) -> u8 {
    (force * 128 / FORCES + 64 / FORCES) as u8
}

/// The symbols of notes that ascend by onset, without an end. Keys beyond a piano's come back by octaves; a key that is pressed
/// again is released before.
pub(super) fn write(played: &[Played]) -> Vec<u32> {
    let step = |seconds: f64| (seconds.max(0.0) * RATE).round() as u64;
    // Presses and releases by step; releases come first, then from low to high.
    let mut pressed: Vec<(u64, u64, usize, usize)> = Vec::with_capacity(played.len());
    for note in played {
        let key =
            usize::from(crate::music::melody::folded(i32::from(note.pitch), LOW, LOW + KEYS as u8 - 1) - LOW);
        let onset = step(note.onset);
        pressed.push((onset, step(note.end).max(onset + 1), key, force(note.velocity)));
    }
    pressed.sort_by_key(|&(onset, end, key, _)| (onset, key, u64::MAX - end));
    // Of two notes of one key at one step the longer stays.
    pressed.dedup_by_key(|&mut (onset, _, key, _)| (onset, key));
    let mut last: [Option<usize>; KEYS] = [None; KEYS];
    for index in 0..pressed.len() {
        let (onset, _, key, _) = pressed[index];
        if let Some(before) = last[key] {
            pressed[before].1 = pressed[before].1.min(onset);
        }
        last[key] = Some(index);
    }
    let on = pressed.iter().map(|&(onset, _, key, force)| (onset, true, key, force));
    let off = pressed.iter().map(|&(_, end, key, _)| (end, false, key, 0));
    let mut changes: Vec<(u64, bool, usize, usize)> = on.chain(off).collect();
    changes.sort_unstable();
    let mut symbols = Vec::with_capacity(3 * changes.len());
    let mut push = |event: Event| symbols.push(event.symbol() as u32);
    let (mut now, mut struck) = (0, None);
    for (at, presses, key, force) in changes {
        while now < at {
            let steps = (at - now).min(SHIFTS as u64);
            push(Event::Shift(steps as usize));
            now += steps;
        }
        if !presses {
            push(Event::Off(key));
            continue;
        }
        if struck != Some(force) {
            push(Event::Force(force));
            struck = Some(force);
        }
        push(Event::On(key));
    }
    symbols
}

/// The notes of symbols, ascending by onset; what is never released sounds to the end.
pub(super) fn read(symbols: &[u32]) -> Vec<Played> {
    let mut notes: Vec<Played> = Vec::new();
    let mut sounding: [Option<usize>; KEYS] = [None; KEYS];
    let (mut now, mut loud) = (0u64, velocity(FORCES / 2));
    let seconds = |steps: u64| steps as f64 / RATE;
    for &symbol in symbols {
        match Event::of(symbol as usize) {
            Event::On(key) => {
                sounding[key] = Some(notes.len());
                let onset = seconds(now);
                notes.push(Played { onset, end: f64::INFINITY, pitch: LOW + key as u8, velocity: loud });
            }
            Event::Off(key) => {
                if let Some(index) = sounding[key].take() {
                    notes[index].end = seconds(now);
                }
            }
            Event::Shift(steps) => now += steps as u64,
            Event::Force(force) => loud = velocity(force),
            Event::End => break,
        }
    }
    for note in &mut notes {
        note.end = note.end.min(seconds(now)).max(note.onset + 1.0 / RATE);
    }
    notes
}
