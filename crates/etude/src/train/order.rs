//! In what order a training sees its sequences.
//!
//! An epoch lays all training sequences behind each other in an order of its own, drawn from the seed and the number of
//! the epoch alone. So where a training stands is told by the number of its updates.

use super::network::{Chunk, Order};
use crate::inference::chance::Chance;
use crate::nn::IGNORED;
use crate::sequence::Sequence;

/// The streams of chance of a training: its first weights, and for each epoch and update a stream of its own.
pub(super) const FIRST: u64 = 0;
const EPOCHS: u64 = 1 << 40;
pub(super) const UPDATES: u64 = 1 << 41;

/// Sequences behind each other.
#[derive(Debug, Default)]
struct Tape {
    /// (N, K).
    fields: Vec<u32>,
    /// (N).
    symbols: Vec<u32>,
    /// Whether a sequence begins, (N).
    begins: Vec<bool>,
    /// K.
    width: usize,
}

impl Tape {
    fn new<'a>(sequences: impl Iterator<Item = &'a Sequence>, width: usize) -> Self {
        let mut tape = Self { width, ..Self::default() };
        for sequence in sequences {
            tape.begins.extend((0..sequence.len()).map(|step| step == 0));
            tape.fields.extend_from_slice(&sequence.fields);
            tape.symbols.extend_from_slice(&sequence.symbols);
        }
        tape
    }

    /// `steps` steps from each of `starts`; beyond the end there are steps that don't count.
    fn chunk(&self, starts: impl ExactSizeIterator<Item = usize> + Clone, steps: usize) -> Chunk {
        let streams = starts.len();
        let mut chunk = Chunk { steps, streams, fields: Vec::new(), symbols: Vec::new(), resets: Vec::new() };
        for step in 0..steps {
            for at in starts.clone().map(|start| start + step) {
                match self.symbols.get(at) {
                    Some(&symbol) => {
                        chunk.fields.extend_from_slice(&self.fields[at * self.width..][..self.width]);
                        chunk.symbols.push(symbol);
                        chunk.resets.push(self.begins[at]);
                    }
                    None => {
                        chunk.fields.extend(std::iter::repeat_n(0, self.width));
                        chunk.symbols.push(IGNORED);
                        chunk.resets.push(true);
                    }
                }
            }
        }
        chunk
    }
}

/// The sizes of an epoch, the same for all epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    order: Order,
    /// All symbols, N.
    symbols: usize,
    /// B, at most as many as there are symbols or blocks.
    pub(super) streams: usize,
    /// T.
    steps: usize,
}

impl Shape {
    /// The sizes for N symbols; none for no symbol.
    pub(super) fn new(order: Order, symbols: usize, batch: usize, steps: usize) -> Option<Self> {
        let steps = steps.min(symbols);
        let most = match order {
            Order::Streams => symbols,
            Order::Blocks => symbols.checked_div(steps)?,
        };
        (symbols > 0).then_some(Self { order, symbols, streams: batch.min(most), steps })
    }

    /// Updates in an epoch.
    pub(super) fn updates(&self) -> u64 {
        let updates = match self.order {
            Order::Streams => (self.symbols / self.streams).div_ceil(self.steps),
            Order::Blocks => self.symbols / self.steps / self.streams,
        };
        updates as u64
    }
}

/// One epoch.
#[derive(Debug)]
pub(super) struct Epoch {
    shape: Shape,
    tape: Tape,
    /// Where blocks begin, in the order in which they are seen.
    blocks: Vec<usize>,
}

impl Epoch {
    /// Epoch number `index` of a training.
    pub(super) fn new(sequences: &[Sequence], width: usize, shape: Shape, seed: u64, index: u64) -> Self {
        let mut chance = Chance::new(seed, EPOCHS + index);
        let mut order: Vec<usize> = (0..sequences.len()).collect();
        chance.shuffle(&mut order);
        let tape = Tape::new(order.into_iter().map(|index| &sequences[index]), width);
        let mut blocks = Vec::new();
        if shape.order == Order::Blocks {
            let offset = chance.below(shape.symbols % shape.steps + 1);
            blocks = (0..shape.symbols / shape.steps).map(|block| offset + block * shape.steps).collect();
            chance.shuffle(&mut blocks);
        }
        Self { shape, tape, blocks }
    }

    /// The chunk of update number `update` of the epoch.
    pub(super) fn chunk(&self, update: u64) -> Chunk {
        let Shape { order, symbols, streams, steps } = self.shape;
        let update = update as usize;
        let (mut chunk, fresh) = match order {
            Order::Streams => {
                // What doesn't divide evenly, less than one symbol for each stream, is left out of this epoch.
                let length = symbols / streams;
                let start = update * steps;
                let starts = (0..streams).map(move |stream| stream * length + start);
                (self.tape.chunk(starts, steps.min(length - start)), update == 0)
            }
            Order::Blocks => {
                let blocks = &self.blocks[update * streams..(update + 1) * streams];
                (self.tape.chunk(blocks.iter().copied(), steps), true)
            }
        };
        if fresh {
            chunk.resets[..streams].fill(true);
        }
        chunk
    }
}

/// The chunks of held-out sequences, in order, each with what it needs to know of the one before.
///
/// Streams are cut where they fall, at least four chunks long where there is so much, and a block knows only itself; the
/// surprise after a cut is that of a model that hasn't seen what was before, so the mean is at most a little high.
pub(super) fn held_out(
    sequences: &[Sequence],
    width: usize,
    order: Order,
    batch: usize,
    steps: usize,
) -> Vec<Chunk> {
    let tape = Tape::new(sequences.iter(), width);
    let symbols = tape.symbols.len();
    if symbols == 0 {
        return Vec::new();
    }
    let mut chunks = Vec::new();
    match order {
        Order::Streams => {
            let streams = (symbols / (4 * steps)).clamp(1, batch);
            let length = symbols.div_ceil(streams);
            for start in (0..length).step_by(steps) {
                let starts = (0..streams).map(move |stream| stream * length + start);
                let mut chunk = tape.chunk(starts, steps.min(length - start));
                if start == 0 {
                    chunk.resets[..streams].fill(true);
                }
                chunks.push(chunk);
            }
        }
        Order::Blocks => {
            let starts: Vec<usize> = (0..symbols).step_by(steps).collect();
            for starts in starts.chunks(batch) {
                let mut chunk = tape.chunk(starts.iter().copied(), steps.min(symbols));
                chunk.resets[..starts.len()].fill(true);
                chunks.push(chunk);
            }
        }
    }
    chunks
}
