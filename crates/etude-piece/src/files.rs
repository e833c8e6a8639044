//! What files of all arts have in common: extensions, a largest size, folders that hold them.

use crate::{Error, Fault, Place, Result};
use std::path::{Path, PathBuf};

/// The one of all formats that has this extension, in either case.
///
/// # Errors
///
/// None that has it; the words name every extension.
pub(crate) fn by_extension<F: Copy>(
    all: &[F],
    extensions: impl Fn(F) -> &'static [&'static str],
    text: &str,
) -> std::result::Result<F, String> {
    let named = |format: &F| extensions(*format).iter().any(|name| name.eq_ignore_ascii_case(text));
    let every: Vec<&str> = all.iter().flat_map(|&format| extensions(format)).copied().collect();
    let wrong = || format!("`{text}` is not one of {}", every.join(", "));
    all.iter().copied().find(named).ok_or_else(wrong)
}

/// All of a file of at most so many bytes; `expected` says that in words.
///
/// # Errors
///
/// A file that the system doesn't give, or that is larger.
pub(crate) fn whole(path: &Path, most: u64, expected: &str) -> Result<Vec<u8>> {
    let refused = |source| Error::Io { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(refused)?.len();
    if size > most {
        let fault = Fault::new(Place::Whole, format!("{size} bytes"), expected);
        return Err(Error::from(fault).in_file(&path.display().to_string()));
    }
    std::fs::read(path).map_err(refused)
}

/// The files of a folder that are called as is asked (not those in folders inside it), by name.
///
/// # Errors
///
/// A folder that the system doesn't give.
pub(crate) fn in_folder(folder: &Path, is_asked: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let refused = |source| Error::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if is_asked(&path) && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}
