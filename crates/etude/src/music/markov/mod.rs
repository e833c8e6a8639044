//! Counts with back-off over the voices in score order: a Markov model of viewpoints, and the honest baseline.
//!
//! Viewpoints: Conklin & Witten, *Multiple viewpoint systems for music prediction*, Journal of New Music Research 24, 1995,
//! doi:10.1080/09298219508570672; multiplied rather than added: Pearce, Conklin & Wiggins, *Methods for combining
//! statistical models of music*, 2004. Back-off: Teh, *A hierarchical Bayesian language model based on Pitman-Yor
//! processes*, 2006; absolute discounting: Ney, Essen & Kneser, 1994. Log-linear mixture: Klakow, *Log-linear interpolation
//! of language models*, 1998. Key: Krumhansl & Kessler, 1982.
//!
//! ```text
//! p(x)      = Π_t Π_v p(x_tv | past)                   v in the order: top, bottom, then the inner voices upwards
//! p(x_tv)   = p(hold)                                   if x_tv = x_{t−1,v}
//!           = p(move) · p(x_tv | move)                  otherwise
//! p(answer) = exp Σ_k w_k(n_k) · ln p_k(answer) / Z     over the viewpoints k of the question
//! p_k       = p_k,n_k        p_kj(a) = ( max(c_kj(a) − d, 0) + (θ + d · K_kj) · p_k,j−1(a) ) / (N_kj + θ)
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | x | `Lines` | (T, V) | the piece: a rest or a MIDI number per voice and step |
//! | k | `Viewpoint` | 8 and 10 | a ladder of features; context j is the first j of them |
//! | c_kj(a) | `Counts` | sparse | how often answer a came in context j of viewpoint k |
//! | N_kj, K_kj | | | the sum of these counts, and how many of them are above 0 |
//! | n_k | `slots` | | how many contexts of viewpoint k were seen |
//! | w_k(n) | `weights` | (V, 4, 2) sets | weight of viewpoint k, by voice, place in the quarter, question, and n |
//! | d, θ | `discount`, `strength` | | constants of the back-off |
//!
//! The weights are fitted on the training pieces, each foretold from the counts of all the others (leaving one out); the
//! loss is convex, so there is one answer. A piece's probability is exact, and each cell's depends on nothing more than
//! [`past::MEMORY`] steps back.
//!
//! Where we differ from the papers: the weights are learnt, not set from entropies; contexts seen once are dropped, which
//! keeps the file small; there is no augmentation, since intervals and scale degrees tie transpositions; repeats of a
//! pitch are left to [`super::articulation`]; in generating, the wished key is heard in the first chord alone, and the
//! model is free to leave it.
//!
//! ```
//! use etude::music::markov;
//! use etude_piece::{corpus::read_json, draft::{Draft, Hole}, score::{Frame, Key}};
//! use etude::model::{Model, Settings, Wish};
//!
//! let corpus = read_json(br#"{"train": [[[60], [62], [64], [62], [60], [62], [64], [62]]]}"#, "scale", 1)?;
//! let model = markov::train(&corpus, &Settings::new(), 1, &mut |_, _| true)?;
//! let mut draft = Draft::open(Frame { steps_per_quarter: 1, ..Frame::sixteenths(1, 16) });
//! draft.narrow(15, 0, Hole::only(Some(60)));
//! let wish = Wish { seed: 1, key: Key::C_MAJOR, settings: Settings::new() };
//! let made = model.generate(&draft, &wish, &mut |_, _| true)?;
//! assert_eq!(made.grid.at(15, 0).pitch, Some(60));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod options;

pub mod lines;
pub mod past;

pub mod key;

pub mod feature;

pub mod viewpoint;

pub mod counts;

pub mod back_off;

pub mod mixture;

pub mod odds;

mod train;

pub mod conditional;

mod generate;

mod store;

#[cfg(test)]
mod tests;

pub use options::{Options, settings, wishes};
pub use store::load;
pub use train::train;

use crate::error::Result;
use crate::model::{Evaluation, Generated, Kind, Model, Progress, Settings, Wish};
use crate::shelf::Tensors;
use counts::Counts;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::Grid;
use lines::Lines;

/// A trained model: counts by context, weights by viewpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Markov {
    /// How it was trained.
    pub options: Options,
    /// Voices in the order in which a step decides them, shape (V).
    pub order: Vec<usize>,
    /// The symbols of each voice, every pitch of its range and the rest, shape (V).
    pub alphabets: Vec<Alphabet>,
    /// How often every answer came in every context.
    pub counts: Counts,
    /// Weights of the viewpoints, by voice, place in the quarter and question, shape (V · 4 · 2), each set as many as its
    /// question's viewpoints need.
    pub weights: Vec<Vec<f64>>,
}

impl Markov {
    /// A grid as the model reads it.
    ///
    /// # Errors
    ///
    /// Another number of voices, another resolution, or a pitch outside a voice's alphabet.
    pub fn lines(&self, grid: &Grid) -> Result<Lines> {
        self.check(grid)?;
        Ok(Lines::new(grid))
    }
}

impl Model for Markov {
    fn name(&self) -> &'static str {
        "markov"
    }

    fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    fn steps_per_quarter(&self) -> usize {
        self.options.steps_per_quarter
    }

    /// The exact likelihood: each cell given those before it.
    fn evaluate(&self, piece: &Grid) -> Result<Evaluation> {
        Ok(Evaluation { kind: Kind::Exact, unit: "note", nats: self.nats(&self.lines(piece)?) })
    }

    fn conditional(&self, piece: &Grid) -> Result<Option<Evaluation>> {
        let nats = self.conditional_nats(&self.lines(piece)?);
        Ok(Some(Evaluation { kind: Kind::Pseudo, unit: "note", nats }))
    }

    fn generate(&self, draft: &Draft, wish: &Wish, progress: &mut Progress) -> Result<Generated> {
        generate::generate(self, draft, wish, progress)
    }

    fn tensors(&self) -> Tensors {
        store::tensors(self)
    }

    fn settings(&self) -> Settings {
        self.options.settings()
    }
}
