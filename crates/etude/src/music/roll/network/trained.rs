//! A network that was trained: fitting it, its file, and its surprises.

use super::super::frame::{Frame, KEYS, sounding};
use super::super::model::Lesson;
use super::arrays::{Arrays, First};
use super::forwards::{Ready, Track};
use super::learn::{FIELDS, FrameNetwork, sequence};
use super::{Biases, Head, Options};
use crate::error::Result;
use crate::kernels;
use crate::sequence::Sequences;
use crate::shelf::{Reader, Tensor, Tensors};
use crate::train;
use crate::train::journal::Journal;
use crate::train::options::Options as Training;

/// A network with its parameters.
#[derive(Debug, Clone)]
pub(in super::super) struct Trained<H> {
    pub(in super::super) network: FrameNetwork<H>,
    /// All parameters, (P).
    pub(in super::super) flat: Vec<f32>,
}

/// Fits a network with a head to frames. With `before`, that head is fitted first, as it tells and without memory; its weights
/// are the first ones. A training that was killed does this anew, and so comes to the same weights.
///
/// # Errors
///
/// As [`train::fit::fit`].
pub(in super::super) fn fit<H: Head>(
    head: H,
    before: Option<(H, Training)>,
    lesson: &Lesson,
    options: &Options,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Trained<H>> {
    let Options { units, tied, dropout, .. } = *options;
    let mut data = Sequences { symbols: 1, fields: vec![256; FIELDS], train: Vec::new(), valid: Vec::new() };
    data.train.extend(lesson.train.iter().map(|frames| sequence(frames)));
    let mut first = log_odds(lesson);
    if let Some((head, training)) = before {
        let network = FrameNetwork { head, units: 0, tied: false, dropout: 0.0, first, thinning: 1 };
        let mut unkept = |_: f64, words: &str| journal.progress(0.0, &format!("without memory: {words}"));
        let flat = train::fit::fit(&network, &data, &training, seed, &mut unkept)?;
        let (arrays, each) = (Arrays::new(&flat, network.layout()), KEYS * network.head.hidden());
        first = First {
            visible: arrays.visible.to_vec(),
            hidden: arrays.hidden.to_vec(),
            own: arrays.own.chunks_exact(each).map(<[f32]>::to_vec).collect(),
        };
    }
    data.valid.extend(lesson.valid.iter().map(|frames| sequence(frames)));
    let thinning = head.thinning(lesson.valid.iter().map(Vec::len).sum());
    let network = FrameNetwork { head, units, tied, dropout, first, thinning };
    let flat = train::fit::fit(&network, &data, &options.training, seed, journal)?;
    Ok(Trained { network, flat })
}

/// First biases: the log-odds that each key sounds.
fn log_odds(lesson: &Lesson) -> First {
    let (mut counts, mut frames) = ([0.5; KEYS], 1.0);
    for &frame in lesson.train.iter().flatten() {
        sounding(frame).for_each(|key| counts[key] += 1.0);
        frames += 1.0;
    }
    let odds = counts.into_iter().map(|count: f64| kernels::ln(count / (frames - count)) as f32);
    First { visible: odds.collect(), ..First::default() }
}

/// Reads a network from a file.
///
/// # Errors
///
/// Arrays that are missing or don't fit the options.
pub(in super::super) fn load<H: Head>(head: H, options: &Options, reader: &Reader) -> Result<Trained<H>> {
    let Options { units, tied, dropout, .. } = *options;
    let network = FrameNetwork { head, units, tied, dropout, first: First::default(), thinning: 1 };
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

    /// The surprise of each frame of a piece, nats.
    pub(in super::super) fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        self.read(frames, |ready, biases| self.network.head.nats(&ready.head, biases, frames))
    }

    /// The biases at each frame of a piece; a single row where there is no memory.
    pub(in super::super) fn biases(&self, frames: &[Frame]) -> Biases {
        self.read(frames, |_, biases| biases.clone())
    }

    fn read<T>(&self, frames: &[Frame], then: impl FnOnce(&Ready<H>, &Biases) -> T) -> T {
        let ready = Ready::new(&self.network, self.arrays());
        let seen = frames.iter().copied().map(Some).collect();
        let mut track = Track::new(seen, vec![false; frames.len()], 1, &vec![0.0; self.network.units]);
        ready.read(&mut track, None);
        then(&ready, &track.biases)
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
