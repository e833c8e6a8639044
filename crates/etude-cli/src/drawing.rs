//! Drawings on the command line: what files hold them, and writing them.

use crate::failure::{Failure, Result};
use etude_piece::score::Written;
use etude_piece::score::format::Format as ScoreFormat;
use etude_piece::strokes::format::{self, Format, Style};
use etude_piece::strokes::{Drawing, Strokes};
use std::path::Path;

/// Whether a file holds drawings, as its first bytes tell, or else its name.
pub(crate) fn holds_drawings(bytes: &[u8], name: &str) -> bool {
    let path = Path::new(name);
    let told = || ScoreFormat::sniff(bytes).is_none() && is_called_drawing(path);
    Format::sniff(bytes).is_some_and(Format::is_read) || told()
}

/// Whether a file has a name that drawings have and scores haven't.
pub(crate) fn is_called_drawing(path: &Path) -> bool {
    let score = ScoreFormat::from_path(path).is_some_and(ScoreFormat::is_score);
    // Most files that end with .txt are texts; drawings among them are known by their first bytes.
    let told = Format::from_path(path).filter(|&format| format != Format::Omniglot);
    !score && told.is_some_and(Format::is_read)
}

/// The format in which a drawing is written to a file of this name.
///
/// # Errors
///
/// A name that tells none.
pub(crate) fn format_to_write(path: &Path) -> Result<Format> {
    let told = Format::from_path(path).filter(|format| format.is_written());
    told.ok_or_else(|| {
        let names: Vec<String> = Format::ALL
            .iter()
            .filter(|format| format.is_written())
            .map(|format| format!(".{format}"))
            .collect();
        let hint = format!("end the name with {}", names.join(", "));
        Failure::usage(format!("{}: no format of that name for a drawing; hint: {hint}", path.display()))
    })
}

/// A drawing that was made, as a file of this name, or as SVG for stdout; with its recipe.
pub(crate) fn written(drawing: &Strokes, path: &Path, recipe: &str) -> Result<Written> {
    let format = if path == Path::new("-") { Format::Svg } else { format_to_write(path)? };
    let style = Style { recipe: recipe.to_owned(), ..Style::default() };
    let drawing = Drawing { name: String::new(), split: None, strokes: drawing.clone() };
    format::write(&drawing, format, &style)
        .map_err(|error| Failure::plain(format!("{}: {error}", path.display())))
}
