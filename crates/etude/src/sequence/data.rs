//! Sequences to learn from.

use super::Guide;

/// One sequence: what a model reads at each step, and the symbol that stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The fields of each step, shape (T, K), row-major.
    pub fields: Vec<u32>,
    /// The symbol of each step, shape (T).
    pub symbols: Vec<u32>,
}

impl Sequence {
    /// A sequence of symbols that a guide follows from its beginning; `width` is the number of fields, K.
    pub fn follow(mut guide: Box<dyn Guide>, width: usize, symbols: &[u32]) -> Self {
        let mut fields = vec![0; width * symbols.len()];
        for (row, &symbol) in fields.chunks_exact_mut(width).zip(symbols) {
            guide.fields(row);
            guide.push(symbol as usize);
        }
        Self { fields, symbols: symbols.to_vec() }
    }

    /// A sequence that has no field but the symbol before; `alphabet` is Q.
    pub fn plain(symbols: &[u32], alphabet: usize) -> Self {
        let before = std::iter::once(alphabet as u32).chain(symbols.iter().copied());
        Self { fields: before.take(symbols.len()).collect(), symbols: symbols.to_vec() }
    }

    /// Steps, T.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether it has no step.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}

/// What a model learns from, and what tells when it has learnt enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequences {
    /// Symbols of the alphabet, Q.
    pub symbols: usize,
    /// How many values each field has, shape (K).
    pub fields: Vec<usize>,
    /// What is learnt.
    pub train: Vec<Sequence>,
    /// What is only measured, for early stopping and schedules; may be empty.
    pub valid: Vec<Sequence>,
}
