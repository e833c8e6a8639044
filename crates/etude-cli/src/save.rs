//! Files are written whole or not at all.

use crate::failure::{Failure, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Refuses a path that can't be written because its folder isn't there: before the work, not after.
pub(crate) fn check(path: &Path) -> Result {
    let folder = folder_of(path);
    if path.is_dir() {
        return Err(Failure::usage(format!("{} is a folder, not a file", path.display())));
    }
    match folder.is_dir() {
        true => Ok(()),
        false => Err(Failure::plain(format!("{}: there is no folder {}", path.display(), folder.display()))),
    }
}

/// Writes a file under a temporary name in the same folder, makes sure that it is on the disk, and renames it.
pub(crate) fn whole(path: &Path, bytes: &[u8]) -> Result {
    let refused = |error: std::io::Error| Failure::plain(format!("{}: {error}", path.display()));
    // A link stays a link; what it leads to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.exists() && !target.is_file() {
        // A device or a pipe can't be replaced, only written to.
        return std::fs::write(&target, bytes).map_err(refused);
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".etude-").suffix(".partial");
    #[cfg(unix)]
    {
        // What other programs ask for; the user's umask takes from it.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder_of(&target)).map_err(refused)?;
    file.write_all(bytes).map_err(refused)?;
    file.as_file().sync_all().map_err(refused)?;
    file.persist(&target).map_err(|error| refused(error.error))?;
    Ok(())
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// `a.mid` numbered 2 is `a-2.mid`.
pub(crate) fn numbered(path: &Path, number: u64) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{extension}"))
}
