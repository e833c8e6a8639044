//! What every model of frames does.

use super::frame::{Frame, Pins};
use crate::error::Result;
use crate::model::{Kind, Progress, Settings};
use crate::shelf::Tensors;
use std::collections::BTreeMap;

/// A trained model of frames.
pub trait FrameModel: Send + Sync {
    /// What kind of number [`FrameModel::nats`] gives.
    fn kind(&self) -> Kind;

    /// Its surprise at each frame, given those before, in nats.
    fn nats(&self, frames: &[Frame]) -> Vec<f64>;

    /// Writes as many frames as there are pins, as they say.
    ///
    /// # Errors
    ///
    /// Wishes out of range, and interruptions.
    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written>;

    /// Everything that it has learnt, by name.
    fn tensors(&self) -> Tensors;

    /// What the training used, by name.
    fn settings(&self) -> Settings;
}

/// How frames are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The seed of all randomness.
    pub seed: u64,
    /// The model's own wishes by name, such as `temperature`.
    pub settings: Settings,
}

/// Frames that were drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// (T).
    pub frames: Vec<Frame>,
    /// How it went, by name.
    pub diagnostics: BTreeMap<String, f64>,
}

/// What a model learns from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lesson {
    /// What is learnt.
    pub train: Vec<Vec<Frame>>,
    /// What is only measured; may be empty.
    pub valid: Vec<Vec<Frame>>,
}
