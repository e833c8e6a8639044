//! What can be set for the training of every network.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::get;

/// How a network is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Streams or blocks in a chunk, B.
    pub batch: usize,
    /// Steps in a chunk, T: through so many steps a gradient flows.
    pub steps: usize,
    /// How often everything is seen, where `updates` is 0.
    pub epochs: f64,
    /// All updates; 0: as many as `epochs` asks for.
    pub updates: u64,
    /// The highest learning rate.
    pub rate: f64,
    /// The share of the rate that is left at the end.
    pub floor: f64,
    /// Updates in which the rate rises from 0, as a share of all.
    pub warmup: f64,
    /// Decoupled weight decay, for each unit of the rate.
    pub decay: f64,
    /// The greatest norm of a gradient; longer ones are shortened.
    pub clip: f64,
    /// The share of their average that the parameters' average keeps at each update; 0: no average.
    pub average: f64,
    /// Updates between two measurements on the held-out sequences; 0: once an epoch.
    pub measure: u64,
    /// Measurements without a better one after which the training ends; 0: never.
    pub patience: u64,
}

impl Options {
    /// Reads settings by name; `steps` is what this network calls [`Options::steps`].
    ///
    /// # Errors
    ///
    /// Values out of range.
    pub fn read(from: &Settings, steps: &str, default: Self) -> Result<Self> {
        let share = |x: &f64| (0.0..=1.0).contains(x);
        Ok(Self {
            batch: get(from, "batch", default.batch, "from 1 to 4096", |n| (1..=4096).contains(n))?,
            steps: get(from, steps, default.steps, "from 2 to 4096", |n| (2..=4096).contains(n))?,
            epochs: get(from, "epochs", default.epochs, "above 0, up to 100000", |x| *x > 0.0 && *x <= 1e5)?,
            updates: get(from, "updates", default.updates, "a number of updates", |n| *n <= 1 << 40)?,
            rate: get(from, "rate", default.rate, "above 0, up to 1", |x| *x > 0.0 && *x <= 1.0)?,
            floor: get(from, "floor", default.floor, "from 0 to 1", share)?,
            warmup: get(from, "warmup", default.warmup, "from 0 to 1", share)?,
            decay: get(from, "decay", default.decay, "from 0 to 10", |x| (0.0..=10.0).contains(x))?,
            clip: get(from, "clip", default.clip, "above 0, up to 1000000", |x| *x > 0.0 && *x <= 1e6)?,
            average: get(from, "average", default.average, "from 0, below 1", |x| (0.0..1.0).contains(x))?,
            measure: get(from, "measure", default.measure, "a number of updates", |n| *n <= 1 << 40)?,
            patience: get(from, "patience", default.patience, "a number of measurements", |n| *n <= 1 << 40)?,
        })
    }

    /// The same as text.
    pub fn settings(&self, steps: &str) -> Settings {
        let values = [
            ("batch", self.batch.to_string()),
            (steps, self.steps.to_string()),
            ("epochs", self.epochs.to_string()),
            ("updates", self.updates.to_string()),
            ("rate", self.rate.to_string()),
            ("floor", self.floor.to_string()),
            ("warmup", self.warmup.to_string()),
            ("decay", self.decay.to_string()),
            ("clip", self.clip.to_string()),
            ("average", self.average.to_string()),
            ("measure", self.measure.to_string()),
            ("patience", self.patience.to_string()),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What can be set, with these values as defaults; `steps` is the setting of [`Options::steps`].
    pub fn describe(&self, steps: Setting) -> Vec<Setting> {
        let said = |name, default: String, meaning| Setting { name, default, meaning };
        vec![
            said("batch", self.batch.to_string(), "sequences or blocks read side by side, 1 to 4096"),
            steps,
            said("epochs", self.epochs.to_string(), "how often everything is seen; parts of one are allowed"),
            said("updates", self.updates.to_string(), "all updates; 0: as many as `epochs` asks for"),
            said("rate", self.rate.to_string(), "highest learning rate of AdamW (Loshchilov & Hutter 2019)"),
            said(
                "floor",
                self.floor.to_string(),
                "share of the rate that is left at the end, 0 to 1 (cosine)",
            ),
            said("warmup", self.warmup.to_string(), "share of all updates in which the rate rises, 0 to 1"),
            said("decay", self.decay.to_string(), "decoupled weight decay of matrices, 0 to 10"),
            said("clip", self.clip.to_string(), "greatest norm of a gradient (Pascanu & al. 2013)"),
            said(
                "average",
                self.average.to_string(),
                "share that the average of the weights keeps at each update, which is then what is measured; 0: none",
            ),
            said("measure", self.measure.to_string(), "updates between measurements; 0: once an epoch"),
            said(
                "patience",
                self.patience.to_string(),
                "measurements without a better one until it ends; 0: never",
            ),
        ]
    }

    /// The learning rate of update `update` of `all`: a line up from 0, then half a cosine down to the floor.
    pub fn rate_at(&self, update: u64, all: u64) -> f64 {
        let (update, all) = (update as f64, all as f64);
        let rising = (self.warmup * all).max(1.0);
        if update < rising {
            return self.rate * (update + 1.0) / rising.max(update + 1.0);
        }
        let share = (update - rising) / (all - rising).max(1.0);
        let cosine = 0.5 * (1.0 + libm::cos(std::f64::consts::PI * share));
        self.rate * (self.floor + (1.0 - self.floor) * cosine)
    }
}
