//! What can be set when training.

use super::network::{BLOCK, Network};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::settings::{check, get};
use crate::train::options::Options as Training;

/// How a network is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) network: Network,
    /// Share of hidden values that is dropped.
    pub(super) dropout: f64,
    /// Share of plain rows that is left out.
    pub(super) forgetting: f64,
    pub(super) precision: Precision,
    pub(super) training: Training,
}

/// Chosen on the validation splits of the four corpora of the benchmark.
impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 48,
            steps: 1,
            epochs: 4.0,
            updates: 0,
            rate: 0.002,
            floor: 0.02,
            warmup: 0.02,
            decay: 0.01,
            clip: 10.0,
            average: 0.0,
            measure: 0,
            patience: 0,
        };
        let network = Network { width: 128, inner: 32, absolute: true };
        Self { network, dropout: 0.2, forgetting: 0.2, precision: Precision::default(), training }
    }
}

/// The training loop's name for the length of a block; here it is one frame, and can't be set.
const STEPS: &str = "";

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &settings())?;
        let default = Self::default();
        let share = |x: &f64| (0.0..=0.9).contains(x);
        let blocks = |n: &usize| (BLOCK..=1024).contains(n) && n.is_multiple_of(BLOCK);
        let parts = |n: &usize| (16..=256).contains(n) && n.is_multiple_of(16);
        let network = Network {
            width: get(from, "width", default.network.width, "a multiple of 64 from 64 to 1024", blocks)?,
            inner: get(from, "inner", default.network.inner, "a multiple of 16 from 16 to 256", parts)?,
            absolute: get(from, "absolute", default.network.absolute, "true or false", |_| true)?,
        };
        Ok(Self {
            network,
            dropout: get(from, "dropout", default.dropout, "from 0 to 0.9", share)?,
            forgetting: get(from, "forgetting", default.forgetting, "from 0 to 0.9", share)?,
            precision: Precision::of(from)?,
            training: Training::read(from, STEPS, default.training)?,
        })
    }

    /// The same as text.
    pub(super) fn settings(&self) -> Settings {
        let mut settings = self.training.settings(STEPS);
        settings.remove(STEPS);
        let own = [
            ("width", self.network.width.to_string()),
            ("inner", self.network.inner.to_string()),
            ("absolute", self.network.absolute.to_string()),
            ("dropout", self.dropout.to_string()),
            ("forgetting", self.forgetting.to_string()),
            ("precision", self.precision.name().to_owned()),
        ];
        settings.extend(own.map(|(name, value)| (name.to_owned(), value)));
        settings
    }
}

/// What can be set when training, with defaults.
pub(in super::super) fn settings() -> Vec<Setting> {
    let default = Options::default();
    let setting = |name, default: String, meaning| Setting { name, default, meaning };
    let mut settings = vec![
        setting("width", default.network.width.to_string(), "hidden values of a cell, a multiple of 64"),
        setting("inner", default.network.inner.to_string(), "values of the second layer, a multiple of 16"),
        setting(
            "absolute",
            default.network.absolute.to_string(),
            "whether keys and pitch classes are known as such; `false` for the same surprise in every key",
        ),
        setting("dropout", default.dropout.to_string(), "share of hidden values that is dropped, 0 to 0.9"),
        setting(
            "forgetting",
            default.forgetting.to_string(),
            "share of what a cell reads that is left out in training, 0 to 0.9",
        ),
        Precision::setting(),
    ];
    let steps = setting(STEPS, String::new(), "");
    settings.extend(default.training.describe(steps).into_iter().filter(|setting| setting.name != STEPS));
    settings
}
