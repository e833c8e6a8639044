//! From scores to a model.

use super::Melody;
use super::author::Melodist;
use super::background::Background;
use super::find;
use super::guide::Follower;
use super::notation::Notation;
use super::options::{Habits, Keys, notation, own as own_settings};
use crate::appraise::spans::Memory;
use crate::author::Author;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::music::engine;
use crate::sequence::engine::Engine;
use crate::sequence::{Sequence, Sequences};
use crate::settings::check;
use crate::train::journal::Journal;
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::{Score, Tempo};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of so many pieces one is held out for measuring, if there are at least twice as many.
const HELD_OUT: usize = 10;

/// Fits a model to the melodies of a collection, with the engine that the settings name. One file is enough.
///
/// # Errors
///
/// Settings out of range, collections without a score that has notes, and interruptions.
pub fn train(
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let engine = engine::chosen(settings)?;
    Ok(Arc::new(train_with(engine, collection, settings, seed, journal)?))
}

/// The same, with a given engine.
pub(super) fn train_with(
    engine: &Engine,
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Melodist> {
    let mut known = own_settings();
    known.extend(engine::settings_of(engine));
    check(settings, &known)?;
    let (notation, keys) = notation(settings)?;
    let found = melodies(collection, notation.steps);
    if found.is_empty() {
        return Err(Error::usage("no melody in the collection", "scores with notes, such as MIDI files"));
    }
    let melodies: Vec<(&str, Vec<Melody>)> =
        found.iter().map(|(name, melody, _)| (*name, in_keys(melody, &notation, keys))).collect();
    let notation = ranged(notation, melodies.iter().flat_map(|(_, melodies)| melodies));
    let notation =
        Notation { chords: found.iter().any(|(_, melody, _)| !melody.chords.is_empty()), ..notation };
    let mut background = Background::new(&notation);
    let mut sequences =
        Sequences { symbols: notation.symbols(), fields: notation.fields(), ..Sequences::default() };
    let mut remembered = Vec::new();
    for (index, (name, melodies)) in melodies.iter().enumerate() {
        let held_out = melodies_are_many(found.len()) && index % HELD_OUT == HELD_OUT - 1;
        for melody in melodies {
            let sequence = sequence(melody, notation);
            if held_out {
                sequences.valid.push(sequence);
                // Only the first: the others are the same melody in other keys.
                break;
            }
            background.count(&notation, &sequence.symbols);
            sequences.train.push(sequence);
        }
        if !held_out {
            remembered.push((*name, notes(&found[index].1)));
        }
    }
    let memory = Memory::new(remembered.iter().map(|(name, notes)| (*name, notes.as_slice())));
    let model = (engine.train)(&sequences, &engine.own(settings), seed, journal)?;
    let habits = habits(notation, keys, &found);
    Ok(Melodist::new(model, engine.name, habits, background, memory))
}

fn melodies_are_many(count: usize) -> bool {
    count >= 2 * HELD_OUT
}

/// The melodies of all scores that have one.
fn melodies(collection: &Collection, steps: usize) -> Vec<(&str, Melody, &Score)> {
    let scores = collection.items.iter().filter_map(|(name, piece)| match piece {
        Piece::Score(score) => Some((name.as_str(), score.as_ref())),
        Piece::Text(_) | Piece::Roll(_) | Piece::Strokes(_) => None,
    });
    scores.filter_map(|(name, score)| Some((name, find(score, steps).ok()?, score))).collect()
}

/// A melody in the keys that it is learnt in.
fn in_keys(melody: &Melody, notation: &Notation, keys: Keys) -> Vec<Melody> {
    let key = melody.grid.frame.key.unwrap_or(etude_piece::score::Key::C_MAJOR);
    let shifts = match keys {
        Keys::Common => vec![notation.shift(key)],
        Keys::Own => vec![0],
        Keys::All => std::iter::once(0).chain(-6..0).chain(1..6).collect(),
    };
    shifts.into_iter().map(|shift| melody.transposed(shift)).collect()
}

/// The notation whose range holds all notes, and a fourth more on both sides.
fn ranged<'a>(notation: Notation, melodies: impl Iterator<Item = &'a Melody>) -> Notation {
    let ranges = melodies.filter_map(|melody| melody.grid.ranges()[0]);
    let (low, high) =
        ranges.fold((127, 0), |(low, high): (u8, u8), range| (low.min(range.0), high.max(range.1)));
    Notation { low: low.saturating_sub(5), high: (high + 5).min(127), ..notation }
}

/// A melody that is moved already, as a model reads it.
pub(super) fn sequence(melody: &Melody, notation: Notation) -> Sequence {
    let symbols = notation.write(&melody.grid);
    let guide = Follower::new(Arc::new(notation.sheet(melody)), None);
    Sequence::follow(Box::new(guide), notation.fields().len(), &symbols)
}

/// What the novelty is measured in, wherever the melody stands: for each note but the first the interval from the note before,
/// in semitones, and how many steps after it it begins.
pub(super) fn notes(melody: &Melody) -> Vec<u32> {
    let grid = &melody.grid;
    let struck = (0..grid.steps()).filter_map(|step| {
        let cell = grid.at(step, 0);
        let begins = cell.onset == etude_piece::score::Onset::Struck;
        Some((step, i32::from(cell.pitch.filter(|_| begins)?)))
    });
    let struck: Vec<(usize, i32)> = struck.collect();
    let code = |pair: &[(usize, i32)]| {
        let interval = (pair[1].1 - pair[0].1).clamp(-24, 24) + 24;
        let steps = (pair[1].0 - pair[0].0).min(LONGEST);
        interval as u32 * (LONGEST as u32 + 1) + steps as u32
    };
    struck.windows(2).map(code).collect()
}

/// The longest time between two notes that the novelty tells from longer ones, in steps.
const LONGEST: usize = 64;

/// What most of the pieces have.
fn habits(notation: Notation, keys: Keys, found: &[(&str, Melody, &Score)]) -> Habits {
    let frames = || found.iter().map(|(_, melody, _)| &melody.grid.frame);
    let key = most(frames().filter_map(|frame| frame.key).map(|key| key.to_string()));
    let metre = most(frames().filter_map(|frame| frame.metre).map(|metre| metre.to_string()));
    let tempo = |score: &Score| score.tempi.first().map_or(Tempo::default(), |&(_, tempo)| tempo).0;
    let tempo = most(found.iter().map(|(_, _, score)| tempo(score).round().clamp(5.0, 500.0).to_string()));
    let told = [("home_key", key), ("home_metre", metre), ("home_tempo", tempo)];
    let told = told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let read = Habits::read(&told.collect());
    let read = read.expect("keys, metres and tempi are written as they are read");
    Habits { notation, keys, ..read }
}

/// The most frequent word; of equals the first in order.
fn most(words: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    most.map(|(word, _)| word)
}
