//! What can be set when training and when generating.

use super::super::rules::Rules;
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::settings::{check, get};
use crate::train::options::Options as Training;

/// What a cell is foretold from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// All other cells: a random field.
    Field,
    /// The past, and any cells that are given: cells in many orders.
    Orderless,
}

impl Reading {
    /// Its name in the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field => "deepbach",
            Self::Orderless => "orderless",
        }
    }
}

/// How a network is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) width: usize,
    pub(super) inner: usize,
    /// Share of values that is dropped.
    pub(super) dropout: f64,
    /// Share of the past that is hidden in training.
    pub(super) hiding: f64,
    pub(super) precision: Precision,
    pub(super) training: Training,
}

impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 8,
            steps: 128,
            epochs: 32.0,
            updates: 0,
            rate: 0.003,
            floor: 0.02,
            warmup: 0.02,
            decay: 0.05,
            clip: 5.0,
            average: 0.995,
            measure: 0,
            patience: 0,
        };
        Self { width: 192, inner: 128, dropout: 0.5, hiding: 0.15, precision: Precision::F16, training }
    }
}

/// The training loop's name for the length of a stretch.
const STEPS: &str = "steps";

impl Options {
    /// Reads settings by name.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &settings())?;
        let default = Self::default();
        let share = |x: &f64| (0.0..=0.9).contains(x);
        let wide = |n: &usize| (1..=1024).contains(n);
        let precision = match from.contains_key("precision") {
            true => Precision::of(from)?,
            false => default.precision,
        };
        Ok(Self {
            width: get(from, "width", default.width, "from 1 to 1024", wide)?,
            inner: get(from, "inner", default.inner, "from 1 to 1024", wide)?,
            dropout: get(from, "dropout", default.dropout, "from 0 to 0.9", share)?,
            hiding: get(from, "hiding", default.hiding, "from 0 to 0.9", share)?,
            precision,
            training: Training::read(from, STEPS, default.training)?,
        })
    }

    /// The same as text.
    pub(super) fn settings(&self) -> Settings {
        let mut settings = self.training.settings(STEPS);
        let own = [
            ("width", self.width.to_string()),
            ("inner", self.inner.to_string()),
            ("dropout", self.dropout.to_string()),
            ("hiding", self.hiding.to_string()),
            ("precision", self.precision.name().to_owned()),
        ];
        settings.extend(own.map(|(name, value)| (name.to_owned(), value)));
        settings
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let default = Options::default();
    let setting = |name, default: String, meaning| Setting { name, default, meaning };
    let mut settings = vec![
        setting("width", default.width.to_string(), "units of each of the two readers, 1 to 1024"),
        setting("inner", default.inner.to_string(), "hidden values of each voice's head, 1 to 1024"),
        setting(
            "dropout",
            default.dropout.to_string(),
            "share of values that is dropped in training, 0 to 0.9",
        ),
        setting(
            "hiding",
            default.hiding.to_string(),
            "share of the past that is hidden in training, so that it leans on no single note, 0 to 0.9",
        ),
        Setting { default: default.precision.name().to_owned(), ..Precision::setting() },
    ];
    let steps = default.training.steps.to_string();
    let steps = setting(STEPS, steps, "steps of a stretch that is read at once, 2 to 4096");
    settings.extend(default.training.describe(steps));
    settings
}

/// What can be set when generating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wishes {
    pub(super) chains: usize,
    pub(super) sweeps: usize,
    pub(super) temperature: f64,
    pub(super) rhythm: f64,
    pub(super) rules: Rules,
    pub(super) rests: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { chains: 2, sweeps: 0, temperature: 0.4, rhythm: 0.7, rules: Rules::default(), rests: false }
    }
}

impl Wishes {
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &wishes())?;
        let Self { chains, sweeps, temperature, rhythm, rules, rests } = Self::default();
        let warm = |x: &f64| (0.05..=20.0).contains(x);
        Ok(Self {
            chains: get(from, "chains", chains, "from 1 to 64", |n| (1..=64).contains(n))?,
            sweeps: get(from, "sweeps", sweeps, "from 0 to 100000", |n| *n <= 100_000)?,
            temperature: get(from, "temperature", temperature, "from 0.05 to 20", warm)?,
            rhythm: get(from, "rhythm", rhythm, "from 0.05 to 20", warm)?,
            rules: Rules::read(from, rules)?,
            rests: get(from, "rests", rests, "true or false", |_| true)?,
        })
    }
}

/// What can be set when generating.
pub fn wishes() -> Vec<Setting> {
    let Wishes { chains, sweeps, temperature, rhythm, rules, rests } = Wishes::default();
    let setting = |name, default, meaning| Setting { name, default, meaning };
    let [parallels, crossing] = rules.describe();
    vec![
        setting(
            "chains",
            chains.to_string(),
            "independent chains, of which the likeliest piece is kept, 1 to 64",
        ),
        setting(
            "sweeps",
            sweeps.to_string(),
            "how often everything is drawn again, block by block, 0 to 100000",
        ),
        setting(
            "temperature",
            temperature.to_string(),
            "of what a voice moves to: 1 is the model's own, lower more usual, higher more adventurous; 0.05 to 20",
        ),
        setting(
            "rhythm",
            rhythm.to_string(),
            "temperature of whether a voice moves: 1 is the model's own; 0.05 to 20",
        ),
        parallels,
        crossing,
        setting("rests", rests.to_string(), "whether open holes may become rests, true or false"),
    ]
}
