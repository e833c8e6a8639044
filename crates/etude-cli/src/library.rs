//! Models by name or path.

use crate::failure::{Failure, Result};
use etude::catalogue::BUILT_IN;
use etude::shelf::Shelved;
use std::path::Path;

/// A model that was asked for.
pub(crate) struct Chosen {
    /// Its name as typed.
    pub(crate) name: String,
    /// The model.
    pub(crate) shelved: Shelved,
}

/// Whether an argument names a model: one that is built in, or a model file.
pub(crate) fn names_model(argument: &str) -> bool {
    BUILT_IN.iter().any(|model| model.name == argument) || is_file(argument)
}

fn is_file(argument: &str) -> bool {
    Path::new(argument).extension().is_some_and(|extension| extension == "safetensors")
}

/// Opens a model by its name or path; the first that is built in where there is none.
pub(crate) fn open(asked: Option<&str>) -> Result<Chosen> {
    let default = || BUILT_IN.first().map(|model| model.name);
    let name = asked.or_else(default).ok_or_else(|| {
        Failure::usage("no model is built in; hint: name a model file, such as `etude train` makes")
    })?;
    let shelved = match BUILT_IN.iter().find(|model| model.name == name) {
        Some(model) => Shelved::from_bytes(model.bytes, name)?,
        None if is_file(name) || Path::new(name).is_file() => {
            let bytes = std::fs::read(name).map_err(|error| Failure::input(format!("{name}: {error}")))?;
            Shelved::from_bytes(&bytes, name)?
        }
        None => {
            let names: Vec<&str> = BUILT_IN.iter().map(|model| model.name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let hint = format!("built in: {names}; or give the path of a model file (.safetensors)");
            return Err(Failure::usage(format!("no model `{name}`; hint: {hint}")));
        }
    };
    Ok(Chosen { name: name.to_owned(), shelved })
}
