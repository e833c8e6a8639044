//! The views of a score that pictures show.

use std::str::FromStr;

/// What a picture shows of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum View {
    /// Staff notation.
    #[default]
    Engraved,
    /// A piano roll, drawn as SVG only.
    Roll,
}

impl View {
    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Engraved => "engraved",
            Self::Roll => "roll",
        }
    }
}

impl FromStr for View {
    type Err = String;

    /// Reads `engraved` or `roll`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let view = [Self::Engraved, Self::Roll].into_iter().find(|view| view.name() == text);
        view.ok_or_else(|| format!("`{text}` is neither engraved nor roll"))
    }
}
