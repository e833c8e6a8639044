//! Training an author of texts, and reading one from a file.

use super::alphabet::{Alphabet, MOST, named};
use super::author::{Writer, text};
use crate::appraise::spans::Memory;
use crate::author::Author;
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::engine::{self, Engine};
use crate::sequence::{Sequence, Sequences};
use crate::settings::{check, get};
use crate::shelf::{Card, Reader};
use crate::train::journal::Journal;
use etude_piece::piece::Collection;
use std::sync::{Arc, OnceLock};

/// The share of each text that is held out, at its end.
pub const HELD_OUT: f64 = 0.1;

/// The share of each text, before what is held out, by which a network tells when it has learnt enough.
const VALID: f64 = 0.05;

/// Engines that learn by passes over the texts, and may learn too long.
const NETWORKS: [&str; 2] = ["lstm", "transformer"];

/// What can be set when training with an engine: what concerns texts, then the engine's own.
pub fn settings(engine: &str) -> Vec<Setting> {
    let valid = if NETWORKS.contains(&engine) { VALID } else { 0.0 };
    let setting = |name, default: String, meaning| Setting { name, default, meaning };
    let mut settings = vec![
        setting("unit", "character".to_owned(), "what the model reads one by one: `character` or `word`"),
        setting(
            "words",
            "4000".to_owned(),
            "how many words are symbols, if the unit is `word`; others are spelled",
        ),
        setting(
            "held_out",
            HELD_OUT.to_string(),
            "share of each text, at its end, that isn't learnt from, 0 to 0.9",
        ),
        setting(
            "valid",
            valid.to_string(),
            "share of each text before that, to tell when enough is learnt, 0 to 0.5",
        ),
        setting(
            "unknown",
            "-".to_owned(),
            "the character that stands for unknown ones when evaluating; `-` refuses them",
        ),
    ];
    let own = engine::find(engine).map(|engine| (engine.settings)()).unwrap_or_default();
    settings.extend(own);
    settings
}

/// Fits an author to the texts of a collection.
///
/// # Errors
///
/// An unknown engine, settings out of range, pieces that aren't texts, too little text, and interruptions.
pub fn train(
    collection: &Collection,
    engine: &str,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    check(settings, &self::settings(engine))?;
    train_with(engine::named(engine)?, collection, settings, seed, journal)
}

/// Reads an author from a file.
///
/// # Errors
///
/// Arrays and settings that are missing or don't fit together.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    let name = card.settings.get("engine").map_or("", String::as_str);
    load_with(engine::named(name)?, &card.settings, reader)
}

/// What an author with an engine is called in the catalogue.
fn name(engine: &str) -> &'static str {
    match engine {
        "ngram" => "ngram",
        "mixing" => "mixing",
        "lstm" => "text-lstm",
        "transformer" => "text-transformer",
        _ => "text",
    }
}

/// The parts of a text by shares of its characters: what is learnt, what is only measured, what is held out.
pub fn cut(text: &str, valid: f64, held_out: f64) -> [&str; 3] {
    let count = text.chars().count();
    let at = |share: f64| {
        let characters = (count as f64 * share).ceil() as usize;
        text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte)
    };
    let (first, second) = (at(1.0 - held_out - valid), at(1.0 - held_out));
    [&text[..first], &text[first..second], &text[second..]]
}

/// As [`train`], with an engine of any make.
pub(super) fn train_with(
    engine: &Engine,
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let number = |name: &str, default: f64, most: f64, range: &str| {
        get(settings, name, default, range, move |share: &f64| (0.0..=most).contains(share))
    };
    let held_out = number("held_out", HELD_OUT, 0.9, "a share from 0 to 0.9")?;
    let default = if NETWORKS.contains(&engine.name) { VALID } else { 0.0 };
    let valid = number("valid", default, 0.5, "a share from 0 to 0.5")?;
    if held_out + valid > 0.95 {
        return Err(Error::usage(
            format!("`held_out={held_out}` and `valid={valid}`"),
            "leave a twentieth of each text to learn from",
        ));
    }
    let unit = get(settings, "unit", "character".to_owned(), "`character` or `word`", |unit: &String| {
        ["character", "word"].contains(&unit.as_str())
    })?;
    let range = "a whole number from 1 to 20000";
    let words = get(settings, "words", 4000, range, |words| (1..=20_000).contains(words))?;
    let texts = collection.items.iter().map(|(name, piece)| Ok((name.as_str(), text(piece)?)));
    let texts: Vec<(&str, &str)> = texts.collect::<Result<_>>()?;
    let parts: Vec<[&str; 3]> = texts.iter().map(|(_, text)| cut(text, valid, held_out)).collect();
    let known = parts.iter().flat_map(|[learnt, valid, _]| [*learnt, *valid]);
    let alphabet = Alphabet::of(known, if unit == "word" { words } else { 0 });
    if alphabet.len() < 2 || alphabet.len() > MOST {
        let hint = format!("texts with 2 to {MOST} different characters");
        return Err(Error::usage(format!("texts with {} different characters", alphabet.len()), hint));
    }
    let alphabet = with_unknown(alphabet, settings)?;
    let encode = |part: usize| -> Result<Vec<Vec<u32>>> {
        parts.iter().map(|parts| alphabet.encode(parts[part])).collect()
    };
    let (learnt, measured) = (encode(0)?, encode(1)?);
    let plain = |texts: &[Vec<u32>]| -> Vec<Sequence> {
        let texts = texts.iter().filter(|symbols| !symbols.is_empty());
        texts.map(|symbols| Sequence::plain(symbols, alphabet.len())).collect()
    };
    let sequences = Sequences {
        symbols: alphabet.len(),
        fields: vec![alphabet.len() + 1],
        train: plain(&learnt),
        valid: plain(&measured),
    };
    let mut theirs = engine.own(settings);
    if engine.name == "mixing" && !alphabet.has_words() {
        // Words and lines tell it more than characters alone.
        let spelling: String = (0..alphabet.len()).map(|symbol| alphabet.text(symbol)).collect();
        theirs.entry("spelling".to_owned()).or_insert(spelling);
    }
    let model = (engine.train)(&sequences, &theirs, seed, journal)?;
    let names = texts.iter().map(|(name, _)| *name);
    let memory = Memory::new(names.zip(learnt.iter().map(Vec::as_slice)));
    // Characters that were never learnt part what was held out.
    let known = parts.iter().flat_map(|[_, _, held_out]| held_out.split(|c| alphabet.symbol(c).is_none()));
    let memory = memory.with_held_out(known.map(|text| alphabet.encode(text)).collect::<Result<Vec<_>>>()?);
    let mut settings: Settings = settings.clone();
    settings.extend(model.settings());
    settings.insert("engine".to_owned(), engine.name.to_owned());
    settings.insert("unit".to_owned(), unit);
    settings.insert("held_out".to_owned(), held_out.to_string());
    settings.insert("valid".to_owned(), valid.to_string());
    Ok(Arc::new(Writer {
        name: name(engine.name),
        alphabet,
        model,
        memory,
        settings,
        chains: OnceLock::new(),
    }))
}

/// The alphabet with what the settings say of unknown characters.
fn with_unknown(alphabet: Alphabet, settings: &Settings) -> Result<Alphabet> {
    let Some(wish) = settings.get("unknown").filter(|wish| *wish != "-") else { return Ok(alphabet) };
    let mut characters = wish.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else {
        return Err(Error::usage(format!("`unknown={wish}`"), "a single character, or - for none"));
    };
    let hint = format!("a character that the texts have, not {}", named(character));
    alphabet.with_unknown(Some(character)).ok_or_else(|| Error::usage(format!("`unknown={wish}`"), hint))
}

/// As [`load`], with an engine of any make.
pub(super) fn load_with(engine: &Engine, settings: &Settings, reader: &Reader) -> Result<Arc<dyn Author>> {
    let alphabet = with_unknown(Alphabet::load(reader)?, settings)?;
    let memory = Memory::load(reader)?;
    let model = (engine.load)(&engine.own(settings), reader)?;
    let symbols = alphabet.len();
    if model.symbols() != symbols || model.fields() != [symbols + 1] {
        let found = format!("a model of {} symbols and {} fields", model.symbols(), model.fields().len());
        return reader.refuse(found, format!("{symbols} symbols and one field"));
    }
    let known = |text: usize| memory.sequence(text).iter().all(|&symbol| (symbol as usize) < symbols);
    if !(0..memory.len()).all(known) {
        return reader.refuse("training texts with unknown symbols", "symbols of the alphabet");
    }
    Ok(Arc::new(Writer {
        name: name(engine.name),
        alphabet,
        model,
        memory,
        settings: settings.clone(),
        chains: OnceLock::new(),
    }))
}
