//! What is known of the frames before, and which cells are near to what sounds.
//!
//! The network reads near cells alone. All others share one log-odds, so that it doesn't matter how many of them lie below the
//! music and how many above it.

use super::super::frame::{Frame, KEYS};
use std::ops::Range;

/// What is known before a frame, in one key as in any other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Past {
    /// Frames before this one.
    pub(super) at: usize,
    /// The last of them; silence before the first.
    pub(super) last: Frame,
    /// All keys that sounded so far.
    pub(super) sounded: Frame,
}

impl Past {
    /// Takes in a frame.
    pub(super) fn push(&mut self, frame: Frame) {
        *self = Self { at: self.at + 1, last: frame, sounded: self.sounded | frame };
    }

    /// Whether a key is near: no more than a margin from those that sounded, or above one of this frame's lower keys.
    pub(super) fn is_near(&self, lower: Frame, key: usize, margin: usize) -> bool {
        let known = self.sounded | lower;
        known != 0
            && key <= highest(known) + margin
            && (lower != 0 || key + margin >= self.sounded.trailing_zeros() as usize)
    }

    /// Which of the two odds a cell has that isn't near: 0 before anything has sounded, 1 after.
    pub(super) fn far(&self) -> usize {
        usize::from(self.sounded != 0)
    }
}

/// The highest key of a frame that isn't silent.
pub(super) fn highest(frame: Frame) -> usize {
    frame.ilog2() as usize
}

/// What is known before each frame of a piece.
pub(super) fn pasts(frames: &[Frame]) -> Vec<Past> {
    let mut past = Past::default();
    let before = |&frame| {
        let before = past;
        past.push(frame);
        before
    };
    frames.iter().map(before).collect()
}

/// The keys that may ever be near in a piece.
pub(super) fn reach(frames: &[Frame], margin: usize) -> Range<usize> {
    match frames.iter().fold(0, |all, frame| all | frame) {
        0 => 0..0,
        all => (all.trailing_zeros() as usize).saturating_sub(margin)..(highest(all) + margin + 1).min(KEYS),
    }
}

/// The log-odds that the cells sound that aren't near, counted over pieces: before anything has sounded, and after.
pub(super) fn far_odds(pieces: &[Vec<Frame>], margin: usize) -> [f32; 2] {
    // Half a cell of each kind is added, so that the odds are finite (Krichevsky & Trofimov 1981).
    let mut counts = [[0.5f64; 2]; 2];
    for frames in pieces {
        for (past, frame) in pasts(frames).iter().zip(frames) {
            for key in 0..KEYS {
                let lower = frame & ((1 << key) - 1);
                if !past.is_near(lower, key, margin) {
                    counts[past.far()][(frame >> key & 1) as usize] += 1.0;
                }
            }
        }
    }
    counts.map(|[silent, sounding]| (crate::kernels::ln(sounding) - crate::kernels::ln(silent)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_near_to_what_sounded_and_above_what_sounds() {
        let near = |past: &Past, frame: Frame| -> Vec<usize> {
            (0..KEYS).filter(|&key| past.is_near(frame & ((1 << key) - 1), key, 2)).collect()
        };
        let mut past = Past::default();
        assert_eq!((near(&past, 0), past.far()), (vec![], 0));
        assert_eq!(near(&past, 1 << 40), [41, 42]);
        past.push(1 << 40);
        assert_eq!((near(&past, 0), past.far()), ((38..=42).collect(), 1));
        // One far above, which is a stretch of its own, and one far below.
        assert_eq!(near(&past, 1 << 60), [38, 39, 40, 41, 42, 61, 62]);
        assert_eq!(near(&past, 1 << 30), (31..=42).collect::<Vec<_>>());
        past.push(0);
        assert_eq!((past.at, past.last, past.sounded), (2, 0, 1 << 40));
        assert_eq!((reach(&[0, 1 << 40, 3], 2), reach(&[0], 2)), (0..43, 0..0));
    }

    #[test]
    fn far_cells_are_counted() {
        // Before anything sounds: 40 and then 88 silent ones, and one that sounds; two near ones above it. After: 83 silent.
        let [before, after] = far_odds(&[vec![0, 1 << 40, 0]], 2);
        let silent = 88.0 + 88.0 - 3.0;
        assert!((before - (1.5f32 / (silent + 0.5)).ln()).abs() < 1e-5);
        assert!((after - (0.5f32 / 83.5).ln()).abs() < 1e-5);
    }
}
