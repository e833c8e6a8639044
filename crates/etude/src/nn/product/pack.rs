//! Matrices in the order in which tiles read them.

use super::Matrix;
use super::tile::{FEW, MANY, height};

/// Values on a line of the cache.
const LINE: usize = 16;

/// One panel: `depth` rows of `width` columns from `column` on; columns that don't exist stay 0.
pub(super) fn pack_right(
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
pub(super) fn pack_left(matrix: Matrix, start: usize, depth: usize, panels: &mut Vec<f32>) {
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
