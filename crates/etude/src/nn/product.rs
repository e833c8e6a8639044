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

use pulp::{Simd, WithSimd};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

/// Rows of a tile, and vectors in each of them, with vectors of up to 8: 12 sums and 4 operands, the 16 registers of AVX2.
const FEW: usize = 4;
const LONG: usize = 3;
/// The same with vectors of 16, where AVX-512 has 32 registers: 16 sums. Rows of two vectors fit more widths without a rest.
const MANY: usize = 8;
const SHORT: usize = 2;
/// Values in a row of a tile on the widest machine.
const WIDEST: usize = 16 * SHORT;
/// Steps of the inner index in a block: a panel of the right matrix, 24 or 32 KB, fits into the first cache.
const DEPTH: usize = 256;
/// Values on a line of the cache.
const LINE: usize = 16;
/// The most rows of the left matrix that are packed at a time.
const MOST_ROWS: usize = 128;
/// Multiplications below which a product isn't worth a second thread.
const SMALL: usize = 1 << 18;

/// A matrix in a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// Distances in the slice from one row, and one column, to the next.
    strides: (usize, usize),
}

impl<'a> Matrix<'a> {
    /// A row-major matrix.
    pub(super) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix of {rows} × {columns}");
        Self { values, rows, columns, strides: (columns, 1) }
    }

    /// The same with rows and columns exchanged; nothing is copied.
    pub(super) fn transposed(self) -> Self {
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
pub(super) struct Packed {
    rows: usize,
    columns: usize,
    width: usize,
    values: Vec<f32>,
}

impl Packed {
    /// Makes a matrix ready.
    pub(super) fn new(matrix: Matrix) -> Self {
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

/// Columns of a panel.
fn width() -> usize {
    match lanes() {
        16 => 16 * SHORT,
        lanes => lanes * LONG,
    }
}

/// Rows of a tile.
fn height() -> usize {
    if lanes() == 16 { MANY } else { FEW }
}

/// Numbers in a vector.
fn lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    pulp::Arch::new().dispatch(Lanes)
}

/// One panel: `depth` rows of `width` columns from `column` on; columns that don't exist stay 0.
fn pack_right(
    matrix: Matrix,
    (start, depth): (usize, usize),
    column: usize,
    width: usize,
    panel: &mut [f32],
) {
    let columns = width.min(matrix.columns - column);
    let (row_stride, column_stride) = matrix.strides;
    if column_stride == 1 {
        for (row, panel) in panel.chunks_exact_mut(width).enumerate() {
            let from = (start + row) * row_stride + column;
            panel[..columns].copy_from_slice(&matrix.values[from..from + columns]);
        }
        return;
    }
    if row_stride == 1 {
        // A few rows at a time, so that what is written stays in the first cache.
        for (block, panel) in panel.chunks_mut(LINE * width).enumerate() {
            let rows = panel.len() / width;
            for offset in 0..columns {
                let from = start + block * LINE + (column + offset) * column_stride;
                let places = panel[offset..].iter_mut().step_by(width);
                places.zip(&matrix.values[from..from + rows]).for_each(|(place, value)| *place = *value);
            }
        }
        return;
    }
    for offset in 0..columns {
        let from = start * row_stride + (column + offset) * column_stride;
        let values = matrix.values[from..].iter().step_by(row_stride);
        for (row, value) in values.take(depth).enumerate() {
            panel[row * width + offset] = *value;
        }
    }
}

/// Panels of as many rows as a tile has; rows that don't exist are 0.
fn pack_left(matrix: Matrix, start: usize, depth: usize, panels: &mut Vec<f32>) {
    match height() {
        MANY => pack_rows::<MANY>(matrix, start, depth, panels),
        _ => pack_rows::<FEW>(matrix, start, depth, panels),
    }
}

/// As [`pack_left`], for tiles of `ROWS`.
fn pack_rows<const ROWS: usize>(matrix: Matrix, start: usize, depth: usize, panels: &mut Vec<f32>) {
    let (row_stride, column_stride) = matrix.strides;
    panels.clear();
    panels.resize(matrix.rows.next_multiple_of(ROWS) * depth, 0.0);
    for (index, panel) in panels.chunks_exact_mut(ROWS * depth).enumerate() {
        let (first, from) = (index * ROWS, index * ROWS * row_stride + start * column_stride);
        let (columns, _) = panel.as_chunks_mut::<ROWS>();
        let rows = ROWS.min(matrix.rows - first);
        if rows == ROWS && column_stride == 1 {
            // Rows that are read side by side.
            for row in 0..ROWS {
                let values = &matrix.values[from + row * row_stride..][..depth];
                columns.iter_mut().zip(values).for_each(|(column, value)| column[row] = *value);
            }
        } else if rows == ROWS && row_stride == 1 {
            // Neighbours.
            let values = matrix.values[from..].chunks(column_stride);
            for (column, values) in columns.iter_mut().zip(values) {
                *column = *values.first_chunk().expect("a row of the other matrix holds as many more values");
            }
        } else {
            for row in 0..rows {
                let values = matrix.values[from + row * row_stride..].iter().step_by(column_stride);
                columns.iter_mut().zip(values).for_each(|(column, value)| column[row] = *value);
            }
        }
    }
}

/// `out` becomes left · right, or gains it if `add`; on this thread. Shapes (M, K), (K, N), (M, N).
pub(super) fn multiply(left: Matrix, right: &Packed, out: &mut [f32], add: bool) {
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
    let width = width();
    // As many equal blocks for each thread as keep a block within MOST_ROWS.
    let blocks = threads * left.rows.div_ceil(threads * MOST_ROWS);
    let rows = left.rows.div_ceil(blocks).next_multiple_of(height());
    let mut packed = vec![0.0; DEPTH.min(right.rows) * columns.next_multiple_of(width)];
    for start in (0..right.rows).step_by(DEPTH) {
        let depth = DEPTH.min(right.rows - start);
        let packed = &mut packed[..depth * columns.next_multiple_of(width)];
        // The last panel may be narrower than before; what isn't written anew was 0 in every block.
        packed.par_chunks_exact_mut(depth * width).enumerate().for_each(|(panel, values)| {
            pack_right(right, (start, depth), panel * width, width, values);
            let rest = (panel + 1) * width - columns.min((panel + 1) * width);
            values.chunks_exact_mut(width).for_each(|row| row[width - rest..].fill(0.0));
        });
        let packed = &*packed;
        out.par_chunks_mut(rows * columns).enumerate().for_each(|(block, out)| {
            let mut panels = Vec::new();
            pack_left(left.rows(block * rows, out.len() / columns), start, depth, &mut panels);
            let add = add || start > 0;
            pulp::Arch::new().dispatch(Tiles { left: &panels, right: packed, depth, out, columns, add });
        });
    }
}

/// All tiles of a block of the product.
struct Tiles<'a> {
    left: &'a [f32],
    right: &'a [f32],
    depth: usize,
    out: &'a mut [f32],
    columns: usize,
    add: bool,
}

impl WithSimd for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => self.run::<S, MANY, SHORT>(simd),
            _ => self.run::<S, FEW, LONG>(simd),
        }
    }
}

impl Tiles<'_> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize, const VECTORS: usize>(self, simd: S) {
        let Self { left, right, depth, out, columns, add } = self;
        let width = VECTORS * S::F32_LANES;
        let mut edge = [0.0; MANY * WIDEST];
        for (panel, right) in right.chunks_exact(depth * width).enumerate() {
            let (right, _) = S::as_simd_f32s(right);
            let column = panel * width;
            for (left, out) in left.chunks_exact(depth * ROWS).zip(out.chunks_mut(ROWS * columns)) {
                if out.len() == ROWS * columns && column + width <= columns {
                    tile::<S, ROWS, VECTORS>(simd, left, right, &mut out[column..], columns, add);
                    continue;
                }
                // A tile at the edge is worked out beside the product.
                let present = width.min(columns - column);
                for (edge, out) in edge.chunks_exact_mut(width).zip(out.chunks_exact(columns)) {
                    edge[..present].copy_from_slice(&out[column..column + present]);
                }
                tile::<S, ROWS, VECTORS>(simd, left, right, &mut edge, width, add);
                for (edge, out) in edge.chunks_exact(width).zip(out.chunks_exact_mut(columns)) {
                    out[column..column + present].copy_from_slice(&edge[..present]);
                }
            }
        }
    }
}

/// One tile: `ROWS` rows of `VECTORS` vectors, `stride` apart.
#[inline(always)]
fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    left: &[f32],
    right: &[S::f32s],
    out: &mut [f32],
    stride: usize,
    add: bool,
) {
    let zero = simd.splat_f32s(0.0);
    // Every place of the sums is named by a number that is known, and no slice of them is taken: so they stay in registers.
    let mut sums = [[zero; VECTORS]; ROWS];
    if add {
        for row in 0..ROWS {
            let values = vectors::<S, VECTORS>(&out[row * stride..]);
            for vector in 0..VECTORS {
                sums[row][vector] = values[vector];
            }
        }
    }
    for (left, right) in left.as_chunks::<ROWS>().0.iter().zip(right.as_chunks::<VECTORS>().0) {
        for row in 0..ROWS {
            let factor = simd.splat_f32s(left[row]);
            for vector in 0..VECTORS {
                sums[row][vector] = simd.mul_add_f32s(factor, right[vector], sums[row][vector]);
            }
        }
    }
    for row in 0..ROWS {
        let (values, _) = S::as_mut_simd_f32s(&mut out[row * stride..]);
        for vector in 0..VECTORS {
            values[vector] = sums[row][vector];
        }
    }
}

/// The first vectors of a slice.
#[inline(always)]
fn vectors<S: Simd, const VECTORS: usize>(values: &[f32]) -> &[S::f32s; VECTORS] {
    S::as_simd_f32s(values).0.first_chunk().expect("a tile lies within the product")
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
