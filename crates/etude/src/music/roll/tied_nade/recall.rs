//! What earlier places of the same piece suggest as its next frame: where the last frames occurred before, what came then?
//!
//! For each earlier frame it is known how many frames up to there equal those up to the newest. Each new frame updates all of
//! these lengths from those before it, so the longest match is exact and needs no hash.

use super::super::frame::{ALL, Frame};

/// How many suggestions there are.
pub(super) const SUGGESTIONS: usize = 4;
/// Lengths of matches, in frames, from which on they belong to the classes 1, 2 …; class 0 is no match.
const LENGTHS: [u8; 9] = [1, 2, 3, 4, 6, 8, 12, 16, 24];
/// Longer matches aren't told apart.
const MOST: u8 = 24;
/// The class of a match of 4 frames.
const FOUR: u8 = 4;

/// A frame that may come next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) frame: Frame,
    /// How much speaks for it, 1 to 9; 0 where there is none.
    pub(super) class: u8,
}

/// How the end of a piece matches its earlier places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recall {
    /// Frames up to each that equal those up to the newest, (T − 1).
    runs: Vec<u8>,
    /// The same for frames that are moved by some interval, and that interval, (T − 1).
    moved: Vec<(u8, i8)>,
}

impl Recall {
    /// Takes in the newest frame, the last of `frames`.
    pub(super) fn push(&mut self, frames: &[Frame]) {
        let Some((&newest, before)) = frames.split_last() else { return };
        if before.is_empty() {
            return;
        }
        // The match up to a frame goes on the one up to the frame before it.
        self.runs.insert(0, 0);
        self.moved.insert(0, (0, 0));
        for ((run, moved), &earlier) in self.runs.iter_mut().zip(&mut self.moved).zip(before) {
            *run = if earlier == newest { (*run + 1).min(MOST) } else { 0 };
            *moved = match interval(earlier, newest) {
                Some(None) if moved.0 > 0 => ((moved.0 + 1).min(MOST), moved.1),
                Some(None) => (1, 0),
                Some(Some(by)) if moved.0 > 0 && moved.1 == by => ((moved.0 + 1).min(MOST), by),
                Some(Some(by)) => (1, by),
                None => (0, 0),
            };
        }
    }

    /// What came after: the longest match; the newest of at least four frames; the newest of one; and the longest of
    /// at least two frames, moved by an interval.
    pub(super) fn suggest(&self, frames: &[Frame]) -> [Suggestion; SUGGESTIONS] {
        let mut found = [Suggestion::default(); SUGGESTIONS];
        let [longest, four, one, moved] = &mut found;
        // From the newest place on, so that of two equal ones the newer counts.
        for (at, (&run, &(moved_run, by))) in self.runs.iter().zip(&self.moved).enumerate().rev() {
            let class = class(run);
            let next = frames[at + 1];
            if class > longest.class {
                *longest = Suggestion { frame: next, class };
            }
            if class >= FOUR && four.class == 0 {
                *four = Suggestion { frame: next, class: 1 };
            }
            if class > 0 && one.class == 0 {
                *one = Suggestion { frame: next, class: 1 };
            }
            let class = self::class(moved_run);
            if class > 1 && class > moved.class {
                *moved = Suggestion { frame: shift(next, by), class };
            }
        }
        found
    }
}

fn class(run: u8) -> u8 {
    LENGTHS.iter().take_while(|&&length| length <= run).count() as u8
}

/// By how much a frame has to be moved to be another one: any amount if both are silent.
fn interval(from: Frame, to: Frame) -> Option<Option<i8>> {
    match (from, to) {
        (0, 0) => Some(None),
        (0, _) | (_, 0) => None,
        _ => {
            let by = to.trailing_zeros() as i8 - from.trailing_zeros() as i8;
            (shift(from, by) == to).then_some(Some(by))
        }
    }
}

/// A frame moved by so many places; what leaves the keyboard is gone.
fn shift(frame: Frame, by: i8) -> Frame {
    if by >= 0 { (frame << by) & ALL } else { frame >> -by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    /// Frames up to `at` that, moved, equal the last ones, counted one by one.
    fn run(frames: &[Frame], at: usize, by: i8) -> u8 {
        let last = frames.len() - 1;
        let equal = |back: &usize| shift(frames[at - back], by) == frames[last - back];
        (0..=at).take_while(equal).count().min(MOST.into()) as u8
    }

    #[test]
    fn lengths_are_those_of_a_slow_search() {
        let mut chance = Chance::new(3, 0);
        let (mut frames, mut recall) = (Vec::new(), Recall::default());
        for _ in 0..300 {
            frames.push(1 << (40 + chance.below(2)));
            recall.push(&frames);
            for at in 0..frames.len() - 1 {
                assert_eq!(recall.runs[at], run(&frames, at, 0));
                let (length, by) = recall.moved[at];
                assert_eq!(length, run(&frames, at, by));
            }
        }
    }

    #[test]
    fn a_theme_comes_again_elsewhere() {
        let theme = [0b1, 0b101, 0b1001, 0b10].map(|frame| frame << 30);
        let (mut frames, mut recall) = (Vec::new(), Recall::default());
        for frame in theme.into_iter().chain([0, 0]).chain(theme[..3].iter().map(|frame| frame << 7)) {
            frames.push(frame);
            recall.push(&frames);
        }
        let moved = recall.suggest(&frames)[3];
        assert_eq!(moved, Suggestion { frame: theme[3] << 7, class: 3 });
    }

    #[test]
    fn what_leaves_the_keyboard_is_gone() {
        assert_eq!(shift(1 << 87 | 1 << 80, 2), 1 << 82);
        assert_eq!(shift(1 << 1 | 1 << 9, -4), 1 << 5);
    }
}
