//! Generating: a first pass from left to right that looks ahead at what is given, then blocks that are drawn again.

use super::super::openings::{Openings, mark};
use super::Chorale;
use super::layout::shift;
use super::options::{Reading, Wishes};
use super::pass::{Ahead, View};
use super::piece::Known;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::model::{Generated, Model, Progress, Wish};
use etude_piece::draft::Draft;
use rayon::prelude::{IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};
use std::collections::BTreeMap;

/// The temperature that the annealing of the random field begins with, and the share of the sweeps that it takes.
const ANNEALING: (f64, f64) = (1.8, 0.6);
/// Sweeps of the random field for each that is wished: it moves cell by cell.
const FIELD_SWEEPS: usize = 8;

/// What doesn't change while a draft is filled.
struct Task<'a> {
    model: &'a Chorale,
    known: Known,
    openings: Openings,
    /// Which symbols may stand at a cell, row by row, (T, V) rows of (Q).
    allowed: Vec<Vec<bool>>,
    shift: i32,
    temperature: f64,
}

/// One chain.
struct Chain {
    symbols: Vec<u8>,
    chance: Chance,
}

/// Fills the holes of a draft.
pub(super) fn generate(
    model: &Chorale,
    draft: &Draft,
    wish: &Wish,
    progress: &mut Progress,
) -> Result<Generated> {
    let wishes = Wishes::read(&wish.settings)?;
    model.check_draft(draft)?;
    let frame = &draft.frame;
    let voices = frame.voices;
    let openings = Openings::new(&model.alphabets, draft, wishes.rests)?;
    let (shift, _) = shift(wish.key);
    let layout = &model.layout;
    let mut allowed: Vec<Vec<bool>> = Vec::with_capacity(openings.holes.len());
    for (cell, hole) in openings.holes.iter().enumerate() {
        let voice = cell % voices;
        if openings.tied[cell] {
            // It may be what the first cell of its note may be.
            allowed.push(allowed[cell - voices].clone());
            continue;
        }
        let mut own = vec![false; layout.symbols(voice)];
        let pitches = model.alphabets[voice].pitches().iter().map(|&pitch| Some(pitch)).chain([None]);
        for pitch in pitches.filter(|&pitch| hole.allows(pitch)) {
            let symbol = layout.symbol(voice, pitch, shift).expect("the range has room");
            own[usize::from(symbol)] = true;
        }
        allowed.push(own);
    }
    let known = Known::new(frame, wish.key);
    let task = Task { model, known, openings, allowed, shift, temperature: wishes.temperature };
    let given: Vec<bool> = (0..frame.steps * voices).map(|cell| task.choices(cell).count() == 1).collect();
    let first: Vec<u8> = (0..given.len()).map(|cell| task.choices(cell).next().unwrap_or(0)).collect();
    let chain = |index| Chain { symbols: first.clone(), chance: Chance::new(wish.seed, index + 1) };
    let mut chains: Vec<Chain> = (0..wishes.chains as u64).map(chain).collect();
    let sweeps = match model.reading {
        Reading::Field => FIELD_SWEEPS * wishes.sweeps,
        Reading::Orderless => wishes.sweeps,
    };
    chains.par_iter_mut().for_each(|chain| task.begin(chain, &given));
    for sweep in 0..sweeps {
        if !progress(sweep as f64 / sweeps as f64, "sweeping") {
            return Err(Error::Interrupted);
        }
        chains.par_iter_mut().for_each(|chain| task.sweep(chain, &given, sweep as f64 / sweeps as f64));
    }
    if !progress(1.0, "sweeping") {
        return Err(Error::Interrupted);
    }
    let scores: Vec<f64> = chains.par_iter().map(|chain| task.score(&chain.symbols)).collect();
    let best =
        (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a))).unwrap_or(0);
    let pitch = |(cell, &symbol): (usize, &u8)| layout.pitch(cell % voices, symbol, shift);
    let cells: Vec<Option<u8>> = chains[best].symbols.iter().enumerate().map(pitch).collect();
    let diagnostics =
        BTreeMap::from([("log_odds".to_owned(), scores[best]), ("sweeps".to_owned(), sweeps as f64)]);
    Ok(Generated { grid: mark(draft, &cells), diagnostics })
}

impl Task<'_> {
    fn voices(&self) -> usize {
        self.model.layout.voices()
    }

    /// The symbols that may stand at a cell.
    fn choices(&self, cell: usize) -> impl Iterator<Item = u8> {
        self.allowed[cell].iter().zip(0..).filter(|(allowed, _)| **allowed).map(|(_, symbol)| symbol)
    }

    /// Draws one cell.
    fn draw(&self, cell: usize, odds: &mut [f64], symbols: &[u8], heat: f64, chance: &mut Chance) -> u8 {
        if self.openings.tied[cell] {
            return symbols[cell - self.voices()];
        }
        for (odd, allowed) in odds.iter_mut().zip(&self.allowed[cell]) {
            *odd = if *allowed { *odd / heat } else { f64::NEG_INFINITY };
        }
        kernels::softmax(odds);
        chance.draw(odds) as u8
    }

    /// The first pass: everything that isn't pinned is drawn from left to right.
    fn begin(&self, chain: &mut Chain, given: &[bool]) {
        if self.is_field() {
            // The field has no beginning of its own: each atom is drawn from what it may be.
            for cell in 0..given.len() {
                let open: Vec<u8> = self.choices(cell).collect();
                chain.symbols[cell] = match self.openings.tied[cell] {
                    true => chain.symbols[cell - self.voices()],
                    false => open[chain.chance.below(open.len())],
                };
            }
            return;
        }
        let ahead = self.model.ahead(&self.known, &chain.symbols, given, None);
        self.redraw(chain, given, ahead, self.temperature);
    }

    /// Draws everything again that isn't given; in an open view everything.
    fn redraw(&self, chain: &mut Chain, given: &[bool], ahead: Ahead, heat: f64) {
        let Chain { symbols, chance } = chain;
        let voices = self.voices();
        let view = View { known: &self.known, given, open: self.is_field(), ahead };
        let asked = |step: usize, voice: usize| view.open || !given[step * voices + voice];
        let mut decide = |step: usize, voice: usize, odds: &mut [f64], symbols: &[u8]| {
            self.draw(step * voices + voice, odds, symbols, heat, chance)
        };
        self.model.pass(&view, symbols, &asked, &mut decide);
    }

    fn is_field(&self) -> bool {
        self.model.reading == Reading::Field
    }

    /// Draws again: blocks of some voices, or in a random field every cell.
    fn sweep(&self, chain: &mut Chain, given: &[bool], share: f64) {
        if self.is_field() {
            let (first, until) = ANNEALING;
            let heat = self.temperature * (first + (1.0 - first) * (share / until).min(1.0));
            let all = vec![true; given.len()];
            let ahead = self.model.ahead(&self.known, &chain.symbols, &all, None);
            return self.redraw(chain, &all, ahead, heat);
        }
        let voices = self.voices();
        let length = 4usize << chain.chance.below(4);
        let offset = chain.chance.below(length);
        let blocks: Vec<bool> =
            (0..self.known.steps).map(|step| (step + offset).is_multiple_of(length)).collect();
        let mut kept = given.to_vec();
        let mut start = 0;
        while start < self.known.steps {
            let end = (start + 1..self.known.steps).find(|&step| blocks[step]).unwrap_or(self.known.steps);
            let all = chain.chance.below(3) == 0;
            let set = chain.chance.bits();
            for voice in 0..voices {
                let mut at = start;
                while at < end {
                    let mut next = at + 1;
                    while next < self.known.steps && self.openings.tied[next * voices + voice] {
                        next += 1;
                    }
                    // What is tied is drawn as a whole or not at all.
                    let cut = self.openings.tied[at * voices + voice] || next > end;
                    if cut || !(all || set >> voice & 1 == 1) {
                        (at..next.min(end)).for_each(|step| kept[step * voices + voice] = true);
                    }
                    at = next;
                }
            }
            start = end;
        }
        let ahead = self.model.ahead(&self.known, &chain.symbols, &kept, Some(&blocks));
        self.redraw(chain, &kept, ahead, self.temperature);
    }

    /// How likely a piece is: from left to right, or each cell given all others.
    fn score(&self, symbols: &[u8]) -> f64 {
        let voices = self.voices();
        let open = self.is_field();
        let given = vec![open; symbols.len()];
        let ahead = self.model.ahead(&self.known, symbols, &given, None);
        let view = View { known: &self.known, given: &given, open, ahead };
        let mut symbols = symbols.to_vec();
        let mut score = 0.0;
        self.model.pass(&view, &mut symbols, &|_, _| true, &mut |step, voice, odds, symbols| {
            self.model.normalise(voice, self.shift, odds);
            let symbol = symbols[step * voices + voice];
            score += odds[usize::from(symbol)];
            symbol
        });
        score
    }
}
