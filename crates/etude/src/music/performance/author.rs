//! The author of performances: training, evaluating, loading.

use super::events::{Event, LOW, SYMBOLS, velocity, write};
use super::guide::{FIELDS, Follower};
use super::played::{Played, RATE, of_score};
use super::{augment, compose};
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::autoregressive::Options;
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::music::engine;
use crate::sequence::engine::Engine;
use crate::sequence::{Sequence, SequenceModel, Sequences, surprise};
use crate::settings::{check, get};
use crate::shelf::{Card, Reader, Tensors};
use crate::train::journal::Journal;
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::{Key, Pitch};
use std::sync::Arc;

/// Of so many pieces one is held out for measuring, if there are at least twice as many.
const HELD_OUT: usize = 10;

/// What can be set when training: more performances from those that there are, the engine, and what the engines know.
pub fn settings() -> Vec<Setting> {
    let mut settings = own();
    settings.extend(engine::settings());
    settings
}

fn own() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting("transpose", "2", "each performance is learnt in as many keys higher and lower, 0 to 6"),
        setting("stretch", "0", "and this much faster and slower, in percent, 0 to 20 (Oore et al.: 5)"),
    ]
}

/// What can be wished for when composing.
pub fn wishes() -> Vec<Setting> {
    let meaning = "how long what is written lasts, 1 to 3600; else each bar of the length is 2 s, or 30 s";
    let mut wishes = vec![Setting { name: "seconds", default: String::new(), meaning }];
    wishes.extend(Options::wishes());
    wishes
}

/// An author of performances.
#[derive(Clone)]
pub struct Performer {
    pub(super) model: Arc<dyn SequenceModel>,
    engine: String,
    own: Settings,
    pub(super) memory: Memory,
}

/// Fits a model to the performances of a collection, with the engine that the settings name. One file is enough.
///
/// # Errors
///
/// Settings out of range, collections without a score that has notes, and interruptions.
pub fn train(
    collection: &Collection,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    Ok(Arc::new(train_with(engine::chosen(given)?, collection, given, seed, journal)?))
}

/// The same, with a given engine.
pub(super) fn train_with(
    engine: &Engine,
    collection: &Collection,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Performer> {
    let mut known = own();
    known.extend(engine::settings_of(engine));
    check(given, &known)?;
    let keys = get(given, "transpose", 2, "from 0 to 6", |n| (0..=6).contains(n))?;
    let stretch = get(given, "stretch", 0.0, "from 0 to 20", |x| (0.0..=20.0).contains(x))?;
    let pieces: Vec<(&str, Vec<Played>)> = collection
        .items
        .iter()
        .filter_map(|(name, piece)| match piece {
            Piece::Score(score) => Some((name.as_str(), of_score(score).ok()?)),
            Piece::Text(_) | Piece::Roll(_) | Piece::Strokes(_) => None,
        })
        .collect();
    if pieces.is_empty() {
        return Err(Error::usage(
            "no performance in the collection",
            "scores with notes, such as MIDI files",
        ));
    }
    let mut sequences = Sequences { symbols: SYMBOLS, fields: FIELDS.to_vec(), ..Sequences::default() };
    let mut remembered = Vec::new();
    for (index, (name, played)) in pieces.iter().enumerate() {
        if pieces.len() >= 2 * HELD_OUT && index % HELD_OUT == HELD_OUT - 1 {
            sequences.valid.push(sequence(played));
            continue;
        }
        sequences
            .train
            .extend(augment::variants(played, keys, stretch).iter().map(|played| sequence(played)));
        remembered.push((*name, intervals(played)));
    }
    let memory = Memory::new(remembered.iter().map(|(name, notes)| (*name, notes.as_slice())));
    let own = [("transpose", keys.to_string()), ("stretch", stretch.to_string())];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let model = (engine.train)(&sequences, &engine.own(given), seed, journal)?;
    Ok(Performer { model, engine: engine.name.to_owned(), own, memory })
}

/// A performance as a model reads it.
fn sequence(played: &[Played]) -> Sequence {
    let mut symbols = write(played);
    symbols.push(Event::End.symbol() as u32);
    Sequence::follow(Box::new(Follower::new(None)), FIELDS.len(), &symbols)
}

/// What the novelty is measured in: the intervals from each note to the next, in semitones, above 127.
pub(super) fn intervals(played: &[Played]) -> Vec<u32> {
    let between = |pair: &[Played]| u32::from(127 + pair[1].pitch.min(127) - pair[0].pitch.min(127));
    played.windows(2).map(between).collect()
}

impl Author for Performer {
    fn name(&self) -> &'static str {
        "performance"
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        let sequence = sequence(&of_score(score(piece)?)?);
        Ok(Evaluation { kind: Kind::Exact, unit: "event", nats: surprise(self.model.as_ref(), &sequence) })
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let symbols = write(&of_score(score(piece)?)?);
        Ok(labels(&symbols))
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        compose::compose(self, request, progress)
    }

    fn tensors(&self) -> Tensors {
        let mut tensors = self.model.tensors();
        tensors.extend(self.memory.tensors());
        tensors
    }

    fn settings(&self) -> Settings {
        let mut settings = self.model.settings();
        settings.extend(self.own.clone());
        settings.insert("engine".to_owned(), self.engine.clone());
        settings
    }
}

/// Time and text of each event, and of the end.
fn labels(symbols: &[u32]) -> Vec<(String, String)> {
    let end = Event::End.symbol() as u32;
    let mut now = 0;
    let label = |&symbol: &u32| {
        let at = format!("{:.2} s", now as f64 / RATE);
        let name = |key: usize| Pitch::spell(LOW + key as u8, Key::C_MAJOR);
        let what = match Event::of(symbol as usize) {
            Event::On(key) => format!("{} begins", name(key)),
            Event::Off(key) => format!("{} ends", name(key)),
            Event::Shift(steps) => {
                now += steps;
                format!("{} ms pass", 10 * steps)
            }
            Event::Force(force) => format!("velocity {}", velocity(force)),
            Event::End => "the end".to_owned(),
        };
        (at, what)
    };
    symbols.iter().chain([&end]).map(label).collect()
}

/// The score of a piece.
pub(super) fn score(piece: &Piece) -> Result<&etude_piece::score::Score> {
    match piece {
        Piece::Score(score) => Ok(score),
        Piece::Text(_) | Piece::Roll(_) | Piece::Strokes(_) => {
            Err(Error::usage("a text or a roll", "a score, such as a MIDI file"))
        }
    }
}

/// Reads an author from a model file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that are missing or don't fit them.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    let engine = engine::named(&card.settings, reader)?;
    Ok(Arc::new(load_with(engine, &card.settings, reader)?))
}

/// The same, with a given engine.
pub(super) fn load_with(engine: &Engine, given: &Settings, reader: &Reader) -> Result<Performer> {
    let model = (engine.load)(&engine.own(given), reader)?;
    if model.symbols() != SYMBOLS || model.fields() != FIELDS {
        return reader
            .refuse(format!("a model of {} symbols", model.symbols()), format!("{SYMBOLS} symbols"));
    }
    let is_own = |name: &String| own().iter().any(|setting| setting.name == name.as_str());
    let kept = given.iter().filter(|(name, _)| is_own(name));
    let own = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Performer { model, engine: engine.name.to_owned(), own, memory: Memory::load(reader)? })
}
