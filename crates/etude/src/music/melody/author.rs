//! The author: a trained model with its notation and what it remembers.

use super::background::Background;
use super::options::Habits;
use super::train::sequence;
use super::{Melody, compose, find};
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::error::{Error, Result};
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::music::engine;
use crate::sequence::engine::Engine;
use crate::sequence::{SequenceModel, surprise};
use crate::shelf::{Card, Reader, Tensors};
use etude_piece::piece::Piece;
use etude_piece::score::{Grid, Key, Onset, Pitch, Score};
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

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let Piece::Score(score) = piece else { return Err(no_score()) };
        let melody = find(score, self.habits.notation.steps)?;
        Ok(labels(&melody.grid))
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

/// Place and text of each step, and of the end.
fn labels(grid: &Grid) -> Vec<(String, String)> {
    let key = grid.frame.key.unwrap_or(Key::C_MAJOR);
    let what = |step: usize| {
        let cell = grid.at(step, 0);
        match (cell.pitch, cell.onset) {
            (None, _) => "rest".to_owned(),
            (Some(_), Onset::Held) => "goes on".to_owned(),
            (Some(pitch), _) => Pitch::spell(pitch, key).to_string(),
        }
    };
    let mut labels: Vec<(String, String)> =
        (0..grid.steps()).map(|step| (grid.frame.place(step), what(step))).collect();
    labels.push((grid.frame.place(grid.steps()), "the end".to_owned()));
    labels
}

/// A piece of another art.
pub(super) fn no_score() -> Error {
    Error::usage("a text", "a score, such as a MIDI file")
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
pub(super) fn load_with(engine: &Engine, settings: &Settings, reader: &Reader) -> Result<Melodist> {
    let habits = Habits::read(settings)?;
    let model = (engine.load)(&engine.own(settings), reader)?;
    let notation = &habits.notation;
    if model.symbols() != notation.symbols() || model.fields() != notation.fields() {
        let found = format!("a model of {} symbols", model.symbols());
        return reader.refuse(found, format!("{} symbols and their fields", notation.symbols()));
    }
    let background = Background::load(reader, notation)?;
    Ok(Melodist::new(model, engine.name, habits, background, Memory::load(reader)?))
}
