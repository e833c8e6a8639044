//! What can be set when training and when generating.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::music::rules::Rules;
use crate::settings::{check, get, list, show};

/// How a family is fitted. The defaults were chosen on the validation split of the JSB chorales.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Steps in a quarter note; comes with the corpus.
    pub steps_per_quarter: usize,
    /// Distances of the couplings in a voice, in steps.
    pub horizontal: Vec<usize>,
    /// Distances of the couplings between voices, in steps.
    pub diagonal: Vec<usize>,
    /// Semitones up and down that the corpus is transposed by, as far as the voices reach.
    pub transpose: i32,
    /// Steps a chord must fill in the corpus to have a weight of its own.
    pub least: usize,
    /// The weight λ of the L1 norm, in nats per cell.
    pub l1: f64,
    /// The most iterations of the pseudo-likelihood fit.
    pub iterations: usize,
    /// Updates from persistent chains after it; 0 for none.
    pub updates: usize,
    /// Chains that each of these moves.
    pub batch: usize,
    /// The first step size of these.
    pub rate: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            steps_per_quarter: 4,
            horizontal: vec![1, 2, 3, 4, 8, 16],
            diagonal: vec![1, 4],
            transpose: 12,
            least: 8,
            l1: 1e-6,
            iterations: 4,
            updates: 1000,
            batch: 48,
            rate: 0.012,
        }
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
        let default = Self::default();
        let count = |name: &str, default: usize, least: usize| {
            get(from, name, default, "a whole number up to 1000000", |&n: &usize| {
                (least..=1_000_000).contains(&n)
            })
        };
        Ok(Self {
            steps_per_quarter,
            horizontal: list(from, "horizontal", &default.horizontal, 64)?,
            diagonal: list(from, "diagonal", &default.diagonal, 64)?,
            transpose: get(from, "transpose", default.transpose, "from 0 to 24", |n| (0..=24).contains(n))?,
            least: count("least", default.least, 1)?,
            l1: get(from, "l1", default.l1, "from 0 to 1", |x| (0.0..=1.0).contains(x))?,
            iterations: count("iterations", default.iterations, 0)?,
            updates: count("updates", default.updates, 0)?,
            batch: count("batch", default.batch, 1)?,
            rate: get(from, "rate", default.rate, "above 0, up to 1", |x| *x > 0.0 && *x <= 1.0)?,
        })
    }

    /// The same as text.
    pub fn settings(&self) -> Settings {
        let values = [
            ("horizontal", show(&self.horizontal)),
            ("diagonal", show(&self.diagonal)),
            ("transpose", self.transpose.to_string()),
            ("least", self.least.to_string()),
            ("l1", self.l1.to_string()),
            ("iterations", self.iterations.to_string()),
            ("updates", self.updates.to_string()),
            ("batch", self.batch.to_string()),
            ("rate", self.rate.to_string()),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let meanings = [
        ("horizontal", "distances of the couplings in a voice, in steps: 1,2,4 or - for none"),
        ("diagonal", "distances of the couplings between voices, in steps"),
        ("transpose", "semitones up and down that the corpus is transposed by, 0 to 24"),
        ("least", "steps that a chord must fill to have a weight of its own, at least 1"),
        ("l1", "weight of the L1 norm, in nats per cell, 0 to 1"),
        ("iterations", "most iterations of the pseudo-likelihood fit"),
        ("updates", "updates from persistent chains after it"),
        ("batch", "chains that each update moves, at least 1"),
        ("rate", "first step size of the updates, above 0 to 1"),
    ];
    described(&meanings, &Options::default().settings())
}

/// What can be set when generating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wishes {
    /// Divides the log-odds: 1 is the model's own, lower is more usual, higher more adventurous.
    pub temperature: f64,
    /// Sweeps of each chain.
    pub sweeps: usize,
    /// Independent chains.
    pub chains: usize,
    /// The soft rules.
    pub rules: Rules,
    /// Whether open holes may become rests.
    pub rests: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { temperature: 1.0, sweeps: 240, chains: 2, rules: Rules::default(), rests: false }
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
        let default = Self::default();
        Ok(Self {
            temperature: get(from, "temperature", default.temperature, "from 0.05 to 20", |x| {
                (0.05..=20.0).contains(x)
            })?,
            sweeps: get(from, "sweeps", default.sweeps, "from 1 to 100000", |n| (1..=100_000).contains(n))?,
            chains: get(from, "chains", default.chains, "from 1 to 64", |n| (1..=64).contains(n))?,
            rules: Rules::read(from, default.rules)?,
            rests: get(from, "rests", default.rests, "true or false", |_| true)?,
        })
    }
}

/// What can be set when generating.
pub fn wishes() -> Vec<Setting> {
    let Wishes { temperature, sweeps, chains, rules, rests } = Wishes::default();
    let setting = |name, default, meaning| Setting { name, default, meaning };
    let [parallels, crossing] = rules.describe();
    vec![
        setting(
            "temperature",
            temperature.to_string(),
            "1 is the model's own; lower is more usual, higher more adventurous; 0.05 to 20",
        ),
        setting("sweeps", sweeps.to_string(), "sweeps of each chain; more mix better, 1 to 100000"),
        setting("chains", chains.to_string(), "independent chains, the first of which is the piece; 1 to 64"),
        parallels,
        crossing,
        setting("rests", rests.to_string(), "whether open holes may become rests, true or false"),
    ]
}

/// Names and meanings joined with their defaults.
fn described(meanings: &[(&'static str, &'static str)], defaults: &Settings) -> Vec<Setting> {
    let setting = |&(name, meaning): &(&'static str, &'static str)| Setting {
        name,
        default: defaults.get(name).cloned().unwrap_or_default(),
        meaning,
    };
    meanings.iter().map(setting).collect()
}
