//! What can be set when training.

use super::Cell;
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::settings::{check, get};
use crate::train::options::Options as Training;

/// How a network is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    /// Layers.
    pub(super) layers: usize,
    /// Width of each, H.
    pub(super) width: usize,
    /// Share of values that is dropped between layers and before the output.
    pub(super) dropout: f64,
    /// What the layers consist of.
    pub(super) cell: Cell,
    /// How weights are rounded when the training is done: f32, f16 or i8.
    pub(super) precision: Precision,
    /// The rest.
    pub(super) training: Training,
}

/// Sizes and rates of char-rnn (Karpathy 2015), with dropout as Zaremba, Sutskever & Vinyals 2014 place it, and AdamW's
/// schedule in place of RMSprop's decay.
impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 64,
            steps: 64,
            epochs: 20.0,
            updates: 0,
            rate: 0.002,
            floor: 0.1,
            warmup: 0.02,
            decay: 0.01,
            clip: 1.0,
            average: 0.0,
            measure: 0,
            patience: 5,
        };
        Self {
            layers: 2,
            width: 256,
            dropout: 0.2,
            cell: Cell::Lstm,
            precision: Precision::default(),
            training,
        }
    }
}

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &settings())?;
        let default = Self::default();
        Ok(Self {
            layers: get(from, "layers", default.layers, "from 1 to 16", |n| (1..=16).contains(n))?,
            width: get(from, "width", default.width, "from 1 to 4096", |n| (1..=4096).contains(n))?,
            dropout: get(from, "dropout", default.dropout, "from 0 to 0.9", |x| (0.0..=0.9).contains(x))?,
            cell: match from.get("cell").map(|text| text.trim()) {
                None | Some("lstm") => Cell::Lstm,
                Some("gru") => Cell::Gru,
                Some(other) => return Err(Error::usage(format!("`cell={other}`"), "cell is lstm or gru")),
            },
            precision: Precision::of(from)?,
            training: Training::read(from, "steps", default.training)?,
        })
    }

    /// The same as text.
    pub(super) fn settings(&self) -> Settings {
        let mut settings = self.training.settings("steps");
        let values = [
            ("layers", self.layers.to_string()),
            ("width", self.width.to_string()),
            ("dropout", self.dropout.to_string()),
            ("precision", self.precision.name().to_owned()),
            ("cell", self.cell.name().to_owned()),
        ];
        settings.extend(values.map(|(name, value)| (name.to_owned(), value)));
        settings
    }
}

/// What can be set.
pub fn settings() -> Vec<Setting> {
    let default = Options::default();
    let said = |name, default: String, meaning| Setting { name, default, meaning };
    let mut settings = vec![
        said("layers", default.layers.to_string(), "recurrent layers, 1 to 16"),
        said("width", default.width.to_string(), "width of a layer, 1 to 4096"),
        said("dropout", default.dropout.to_string(), "share dropped after each layer, 0 to 0.9"),
        said("cell", "lstm".to_owned(), "lstm, or gru"),
    ];
    settings.push(Precision::setting());
    let steps = default.training.steps.to_string();
    let steps = said("steps", steps, "symbols through which a gradient flows, 2 to 4096");
    settings.extend(default.training.describe(steps));
    settings
}
