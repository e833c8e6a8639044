//! The surprise of a frame, key by key, and its gradient.

use super::super::frame::{KEYS, sounds};
use super::super::network::{Biases, Head, Lesson, Rows, add_times, dot, row, sigmoid};
use crate::inference::chance::Chance;
use crate::kernels::activation;
use crate::kernels::vector::{Kernel, fast};
use crate::music::roll::frame::Frame;
use crate::music::roll::keywise::surprise;

/// NADE's hidden units; its own matrices are W, then V.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Nade {
    pub(in super::super) hidden: usize,
    /// The share of them that isn't dropped while it learns: the same ones for all keys of a frame.
    pub(in super::super) kept: f32,
}

/// W and V.
#[inline(always)]
fn halves(own: &[f32]) -> (&[f32], &[f32]) {
    own.split_at(own.len() / 2)
}

/// The log-odds of a key, by the hidden units before it.
#[inline(always)]
pub(super) fn odds(own: &[f32], visible: &[f32], units: &[f32], key: usize) -> f32 {
    visible[key] + dot(row(halves(own).1, key, units.len()), units)
}

/// A key sounds: the hidden units after it.
pub(super) struct Push<'a> {
    pub(super) own: &'a [f32],
    pub(super) key: usize,
    /// What goes into them, (H).
    pub(super) inner: &'a mut [f32],
    /// (H).
    pub(super) units: &'a mut [f32],
}

impl Kernel for Push<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        add_times(self.inner, 1.0, row(halves(self.own).0, self.key, self.units.len()));
        sigmoid(self.inner, self.units);
    }
}

impl Head for Nade {
    type Ready = Vec<f32>;

    fn hidden(&self) -> usize {
        self.hidden
    }

    fn names(&self) -> &'static [&'static str] {
        &["inputs", "outputs"]
    }

    fn ready(&self, own: &[f32]) -> Vec<f32> {
        own.to_vec()
    }

    fn nats(&self, own: &Vec<f32>, biases: &Biases, frames: &[Frame]) -> Vec<f64> {
        let nats =
            |(at, frame): (usize, &Frame)| fast(Nats { own, biases: biases.rows().of(at), frame: *frame });
        frames.iter().enumerate().map(nats).collect()
    }

    fn learn(&self, weights: &Vec<f32>, lesson: &mut Lesson, own: &mut [f32]) -> f64 {
        let rows = lesson.visible.chunks_exact_mut(KEYS).zip(lesson.hidden.chunks_exact_mut(self.hidden));
        let mut nats = 0.0;
        for (at, (frame, (visible, inner))) in lesson.frames.iter().zip(rows).enumerate() {
            let Some(frame) = *frame else { continue };
            let biases = lesson.biases.of(at);
            let chance = &mut *lesson.chance;
            nats +=
                fast(Learn { head: self, weights, biases, frame, visible, inner, chance, own: &mut *own });
        }
        nats
    }
}

/// The surprise of a frame.
struct Nats<'a> {
    own: &'a [f32],
    biases: Rows<'a>,
    frame: Frame,
}

impl Kernel for Nats<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { own, biases, frame } = self;
        let mut inner = biases.hidden.to_vec();
        let mut units = vec![0.0; inner.len()];
        sigmoid(&inner, &mut units);
        let mut nats = 0.0;
        for key in 0..KEYS {
            let z = f64::from(odds(own, biases.visible, &units, key));
            nats += surprise(z, sounds(frame, key));
            if sounds(frame, key) {
                Push { own, key, inner: &mut inner, units: &mut units }.run();
            }
        }
        nats
    }
}

/// The same, with its gradient.
struct Learn<'a> {
    head: &'a Nade,
    weights: &'a [f32],
    biases: Rows<'a>,
    frame: Frame,
    /// Slopes of the biases.
    visible: &'a mut [f32],
    inner: &'a mut [f32],
    chance: &'a mut Chance,
    own: &'a mut [f32],
}

impl Kernel for Learn<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { head, weights, biases, frame, visible, inner: inner_slopes, chance, own } = self;
        let hidden = head.hidden;
        // The hidden units before the first key, and after each that sounds.
        let mut all = vec![0.0; (frame.count_ones() as usize + 1) * hidden];
        let mut inner = biases.hidden.to_vec();
        let mut now = 0;
        let mut mask = vec![1.0; hidden];
        if head.kept < 1.0 {
            chance.fill(&mut mask);
            let drawn = |mask: f32| if mask < head.kept { 1.0 / head.kept } else { 0.0 };
            mask.iter_mut().for_each(|mask| *mask = drawn(*mask));
        }
        sigmoid(&inner, &mut all[..hidden]);
        times(&mut all[..hidden], &mask);
        let mut nats = 0.0;
        for (key, slope) in visible.iter_mut().enumerate() {
            let z = odds(weights, biases.visible, &all[now * hidden..][..hidden], key);
            let on = sounds(frame, key);
            nats += surprise(f64::from(z), on);
            *slope = activation::sigmoid(z) - f32::from(u8::from(on));
            if on {
                now += 1;
                let units = &mut all[now * hidden..][..hidden];
                Push { own: weights, key, inner: &mut inner, units: &mut *units }.run();
                times(units, &mask);
            }
        }
        let (inputs, outputs) = own.split_at_mut(own.len() / 2);
        let mut unit_slopes = vec![0.0; hidden];
        inner_slopes.fill(0.0);
        for key in (0..KEYS).rev() {
            if sounds(frame, key) {
                head.settle(&all[now * hidden..][..hidden], &mut unit_slopes, inner_slopes);
                add_times(&mut inputs[key * hidden..][..hidden], 1.0, inner_slopes);
                now -= 1;
            }
            let slope = visible[key];
            add_times(&mut outputs[key * hidden..][..hidden], slope, &all[now * hidden..][..hidden]);
            add_times(&mut unit_slopes, slope, row(halves(weights).1, key, hidden));
        }
        head.settle(&all[..hidden], &mut unit_slopes, inner_slopes);
        nats
    }
}

impl Nade {
    /// Carries the slopes of hidden units, multiplied as they were, on to what goes into them.
    #[inline(always)]
    fn settle(&self, units: &[f32], unit_slopes: &mut [f32], inner_slopes: &mut [f32]) {
        for (inner, (slope, unit)) in inner_slopes.iter_mut().zip(unit_slopes.iter_mut().zip(units)) {
            *inner += *slope * unit * (1.0 - unit * self.kept);
            *slope = 0.0;
        }
    }
}

/// Multiplies number by number.
#[inline(always)]
fn times(numbers: &mut [f32], by: &[f32]) {
    numbers.iter_mut().zip(by).for_each(|(number, by)| *number *= by);
}
