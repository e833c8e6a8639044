//! What can be set when training an n-gram model.

use super::trie::MOST;
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::{check, get};

/// What can be set, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Options {
    /// Symbols of the longest n-grams, n.
    pub(super) order: usize,
    /// Whether discounts are fitted to held-out sequences, or computed from counts of counts.
    pub(super) fitted: bool,
    /// How often a context was seen that is kept.
    pub(super) least: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { order: 8, fitted: true, least: 1 }
    }
}

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let default = Options::default().settings();
    let meanings = [
        ("order", "symbols of the longest runs that are counted, 1 to 32; contexts are one shorter"),
        (
            "discounts",
            "`fitted` to held-out sequences (the last tenth, where none are set aside), or `counted` as in the paper",
        ),
        (
            "least",
            "contexts seen less often are forgotten: 2 makes the file far smaller, and the model a little worse",
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
        let discounts = get(settings, "discounts", "fitted".to_owned(), "`fitted` or `counted`", |word| {
            word == "fitted" || word == "counted"
        })?;
        Ok(Self {
            order: get(settings, "order", default.order, "a number from 1 to 32", |n| {
                (1..=MOST + 1).contains(n)
            })?,
            fitted: discounts == "fitted",
            least: get(settings, "least", default.least, "a number of at least 1", |&n| n >= 1)?,
        })
    }

    /// The same by name.
    pub(super) fn settings(&self) -> Settings {
        let discounts = if self.fitted { "fitted" } else { "counted" };
        [
            ("order", self.order.to_string()),
            ("discounts", discounts.to_owned()),
            ("least", self.least.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
