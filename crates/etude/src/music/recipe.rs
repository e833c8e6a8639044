//! Recipes: how a model that belongs on a shelf is trained.

use super::articulation::Articulation;
use crate::appraise::novelty::Index;
use crate::appraise::reference::Reference;
use crate::catalogue;
use crate::error::{Error, Result};
use crate::model::{Progress, Settings};
use crate::shelf::{Card, Shelved, hash};
use etude_piece::corpus::{Corpus, Split};
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
pub fn train(recipe: &Recipe, corpora: &[Corpus], command: &str, progress: &mut Progress) -> Result<Shelved> {
    let entry = catalogue::find(&recipe.model)
        .ok_or_else(|| Error::usage(format!("no model `{}`", recipe.model), models()))?;
    let corpus =
        corpora.first().ok_or_else(|| Error::usage("no corpus", "a folder, a score or a corpus in JSON"))?;
    let mut last = String::new();
    let model = (entry.train)(corpus, &recipe.settings, recipe.seed, &mut |share, words| {
        words.clone_into(&mut last);
        progress(share, words)
    })?;
    let train = corpus.split(Split::Train).map(|item| (item.name.as_str(), &item.grid));
    let held_out = [Split::Valid, Split::Test].into_iter().flat_map(|split| corpus.split(split));
    let index = Index::new(train, held_out.map(|item| &item.grid));
    let telling = corpora.iter().flat_map(|corpus| corpus.split(Split::Train)).map(|item| &item.grid);
    let mut keys = BTreeMap::new();
    for item in corpus.split(Split::Train) {
        *keys.entry(item.grid.key().to_string()).or_insert(0) += 1;
    }
    let card = Card {
        name: recipe.name.clone(),
        model: recipe.model.clone(),
        summary: recipe.summary.clone(),
        data: recipe.data.clone(),
        licence: recipe.licence.clone(),
        command: command.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        corpus: corpora.iter().map(fingerprint).collect::<Vec<_>>().join("; "),
        settings: model.settings(),
        keys,
        steps_per_quarter: model.steps_per_quarter(),
        voices: model.alphabets().len(),
        log: last,
    };
    let articulation = Articulation::learn(telling).unwrap_or_default();
    let shelved = Shelved { card, model, index, articulation, reference: None, hash: String::new() };
    // What is kept is what the file holds, rounded as it is; and it is this model that the corpus's figures tell of.
    let mut shelved = Shelved::from_bytes(&shelved.to_bytes(), &recipe.name)?;
    let reference = Reference::of(corpus, &shelved.index, shelved.model.as_ref(), progress)?;
    shelved.reference = Some(reference);
    Shelved::from_bytes(&shelved.to_bytes(), &recipe.name)
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
