//! One array of numpy: its heading and its numbers.

use super::pickle;
use crate::{Error, Fault, Place, Result};

/// Numbers in the order of their rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) numbers: Vec<f64>,
}

/// What a file of an array holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Numbers.
    One(Array),
    /// Arrays.
    Many(Vec<Array>),
}

/// Reads the file of an array.
pub(super) fn read(bytes: &[u8]) -> Result<Content> {
    let wrong = |found: &str| Error::from(Fault::new(Place::Whole, found, "an array of numpy"));
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(|| wrong("other bytes"))?;
    let (size, start) = match rest {
        [1, _, a, b, ..] => (usize::from(u16::from_le_bytes([*a, *b])), 4),
        [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, 6),
        _ => return Err(wrong("another version of arrays")),
    };
    let cut = || wrong("an array that is cut off");
    let heading = rest.get(start..start + size).ok_or_else(cut)?;
    let heading = std::str::from_utf8(heading).map_err(|_| wrong("a heading that is no text"))?;
    let data = &rest[start + size..];
    let (kind, shape) = parsed(heading).ok_or_else(|| wrong("another heading"))?;
    match kind {
        "|O" => pickle::arrays(data).map(Content::Many),
        _ => numbers(kind, shape, data).map(Content::One),
    }
}

/// The type and the shape in a heading such as `{'descr': '<i2', 'fortran_order': False, 'shape': (3, 4), }`.
fn parsed(heading: &str) -> Option<(&str, Vec<usize>)> {
    let after = |name: &str| Some(heading.split_once(&format!("'{name}':"))?.1.trim_start());
    let kind = after("descr")?.strip_prefix('\'')?.split('\'').next()?;
    if !after("fortran_order")?.starts_with("False") {
        return None;
    }
    let shape = after("shape")?.strip_prefix('(')?.split(')').next()?;
    let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
    Some((kind, sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?))
}

/// Numbers of a type, such as `<i2` or `f8`.
pub(super) fn numbers(kind: &str, shape: Vec<usize>, data: &[u8]) -> Result<Array> {
    let wrong =
        |found: String| Error::from(Fault::new(Place::Whole, found, "integers, or floats of 4 or 8 bytes"));
    let is_big = kind.starts_with('>');
    let plain = kind.trim_start_matches(['<', '>', '|', '=']);
    let bytes = match plain {
        "i1" | "u1" | "b1" => 1,
        "i2" | "u2" => 2,
        "i4" | "u4" | "f4" => 4,
        "i8" | "u8" | "f8" => 8,
        _ => return Err(wrong(format!("numbers of type `{}`", kind.chars().take(40).collect::<String>()))),
    };
    let size = shape.iter().try_fold(bytes, |size: usize, &side| size.checked_mul(side));
    if size != Some(data.len()) {
        return Err(wrong(format!("{} bytes for an array of shape {shape:?}", data.len())));
    }
    let number = |chunk: &[u8]| {
        let mut eight = [0; 8];
        for (index, &byte) in chunk.iter().enumerate() {
            eight[if is_big { chunk.len() - 1 - index } else { index }] = byte;
        }
        let [a, b, c, d, ..] = eight;
        match plain {
            "i1" => f64::from(a as i8),
            "u1" | "b1" => f64::from(a),
            "i2" => f64::from(i16::from_le_bytes([a, b])),
            "u2" => f64::from(u16::from_le_bytes([a, b])),
            "i4" => f64::from(i32::from_le_bytes([a, b, c, d])),
            "u4" => f64::from(u32::from_le_bytes([a, b, c, d])),
            "f4" => f64::from(f32::from_le_bytes([a, b, c, d])),
            "i8" => i64::from_le_bytes(eight) as f64,
            "u8" => u64::from_le_bytes(eight) as f64,
            _ => f64::from_le_bytes(eight),
        }
    };
    Ok(Array { shape, numbers: data.chunks_exact(bytes).map(number).collect() })
}
