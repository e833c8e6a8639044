//! Where converted scores go: one file, a folder, or stdout.

use crate::failure::{Failure, Result};
use crate::save;
use crate::terminal::put;
use etude_piece::score::format::{Format, View, write_view};
use etude_piece::score::{Score, Written, abc};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A place for converted scores, and their format.
#[derive(Debug)]
pub(crate) struct Target {
    place: Place,
    format: Format,
    view: View,
}

#[derive(Debug)]
enum Place {
    /// One file, written when all is done: its path, what it is to hold so far, and how many scores that is.
    File(PathBuf, Vec<u8>, usize),
    /// A file for each score: the folder, and the names that are given away.
    Folder(PathBuf, BTreeSet<PathBuf>),
    /// All scores one after the other.
    Stdout(usize),
}

impl Target {
    /// What `to` means: stdout for `-`, a folder if it is one or ends like one or a folder's scores go there, else a
    /// file. `format` overrides the extension.
    ///
    /// # Errors
    ///
    /// A format that is named nowhere; a folder that can't be made; a file where there is no folder for it.
    pub(crate) fn new(to: &Path, format: Option<Format>, view: View, from_folder: bool) -> Result<Self> {
        let unknown = |hint: &str| Failure::usage(format!("{}: to what format? hint: {hint}", to.display()));
        if to == Path::new("-") {
            let format = format.ok_or_else(|| unknown("such as --to mid"))?;
            return Ok(Self { place: Place::Stdout(0), format, view });
        }
        let told = Format::from_path(to);
        let is_folder =
            to.is_dir() || to.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        if is_folder || (from_folder && told.is_none()) {
            let format = format.ok_or_else(|| unknown("such as --to mid"))?;
            let refused = |error| Failure::plain(format!("{}: {error}", to.display()));
            std::fs::create_dir_all(to).map_err(refused)?;
            return Ok(Self { place: Place::Folder(to.to_owned(), BTreeSet::new()), format, view });
        }
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.extensions()[0]).collect();
        let hint = format!("give it one of the extensions {}", names.join(", "));
        let format = format.or(told).ok_or_else(|| unknown(&hint))?;
        save::check(to)?;
        let target = Self { place: Place::File(to.to_owned(), Vec::new(), 0), format, view };
        match from_folder && !target.takes_many() {
            true => Err(Failure::usage(format!("{} takes one score; hint: name a folder", to.display()))),
            false => Ok(target),
        }
    }

    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self.place, Place::Stdout(_))
    }

    /// Whether there is room for more than one score: files of tunes and folders have it.
    pub(crate) fn takes_many(&self) -> bool {
        self.format == Format::Abc || matches!(self.place, Place::Folder(..))
    }

    /// The score in the format asked for.
    pub(crate) fn convert(&self, score: &Score) -> etude_piece::Result<Written> {
        match &self.place {
            Place::File(_, _, held) | Place::Stdout(held) if self.format == Format::Abc => {
                abc::write_numbered(score, held + 1)
            }
            _ => write_view(score, self.format, self.view),
        }
    }

    /// Takes a converted score of the file `source`, its tune `number` if it holds many; where it goes.
    pub(crate) fn put(
        &mut self,
        source: &str,
        number: Option<usize>,
        bytes: Vec<u8>,
    ) -> Result<Option<String>> {
        // Tunes are parted by empty lines.
        let parted = |held: usize| if held > 0 { b"\n".as_slice() } else { b"" };
        match &mut self.place {
            Place::Stdout(held) => {
                put(&[parted(*held), &bytes].concat())?;
                *held += 1;
                Ok(None)
            }
            Place::File(path, all, held) => {
                all.extend_from_slice(parted(*held));
                all.extend(bytes);
                *held += 1;
                Ok(Some(path.display().to_string()))
            }
            Place::Folder(folder, given) => {
                let stem = Path::new(source).file_stem().unwrap_or_default().to_string_lossy();
                let number = number.map(|number| format!("-{number}")).unwrap_or_default();
                let path = folder.join(format!("{stem}{number}.{}", self.format));
                if !given.insert(path.clone()) {
                    let found = format!("{} is already made of another file", path.display());
                    return Err(Failure::input(format!("{found}; hint: rename one of the two")));
                }
                save::whole(&path, &bytes)?;
                Ok(Some(path.display().to_string()))
            }
        }
    }

    /// Writes what is still held.
    pub(crate) fn finish(self) -> Result {
        match self.place {
            Place::File(path, bytes, held) if held > 0 => save::whole(&path, &bytes),
            _ => Ok(()),
        }
    }
}
