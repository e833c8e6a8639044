//! Models by name or path.

use crate::failure::{Failure, Result};
use etude::catalogue::{BUILT_IN, Make, find};
use etude::shelf::{Opened, Shelved};
use etude_piece::piece::Kind;
use std::io::Read;
use std::path::Path;

/// A model that was asked for.
pub(crate) struct Chosen {
    /// Its name as typed.
    pub(crate) name: String,
    /// The model, or the author.
    pub(crate) opened: Opened,
}

impl Chosen {
    /// The model of voices on a grid that it is to be.
    pub(crate) fn grid(&self) -> Result<&Shelved> {
        Ok(self.opened.grid()?)
    }

    /// What it makes.
    pub(crate) fn art(&self) -> Kind {
        match find(&self.opened.card().model).map(|entry| entry.make) {
            Some(Make::Author { reads, .. }) => reads,
            _ => Kind::Score,
        }
    }

    /// The file's hash.
    pub(crate) fn hash(&self) -> &str {
        self.opened.hash()
    }
}

/// Whether an argument names a model: one that is built in, or a model file.
pub(crate) fn names_model(argument: &str) -> bool {
    BUILT_IN.iter().any(|model| model.name == argument) || is_file(argument)
}

/// Whether it has a model file's name, or is a file that begins as one: with the length of a header in JSON.
fn is_file(argument: &str) -> bool {
    let path = Path::new(argument);
    if path.extension().is_some_and(|extension| extension == "safetensors") {
        return true;
    }
    let mut start = [0; 9];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start[4..8] == [0; 4] && start[8] == b'{'
}

/// Opens a model by its name or path; the first that is built in where there is none.
pub(crate) fn open(asked: Option<&str>) -> Result<Chosen> {
    let default = || BUILT_IN.first().map(|model| model.name);
    let name = asked.or_else(default).ok_or_else(|| {
        Failure::usage("no model is built in; hint: name a model file, such as `etude train` makes")
    })?;
    let opened = match BUILT_IN.iter().find(|model| model.name == name) {
        Some(model) => Opened::from_bytes(model.bytes, name)?,
        None if is_file(name) || Path::new(name).is_file() => {
            let bytes = std::fs::read(name).map_err(|error| Failure::input(format!("{name}: {error}")))?;
            Opened::from_bytes(&bytes, name)?
        }
        None => {
            let names: Vec<&str> = BUILT_IN.iter().map(|model| model.name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let hint = format!("built in: {names}; or give the path of a model file (.safetensors)");
            return Err(Failure::usage(format!("no model `{name}`; hint: {hint}")));
        }
    };
    Ok(Chosen { name: name.to_owned(), opened })
}
