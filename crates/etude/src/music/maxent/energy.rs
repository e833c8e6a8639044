//! The energy of the family, and what one note contributes to it.
//!
//! Everything that fits or samples asks one question: *the cells of voice v in the steps a..b being one and the same
//! symbol q, what are the log-odds of q given all else?* With b = a + 1 it is the conditional of a single cell.

use super::MaxEnt;
use super::encode::Encoded;
use crate::kernels::{self, Row};
use rustc_hash::FxHashMap;

/// A stretch of one voice that holds one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The voice.
    pub voice: usize,
    /// Its first step.
    pub start: usize,
    /// The step after its last.
    pub end: usize,
}

impl Window {
    /// A single cell.
    pub fn cell(step: usize, voice: usize) -> Self {
        Self { voice, start: step, end: step + 1 }
    }
}

/// The weights that the log-odds of a window's symbol take up, the chord classes apart.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Rows of [`MaxEnt::weights`]: weight `start + q` for each symbol q.
    pub rows: Vec<Row>,
    /// Tables whose diagonal counts, weight `start + q · (Q + 1)`: both cells lie in the window.
    pub diagonals: Vec<Row>,
    /// For one symbol the first weight, for all others the second.
    pub either: Vec<(u8, u32, u32)>,
}

impl Terms {
    /// Takes up rows; neighbours that are the same become one that counts more often.
    #[inline]
    pub fn run(&mut self, starts: impl Iterator<Item = usize>) {
        let mut last = u32::MAX;
        for start in starts {
            let start = start as u32;
            match self.rows.last_mut() {
                Some(row) if start == last => row.times += 1.0,
                _ => self.rows.push(Row { start, times: 1.0 }),
            }
            last = start;
        }
    }

    /// Adds what they are worth to each symbol's log-odds, shape (Q).
    #[inline]
    pub fn add_to(&self, odds: &mut [f64], weights: &[f64]) {
        let size = odds.len();
        kernels::add_rows(odds, weights, &self.rows);
        for row in &self.diagonals {
            let diagonal = weights[row.start as usize..].iter().step_by(size + 1);
            odds.iter_mut().zip(diagonal).for_each(|(odd, weight)| *odd += f64::from(row.times) * weight);
        }
        for &(symbol, here, elsewhere) in &self.either {
            odds[usize::from(symbol)] += weights[here as usize] - weights[elsewhere as usize];
        }
    }
}

/// The classes that each candidate would give the chord at one step, remembered by what the other voices sing.
#[derive(Debug, Default)]
pub struct Candidates {
    places: FxHashMap<u128, u32>,
    /// (voicing class, harmony class) of every candidate of every chord met.
    classes: Vec<(u32, u32)>,
}

/// Room to work in, kept from one question to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The window's terms.
    pub terms: Terms,
    /// The chord classes met so far.
    pub known: Candidates,
}

/// Candidates remembered before all are forgotten: about 1 MiB.
const MOST_REMEMBERED: usize = 1 << 17;

impl MaxEnt {
    /// The terms of a window.
    #[inline]
    pub fn terms(&self, piece: &Encoded, window: Window, terms: &mut Terms) {
        let Window { voice, start, end } = window;
        let layout = &self.layout;
        let size = layout.sizes[voice];
        let at = |step: usize, voice: usize| usize::from(piece.x[step * piece.voices + voice]);
        terms.rows.clear();
        terms.diagonals.clear();
        terms.either.clear();
        for field in 0..3 {
            terms.run((start..end).map(|t| layout.fields(voice, &piece.context, t)[field]));
        }
        for &(index, is_first) in &layout.pairs_of[voice] {
            let pair = &layout.pairs[index];
            let (own, distance) = (pair.first == pair.second, pair.distance);
            if is_first {
                // A partner inside the window is met when it looks back.
                let from = if own { start.max(end.saturating_sub(distance)) } else { start };
                let until = end.min(piece.steps.saturating_sub(distance));
                let table = layout.len + pair.start;
                terms.run((from..until).map(|t| table + at(t + distance, pair.second) * size));
            } else {
                let from = start.max(distance);
                let until = if own { end.min(start + distance) } else { end };
                terms.run((from..until).map(|t| pair.start + at(t - distance, pair.first) * size));
                let inside = if own { (end - start).saturating_sub(distance) } else { 0 };
                if inside > 0 {
                    terms.diagonals.push(Row { start: pair.start as u32, times: inside as f32 });
                }
            }
        }
        let Some(motion) = layout.motion else { return };
        for t in [start, end] {
            if t == 0 || t == piece.steps {
                continue;
            }
            let pattern = motion_pattern(piece, t) & !(1 << voice);
            let held = motion + (usize::from(piece.context.beat[t]) << layout.voices) + pattern;
            let neighbour = if t == start { at(t - 1, voice) } else { at(t, voice) };
            terms.either.push((neighbour as u8, held as u32, (held + (1 << voice)) as u32));
        }
    }

    /// The chord classes of every candidate for `voice` at `step`, shape (Q).
    pub fn candidates<'c>(
        &self,
        piece: &Encoded,
        step: usize,
        voice: usize,
        known: &'c mut Candidates,
    ) -> &'c [(u32, u32)] {
        let symbols = &piece.x[step * piece.voices..(step + 1) * piece.voices];
        let size = self.layout.sizes[voice];
        // At most 14 voices fit the key; grids with more have no classes that pay.
        let seed = u128::from(piece.context.key) << 8 | voice as u128;
        let key = symbols
            .iter()
            .enumerate()
            .fold(seed, |key, (v, &symbol)| key << 8 | if v == voice { 0 } else { u128::from(symbol) });
        if let Some(&start) = known.places.get(&key) {
            return &known.classes[start as usize..start as usize + size];
        }
        if known.classes.len() > MOST_REMEMBERED {
            *known = Candidates::default();
        }
        let mut chord = [None; 16];
        let chord = &mut chord[..piece.voices];
        for (pitch, (alphabet, &symbol)) in chord.iter_mut().zip(self.alphabets.iter().zip(symbols)) {
            *pitch = alphabet.pitch(symbol);
        }
        let start = known.classes.len();
        for symbol in 0..size {
            chord[voice] = self.alphabets[voice].pitch(symbol as u8);
            let harmony = self.classes.harmony(chord, piece.context.tonic());
            known.classes.push((self.classes.voicing(chord) as u32, harmony as u32));
        }
        known.places.insert(key, start as u32);
        &known.classes[start..]
    }

    /// Where the weights of the voicings and harmonies at a step begin: chords on the beat and off it differ.
    #[inline]
    pub fn chord_weights(&self, piece: &Encoded, step: usize) -> (usize, usize) {
        let off = usize::from(piece.context.beat[step] != 0);
        let layout = &self.layout;
        (layout.voicings + off * layout.voicing_count, layout.harmonies + off * layout.harmony_count)
    }

    /// Whether chords have classes at all (from two voices up).
    pub fn has_chords(&self) -> bool {
        self.layout.voices > 1
    }

    /// The log-odds of every symbol for a window, into `odds`, shape (Q), up to a constant.
    pub fn log_odds(&self, piece: &Encoded, window: Window, scratch: &mut Scratch, odds: &mut Vec<f64>) {
        let size = self.layout.sizes[window.voice];
        odds.clear();
        odds.resize(size, 0.0);
        self.terms(piece, window, &mut scratch.terms);
        scratch.terms.add_to(odds, &self.weights);
        if !self.has_chords() {
            return;
        }
        let mut step = window.start;
        while step < window.end {
            // While the others hold, the chords stay the same and only the place in the beat counts.
            let moves = (step + 1..window.end).find(|&t| !same_others(piece, t, window.voice));
            let until = moves.unwrap_or(window.end);
            let classes = self.candidates(piece, step, window.voice, &mut scratch.known);
            for t in step..until {
                let (voicings, harmonies) = self.chord_weights(piece, t);
                for (odd, &(voicing, harmony)) in odds.iter_mut().zip(classes) {
                    *odd += self.weights[voicings + voicing as usize]
                        + self.weights[harmonies + harmony as usize];
                }
            }
            step = until;
        }
    }

    /// The log-odds of a whole piece: θ · f(x), summed over all features.
    pub fn score(&self, piece: &Encoded) -> f64 {
        let mut sum = 0.0;
        self.features(piece, |index| sum += self.weights[index]);
        sum
    }

    /// Calls `take` with the weight's index for every feature that a piece has, as often as it has it.
    pub fn features(&self, piece: &Encoded, mut take: impl FnMut(usize)) {
        let layout = &self.layout;
        let at = |step: usize, voice: usize| usize::from(piece.x[step * piece.voices + voice]);
        let mut chord = vec![None; piece.voices];
        for t in 0..piece.steps {
            for voice in 0..piece.voices {
                let x = at(t, voice);
                layout.fields(voice, &piece.context, t).into_iter().for_each(|start| take(start + x));
            }
            for pair in layout.pairs.iter().filter(|pair| t >= pair.distance) {
                let (first, second) = (at(t - pair.distance, pair.first), at(t, pair.second));
                take(pair.start + first * layout.sizes[pair.second] + second);
            }
            if let (Some(motion), 1..) = (layout.motion, t) {
                let base = motion + (usize::from(piece.context.beat[t]) << layout.voices);
                take(base + motion_pattern(piece, t));
            }
            if self.has_chords() {
                for (voice, pitch) in chord.iter_mut().enumerate() {
                    *pitch = self.alphabets[voice].pitch(at(t, voice) as u8);
                }
                let (voicings, harmonies) = self.chord_weights(piece, t);
                take(voicings + self.classes.voicing(&chord));
                take(harmonies + self.classes.harmony(&chord, piece.context.tonic()));
            }
        }
    }
}

/// Which voices move into step `t` ≥ 1: bit v for voice v.
pub fn motion_pattern(piece: &Encoded, t: usize) -> usize {
    let (before, now) = (&piece.x[(t - 1) * piece.voices..], &piece.x[t * piece.voices..]);
    (0..piece.voices).fold(0, |bits, v| bits | usize::from(before[v] != now[v]) << v)
}

/// Whether all voices but one hold what they had at the step before.
fn same_others(piece: &Encoded, step: usize, voice: usize) -> bool {
    motion_pattern(piece, step) & !(1 << voice) == 0
}
