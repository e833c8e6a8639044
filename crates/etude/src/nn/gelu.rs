//! The Gaussian error linear unit, in its tanh form (Hendrycks & Gimpel 2016).

use super::operation::Operation;
use crate::kernels::activation::tanh;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice, ParallelSliceMut};

/// √(2/π).
const SLOPE: f32 = 0.797_884_6;
/// The weight of the cubic term.
const CUBIC: f32 = 0.044_715;
/// Values that a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// The operation x → ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), of any shape.
#[derive(Debug)]
pub struct Gelu;

impl Operation for Gelu {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut out = vec![0.0; inputs[0].len()];
        let chunks = out.par_chunks_mut(CHUNK).zip(inputs[0].par_chunks(CHUNK));
        chunks.for_each(|(out, x)| fast(Values { x, out }));
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let mut change = gradient.to_vec();
        let chunks = change.par_chunks_mut(CHUNK).zip(inputs[0].par_chunks(CHUNK));
        chunks.for_each(|(change, x)| fast(Slopes { x, change }));
        vec![change]
    }
}

/// The values of some numbers.
struct Values<'a> {
    x: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Values<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (out, &x) in self.out.iter_mut().zip(self.x) {
            *out = 0.5 * x * (1.0 + tanh(SLOPE * (x + CUBIC * x * x * x)));
        }
    }
}

/// The gradient of the values becomes that of the numbers.
struct Slopes<'a> {
    x: &'a [f32],
    change: &'a mut [f32],
}

impl Kernel for Slopes<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (change, &x) in self.change.iter_mut().zip(self.x) {
            let t = tanh(SLOPE * (x + CUBIC * x * x * x));
            let inner = SLOPE * (1.0 + 3.0 * CUBIC * x * x);
            *change *= 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * inner;
        }
    }
}
