//! The chunks of a soundfont that matter, found in any order, and a clean file made of them.

use crate::error::{Fault, Place, Result};
use std::io::{Cursor, Read, repeat};

/// The samples, and the seven tables that say how they become instruments.
#[derive(Debug, Default)]
pub(super) struct Chunks<'a> {
    /// In the order of [`NAMES`].
    data: [Option<Chunk<'a>>; NAMES.len()],
}

/// Where a chunk's data stand in the file, and the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) byte: usize,
    pub(super) data: &'a [u8],
}

/// The chunks that are needed. Modulators aren't: the synthesizer has none.
const NAMES: [&[u8; 4]; 8] = [b"smpl", b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"shdr"];

impl<'a> Chunks<'a> {
    /// Finds the chunks in a file.
    pub(super) fn find(bytes: &'a [u8]) -> Result<Self> {
        if !(bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"sfbk")) {
            let start = bytes[..bytes.len().min(12)].escape_ascii().to_string();
            let fault = Fault::new(Place::Byte(0), format!("`{start}`"), "`RIFF`, a size and `sfbk`");
            return Err(fault.hint("this is no SoundFont 2 file").into());
        }
        let mut found = Self::default();
        let whole = Walk { bytes, at: 0, end: bytes.len() }.next_chunk()?;
        let mut lists = Walk { bytes, at: whole.byte + 4, end: whole.byte + whole.data.len() };
        while lists.at < lists.end {
            let list = lists.next_chunk()?;
            if list.name != *b"LIST" || list.data.len() < 4 {
                continue;
            }
            let mut inner = Walk { bytes, at: list.byte + 4, end: list.byte + list.data.len() };
            while inner.at < inner.end {
                let chunk = inner.next_chunk()?;
                found.keep(chunk)?;
            }
        }
        match found.data.iter().position(Option::is_none) {
            None => Ok(found),
            Some(missing) => {
                let name = NAMES[missing].escape_ascii();
                Err(Fault::new(Place::Whole, format!("no chunk `{name}`"), "all chunks of a soundfont")
                    .into())
            }
        }
    }

    fn keep(&mut self, Named { name, byte, data }: Named<'a>) -> Result<()> {
        let Some(place) = NAMES.iter().position(|known| **known == name) else { return Ok(()) };
        if self.data[place].replace(Chunk { byte, data }).is_some() {
            let found = format!("a second chunk `{}`", name.escape_ascii());
            return Err(Fault::new(Place::Byte(byte), found, "one of each kind").into());
        }
        Ok(())
    }

    /// One of the chunks that every soundfont has.
    pub(super) fn get(&self, name: &[u8; 4]) -> Chunk<'a> {
        let place = NAMES.iter().position(|known| *known == name);
        place.and_then(|place| self.data[place]).expect("no `Chunks` is made without all of `NAMES`")
    }

    /// A soundfont of these chunks alone, with other sample `headers` and `silence` (in bytes) after the recording;
    /// every size is as it should be. To be read once.
    pub(super) fn file(&self, headers: &[u8], silence: usize) -> impl Read + use<'a> {
        let lists: [(&[u8; 4], &[&[u8; 4]]); 3] =
            [(b"INFO", &[]), (b"sdta", &NAMES[..1]), (b"pdta", &NAMES[1..])];
        let size = |name: &[u8; 4]| match name {
            b"smpl" => self.get(name).data.len() + silence,
            b"shdr" => headers.len(),
            _ => self.get(name).data.len(),
        };
        let sum = |names: &[&[u8; 4]]| names.iter().map(|name| 8 + size(name)).sum::<usize>();
        let start = head(b"RIFF", lists.iter().map(|(_, names)| 12 + sum(names)).sum(), b"sfbk");
        let mut file: Box<dyn Read + 'a> = Box::new(Cursor::new(start));
        for (kind, names) in lists {
            file = Box::new(file.chain(Cursor::new(head(b"LIST", sum(names), kind))));
            for &name in names {
                let start = [&name[..], &(size(name) as u32).to_le_bytes()].concat();
                file = Box::new(file.chain(Cursor::new(start)));
                file = match name {
                    b"smpl" => {
                        Box::new(file.chain(self.get(name).data).chain(repeat(0).take(silence as u64)))
                    }
                    b"shdr" => Box::new(file.chain(Cursor::new(headers.to_vec()))),
                    _ => Box::new(file.chain(self.get(name).data)),
                };
            }
        }
        file
    }
}

/// The first twelve bytes of a list that holds `size` bytes beside its kind.
fn head(name: &[u8; 4], size: usize, kind: &[u8; 4]) -> Vec<u8> {
    [&name[..], &(4 + size as u32).to_le_bytes(), kind].concat()
}

/// A chunk with its name.
struct Named<'a> {
    name: [u8; 4],
    byte: usize,
    data: &'a [u8],
}

/// A row of chunks.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Walk<'a> {
    fn next_chunk(&mut self) -> Result<Named<'a>> {
        let cut_off = |found: String| {
            let fault = Fault::new(Place::Byte(self.at), found, "a chunk inside the one around it");
            fault.hint("the file is cut off or damaged; fetch it again")
        };
        let rest = &self.bytes[self.at..self.end];
        let Some((name, after)) = rest.split_first_chunk::<4>() else {
            return Err(cut_off(format!("{} bytes", rest.len())).into());
        };
        let Some((size, data)) = after.split_first_chunk::<4>() else {
            return Err(cut_off(format!("{} bytes", rest.len())).into());
        };
        let size = u32::from_le_bytes(*size) as usize;
        let Some(data) = data.get(..size) else {
            return Err(cut_off(format!("a chunk of {size} bytes with {} left", data.len())).into());
        };
        let byte = self.at + 8;
        // A chunk of odd size is followed by a filling byte, which the last one may lack.
        self.at = (byte + size + size % 2).min(self.end);
        Ok(Named { name: *name, byte, data })
    }
}
