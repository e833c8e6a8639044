//! Bytes to text: UTF-8, UTF-16 with or without a byte order mark, and Latin-1 where the XML declaration says so.

use super::room::Room;
use crate::{Fault, Place, Result};
use std::borrow::Cow;

/// The file's text, without a byte order mark; what is no UTF-8 takes room for a copy.
pub(super) fn decode<'a>(bytes: &'a [u8], room: &mut Room) -> Result<Cow<'a, str>> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes, room),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes, room),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes, room),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes, room),
        [b'P', b'K', 3, 4, ..] => {
            Err(Fault::new(Place::Whole, "an archive inside the archive", "XML text").into())
        }
        _ if says_latin1(bytes) && !bytes.is_ascii() => {
            let letters = bytes.iter().map(|&byte| char::from(byte));
            Ok(Cow::Owned(collected(letters, room)?))
        }
        _ => utf8(bytes, 0),
    }
}

/// UTF-8 that begins at byte `start` of the file.
fn utf8(bytes: &[u8], start: usize) -> Result<Cow<'_, str>> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let at = error.valid_up_to();
        Fault::new(Place::Byte(start + at), format!("byte 0x{:02x}", bytes[at]), "UTF-8")
            .hint("save the file as UTF-8, or name its encoding in the XML declaration")
            .into()
    })
}

/// UTF-16 in the byte order of `unit`.
fn utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16, room: &mut Room) -> Result<Cow<'a, str>> {
    if !bytes.len().is_multiple_of(2) {
        return Err(Fault::new(Place::Whole, "UTF-16 of an odd number of bytes", "two bytes for each unit")
            .hint("the file was cut off, or is in another encoding")
            .into());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    if let Some(Err(error)) = char::decode_utf16(units.clone()).find(std::result::Result::is_err) {
        let found = format!("the lone surrogate 0x{:04x}", error.unpaired_surrogate());
        return Err(Fault::new(Place::Whole, found, "UTF-16").hint("save the file as UTF-8").into());
    }
    Ok(Cow::Owned(collected(char::decode_utf16(units).flatten(), room)?))
}

/// Letters as a text that takes room for just as many bytes as it needs.
fn collected(letters: impl Iterator<Item = char> + Clone, room: &mut Room) -> Result<String> {
    let size = letters.clone().map(char::len_utf8).sum();
    room.take(size, || Place::Whole)?;
    let mut text = String::with_capacity(size);
    text.extend(letters);
    Ok(text)
}

/// Whether the XML declaration names Latin-1.
fn says_latin1(bytes: &[u8]) -> bool {
    let end = bytes.len().min(120);
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let declaration = head.split("?>").next().unwrap_or_default();
    declaration.starts_with("<?xml")
        && ["iso-8859-1", "latin1", "latin-1"].iter().any(|name| declaration.contains(name))
}
