//! What can be set when training a mixing model.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::{check, get};

/// What can be set, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    /// Whether streams learn from what they read.
    pub(super) learns: bool,
    /// How often the training text is read.
    pub(super) passes: usize,
    /// The mixers' learning rate, η.
    pub(super) rate: f32,
    /// The characters that the symbols stand for; empty where they aren't characters.
    pub(super) spelling: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { learns: true, passes: 1, rate: 0.002, spelling: String::new() }
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let default = Options::default().settings();
    let meanings = [
        ("learns", "whether it goes on learning from what it reads and writes, `true` or `false`"),
        ("passes", "times that the training text is read, 1 to 10"),
        ("rate", "learning rate of the mixers, 0.0001 to 0.1"),
        (
            "spelling",
            "where symbols are the characters of a text: those characters, one behind the other; words and lines are then \
             contexts",
        ),
    ];
    let setting =
        |(name, meaning): (&'static str, _)| Setting { name, default: default[name].clone(), meaning };
    meanings.map(setting).into()
}

impl Options {
    /// Reads settings.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub(super) fn read(settings: &Settings) -> Result<Self> {
        check(settings, &self::settings())?;
        let default = Self::default();
        Ok(Self {
            learns: get(settings, "learns", default.learns, "`true` or `false`", |_| true)?,
            passes: get(settings, "passes", default.passes, "a number from 1 to 10", |n| {
                (1..=10).contains(n)
            })?,
            rate: get(settings, "rate", default.rate, "a number from 0.0001 to 0.1", |x| {
                (1e-4..=0.1).contains(x)
            })?,
            // Blanks count here.
            spelling: settings.get("spelling").cloned().unwrap_or_default(),
        })
    }

    /// The same by name.
    pub(super) fn settings(&self) -> Settings {
        [
            ("learns", self.learns.to_string()),
            ("passes", self.passes.to_string()),
            ("rate", self.rate.to_string()),
            ("spelling", self.spelling.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
