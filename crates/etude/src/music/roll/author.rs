//! The author of rolls: training, evaluating, loading.

use super::compose;
use super::frame::{ALL, Frame, frames, text};
use super::model::{FrameModel, Lesson};
use super::models::{self, FrameKind};
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::{Evaluation, Progress, Settings};
use crate::settings::{check, get};
use crate::shelf::{Card, Reader, Tensors};
use crate::train::journal::Journal;
use etude_piece::corpus::Split;
use etude_piece::piece::{Collection, Piece};
use std::sync::Arc;

/// Frames in a quarter note that scores are laid on, where nobody says: sixteenths.
const STEPS: usize = 4;

/// What can be set for every model of frames.
pub fn settings() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting(
            "steps",
            "",
            "frames in a quarter note, 1 to 48; without it 1 for corpora of rolls, 4 for scores",
        ),
        setting("transpose", "0", "each piece is learnt in as many keys higher and lower, 0 to 11"),
    ]
}

/// An author of rolls.
#[derive(Clone)]
pub struct Roller {
    pub(super) model: Arc<dyn FrameModel>,
    pub(super) kind: &'static FrameKind,
    /// Frames in a quarter note of scores.
    pub(super) steps: usize,
    transpose: usize,
    pub(super) memory: Memory,
}

/// Fits the model of a name to the training pieces of a collection; the validation pieces tell when it has learnt enough.
///
/// # Errors
///
/// Settings out of range, pieces that don't fit, and interruptions.
pub fn train(
    collection: &Collection,
    name: &str,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let kind = models::find(name).expect("the catalogue lists models of frames by their names");
    check(given, &models::settings(name))?;
    let scores = !collection.items.iter().any(|(_, piece)| matches!(piece, Piece::Roll(_)));
    let usual = if scores { STEPS } else { 1 };
    let told = given.get("steps").is_some_and(|text| !text.trim().is_empty());
    let steps = if told { steps(given)? } else { usual };
    let transpose = transpose(given)?;
    let mut lesson = Lesson::default();
    let mut remembered = Vec::new();
    for (name, piece) in collection.split(Split::Train) {
        let frames = frames(piece, steps)?;
        remembered.push((name.as_str(), frames.iter().copied().map(symbol).collect::<Vec<u32>>()));
        lesson.train.extend(transposed(&frames, transpose));
    }
    let mut held_out: Vec<Vec<u32>> = Vec::new();
    for split in [Split::Valid, Split::Test] {
        for (_, piece) in collection.split(split) {
            let frames = frames(piece, steps)?;
            held_out.push(frames.iter().copied().map(symbol).collect());
            if split == Split::Valid {
                lesson.valid.push(frames);
            }
        }
    }
    if lesson.train.is_empty() {
        return Err(Error::usage("no piece to learn from", "a collection with a training split"));
    }
    let memory = Memory::new(remembered.iter().map(|(name, symbols)| (*name, symbols.as_slice())))
        .with_held_out(held_out);
    let is_own = |name: &str| settings().iter().all(|setting| setting.name != name);
    let own = given.iter().filter(|(name, _)| is_own(name));
    let own = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let model = kind.train(&lesson, &own, seed, journal)?;
    Ok(Arc::new(Roller { model, kind, steps, transpose, memory }))
}

fn steps(given: &Settings) -> Result<usize> {
    get(given, "steps", STEPS, "from 1 to 48", |n| (1..=48).contains(n))
}

fn transpose(given: &Settings) -> Result<usize> {
    get(given, "transpose", 0, "from 0 to 11", |n| *n <= 11)
}

/// A piece in its own key, then in those up to `most` semitones away in which it stays on the keyboard.
fn transposed(frames: &[Frame], most: usize) -> Vec<Vec<Frame>> {
    let used = frames.iter().fold(0, |all, frame| all | frame);
    let mut keys = vec![frames.to_vec()];
    for by in 1..=most {
        if (used << by) & !ALL == 0 {
            keys.push(frames.iter().map(|frame| frame << by).collect());
        }
        if used.trailing_zeros() as usize >= by {
            keys.push(frames.iter().map(|frame| frame >> by).collect());
        }
    }
    keys
}

/// A frame as the novelty sees it: one number, the same for the same keys. Two sets of keys share one with odds of 1 to 2³¹.
pub(super) fn symbol(frame: Frame) -> u32 {
    // FNV-1a over the frame's bytes (Fowler, Noll & Vo 1991).
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    (frame.to_le_bytes().into_iter().fold(0xcbf2_9ce4_8422_2325, mix) >> 33) as u32
}

impl Author for Roller {
    fn name(&self) -> &'static str {
        self.kind.name
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        let nats = self.model.nats(&frames(piece, self.steps)?);
        Ok(Evaluation { kind: self.model.kind(), unit: "frame", nats })
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let label = |(at, frame): (usize, Frame)| (format!("frame {}", at + 1), text(frame));
        Ok(frames(piece, self.steps)?.into_iter().enumerate().map(label).collect())
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
        settings.insert("steps".to_owned(), self.steps.to_string());
        settings.insert("transpose".to_owned(), self.transpose.to_string());
        settings
    }
}

/// Reads an author from a model file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that are missing or don't fit them.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    let Some(kind) = models::find(&card.model) else {
        return reader.refuse(format!("model `{}`", card.model), "a model of frames");
    };
    let model = kind.load(&card.settings, reader)?;
    let (steps, transpose) = (steps(&card.settings)?, transpose(&card.settings)?);
    Ok(Arc::new(Roller { model, kind, steps, transpose, memory: Memory::load(reader)? }))
}
