//! How gestures are learnt: what can be set, and what follows from it for each model.

use super::chain::Building;
use super::normal::{Normal, Origin, Size};
use super::warping::{Along, View};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::settings::{check, get};

/// What examples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Drawings: x and y of a pen, wherever and however large.
    Drawings,
    /// What sensors read: absolute numbers in time.
    Sensors,
}

/// How gestures are learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// What examples are.
    pub reads: Reads,
    /// How far from its examples a gesture may be before it is none: this many times what was learnt.
    pub tolerance: f64,
    /// What the chains' σ is before anything is known of it, as a share of the gesture's longest side.
    pub deviation: f64,
    /// How many examples that prior counts for.
    pub trust: f64,
    /// The most states of a chain.
    pub states: usize,
}

impl Default for Options {
    /// Chosen on the drawings of half of the subjects of the `$1` logs.
    fn default() -> Self {
        Self { reads: Reads::Drawings, tolerance: 1.0, deviation: 0.09, trust: 3.0, states: 40 }
    }
}

/// Frames of a gesture that is compared.
const COUNT: usize = 48;

/// How far apart in time two frames may be matched.
const BAND: usize = 7;

/// How much directions count beside places.
const DIRECTIONS: f64 = 0.4;

impl Options {
    /// How the chains are built.
    pub(super) fn building(&self) -> Building {
        Building {
            anchored: self.reads == Reads::Drawings,
            states: self.states,
            deviation: self.deviation,
            trust: self.trust,
        }
    }

    /// What warping compares.
    pub(super) fn view(&self) -> View {
        let (along, origin, size) = match self.reads {
            Reads::Drawings => (Along::Path, Origin::Centroid, Size::Longest),
            Reads::Sensors => (Along::Time, Origin::Kept, Size::Kept),
        };
        // Directions are lengths of 1; beside absolute numbers they would have no unit.
        let directions = if self.reads == Reads::Drawings { DIRECTIONS } else { 0.0 };
        View { along, count: COUNT, normal: Normal { origin, size }, directions, band: BAND }
    }
}

impl Options {
    /// As a card tells them.
    pub fn settings(&self) -> Settings {
        let reads = if self.reads == Reads::Drawings { "drawings" } else { "sensors" };
        let numbers = [
            ("tolerance", self.tolerance.to_string()),
            ("deviation", self.deviation.to_string()),
            ("trust", self.trust.to_string()),
            ("states", self.states.to_string()),
            ("reads", reads.to_owned()),
        ];
        numbers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// From a card, a recipe or the command line; what isn't told is as by default.
    ///
    /// # Errors
    ///
    /// A setting that isn't known, or a value that isn't one.
    pub fn from_settings(settings: &Settings) -> Result<Self> {
        check(settings, &self::settings())?;
        let default = Self::default();
        let reads = |name: &str| match name {
            "drawings" => Ok(Reads::Drawings),
            "sensors" => Ok(Reads::Sensors),
            other => Err(Error::usage(format!("`reads={other}`"), "reads is drawings or sensors")),
        };
        Ok(Self {
            reads: settings.get("reads").map_or(Ok(default.reads), |name| reads(name.trim()))?,
            tolerance: get(settings, "tolerance", default.tolerance, "0.001 to 1000", |x| {
                (1e-3..=1e3).contains(x)
            })?,
            deviation: get(settings, "deviation", default.deviation, "0.001 to 10", |x| {
                (1e-3..=10.0).contains(x)
            })?,
            trust: get(settings, "trust", default.trust, "0.1 to 1000000", |x| (0.1..=1e6).contains(x))?,
            states: get(settings, "states", default.states, "4 to 1000", |x| (4..=1000).contains(x))?,
        })
    }
}

/// What can be set when learning.
pub fn settings() -> Vec<Setting> {
    let mut known = Options::default().settings();
    let mut setting = |name, meaning| {
        let default = known.remove(name).expect("every option has its default");
        Setting { name, default, meaning }
    };
    vec![
        setting("reads", "drawings (wherever, however large) or sensors (absolute numbers in time)"),
        setting("tolerance", "how far from its examples a gesture may be: this many times what was learnt"),
        setting(
            "deviation",
            "how freely a gesture is drawn before more is known, in shares of its longest side",
        ),
        setting("trust", "how many examples that prior counts for"),
        setting("states", "the most states in which a gesture is followed"),
    ]
}
