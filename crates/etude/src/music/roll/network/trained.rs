//! A network that was trained: fitting it, its file, and its surprises.

use super::super::frame::{Frame, KEYS, sounding};
use super::super::model::Lesson;
use super::arrays::Arrays;
use super::learn::{FIELDS, FrameNetwork, Read, sequence};
use super::{Head, Options};
use crate::error::Result;
use crate::kernels;
use crate::kernels::vector::fast;
use crate::sequence::Sequences;
use crate::shelf::{Reader, Tensor, Tensors};
use crate::train;
use crate::train::journal::Journal;

/// A network with its parameters.
#[derive(Debug, Clone)]
pub(in super::super) struct Trained<H> {
    pub(in super::super) network: FrameNetwork<H>,
    /// All parameters, (P).
    pub(in super::super) flat: Vec<f32>,
}

/// Fits a network with a head to frames.
///
/// # Errors
///
/// As [`train::fit::fit`].
pub(in super::super) fn fit<H: Head>(
    head: H,
    lesson: &Lesson,
    options: &Options,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Trained<H>> {
    let Options { units, tied, dropout, .. } = *options;
    let network = FrameNetwork { head, units, tied, dropout, visible: log_odds(lesson) };
    let data = Sequences {
        symbols: 1,
        fields: vec![256; FIELDS],
        train: lesson.train.iter().map(|frames| sequence(frames)).collect(),
        valid: lesson.valid.iter().map(|frames| sequence(frames)).collect(),
    };
    let flat = train::fit::fit(&network, &data, &options.training, seed, journal)?;
    Ok(Trained { network, flat })
}

/// Log-odds that each key sounds, (88).
fn log_odds(lesson: &Lesson) -> Vec<f32> {
    let (mut counts, mut frames) = ([0.5; KEYS], 1.0);
    for &frame in lesson.train.iter().flatten() {
        sounding(frame).for_each(|key| counts[key] += 1.0);
        frames += 1.0;
    }
    counts.into_iter().map(|count: f64| kernels::ln(count / (frames - count)) as f32).collect()
}

/// Reads a network from a file.
///
/// # Errors
///
/// Arrays that are missing or don't fit the options.
pub(in super::super) fn load<H: Head>(head: H, options: &Options, reader: &Reader) -> Result<Trained<H>> {
    let Options { units, tied, dropout, .. } = *options;
    let network = FrameNetwork { head, units, tied, dropout, visible: Vec::new() };
    let mut flat = Vec::new();
    for (name, length) in network.layout().named(network.head.names()) {
        let values = reader.weights(name)?;
        if values.len() != length {
            return reader.refuse(format!("{} weights in `{name}`", values.len()), format!("{length}"));
        }
        flat.extend(values.into_iter().map(|value| value as f32));
    }
    Ok(Trained { network, flat })
}

impl<H: Head> Trained<H> {
    /// The parts of the parameters.
    pub(in super::super) fn arrays(&self) -> Arrays<'_> {
        Arrays::new(&self.flat, self.network.layout())
    }

    /// What the head tells of each frame, in nats.
    pub(in super::super) fn read(&self, frames: &[Frame]) -> Vec<f64> {
        let frames = frames.iter().map(|frame| (Some(*frame), false));
        let mut state = vec![0.0; self.network.units];
        fast(Read { network: &self.network, arrays: self.arrays(), frames, state: &mut state })
    }

    /// Everything that it has learnt, by name.
    pub(in super::super) fn tensors(&self) -> Tensors {
        let mut rest = self.flat.as_slice();
        let mut tensors = Tensors::new();
        for (name, length) in self.network.layout().named(self.network.head.names()) {
            let (part, after) = rest.split_at(length);
            rest = after;
            tensors.insert(name.to_owned(), Tensor::F32(vec![length], part.to_vec()));
        }
        tensors
    }
}
