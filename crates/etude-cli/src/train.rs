//! `etude train`: fit a model to corpora.

use crate::failure::{Failure, Result};
use crate::generate::setting;
use crate::save;
use crate::terminal::{Progress, put, put_json, say};
use clap::Args;
use etude::catalogue::MODELS;
use etude::music::compose::{self, Recipe};
use etude::shelf::{Card, Shelved};
use etude_piece::corpus::{Corpus, Split};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Steps in a quarter note that scores are laid on.
const STEPS_PER_QUARTER: usize = 4;

/// Train a model on corpora
///
/// A training takes minutes and always ends in the same bytes, so it keeps no half-finished state: with --resume, a model
/// file that this very training made is kept, and anything else is trained from the start.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// A kind of model, such as maxent (see `etude models`), or the path of a recipe in TOML
    recipe: String,
    /// Corpora in JSON, folders of scores, or scores
    #[arg(required = true)]
    corpus: Vec<PathBuf>,
    /// Where to write the model
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// One of the kind's settings, instead of the recipe's; see `etude models`
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// The seed, instead of the recipe's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Keep the model if this very training made it: the same recipe, settings, seed and corpora
    #[arg(long)]
    resume: bool,
    /// The model's card as one line of JSON
    #[arg(long)]
    json: bool,
}

impl Train {
    /// Trains, or finds that it has been done.
    pub(crate) fn run(&self) -> Result {
        save::check(&self.output)?;
        let recipe = self.recipe()?;
        let mut progress = Progress::new("reading the corpora");
        let corpora = self.corpora()?;
        drop(progress);
        let origin = origin(&recipe, &corpora);
        if self.resume {
            if let Some(model) = self.finished(&origin) {
                say(&format!("{} is this very training's, and is kept", self.output.display()));
                return self.tell(&model, 0.0);
            }
        }
        let started = Instant::now();
        progress = Progress::new("training");
        let trained = compose::train(&recipe, &corpora, &self.command(), &mut |share, words| {
            progress.step(share, words)
        });
        drop(progress);
        let mut model = trained.map_err(|error| match Failure::from(error) {
            Failure { code: 130, .. } => {
                Failure::interrupted(format!("interrupted; {} was not written", self.output.display()))
            }
            failure => failure,
        })?;
        model.card.corpus = match model.card.corpus.as_str() {
            "" => origin,
            corpus => format!("{corpus}; {origin}"),
        };
        let bytes = model.to_bytes();
        model.hash = etude::shelf::hash(&bytes);
        save::whole(&self.output, &bytes)?;
        say(&format!("wrote {} ({} bytes)", self.output.display(), bytes.len()));
        self.tell(&model, started.elapsed().as_secs_f64())
    }

    /// The recipe, with what the command line says instead.
    fn recipe(&self) -> Result<Recipe> {
        let mut recipe = match Recipe::of_model(&self.recipe) {
            Some(recipe) => recipe,
            None if Path::new(&self.recipe).is_file() => {
                let refused = |error| Failure::input(format!("{}: {error}", self.recipe));
                let text = std::fs::read_to_string(&self.recipe).map_err(refused)?;
                Recipe::read(&text).map_err(|error| Failure::from(error).of_input(&self.recipe))?
            }
            None => {
                let kinds: Vec<&str> = MODELS.iter().map(|entry| entry.name).collect();
                let hint = format!("one of {}, or the path of a recipe", kinds.join(", "));
                return Err(Failure::usage(format!("no recipe `{}`; hint: {hint}", self.recipe)));
            }
        };
        recipe.settings.extend(self.set.iter().cloned());
        recipe.seed = self.seed.unwrap_or(recipe.seed);
        Ok(recipe)
    }

    fn corpora(&self) -> Result<Vec<Corpus>> {
        let mut corpora = Vec::new();
        for path in &self.corpus {
            let corpus = Corpus::open(path, STEPS_PER_QUARTER)?;
            corpus.skipped.iter().for_each(|reason| say(&format!("skipped {reason}")));
            corpora.push(corpus);
        }
        Ok(corpora)
    }

    /// The model that is there already, if it has this origin.
    fn finished(&self, origin: &str) -> Option<Shelved> {
        let bytes = std::fs::read(&self.output).ok()?;
        let model = Shelved::from_bytes(&bytes, &self.output.display().to_string()).ok()?;
        model.card.corpus.ends_with(origin).then_some(model)
    }

    /// The command as a card tells it: files without their folders, so that the same training makes the same bytes
    /// wherever it runs.
    fn command(&self) -> String {
        let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let mut words = vec!["etude train".to_owned(), name(Path::new(&self.recipe))];
        words.extend(self.corpus.iter().map(|path| name(path)));
        words.extend(["-o".to_owned(), name(&self.output)]);
        words.extend(self.set.iter().map(|(key, value)| format!("--set {key}={value}")));
        words.extend(self.seed.map(|seed| format!("--seed {seed}")));
        words.join(" ")
    }

    /// Prints the card's figures.
    fn tell(&self, model: &Shelved, seconds: f64) -> Result {
        let Card { name, model: kind, corpus, log, .. } = &model.card;
        let path = self.output.display().to_string();
        if self.json {
            let seconds = (seconds * 1000.0).round() / 1000.0;
            return put_json(
                &json!({ "model": path, "hash": model.hash, "seconds": seconds, "card": model.card }),
            );
        }
        let lines =
            [("name", name), ("model", kind), ("corpus", corpus), ("hash", &model.hash), ("log", log)];
        let told = lines.iter().filter(|(_, value)| !value.is_empty());
        let text: String = told.map(|(name, value)| format!("{name:8}  {value}\n")).collect();
        put(text.as_bytes())
    }
}

/// A fingerprint of all that a training depends on: program, recipe, settings, seed, and every piece.
fn origin(recipe: &Recipe, corpora: &[Corpus]) -> String {
    let mut bytes = Vec::new();
    let mut add = |text: &str| {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    };
    let Recipe { name, model, summary, data, licence, .. } = recipe;
    [env!("CARGO_PKG_VERSION"), name, model, summary, data, licence].into_iter().for_each(&mut add);
    recipe.settings.iter().for_each(|(name, value)| add(&format!("{name}={value}")));
    add(&recipe.seed.to_string());
    for corpus in corpora {
        add(&corpus.name);
        for item in &corpus.items {
            add(&item.name);
            add(item.split.name());
            add(&format!("{:?}", item.grid.frame));
            let cells = (0..item.grid.steps()).flat_map(|t| (0..item.grid.voices()).map(move |v| (t, v)));
            for (step, voice) in cells {
                let cell = item.grid.at(step, voice);
                add(&format!("{:?} {:?}", cell.pitch, cell.onset));
            }
        }
    }
    let pieces: usize = corpora.iter().map(|corpus| corpus.split(Split::Train).count()).sum();
    format!("{pieces} training pieces, origin {}", etude::shelf::hash(&bytes))
}
