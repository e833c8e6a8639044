//! Products of matrices, on all threads or on one.
//!
//! Each element of a product is one chain of fused multiply-adds in the order of the inner index, whatever the vectors'
//! width, the blocks and the threads. So a product has the same bits everywhere; libraries that share the inner sum out
//! among threads or lanes can't promise that.
//!
//! The blocking follows Goto & van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, ACM TOMS 34 (2008): the
//! right matrix is packed into panels of a few vectors, the left one into panels of a few rows, and a tile of the product
//! stays in registers over a block of the inner index. A tile has 4 rows of 3 vectors where there are 16 registers, 8 of
//! 2 where there are 32.

mod pack;
mod tile;

use super::buffers::{give, take};
use pack::{pack_left, pack_right};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};
use tile::{Tiles, height, width};

/// Steps of the inner index in a block: a panel of the right matrix, 24 or 32 KB, fits into the first cache.
const DEPTH: usize = 256;
/// Values of the right matrix that are packed before threads use them: 1 MB.
const PACKED: usize = 1 << 18;
/// Fewer values than this are packed on one thread: it takes less time than calling another.
const FEW_VALUES: usize = 1 << 16;
/// The most rows of the left matrix that are packed at a time.
const MOST_ROWS: usize = 128;
/// Multiplications below which a product isn't worth a second thread.
const SMALL: usize = 1 << 18;

/// A matrix in a slice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// Distances in the slice from one row, and one column, to the next.
    strides: (usize, usize),
}

impl<'a> Matrix<'a> {
    /// A row-major matrix.
    pub(crate) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix of {rows} × {columns}");
        Self { values, rows, columns, strides: (columns, 1) }
    }

    /// The same with rows and columns exchanged; nothing is copied.
    pub(crate) fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, strides: (self.strides.1, self.strides.0), ..self }
    }

    /// A stretch of rows.
    fn rows(self, start: usize, rows: usize) -> Self {
        let values = if rows == 0 { &[] } else { &self.values[start * self.strides.0..] };
        Self { values, rows, ..self }
    }
}

/// A right matrix made ready for products: for each block of the inner index, panels of a few columns.
#[derive(Debug)]
pub(crate) struct Packed {
    rows: usize,
    columns: usize,
    width: usize,
    values: Vec<f32>,
}

impl Packed {
    /// Makes a matrix ready.
    pub(crate) fn new(matrix: Matrix) -> Self {
        let width = width();
        let mut values = vec![0.0; matrix.rows * matrix.columns.next_multiple_of(width)];
        let block = DEPTH * matrix.columns.next_multiple_of(width);
        for (index, values) in values.chunks_mut(block.max(1)).enumerate() {
            let start = index * DEPTH;
            let depth = DEPTH.min(matrix.rows - start);
            for (panel, values) in values.chunks_exact_mut(depth * width).enumerate() {
                pack_right(matrix, (start, depth), panel * width, width, values);
            }
        }
        Self { rows: matrix.rows, columns: matrix.columns, width, values }
    }
}

/// `out` becomes left · right, or gains it if `add`; on this thread. Shapes (M, K), (K, N), (M, N).
pub(crate) fn multiply(left: Matrix, right: &Packed, out: &mut [f32], add: bool) {
    assert_eq!((left.columns, left.rows * right.columns), (right.rows, out.len()), "shapes of a product");
    let (padded, columns) = (right.columns.next_multiple_of(right.width), right.columns);
    if out.is_empty() || right.rows == 0 {
        return;
    }
    let mut panels = Vec::new();
    for (index, values) in right.values.chunks(DEPTH * padded).enumerate() {
        let (start, depth) = (index * DEPTH, values.len() / padded);
        for (block, out) in out.chunks_mut(MOST_ROWS * columns).enumerate() {
            let rows = out.len() / columns;
            pack_left(left.rows(block * MOST_ROWS, rows), start, depth, &mut panels);
            let add = add || start > 0;
            pulp::Arch::new().dispatch(Tiles { left: &panels, right: values, depth, out, columns, add });
        }
    }
}

/// As [`multiply`], on all threads, with a right matrix that isn't packed yet.
pub(super) fn multiply_shared(left: Matrix, right: Matrix, out: &mut [f32], add: bool) {
    let (columns, threads) = (right.columns, rayon::current_num_threads());
    if threads == 1 || left.rows * columns * right.rows < SMALL {
        return multiply(left, &Packed::new(right), out, add);
    }
    assert_eq!((left.columns, left.rows * columns), (right.rows, out.len()), "shapes of a product");
    let (width, padded) = (width(), columns.next_multiple_of(width()));
    // As many equal blocks for each thread as keep a block within MOST_ROWS.
    let blocks = threads * left.rows.div_ceil(threads * MOST_ROWS);
    let rows = left.rows.div_ceil(blocks).next_multiple_of(height());
    // As many steps of the inner index as the second cache holds: threads are called together as seldom as can be.
    let most = DEPTH * (PACKED / (DEPTH * padded)).max(1);
    let mut packed = take(most.min(right.rows) * padded);
    for start in (0..right.rows).step_by(most) {
        let steps = most.min(right.rows - start);
        let packed = &mut packed[..steps * padded];
        pack_shared(right, start, width, packed);
        let packed = &*packed;
        out.par_chunks_mut(rows * columns).enumerate().for_each(|(block, out)| {
            let left = left.rows(block * rows, out.len() / columns);
            let mut panels = Vec::new();
            for (index, right) in packed.chunks(DEPTH * padded).enumerate() {
                let (start, depth) = (start + index * DEPTH, right.len() / padded);
                pack_left(left, start, depth, &mut panels);
                let add = add || start > 0;
                pulp::Arch::new().dispatch(Tiles { left: &panels, right, depth, out, columns, add });
            }
        });
    }
    give(packed);
}

/// Packs the rows from `start` on that `packed` has place for, on all threads if they are many.
fn pack_shared(right: Matrix, start: usize, width: usize, packed: &mut [f32]) {
    let (columns, padded) = (right.columns, right.columns.next_multiple_of(width));
    let few = packed.len() < FEW_VALUES;
    for (index, packed) in packed.chunks_mut(DEPTH * padded).enumerate() {
        let (start, depth) = (start + index * DEPTH, packed.len() / padded);
        let pack = |(panel, values): (usize, &mut [f32])| {
            pack_right(right, (start, depth), panel * width, width, values);
            // What was there before is not 0.
            let rest = (panel + 1) * width - columns.min((panel + 1) * width);
            if rest > 0 {
                values.chunks_exact_mut(width).for_each(|row| row[width - rest..].fill(0.0));
            }
        };
        match few {
            true => packed.chunks_exact_mut(depth * width).enumerate().for_each(pack),
            false => packed.par_chunks_exact_mut(depth * width).enumerate().for_each(pack),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, Packed, multiply, multiply_shared};
    use crate::inference::chance::Chance;

    fn numbers(chance: &mut Chance, count: usize) -> Vec<f32> {
        (0..count).map(|_| chance.unit() as f32 - 0.5).collect()
    }

    /// Fast products are, bit for bit, the chains of fused multiply-adds that they should be.
    #[track_caller]
    fn check(rows: usize, depth: usize, columns: usize) {
        let mut chance = Chance::new(3, 0);
        let (a, b) = (numbers(&mut chance, rows * depth), numbers(&mut chance, depth * columns));
        let before = numbers(&mut chance, rows * columns);
        for (turn_a, turn_b, add) in [(false, false, true), (true, false, false), (false, true, true)] {
            let left =
                if turn_a { Matrix::new(&a, depth, rows).transposed() } else { Matrix::new(&a, rows, depth) };
            let right = if turn_b {
                Matrix::new(&b, columns, depth).transposed()
            } else {
                Matrix::new(&b, depth, columns)
            };
            let at =
                |m: Matrix, row: usize, column: usize| m.values[row * m.strides.0 + column * m.strides.1];
            let mut slow = before.clone();
            for (index, value) in slow.iter_mut().enumerate() {
                let start = if add { *value } else { 0.0 };
                *value = (0..depth).fold(start, |sum, k| {
                    at(left, index / columns, k).mul_add(at(right, k, index % columns), sum)
                });
            }
            let (mut one, mut all) = (before.clone(), before.clone());
            multiply(left, &Packed::new(right), &mut one, add);
            multiply_shared(left, right, &mut all, add);
            assert!(one == slow && all == slow, "{rows} × {depth} × {columns}, {turn_a} {turn_b} {add}");
        }
    }

    #[test]
    fn small_products_and_odd_edges() {
        for (rows, depth, columns) in [(1, 1, 1), (4, 3, 24), (5, 7, 25), (3, 2, 100), (9, 1, 49)] {
            check(rows, depth, columns);
        }
    }

    #[test]
    fn products_of_several_blocks() {
        check(70, 300, 61);
        check(150, 600, 30);
    }
}
