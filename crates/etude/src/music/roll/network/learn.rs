//! Forwards through the frames, and backwards through them, for the shared training loop.

use super::super::frame::{Frame, KEYS, sounding};
use super::arrays::{Arrays, Layout, Slopes};
use super::vectors::{add_times, dot, row};
use super::{Biases, Head, Lesson};
use crate::inference::chance::Chance;
use crate::kernels::activation::{sigmoid as logistic, tanh};
use crate::kernels::vector::{Kernel, fast};
use crate::nn::IGNORED;
use crate::sequence::Sequence;
use crate::train::network::{Chunk, Network, Order, Parameter};

/// Fields of a step: its frame in bytes.
pub(super) const FIELDS: usize = KEYS / 8;

/// A head, with a recurrent network of `units` units before it, or none.
#[derive(Debug, Clone)]
pub(in super::super) struct FrameNetwork<H> {
    pub(in super::super) head: H,
    /// U.
    pub(in super::super) units: usize,
    /// Whether the state is what the head's hidden units are likely to be, as in the recurrent temporal machine: then U = H.
    pub(in super::super) tied: bool,
    /// Share of the state that the head doesn't see while it learns.
    pub(in super::super) dropout: f64,
    /// First biases of the keys, (88).
    pub(in super::super) visible: Vec<f32>,
}

/// Frames as a sequence for the training loop.
pub(super) fn sequence(frames: &[Frame]) -> Sequence {
    let bytes = frames.iter().flat_map(|frame| frame.to_le_bytes().into_iter().take(FIELDS));
    Sequence { fields: bytes.map(u32::from).collect(), symbols: vec![0; frames.len()] }
}

/// The frame of a step.
fn frame(fields: &[u32]) -> Frame {
    fields.iter().rev().fold(0, |frame, byte| frame << 8 | Frame::from(*byte))
}

impl<H: Head> FrameNetwork<H> {
    pub(super) fn layout(&self) -> Layout {
        let (hidden, own) = (self.head.hidden(), self.head.names().len());
        Layout { units: self.units, tied: self.tied, hidden, own }
    }

    /// No biases yet.
    pub(in super::super) fn biases(&self) -> Biases {
        Biases { visible: vec![0.0; KEYS], hidden: vec![0.0; self.head.hidden()] }
    }

    /// Streams of chance go through all of them in order.
    fn chain(&self, carried: &[f32]) -> Frame {
        carried.iter().rev().fold(0, |frame, cell| frame << 1 | Frame::from(*cell > 0.5))
    }
}

/// The head's biases in a state.
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
        next.iter_mut().for_each(|value| *value = logistic(*value));
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

impl<H: Head> Network for FrameNetwork<H> {
    fn identity(&self) -> String {
        let tied = if self.tied { "tied" } else { "own" };
        format!("frames, {} units {tied}, dropout {}, {:?}", self.units, self.dropout, self.head)
    }

    fn order(&self) -> Order {
        if self.units == 0 { Order::Blocks } else { Order::Streams }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let scale = if self.head.chains() { 0.1 } else { 1.0 };
        self.layout().parameters(&self.visible, scale)
    }

    fn carried(&self) -> usize {
        self.units + if self.head.chains() { KEYS } else { 0 }
    }

    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        carried: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>) {
        let mut flat = vec![0.0; parameters.len()];
        let arrays = Arrays::new(parameters, self.layout());
        let (mut nats, mut counted) = (0.0, 0);
        for stream in 0..chunk.streams {
            let carried = &mut carried[stream * self.carried()..][..self.carried()];
            let slopes = Slopes::new(&mut flat, self.layout());
            let learnt = fast(Learn { network: self, arrays, chunk, stream, carried, chance, slopes });
            nats += learnt.0;
            counted += learnt.1;
        }
        let share = 1.0 / counted.max(1) as f32;
        flat.iter_mut().for_each(|slope| *slope *= share);
        (nats, flat)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64 {
        let arrays = Arrays::new(parameters, self.layout());
        let stream = |stream: usize| {
            let carried = &mut carried[stream * self.carried()..][..self.units];
            let frames = (0..chunk.steps).map(|step| {
                let at = step * chunk.streams + stream;
                let frame = (chunk.symbols[at] != IGNORED).then(|| frame(row_of(chunk, at)));
                (frame, chunk.resets[at])
            });
            let nats = fast(Read { network: self, arrays, frames, state: carried });
            nats.iter().sum::<f64>()
        };
        (0..chunk.streams).map(stream).sum()
    }
}

fn row_of(chunk: &Chunk, at: usize) -> &[u32] {
    &chunk.fields[at * FIELDS..][..FIELDS]
}

/// Reads frames in order; `None` is skipped, and where the flag is set nothing is known of what was before.
pub(super) struct Read<'a, H, I> {
    pub(super) network: &'a FrameNetwork<H>,
    pub(super) arrays: Arrays<'a>,
    pub(super) frames: I,
    /// (U).
    pub(super) state: &'a mut [f32],
}

impl<H: Head, I: Iterator<Item = (Option<Frame>, bool)>> Kernel for Read<'_, H, I> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run(self) -> Vec<f64> {
        let Self { network, arrays, frames, state } = self;
        let mut biases = network.biases();
        let mut next = vec![0.0; state.len()];
        let mut nats = Vec::new();
        for (frame, reset) in frames {
            if reset {
                state.fill(0.0);
            }
            let Some(frame) = frame else { continue };
            biased(&arrays, state, &mut biases);
            nats.push(network.head.nats(arrays.own, &biases, frame));
            step(&arrays, state, &biases.hidden, frame, &mut next);
            state.copy_from_slice(&next);
        }
        nats
    }
}

/// Learns from one stream of a chunk: the sum of its surprises, and how many there are.
struct Learn<'a, 'c, H> {
    network: &'a FrameNetwork<H>,
    arrays: Arrays<'a>,
    chunk: &'a Chunk,
    stream: usize,
    carried: &'c mut [f32],
    chance: &'c mut Chance,
    slopes: Slopes<'c>,
}

impl<H: Head> Kernel for Learn<'_, '_, H> {
    type Output = (f64, usize);

    #[inline(always)]
    fn run(self) -> (f64, usize) {
        let Self { network, arrays, chunk, stream, carried, chance, mut slopes } = self;
        let (units, steps) = (network.units, chunk.steps);
        let (carried, chain_cells) = carried.split_at_mut(units);
        let mut chain = network.chain(chain_cells);
        // State before each step, what the head saw of it, and the slopes of the biases.
        let mut states = vec![0.0; (steps + 1) * units];
        let mut seen = vec![0.0; steps * units];
        let mut bias_slopes = vec![network.biases(); steps];
        let mut biases = network.biases();
        let mut frames = vec![None; steps];
        let (mut nats, mut counted) = (0.0, 0);
        states[..units].copy_from_slice(carried);
        let kept = 1.0 - network.dropout;
        for at in 0..steps {
            let index = at * chunk.streams + stream;
            let (before, after) = states.split_at_mut((at + 1) * units);
            let state = &mut before[at * units..];
            if chunk.resets[index] {
                state.fill(0.0);
            }
            if chunk.symbols[index] == IGNORED {
                after[..units].copy_from_slice(state);
                continue;
            }
            let frame = frame(row_of(chunk, index));
            frames[at] = Some(frame);
            let seen = &mut seen[at * units..][..units];
            seen.copy_from_slice(state);
            if network.dropout > 0.0 {
                for value in seen.iter_mut() {
                    *value = if chance.unit() < kept { *value / kept as f32 } else { 0.0 };
                }
            }
            biased(&arrays, seen, &mut biases);
            let mut lesson =
                Lesson { frame, chain: &mut chain, slopes: &mut bias_slopes[at], chance: &mut *chance };
            nats += network.head.learn(arrays.own, &biases, &mut lesson, slopes.own);
            counted += 1;
            step(&arrays, state, &biases.hidden, frame, &mut after[..units]);
        }
        carried.copy_from_slice(&states[steps * units..]);
        for (key, cell) in chain_cells.iter_mut().enumerate() {
            *cell = (chain >> key & 1) as f32;
        }
        let mut past = Past { states: &states, seen: &seen, bias_slopes: &mut bias_slopes, frames: &frames };
        let resets = (0..steps).map(|at| chunk.resets[at * chunk.streams + stream]);
        backwards(&arrays, &mut past, &resets.collect::<Vec<_>>(), kept as f32, &mut slopes);
        (nats, counted)
    }
}

/// What went by on the way forwards.
struct Past<'a> {
    states: &'a [f32],
    seen: &'a [f32],
    bias_slopes: &'a mut [Biases],
    frames: &'a [Option<Frame>],
}

/// Back-propagation through time.
#[inline(always)]
fn backwards(arrays: &Arrays, past: &mut Past, resets: &[bool], kept: f32, slopes: &mut Slopes) {
    let hidden = arrays.hidden.len();
    let units = arrays.to_visible.len() / KEYS;
    let tied = arrays.state_bias.len() != units;
    // Slope of the state after the step, then of what went into its function.
    let mut after = vec![0.0; units];
    let mut inner = vec![0.0; units];
    for at in (0..past.frames.len()).rev() {
        let Some(frame) = past.frames[at] else { continue };
        let biases = &mut past.bias_slopes[at];
        let state = &past.states[at * units..][..units];
        let next = &past.states[(at + 1) * units..][..units];
        let seen = &past.seen[at * units..][..units];
        for (inner, (after, next)) in inner.iter_mut().zip(after.iter().zip(next)) {
            *inner = after * if tied { next * (1.0 - next) } else { 1.0 - next * next };
        }
        let input = if tied { &mut *slopes.own } else { &mut *slopes.input };
        sounding(frame).for_each(|key| add_times(&mut input[key * units..][..units], 1.0, &inner));
        if tied {
            // What went into the state are the hidden units' biases at this frame, and the head's weights.
            add_times(&mut biases.hidden, 1.0, &inner);
        }
        add_times(slopes.state_bias, 1.0, &inner);
        add_times(slopes.visible, 1.0, &biases.visible);
        add_times(slopes.hidden, 1.0, &biases.hidden);
        for unit in 0..units {
            after[unit] = 0.0;
            if !tied {
                add_times(&mut slopes.recurrent[unit * units..][..units], state[unit], &inner);
            }
            if !resets[at] {
                if !tied {
                    after[unit] = dot(row(arrays.recurrent, unit, units), &inner);
                }
                // Where the state is 0, it may have been dropped: then the head's slopes don't reach it.
                if seen[unit] != 0.0 {
                    let (to_visible, to_hidden) =
                        (row(arrays.to_visible, unit, KEYS), row(arrays.to_hidden, unit, hidden));
                    let slope = dot(to_visible, &biases.visible) + dot(to_hidden, &biases.hidden);
                    after[unit] += slope / kept;
                }
                add_times(&mut slopes.to_visible[unit * KEYS..][..KEYS], seen[unit], &biases.visible);
                add_times(&mut slopes.to_hidden[unit * hidden..][..hidden], seen[unit], &biases.hidden);
            }
        }
    }
}
