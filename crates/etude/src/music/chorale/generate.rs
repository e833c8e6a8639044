//! Generating: a first pass from left to right that looks ahead at what is given, then blocks that are drawn again.

use super::super::openings::{Openings, mark};
use super::super::rules::Rules;
use super::super::voices::outer_first;
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

/// Sweeps of the random field for each that is wished: it moves cell by cell.
const FIELD_SWEEPS: usize = 8;

/// What doesn't change while a draft is filled.
pub(super) struct Task<'a> {
    pub(super) model: &'a Chorale,
    pub(super) known: Known,
    pub(super) openings: Openings,
    /// Which symbols may stand at a cell, row by row, (T, V) rows of (Q).
    allowed: Vec<Vec<bool>>,
    shift: i32,
    pub(super) temperature: f64,
    pub(super) rhythm: f64,
    pub(super) rules: Rules,
    /// Each voice's pitches, counted from anywhere, (V) of (Q − 1).
    heights: Vec<Vec<u8>>,
    /// When each voice has its turn in a step, (V).
    turns: Vec<usize>,
}

/// One chain.
pub(super) struct Chain {
    pub(super) symbols: Vec<u8>,
    pub(super) chance: Chance,
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
    let height = |voice: usize| {
        (0..layout.symbols(voice) as u8 - 1).map(move |symbol| layout.ranges[voice].0 + symbol)
    };
    let order = outer_first(voices);
    let turn = |voice| order.iter().position(|&other| other == voice).unwrap_or(0);
    let task = Task {
        model,
        known,
        openings,
        allowed,
        shift,
        temperature: wishes.temperature,
        rhythm: wishes.rhythm,
        rules: wishes.rules,
        heights: (0..voices).map(|voice| height(voice).collect()).collect(),
        turns: (0..voices).map(turn).collect(),
    };
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
    pub(super) fn voices(&self) -> usize {
        self.model.layout.voices()
    }

    /// The symbols that may stand at a cell.
    fn choices(&self, cell: usize) -> impl Iterator<Item = u8> {
        self.allowed[cell].iter().zip(0..).filter(|(allowed, _)| **allowed).map(|(_, symbol)| symbol)
    }

    /// Draws one cell of a pass in which the cells that are `kept` stay.
    fn draw(
        &self,
        (step, voice): (usize, usize),
        odds: &mut [f64],
        symbols: &[u8],
        kept: &[bool],
        heat: f64,
        chance: &mut Chance,
    ) -> u8 {
        let voices = self.voices();
        let cell = step * voices + voice;
        if self.openings.tied[cell] {
            return symbols[cell - voices];
        }
        for (odd, allowed) in odds.iter_mut().zip(&self.allowed[cell]) {
            *odd = if *allowed { *odd } else { f64::NEG_INFINITY };
        }
        let pitch = |t: usize, other: usize| {
            let had_its_turn = t < step || (t == step && self.turns[other] < self.turns[voice]);
            let is_known = had_its_turn || kept.get(t * voices + other).is_some_and(|kept| *kept);
            is_known.then(|| self.height(symbols, t, other)).flatten()
        };
        self.rules.apply(pitch, voices, (voice, step..step + 1), &self.heights[voice], odds);
        let before = cell.checked_sub(voices).map(|before| usize::from(symbols[before]));
        temper(odds, before, heat, self.rhythm * heat / self.temperature);
        chance.draw(odds) as u8
    }

    /// The pitch of a cell, counted from anywhere; `None` for rests and beyond the piece.
    pub(super) fn height(&self, symbols: &[u8], step: usize, voice: usize) -> Option<u8> {
        let symbol = symbols.get(step * self.voices() + voice)?;
        self.heights[voice].get(usize::from(*symbol)).copied()
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
    pub(super) fn redraw(&self, chain: &mut Chain, given: &[bool], ahead: Ahead, heat: f64) {
        let Chain { symbols, chance } = chain;
        let voices = self.voices();
        let view = View { known: &self.known, given, open: self.is_field(), ahead };
        let asked = |step: usize, voice: usize| view.open || !given[step * voices + voice];
        let mut decide = |step: usize, voice: usize, odds: &mut [f64], symbols: &[u8]| {
            self.draw((step, voice), odds, symbols, given, heat, chance)
        };
        self.model.pass(&view, symbols, &asked, &mut decide);
    }

    pub(super) fn is_field(&self) -> bool {
        self.model.reading == Reading::Field
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

/// Odds as probabilities: whether a voice holds what it sang `before` at one temperature, and what it moves to at another.
pub(super) fn temper(odds: &mut [f64], before: Option<usize>, moves: f64, holds: f64) {
    kernels::softmax(odds);
    let hold = before.map_or(0.0, |before| std::mem::take(&mut odds[before]));
    let rest: f64 = odds.iter().sum();
    if rest <= 0.0 {
        // Nothing else may stand there.
        return before.into_iter().for_each(|before| odds[before] = 1.0);
    }
    odds.iter_mut().for_each(|odd| *odd = (*odd / rest).powf(moves.recip()));
    let sum: f64 = odds.iter().sum();
    let [held, moved] = [hold, rest].map(|share| share.powf(holds.recip()));
    let scale = moved / (held + moved) / sum;
    odds.iter_mut().for_each(|odd| *odd *= scale);
    if let Some(before) = before {
        odds[before] = held / (held + moved);
    }
}
