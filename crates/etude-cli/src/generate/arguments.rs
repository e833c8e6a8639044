//! What arguments mean: settings, drafts, tempi, seeds.

use crate::failure::Result;
use crate::input;
use crate::recipe::Draft;
use etude_piece::piece::{Kind, text};
use etude_piece::score::format::read_bytes;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// `KEY=@FILE` takes its value from a file.
pub(super) fn read_at((name, value): (String, String)) -> Result<(String, String)> {
    let Some(path) = value.strip_prefix('@') else { return Ok((name, value)) };
    let bytes = read_bytes(Path::new(path))?;
    let text = text(bytes).map_err(|error| error.in_file(path))?;
    Ok((name, text))
}

/// Reads and packs a draft.
pub(super) fn open_draft(path: &Path, art: Kind) -> Result<Draft> {
    if path == Path::new("-") {
        return Draft::pack(&input::stdin()?, "stdin", art);
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Draft::pack(&read_bytes(path)?, &name, art)
}

/// A seed that is short to type and seldom the same.
pub(super) fn seed_of_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis() as u64 % 10_000_000
}

/// Reads `KEY=VALUE`.
pub(crate) fn setting(text: &str) -> std::result::Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not KEY=VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// Reads quarter notes a minute.
pub(crate) fn tempo(text: &str) -> std::result::Result<f64, String> {
    let tempo: Option<f64> = text.parse().ok().filter(|tempo| (10.0..=400.0).contains(tempo));
    tempo.ok_or_else(|| "a tempo is a number from 10 to 400".to_owned())
}

/// Reads a share.
pub(super) fn share(text: &str) -> std::result::Result<f64, String> {
    let share: Option<f64> = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1".to_owned())
}
