//! Corpora of rolls as MATLAB 5 files: the shape in which the four sets were published.
//!
//! Three variables, `traindata`, `validdata` and `testdata`, are cells of matrices (T, 88) of 0 and 1, column after column; the
//! first column is A0. Elements are a type, a size and data, and may be packed by zlib (MathWorks, *MAT-File Format*, level 5).

use super::Roll;
use super::file::Rolls;
use crate::corpus::Split;
use crate::packed::unpacked;
use crate::{Error, Fault, Place, Result};
use flate2::bufread::ZlibDecoder;

/// The lowest key of a roll, and how many there are.
const LOWEST: usize = 21;
const KEYS: usize = 88;

/// Types of elements, and of arrays.
const DOUBLE: u32 = 9;
const MATRIX: u32 = 14;
const PACKED: u32 = 15;
const CELL: u8 = 1;

/// What every file begins with: text, version, byte order.
const HEADER: usize = 128;

/// One element, and the rest after it.
struct Element<'a> {
    kind: u32,
    data: &'a [u8],
    rest: &'a [u8],
}

/// Whether bytes begin as a little-endian MATLAB 5 file does.
pub(super) fn is_matlab(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MATLAB 5.0") && bytes.get(126..HEADER) == Some(b"IM")
}

/// Reads a corpus.
///
/// # Errors
///
/// Elements that are cut off, variables of another name or shape.
pub(super) fn read(bytes: &[u8]) -> Result<Rolls> {
    let mut by_split: [Rolls; 3] = Default::default();
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let found = element(rest).ok_or_else(|| cut(at))?;
        rest = found.rest;
        let inner;
        let variable = match found.kind {
            PACKED => {
                inner = unpacked(ZlibDecoder::new(found.data), found.data.len(), "a corpus of rolls")?;
                element(&inner).ok_or_else(|| cut(at))?
            }
            _ => found,
        };
        let (name, class, _, pieces) = array(&variable).ok_or_else(|| cut(at))?;
        let split = match name {
            b"traindata" => Split::Train,
            b"validdata" => Split::Valid,
            b"testdata" => Split::Test,
            _ => continue,
        };
        if class != CELL {
            let found = format!("an array of class {class} in `{}data`", split.name());
            return Err(Fault::new(Place::Byte(at), found, "a cell of rolls").into());
        }
        by_split[split as usize] = cells(pieces, split)?;
    }
    let rolls: Rolls = by_split.into_iter().flatten().collect();
    match rolls.is_empty() {
        true => Err(Fault::new(Place::Whole, "no roll", "traindata, validdata and testdata").into()),
        false => Ok(rolls),
    }
}

fn cut(at: usize) -> Error {
    Fault::new(Place::Byte(at), "an element that is cut off or of another kind", "an array of MATLAB").into()
}

/// The pieces of a cell.
fn cells(mut rest: &[u8], split: Split) -> Result<Rolls> {
    let mut rolls = Rolls::new();
    while !rest.is_empty() {
        let index = rolls.len();
        let wrong = || {
            let found = format!("another array in `{}data`", split.name());
            Fault::new(Place::Item(index), found, "a matrix (T, 88) of 0 and 1")
        };
        let piece = element(rest).ok_or_else(wrong)?;
        rest = piece.rest;
        let (_, _, shape, data) = array(&piece).ok_or_else(wrong)?;
        let values = element(data).ok_or_else(wrong)?;
        let width = if values.kind == DOUBLE { 8 } else { 1 };
        let [steps, KEYS] = shape else { return Err(wrong().into()) };
        if steps == 0 || values.data.len() / KEYS / width != steps || values.data.len() % (KEYS * width) != 0
        {
            return Err(wrong().into());
        }
        let mut frames = vec![0u128; steps];
        for (at, cell) in values.data.chunks_exact(width).enumerate() {
            // No number but 0 has nothing but zeros for bytes.
            frames[at % steps] |= u128::from(cell.iter().any(|byte| *byte != 0)) << (LOWEST + at / steps);
        }
        rolls.push((format!("{}-{:03}", split.name(), index + 1), split, Roll { frames }));
    }
    Ok(rolls)
}

/// Name, class, rows and columns of an array, and what follows.
type Array<'a> = (&'a [u8], u8, [usize; 2], &'a [u8]);

/// An array, if the element is one.
fn array<'a>(whole: &Element<'a>) -> Option<Array<'a>> {
    let flags = element(whole.data).filter(|_| whole.kind == MATRIX)?;
    let shape = element(flags.rest)?;
    let name = element(shape.rest)?;
    let (sizes, []) = shape.data.as_chunks::<4>() else { return None };
    let [rows, columns] = sizes else { return None };
    let size = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes) as usize;
    Some((name.data, *flags.data.first()?, [size(rows), size(columns)], name.rest))
}

/// The first element of some bytes; small ones hold type, size and data in eight.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, after) = bytes.split_first_chunk::<4>()?;
    let tag = u32::from_le_bytes(*tag);
    if tag >> 16 != 0 {
        let (data, rest) = after.split_at_checked(4)?;
        return Some(Element { kind: tag & 0xffff, data: data.get(..(tag >> 16) as usize)?, rest });
    }
    let (size, after) = after.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*size) as usize;
    let data = after.get(..size)?;
    // All but packed ones are filled up to eight bytes.
    let whole = if tag == PACKED { size } else { size.next_multiple_of(8) };
    Some(Element { kind: tag, data, rest: after.get(whole..).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::super::read as read_any;
    use crate::corpus::shared::shared;

    #[test]
    fn the_published_files_hold_what_those_in_json_hold() {
        for name in ["JSB_Chorales", "Nottingham", "MuseData", "Piano_midi"] {
            let Some(path) = shared(&format!("polyphonic/{name}.mat")) else { return };
            let rolls = read_any(&std::fs::read(&path).expect("a file")).expect("a corpus");
            let json = std::fs::read(path.with_extension("json.gz")).expect("a file");
            assert!(rolls == read_any(&json).expect("a corpus"), "{name}");
        }
    }

    #[test]
    fn damaged_files_are_refused() {
        let Some(path) = shared("polyphonic/JSB_Chorales.mat") else { return };
        let bytes = std::fs::read(path).expect("a file");
        let mut bits = 7u64;
        for _ in 0..300 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut damaged = bytes.clone();
            let at = (bits >> 33) as usize % bytes.len();
            match bits >> 20 & 1 {
                0 => damaged.truncate(at),
                _ => damaged[at % 400] ^= 1 << (bits >> 24 & 7),
            }
            // It may still be whole where the damage changes only text; it never brings the program down.
            let _ = read_any(&damaged);
        }
        let error = read_any(&bytes[..200]).expect_err("cut off").to_string();
        assert!(error.starts_with("byte 128: found an element that is cut off"), "{error}");
    }
}
