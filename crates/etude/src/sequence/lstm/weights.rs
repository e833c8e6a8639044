//! What a recurrent network has learnt, as plain arrays.

/// The weights of a network. H is the width, G the gates of a cell: 4 or 3.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// How many values each field has, (K).
    pub fields: Vec<usize>,
    /// Symbols of the alphabet, Q.
    pub symbols: usize,
    /// Width of every layer, H.
    pub width: usize,
    /// What the layers consist of.
    pub cell: Cell,
    /// From the input to the output.
    pub layers: Vec<Layer>,
    /// (H, Q), row-major.
    pub output: Vec<f32>,
    /// (Q).
    pub output_bias: Vec<f32>,
}

/// Kinds of recurrent cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Gates in the order i, f, g, o.
    Lstm,
    /// Gates in the order r, z, n, where n = tanh(x + r ⊙ (h U + b)).
    Gru,
}

impl Cell {
    /// Gates, G.
    pub fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }
}

/// One layer, all matrices row-major.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    /// Of the first layer (Σ N_k, G·H): a row for each value of each field; of the others (H, G·H).
    pub input: Vec<f32>,
    /// (H, G·H).
    pub recurrent: Vec<f32>,
    /// (G·H).
    pub bias: Vec<f32>,
    /// b of the candidate of a GRU, (H); empty for an LSTM.
    pub recurrent_bias: Vec<f32>,
}
