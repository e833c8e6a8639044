//! The author: a trained model with its notation and what it remembers.

use super::background::Background;
use super::options::Habits;
use super::train::sequence;
use super::{Melody, compose, find};
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::error::{Error, Result};
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::sequence::engine::{self, Engine};
use crate::sequence::{SequenceModel, surprise};
use crate::shelf::{Reader, Tensors};
use etude_piece::piece::Piece;
use etude_piece::score::{Key, Score};
use std::sync::Arc;

/// An author of melodies.
#[derive(Clone)]
pub struct Melodist {
    pub(super) model: Arc<dyn SequenceModel>,
    engine: String,
    pub(super) habits: Habits,
    pub(super) background: Background,
    pub(super) memory: Memory,
}

impl Melodist {
    pub(super) fn new(
        model: Arc<dyn SequenceModel>,
        engine: &str,
        habits: Habits,
        background: Background,
        memory: Memory,
    ) -> Self {
        Self { model, engine: engine.to_owned(), habits, background, memory }
    }

    /// A score's melody, moved to where the model knows melodies.
    fn heard(&self, score: &Score) -> Result<Melody> {
        let notation = &self.habits.notation;
        let melody = find(score, notation.steps)?;
        let key = melody.grid.frame.key.unwrap_or(Key::C_MAJOR);
        Ok(melody.transposed(notation.shift(key)))
    }
}

impl Author for Melodist {
    fn name(&self) -> &'static str {
        "melody"
    }

    /// Nats of each step of the piece's melody and of its end; notes beyond the range count an octave off.
    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        let Piece::Score(score) = piece else { return Err(no_score()) };
        let sequence = sequence(&self.heard(score)?, self.habits.notation);
        Ok(Evaluation { kind: Kind::Exact, unit: "step", nats: surprise(self.model.as_ref(), &sequence) })
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        compose::compose(self, request, progress)
    }

    fn tensors(&self) -> Tensors {
        let mut tensors = self.model.tensors();
        tensors.extend(self.memory.tensors());
        tensors.extend(self.background.tensors());
        tensors
    }

    fn settings(&self) -> Settings {
        let mut settings = self.model.settings();
        settings.extend(self.habits.settings());
        settings.insert("engine".to_owned(), self.engine.clone());
        settings
    }
}

/// A piece of another art.
pub(super) fn no_score() -> Error {
    Error::usage("a text", "a score, such as a MIDI file")
}

/// Reads an author from a model file: its arrays, and what [`Author::settings`] told.
///
/// # Errors
///
/// Settings that make no sense, and arrays that are missing or don't fit them.
pub fn load(settings: &Settings, reader: &Reader) -> Result<Melodist> {
    let name = settings.get("engine").map_or("", String::as_str);
    let Some(engine) = engine::find(name) else {
        return reader.refuse(format!("engine `{name}`"), "an engine of this program");
    };
    load_with(engine, settings, reader)
}

/// The same, with an engine that is known already.
pub(super) fn load_with(engine: &Engine, settings: &Settings, reader: &Reader) -> Result<Melodist> {
    let habits = Habits::read(settings)?;
    let own = habits.settings();
    let theirs = settings.iter().filter(|(name, _)| !own.contains_key(*name) && *name != "engine");
    let theirs: Settings = theirs.map(|(name, value)| (name.clone(), value.clone())).collect();
    let model = (engine.load)(&theirs, reader)?;
    let notation = &habits.notation;
    if model.symbols() != notation.symbols() || model.fields() != notation.fields() {
        let found = format!("a model of {} symbols", model.symbols());
        return reader.refuse(found, format!("{} symbols and their fields", notation.symbols()));
    }
    let background = Background::load(reader, notation)?;
    Ok(Melodist::new(model, engine.name, habits, background, Memory::load(reader)?))
}
