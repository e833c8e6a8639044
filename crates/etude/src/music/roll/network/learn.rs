//! A network over frames, for the shared training loop.

use super::super::frame::{Frame, KEYS};
use super::arrays::{Arrays, First, Layout, Slopes};
use super::backwards::Back;
use super::forwards::{Ready, Track};
use super::{Biases, Head, Lesson};
use crate::inference::chance::Chance;
use crate::nn::IGNORED;
use crate::sequence::Sequence;
use crate::train::network::{Chunk, Network, Order, Parameter};
use rayon::prelude::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Fields of a step: its frame in bytes.
pub(super) const FIELDS: usize = KEYS / 8;

/// Streams that a thread reads side by side.
const GROUP: usize = 16;

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
    pub(in super::super) first: First,
    /// Held-out frames of which one is measured while it learns.
    pub(in super::super) thinning: usize,
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

    /// One row of biases, 0 so far.
    pub(in super::super) fn biases(&self) -> Biases {
        Biases { visible: vec![0.0; KEYS], hidden: vec![0.0; self.head.hidden()] }
    }

    /// The frames of the group of streams of a chunk that begins with the first; `carried`, (N, carried), is what they carry.
    fn track(&self, chunk: &Chunk, first: usize, carried: &[f32]) -> Track {
        let streams = GROUP.min(chunk.streams - first);
        let places = (0..chunk.steps)
            .flat_map(|step| (0..streams).map(move |stream| step * chunk.streams + first + stream));
        let frame_at =
            |at: usize| (chunk.symbols[at] != IGNORED).then(|| frame(&chunk.fields[at * FIELDS..][..FIELDS]));
        let frames = places.clone().map(frame_at).collect();
        let resets = places.map(|at| chunk.resets[at]).collect();
        let mut state = Vec::with_capacity(streams * self.units);
        if self.units > 0 {
            carried.chunks_exact(self.carried()).for_each(|one| state.extend_from_slice(&one[..self.units]));
        }
        Track::new(frames, resets, streams, &state)
    }

    /// Learns from some streams: the sum of their surprises, how many frames there are, and the sum of their gradients.
    fn group(
        &self,
        (ready, back): (&Ready<H>, &Back),
        (chunk, first): (&Chunk, usize),
        carried: &mut [f32],
        mut chance: Chance,
    ) -> (f64, usize, Vec<f32>) {
        let mut track = self.track(chunk, first, carried);
        ready.read(&mut track, Some(&mut chance));
        let (n, hidden, rows) = (track.streams, self.head.hidden(), track.frames.len());
        let mut chains: Vec<Frame> =
            (0..n).map(|at| carried.get(at * self.carried() + self.units..).map_or(0, chain)).collect();
        let mut flat = vec![0.0; self.layout().count()];
        let mut slopes = Slopes::new(&mut flat, self.layout());
        let mut bias_slopes = Biases { visible: vec![0.0; rows * KEYS], hidden: vec![0.0; rows * hidden] };
        let mut nats = 0.0;
        for at in (0..rows).step_by(n) {
            let mut lesson = Lesson {
                frames: &track.frames[at..][..n],
                biases: track.biases.rows().part(at, n),
                chains: &mut chains,
                visible: &mut bias_slopes.visible[at * KEYS..][..n * KEYS],
                hidden: &mut bias_slopes.hidden[at * hidden..][..n * hidden],
                chance: &mut chance,
            };
            nats += self.head.learn(&ready.head, &mut lesson, slopes.own);
        }
        if self.carried() > 0 {
            for (at, carried) in carried.chunks_exact_mut(self.carried()).enumerate() {
                let (state, cells) = carried.split_at_mut(self.units);
                state.copy_from_slice(&track.last()[at * self.units..][..self.units]);
                for (key, cell) in cells.iter_mut().enumerate() {
                    *cell = (chains[at] >> key & 1) as f32;
                }
            }
        }
        back.run(self, &track, &mut bias_slopes, &mut slopes);
        (nats, track.frames.iter().flatten().count(), flat)
    }
}

/// The chain that is carried as 0 and 1.
fn chain(cells: &[f32]) -> Frame {
    let cells = cells.iter().take(KEYS).enumerate();
    cells.fold(0, |frame, (key, cell)| frame | Frame::from(*cell > 0.5) << key)
}

impl<H: Head> Network for FrameNetwork<H> {
    fn identity(&self) -> String {
        let tied = if self.tied { "tied" } else { "own" };
        let Self { units, dropout, head, .. } = self;
        format!("frames, {units} units {tied}, dropout {dropout}, {head:?}, first {:x}", self.first.mark())
    }

    fn order(&self) -> Order {
        if self.units == 0 { Order::Blocks } else { Order::Streams }
    }

    fn parameters(&self) -> Vec<Parameter> {
        self.layout().parameters(&self.first)
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
        let arrays = Arrays::new(parameters, self.layout());
        let (ready, back) = (Ready::new(self, arrays), Back::new(self, &arrays));
        let (seed, each) = (chance.bits(), GROUP * self.carried());
        let groups = chunk.streams.div_ceil(GROUP);
        // Without anything that is carried there is nothing to cut.
        let parts: Vec<&mut [f32]> = if each == 0 {
            (0..groups).map(|_| <&mut [f32]>::default()).collect()
        } else {
            carried.chunks_mut(each).collect()
        };
        let parts = parts.into_par_iter().enumerate().map(|(group, carried)| {
            let chance = Chance::new(seed, group as u64);
            self.group((&ready, &back), (chunk, group * GROUP), carried, chance)
        });
        let parts: Vec<(f64, usize, Vec<f32>)> = parts.collect();
        let (mut nats, mut counted, mut flat) = (0.0, 0, vec![0.0; parameters.len()]);
        for (own, frames, gradient) in parts {
            nats += own;
            counted += frames;
            flat.iter_mut().zip(gradient).for_each(|(sum, slope)| *sum += slope);
        }
        let share = 1.0 / counted.max(1) as f32;
        flat.iter_mut().for_each(|slope| *slope *= share);
        (nats, flat)
    }

    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64 {
        let ready = Ready::new(self, Arrays::new(parameters, self.layout()));
        let mut heard = Heard::default();
        self.hear(&ready, chunk, carried, &mut heard);
        self.surprise(&ready, &heard)
    }

    fn measure_all(&self, parameters: &[f32], chunks: &[Chunk]) -> f64 {
        let ready = Ready::new(self, Arrays::new(parameters, self.layout()));
        let mut heard = Heard::default();
        let streams = chunks.iter().map(|chunk| chunk.streams).max().unwrap_or(0);
        let mut carried = vec![0.0; streams * self.carried()];
        chunks.iter().for_each(|chunk| self.hear(&ready, chunk, &mut carried, &mut heard));
        self.surprise(&ready, &heard)
    }
}

/// Held-out frames that are to be measured.
#[derive(Default)]
struct Heard {
    /// Every frame of the chunks, those that are left out too.
    all: usize,
    frames: Vec<Frame>,
    /// A single row where there is no memory.
    biases: Biases,
}

impl<H: Head> FrameNetwork<H> {
    /// Reads a chunk.
    fn hear(&self, ready: &Ready<H>, chunk: &Chunk, carried: &mut [f32], heard: &mut Heard) {
        for first in (0..chunk.streams).step_by(GROUP) {
            let end = chunk.streams.min(first + GROUP);
            let carried = &mut carried[first * self.carried()..end * self.carried()];
            let mut track = self.track(chunk, first, carried);
            ready.read(&mut track, None);
            if self.units > 0 {
                let states = track.last().chunks_exact(self.units);
                let carried = carried.chunks_exact_mut(self.carried());
                carried.zip(states).for_each(|(one, state)| one[..self.units].copy_from_slice(state));
            } else {
                heard.biases = track.biases.clone();
            }
            for (at, frame) in track.frames.iter().enumerate() {
                let Some(frame) = *frame else { continue };
                heard.all += 1;
                if !(heard.all - 1).is_multiple_of(self.thinning) {
                    continue;
                }
                heard.frames.push(frame);
                if self.units > 0 {
                    let row = track.biases.rows().of(at);
                    heard.biases.visible.extend_from_slice(row.visible);
                    heard.biases.hidden.extend_from_slice(row.hidden);
                }
            }
        }
    }

    /// Each frame stands for those that are left out.
    fn surprise(&self, ready: &Ready<H>, heard: &Heard) -> f64 {
        let nats = self.head.nats(&ready.head, &heard.biases, &heard.frames).iter().sum::<f64>();
        nats * heard.all as f64 / heard.frames.len().max(1) as f64
    }
}
