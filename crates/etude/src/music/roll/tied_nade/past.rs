//! The past of a piece: its frames, and what the network is told of them.
//!
//! Frames are seen from above here: place 0 is the highest key. So the tune is written before what accompanies it.

use super::super::frame::{Frame, KEYS};
use super::habits::{Habits, PERIODS};
use super::likeness::{DISTANCES, Likeness};
use super::recall::{Recall, SUGGESTIONS, Suggestion};

/// All suggestions: of [`Recall`], and of [`Likeness`].
pub(super) const SOURCES: usize = SUGGESTIONS + 2;
/// Frames that tell where on the keyboard a piece is.
const RECENT: usize = 16;
/// Places around them that count as near, semitones.
const MARGIN: usize = 6;

/// A frame, its places in the opposite order.
pub(super) fn turned(frame: Frame) -> Frame {
    frame.reverse_bits() >> (Frame::BITS as usize - KEYS)
}

/// What was written so far.
#[derive(Debug, Clone)]
pub(super) struct Past {
    /// From above, (T).
    pub(super) frames: Vec<Frame>,
    recall: Recall,
    likeness: Likeness,
    habits: Habits,
}

/// What is known before a frame, beside the frames.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    /// What may come next.
    pub(super) suggestions: [Suggestion; SOURCES],
    /// How much the piece is like itself so many frames before.
    pub(super) likeness: [f32; DISTANCES.len()],
    /// See [`Habits`].
    pub(super) ages: [u8; KEYS],
    pub(super) classes: [[f32; 12]; 2],
    pub(super) shares: [f32; KEYS],
    pub(super) phases: [f32; PERIODS.len()],
    /// The first and last place that is near to what sounded lately or is suggested.
    pub(super) near: (u8, u8),
}

impl Past {
    /// Nothing was written.
    pub(super) fn new() -> Self {
        Self {
            frames: Vec::new(),
            recall: Recall::default(),
            likeness: Likeness::new(),
            habits: Habits::new(),
        }
    }

    /// Takes in a frame.
    pub(super) fn push(&mut self, frame: Frame) {
        self.frames.push(frame);
        self.recall.push(&self.frames);
        self.likeness.push(&self.frames);
        self.habits.push(frame);
    }

    /// What is known before the next frame.
    pub(super) fn moment(&self) -> Moment {
        let [a, b, c, d] = self.recall.suggest(&self.frames);
        let [e, f] = self.likeness.suggest(&self.frames);
        let suggestions = [a, b, c, d, e, f];
        let recent = self.frames.iter().rev().take(RECENT);
        let suggested = suggestions.iter().map(|suggestion| &suggestion.frame);
        let active = recent.chain(suggested).fold(0, |all, frame| all | frame);
        let near = match active {
            0 => (0, KEYS - 1),
            _ => {
                let (first, last) = (active.trailing_zeros() as usize, active.ilog2() as usize);
                (first.saturating_sub(MARGIN), (last + MARGIN).min(KEYS - 1))
            }
        };
        Moment {
            suggestions,
            likeness: self.likeness.at_distances(),
            ages: self.habits.ages(),
            classes: self.habits.classes(),
            shares: self.habits.shares(),
            phases: self.habits.phases(),
            near: (near.0 as u8, near.1 as u8),
        }
    }
}

/// The frames of a piece from above, and what is known before each.
pub(super) fn moments(frames: &[Frame]) -> (Vec<Frame>, Vec<Moment>) {
    let mut past = Past::new();
    let mut moments = Vec::with_capacity(frames.len());
    for &frame in frames {
        moments.push(past.moment());
        past.push(turned(frame));
    }
    (past.frames, moments)
}
