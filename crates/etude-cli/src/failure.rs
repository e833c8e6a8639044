//! Why a command ended early: an exit code of the contract, and a message.

use etude::inference::constraint::ParseError;

/// What a command hands back.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// The end of a command that isn't done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// 1 failure, 2 usage, 3 bad input file, 4 constraints that can't be met, 130 interrupted.
    pub(crate) code: u8,
    /// What a person reads on stderr.
    pub(crate) message: String,
}

impl Failure {
    /// Something went wrong.
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        Self { code: 1, message: message.into() }
    }

    /// The request makes no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into() }
    }

    /// An input file can't be used.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { code: 3, message: message.into() }
    }

    /// The user stopped the work.
    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self { code: 130, message: message.into() }
    }

    /// The same failure of a named file.
    #[must_use]
    pub(crate) fn of(mut self, name: &str) -> Self {
        if !self.message.starts_with(name) {
            self.message = format!("{name}: {}", self.message);
        }
        self
    }

    /// The same failure, but the file is to blame for what the model can't use.
    #[must_use]
    pub(crate) fn of_input(self, name: &str) -> Self {
        let code = if self.code == 2 { 3 } else { self.code };
        Self { code, ..self.of(name) }
    }
}

impl From<etude::Error> for Failure {
    fn from(error: etude::Error) -> Self {
        let message = error.to_string();
        match error {
            etude::Error::Piece(error) => error.into(),
            etude::Error::Contradiction(_) => Self { code: 4, message },
            etude::Error::ModelFile { .. } => Self::input(message),
            etude::Error::Broken(_) => Self::plain(message),
            etude::Error::Usage { .. } => Self::usage(message),
            etude::Error::Interrupted => Self::interrupted(message),
        }
    }
}

impl From<etude_piece::Error> for Failure {
    /// Pieces come from files, so what is wrong with one is wrong with its file.
    fn from(error: etude_piece::Error) -> Self {
        Self::input(error.to_string())
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::usage(error.to_string())
    }
}
