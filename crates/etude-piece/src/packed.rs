//! Unpacking inside a limit: what is packed may not grow out of proportion to its file.

use crate::{Error, Fault, Place, Result};
use flate2::bufread::GzDecoder;
use std::borrow::Cow;
use std::io::Read;

/// How many times larger than packed the bytes may be: corpora repeat themselves, by up to 40 times in Nottingham.
const MOST_PACKED: u64 = 128;

/// What may always be unpacked, in bytes.
const LEAST_ROOM: u64 = 1 << 20;

/// What packed bytes hold, at most in proportion to their number; `expected` names what they should be.
pub(crate) fn unpacked(reader: impl Read, packed: usize, expected: &str) -> Result<Vec<u8>> {
    let most = LEAST_ROOM + MOST_PACKED * packed as u64;
    let mut bytes = Vec::new();
    let read = reader.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        Error::from(Fault::new(Place::Whole, format!("broken packing ({error})"), expected))
    })?;
    if bytes.len() as u64 > most {
        let found = format!("{packed} bytes that unpack to more than {most}");
        let fault = Fault::new(Place::Whole, found, expected);
        return Err(fault.hint("if it is one, unpack it first").into());
    }
    Ok(bytes)
}

/// The bytes themselves, or what they hold if they are gzip.
pub(crate) fn plain<'a>(bytes: &'a [u8], expected: &str) -> Result<Cow<'a, [u8]>> {
    match bytes.starts_with(&[0x1f, 0x8b]) {
        true => unpacked(GzDecoder::new(bytes), bytes.len(), expected).map(Cow::Owned),
        false => Ok(Cow::Borrowed(bytes)),
    }
}
