//! `etude report`: how a model meets the three requirements, as a page that needs nothing else.

mod chapters;
mod page;
mod plots;
mod words;

use crate::failure::{Failure, Result};
use crate::terminal::{Progress, put, put_json, say};
use crate::{library, save};
use clap::Args;
use etude::appraise::report::{Wanted, report};
use etude_piece::corpus::Corpus;
use std::path::{Path, PathBuf};

/// Report how a model meets the three requirements: statistical accuracy, flexibility, generalisation
///
/// The model composes for the report, with its default settings; every figure stands beside the corpus's own. Those come
/// from the model file, or from --corpus.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// A built-in model, or the path of a model file; see `etude models`
    model: Option<String>,
    /// Take the corpus's own figures from this corpus: JSON, a folder of scores, or a score
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// How many pieces are composed freely; an eighth as many drafts of each kind
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    count: u64,
    /// The seed of the first piece; the same seed makes the same report
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where to write the page, in HTML; - for stdout
    #[arg(short, long, value_name = "FILE", required_unless_present = "json")]
    output: Option<PathBuf>,
    /// The figures as one line of JSON
    #[arg(long)]
    json: bool,
}

impl Report {
    /// Composes, counts, and writes the page.
    pub(crate) fn run(&self) -> Result {
        let to_stdout = self.output.as_deref() == Some(Path::new("-"));
        if to_stdout && self.json {
            return Err(Failure::usage("stdout takes the page or the JSON, not both"));
        }
        if let Some(path) = self.output.as_deref().filter(|_| !to_stdout) {
            save::check(path)?;
        }
        let mut progress = Progress::new("reading");
        let model = library::open(self.model.as_deref())?;
        let shelved = model.grid()?;
        let steps = shelved.model.steps_per_quarter();
        let corpus = self.corpus.as_deref().map(|path| Corpus::open(path, steps)).transpose()?;
        drop(progress);
        corpus.iter().flat_map(|corpus| &corpus.skipped).for_each(|reason| say(&format!("skipped {reason}")));
        progress = Progress::new("reporting");
        let wanted = Wanted { pieces: self.count as usize, seed: self.seed };
        let found =
            report(shelved, corpus.as_ref(), &wanted, &mut |share, words| progress.step(share, words));
        drop(progress);
        let found = found.map_err(|error| match (Failure::from(error), &self.corpus) {
            (failure, _) if failure.code == 130 => Failure::interrupted("interrupted; nothing was written"),
            (failure, Some(path)) if failure.code == 2 => failure.of_input(&path.display().to_string()),
            (failure, _) => failure,
        })?;
        if self.json {
            put_json(&found)?;
        }
        let Some(path) = &self.output else { return Ok(()) };
        let page = page::html(&found, &model.name);
        if to_stdout {
            return put(page.as_bytes());
        }
        save::whole(path, page.as_bytes())?;
        if !self.json {
            put(words::summary(&found).as_bytes())?;
        }
        say(&format!("wrote {}", path.display()));
        Ok(())
    }
}
