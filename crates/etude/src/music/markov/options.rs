//! What can be set when training and when generating.

use super::back_off::BackOff;
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::{check, get};

/// How the model is trained. The defaults were chosen on the validation split of the JSB chorales.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Steps in a quarter note; comes with the corpus.
    pub steps_per_quarter: usize,
    /// The constants of the back-off.
    pub back_off: BackOff,
    /// Pull of the weights towards equal shares, in decisions.
    pub ridge: f64,
    /// Most Newton steps.
    pub rounds: usize,
}

impl Default for Options {
    fn default() -> Self {
        let back_off = BackOff { discount: 0.5, strength: 0.5, least: 2 };
        Self { steps_per_quarter: 4, back_off, ridge: 20.0, rounds: 8 }
    }
}

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub fn read(from: &Settings, steps_per_quarter: usize) -> Result<Self> {
        check(from, &settings())?;
        let Self { back_off: BackOff { discount, strength, least }, ridge, rounds, .. } = Self::default();
        let back_off = BackOff {
            discount: get(from, "discount", discount, "from 0.01 to 0.99", |x| (0.01..=0.99).contains(x))?,
            strength: get(from, "strength", strength, "from 0 to 1000", |x| (0.0..=1000.0).contains(x))?,
            least: get(from, "least", least, "from 1 to 1000", |n| (1..=1000).contains(n))?,
        };
        let ridge = get(from, "ridge", ridge, "above 0, up to 1000000", |x| *x > 0.0 && *x <= 1e6)?;
        let rounds = get(from, "rounds", rounds, "from 0 to 1000", |n| *n <= 1000)?;
        Ok(Self { steps_per_quarter, back_off, ridge, rounds })
    }

    /// The same as text.
    pub fn settings(&self) -> Settings {
        let values = [
            ("discount", self.back_off.discount.to_string()),
            ("strength", self.back_off.strength.to_string()),
            ("least", self.back_off.least.to_string()),
            ("ridge", self.ridge.to_string()),
            ("rounds", self.rounds.to_string()),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let default = Options::default().settings();
    let meanings = [
        ("discount", "taken off every count, 0.01 to 0.99"),
        ("strength", "weight of the poorer context in observations, 0 to 1000"),
        ("least", "times that a context must be seen to be kept, 1 to 1000"),
        ("ridge", "pull of the viewpoints' weights towards equal shares in decisions, above 0"),
        ("rounds", "most Newton steps of the weights' fit"),
    ];
    let setting =
        |(name, meaning)| Setting { name, default: default.get(name).cloned().unwrap_or_default(), meaning };
    meanings.into_iter().map(setting).collect()
}

/// What can be set when generating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wishes {
    /// Pieces written side by side towards what is asked; one alone where nothing is.
    pub particles: usize,
    /// Divides the log-odds: 1 is the model's own, lower is more usual, higher more adventurous.
    pub temperature: f64,
    /// Whether open holes may become rests.
    pub rests: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { particles: 64, temperature: 1.0, rests: false }
    }
}

impl Wishes {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub fn read(from: &Settings) -> Result<Self> {
        check(from, &wishes())?;
        let Self { particles, temperature, rests } = Self::default();
        Ok(Self {
            particles: get(from, "particles", particles, "from 1 to 100000", |n| (1..=100_000).contains(n))?,
            temperature: get(from, "temperature", temperature, "from 0.05 to 20", |x| {
                (0.05..=20.0).contains(x)
            })?,
            rests: get(from, "rests", rests, "true or false", |_| true)?,
        })
    }
}

/// What can be set when generating.
pub fn wishes() -> Vec<Setting> {
    let Wishes { particles, temperature, rests } = Wishes::default();
    let setting = |name, default, meaning| Setting { name, default, meaning };
    vec![
        setting(
            "particles",
            particles.to_string(),
            "pieces written side by side towards what is asked (one where nothing is), 1 to 100000",
        ),
        setting(
            "temperature",
            temperature.to_string(),
            "1 is the model's own; lower is more usual, higher more adventurous; 0.05 to 20",
        ),
        setting("rests", rests.to_string(), "whether open holes may become rests, true or false"),
    ]
}
