//! What the training loop asks of a network.

use crate::inference::chance::Chance;

/// A network that [`super::fit::fit`] can fit. Its parameters are one flat vector, in the order of
/// [`Network::parameters`].
pub trait Network: Sync {
    /// What it is, in words that differ wherever its training would.
    fn identity(&self) -> String;

    /// How it reads what it learns from.
    fn order(&self) -> Order;

    /// What it has to learn.
    fn parameters(&self) -> Vec<Parameter>;

    /// Numbers that each stream carries over from one chunk to the next; 0 for none.
    fn carried(&self) -> usize {
        0
    }

    /// Is told before each update which share of the training is done, 0..1: for what is annealed.
    fn stands(&self, _share: f64) {}

    /// Learns from one chunk: the sum of all surprises and the gradient of their mean, shape (P).
    ///
    /// `carried`, (B · [`Network::carried`]) in the network's own order, is what the chunk before left, and becomes what
    /// this one leaves. Randomness, such as dropout, comes from `chance`.
    fn learn(
        &self,
        parameters: &[f32],
        chunk: &Chunk,
        carried: &mut [f32],
        chance: &mut Chance,
    ) -> (f64, Vec<f32>);

    /// The sum of all surprises of one chunk, nats, without dropout.
    fn measure(&self, parameters: &[f32], chunk: &Chunk, carried: &mut [f32]) -> f64;

    /// The same of several chunks that follow each other; for networks that measure many at once more cheaply.
    fn measure_all(&self, parameters: &[f32], chunks: &[Chunk]) -> f64 {
        let streams = chunks.iter().map(|chunk| chunk.streams).max().unwrap_or(0);
        let mut carried = vec![0.0; streams * self.carried()];
        chunks.iter().map(|chunk| rayon::scope(|_| self.measure(parameters, chunk, &mut carried))).sum()
    }
}

/// How a network reads its sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Side by side: all sequences in a drawn order behind each other, cut into as many streams as a batch has; each
    /// chunk goes on where the one before ended, with its state.
    Streams,
    /// Piece by piece: all sequences in a drawn order behind each other, cut into blocks at a drawn offset; a chunk is a
    /// batch of blocks in a drawn order, and each block knows only itself.
    Blocks,
}

/// One array of parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// How many.
    pub length: usize,
    /// Whether weight decay pulls at them: at matrices, not at biases and gains.
    pub decays: bool,
    /// What they are at first.
    pub initial: Initial,
}

/// What parameters are at first.
#[derive(Debug, Clone, PartialEq)]
pub enum Initial {
    /// Uniform in −x..x.
    Uniform(f32),
    /// Normal with mean 0 and this standard deviation.
    Normal(f32),
    /// These very numbers.
    Given(Vec<f32>),
}

impl Parameter {
    /// Draws first values.
    pub fn draw(&self, chance: &mut Chance) -> Vec<f32> {
        match &self.initial {
            Initial::Given(values) => values.clone(),
            Initial::Uniform(most) => {
                (0..self.length).map(|_| (2.0 * chance.unit() - 1.0) as f32 * most).collect()
            }
            Initial::Normal(deviation) => {
                (0..self.length).map(|_| normal(chance) as f32 * deviation).collect()
            }
        }
    }
}

/// A normal number by Box & Muller 1958.
fn normal(chance: &mut Chance) -> f64 {
    let (radius, turn) = (1.0 - chance.unit(), chance.unit());
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(std::f64::consts::TAU * turn)
}

/// One flat vector as the arrays that it consists of.
pub fn arrays<'a>(parameters: &[Parameter], mut flat: &'a [f32]) -> Vec<&'a [f32]> {
    let mut arrays = Vec::with_capacity(parameters.len());
    for parameter in parameters {
        let (array, rest) = flat.split_at(parameter.length);
        arrays.push(array);
        flat = rest;
    }
    arrays
}

/// What a network learns from at once: T steps of B streams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// T.
    pub steps: usize,
    /// B.
    pub streams: usize,
    /// (T, B, K).
    pub fields: Vec<u32>,
    /// (T, B); [`crate::nn::IGNORED`] where there is none.
    pub symbols: Vec<u32>,
    /// Where a sequence begins, or where what was before isn't known, (T, B).
    pub resets: Vec<bool>,
}
