//! What can be set when training.

use super::batch::Variation;
use super::layout::Layout;
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::nn::MOST_COMPONENTS;
use crate::sequence::precision::Precision;
use crate::settings::{check, get};
use crate::train::options::Options as Training;

/// How a network is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) layout: Layout,
    pub(super) variation: Variation,
    /// Share of news and of hidden values that is dropped.
    pub(super) dropout: f64,
    /// What a nat of a code costs at last.
    pub(super) cost: f64,
    /// Nats that are free, for each number of a code.
    pub(super) free: f64,
    pub(super) precision: Precision,
    pub(super) training: Training,
}

/// Mixtures, variation, dropout, cost and what is free as in Ha & Eck 2017; sizes for two cores.
impl Default for Options {
    fn default() -> Self {
        let training = Training {
            batch: 100,
            steps: 256,
            epochs: 30.0,
            updates: 0,
            rate: 0.006,
            floor: 0.02,
            warmup: 0.02,
            decay: 0.01,
            clip: 1.0,
            average: 0.0,
            measure: 0,
            patience: 0,
        };
        Self {
            layout: Layout { width: 224, mixtures: 20, inner: 160, turn: 32, code: 0, encoder: 128 },
            variation: Variation { stretch: 0.15, skip: 0.1 },
            dropout: 0.1,
            cost: 0.5,
            free: 0.2,
            precision: Precision::F16,
            training,
        }
    }
}

/// The training loop's name for the length of a window.
const STEPS: &str = "steps";

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        check(from, &settings())?;
        let Self { layout, variation, dropout, cost, free, precision, training } = Self::default();
        let wide = |n: &usize| (1..=2048).contains(n);
        let size = |name, default| get(from, name, default, "from 1 to 2048", wide);
        let share = |name, default| get(from, name, default, "from 0 to 0.9", |x| (0.0..=0.9).contains(x));
        let most = |n: &usize| (1..=MOST_COMPONENTS).contains(n);
        let weight =
            |name, default| get(from, name, default, "from 0 to 1000", |x| (0.0..=1000.0).contains(x));
        Ok(Self {
            layout: Layout {
                width: size("width", layout.width)?,
                mixtures: get(from, "mixtures", layout.mixtures, "from 1 to 64", most)?,
                inner: size("inner", layout.inner)?,
                turn: size("turn", layout.turn)?,
                code: get(from, "code", layout.code, "from 0 to 1024", |n| *n <= 1024)?,
                encoder: size("encoder", layout.encoder)?,
            },
            variation: Variation {
                stretch: share("stretch", variation.stretch)?,
                skip: share("skip", variation.skip)?,
            },
            dropout: share("dropout", dropout)?,
            cost: weight("cost", cost)?,
            free: weight("free", free)?,
            precision: if from.contains_key("precision") { Precision::of(from)? } else { precision },
            training: Training::read(from, STEPS, training)?,
        })
    }

    /// The same as text.
    pub(super) fn settings(&self) -> Settings {
        let Layout { width, mixtures, inner, turn, code, encoder } = self.layout;
        let mut settings = self.training.settings(STEPS);
        let own = [
            ("width", width.to_string()),
            ("mixtures", mixtures.to_string()),
            ("inner", inner.to_string()),
            ("turn", turn.to_string()),
            ("code", code.to_string()),
            ("encoder", encoder.to_string()),
            ("stretch", self.variation.stretch.to_string()),
            ("skip", self.variation.skip.to_string()),
            ("dropout", self.dropout.to_string()),
            ("cost", self.cost.to_string()),
            ("free", self.free.to_string()),
            ("precision", self.precision.name().to_owned()),
        ];
        settings.extend(own.map(|(name, value)| (name.to_owned(), value)));
        settings
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let default = Options::default();
    let values = default.settings();
    let meanings = [
        ("width", "units of the decoder, 1 to 2048"),
        ("mixtures", "Gaussians that foretell a point, 1 to 64"),
        ("inner", "hidden values before the Gaussians, 1 to 2048"),
        ("turn", "hidden values before the pen, 1 to 2048"),
        ("code", "numbers of a drawing's code, 0 to 1024; 0: drawings have none, and likelihoods are exact"),
        ("encoder", "units of each direction of the encoder, 1 to 2048"),
        ("stretch", "drawings are made wider and higher by up to this share while they are learnt, 0 to 0.9"),
        ("skip", "share of points that is left out while they are learnt, 0 to 0.9"),
        ("dropout", "share of news and of hidden values that is dropped in training, 0 to 0.9"),
        ("cost", "what a nat of a code costs at last, 0 to 1000; 1: the bound itself is learnt"),
        ("free", "nats that are free for each number of a code, 0 to 1000"),
    ];
    let setting = |(name, meaning): (&'static str, &'static str)| Setting {
        name,
        default: values[name].clone(),
        meaning,
    };
    let mut settings: Vec<Setting> = meanings.into_iter().map(setting).collect();
    settings.push(Setting { default: default.precision.name().to_owned(), ..Precision::setting() });
    let steps = Setting {
        name: STEPS,
        default: default.training.steps.to_string(),
        meaning: "points through which a gradient flows, 2 to 4096; a drawing with a code is read whole",
    };
    settings.extend(default.training.describe(steps));
    settings
}
