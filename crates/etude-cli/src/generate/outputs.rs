//! Where the pieces go.

use super::Generate;
use crate::drawing;
use crate::failure::{Failure, Result};
use crate::save;
use etude_piece::piece::Kind;
use etude_piece::score::format::{Format, View};
use std::path::{Path, PathBuf};

impl Generate {
    /// Where to write, each with its format.
    pub(super) fn outputs(&self, art: Kind) -> Result<Vec<(PathBuf, Format)>> {
        let mut outputs = Vec::new();
        for path in &self.output {
            if path == Path::new("-") {
                if self.json || self.count > 1 || outputs.iter().any(|(other, _)| other == path) {
                    return Err(Failure::usage(
                        "stdout takes one piece in one format, and no JSON beside it",
                    ));
                }
                outputs.push((path.clone(), self.format));
                continue;
            }
            if art == Kind::Text && Format::from_path(path).is_some() {
                let hint = "this model writes text; end the name with .txt";
                return Err(Failure::usage(format!("{}: no file for a text; hint: {hint}", path.display())));
            }
            if art == Kind::Strokes {
                drawing::format_to_write(path)?;
            }
            if matches!(art, Kind::Text | Kind::Strokes) {
                save::check(path)?;
                outputs.push((path.clone(), self.format));
                continue;
            }
            let format = Format::from_path(path).ok_or_else(|| {
                let names: Vec<String> = Format::ALL.iter().map(|format| format!(".{format}")).collect();
                let hint = format!("end the name with {}", names.join(", "));
                Failure::usage(format!("{}: no format of that name; hint: {hint}", path.display()))
            })?;
            save::check(path)?;
            outputs.push((path.clone(), format));
        }
        let drawn = |(_, format): &&(PathBuf, Format)| matches!(format, Format::Png | Format::Pdf);
        if let Some((path, _)) = outputs.iter().find(drawn).filter(|_| self.view == View::Roll) {
            let hint = "end the name with .svg";
            return Err(Failure::usage(format!(
                "{}: a piano roll is drawn as SVG; hint: {hint}",
                path.display()
            )));
        }
        Ok(outputs)
    }
}
