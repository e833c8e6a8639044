//! What models of voices share: the shape that their pieces have, and the order in which a step decides its voices.

use crate::error::{Error, Result};
use etude_piece::score::Grid;

/// The number of voices of all training pieces, and their steps in a quarter.
///
/// # Errors
///
/// No pieces, or pieces that differ in either.
pub(super) fn shape(grids: &[Grid]) -> Result<(usize, usize)> {
    let of = |grid: &Grid| (grid.voices(), grid.frame.steps_per_quarter);
    let first = grids.first().ok_or_else(|| Error::usage("no training pieces", "a corpus with some"))?;
    if grids.iter().all(|grid| of(grid) == of(first)) {
        return Ok(of(first));
    }
    Err(Error::usage("pieces of different shapes", "equal numbers of voices and steps in a quarter"))
}

/// The order in which a step decides its voices: the top one, the bottom one, then the inner ones upwards.
pub(super) fn outer_first(voices: usize) -> Vec<usize> {
    std::iter::once(0).chain((1..voices).rev()).collect()
}
