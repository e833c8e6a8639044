//! Maximum entropy: an exponential family over the voices of a grid.
//!
//! Sakellariou, Tria, Loreto & Pachet, *Maximum entropy models capture melodic styles*, Scientific Reports 7, 2017,
//! doi:10.1038/s41598-017-08028-4 (one voice); Hadjeres, Sakellariou & Pachet, *Style imitation and chord invention in
//! polyphonic music with exponential families*, 2016, arXiv:1609.05152 (several).
//!
//! ```text
//! p(x | c) = exp(θ · f(x, c)) / Z(θ, c)
//! θ · f = Σ_tv  U_v[beat_t, x_tv] + E_v[edge_t, x_tv] + K_v[key, x_tv]            unary fields
//!       + Σ_tvk H_vk[x_tv, x_t+k,v] + Σ_tvw V_vw[x_tv, x_tw] + Σ_tvwk D_vwk[x_tv, x_t+k,w]
//!       + Σ_t   M[beat_t, moves_t] + C[on_t, voicing_t] + T[on_t, harmony_t]
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | x | `x` | (T, V) | symbols: pitches of the voice's range, and the rest |
//! | c | `context` | (T) | place in the quarter, distance to the phrase's edges, key: known beforehand |
//! | U, E, K | `by_position`, `by_edge`, `by_key` | (·, Q_v) | unary fields |
//! | H | `horizontal` | (Q_v, Q_v) for each k | couplings in a voice, k steps apart |
//! | V | vertical | (Q_v, Q_w) | couplings at one step |
//! | D | `diagonal` | (Q_v, Q_w) for each k | couplings of a voice with another, k steps later |
//! | M | `motion` | (beat, 2^V) | which voices move at once |
//! | C | `voicings` | (2, classes) | intervals of the chord between neighbouring voices, on the beat and off it |
//! | T | `harmonies` | (2, classes) | pitch classes and bass of the chord, counted from the tonic |
//!
//! Where we differ from the papers: the fields see beat, edge and key; motion and whole chords have weights of their own;
//! couplings reach as far as `horizontal` says, not every k up to K; after pseudo-likelihood, persistent chains match the
//! corpus's counts ([`persist`]); chains move notes, stretches and chords, not cells alone ([`chain`]); repeats of a
//! pitch are left to [`super::articulation`].
//!
//! ```
//! use etude::music::maxent;
//! use etude_piece::{corpus::read_json, draft::Draft, score::{Frame, Key}};
//! use etude::model::{Model, Settings, Wish};
//!
//! let corpus = read_json(br#"{"train": [[[60], [62], [64], [62], [60], [62], [64], [62]]]}"#, "scale", 1)?;
//! let model = maxent::train(&corpus, &Settings::new(), 1, &mut |_, _| true)?;
//! let wish = Wish { seed: 1, key: Key::C_MAJOR, settings: Settings::new() };
//! let frame = Frame { steps_per_quarter: 1, ..Frame::sixteenths(1, 16) };
//! let made = model.generate(&Draft::open(frame), &wish, &mut |_, _| true)?;
//! assert_eq!(made.grid.steps(), 16);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod options;

pub mod chords;
pub mod encode;
pub mod energy;
pub mod layout;

pub mod fit;
pub mod persist;
mod train;

pub mod chain;
pub mod columns;
mod generate;
mod store;

#[cfg(test)]
mod tests;

pub use options::{Options, settings, wishes};
pub use store::load;
pub use train::{augment, train};

use crate::error::Result;
use crate::kernels;
use crate::model::{Evaluation, Generated, Kind, Model, Progress, Settings, Wish};
use crate::shelf::Tensors;
use chords::{ChordClasses, Vocabulary};
use encode::Encoded;
use energy::{Scratch, Window};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::{Grid, Key};
use layout::Layout;

/// A fitted family.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxEnt {
    /// How it was fitted.
    pub options: Options,
    /// The symbols of each voice, shape (V).
    pub alphabets: Vec<Alphabet>,
    /// The chord classes that have weights.
    pub classes: ChordClasses,
    /// The corpus's chords, that whole-chord moves draw from.
    pub vocabulary: Vocabulary,
    /// Where each weight stands.
    pub layout: Layout,
    /// θ, then its pair tables turned round (see [`Layout::turned`]), then lanes to spare.
    pub weights: Vec<f64>,
}

impl MaxEnt {
    /// A family with all weights 0.
    pub fn new(
        options: Options,
        alphabets: Vec<Alphabet>,
        classes: ChordClasses,
        vocabulary: Vocabulary,
    ) -> Self {
        let layout =
            Layout::new(&alphabets, &options, classes.voicings.len() + 1, classes.harmonies.len() + 1);
        let weights = vec![0.0; 2 * layout.len + kernels::LANES];
        Self { options, alphabets, classes, vocabulary, layout, weights }
    }

    /// θ.
    pub fn theta(&self) -> &[f64] {
        &self.weights[..self.layout.len]
    }

    /// Changes θ, shape (`layout.len`).
    pub fn set_theta(&mut self, theta: &[f64]) {
        let len = self.layout.len;
        self.weights[..len].copy_from_slice(theta);
        self.weights[len..2 * len].copy_from_slice(&self.layout.turned(theta));
    }

    /// A grid in symbols.
    ///
    /// # Errors
    ///
    /// Another number of voices, another resolution, or a pitch outside a voice's alphabet.
    pub fn encode(&self, grid: &Grid, key: Key) -> Result<Encoded> {
        self.check(grid)?;
        Ok(encode::encode(grid, &self.alphabets, key).expect("the alphabets hold what was checked"))
    }
}

impl Model for MaxEnt {
    fn name(&self) -> &'static str {
        "maxent"
    }

    fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    fn steps_per_quarter(&self) -> usize {
        self.options.steps_per_quarter
    }

    /// The pseudo-likelihood: each cell given all others.
    fn evaluate(&self, piece: &Grid) -> Result<Evaluation> {
        let piece = self.encode(piece, piece.key())?;
        let (mut scratch, mut odds) = (Scratch::default(), Vec::new());
        let mut nats = Vec::with_capacity(piece.x.len());
        for step in 0..piece.steps {
            for voice in 0..piece.voices {
                self.log_odds(&piece, Window::cell(step, voice), &mut scratch, &mut odds);
                let own = odds[usize::from(piece.x[step * piece.voices + voice])];
                nats.push(kernels::softmax(&mut odds) - own);
            }
        }
        Ok(Evaluation { kind: Kind::Pseudo, unit: "note", nats })
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
