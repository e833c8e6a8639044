//! What can be wrong with a constraint: it doesn't read, or it can't be met.

use std::fmt;

/// A constraint that doesn't read: a mistake of usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The constraint as typed, with its option: `--keep 'S@3=H4'`.
    pub constraint: String,
    /// Where the mistake stands in the typed text, in characters, from 1.
    pub column: usize,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// How to mend it, if that is clear.
    pub hint: Option<String>,
}

impl std::error::Error for ParseError {}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { constraint, column, found, expected, hint } = self;
        write!(f, "{constraint}, column {column}: found {found}, expected {expected}")?;
        match hint {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Constraints that can't be met: by each other, by the draft, or by the model and the piece's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Where, as a person counts: `bar 3, beat 1`. `None` where it concerns the piece as a whole.
    pub place: Option<String>,
    /// Whose: `soprano`. `None` where it concerns no single voice.
    pub voice: Option<String>,
    /// The culprits: a smallest set, of which none can be left out. Entries are typed constraints
    /// (`--keep 'S@3=C4'`), `the draft`, or `the model's range C4..A5 of the soprano`.
    pub constraints: Vec<String>,
    /// What they do: `leave nothing`.
    pub problem: String,
}

impl Contradiction {
    /// A draft that leaves a model's voice nothing to sing at a place.
    pub(crate) fn nothing_left(place: String, voice: Option<String>) -> Self {
        Self {
            place: Some(place),
            voice,
            constraints: vec!["the draft".to_owned(), "the model's range".to_owned()],
            problem: "leave nothing".to_owned(),
        }
    }

    /// One thing that the piece's shape doesn't allow.
    pub(super) fn unfit(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: None, voice: None, constraints: vec![name.into()], problem: problem.into() }
    }
}

impl std::error::Error for Contradiction {}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scene: Vec<&str> = [&self.place, &self.voice].into_iter().flatten().map(String::as_str).collect();
        if !scene.is_empty() {
            write!(f, "{}: ", scene.join(", "))?;
        }
        match self.constraints.as_slice() {
            [] => {}
            [one] => write!(f, "{one} ")?,
            [others @ .., last] => write!(f, "{} and {last} ", others.join(", "))?,
        }
        f.write_str(&self.problem)
    }
}
