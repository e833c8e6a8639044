//! One step of sixteen units of every stream, from their sums.

use super::Cell;
use crate::kernels::activation::{sigmoid, tanh};
use crate::kernels::line::Line;
use crate::kernels::vector::Kernel;

/// The step of sixteen units.
pub(crate) struct Update<'a> {
    pub(crate) cell: Cell,
    /// What came in. LSTM: lines (4, N), gates i, f, g, o. GRU: lines (6, N), gates r, z, n from the input, then from the
    /// layer itself.
    pub(crate) sums: &'a [Line],
    /// LSTM: c. GRU: h. Lines (N), renewed in place.
    pub(crate) memory: &'a mut [Line],
    /// h after the step, lines (N).
    pub(crate) hidden: &'a mut [Line],
}

impl Kernel for Update<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let streams = self.memory.len();
        let sum = |gate: usize, stream: usize| self.sums[gate * streams + stream];
        for (stream, (memory, hidden)) in self.memory.iter_mut().zip(self.hidden).enumerate() {
            match self.cell {
                Cell::Lstm => {
                    let (input, forget) = (sum(0, stream).map(sigmoid), sum(1, stream).map(sigmoid));
                    let (candidate, output) = (sum(2, stream).map(tanh), sum(3, stream).map(sigmoid));
                    let news = input.zip(candidate, |i, g| i * g);
                    let kept = forget.zip(*memory, |f, c| f * c);
                    *memory = kept.zip(news, |a, b| a + b);
                    *hidden = output.zip(memory.map(tanh), |o, c| o * c);
                }
                Cell::Gru => {
                    let add = |a: f32, b: f32| a + b;
                    let reset = sum(0, stream).zip(sum(3, stream), add).map(sigmoid);
                    let update = sum(1, stream).zip(sum(4, stream), add).map(sigmoid);
                    let past = reset.zip(sum(5, stream), |r, u| r * u);
                    let candidate = sum(2, stream).zip(past, add).map(tanh);
                    let change = memory.zip(candidate, |h, n| h - n);
                    *memory = candidate.zip(update.zip(change, |z, d| z * d), add);
                    *hidden = *memory;
                }
            }
        }
    }
}
