//! What the network is shown while it learns: which cells are given, and in which order the others come.

use super::super::voices::outer_first;
use super::options::Reading;
use crate::inference::chance::Chance;

/// What is shown of a stretch of steps.
#[derive(Debug)]
pub(super) struct Mask {
    voices: usize,
    /// Whether a cell is known beforehand, row-major (T, V).
    given: Vec<bool>,
    /// Whether a cell is hidden though it is past, row-major (T, V).
    forgotten: Vec<bool>,
    /// When a cell's turn comes in its step, row-major (T, V).
    turn: Vec<u8>,
}

impl Mask {
    /// A mask for a stretch, which forgets a share `hiding` of the past.
    pub(super) fn draw(
        reading: Reading,
        steps: usize,
        voices: usize,
        hiding: f64,
        chance: &mut Chance,
    ) -> Self {
        let cells = steps * voices;
        let forgotten: Vec<bool> = (0..cells).map(|_| hiding > 0.0 && chance.unit() < hiding).collect();
        let mut mask = Self { voices, given: vec![false; cells], forgotten, turn: Vec::new() };
        match reading {
            // A field has no past: what is forgotten is hidden from everyone.
            Reading::Field => mask.given = mask.forgotten.iter().map(|forgotten| !forgotten).collect(),
            Reading::Orderless => mask.give(steps, chance),
        }
        for _ in 0..steps {
            mask.turn.extend(turns(voices, chance));
        }
        mask
    }

    pub(super) fn steps(&self) -> usize {
        self.given.len() / self.voices
    }

    pub(super) fn is_given(&self, step: usize, voice: usize) -> bool {
        self.given[step * self.voices + voice]
    }

    pub(super) fn forgotten(&self, step: usize, voice: usize) -> bool {
        self.forgotten[step * self.voices + voice]
    }

    /// Gives parts: nothing, everything, whole voices, or voices for some time.
    fn give(&mut self, steps: usize, chance: &mut Chance) {
        let voices = self.voices;
        match chance.below(8) {
            0 | 1 => {}
            2 => self.given.fill(true),
            3 | 4 => {
                let set = chance.bits();
                self.given
                    .iter_mut()
                    .enumerate()
                    .for_each(|(cell, given)| *given = set >> (cell % voices) & 1 == 1);
            }
            _ => {
                let mut step = 0;
                while step < steps {
                    let length = 1usize << (1 + chance.below(5));
                    let set = chance.bits() | if chance.below(4) == 0 { u64::MAX } else { 0 };
                    for t in step..steps.min(step + length) {
                        for voice in 0..voices {
                            self.given[t * voices + voice] = set >> voice & 1 == 1;
                        }
                    }
                    step += length;
                }
            }
        }
    }

    /// Whether voice `other` is known when the turn comes to `voice`.
    pub(super) fn shows(&self, step: usize, voice: usize, other: usize) -> bool {
        let at = step * self.voices;
        voice != other && (self.given[at + other] || self.turn[at + other] < self.turn[at + voice])
    }
}

/// The turn of each voice: half of the time the outer voices first, else in any order.
fn turns(voices: usize, chance: &mut Chance) -> Vec<u8> {
    let mut order = outer_first(voices);
    if chance.below(2) == 0 {
        chance.shuffle(&mut order);
    }
    let mut turns = vec![0; voices];
    order.iter().zip(0..).for_each(|(&voice, turn)| turns[voice] = turn);
    turns
}
