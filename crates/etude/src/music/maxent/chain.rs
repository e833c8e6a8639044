//! One Markov chain over pieces: Gibbs updates of cells, of whole notes, of aligned stretches and of whole chords.
//! Each leaves the model's distribution, under the draft and the rules, as it is.

use super::MaxEnt;
use super::columns::{Columns, Stretch};
use super::encode::Encoded;
use super::energy::{Candidates, Scratch, Window};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::music::rules::Rules;
use etude_piece::alphabet::Alphabet;

/// About how many chords a whole-chord move weighs.
const CHOICES: usize = 40;

/// A number that depends on all bits of another (the finaliser of SplitMix64: Steele, Lea & Flood 2014).
fn scatter(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// What the draft leaves open, in symbols.
#[derive(Debug, Clone, PartialEq)]
pub struct Openings {
    /// Whether a symbol may stand at a cell, shape (T, V, most symbols).
    pub allowed: Vec<bool>,
    /// Most symbols of any voice.
    pub width: usize,
    /// Whether a cell must equal the one before it in its voice, shape (T, V).
    pub tied: Vec<bool>,
}

impl Openings {
    /// Everything open.
    pub fn all(model: &MaxEnt, steps: usize) -> Self {
        let width = model.layout.sizes.iter().copied().max().unwrap_or(1);
        let row: Vec<bool> =
            model.layout.sizes.iter().flat_map(|&size| (0..width).map(move |q| q < size)).collect();
        Self { allowed: row.repeat(steps), width, tied: vec![false; steps * model.layout.voices] }
    }

    /// Whether a symbol may stand at a cell (its index in (T, V)).
    pub fn allows(&self, cell: usize, symbol: usize) -> bool {
        self.allowed[cell * self.width + symbol]
    }

    /// The stretches of a voice that are tied together, as (first step, step after the last).
    pub fn atoms(
        &self,
        voices: usize,
        steps: usize,
        voice: usize,
    ) -> impl Iterator<Item = (usize, usize)> + '_ {
        let free = move |t: &usize| *t == 0 || !self.tied[t * voices + voice];
        (0..steps).filter(free).map(move |start| (start, (start + 1..steps).find(free).unwrap_or(steps)))
    }

    /// The symbols that all cells of a stretch may be.
    pub fn choices(&self, voices: usize, voice: usize, start: usize, end: usize) -> Vec<u8> {
        let open = |&q: &usize| (start..end).all(|t| self.allows(t * voices + voice, q));
        (0..self.width).filter(open).map(|q| q as u8).collect()
    }
}

/// A chain and its state.
pub struct Chain<'a> {
    model: &'a MaxEnt,
    openings: &'a Openings,
    rules: Rules,
    columns: &'a Columns,
    /// The current piece.
    pub piece: Encoded,
    chance: Chance,
    odds: Vec<f64>,
    choices: Vec<u32>,
    scratch: Scratch,
}

impl<'a> Chain<'a> {
    /// A chain that starts from `piece`, which must keep to the openings.
    pub fn new(
        model: &'a MaxEnt,
        openings: &'a Openings,
        rules: Rules,
        columns: &'a Columns,
        piece: Encoded,
        chance: Chance,
    ) -> Self {
        Self {
            model,
            openings,
            rules,
            columns,
            piece,
            chance,
            odds: Vec::new(),
            choices: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// The same chain, with what an earlier one in the same key has found out about chords.
    #[must_use]
    pub fn knowing(mut self, known: Candidates) -> Self {
        self.scratch.known = known;
        self
    }

    /// The piece, and what was found out about chords.
    pub fn finish(self) -> (Encoded, Candidates) {
        (self.piece, self.scratch.known)
    }

    /// One sweep at `temperature` (1 is the model's own): about one update for each cell, of one of four kinds.
    pub fn sweep(&mut self, temperature: f64) {
        let (steps, voices) = (self.piece.steps, self.piece.voices);
        let quarter = self.model.layout.positions;
        for _ in 0..steps * voices / 2 {
            let (step, voice) = (self.chance.below(steps), self.chance.below(voices));
            match self.chance.below(32) {
                0..10 => self.atom(step, voice, temperature),
                10..21 => self.note(step, voice, temperature),
                21..31 => {
                    let length = [quarter / 2, quarter, quarter, 2 * quarter][self.chance.below(4)];
                    self.stretch(step, voice, length.max(1), temperature);
                }
                _ => {
                    let length = [quarter / 2, quarter][self.chance.below(2)];
                    self.column(step, voice, length.max(1), temperature);
                }
            }
        }
    }

    /// Redraws a cell together with those tied to it.
    fn atom(&mut self, step: usize, voice: usize, temperature: f64) {
        let voices = self.piece.voices;
        let start =
            (0..=step).rev().find(|&t| t == 0 || !self.openings.tied[t * voices + voice]).unwrap_or(0);
        let end = (step + 1..self.piece.steps)
            .find(|&t| !self.openings.tied[t * voices + voice])
            .unwrap_or(self.piece.steps);
        self.redraw(Window { voice, start, end }, [None, None], temperature);
    }

    /// Redraws the pitch of the note or rest that sounds at a cell; its length stays.
    fn note(&mut self, step: usize, voice: usize, temperature: f64) {
        let at = |t: usize| self.piece.x[t * self.piece.voices + voice];
        let symbol = at(step);
        let start = (0..step).rev().find(|&t| at(t) != symbol).map_or(0, |t| t + 1);
        let end = (step..self.piece.steps).find(|&t| at(t) != symbol).unwrap_or(self.piece.steps);
        // Joining a neighbour would change which note the step finds: such candidates are left out.
        let before = start.checked_sub(1).map(at);
        let after = Some(end).filter(|&end| end < self.piece.steps).map(at);
        self.redraw(Window { voice, start, end }, [before, after], temperature);
    }

    /// Redraws an aligned stretch of one voice if it holds a single symbol.
    fn stretch(&mut self, step: usize, voice: usize, length: usize, temperature: f64) {
        let Some((start, end)) = self.aligned(step, length) else { return };
        let voices = self.piece.voices;
        let symbol = self.piece.x[start * voices + voice];
        let constant = (start..end).all(|t| self.piece.x[t * voices + voice] == symbol);
        if constant && !self.cuts(start, voice) && !self.cuts(end, voice) {
            self.redraw(Window { voice, start, end }, [None, None], temperature);
        }
    }

    /// The aligned stretch of `length` steps around a step, if it lies in the piece.
    fn aligned(&self, step: usize, length: usize) -> Option<(usize, usize)> {
        // Positions count from the first full bar; the phase of longer stretches is that of the pickup's quarters.
        let phase = usize::from(self.piece.context.beat[0]) % length;
        let start = (step + phase) / length * length;
        let start = start.checked_sub(phase)?;
        (start + length <= self.piece.steps).then_some((start, start + length))
    }

    /// Whether a tie crosses into step `t` of a voice.
    fn cuts(&self, t: usize, voice: usize) -> bool {
        t < self.piece.steps && self.openings.tied[t * self.piece.voices + voice]
    }

    /// Gibbs on one window: draws its symbol given all else, among those open and not `barred`.
    fn redraw(&mut self, window: Window, barred: [Option<u8>; 2], temperature: f64) {
        let voices = self.piece.voices;
        let Window { voice, start, end } = window;
        let size = self.model.layout.sizes[voice];
        let open = |q: usize| {
            !barred.contains(&Some(q as u8))
                && (start..end).all(|t| self.openings.allows(t * voices + voice, q))
        };
        let mut choices = (0..size).filter(|&q| open(q));
        if choices.next().is_none() || choices.next().is_none() {
            return;
        }
        let mut odds = std::mem::take(&mut self.odds);
        self.model.log_odds(&self.piece, window, &mut self.scratch, &mut odds);
        rule(self.rules, &self.piece, &self.model.alphabets, window, &mut odds);
        for (q, odd) in odds.iter_mut().enumerate() {
            *odd = if open(q) { *odd / temperature } else { f64::NEG_INFINITY };
        }
        kernels::softmax(&mut odds);
        let symbol = self.chance.draw(&odds) as u8;
        self.odds = odds;
        for t in start..end {
            self.piece.x[t * voices + voice] = symbol;
        }
    }

    /// Redraws all voices but `kept` of an aligned stretch at once, if none moves inside it.
    fn column(&mut self, step: usize, kept: usize, length: usize, temperature: f64) {
        let Some((start, end)) = self.aligned(step, length) else { return };
        let voices = self.piece.voices;
        let x = &self.piece.x;
        let chord = &x[start * voices..(start + 1) * voices];
        let constant = (start + 1..end).all(|t| x[t * voices..(t + 1) * voices] == *chord);
        let cut = (0..voices).any(|voice| self.cuts(start, voice) || self.cuts(end, voice));
        let Some(current) = self.columns.place(chord).filter(|_| constant && !cut) else { return };
        let allows = |voice: usize, symbol: usize| {
            (start..end).all(|t| self.openings.allows(t * voices + voice, symbol))
        };
        let all = self.columns.with(kept, chord[kept]);
        // A random partition of the chords: Gibbs on the current one's class is as right as on all, and quicker.
        let (classes, salt) = (all.len().div_ceil(CHOICES) as u64, self.chance.bits());
        let class = |index: u32| scatter(u64::from(index) ^ salt) % classes;
        let own = class(current);
        self.choices.clear();
        self.choices.extend(all.iter().copied().filter(|&index| class(index) == own));
        let mut odds = std::mem::take(&mut self.odds);
        odds.clear();
        let stretch = Stretch::new(self.model, &self.piece, self.columns, self.rules, (start, end), allows);
        odds.extend(self.choices.iter().map(|&index| stretch.log_odds(index as usize) / temperature));
        kernels::softmax(&mut odds);
        let index = self.choices[self.chance.draw(&odds)] as usize;
        self.odds = odds;
        for t in start..end {
            self.piece.x[t * voices..(t + 1) * voices].copy_from_slice(self.columns.chord(index));
        }
    }
}

/// Subtracts what each symbol would cost in a window from its log-odds, shape (Q).
pub(super) fn rule(rules: Rules, piece: &Encoded, alphabets: &[Alphabet], window: Window, odds: &mut [f64]) {
    let Window { voice, start, end } = window;
    let pitch = |step: usize, voice: usize| {
        let symbol = piece.x.get(step * piece.voices + voice)?;
        alphabets[voice].pitch(*symbol)
    };
    rules.apply(pitch, piece.voices, (voice, start..end), alphabets[voice].pitches(), odds);
}
