//! Tiles of a product, in the widest vectors of the machine.

use pulp::{Simd, WithSimd};

/// Rows of a tile, and vectors in each of them, with vectors of up to 8: 12 sums and 4 operands, the 16 registers of AVX2.
pub(super) const FEW: usize = 4;
const LONG: usize = 3;
/// The same with vectors of 16, where AVX-512 has 32 registers: 16 sums. Rows of two vectors fit more widths without a rest.
pub(super) const MANY: usize = 8;
const SHORT: usize = 2;
/// Values in a row of a tile on the widest machine.
const WIDEST: usize = 16 * SHORT;

/// Columns of a panel.
pub(super) fn width() -> usize {
    match lanes() {
        16 => 16 * SHORT,
        lanes => lanes * LONG,
    }
}

/// Rows of a tile.
pub(super) fn height() -> usize {
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

/// All tiles of a block of the product.
pub(super) struct Tiles<'a> {
    pub(super) left: &'a [f32],
    pub(super) right: &'a [f32],
    pub(super) depth: usize,
    pub(super) out: &'a mut [f32],
    pub(super) columns: usize,
    pub(super) add: bool,
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
#[expect(clippy::manual_memcpy, reason = "a slice of the sums would take them out of the registers")]
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
