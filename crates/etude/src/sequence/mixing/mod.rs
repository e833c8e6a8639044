//! Context mixing: many contexts each tell what they know, and a small network that learns as it reads weighs them.
//!
//! Mahoney, *Adaptive weighing of context models for lossless data compression*, Florida Tech CS-2005-16, 2005 (PAQ); as
//! gated mixtures: Knoll & de Freitas, *A machine learning perspective on predictive coding with PAQ8*, DCC 2012,
//! arXiv:1108.3298.
//!
//! ```text
//!     p(symbol | past) = Π_d p(bit_d | node_d, past)                                  along the symbol's path in the code
//!     p(1 | node, past) = ½ squash(s) + ¼ r₁(s) + ¼ r₂(s),   s = v · (w₁·x, …, w_M·x)
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | node | decisions | Q − 1 | inner nodes of a Huffman code of the Q symbols |
//! | x | inputs | 3 for each context, and 3 | log-odds and signs from slots and from a copied run |
//! | w | mixers | rows of as many | M = 4, or 5 with fields; the row is chosen by node, last symbols, run, fields |
//! | v | last mixer | (nodes, M) | weighs the mixers |
//! | r | refinements | rows of 33 | curves, chosen by node and last symbols |
//!
//! Each context (`contexts`) finds a slot at each node (`slot`): a history of its bits, whose meaning is learnt (`maps`), and
//! a probability. After each symbol all of this learns; a trained model may go on learning from what it reads and writes, each
//! stream for itself (`learns=true`), or only move its contexts on. In both cases the probabilities of all symbols sum to 1
//! and each is above 0.
//!
//! Where we differ from PAQ: symbols instead of bytes, paths of a Huffman code instead of eight bits, contexts told apart by
//! 32 bits of their hash, and contexts that came once kept as their symbol alone. A model file holds the training text and
//! the weights; slots are made anew from the text when it is loaded (`replay`).

mod code;
mod contexts;
mod decision;
mod layout;
mod logistic;
mod maps;
mod memory;
mod options;
mod overlay;
mod past;
mod replay;
mod slot;
mod spelling;
mod store;
mod stream;
mod streams;
mod table;
#[cfg(test)]
mod tests;
mod train;
mod weights;

pub use options::settings;
pub use store::load;
pub use train::train;

use super::{SequenceModel, Streams};
use crate::model::Settings;
use crate::shelf::Tensors;
use code::Code;
use layout::Layout;
use memory::Learnt;
use options::Options;

/// Most symbols of an alphabet, so that one more fits into 16 bits.
const MOST_SYMBOLS: usize = 65_534;

/// What stays as it is while streams read.
#[derive(Debug, Clone)]
struct Frame {
    layout: Layout,
    code: Code,
    /// The training sequences behind each other, Q before each.
    text: Vec<u16>,
}

/// A trained mixing model.
#[derive(Debug)]
pub(super) struct Mixing {
    options: Options,
    frame: Frame,
    learnt: Learnt,
    /// The further fields of the training sequences, (T, K − 1).
    others: Vec<u32>,
}

impl SequenceModel for Mixing {
    fn name(&self) -> &'static str {
        "mixing"
    }

    fn symbols(&self) -> usize {
        self.frame.layout.symbols()
    }

    fn fields(&self) -> &[usize] {
        &self.frame.layout.fields
    }

    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(streams::Mixed::new(self, streams))
    }

    fn tensors(&self) -> Tensors {
        store::tensors(self)
    }

    fn settings(&self) -> Settings {
        self.options.settings()
    }
}
