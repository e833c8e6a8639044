//! Training an author of tunes, and reading one from a file.

use super::author::{Folk, Keys, score, sequence};
use super::guide::fields;
use super::read::read;
use super::tokens::SYMBOLS;
use super::tune::Tune;
use crate::appraise::spans::Memory;
use crate::author::Author;
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::music::engine;
use crate::sequence::Sequences;
use crate::sequence::engine::Engine;
use crate::settings::check;
use crate::shelf::{Card, Reader};
use crate::train::journal::Journal;
use etude_piece::piece::Collection;
use etude_piece::score::Key;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of so many pieces of a collection the last is only measured, not learnt from.
pub const HELD_OUT: usize = 20;

/// What can be set when training: the engine, and what it knows.
pub fn settings() -> Vec<Setting> {
    engine::settings()
}

/// Whether the piece of this number in its collection is held out.
pub fn is_held_out(index: usize) -> bool {
    index % HELD_OUT == HELD_OUT - 1
}

/// A tune of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its symbols.
    pub symbols: Vec<u32>,
    /// Whether it is held out.
    pub held_out: bool,
    key: (usize, usize),
}

/// The tunes of a collection in symbols, and how many there are that can't be written so, by reason.
///
/// # Errors
///
/// A piece that isn't a score.
pub fn items(collection: &Collection) -> Result<(Vec<Item>, BTreeMap<String, usize>)> {
    let (mut items, mut skipped) = (Vec::new(), BTreeMap::new());
    for (index, (name, piece)) in collection.items.iter().enumerate() {
        let score = score(piece)?;
        let read = read(score).and_then(|read| {
            let symbols = read.tune.symbols().ok_or("an upbeat of an odd length")?;
            Ok((read.tune.mode, symbols))
        });
        match read {
            Ok((mode, symbols)) => {
                let class = score.keys.first().map_or(Key::C_MAJOR, |&(_, key)| key).tonic_class();
                let key = (mode, usize::from(class));
                items.push(Item { name: name.clone(), symbols, held_out: is_held_out(index), key });
            }
            Err(reason) => *skipped.entry(reason).or_default() += 1,
        }
    }
    Ok((items, skipped))
}

/// Fits an author to the tunes of a collection; each twentieth piece is held out to tell when enough is learnt.
///
/// # Errors
///
/// An unknown engine, settings out of range, pieces that aren't scores, no tune that can be written, and interruptions.
pub fn train(
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let engine = engine::chosen(settings)?;
    check(settings, &engine::settings_of(engine))?;
    let theirs = engine.own(settings);
    Ok(Arc::new(fit(engine, collection, &theirs, seed, journal)?))
}

/// As [`train`], with an engine of any make.
pub(super) fn fit(
    engine: &Engine,
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Folk> {
    let (items, skipped) = items(collection)?;
    let learnt: Vec<&Item> = items.iter().filter(|item| !item.held_out).collect();
    if learnt.is_empty() {
        let first = skipped
            .keys()
            .next()
            .map_or("no tunes".to_owned(), |reason| format!("only pieces with {reason}"));
        return Err(Error::usage(first, "melodies in one metre and key, with bars that are full"));
    }
    let sequences = Sequences {
        symbols: SYMBOLS,
        fields: fields(),
        train: learnt.iter().map(|item| sequence(&item.symbols)).collect(),
        valid: items.iter().filter(|item| item.held_out).map(|item| sequence(&item.symbols)).collect(),
    };
    let model = (engine.train)(&sequences, settings, seed, journal)?;
    let memory = Memory::new(learnt.iter().map(|item| (item.name.as_str(), item.symbols.as_slice())));
    let mut keys = Keys::default();
    for item in &learnt {
        keys[item.key.0][item.key.1] += 1;
    }
    let mut settings = settings.clone();
    settings.extend(model.settings());
    settings.insert("engine".to_owned(), engine.name.to_owned());
    Ok(Folk { model, memory, keys, settings })
}

/// Reads an author from a file.
///
/// # Errors
///
/// Arrays and settings that are missing or don't fit together.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    let engine = engine::named(&card.settings, reader)?;
    Ok(Arc::new(read_from(engine, &card.settings, reader)?))
}

/// As [`load`], with an engine of any make.
pub(super) fn read_from(engine: &Engine, settings: &Settings, reader: &Reader) -> Result<Folk> {
    let memory = Memory::load(reader)?;
    let model = (engine.load)(&engine.own(settings), reader)?;
    if model.symbols() != SYMBOLS || model.fields() != fields() {
        let found = format!("a model of {} symbols and {} fields", model.symbols(), model.fields().len());
        return reader.refuse(found, format!("{SYMBOLS} symbols and {} fields", fields().len()));
    }
    let is_tune = |index: usize| Tune::of(memory.sequence(index)).is_some_and(|tune| !tune.parts.is_empty());
    if memory.is_empty() || !(0..memory.len()).all(is_tune) {
        return reader.refuse("training tunes that are none", "tunes in symbols");
    }
    let counts = reader.numbers("folk.keys")?;
    let mut keys = Keys::default();
    if counts.len() != keys.as_flattened().len() {
        return reader.refuse(format!("{} keys", counts.len()), "twelve of each of seven modes");
    }
    keys.as_flattened_mut().copy_from_slice(counts);
    Ok(Folk { model, memory, keys, settings: settings.clone() })
}
