//! What a key reads: other keys by interval, and nothing that tells which key it is.

use super::super::frame::{Frame, KEYS, sounding};
use super::network::Network;
use super::past::{Past, highest};

/// Numbers beside the window and the clock: pitch classes, keys below and above, distances to the ends, the first frame.
const TIME: usize = 12 + 2 + 2 + 1;
/// The same of the frame in the making: pitch classes, keys below now and in the last frame, whether this key sounded then.
const NOTE: usize = 12 + 3;
/// What counts of keys are divided by.
const VOICES: f32 = 4.0;
/// Semitones that count as far.
const WIDE: f32 = 24.0;

impl Network {
    /// Numbers that a key reads of the past, I.
    pub(super) fn time_features(&self) -> usize {
        2 * self.window + 1 + TIME + self.clock
    }

    /// Numbers that a key reads of the lower keys of its frame, E.
    pub(super) fn note_features(&self) -> usize {
        self.window + NOTE
    }

    /// What a key reads of the past, (I).
    pub(super) fn read_past(&self, past: &Past, key: usize, out: &mut [f32]) {
        let (window, out) = out.split_at_mut(2 * self.window + 1);
        // Bit 0 becomes the lowest key of the window; what lies beyond the keyboard is silent.
        let around = match key.checked_sub(self.window) {
            Some(lowest) => past.last >> lowest,
            None => past.last << (self.window - key),
        };
        fill(around, window);
        let (classes, out) = out.split_at_mut(12);
        count(past.last, key, classes);
        let below = past.last & ((1 << key) - 1);
        let above = past.last >> key >> 1;
        let (first, last) = match past.sounded {
            0 => (0.0, 0.0),
            all => (key as f32 - all.trailing_zeros() as f32, highest(all) as f32 - key as f32),
        };
        let distance = |semitones: f32| (semitones / WIDE).clamp(-1.0, 1.0);
        let begins = if past.at == 0 { 1.0 } else { 0.0 };
        let (own, clock) = out.split_at_mut(TIME - 12);
        own.copy_from_slice(&[voices(below), voices(above), distance(first), distance(last), begins]);
        for (bit, value) in clock.iter_mut().enumerate() {
            *value = if past.at >> bit & 1 == 1 { 1.0 } else { -1.0 };
        }
    }

    /// What a key reads of its frame, of which the lower keys are known, (E).
    pub(super) fn read_lower(&self, past: &Past, lower: Frame, key: usize, out: &mut [f32]) {
        let (window, out) = out.split_at_mut(self.window);
        let below = match key.checked_sub(self.window) {
            Some(lowest) => lower >> lowest,
            None => lower << (self.window - key),
        };
        fill(below, window);
        let (classes, own) = out.split_at_mut(12);
        count(lower, key, classes);
        let held = (past.last >> key & 1) as f32;
        own.copy_from_slice(&[voices(lower), voices(past.last & ((1 << key) - 1)), held]);
    }
}

/// How many keys sound, on a scale for networks.
fn voices(frame: Frame) -> f32 {
    frame.count_ones() as f32 / VOICES
}

/// One number for each of the lowest bits.
fn fill(bits: Frame, out: &mut [f32]) {
    out.iter_mut().enumerate().for_each(|(at, value)| *value = (bits >> at & 1) as f32);
}

/// Sounding keys of each pitch class, counted from the key's own upwards, (12).
fn count(frame: Frame, key: usize, out: &mut [f32]) {
    out.fill(0.0);
    // A multiple of twelve above all keys.
    const OCTAVES: usize = KEYS.next_multiple_of(12);
    for other in sounding(frame) {
        out[(other + OCTAVES - key) % 12] += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: Network =
        Network { width: 16, layers: 1, note_width: 16, window: 3, margin: 12, clock: 2 };

    /// Key 40 in a past where 39 and 52 sounded last, and 30 before.
    #[test]
    fn what_a_key_reads() {
        let past = Past { at: 5, last: 1 << 39 | 1 << 52, sounded: 1 << 30 | 1 << 39 | 1 << 52 };
        let mut read = vec![9.0; NETWORK.time_features()];
        NETWORK.read_past(&past, 40, &mut read);
        let window = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let classes = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let own = [0.25, 0.25, 10.0 / 24.0, 0.5, 0.0];
        assert_eq!(read, [window.as_slice(), &classes, &own, &[1.0, -1.0]].concat());
        let mut read = vec![9.0; NETWORK.note_features()];
        NETWORK.read_lower(&past, 1 << 38, 40, &mut read);
        let classes = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        assert_eq!(read, [[0.0, 1.0, 0.0].as_slice(), &classes, &[0.25, 0.25, 0.0]].concat());
    }

    #[test]
    fn a_key_reads_the_same_wherever_it_lies() {
        let read = |by: usize| {
            let (last, lower) = (0b1001_0001 << by, 0b11 << by);
            let past = Past { at: 3, last, sounded: last };
            let mut read = vec![0.0; NETWORK.time_features() + NETWORK.note_features()];
            let (time, note) = read.split_at_mut(NETWORK.time_features());
            NETWORK.read_past(&past, 5 + by, time);
            NETWORK.read_lower(&past, lower, 5 + by, note);
            read
        };
        assert!((1..80).all(|by| read(by) == read(0)));
    }
}
