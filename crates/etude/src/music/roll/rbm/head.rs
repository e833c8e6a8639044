//! Contrastive divergence: the slope of F at what is learnt, less that at what Gibbs steps make of it.

use super::super::frame::{Frame, KEYS, Pins, sounding, sounds};
use super::super::keywise::softplus;
use super::super::network::{Biases, Head, Lesson, add_times, row, sigmoid};
use super::gibbs::{draw_hidden, draw_keys, energy, free, inner};

/// The hidden units, and how they learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Rbm {
    pub(in super::super) hidden: usize,
    /// k.
    pub(in super::super) gibbs: usize,
    /// Whether the Gibbs steps go on from where they ended before, instead of from what is learnt.
    pub(in super::super) persistent: bool,
}

impl Rbm {
    /// −ln p(vₖ | all other keys).
    #[inline(always)]
    fn key(&self, weights: &[f32], biases: &Biases, frame: Frame, key: usize, inner: &[f32]) -> f64 {
        let sign = if sounds(frame, key) { -1.0 } else { 1.0 };
        let mut turned = inner.to_vec();
        add_times(&mut turned, sign, row(weights, key, self.hidden));
        // F(v) − F(v with this key turned).
        let rise = f64::from(sign * biases.visible[key]) + free(&turned, 1.0) - free(inner, 1.0);
        softplus(rise)
    }
}

impl Head for Rbm {
    fn hidden(&self) -> usize {
        self.hidden
    }

    fn names(&self) -> &'static [&'static str] {
        &["weights"]
    }

    fn chains(&self) -> bool {
        true
    }

    /// The pseudo-likelihood: each key given all others.
    #[inline(always)]
    fn nats(&self, own: &[f32], biases: &Biases, frame: Frame) -> f64 {
        let mut into = vec![0.0; self.hidden];
        inner(own, biases, frame, &mut into);
        (0..KEYS).map(|key| self.key(own, biases, frame, key, &into)).sum()
    }

    /// An unbiased guess of the pseudo-likelihood, by one key that is drawn.
    #[inline(always)]
    fn learn(&self, weights: &[f32], biases: &Biases, at: &mut Lesson, own: &mut [f32]) -> f64 {
        let (hidden, frame) = (self.hidden, at.frame);
        let mut into = vec![0.0; hidden];
        let mut units = vec![0.0; hidden];
        inner(weights, biases, frame, &mut into);
        let key = at.chance.below(KEYS);
        let nats = KEYS as f64 * self.key(weights, biases, frame, key, &into);
        sigmoid(&into, &mut units);
        for (slope, unit) in at.slopes.hidden.iter_mut().zip(&units) {
            *slope = -unit;
        }
        sounding(frame).for_each(|key| add_times(&mut own[key * hidden..][..hidden], -1.0, &units));
        let mut made = if self.persistent { *at.chain } else { frame };
        for _ in 0..self.gibbs {
            inner(weights, biases, made, &mut into);
            draw_hidden(&into, 1.0, at.chance, &mut units);
            made = draw_keys(weights, biases, &units, (1.0, &[0.0; KEYS]), Pins::default(), at.chance);
        }
        *at.chain = made;
        inner(weights, biases, made, &mut into);
        sigmoid(&into, &mut units);
        add_times(&mut at.slopes.hidden, 1.0, &units);
        sounding(made).for_each(|key| add_times(&mut own[key * hidden..][..hidden], 1.0, &units));
        for (key, slope) in at.slopes.visible.iter_mut().enumerate() {
            *slope = f32::from(u8::from(sounds(made, key))) - f32::from(u8::from(sounds(frame, key)));
        }
        nats
    }
}

/// F(v).
#[inline(always)]
pub(super) fn free_energy(own: &[f32], biases: &Biases, frame: Frame) -> f64 {
    let mut into = vec![0.0; biases.hidden.len()];
    inner(own, biases, frame, &mut into);
    energy(biases, frame, &into)
}
