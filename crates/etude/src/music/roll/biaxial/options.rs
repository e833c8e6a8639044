//! What can be set when training.

use super::network::Network;
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
    /// Share of the values of each layer that is dropped.
    pub(super) dropout: f64,
    /// Share of the features that is left out.
    pub(super) forgetting: f64,
    pub(super) precision: Precision,
    pub(super) training: Training,
}

/// Chosen on the validation chorales; the paper has layers of 300, 300, 100 and 50 units, and dropout of 0.5.
impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 2,
            steps: 32,
            epochs: 30.0,
            updates: 0,
            rate: 0.004,
            floor: 0.02,
            warmup: 0.02,
            decay: 0.05,
            clip: 5.0,
            average: 0.0,
            measure: 0,
            patience: 0,
        };
        let network = Network { width: 64, layers: 2, note_width: 64, window: 12, margin: 12, clock: 4 };
        Self { network, dropout: 0.3, forgetting: 0.1, precision: Precision::default(), training }
    }
}

/// The training loop's name for the length of a chunk.
const STEPS: &str = "frames";

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &settings())?;
        let default = Self::default();
        let lines = |n: &usize| (16..=512).contains(n) && n.is_multiple_of(16);
        let width = "a multiple of 16 from 16 to 512";
        let network = Network {
            width: get(from, "width", default.network.width, width, lines)?,
            layers: get(from, "layers", default.network.layers, "from 1 to 4", |n| (1..=4).contains(n))?,
            note_width: get(from, "note_width", default.network.note_width, width, lines)?,
            window: get(from, "window", default.network.window, "from 1 to 36", |n| (1..=36).contains(n))?,
            margin: get(from, "margin", default.network.margin, "from 1 to 88", |n| (1..=88).contains(n))?,
            clock: get(from, "clock", default.network.clock, "from 0 to 8", |n| *n <= 8)?,
        };
        let share = |x: &f64| (0.0..=0.9).contains(x);
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
        let Network { width, layers, note_width, window, margin, clock } = self.network;
        let sizes = [
            ("width", width),
            ("layers", layers),
            ("note_width", note_width),
            ("window", window),
            ("margin", margin),
            ("clock", clock),
        ];
        settings.extend(sizes.map(|(name, value)| (name.to_owned(), value.to_string())));
        settings.insert("dropout".to_owned(), self.dropout.to_string());
        settings.insert("forgetting".to_owned(), self.forgetting.to_string());
        settings.insert("precision".to_owned(), self.precision.name().to_owned());
        settings
    }
}

/// What can be set when training, with defaults.
pub(in super::super) fn settings() -> Vec<Setting> {
    let Options { network, dropout, forgetting, training, .. } = Options::default();
    let setting = |name, default: String, meaning| Setting { name, default, meaning };
    let size = |name, default: usize, meaning| setting(name, default.to_string(), meaning);
    let mut settings = vec![
        size("width", network.width, "units of each layer over time, a multiple of 16"),
        size("layers", network.layers, "layers over time, 1 to 4"),
        size("note_width", network.note_width, "units of the layer over keys, a multiple of 16"),
        size("window", network.window, "semitones up and down that a key sees, 1 to 36"),
        size("margin", network.margin, "semitones around what sounded that the network reads, 1 to 88"),
        size("clock", network.clock, "binary digits of the frame's number that are read, 0 to 8"),
        setting("dropout", dropout.to_string(), "share of each layer's values that is dropped, 0 to 0.9"),
        setting(
            "forgetting",
            forgetting.to_string(),
            "share of what a key reads that is left out in training, 0 to 0.9",
        ),
        Precision::setting(),
    ];
    let frames = training.steps.to_string();
    let frames = setting(STEPS, frames, "frames through which a gradient flows, 2 to 4096");
    settings.extend(training.describe(frames));
    settings
}
