//! Contrastive divergence: the slope of F at what is learnt, less that at what Gibbs steps make of it.

use super::super::frame::{Frame, KEYS, Pins, sounding, sounds};
use super::super::keywise::softplus;
use super::super::network::{Biases, Head, Lesson, add_times};
use super::anneal::Anneal;
use super::gibbs::{Chains, Heat, Weights, energies, free};
use crate::kernels::activation;
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

/// Held-out frames that are measured while it learns, where each has a partition function of its own.
const MEASURED: usize = 400;

/// The hidden units, and how they learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Rbm {
    pub(in super::super) hidden: usize,
    /// k.
    pub(in super::super) gibbs: usize,
    /// Whether the Gibbs steps go on from where they ended before, instead of from what is learnt.
    pub(in super::super) persistent: bool,
    /// Of the annealing for ln Z.
    pub(in super::super) temperatures: usize,
    pub(in super::super) chains: usize,
    /// Whether one partition function serves all frames.
    pub(in super::super) lone: bool,
}

impl Rbm {
    /// The annealing for ln Z with these biases, one row.
    pub(super) fn anneal<'a>(&self, weights: &'a Weights, biases: &'a Biases, at: usize) -> Anneal<'a> {
        let Self { temperatures, chains, .. } = *self;
        // Each frame's chains have streams of their own, whatever thread they run on.
        let stream = (at * chains) as u64;
        Anneal { weights, biases: biases.rows().of(at), temperatures, chains, stream }
    }
}

impl Head for Rbm {
    type Ready = Weights;

    fn hidden(&self) -> usize {
        self.hidden
    }

    fn names(&self) -> &'static [&'static str] {
        &["weights"]
    }

    fn ready(&self, own: &[f32]) -> Weights {
        Weights::new(own, self.hidden)
    }

    fn chains(&self) -> bool {
        true
    }

    fn thinning(&self, frames: usize) -> usize {
        // Odd, so that all beats of a bar are among those.
        if self.lone { 1 } else { frames.div_ceil(MEASURED) | 1 }
    }

    fn nats(&self, weights: &Weights, biases: &Biases, frames: &[Frame]) -> Vec<f64> {
        let partitions = if biases.rows().count() == 1 { frames.len().min(1) } else { frames.len() };
        let partition = |at| self.anneal(weights, biases, at).log_partition().0;
        let partitions: Vec<f64> = (0..partitions).into_par_iter().map(partition).collect();
        let energies = energies(weights, biases.rows(), frames).into_iter();
        // Z is never below the share of the frame itself, which is known: no surprise is below 0.
        let surprise = |(energy, partition): (f64, &f64)| (energy + partition).max(0.0);
        energies.zip(partitions.iter().cycle()).map(surprise).collect()
    }

    /// What the log tells is an unbiased guess of the pseudo-likelihood, by one key of each frame that is drawn.
    fn learn(&self, weights: &Weights, lesson: &mut Lesson, own: &mut [f32]) -> f64 {
        let Lesson { frames, biases, chance, .. } = lesson;
        let known: Vec<Frame> = frames.iter().map(|frame| frame.unwrap_or(0)).collect();
        let mut nats = 0.0;
        let mut into = vec![0.0; known.len() * weights.width()];
        weights.inner(*biases, &known, &mut into);
        for (at, frame) in frames.iter().enumerate() {
            let Some(frame) = *frame else { continue };
            let key = chance.below(KEYS);
            let inner = &into[at * weights.width()..][..weights.hidden];
            let rise = fast(Rise { weights, bias: biases.of(at).visible[key], frame, key, inner });
            nats += KEYS as f64 * softplus(rise);
        }
        let from = if self.persistent { lesson.chains.to_vec() } else { known };
        let mut made = Chains::new(weights, *biases, from);
        for _ in 0..self.gibbs {
            weights.step(*biases, Heat::NONE, Pins::default(), &mut made, chance);
        }
        lesson.chains.copy_from_slice(&made.frames);
        fast(Learn { lesson, made: &made.frames, into: [&into, &made.into], width: weights.width(), own });
        nats
    }
}

/// F(v) less F(v with a key turned).
struct Rise<'a> {
    weights: &'a Weights,
    bias: f32,
    frame: Frame,
    key: usize,
    inner: &'a [f32],
}

impl Kernel for Rise<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { weights, bias, frame, key, inner } = self;
        let sign = if sounds(frame, key) { -1.0 } else { 1.0 };
        let mut turned = inner.to_vec();
        for (turned, line) in turned.chunks_mut(Line::LEN).zip(weights.row(key)) {
            add_times(turned, sign, &line.0);
        }
        f64::from(sign * bias) + free(&turned, 1.0) - free(inner, 1.0)
    }
}

/// The slopes, by what goes into the hidden units at what is learnt and at what was made.
struct Learn<'a, 'l> {
    lesson: &'a mut Lesson<'l>,
    made: &'a [Frame],
    /// (N, width) each.
    into: [&'a [f32]; 2],
    width: usize,
    own: &'a mut [f32],
}

impl Kernel for Learn<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { lesson, made, into, width, own } = self;
        let hidden = lesson.hidden.len() / made.len();
        let mut units = vec![0.0; hidden];
        for (at, (frame, made)) in lesson.frames.iter().zip(made).enumerate() {
            let Some(frame) = *frame else { continue };
            let slopes = &mut lesson.hidden[at * hidden..][..hidden];
            for (sign, frame, into) in [(-1.0, frame, into[0]), (1.0, *made, into[1])] {
                for (unit, into) in units.iter_mut().zip(&into[at * width..][..hidden]) {
                    *unit = activation::sigmoid(*into);
                }
                add_times(slopes, sign, &units);
                sounding(frame).for_each(|key| add_times(&mut own[key * hidden..][..hidden], sign, &units));
            }
            for (key, slope) in lesson.visible[at * KEYS..][..KEYS].iter_mut().enumerate() {
                *slope = f32::from(u8::from(sounds(*made, key))) - f32::from(u8::from(sounds(frame, key)));
            }
        }
    }
}
