//! One row for all, and all rows in one: biases and their gradients, on all threads.

use super::buffers::take;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

/// Rows that a thread takes at a time.
pub(super) const SHARE: usize = 64;

/// Columns that a thread takes at a time.
const COLUMNS: usize = 64;

/// `rows` copies of a row.
pub(super) fn repeated(row: &[f32], rows: usize) -> Vec<f32> {
    let mut out = take(rows * row.len());
    out.par_chunks_mut(SHARE * row.len()).for_each(|share| {
        share.chunks_exact_mut(row.len()).for_each(|out| out.copy_from_slice(row));
    });
    out
}

/// The sum of all rows of a matrix of `width` columns, row after row.
pub(super) fn column_sums(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0; width];
    sums.par_chunks_mut(COLUMNS).enumerate().for_each(|(share, sums)| {
        fast(Sums { rows, width, from: share * COLUMNS, sums });
    });
    sums
}

/// The sums of some columns, from `from` on.
struct Sums<'a> {
    rows: &'a [f32],
    width: usize,
    from: usize,
    sums: &'a mut [f32],
}

impl Kernel for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for row in self.rows.chunks_exact(self.width) {
            self.sums.iter_mut().zip(&row[self.from..]).for_each(|(sum, value)| *sum += value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{column_sums, repeated};

    #[test]
    fn many_rows_and_their_sums() {
        let row: Vec<f32> = (0..150).map(|n| n as f32).collect();
        let rows = repeated(&row, 130);
        assert_eq!(rows, row.repeat(130));
        assert_eq!(column_sums(&rows, 150), row.iter().map(|x| x * 130.0).collect::<Vec<f32>>());
    }
}
