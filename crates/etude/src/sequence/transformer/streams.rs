//! Many sequences, one step at a time.

use super::attention::Attention;
use super::{Network, Packed, Scaling};
use crate::kernels::activation::gelu;
use crate::kernels::line::{self, Line};
use crate::kernels::norm::{LayerNorm, log_probabilities};
use crate::kernels::vector::{Kernel, fast};
use crate::sequence;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

/// The states of N sequences.
pub(super) struct Streams<'a> {
    network: &'a Network,
    /// N.
    count: usize,
    /// Steps that were read.
    step: u64,
    layers: Vec<Memory>,
    space: Space,
}

/// What a layer remembers: a ring for each head of each stream.
#[derive(Clone)]
struct Memory {
    /// Lines (N, heads, window/16, d).
    keys: Vec<Line>,
    /// Lines (N, heads, window, d/16).
    values: Vec<Line>,
}

/// Working arrays.
#[derive(Default)]
struct Space {
    /// cos and sin of the step's angles, each (d/2).
    turn: (Vec<f32>, Vec<f32>),
    /// Lines (D/16, N).
    x: Vec<Line>,
    normal: Vec<Line>,
    found: Vec<Line>,
    /// What the matrices put out, lines (J/16, N).
    wide: Vec<Line>,
    narrow: Vec<Line>,
    odds: Vec<Line>,
    /// Query, key and value of each head, (N, heads, 3, d).
    heads: Vec<f32>,
    /// Lines (N, heads, window/16).
    scores: Vec<Line>,
    /// Lines (N, heads, d/16).
    seen: Vec<Line>,
    /// Memory of the streams that are selected.
    spare: Vec<Line>,
}

impl<'a> Streams<'a> {
    pub(super) fn new(network: &'a Network, count: usize) -> Self {
        let (heads, size) = (network.heads * count, network.head());
        let keys = vec![Line::ZERO; heads * Line::count(network.window) * size];
        let values = vec![Line::ZERO; heads * network.window * Line::count(size)];
        let layers = vec![Memory { keys, values }; network.layers.len()];
        let mut streams = Self { network, count, step: 0, layers, space: Space::default() };
        streams.make_room();
        streams
    }

    /// Makes the working arrays as long as the number of streams asks.
    fn make_room(&mut self) {
        let (network, count, space) = (self.network, self.count, &mut self.space);
        let (heads, size, layer) = (network.heads * count, network.head(), &network.layers[0]);
        let lines = Line::count(network.width) * count;
        for array in [&mut space.x, &mut space.normal, &mut space.found] {
            array.resize(lines, Line::ZERO);
        }
        space.wide.resize(layer.qkv.lines().max(layer.up.lines()) * count, Line::ZERO);
        space.narrow.resize(layer.down.lines() * count, Line::ZERO);
        space.odds.resize(network.output.lines() * count, Line::ZERO);
        space.heads.resize(heads * 3 * size, 0.0);
        space.scores.resize(heads * Line::count(network.window), Line::ZERO);
        space.seen.resize(heads * Line::count(size), Line::ZERO);
    }
}

impl sequence::Streams for Streams<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn step(&mut self, fields: &[u32], odds: &mut [f64]) {
        if self.count == 0 {
            return;
        }
        line::together(self.network.work() * self.count, || self.advance(fields, odds));
    }

    fn select(&mut self, parents: &[usize]) {
        for Memory { keys, values } in self.layers.iter_mut().filter(|_| self.count > 0) {
            for lines in [keys, values] {
                let size = lines.len() / self.count;
                self.space.spare.clear();
                for &parent in parents {
                    self.space.spare.extend_from_slice(&lines[parent * size..][..size]);
                }
                std::mem::swap(lines, &mut self.space.spare);
            }
        }
        self.count = parents.len();
        self.make_room();
    }
}

impl Streams<'_> {
    /// One step of at least one stream.
    fn advance(&mut self, fields: &[u32], odds: &mut [f64]) {
        let (network, count, space) = (self.network, self.count, &mut self.space);
        network.embed(fields, count, &mut space.x);
        network.turn(self.step, &mut space.turn);
        for (layer, memory) in network.layers.iter().zip(&mut self.layers) {
            network.normalise(&layer.norm1, &space.x, &mut space.normal);
            network.attend(layer, self.step, count, memory, space);
            layer.projection.apply(&space.found, count, &mut space.narrow);
            fast(Add(&mut space.x, &space.narrow));
            network.normalise(&layer.norm2, &space.x, &mut space.normal);
            let up = &mut space.wide[..layer.up.lines() * count];
            layer.up.apply(&space.normal, count, up);
            fast(Gelu(up));
            layer.down.apply(up, count, &mut space.narrow);
            fast(Add(&mut space.x, &space.narrow));
        }
        self.step += 1;
        network.normalise(&network.final_norm, &space.x, &mut space.normal);
        network.output.apply(&space.normal, count, &mut space.odds);
        for (stream, odds) in odds.chunks_exact_mut(network.symbols).enumerate() {
            log_probabilities(&space.odds, count, stream, odds);
        }
    }
}

impl Network {
    /// The sum of the rows of each stream's fields, lines (D/16, N).
    fn embed(&self, fields: &[u32], streams: usize, x: &mut [Line]) {
        x.fill(Line::ZERO);
        let lines = Line::count(self.width);
        for (stream, fields) in fields.chunks_exact(self.fields.len()).enumerate() {
            let mut offset = 0;
            for (&value, &values) in fields.iter().zip(&self.fields) {
                assert!((value as usize) < values, "a field has a value that the model doesn't know");
                let row = &self.table[(offset + value as usize) * lines..][..lines];
                for (x, &weights) in x.iter_mut().skip(stream).step_by(streams).zip(row) {
                    *x = x.zip(weights, |sum, weight| sum + weight);
                }
                offset += values;
            }
        }
    }

    /// cos and sin of the angles of a step, in f64 and by the same code on every platform.
    fn turn(&self, step: u64, (cos, sin): &mut (Vec<f32>, Vec<f32>)) {
        cos.clear();
        sin.clear();
        for pair in 0..self.head() / 2 {
            let slowness = libm::pow(10_000.0, -2.0 * pair as f64 / self.head() as f64);
            let (s, c) = libm::sincos(step as f64 * slowness);
            cos.push(c as f32);
            sin.push(s as f32);
        }
    }

    fn normalise(&self, Scaling { gain, bias }: &Scaling, inputs: &[Line], outputs: &mut [Line]) {
        fast(LayerNorm { inputs, gain, bias, width: self.width, outputs });
    }

    /// What the heads of all streams find, lines (D/16, N), into `space.found`.
    fn attend(&self, layer: &Packed, step: u64, count: usize, memory: &mut Memory, space: &mut Space) {
        let (size, width, heads) = (self.head(), self.width, self.heads);
        let wide = &mut space.wide[..layer.qkv.lines() * count];
        layer.qkv.apply(&space.normal, count, wide);
        for (at, numbers) in space.heads.chunks_exact_mut(size).enumerate() {
            let (stream, head, part) = (at / 3 / heads, at / 3 % heads, at % 3);
            for (place, number) in numbers.iter_mut().enumerate() {
                let column = part * width + head * size + place;
                *number = wide[column / Line::LEN * count + stream].0[column % Line::LEN];
            }
        }
        let window = self.window;
        let (slot, filled) = ((step % window as u64) as usize, (step + 1).min(window as u64) as usize);
        let turn = (space.turn.0.as_slice(), space.turn.1.as_slice());
        let lines = Line::count(size);
        let keys = memory.keys.par_chunks_exact_mut(Line::count(window) * size);
        keys.zip(memory.values.par_chunks_exact_mut(window * lines))
            .zip(space.scores.par_chunks_exact_mut(Line::count(window)))
            .zip(space.seen.par_chunks_exact_mut(lines))
            .zip(space.heads.par_chunks_exact_mut(3 * size))
            .with_min_len(line::share(2 * filled * size))
            .for_each(|((((keys, values), scores), found), numbers)| {
                let (query, rest) = numbers.split_at_mut(size);
                let (key, value) = rest.split_at_mut(size);
                fast(Attention { query, key, value, turn, slot, filled, keys, values, scores, found });
            });
        for (at, found) in space.seen.chunks_exact(lines).enumerate() {
            let (stream, head) = (at / heads, at % heads);
            for place in 0..size {
                let column = head * size + place;
                let number = found[place / Line::LEN].0[place % Line::LEN];
                space.found[column / Line::LEN * count + stream].0[column % Line::LEN] = number;
            }
        }
    }
}

/// Adds lines to lines, as far as there are some.
struct Add<'a>(&'a mut [Line], &'a [Line]);

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (sum, &line) in self.0.iter_mut().zip(self.1) {
            *sum = sum.zip(line, |a, b| a + b);
        }
    }
}

/// GELU of all numbers.
struct Gelu<'a>(&'a mut [Line]);

impl Kernel for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for line in self.0 {
            *line = line.map(gelu);
        }
    }
}
