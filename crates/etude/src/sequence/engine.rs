//! The kinds of models of sequences, one line each; any art of sequences can be trained with any of them.

use super::{SequenceModel, Sequences, lstm, mixing, ngram, transformer};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::shelf::Reader;
use crate::train::journal::Journal;
use std::sync::Arc;

/// Fits a model to sequences.
pub type Train = fn(&Sequences, &Settings, u64, &mut dyn Journal) -> Result<Arc<dyn SequenceModel>>;

/// Reads a model from a file: its arrays, and the settings that [`SequenceModel::settings`] told.
pub type Load = fn(&Settings, &Reader) -> Result<Arc<dyn SequenceModel>>;

/// A kind of model of sequences.
pub struct Engine {
    /// Its name, such as `lstm`.
    pub name: &'static str,
    /// What can be set when training.
    pub settings: fn() -> Vec<Setting>,
    /// Fits one.
    pub train: Train,
    /// Reads one.
    pub load: Load,
}

impl Engine {
    /// Of all settings those that it knows.
    pub fn own(&self, settings: &Settings) -> Settings {
        let known = (self.settings)();
        let knows = |name: &str| known.iter().any(|setting| setting.name == name);
        let own = settings.iter().filter(|(name, _)| knows(name));
        own.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// All kinds.
pub const ENGINES: [Engine; 4] = [
    Engine { name: "ngram", settings: ngram::settings, train: ngram::train, load: ngram::load },
    Engine { name: "mixing", settings: mixing::settings, train: mixing::train, load: mixing::load },
    Engine { name: "lstm", settings: lstm::settings, train: lstm::train, load: lstm::load },
    Engine {
        name: "transformer",
        settings: transformer::settings,
        train: transformer::train,
        load: transformer::load,
    },
];

/// The kind of a name.
pub fn find(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// The kind of a name that somebody typed.
///
/// # Errors
///
/// A name that no kind has, with those that there are.
pub fn named(name: &str) -> Result<&'static Engine> {
    find(name).ok_or_else(|| {
        let names: Vec<&str> = ENGINES.iter().map(|engine| engine.name).collect();
        Error::usage(format!("no engine `{name}`"), format!("one of {}", names.join(", ")))
    })
}
