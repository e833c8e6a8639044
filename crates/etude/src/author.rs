//! Authors: trained models of arts whose pieces are sequences, such as texts, tunes and melodies.
//!
//! An author joins an art's notation (which symbols a piece is written in, and which may follow) with a
//! [`SequenceModel`](crate::sequence::SequenceModel), and knows what it learnt from, to tell what is new.

use crate::error::Result;
use crate::model::{Evaluation, Progress, Settings};
use crate::shelf::Tensors;
use etude_piece::piece::Piece;
use etude_piece::score::{Key, Metre};
use std::collections::BTreeMap;

/// A trained model of an art whose pieces are sequences.
pub trait Author: Send + Sync {
    /// The catalogue name of what it was trained as, such as `folk`.
    fn name(&self) -> &'static str;

    /// How surprised it is by each symbol of a piece.
    ///
    /// # Errors
    ///
    /// A piece of another art, or one that its notation can't write.
    fn evaluate(&self, piece: &Piece) -> Result<Evaluation>;

    /// Place and text of each symbol that [`Author::evaluate`] weighs, such as `bar 3, beat 2` and `C5`.
    ///
    /// # Errors
    ///
    /// As for [`Author::evaluate`].
    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let events = self.evaluate(piece)?.nats.len();
        Ok((1..=events).map(|event| (format!("event {event}"), String::new())).collect())
    }

    /// Writes a piece that is as asked.
    ///
    /// # Errors
    ///
    /// Contradictions, requests that it doesn't understand, and interruptions.
    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made>;

    /// How many pieces it writes side by side in about the time of a few.
    fn beside(&self) -> usize {
        1
    }

    /// Writes several pieces, each as [`Author::compose`] does.
    fn compose_each(&self, requests: &[Request], progress: &mut Progress) -> Vec<Result<Made>> {
        requests.iter().map(|request| self.compose(request, progress)).collect()
    }

    /// Everything that it has learnt, by name.
    fn tensors(&self) -> Tensors;

    /// What the training used, by name.
    fn settings(&self) -> Settings;
}

/// What is asked of an author.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A piece that is given, to be continued or completed.
    pub draft: Option<Piece>,
    /// What must be there, in the art's own language.
    pub keep: Vec<String>,
    /// What must not be there.
    pub forbid: Vec<String>,
    /// How long: characters of a text, bars of music.
    pub length: Option<usize>,
    /// The key, of music.
    pub key: Option<Key>,
    /// The metre, of music.
    pub metre: Option<Metre>,
    /// Quarter notes per minute, of music.
    pub tempo: Option<f64>,
    /// Wishes by name, such as `temperature`.
    pub settings: Settings,
    /// The seed of all randomness.
    pub seed: u64,
}

/// What an author made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The piece.
    pub piece: Piece,
    /// How new it is.
    pub novelty: crate::appraise::spans::Novelty,
    /// Whether each of `keep`, then each of `forbid`, holds, checked on the finished piece.
    pub met: Vec<bool>,
    /// What the user should know, one line each.
    pub messages: Vec<String>,
    /// How the making went, by name; `log_probability_of_the_constraints` where it is exact.
    pub diagnostics: BTreeMap<String, f64>,
}
