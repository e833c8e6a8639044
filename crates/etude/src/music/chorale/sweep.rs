//! Sweeps: everything is drawn again, block by block, and a block whose voice-leading got worse may be refused.
//!
//! In the first half of the sweeps blocks are long and of many voices, so that harmony and rhythm move; in the second half
//! short and of one voice, so that what is wrong is mended while all else is known (as the annealed masks of Huang et al.,
//! *Counterpoint by convolution*, ISMIR 2017).

use super::generate::{Chain, Task};

/// The temperature that the annealing of the random field begins with, and the share of the sweeps that it takes.
const ANNEALING: (f64, f64) = (1.8, 0.6);
/// The share of the sweeps after which blocks are short and of one voice.
const LATE: f64 = 0.5;
/// Lengths of blocks double so often, from one quarter in sixteenths; early and late.
const DOUBLINGS: [usize; 2] = [4, 2];

/// What is drawn again in one sweep.
struct Blocks {
    /// Where a block begins, (T).
    begins: Vec<bool>,
    /// Which cells stay, row-major (T, V).
    kept: Vec<bool>,
}

impl Blocks {
    /// The steps of each block.
    fn ranges(&self) -> Vec<std::ops::Range<usize>> {
        let starts = (0..self.begins.len()).filter(|&step| step == 0 || self.begins[step]);
        let starts: Vec<usize> = starts.chain([self.begins.len()]).collect();
        starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }
}

impl Task<'_> {
    /// Draws again: blocks of some voices, or in a random field every cell. `share` of the sweeps are done.
    pub(super) fn sweep(&self, chain: &mut Chain, given: &[bool], share: f64) {
        if self.is_field() {
            let (first, until) = ANNEALING;
            let heat = self.temperature * (first + (1.0 - first) * (share / until).min(1.0));
            let all = vec![true; given.len()];
            let ahead = self.model.ahead(&self.known, &chain.symbols, &all, None);
            return self.redraw(chain, &all, ahead, heat);
        }
        let blocks = self.blocks(chain, given, share >= LATE);
        let ahead = self.model.ahead(&self.known, &chain.symbols, &blocks.kept, Some(&blocks.begins));
        let before = chain.symbols.clone();
        self.redraw(chain, &blocks.kept, ahead, self.temperature);
        if !self.rules.is_none() {
            blocks.ranges().into_iter().for_each(|steps| self.refuse(chain, &before, steps));
        }
    }

    /// Draws which cells are drawn again.
    fn blocks(&self, chain: &mut Chain, given: &[bool], late: bool) -> Blocks {
        let (voices, all_steps, chance) = (self.voices(), self.known.steps, &mut chain.chance);
        let length = 4usize << chance.below(DOUBLINGS[usize::from(late)]);
        let offset = chance.below(length);
        let begins = (0..all_steps).map(|step| (step + offset).is_multiple_of(length)).collect();
        let mut blocks = Blocks { begins, kept: given.to_vec() };
        for steps in blocks.ranges() {
            let set = match late {
                true => 1 << chance.below(voices),
                false if chance.below(3) == 0 => u64::MAX,
                false => chance.bits(),
            };
            for voice in 0..voices {
                let mut at = steps.start;
                while at < steps.end {
                    let tied = |step: usize| self.openings.tied[step * voices + voice];
                    let next = (at + 1..all_steps).find(|&step| !tied(step)).unwrap_or(all_steps);
                    // What is tied is drawn as a whole or not at all.
                    if tied(at) || next > steps.end || set >> voice & 1 == 0 {
                        (at..next.min(steps.end)).for_each(|step| blocks.kept[step * voices + voice] = true);
                    }
                    at = next;
                }
            }
        }
        blocks
    }

    /// Puts back what stood in a block before, if its voice-leading costs more now: with chance 1 − exp(−what it costs more).
    /// While a block is drawn its rules look back; what lies beyond its end is met here.
    fn refuse(&self, chain: &mut Chain, before: &[u8], steps: std::ops::Range<usize>) {
        let voices = self.voices();
        let cells = steps.start * voices..steps.end * voices;
        let cost = |symbols: &[u8]| {
            self.rules.cost(|step, voice| self.height(symbols, step, voice), voices, steps.clone())
        };
        let now = cost(&chain.symbols);
        let drawn = chain.symbols[cells.clone()].to_vec();
        chain.symbols[cells.clone()].copy_from_slice(&before[cells.clone()]);
        let more = now - cost(&chain.symbols);
        if more <= 0.0 || chain.chance.unit() < (-more).exp() {
            chain.symbols[cells].copy_from_slice(&drawn);
        }
    }
}
