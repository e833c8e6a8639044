//! Soft rules of voice-leading: factors that lower the odds of parallels and crossings.

use super::encode::Encoded;
use super::energy::Window;
use crate::appraise::voice_leading::{parallel, perfect};
use etude_piece::alphabet::Alphabet;

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

    /// Whether nothing is ruled.
    pub fn is_none(&self) -> bool {
        self.parallels == 0.0 && self.crossing == 0.0
    }

    /// Subtracts what each symbol would cost in a window from its log-odds, shape (Q).
    pub fn apply(&self, piece: &Encoded, alphabets: &[Alphabet], window: Window, odds: &mut [f64]) {
        if self.is_none() || piece.voices == 1 {
            return;
        }
        let pitch = |step: usize, voice: usize| alphabets[voice].pitch(piece.x[step * piece.voices + voice]);
        let Window { voice, start, end } = window;
        for other in (0..piece.voices).filter(|&other| other != voice) {
            if self.parallels > 0.0 && start > 0 {
                let (before, there) = (pitch(start - 1, voice), pitch(start - 1, other));
                self.mark(before, there, pitch(start, other), &alphabets[voice], voice < other, odds);
            }
            if self.parallels > 0.0 && end < piece.steps {
                let (after, there) = (pitch(end, voice), pitch(end, other));
                self.mark(after, there, pitch(end - 1, other), &alphabets[voice], voice < other, odds);
            }
        }
        if self.crossing == 0.0 {
            return;
        }
        for step in start..end {
            let above = voice.checked_sub(1).and_then(|upper| pitch(step, upper));
            let below =
                Some(voice + 1).filter(|&lower| lower < piece.voices).and_then(|lower| pitch(step, lower));
            for (odd, &candidate) in odds.iter_mut().zip(alphabets[voice].pitches()) {
                let crossed = [
                    above.is_some_and(|above| candidate > above),
                    below.is_some_and(|below| candidate < below),
                ];
                *odd -= self.crossing * crossed.into_iter().filter(|crossed| *crossed).count() as f64;
            }
        }
    }

    /// Marks down the candidates that would stand in a parallel: `far` and `there` sound beside the window,
    /// `here` is the other voice at the window's end that faces them.
    fn mark(
        &self,
        far: Option<u8>,
        there: Option<u8>,
        here: Option<u8>,
        alphabet: &Alphabet,
        is_upper: bool,
        odds: &mut [f64],
    ) {
        let (Some(far), Some(there), Some(here)) = (far, there, here) else { return };
        // Most pairs stand in no perfect interval, and most voices hold.
        if here == there || interval(far, there, is_upper).is_none() {
            return;
        }
        for (odd, &candidate) in odds.iter_mut().zip(alphabet.pitches()) {
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
