//! What can be set when training.

use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::precision::Precision;
use crate::settings::{check, get};
use crate::train::options::Options as Training;

/// How a transformer is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    /// Layers.
    pub(super) layers: usize,
    /// Width, D.
    pub(super) width: usize,
    /// Heads of attention; D / heads is even.
    pub(super) heads: usize,
    /// Share of values that is dropped after the input and in each residual branch.
    pub(super) dropout: f64,
    /// Whether the output takes the rows of field 0 for its columns (Press & Wolf 2017).
    pub(super) tied: bool,
    /// How weights are rounded when the training is done: f32, f16 or i8.
    pub(super) precision: Precision,
    /// The rest.
    pub(super) training: Training,
}

/// Sizes and rates of nanoGPT's smallest configuration for characters (Karpathy 2022), which is meant for a processor
/// without accelerator.
impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 12,
            steps: 64,
            epochs: 10.0,
            updates: 0,
            rate: 0.001,
            floor: 0.1,
            warmup: 0.05,
            decay: 0.1,
            clip: 1.0,
            average: 0.0,
            measure: 0,
            patience: 5,
        };
        Self {
            layers: 4,
            width: 128,
            heads: 4,
            dropout: 0.1,
            tied: true,
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
        let options = Self {
            layers: get(from, "layers", default.layers, "from 1 to 64", |n| (1..=64).contains(n))?,
            width: get(from, "width", default.width, "from 2 to 4096", |n| (2..=4096).contains(n))?,
            heads: get(from, "heads", default.heads, "from 1 to 64", |n| (1..=64).contains(n))?,
            dropout: get(from, "dropout", default.dropout, "from 0 to 0.9", |x| (0.0..=0.9).contains(x))?,
            tied: get(from, "tied", default.tied, "true or false", |_| true)?,
            precision: Precision::of(from)?,
            training: Training::read(from, "block", default.training)?,
        };
        let Self { width, heads, .. } = options;
        if !width.is_multiple_of(2 * heads) {
            let hint = format!("a multiple of {}: each head takes an even share", 2 * heads);
            return Err(Error::usage(format!("`width={width}` with `heads={heads}`"), hint));
        }
        Ok(options)
    }

    /// The same as text.
    pub(super) fn settings(&self) -> Settings {
        let mut settings = self.training.settings("block");
        let values = [
            ("layers", self.layers.to_string()),
            ("width", self.width.to_string()),
            ("heads", self.heads.to_string()),
            ("dropout", self.dropout.to_string()),
            ("precision", self.precision.name().to_owned()),
            ("tied", self.tied.to_string()),
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
        said("layers", default.layers.to_string(), "layers, 1 to 64"),
        said("width", default.width.to_string(), "width, 2 to 4096, a multiple of twice the heads"),
        said("heads", default.heads.to_string(), "heads of attention, 1 to 64"),
        said("dropout", default.dropout.to_string(), "share dropped in each branch, 0 to 0.9"),
        said("tied", default.tied.to_string(), "whether input and output share their table: true or false"),
    ];
    settings.push(Precision::setting());
    let block = said("block", default.training.steps.to_string(), "symbols that attention sees, 2 to 4096");
    settings.extend(default.training.describe(block));
    settings
}
