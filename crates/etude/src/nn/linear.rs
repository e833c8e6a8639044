//! A dense layer: y = x W + b.

use super::operation::Operation;
use super::product::{Matrix, multiply_shared};
use super::rows::{column_sums, repeated};

/// The operation (x, W, b) → y, shapes (N, I), (I, O), (O) → (N, O).
#[derive(Debug)]
pub struct Linear {
    /// Width of x, I.
    pub input: usize,
    /// Width of y, O.
    pub output: usize,
}

impl Operation for Linear {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[x, weights, bias] = inputs else { unreachable!("an operation of three arrays") };
        let rows = x.len() / self.input;
        let mut out = repeated(bias, rows);
        let weights = Matrix::new(weights, self.input, self.output);
        multiply_shared(Matrix::new(x, rows, self.input), weights, &mut out, true);
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[x, weights, _] = inputs else { unreachable!("an operation of three arrays") };
        let rows = x.len() / self.input;
        let change = Matrix::new(gradient, rows, self.output);
        let mut dx = vec![0.0; x.len()];
        let back = Matrix::new(weights, self.input, self.output).transposed();
        multiply_shared(change, back, &mut dx, false);
        let mut dw = vec![0.0; weights.len()];
        multiply_shared(Matrix::new(x, rows, self.input).transposed(), change, &mut dw, false);
        vec![dx, dw, column_sums(gradient, self.output)]
    }
}

/// The operation (x, table, b) → x Eᵀ + b, shapes (N, D), (≥ Q, D), (Q) → (N, Q), where E is the first Q rows of the table
/// of the input: what Press & Wolf 2017 call tied embeddings.
#[derive(Debug)]
pub struct Tied {
    /// Width of x and of the table, D.
    pub width: usize,
    /// Symbols, Q.
    pub symbols: usize,
}

impl Operation for Tied {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let &[x, table, bias] = inputs else { unreachable!("an operation of three arrays") };
        let Self { width, symbols } = *self;
        let rows = x.len() / width;
        let mut out = repeated(bias, rows);
        let columns = Matrix::new(&table[..symbols * width], symbols, width).transposed();
        multiply_shared(Matrix::new(x, rows, width), columns, &mut out, true);
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let &[x, table, _] = inputs else { unreachable!("an operation of three arrays") };
        let Self { width, symbols } = *self;
        let rows = x.len() / width;
        let change = Matrix::new(gradient, rows, symbols);
        let mut dx = vec![0.0; x.len()];
        multiply_shared(change, Matrix::new(&table[..symbols * width], symbols, width), &mut dx, false);
        let mut shared = vec![0.0; table.len()];
        let part = &mut shared[..symbols * width];
        multiply_shared(change.transposed(), Matrix::new(x, rows, width), part, false);
        vec![dx, shared, column_sums(gradient, symbols)]
    }
}
