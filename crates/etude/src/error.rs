//! What can go wrong above the pieces.

use crate::inference::constraint::Contradiction;

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong when training, evaluating or generating.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A piece or corpus can't be read, written or laid on the model's grid.
    #[error(transparent)]
    Piece(#[from] etude_piece::Error),
    /// The constraints can't be met together; it names them.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// A model file is damaged, foreign, or lies about itself.
    #[error("{file}: found {found}, expected {expected}")]
    ModelFile {
        /// The file.
        file: String,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// A setting, recipe or request makes no sense.
    #[error("{found}; hint: {hint}")]
    Usage {
        /// What was asked.
        found: String,
        /// What can be asked.
        hint: String,
    },
    /// A model broke what it had to keep: a mistake of this program, which makes nothing rather than something wrong.
    #[error("{0}; hint: please report this")]
    Broken(String),
    /// The caller stopped the work.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// A request that makes no sense, and what would.
    pub fn usage(found: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { found: found.into(), hint: hint.into() }
    }
}
