//! Rows of numbers, in one fixed order of operations, so that no vector width changes a bit.

use crate::kernels::activation;

/// Row `index` of a matrix with rows of `width`.
#[inline(always)]
pub(in super::super) fn row(matrix: &[f32], index: usize, width: usize) -> &[f32] {
    &matrix[index * width..][..width]
}

/// Adds `times · from` to `to`.
#[inline(always)]
pub(in super::super) fn add_times(to: &mut [f32], times: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += times * from;
    }
}

/// The inner product: sixteen sums side by side, then the sum of those.
#[inline(always)]
pub(in super::super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    let mut sums = [0.0f32; 16];
    for (a, b) in a.0.iter().zip(b.0) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let mut rest = 0.0;
    for (a, b) in a.1.iter().zip(b.1) {
        rest += a * b;
    }
    for half in [8, 4, 2, 1] {
        for place in 0..half {
            sums[place] += sums[place + half];
        }
    }
    sums[0] + rest
}

/// The logistic function of each number.
#[inline(always)]
pub(in super::super) fn sigmoid(from: &[f32], to: &mut [f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = activation::sigmoid(*from);
    }
}
