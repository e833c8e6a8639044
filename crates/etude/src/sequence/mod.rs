//! Models of sequences: each knows the log-probabilities of the next symbol, given all before it.
//!
//! A sequence has steps. At each step a model reads K whole numbers, its *fields*, and foretells one symbol of an alphabet of
//! Q. Field 0 is always the symbol of the step before, or Q at the very first step; an art may add others, such as the
//! place in the bar or the chord that sounds. Counts look at what fields they like; networks add up one row of a table for
//! each field.
//!
//! ```text
//!     fields (T, K)   each below its size in `fields()`        symbols (T)   each below Q
//! ```
//!
//! What fields say, and which symbols may come, an art tells by a [`Guide`] that follows the sequence as it is written.
//! `inference/autoregressive` draws sequences from any model under any guide.

mod data;
pub mod engine;
pub mod lstm;
pub mod ngram;
pub mod precision;
pub mod transformer;

pub use data::{Sequence, Sequences};

use crate::model::Settings;
use crate::shelf::Tensors;

/// A trained model of sequences.
pub trait SequenceModel: Send + Sync {
    /// What kind of model it is, such as `lstm`.
    fn name(&self) -> &'static str;

    /// Symbols of its alphabet, Q ≥ 1.
    fn symbols(&self) -> usize;

    /// How many values each field has, shape (K); the first is Q + 1.
    fn fields(&self) -> &[usize];

    /// Begins `streams` sequences, all at their first step.
    fn begin(&self, streams: usize) -> Box<dyn Streams + '_>;

    /// The same model as a finite chain, where it remembers no more than a few symbols, and nothing but symbols.
    fn chain(&self) -> Option<&dyn Chain> {
        None
    }

    /// Everything it has learnt, by name.
    fn tensors(&self) -> Tensors;

    /// What the training used, by name.
    fn settings(&self) -> Settings;
}

/// Sequences in the making, read side by side.
pub trait Streams: Send {
    /// How many there are, N.
    fn count(&self) -> usize;

    /// Reads the fields of one step of every stream, shape (N, K), and tells ln p of the symbol of that step, (N, Q).
    ///
    /// A model that learns as it reads learns here from field 0, the symbol before.
    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]);

    /// Reads one step of the only stream and the symbol that stands there, and tells −ln p of that symbol, nats.
    ///
    /// The same as a step, of which it may do less: `scratch`, shape (Q), holds nothing afterwards.
    fn read(&mut self, fields: &[u32], symbol: u32, scratch: &mut [f64]) -> f64 {
        self.step(fields, scratch);
        -scratch[symbol as usize]
    }

    /// Stream n becomes a copy of what stream `parents[n]` is; the number of streams becomes that of `parents`.
    fn select(&mut self, parents: &[usize]);
}

/// A model with a finite number of states: a Markov chain with its context as state.
pub trait Chain: Send + Sync {
    /// How many states there are, S.
    fn states(&self) -> usize;

    /// The state before the first symbol.
    fn start(&self) -> usize;

    /// The state after a symbol.
    fn after(&self, state: usize, symbol: usize) -> usize;

    /// ln p of each symbol in a state, shape (Q).
    fn log_probabilities(&self, state: usize, log_probabilities: &mut [f64]);
}

/// Follows one sequence while it is written: what the model reads next, what may come, and when it is done.
pub trait Guide: Send {
    /// The fields of the step to come, shape (K).
    fn fields(&self, fields: &mut [u32]);

    /// Adds to each of `log_odds`, shape (Q), what this step asks of its symbol: −∞ forbids it.
    ///
    /// It never forbids everything: a symbol is allowed only if from there the sequence can be finished, so there are no
    /// dead ends. What isn't −∞ is a soft wish, or a look-ahead: then it is ln β(after the symbol) − ln β(here), where β
    /// estimates how likely the rest can be met, and 1 at the end.
    fn weigh(&self, log_odds: &mut [f64]);

    /// Takes the symbol of this step.
    fn push(&mut self, symbol: usize);

    /// Whether the sequence is finished.
    fn is_done(&self) -> bool;

    /// A copy, for another particle or beam.
    fn fork(&self) -> Box<dyn Guide>;
}

/// −ln p of every symbol of a sequence in order, nats, shape (T).
///
/// # Panics
///
/// Fields or symbols beyond those that the model knows.
pub fn surprise(model: &dyn SequenceModel, sequence: &Sequence) -> Vec<f64> {
    let width = model.fields().len();
    let mut scratch = vec![0.0; model.symbols()];
    let mut stream = model.begin(1);
    let steps = sequence.fields.chunks_exact(width).zip(&sequence.symbols);
    steps.map(|(fields, &symbol)| stream.read(fields, symbol, &mut scratch)).collect()
}
