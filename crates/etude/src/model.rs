//! What every model does: evaluate a piece, generate from a draft, and go into a file.

use crate::error::{Error, Result};
use crate::shelf::Tensors;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Grid, Key};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A trained model of grids.
pub trait Model: Send + Sync {
    /// The catalogue name of what it was trained as, such as `maxent`.
    fn name(&self) -> &'static str;

    /// The symbols that each voice may sing, top to bottom, shape (V).
    fn alphabets(&self) -> &[Alphabet];

    /// Steps in a quarter note that it was trained on.
    fn steps_per_quarter(&self) -> usize;

    /// Log-likelihood of every cell, as nats of surprise.
    ///
    /// # Errors
    ///
    /// A grid of another number of voices or another resolution, or pitches outside the alphabets.
    fn evaluate(&self, piece: &Grid) -> Result<Evaluation>;

    /// The likelihood of each event given all others, the later ones included, where the model can tell; `maxent`'s
    /// [`Model::evaluate`] is that already.
    ///
    /// # Errors
    ///
    /// As for [`Model::evaluate`].
    fn conditional(&self, _piece: &Grid) -> Result<Option<Evaluation>> {
        Ok(None)
    }

    /// Whether a grid is one that it can read.
    ///
    /// # Errors
    ///
    /// Another number of voices, another resolution, or the first pitch outside a voice's alphabet.
    fn check(&self, piece: &Grid) -> Result<()> {
        let alphabets = self.alphabets();
        let (voices, frame) = (alphabets.len(), &piece.frame);
        if frame.voices != voices {
            return Err(Error::usage(
                format!("a piece of {} voices", frame.voices),
                format!("this model knows pieces of {voices}"),
            ));
        }
        if frame.steps_per_quarter != self.steps_per_quarter() {
            return Err(Error::usage(
                format!("{} steps in a quarter", frame.steps_per_quarter),
                format!("this model reads {}", self.steps_per_quarter()),
            ));
        }
        for (cell, pitch) in piece.pitches().enumerate() {
            let (step, voice) = (cell / voices, cell % voices);
            if let (Some(number), None) = (pitch, alphabets[voice].symbol(pitch)) {
                let place = frame.place(step);
                let name = voice_name(voice, voices).to_lowercase();
                let (low, high) = alphabets[voice].span().unwrap_or((0, 0));
                return Err(Error::usage(
                    format!("{place}: {name} has MIDI number {number}"),
                    format!("the model's alphabet goes from {low} to {high}"),
                ));
            }
        }
        Ok(())
    }

    /// Whether a draft has the shape of what it makes.
    ///
    /// # Errors
    ///
    /// Another number of voices or another resolution.
    fn check_draft(&self, draft: &Draft) -> Result<()> {
        let (frame, voices) = (&draft.frame, self.alphabets().len());
        if frame.voices == voices && frame.steps_per_quarter == self.steps_per_quarter() {
            return Ok(());
        }
        Err(Error::usage(
            format!("a draft of {} voices, {} steps in a quarter", frame.voices, frame.steps_per_quarter),
            format!("{voices} and {}", self.steps_per_quarter()),
        ))
    }

    /// Fills the holes of a draft; everything that the draft says holds in what comes back.
    ///
    /// `progress` is told the share that is done, 0..=1, and ends the work by `false`.
    ///
    /// # Errors
    ///
    /// Settings out of range, or an interruption.
    fn generate(&self, draft: &Draft, wish: &Wish, progress: &mut Progress) -> Result<Generated>;

    /// Everything it has learnt, by name.
    fn tensors(&self) -> Tensors;

    /// What the training used, by name, as text: see [`Settings`].
    fn settings(&self) -> Settings;
}

/// Sees the share of the work that is done, 0..=1, and a few words; `false` ends it.
pub type Progress<'a> = dyn FnMut(f64, &str) -> bool + 'a;

/// Named settings, as a person writes them.
pub type Settings = BTreeMap<String, String>;

/// What is asked of [`Model::generate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The seed of all randomness.
    pub seed: u64,
    /// The key to compose in.
    pub key: Key,
    /// Settings of the model's own, such as `temperature`.
    pub settings: Settings,
}

/// What [`Model::generate`] made.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// The piece; where its onsets are unmarked, the articulation decides.
    pub grid: Grid,
    /// How the making went, by name, such as `r_hat`.
    pub diagnostics: BTreeMap<String, f64>,
}

/// What kind of number an evaluation is; unlike kinds can't be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The exact negative log-likelihood.
    Exact,
    /// An upper bound on it.
    Bound,
    /// The pseudo-likelihood: each event given all others.
    Pseudo,
    /// A Monte Carlo estimate.
    Estimate,
    /// An energy, up to an unknown constant.
    Energy,
}

impl Kind {
    /// The word of the command line's contract.
    pub const fn name(self) -> &'static str {
        ["exact", "bound", "pseudo", "estimate", "energy"][self as usize]
    }
}

/// How surprised a model is by a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What kind of number it is.
    pub kind: Kind,
    /// What an event is: `note` for a cell of a grid.
    pub unit: &'static str,
    /// Surprise of each event in nats, ≥ 0 for exact and pseudo kinds; row-major (T, V) for grids.
    pub nats: Vec<f64>,
}

impl Evaluation {
    /// The sum over all events, in nats.
    pub fn total(&self) -> f64 {
        self.nats.iter().sum()
    }

    /// Nats per event.
    pub fn mean(&self) -> f64 {
        self.total() / self.nats.len().max(1) as f64
    }
}
