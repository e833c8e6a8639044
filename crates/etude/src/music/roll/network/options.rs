//! What can be set for the networks over frames.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::settings::get;
use crate::train::options::Options as Training;

/// How a network is built and trained.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Options {
    /// Hidden units of the head, H.
    pub(in super::super) hidden: usize,
    /// Recurrent units, U; 0 for a network without memory.
    pub(in super::super) units: usize,
    /// Whether the state is that of the hidden units: then U = H.
    pub(in super::super) tied: bool,
    /// Share of the state, and of NADE's hidden units, that is dropped.
    pub(in super::super) dropout: f64,
    /// Updates of the head without memory, whose weights are the first ones; 0 for heads that have no memory.
    pub(in super::super) before: u64,
    /// The rest.
    pub(in super::super) training: Training,
}

impl Options {
    /// Reads settings by name.
    ///
    /// # Errors
    ///
    /// Values out of range.
    pub(in super::super) fn read(from: &Settings, default: &Self) -> Result<Self> {
        let size = |n: &usize| (1..=4096).contains(n);
        let share = |x: &f64| (0.0..=0.9).contains(x);
        let hidden = get(from, "hidden", default.hidden, "from 1 to 4096", size)?;
        let units = match default {
            Self { tied: true, .. } => hidden,
            Self { units: 0, .. } => 0,
            _ => get(from, "units", default.units, "from 1 to 4096", size)?,
        };
        let before = match units {
            0 => 0,
            _ => get(from, "before", default.before, "a number of updates", |n| *n <= 1 << 40)?,
        };
        let mut training = default.training.clone();
        if from.contains_key("epochs") && !from.contains_key("updates") {
            // Who asks for epochs alone doesn't mean the number of updates that is usual.
            training.updates = 0;
        }
        Ok(Self {
            hidden,
            units,
            tied: default.tied,
            dropout: get(from, "dropout", default.dropout, "from 0 to 0.9", share)?,
            before,
            training: Training::read(from, "frames", training)?,
        })
    }

    /// The same as text.
    pub(in super::super) fn settings(&self) -> Settings {
        let mut settings = self.training.settings("frames");
        settings.insert("hidden".to_owned(), self.hidden.to_string());
        if self.units > 0 && !self.tied {
            settings.insert("units".to_owned(), self.units.to_string());
        }
        settings.insert("dropout".to_owned(), self.dropout.to_string());
        if self.units > 0 {
            settings.insert("before".to_owned(), self.before.to_string());
        }
        settings
    }

    /// What can be set, with these values as defaults.
    pub(in super::super) fn describe(&self) -> Vec<Setting> {
        let said = |name, default: String, meaning| Setting { name, default, meaning };
        let mut settings =
            vec![said("hidden", self.hidden.to_string(), "hidden units of a frame, 1 to 4096")];
        if self.units > 0 && !self.tied {
            settings.push(said("units", self.units.to_string(), "recurrent units, 1 to 4096"));
        }
        if self.units > 0 || self.dropout > 0.0 {
            let meaning = "share of the state, and of NADE's hidden units, dropped, 0 to 0.9";
            settings.push(said("dropout", self.dropout.to_string(), meaning));
        }
        if self.units > 0 {
            let meaning = "updates of the same without memory, to begin with its weights";
            settings.push(said("before", self.before.to_string(), meaning));
        }
        let frames = self.training.steps.to_string();
        let frames = said("frames", frames, "frames through which a gradient flows, 2 to 4096");
        settings.extend(self.training.describe(frames));
        settings
    }
}
