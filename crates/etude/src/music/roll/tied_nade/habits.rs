//! What keys have done so far in a piece: how long they sound or are silent, how often, and when something new begins.

use super::super::frame::{Frame, KEYS, sounds};

/// Periods whose phases are told apart, frames.
pub(super) const PERIODS: [usize; 7] = [4, 6, 8, 12, 16, 24, 32];
/// What a frame leaves of the recent pitch classes, and of the phases.
const KEPT: (f32, f32) = (0.95, 0.98);
/// The age of keys that haven't sounded yet.
const NEVER: u8 = u8::MAX;
/// Ages from here on are of silence.
const SILENT: u8 = 128;
/// Classes of age.
pub(super) const AGES: usize = 32;

/// Running figures.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Habits {
    /// Frames that each key sounds, 1 to 127; or is silent, 128 more; (88).
    ages: [u8; KEYS],
    /// Frames in which each pitch class sounded, lately and in all, (2, 12).
    classes: [[f32; 12]; 2],
    /// Frames in which each key sounded, (88).
    counts: [f32; KEYS],
    /// For each phase of each period: frames in which something began, and all, the newer counting more.
    phases: Vec<Vec<(f32, f32)>>,
    frames: usize,
    last: Frame,
}

impl Habits {
    pub(super) fn new() -> Self {
        Self {
            ages: [NEVER; KEYS],
            classes: [[0.0; 12]; 2],
            counts: [0.0; KEYS],
            phases: PERIODS.iter().map(|&period| vec![(0.0, 0.0); period]).collect(),
            frames: 0,
            last: 0,
        }
    }

    /// Takes in a frame.
    pub(super) fn push(&mut self, frame: Frame) {
        let begins = if frame & !self.last == 0 { 0.0 } else { 1.0 };
        for (phases, period) in self.phases.iter_mut().zip(PERIODS) {
            let (begun, all) = &mut phases[self.frames % period];
            *begun = *begun * KEPT.1 + begins;
            *all = *all * KEPT.1 + 1.0;
        }
        self.classes[0].iter_mut().for_each(|class| *class *= KEPT.0);
        for place in 0..KEYS {
            let age = &mut self.ages[place];
            if sounds(frame, place) {
                *age = if *age < SILENT { (*age + 1).min(SILENT - 1) } else { 1 };
                self.counts[place] += 1.0;
                self.classes.iter_mut().for_each(|classes| classes[place % 12] += 1.0);
            } else {
                *age = if *age < SILENT { SILENT + 1 } else { age.saturating_add(1) };
            }
        }
        self.frames += 1;
        self.last = frame;
    }

    /// How long each key has been as it is, as a class, (88).
    pub(super) fn ages(&self) -> [u8; KEYS] {
        self.ages.map(|age| match age {
            NEVER => AGES as u8 - 1,
            SILENT.. => AGES as u8 / 2 + duration(age - SILENT),
            _ => duration(age),
        })
    }

    /// Square roots of the shares of the pitch classes, lately and in all.
    pub(super) fn classes(&self) -> [[f32; 12]; 2] {
        self.classes.map(|classes| {
            let sum = classes.iter().sum::<f32>() + 0.5;
            classes.map(|class| (class / sum).sqrt())
        })
    }

    /// Square roots of the shares of frames in which each key sounded.
    pub(super) fn shares(&self) -> [f32; KEYS] {
        let frames = self.frames as f32 + 4.0;
        self.counts.map(|count| (count / frames).sqrt())
    }

    /// How often something began at the present phase of each period, −1 to 1.
    pub(super) fn phases(&self) -> [f32; PERIODS.len()] {
        std::array::from_fn(|at| {
            let (begun, all) = self.phases[at][self.frames % PERIODS[at]];
            2.0 * ((begun + 0.5) / (all + 1.0) - 0.5)
        })
    }
}

/// The class of a duration, 0 to 14: the short ones exactly.
fn duration(frames: u8) -> u8 {
    match frames {
        0..=8 => frames.saturating_sub(1),
        9..=10 => 8,
        11..=12 => 9,
        13..=16 => 10,
        17..=24 => 11,
        25..=32 => 12,
        33..=64 => 13,
        _ => 14,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_sounds_every_fourth_frame() {
        let mut habits = Habits::new();
        for at in 0..40 {
            habits.push(if at % 4 == 0 { 1 << 50 } else { 0 });
        }
        assert_eq!(habits.ages()[50], 16 + 2);
        assert_eq!(habits.ages()[49], 31);
        assert_eq!(habits.classes()[1].map(|class| class > 0.9), std::array::from_fn(|class| class == 2));
        assert!((habits.shares()[50] - (10.0f32 / 44.0).sqrt()).abs() < 1e-6);
        // The next frame is at phase 0 of four.
        assert!(habits.phases()[0] > 0.8);
        habits.push(0);
        assert!(habits.phases()[0] < -0.8);
    }
}
