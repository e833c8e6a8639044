//! What a transformer has learnt, as plain arrays.

/// The weights of a transformer. All matrices are row-major; D is the width.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// How many values each field has, (K).
    pub fields: Vec<usize>,
    /// Symbols of the alphabet, Q.
    pub symbols: usize,
    /// Width, D.
    pub width: usize,
    /// Heads of every layer; D / heads is even.
    pub heads: usize,
    /// Steps that attention sees, the current one counted.
    pub window: usize,
    /// From the input to the output.
    pub layers: Vec<Layer>,
    /// (Σ N_k, D): a row for each value of each field.
    pub input: Vec<f32>,
    /// Before the output.
    pub final_norm: Norm,
    /// (D, Q).
    pub output: Vec<f32>,
    /// (Q).
    pub output_bias: Vec<f32>,
}

/// A layer normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// (D).
    pub gain: Vec<f32>,
    /// (D).
    pub bias: Vec<f32>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Before attention.
    pub norm1: Norm,
    /// Queries, keys and values side by side, (D, 3D).
    pub qkv: Vec<f32>,
    /// (3D).
    pub qkv_bias: Vec<f32>,
    /// After attention, (D, D).
    pub projection: Vec<f32>,
    /// (D).
    pub projection_bias: Vec<f32>,
    /// Before the two dense layers.
    pub norm2: Norm,
    /// (D, 4D).
    pub up: Vec<f32>,
    /// (4D).
    pub up_bias: Vec<f32>,
    /// (4D, D).
    pub down: Vec<f32>,
    /// (D).
    pub down_bias: Vec<f32>,
}
