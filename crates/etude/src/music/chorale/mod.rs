//! Networks of voices: each cell foretold from both sides, as a random field or in many orders.
//!
//! Hadjeres, Pachet & Nielsen, *DeepBach: a steerable model for Bach chorales generation*, ICML 2017, arXiv:1612.01010 (the
//! random field, `deepbach`); Uria, Murray & Larochelle, *A deep and tractable density estimator*, ICML 2014,
//! arXiv:1310.1757, and Huang, Cooijmans, Roberts, Courville & Eck, *Counterpoint by convolution*, ISMIR 2017,
//! arXiv:1903.07227 (cells given in any order, `orderless`).
//!
//! ```text
//! l_t = GRU(l_t−1; x_t, held_t, place_t)                  all that was
//! r_t = GRU(r_t+1; what is given of x_t, place_t)         what is given of what will be
//! o_tv = W_v GELU(A_v l_t−1 + B_v r_t+1 + Σ rows of E_v) + Σ rows of M_v
//! ln p(x_tv = q | …) = o_tv[q] + o_tv[Q_v + q − x_t−1,v] − ln Z
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | x | `symbols` | (T, V) | pitches counted from the tonic, and the rest |
//! | l, r | `left`, `right` | (H) | what two readers know, one from each side |
//! | A, B, W | `from_left`, `from_right`, `output` | (H, F), (F, Q_v + 49) | a head for each voice: pitches, and intervals from its last |
//! | E | `table` | (·, F) | rows for all voices at t and beside t, their intervals from the voice's last pitch, how long all have held, place, edge, mode, register |
//! | M | `moves` | (·, Q_v + 49) | rows for each other voice's interval modulo 12 and move together: where parallels lurk |
//!
//! `deepbach` is shown all other cells. `orderless` is shown all that was and any cells that are given: whole voices, voices for
//! some time, nothing. So it has an exact likelihood from left to right, and fills any holes in one pass that looks ahead at
//! what is given. A piece may be in any of 24 keys; its likelihood is the sum over all, each as likely as in the corpus.
//!
//! Where we differ from the papers: pieces are read from the tonic, not transposed into all keys; GRUs and one hidden layer in the
//! place of LSTMs and convolutions; the past is always shown, though in training a share of it is hidden at random, without which
//! the network trusts its own mistakes; odds of intervals beside those of pitches; in generating, whether a voice moves and what it moves to
//! have temperatures of their own, and soft rules count; blocks of steps and voices are drawn again in one pass.

mod layout;
mod piece;

mod options;

mod lessons;
mod mask;
mod network;
mod train;

mod pass;
mod run;

mod generate;
mod sweep;

mod store;

#[cfg(test)]
mod tests;

pub use options::{Reading, settings, wishes};
pub use store::load;
pub use train::train;

use crate::error::{Error, Result};
use crate::kernels;
use crate::model::{Evaluation, Generated, Kind, Model, Progress, Settings, Wish};
use crate::shelf::Tensors;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::{Grid, Key, Mode};
use layout::{Layout, shift};
use pass::View;
use piece::Piece;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use run::Net;

/// A trained network.
pub struct Chorale {
    reading: Reading,
    layout: Layout,
    alphabets: Vec<Alphabet>,
    net: Net,
    /// How often the corpus has each key, major then minor by tonic, (24).
    keys: Vec<u32>,
    settings: Settings,
    tensors: Tensors,
}

/// Key number `index`, 0..24.
fn key(index: usize) -> Key {
    Key::on_class((index % 12) as u8, if index < 12 { Mode::Major } else { Mode::Minor })
}

impl Chorale {
    /// A piece as if it were in `key`.
    fn piece(&self, grid: &Grid, key: Key) -> Result<Piece> {
        self.check(grid)?;
        Piece::new(grid, &self.layout, key)
            .ok_or_else(|| Error::usage("a pitch outside the ranges", "report this"))
    }

    /// Keeps of the log-odds of a voice in a key what its range holds: log-probabilities, f64 (Q).
    fn normalise(&self, voice: usize, shift: i32, odds: &mut [f64]) {
        let (low, high) = self.layout.ranges[voice];
        let symbol =
            |pitch| usize::from(self.layout.symbol(voice, Some(pitch), shift).expect("the range has room"));
        let (first, last, rest) = (symbol(low), symbol(high), odds.len() - 1);
        for (at, odd) in odds.iter_mut().enumerate() {
            if at != rest && !(first..=last).contains(&at) {
                *odd = f64::NEG_INFINITY;
            }
        }
        let mut shares = odds.to_vec();
        let total = kernels::softmax(&mut shares);
        odds.iter_mut().for_each(|odd| *odd -= total);
    }

    /// −ln p of each cell in one key, in the order of the pass: (cell, nats). `open`: given all other cells.
    fn nats(&self, piece: &Piece, shift: i32, open: bool) -> Vec<(usize, f64)> {
        let voices = self.layout.voices();
        let given = vec![open; piece.symbols.len()];
        let ahead = self.ahead(&piece.known, &piece.symbols, &given, None);
        let view = View { known: &piece.known, given: &given, open, ahead };
        let mut symbols = piece.symbols.clone();
        let mut nats = Vec::with_capacity(symbols.len());
        self.pass(&view, &mut symbols, &|_, _| true, &mut |step, voice, odds, symbols| {
            self.normalise(voice, shift, odds);
            let cell = step * voices + voice;
            nats.push((cell, -odds[usize::from(symbols[cell])]));
            symbols[cell]
        });
        nats
    }

    /// Given all other cells, in the piece's own key.
    fn pseudo(&self, grid: &Grid) -> Result<Evaluation> {
        let own = grid.key();
        let mut nats = self.nats(&self.piece(grid, own)?, shift(own).0, true);
        nats.sort_by_key(|(cell, _)| *cell);
        Ok(Evaluation {
            kind: Kind::Pseudo,
            unit: "note",
            nats: nats.into_iter().map(|(_, nats)| nats).collect(),
        })
    }

    /// From left to right, in all keys at once.
    fn exact(&self, grid: &Grid) -> Result<Evaluation> {
        let total: u32 = self.keys.iter().sum::<u32>() + 24;
        let in_key = |index: usize| {
            let key = key(index);
            let prior = kernels::ln(f64::from(self.keys[index] + 1) / f64::from(total));
            Ok((prior, self.nats(&self.piece(grid, key)?, shift(key).0, false)))
        };
        let keys: Vec<(f64, Vec<(usize, f64)>)> =
            (0..24).into_par_iter().map(in_key).collect::<Result<_>>()?;
        let mut log: Vec<f64> = keys.iter().map(|(prior, _)| *prior).collect();
        let mut nats = vec![0.0; grid.steps() * grid.voices()];
        let mut before = 0.0;
        for at in 0..nats.len() {
            log.iter_mut().zip(&keys).for_each(|(log, (_, nats))| *log -= nats[at].1);
            let after = kernels::softmax(&mut log.clone());
            nats[keys[0].1[at].0] = before - after;
            before = after;
        }
        Ok(Evaluation { kind: Kind::Exact, unit: "note", nats })
    }
}

impl Model for Chorale {
    fn name(&self) -> &'static str {
        self.reading.name()
    }

    fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    fn steps_per_quarter(&self) -> usize {
        self.layout.quarter
    }

    fn evaluate(&self, piece: &Grid) -> Result<Evaluation> {
        match self.reading {
            Reading::Field => self.pseudo(piece),
            Reading::Orderless => self.exact(piece),
        }
    }

    fn conditional(&self, piece: &Grid) -> Result<Option<Evaluation>> {
        self.pseudo(piece).map(Some)
    }

    fn generate(&self, draft: &Draft, wish: &Wish, progress: &mut Progress) -> Result<Generated> {
        generate::generate(self, draft, wish, progress)
    }

    fn tensors(&self) -> Tensors {
        self.tensors.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}
