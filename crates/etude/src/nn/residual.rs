//! A residual connection: the sum of two arrays.

use super::operation::Operation;

/// The operation (a, b) → a + b, of any shape.
#[derive(Debug)]
pub struct Residual;

impl Operation for Residual {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        inputs[0].iter().zip(inputs[1]).map(|(a, b)| a + b).collect()
    }

    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        vec![gradient.to_vec(), gradient.to_vec()]
    }
}
