//! `etude train`: fit a model to corpora.

mod desk;

use crate::failure::{Failure, Result};
use crate::generate::setting;
use crate::save;
use crate::terminal::{Progress, put, put_json, say};
use clap::Args;
use desk::Desk;
use etude::catalogue::{MODELS, Make, find};
use etude::recipe::{self, Recipe};
use etude::shelf::{Card, Opened};
use etude::train::curve;
use etude_piece::corpus::Corpus;
use etude_piece::piece::{Collection, Kind};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Steps in a quarter note that scores are laid on.
const STEPS_PER_QUARTER: usize = 4;

/// Train a model on corpora
///
/// The same training always ends in the same bytes. With --resume, a model file that this very training made is kept. A
/// network writes its state beside the model now and then (MODEL.checkpoint), and goes on from there with --resume;
/// its log is in MODEL.log.jsonl, its learning curve in MODEL.curve.svg.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// A kind of model, such as maxent (see `etude models`), or the path of a recipe in TOML
    recipe: String,
    /// Corpora in JSON, scores, texts, or folders of them
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
    /// Go on where this very training stopped, or keep what it made: the same recipe, settings, seed and corpora
    #[arg(long)]
    resume: bool,
    /// How often a network's state is written, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    checkpoint: u64,
    /// The model's card as one line of JSON
    #[arg(long)]
    json: bool,
}

impl Train {
    /// Trains, or finds that it has been done.
    pub(crate) fn run(&self) -> Result {
        save::check(&self.output)?;
        let recipe = self.recipe()?;
        let make = find(&recipe.model).map(|entry| entry.make);
        if let Some(Make::Author { reads, .. }) = make {
            return self.train_author(&recipe, reads);
        }
        let progress = Progress::new("reading the corpora");
        let corpora = self.corpora()?;
        drop(progress);
        let origin = origin(&recipe, &corpora);
        if let Some(model) = self.finished(&origin) {
            return self.tell(model.card(), model.hash(), 0.0);
        }
        self.with_desk(
            &origin,
            |desk| recipe::train(&recipe, &corpora, &self.command(), desk),
            |model| {
                model.card.corpus = with_origin(&model.card.corpus, &origin);
                (model.to_bytes(), model.card.clone())
            },
        )
    }

    /// Trains an author.
    fn train_author(&self, recipe: &Recipe, reads: Kind) -> Result {
        let progress = Progress::new("reading the corpora");
        let collection = Collection::open(&self.corpus, reads)?;
        drop(progress);
        collection.skipped.iter().for_each(|reason| say(&format!("skipped {reason}")));
        let origin = fingerprint(recipe, &[&recipe::fingerprint_of(&collection)]);
        if let Some(model) = self.finished(&origin) {
            return self.tell(model.card(), model.hash(), 0.0);
        }
        self.with_desk(
            &origin,
            |desk| recipe::train_author(recipe, &collection, &self.command(), desk),
            |model| {
                model.card.corpus = with_origin(&model.card.corpus, &origin);
                (model.to_bytes(), model.card.clone())
            },
        )
    }

    /// Trains with a desk that keeps state and log, and writes the model and its learning curve.
    fn with_desk<M>(
        &self,
        origin: &str,
        train: impl FnOnce(&mut Desk) -> std::result::Result<M, etude::Error>,
        finish: impl FnOnce(&mut M) -> (Vec<u8>, Card),
    ) -> Result {
        let started = Instant::now();
        let mut desk = Desk::new(&self.output, origin, self.resume, Duration::from_secs(self.checkpoint));
        if self.resume && desk.can_go_on() {
            say("going on where this training stopped");
        }
        let trained = train(&mut desk);
        let hint = || if desk.can_go_on() { "; hint: --resume goes on from here" } else { "" };
        let mut model = trained.map_err(|error| self.stopped(error, hint()))?;
        let (bytes, card) = finish(&mut model);
        let hash = self.save(&bytes)?;
        let (lines, log) = desk.close();
        if !lines.is_empty() {
            let curve = desk::beside(&self.output, "curve.svg");
            save::whole(&curve, curve::svg(&lines).as_bytes())?;
            say(&format!("wrote {} and {}", log.display(), curve.display()));
        }
        self.tell(&card, &hash, started.elapsed().as_secs_f64())
    }

    /// Writes the model; its hash.
    fn save(&self, bytes: &[u8]) -> Result<String> {
        save::whole(&self.output, bytes)?;
        say(&format!("wrote {} ({} bytes)", self.output.display(), bytes.len()));
        Ok(etude::shelf::hash(bytes))
    }

    /// Why there is no model.
    fn stopped(&self, error: etude::Error, hint: &str) -> Failure {
        match Failure::from(error) {
            Failure { code: 130, .. } => {
                Failure::interrupted(format!("interrupted; {} was not written{hint}", self.output.display()))
            }
            failure => failure,
        }
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

    /// The model that is there already, if it has this origin and is to be kept.
    fn finished(&self, origin: &str) -> Option<Opened> {
        let bytes = self.resume.then(|| std::fs::read(&self.output).ok()).flatten()?;
        let model = Opened::from_bytes(&bytes, &self.output.display().to_string()).ok()?;
        let model = model.card().corpus.ends_with(origin).then_some(model)?;
        say(&format!("{} is this very training's, and is kept", self.output.display()));
        Some(model)
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
    fn tell(&self, card: &Card, hash: &str, seconds: f64) -> Result {
        let Card { name, model: kind, corpus, log, .. } = card;
        let path = self.output.display().to_string();
        if self.json {
            let seconds = (seconds * 1000.0).round() / 1000.0;
            return put_json(&json!({ "model": path, "hash": hash, "seconds": seconds, "card": card }));
        }
        let lines =
            [("name", name.as_str()), ("model", kind), ("corpus", corpus), ("hash", hash), ("log", log)];
        let told = lines.iter().filter(|(_, value)| !value.is_empty());
        let text: String = told.map(|(name, value)| format!("{name:8}  {value}\n")).collect();
        put(text.as_bytes())
    }
}

/// What a card says of the corpus, and where the model comes from.
fn with_origin(corpus: &str, origin: &str) -> String {
    if corpus.is_empty() { origin.to_owned() } else { format!("{corpus}; {origin}") }
}

/// A fingerprint of a training on grids, with every cell of every piece.
fn origin(recipe: &Recipe, corpora: &[Corpus]) -> String {
    let mut words = Vec::new();
    for corpus in corpora {
        words.push(corpus.name.clone());
        for item in &corpus.items {
            words.extend([item.name.clone(), item.split.name().to_owned()]);
            words.push(format!("{:?}", item.grid.frame));
            let cells = (0..item.grid.steps()).flat_map(|t| (0..item.grid.voices()).map(move |v| (t, v)));
            for (step, voice) in cells {
                let cell = item.grid.at(step, voice);
                words.push(format!("{:?} {:?}", cell.pitch, cell.onset));
            }
        }
    }
    fingerprint(recipe, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A fingerprint of all that a training depends on: program, recipe, settings, seed, and what `words` say of the pieces.
fn fingerprint(recipe: &Recipe, words: &[&str]) -> String {
    let Recipe { name, model, summary, data, licence, .. } = recipe;
    let own = [env!("CARGO_PKG_VERSION"), name, model, summary, data, licence].map(str::to_owned);
    let settings = recipe.settings.iter().map(|(name, value)| format!("{name}={value}"));
    let mut bytes = Vec::new();
    let words = words.iter().map(|word| (*word).to_owned());
    for word in own.into_iter().chain(settings).chain([recipe.seed.to_string()]).chain(words) {
        bytes.extend_from_slice(word.as_bytes());
        bytes.push(0);
    }
    format!("origin {}", etude::shelf::hash(&bytes))
}
