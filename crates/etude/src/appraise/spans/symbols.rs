//! Symbols as a model file holds them.

use super::BREAK;
use crate::error::Result;
use crate::shelf::{Reader, Tensor};

/// Symbols as shorts where all of them fit, the largest for a break.
pub(super) fn narrow(symbols: &[u32]) -> Tensor {
    let shape = vec![symbols.len()];
    match symbols.iter().any(|&symbol| symbol != BREAK && symbol >= u32::from(u16::MAX)) {
        true => Tensor::U32(shape, symbols.to_vec()),
        false => Tensor::U16(shape, symbols.iter().map(|&symbol| symbol.min(65_535) as u16).collect()),
    }
}

/// The way back of [`narrow`].
pub(super) fn wide(reader: &Reader, name: &str) -> Result<Vec<u32>> {
    if let Ok(symbols) = reader.numbers(name) {
        return Ok(symbols.to_vec());
    }
    let shorts = reader.shorts(name)?;
    Ok(shorts.iter().map(|&s| if s == u16::MAX { BREAK } else { s.into() }).collect())
}
