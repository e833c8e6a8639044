//! Soft rules of voice-leading: factors that lower the odds of parallels and crossings.

use crate::appraise::voice_leading::{parallel, perfect};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::get;
use std::ops::Range;

/// How many nats each offence costs, ≥ 0; 0 switches the rule off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Two voices moving from one perfect fifth (or octave, or unison) to another.
    pub parallels: f64,
    /// A voice above the one that should lie above it, for each step.
    pub crossing: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { parallels: 4.0, crossing: 0.5 }
    }
}

impl Rules {
    /// No rule at all.
    pub const NONE: Self = Self { parallels: 0.0, crossing: 0.0 };

    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Costs out of range.
    pub fn read(from: &Settings, default: Self) -> Result<Self> {
        let cost = |name: &str, default: f64| {
            get(from, name, default, "from 0 to 100", |x| (0.0..=100.0).contains(x))
        };
        Ok(Self {
            parallels: cost("parallels", default.parallels)?,
            crossing: cost("crossing", default.crossing)?,
        })
    }

    /// What can be set, with these values as defaults.
    pub fn describe(&self) -> [Setting; 2] {
        let setting = |name, default: f64, meaning| Setting { name, default: default.to_string(), meaning };
        [
            setting("parallels", self.parallels, "nats that parallel fifths and octaves cost, 0 to 100"),
            setting("crossing", self.crossing, "nats that each step of crossed voices costs, 0 to 100"),
        ]
    }

    /// Whether nothing is ruled.
    pub fn is_none(&self) -> bool {
        self.parallels == 0.0 && self.crossing == 0.0
    }

    /// Subtracts from the log-odds of a voice's candidates, MIDI numbers (Q), what each would cost if it were held for these
    /// steps. `pitch` tells what sounds at a step and voice: nothing where it is silent, not known yet, or beyond the piece. Odds
    /// beyond the candidates, such as that of a rest, stay as they are.
    pub fn apply(
        &self,
        pitch: impl Fn(usize, usize) -> Option<u8>,
        voices: usize,
        (voice, steps): (usize, Range<usize>),
        candidates: &[u8],
        odds: &mut [f64],
    ) {
        if self.is_none() || voices == 1 {
            return;
        }
        let Range { start, end } = steps;
        for other in (0..voices).filter(|&other| other != voice && self.parallels > 0.0) {
            if let Some(last) = start.checked_sub(1) {
                let (before, there) = (pitch(last, voice), pitch(last, other));
                self.mark(before, there, pitch(start, other), candidates, voice < other, odds);
            }
            let (after, there) = (pitch(end, voice), pitch(end, other));
            self.mark(after, there, pitch(end - 1, other), candidates, voice < other, odds);
        }
        if self.crossing == 0.0 {
            return;
        }
        for step in start..end {
            let above = voice.checked_sub(1).and_then(|upper| pitch(step, upper));
            let below = Some(voice + 1).filter(|&lower| lower < voices).and_then(|lower| pitch(step, lower));
            for (odd, &candidate) in odds.iter_mut().zip(candidates) {
                let crossed = [
                    above.is_some_and(|above| candidate > above),
                    below.is_some_and(|below| candidate < below),
                ];
                *odd -= self.crossing * crossed.into_iter().filter(|crossed| *crossed).count() as f64;
            }
        }
    }

    /// What all voices cost in these steps, on the way into each of them and out of the last; `pitch` as for [`Rules::apply`].
    pub fn cost(
        &self,
        pitch: impl Fn(usize, usize) -> Option<u8>,
        voices: usize,
        steps: Range<usize>,
    ) -> f64 {
        let pair = |step: usize, upper: usize, lower: usize| Some((pitch(step, upper)?, pitch(step, lower)?));
        let pairs = || (0..voices).flat_map(|upper| (upper + 1..voices).map(move |lower| (upper, lower)));
        let in_parallel = |step: usize, (upper, lower): (usize, usize)| {
            let before = step.checked_sub(1).and_then(|last| pair(last, upper, lower));
            before.zip(pair(step, upper, lower)).is_some_and(|(before, now)| parallel(before, now).is_some())
        };
        let crossed = |step: usize, upper: usize| pair(step, upper, upper + 1).is_some_and(|(a, b)| a < b);
        let count = |step: usize| {
            let parallels = pairs().filter(|&both| in_parallel(step, both)).count();
            let crossings = (1..voices).filter(|&lower| step < steps.end && crossed(step, lower - 1)).count();
            self.parallels * parallels as f64 + self.crossing * crossings as f64
        };
        (steps.start..=steps.end).map(count).sum()
    }

    /// Marks down the candidates that would stand in a parallel: `far` and `there` sound beside the window,
    /// `here` is the other voice at the window's end that faces them.
    fn mark(
        &self,
        far: Option<u8>,
        there: Option<u8>,
        here: Option<u8>,
        candidates: &[u8],
        is_upper: bool,
        odds: &mut [f64],
    ) {
        let (Some(far), Some(there), Some(here)) = (far, there, here) else { return };
        // Most pairs stand in no perfect interval, and most voices hold.
        if here == there || interval(far, there, is_upper).is_none() {
            return;
        }
        for (odd, &candidate) in odds.iter_mut().zip(candidates) {
            // Parallels read the same in both directions of time.
            let (before, now) =
                if is_upper { ((far, there), (candidate, here)) } else { ((there, far), (here, candidate)) };
            if parallel(before, now).is_some() {
                *odd -= self.parallels;
            }
        }
    }
}

/// The interval of a pitch with one of another voice, if it is perfect.
fn interval(own: u8, other: u8, is_upper: bool) -> Option<u8> {
    if is_upper { perfect(own, other) } else { perfect(other, own) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::voice_leading::VoiceLeading;
    use crate::inference::chance::Chance;
    use etude_piece::score::{Frame, Grid};

    /// Three voices of close pitches, in which parallels and crossings abound.
    fn piece(seed: u64) -> Vec<Option<u8>> {
        let mut chance = Chance::new(seed, 1);
        (0..60)
            .map(|_| chance.below(9).checked_sub(1).map(|pitch| 60 + 7 * (pitch as u8 % 3) + pitch as u8 / 3))
            .collect()
    }

    const RULES: Rules = Rules { parallels: 4.0, crossing: 0.5 };

    fn cost(cells: &[Option<u8>], steps: Range<usize>) -> f64 {
        RULES.cost(|step, voice| cells.get(3 * step + voice).copied().flatten(), 3, steps)
    }

    #[test]
    fn a_whole_piece_costs_what_its_voice_leading_counts() {
        for seed in 0..20 {
            let cells = piece(seed);
            let counts = VoiceLeading::of([&Grid::from_pitches(Frame::sixteenths(3, 20), &cells)]);
            let parallels = (counts.parallel_fifths + counts.parallel_octaves) as f64;
            let expected = RULES.parallels * parallels + RULES.crossing * counts.crossings as f64;
            assert_eq!(cost(&cells, 0..20), expected);
        }
    }

    #[test]
    fn a_candidate_is_marked_down_by_what_it_would_cost() {
        let candidates: Vec<u8> = (58..82).collect();
        for seed in 0..20 {
            let cells = piece(seed);
            for cell in 0..cells.len() {
                let (step, voice) = (cell / 3, cell % 3);
                let mut odds = vec![0.0; candidates.len()];
                let pitch = |t: usize, other: usize| {
                    cells.get(3 * t + other).copied().flatten().filter(|_| (t, other) != (step, voice))
                };
                RULES.apply(pitch, 3, (voice, step..step + 1), &candidates, &mut odds);
                let with = |pitch: Option<u8>| {
                    let mut cells = cells.clone();
                    cells[cell] = pitch;
                    cost(&cells, step..step + 1)
                };
                for (&candidate, odd) in candidates.iter().zip(&odds) {
                    assert_eq!(with(Some(candidate)) - with(None), -odd, "{candidate} at {step}, {voice}");
                }
            }
        }
    }
}
