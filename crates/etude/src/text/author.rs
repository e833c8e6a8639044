//! A trained author of texts.

use super::alphabet::Alphabet;
use super::compose;
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive::Counted;
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::sequence::{Sequence, SequenceModel, surprise};
use crate::shelf::Tensors;
use etude_piece::piece::Piece;
use std::sync::{Arc, OnceLock};

/// An alphabet, a model over it, and the training texts.
pub(super) struct Writer {
    /// Its name in the catalogue.
    pub(super) name: &'static str,
    pub(super) alphabet: Alphabet,
    pub(super) model: Arc<dyn SequenceModel>,
    /// The training texts in the alphabet's symbols.
    pub(super) memory: Memory,
    /// The art's own settings, and the engine's.
    pub(super) settings: Settings,
    /// Small chains that look ahead for models that can't: filled when first needed, those of higher order first.
    pub(super) chains: OnceLock<Vec<Counted>>,
}

impl Writer {
    /// Chains counted in the training texts, as far as the alphabet leaves room for them.
    pub(super) fn chains(&self) -> &[Counted] {
        self.chains.get_or_init(|| {
            let texts = || (0..self.memory.len()).map(|text| self.memory.sequence(text));
            let counted = |order| Counted::new(self.alphabet.len(), order, texts()).ok();
            [2, 1, 0].into_iter().filter_map(counted).collect()
        })
    }
}

impl Author for Writer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        let symbols = self.alphabet.encode(text(piece)?)?;
        let nats = surprise(self.model.as_ref(), &Sequence::plain(&symbols, self.alphabet.len()));
        let unit = if self.alphabet.has_words() { "word" } else { "character" };
        Ok(Evaluation { kind: Kind::Exact, unit, nats })
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let symbols = self.alphabet.encode(text(piece)?)?;
        let (mut line, mut column) = (1, 1);
        let label = |&symbol: &u32| {
            let text = self.alphabet.text(symbol as usize);
            let place = format!("line {line}, column {column}");
            for character in text.chars() {
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            (place, format!("{text:?}"))
        };
        Ok(symbols.iter().map(label).collect())
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        compose::compose(self, request, progress)
    }

    fn tensors(&self) -> Tensors {
        let mut tensors = self.model.tensors();
        tensors.extend(self.alphabet.tensors());
        tensors.extend(self.memory.tensors());
        tensors
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

/// The text of a piece.
///
/// # Errors
///
/// Any other piece.
pub(super) fn text(piece: &Piece) -> Result<&str> {
    match piece {
        Piece::Text(text) => Ok(text),
        _ => Err(Error::usage("a score, for a model of texts", "a text in UTF-8")),
    }
}
