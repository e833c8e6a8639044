//! Recipes: how a model that belongs on a shelf is trained.

use crate::appraise::novelty::Index;
use crate::appraise::reference::Reference;
use crate::catalogue::{self, Make};
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::music::articulation::Articulation;
use crate::shelf::{Authored, Card, Shelved, hash};
use crate::train::journal::{Journal, Measurement};
use etude_piece::corpus::{Corpus, Split};
use etude_piece::piece::{Collection, Piece};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What to train, and what to call it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The trained model's name.
    pub name: String,
    /// The catalogue name of what it is trained as.
    pub model: String,
    /// One sentence.
    #[serde(default)]
    pub summary: String,
    /// What it is trained on, with the licence of the data.
    #[serde(default)]
    pub data: String,
    /// The licence of the weights.
    #[serde(default)]
    pub licence: String,
    /// Settings by name.
    #[serde(default)]
    pub settings: Settings,
    /// The seed of all randomness.
    #[serde(default)]
    pub seed: u64,
}

impl Recipe {
    /// Reads a recipe in TOML.
    ///
    /// # Errors
    ///
    /// Broken TOML, unknown fields, and models that the catalogue lacks.
    pub fn read(text: &str) -> Result<Self> {
        let recipe: Self = toml::from_str(text).map_err(|error| {
            Error::usage(
                error.to_string().trim_end().replace('\n', " "),
                "name, model, summary, data, licence, seed, [settings]",
            )
        })?;
        match catalogue::find(&recipe.model) {
            Some(_) => Ok(recipe),
            None => Err(Error::usage(format!("no model `{}`", recipe.model), models())),
        }
    }

    /// The plain recipe of a catalogue entry.
    pub fn of_model(name: &str) -> Option<Self> {
        let entry = catalogue::find(name)?;
        Some(Self {
            name: entry.name.to_owned(),
            model: entry.name.to_owned(),
            summary: entry.summary.to_owned(),
            ..Self::default()
        })
    }

    /// The card of what it makes, as far as the recipe tells.
    fn card(&self, command: &str) -> Card {
        Card {
            name: self.name.clone(),
            model: self.model.clone(),
            summary: self.summary.clone(),
            data: self.data.clone(),
            licence: self.licence.clone(),
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Card::default()
        }
    }
}

/// How a recipe's model comes to be.
fn make(recipe: &Recipe) -> Result<Make> {
    let entry = catalogue::find(&recipe.model);
    Ok(entry.ok_or_else(|| Error::usage(format!("no model `{}`", recipe.model), models()))?.make)
}

fn models() -> String {
    let names: Vec<&str> = catalogue::MODELS.iter().map(|entry| entry.name).collect();
    format!("one of {}", names.join(", "))
}

/// Trains what a recipe says on the first corpus; all corpora that tell repeated notes teach the articulation.
///
/// # Errors
///
/// Settings out of range, corpora that don't fit, and interruptions.
pub fn train(
    recipe: &Recipe,
    corpora: &[Corpus],
    command: &str,
    journal: &mut dyn Journal,
) -> Result<Shelved> {
    let Make::Grid { train, .. } = make(recipe)? else {
        return Err(Error::usage(format!("`{}` is an author", recipe.model), "a model of voices on a grid"));
    };
    let corpus =
        corpora.first().ok_or_else(|| Error::usage("no corpus", "a folder, a score or a corpus in JSON"))?;
    let mut told = Told { journal, words: String::new() };
    let model = train(corpus, &recipe.settings, recipe.seed, &mut told)?;
    let train = corpus.split(Split::Train).map(|item| (item.name.as_str(), &item.grid));
    let held_out = [Split::Valid, Split::Test].into_iter().flat_map(|split| corpus.split(split));
    let index = Index::new(train, held_out.map(|item| &item.grid));
    let telling = corpora.iter().flat_map(|corpus| corpus.split(Split::Train)).map(|item| &item.grid);
    let mut keys = BTreeMap::new();
    for item in corpus.split(Split::Train) {
        *keys.entry(item.grid.key().to_string()).or_insert(0) += 1;
    }
    let card = Card {
        corpus: corpora.iter().map(fingerprint).collect::<Vec<_>>().join("; "),
        settings: model.settings(),
        keys,
        steps_per_quarter: model.steps_per_quarter(),
        voices: model.alphabets().len(),
        log: std::mem::take(&mut told.words),
        ..recipe.card(command)
    };
    let articulation = Articulation::learn(telling).unwrap_or_default();
    let shelved = Shelved { card, model, index, articulation, reference: None, hash: String::new() };
    // What is kept is what the file holds, rounded as it is; and it is this model that the corpus's figures tell of.
    let mut shelved = Shelved::from_bytes(&shelved.to_bytes(), &recipe.name)?;
    let mut progress = |share: f64, words: &str| told.journal.progress(share, words);
    let reference = Reference::of(corpus, &shelved.index, shelved.model.as_ref(), &mut progress)?;
    shelved.reference = Some(reference);
    Shelved::from_bytes(&shelved.to_bytes(), &recipe.name)
}

/// Trains an author as a recipe says.
///
/// # Errors
///
/// Settings out of range, pieces that don't fit, and interruptions.
pub fn train_author(
    recipe: &Recipe,
    collection: &Collection,
    command: &str,
    journal: &mut dyn Journal,
) -> Result<Authored> {
    let Make::Author { train, .. } = make(recipe)? else {
        return Err(Error::usage(format!("`{}` reads voices on a grid", recipe.model), "an author"));
    };
    let mut told = Told { journal, words: String::new() };
    let author = train(collection, &recipe.settings, recipe.seed, &mut told)?;
    let pieces = match collection.items.len() {
        1 => "1 piece".to_owned(),
        pieces => format!("{pieces} pieces"),
    };
    let card = Card {
        corpus: format!("{}: {pieces}, {}", collection.name, fingerprint_of(collection)),
        settings: author.settings(),
        log: told.words,
        ..recipe.card(command)
    };
    let authored = Authored { card, author, hash: String::new() };
    // What is kept is what the file holds, rounded as it is.
    Authored::from_bytes(&authored.to_bytes(), &recipe.name)
}

/// A journal that remembers the last words of the progress for the card.
struct Told<'a> {
    journal: &'a mut dyn Journal,
    words: String,
}

impl Journal for Told<'_> {
    fn progress(&mut self, share: f64, words: &str) -> bool {
        words.clone_into(&mut self.words);
        self.journal.progress(share, words)
    }
    fn log(&mut self, lines: &[Measurement]) {
        self.journal.log(lines);
    }
    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        self.journal.keep(state);
    }
    fn kept(&mut self) -> Option<Vec<u8>> {
        self.journal.kept()
    }
    fn seconds(&self) -> f64 {
        self.journal.seconds()
    }
}

/// A hash of all pieces with their names.
pub fn fingerprint_of(collection: &Collection) -> String {
    let mut bytes = Vec::new();
    for (name, piece) in &collection.items {
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
        match piece {
            Piece::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            Piece::Score(score) => bytes.extend_from_slice(format!("{score:?}").as_bytes()),
            Piece::Roll(roll) => bytes.extend(roll.frames.iter().flat_map(|frame| frame.to_le_bytes())),
            Piece::Strokes(drawing) => bytes.extend_from_slice(drawing.to_string().as_bytes()),
        }
        bytes.push(0);
    }
    bytes.extend(collection.splits.iter().map(|split| *split as u8));
    hash(&bytes)
}

/// Name, pieces by split, and a hash of all their pitches.
pub fn fingerprint(corpus: &Corpus) -> String {
    let counts = Split::ALL.map(|split| corpus.split(split).count().to_string()).join("/");
    let mut bytes = Vec::new();
    for item in &corpus.items {
        bytes.extend(item.grid.pitches().map(|pitch| pitch.unwrap_or(u8::MAX)));
        bytes.push(128 + item.split as u8);
    }
    format!("{}: {counts} pieces, {}", corpus.name, hash(&bytes))
}
