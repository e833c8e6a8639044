//! Which engine an author of music is trained with, and which settings are the engine's.

use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::engine::{self, ENGINES, Engine};
use crate::shelf::Reader;

/// The engine that is taken where none is named: it learns from one file in seconds, and reads all fields.
const USUAL: &str = "mixing";

/// What can be set: the engine, and what any engine knows; a name that several know stands once.
pub(super) fn settings() -> Vec<Setting> {
    let meaning =
        "the kind of model of sequences, see `etude models`; the transformer attends to all that was written";
    let mut settings = vec![Setting { name: "engine", default: USUAL.to_owned(), meaning }];
    for engine in &ENGINES {
        for setting in (engine.settings)() {
            if settings.iter().all(|known| known.name != setting.name) {
                settings.push(setting);
            }
        }
    }
    settings
}

/// What can be set with one engine.
pub(super) fn settings_of(engine: &Engine) -> Vec<Setting> {
    let mut settings = (engine.settings)();
    settings.push(Setting { name: "engine", default: engine.name.to_owned(), meaning: "the kind of model" });
    settings
}

/// The engine that settings name.
///
/// # Errors
///
/// A name that no engine has.
pub(super) fn chosen(settings: &Settings) -> Result<&'static Engine> {
    engine::named(settings.get("engine").map_or(USUAL, |name| name.trim()))
}

/// The engine that a model file names.
///
/// # Errors
///
/// A name that no engine has.
pub(super) fn named(settings: &Settings, reader: &Reader) -> Result<&'static Engine> {
    let name = settings.get("engine").map_or("", String::as_str);
    match engine::find(name) {
        Some(engine) => Ok(engine),
        None => reader.refuse(format!("engine `{name}`"), "an engine of this program"),
    }
}
