//! Arrays of numpy: `.npz` as sketch-rnn's data are kept.
//!
//! | array | what it is |
//! |---|---|
//! | `(N)` of arrays `(points, 3)` | drawings as stroke-3: what sketch-rnn's own files hold |
//! | `(N, points, 5)` | drawings as stroke-5, padded |
//! | `(points, 3)`, `(points, 5)` | one drawing |
//!
//! Their names tell the split: `train`, `valid`, `test`, or none. Numbers are integers or floats of 4 or 8 bytes, or integers of 1 or 2.
//! Arrays of arrays are pickles, which are programs; no program is run: of their language only those few words are read that
//! numpy writes for lists of arrays, and every other word is refused.

mod archive;

mod array;

mod pickle;

mod calls;

#[cfg(test)]
mod tests;

use super::stroke3::{Row3, Row5, from_stroke3, from_stroke5};
use super::{Drawing, Strokes};
use crate::corpus::Split;
use crate::{Error, Fault, Place, Result};
use array::{Array, Content};

/// What is expected of a file.
const SHAPE: &str = "arrays (points, 3), (points, 5), (N, points, 5), or N of (points, 3)";

/// Whether bytes begin as a zip archive with arrays does.
pub(super) fn is_npz(bytes: &[u8]) -> bool {
    let name = bytes.get(30..).unwrap_or_default();
    bytes.starts_with(b"PK\x03\x04") && name[..name.len().min(64)].windows(4).any(|four| four == b".npy")
}

/// Reads all drawings, called by their split or array and their number in it, such as `train-12`.
///
/// # Errors
///
/// Broken archives, arrays of other shapes or types, pickles of anything but arrays, and drawings that stroke-3 refuses.
pub fn read(bytes: &[u8]) -> Result<Vec<Drawing>> {
    let mut drawings = Vec::new();
    for (name, bytes) in archive::arrays(bytes)? {
        let split = Split::ALL.into_iter().find(|split| split.name() == name);
        let wrong = |error: Error| match error {
            Error::Fault(mut fault) => {
                fault.found = format!("{} in `{name}`", fault.found);
                Error::Fault(fault)
            }
            other => other,
        };
        let many = match array::read(&bytes).map_err(wrong)? {
            Content::One(array) => apart(&array).map_err(wrong)?,
            Content::Many(arrays) => arrays.iter().map(alone).collect::<Result<_>>().map_err(wrong)?,
        };
        let named = many.into_iter().enumerate();
        drawings.extend(named.map(|(index, strokes)| Drawing {
            name: format!("{name}-{}", index + 1),
            split,
            strokes,
        }));
    }
    match drawings.is_empty() {
        true => Err(Fault::new(Place::Whole, "no drawing", SHAPE).into()),
        false => Ok(drawings),
    }
}

/// The drawings of one array.
fn apart(array: &Array) -> Result<Vec<Strokes>> {
    match array.shape.as_slice() {
        [_, _, 5] => {
            let size = array.shape[1] * 5;
            array.numbers.chunks_exact(size.max(1)).map(|numbers| from_stroke5(&rows::<5>(numbers))).collect()
        }
        _ => alone(array).map(|strokes| vec![strokes]),
    }
}

/// The one drawing of an array.
fn alone(array: &Array) -> Result<Strokes> {
    match array.shape.as_slice() {
        [_, 3] => from_stroke3(&rows::<3>(&array.numbers) as &[Row3]),
        [_, 5] => from_stroke5(&rows::<5>(&array.numbers) as &[Row5]),
        shape => Err(Fault::new(Place::Whole, format!("an array of shape {shape:?}"), SHAPE).into()),
    }
}

/// Numbers as rows.
fn rows<const N: usize>(numbers: &[f64]) -> Vec<[f64; N]> {
    let row = |row: &[f64]| std::array::from_fn(|index| row[index]);
    numbers.chunks_exact(N).map(row).collect()
}
