//! A trained author of folk tunes.

use super::compose;
use super::guide::{FIELDS, Follow};
use super::plan::{PartPlan, Plan};
use super::read::read;
use super::tokens::{Token, show};
use super::tune::Tune;
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::error::{Error, Result};
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::sequence::{Sequence, SequenceModel, surprise};
use crate::shelf::{Tensor, Tensors};
use etude_piece::piece::Piece;
use etude_piece::score::{Mode, Score};
use std::sync::Arc;

/// Keys of the training tunes: how many there are on each class of each mode, shape (7, 12).
pub(super) type Keys = [[u32; 12]; Mode::ALL.len()];

/// A model of tunes, and the tunes that it learnt from.
pub(super) struct Folk {
    pub(super) model: Arc<dyn SequenceModel>,
    /// The training tunes in symbols.
    pub(super) memory: Memory,
    pub(super) keys: Keys,
    /// The engine's settings, and its name.
    pub(super) settings: Settings,
}

impl Folk {
    /// The form of a training tune.
    pub(super) fn form(&self, index: usize) -> Vec<PartPlan> {
        let tune = Tune::of(self.memory.sequence(index)).unwrap_or_default();
        let parts = tune.parts.iter().filter(|part| !part.is_empty());
        let plans = parts.map(|part| PartPlan {
            repeated: Some(part.repeated),
            bars: Some(part.len()),
            unending: part.second.is_empty(),
        });
        plans.collect()
    }
}

impl Author for Folk {
    fn name(&self) -> &'static str {
        "folk"
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        let nats = surprise(self.model.as_ref(), &sequence(&symbols(score(piece)?)?));
        Ok(Evaluation { kind: Kind::Exact, unit: "token", nats })
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let mut bar = 1;
        let label = |&symbol: &u32| {
            let place = format!("bar {bar}");
            bar += usize::from(Token::of(symbol as usize) == Some(Token::Bar));
            (place, show(&[symbol]))
        };
        Ok(symbols(score(piece)?)?.iter().map(label).collect())
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        compose::compose(self, request, progress)
    }

    fn beside(&self) -> usize {
        64
    }

    fn compose_each(&self, requests: &[Request], progress: &mut Progress) -> Vec<Result<Made>> {
        compose::compose_each(self, requests, progress)
    }

    fn tensors(&self) -> Tensors {
        let mut tensors = self.model.tensors();
        tensors.extend(self.memory.tensors());
        let keys = self.keys.iter().flatten().copied().collect();
        tensors.insert("folk.keys".to_owned(), Tensor::U32(vec![self.keys.len(), 12], keys));
        tensors
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

/// What a model reads of a tune.
pub(super) fn sequence(symbols: &[u32]) -> Sequence {
    Sequence::follow(Box::new(Follow::new(Arc::new(Plan::widest()))), FIELDS, symbols)
}

/// The symbols of a score.
///
/// # Errors
///
/// A score that isn't a tune that symbols can write.
fn symbols(score: &Score) -> Result<Vec<u32>> {
    let unfit = |reason: String| {
        Error::usage(
            format!("a piece with {reason}"),
            "a melody in one metre and key, with bars that are full",
        )
    };
    let tune = read(score).map_err(unfit)?.tune;
    tune.symbols().ok_or_else(|| unfit("an upbeat of an odd length".to_owned()))
}

/// The score of a piece.
///
/// # Errors
///
/// Any other piece.
pub(super) fn score(piece: &Piece) -> Result<&Score> {
    match piece {
        Piece::Score(score) => Ok(score),
        _ => Err(Error::usage("no score, for a model of tunes", "a score, such as ABC")),
    }
}
