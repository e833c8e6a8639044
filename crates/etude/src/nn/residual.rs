//! A residual connection: the sum of two arrays.

use super::operation::Operation;
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice, ParallelSliceMut};

/// Values that a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// The operation (a, b) → a + b, of any shape.
#[derive(Debug)]
pub struct Residual;

impl Operation for Residual {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut out = inputs[0].to_vec();
        let chunks = out.par_chunks_mut(CHUNK).zip(inputs[1].par_chunks(CHUNK));
        chunks.for_each(|(out, b)| out.iter_mut().zip(b).for_each(|(out, b)| *out += b));
        out
    }

    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        vec![gradient.to_vec(), gradient.to_vec()]
    }
}
