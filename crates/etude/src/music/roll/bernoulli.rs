//! Every key by itself: how often it sounds, whatever came before and whatever sounds with it. The first row of the benchmark.
//!
//! Boulanger-Lewandowski, Bengio & Vincent, ICML 2012, arXiv:1206.6392, table 1. That its figures come out to two decimals
//! shows that the corpora are read as they were meant.
//!
//! ```text
//! p(v) = ∏ₖ pₖ^vₖ · (1 − pₖ)^(1 − vₖ)          pₖ = (nₖ + s) / (N + 2 s)
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | v | `frame` | (88) | which keys sound |
//! | p | `shares` | (88) | how often each does |
//! | n | | (88) | training frames in which it sounds |
//! | N | | | training frames |
//! | s | `smoothing` | | frames in which each key is taken to sound, and to be silent, beforehand |
//!
//! Where we differ from the paper: it doesn't tell how keys that never sound are smoothed; any s from 0.1 to 1 gives its figures.

use super::frame::{Frame, KEYS, Pins, sounding, sounds};
use super::keywise::{self, Keywise};
use super::model::{FrameModel, Lesson, Wish, Written};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::kernels;
use crate::model::{Kind, Progress, Settings};
use crate::settings::get;
use crate::shelf::{Reader, Tensor, Tensors};
use crate::train::journal::Journal;
use std::sync::Arc;

/// Half a frame: the prior of Jeffreys 1946.
const SMOOTHING: f64 = 0.5;

/// What can be set when training.
pub fn settings() -> Vec<Setting> {
    let meaning =
        "frames in which each key sounds, and is silent, before anything is counted; above 0, up to 1000";
    vec![Setting { name: "smoothing", default: SMOOTHING.to_string(), meaning }]
}

/// Keys by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Bernoulli {
    /// How often each key sounds, in 0..1, (88).
    shares: Vec<f64>,
    smoothing: f64,
}

/// Counts.
///
/// # Errors
///
/// Settings out of range.
pub fn train(
    lesson: &Lesson,
    given: &Settings,
    _seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn FrameModel>> {
    let fits = |x: &f64| *x > 0.0 && *x <= 1000.0;
    let smoothing = get(given, "smoothing", SMOOTHING, "above 0, up to 1000", fits)?;
    let (mut counts, mut frames) = ([0u64; KEYS], 0u64);
    for &frame in lesson.train.iter().flatten() {
        sounding(frame).for_each(|key| counts[key] += 1);
        frames += 1;
    }
    // Rounded as the file keeps them.
    let share = |count| ((count as f64 + smoothing) / (frames as f64 + 2.0 * smoothing)) as f32;
    let shares = counts.into_iter().map(|count| f64::from(share(count))).collect();
    journal.progress(1.0, &format!("{frames} frames counted"));
    Ok(Arc::new(Bernoulli { shares, smoothing }))
}

/// Reads one from a file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that don't fit.
pub fn load(given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
    let smoothing = get(given, "smoothing", SMOOTHING, "a number", |x: &f64| x.is_finite())?;
    let shares = reader.weights("shares")?;
    if shares.len() != KEYS || shares.iter().any(|share| !(0.0..=1.0).contains(share)) {
        return reader.refuse(format!("{} shares", shares.len()), "88 shares from 0 to 1");
    }
    // A share of 0 or 1 would make surprises infinite; counting never gives one.
    let shares = shares.into_iter().map(|share| share.clamp(1e-9, 1.0 - 1e-7)).collect();
    Ok(Arc::new(Bernoulli { shares, smoothing }))
}

impl FrameModel for Bernoulli {
    fn kind(&self) -> Kind {
        Kind::Exact
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        let of = |(key, &share): (usize, &f64), frame| {
            -kernels::ln(if sounds(frame, key) { share } else { 1.0 - share })
        };
        frames.iter().map(|&frame| self.shares.iter().enumerate().map(|key| of(key, frame)).sum()).collect()
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        keywise::write(self, pins, wish, progress)
    }

    fn tensors(&self) -> Tensors {
        Tensors::from([("shares".to_owned(), Tensor::weights(&self.shares))])
    }

    fn settings(&self) -> Settings {
        Settings::from([("smoothing".to_owned(), self.smoothing.to_string())])
    }
}

impl Keywise for Bernoulli {
    type Memory = ();

    fn begin(&self) {}

    fn odds(&self, (): &(), key: usize) -> f64 {
        let share = self.shares[key];
        kernels::ln(share / (1.0 - share))
    }

    fn key(&self, (): &mut (), _: usize, _: bool) {}

    fn end(&self, (): &mut (), _: Frame) {}
}
