//! `etude remake`: make the same bytes again from the recipe inside a file.

use crate::drawing;
use crate::failure::{Failure, Result};
use crate::library;
use crate::recipe::Recipe;
use crate::save;
use crate::terminal::{Progress, put, say};
use clap::Args;
use etude_piece::piece::Piece;
use etude_piece::score::format::{format_of, read_bytes, read_recipe, write_view};
use std::path::{Path, PathBuf};

/// Make a file again from the recipe inside it, and say whether it is identical
#[derive(Debug, Args)]
pub(crate) struct Remake {
    /// A file that `etude generate` wrote, in any of its formats
    file: PathBuf,
    /// Write it there, in FILE's format, instead of comparing; - for stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The model, where it is no longer what or where the recipe says
    #[arg(long)]
    model: Option<String>,
    /// Go on with a model that isn't the one of the recipe
    #[arg(long)]
    force: bool,
}

impl Remake {
    /// Remakes the file.
    pub(crate) fn run(&self) -> Result {
        let name = self.file.display().to_string();
        let to_stdout = self.output.as_deref() == Some(Path::new("-"));
        if let Some(path) = self.output.as_deref().filter(|_| !to_stdout) {
            save::check(path)?;
        }
        let bytes = read_bytes(&self.file)?;
        let format = format_of(&bytes, &name)?;
        let line = read_recipe(&bytes, &name)?;
        let recipe = Recipe::read(&line, &name)?;
        let mut progress = Progress::new("remaking");
        let model = library::open(Some(self.model.as_deref().unwrap_or(&recipe.model)))?;
        if model.hash() != recipe.hash {
            let found = format!("{name} was made by model {} ({})", recipe.model, recipe.hash);
            let problem = format!("{found}, but {} is another now ({})", model.name, model.hash());
            if !self.force {
                let hint = "name the right one by --model, or use this one by --force";
                return Err(Failure::plain(format!("{problem}; hint: {hint}")));
            }
            say(&format!("warning: {problem}"));
        }
        if recipe.etude != env!("CARGO_PKG_VERSION") {
            say(&format!("warning: {name} was made by version {} of Étude", recipe.etude));
        }
        let made = recipe.make(&model, &line, &mut progress)?;
        drop(progress);
        let again = match &made.piece {
            Piece::Score(score) => write_view(score, format, recipe.view()?)
                .map_err(|error| Failure::plain(error.to_string()))?,
            Piece::Strokes(drawing) => drawing::written(drawing, &self.file, &line)?,
            Piece::Text(_) | Piece::Roll(_) => return Err(Failure::plain("a text carries no recipe")),
        };
        let again = again.bytes;
        match &self.output {
            Some(_) if to_stdout => put(&again),
            Some(path) => {
                save::whole(path, &again)?;
                say(&format!("wrote {}", path.display()));
                Ok(())
            }
            None if again == bytes => put(b"identical\n"),
            None => {
                put(b"differs\n")?;
                Err(Failure::plain(format!("{name} isn't what its recipe makes; hint: was it edited?")))
            }
        }
    }
}
