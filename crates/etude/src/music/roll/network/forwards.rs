//! Forwards through frames: what the recurrent network remembers, and the biases that it sets.

use super::super::frame::{Frame, KEYS, sounding};
use super::arrays::Arrays;
use super::learn::FrameNetwork;
use super::vectors::{add_times, row};
use super::{Biases, Head};
use crate::inference::chance::Chance;
use crate::kernels::activation::{sigmoid, tanh};
use crate::kernels::vector::{Kernel, fast};
use crate::nn::product::{Matrix, Packed, multiply};

/// The parameters of a network, made ready for many frames.
pub(super) struct Ready<'a, H: Head> {
    pub(super) network: &'a FrameNetwork<H>,
    pub(super) arrays: Arrays<'a>,
    pub(super) head: H::Ready,
    recurrent: Packed,
    to_visible: Packed,
    to_hidden: Packed,
}

/// What goes by of N streams in T steps; arrays are (T, N, …).
pub(super) struct Track {
    pub(super) steps: usize,
    pub(super) streams: usize,
    pub(super) frames: Vec<Option<Frame>>,
    /// Where nothing is known of what was before.
    pub(super) resets: Vec<bool>,
    /// The state before each step, and after the last, (T + 1, N, U).
    pub(super) states: Vec<f32>,
    /// What the head saw of it.
    pub(super) seen: Vec<f32>,
    /// A single row where there is no state.
    pub(super) biases: Biases,
}

impl Track {
    /// Nothing went by yet; `state`, (N, U), is what is remembered.
    pub(super) fn new(frames: Vec<Option<Frame>>, resets: Vec<bool>, streams: usize, state: &[f32]) -> Self {
        let steps = frames.len() / streams;
        let mut states = vec![0.0; (steps + 1) * state.len()];
        states[..state.len()].copy_from_slice(state);
        let seen = vec![0.0; steps * state.len()];
        Self { steps, streams, frames, resets, states, seen, biases: Biases::default() }
    }

    /// The state after the last step, (N, U).
    pub(super) fn last(&self) -> &[f32] {
        &self.states[self.seen.len()..]
    }
}

impl<'a, H: Head> Ready<'a, H> {
    pub(super) fn new(network: &'a FrameNetwork<H>, arrays: Arrays<'a>) -> Self {
        let (units, hidden) = (network.units, arrays.hidden.len());
        let state = if network.tied { 0 } else { units };
        Self {
            head: network.head.ready(arrays.own),
            recurrent: Packed::new(Matrix::new(arrays.recurrent, state, state)),
            to_visible: Packed::new(Matrix::new(arrays.to_visible, units, KEYS)),
            to_hidden: Packed::new(Matrix::new(arrays.to_hidden, units, hidden)),
            network,
            arrays,
        }
    }

    /// Reads all steps; a part of the state is hidden from the head if there is chance.
    pub(super) fn read(&self, track: &mut Track, mut chance: Option<&mut Chance>) {
        let Arrays { visible, hidden, state_bias, input, own, .. } = self.arrays;
        let (units, tied, n) = (self.network.units, self.network.tied, track.streams);
        if units == 0 {
            track.biases = Biases { visible: visible.to_vec(), hidden: hidden.to_vec() };
            return;
        }
        track.biases.visible = visible.repeat(track.steps * n);
        track.biases.hidden = hidden.repeat(track.steps * n);
        for at in 0..track.steps {
            let (before, next) = track.states.split_at_mut((at + 1) * n * units);
            let (state, next) = (&mut before[at * n * units..], &mut next[..n * units]);
            for (state, reset) in state.chunks_exact_mut(units).zip(&track.resets[at * n..]) {
                if *reset {
                    state.fill(0.0);
                }
            }
            let seen = &mut track.seen[at * n * units..][..n * units];
            seen.copy_from_slice(state);
            if let Some(chance) = &mut chance {
                self.hide(seen, chance);
            }
            let seen = Matrix::new(seen, n, units);
            let biases = &mut track.biases;
            multiply(seen, &self.to_visible, &mut biases.visible[at * n * KEYS..][..n * KEYS], true);
            let width = hidden.len();
            let into = &mut biases.hidden[at * n * width..][..n * width];
            multiply(seen, &self.to_hidden, into, true);
            let frames = &track.frames[at * n..][..n];
            if tied {
                next.copy_from_slice(into);
            } else {
                next.chunks_exact_mut(units).for_each(|next| next.copy_from_slice(state_bias));
            }
            fast(Enter { frames, rows: if tied { own } else { input }, units, next });
            if !tied {
                multiply(Matrix::new(state, n, units), &self.recurrent, next, true);
            }
            fast(Bend { tied, next });
            for (at, frame) in frames.iter().enumerate() {
                if frame.is_none() {
                    next[at * units..][..units].copy_from_slice(&state[at * units..][..units]);
                }
            }
        }
    }

    /// Hides a part of what the head sees; the rest grows, so that the mean stays.
    fn hide(&self, seen: &mut [f32], chance: &mut Chance) {
        if self.network.dropout == 0.0 {
            return;
        }
        let kept = (1.0 - self.network.dropout) as f32;
        let mut drawn = vec![0.0; seen.len()];
        chance.fill(&mut drawn);
        for (seen, drawn) in seen.iter_mut().zip(drawn) {
            *seen = if drawn < kept { *seen / kept } else { 0.0 };
        }
    }
}

/// What the frames tell the state: adds the rows of the keys that sound.
struct Enter<'a> {
    /// (N).
    frames: &'a [Option<Frame>],
    /// (88, U).
    rows: &'a [f32],
    units: usize,
    /// (N, U).
    next: &'a mut [f32],
}

impl Kernel for Enter<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { frames, rows, units, next } = self;
        for (frame, next) in frames.iter().zip(next.chunks_exact_mut(units)) {
            sounding(frame.unwrap_or(0)).for_each(|key| add_times(next, 1.0, row(rows, key, units)));
        }
    }
}

/// The function of the state's units.
struct Bend<'a> {
    tied: bool,
    next: &'a mut [f32],
}

impl Kernel for Bend<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { tied, next } = self;
        if tied {
            next.iter_mut().for_each(|value| *value = sigmoid(*value));
        } else {
            next.iter_mut().for_each(|value| *value = tanh(*value));
        }
    }
}

/// The head's biases in a state, one row.
#[inline(always)]
pub(in super::super) fn biased(arrays: &Arrays, state: &[f32], biases: &mut Biases) {
    biases.visible.copy_from_slice(arrays.visible);
    biases.hidden.copy_from_slice(arrays.hidden);
    let hidden = arrays.hidden.len();
    for (unit, &value) in state.iter().enumerate() {
        if value != 0.0 {
            add_times(&mut biases.visible, value, row(arrays.to_visible, unit, KEYS));
            add_times(&mut biases.hidden, value, row(arrays.to_hidden, unit, hidden));
        }
    }
}

/// The state after a frame; `hidden` are the biases of the hidden units at that frame, (H).
#[inline(always)]
pub(in super::super) fn step(arrays: &Arrays, state: &[f32], hidden: &[f32], frame: Frame, next: &mut [f32]) {
    let units = next.len();
    if arrays.state_bias.len() != units {
        next.copy_from_slice(hidden);
        sounding(frame).for_each(|key| add_times(next, 1.0, row(arrays.own, key, units)));
        next.iter_mut().for_each(|value| *value = sigmoid(*value));
        return;
    }
    next.copy_from_slice(arrays.state_bias);
    sounding(frame).for_each(|key| add_times(next, 1.0, row(arrays.input, key, units)));
    for (unit, &value) in state.iter().enumerate() {
        if value != 0.0 {
            add_times(next, value, row(arrays.recurrent, unit, units));
        }
    }
    next.iter_mut().for_each(|value| *value = tanh(*value));
}
