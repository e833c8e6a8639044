//! Compressed MusicXML (.mxl): a zip archive whose META-INF/container.xml names the score.
//!
//! Nothing is unpacked but that index and the score it names, both in memory; other entries are never touched.

use super::cursor::Cursor;
use super::encoding;
use super::room::Room;
use crate::{Error, Fault, Place, Result};
use flate2::{Decompress, FlushDecompress, Status};
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive, crc32};
use std::collections::BTreeMap;

pub(super) use pack::pack;

mod pack;

/// The index of an archive.
const CONTAINER: &str = "META-INF/container.xml";

/// The largest index, in bytes.
const MAX_CONTAINER: u64 = 64 << 10;

/// The most files in an archive: a score, its parts, pictures and sounds.
const MAX_ENTRIES: usize = 1000;

/// An archive's files by name.
type Entries = BTreeMap<String, Entry>;

/// What the central directory says of a file.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    encrypted: bool,
}

/// Whether bytes begin as a zip archive that holds files does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The score in an archive.
pub(super) fn unpack(bytes: &[u8], room: &mut Room) -> Result<Vec<u8>> {
    let archive = ZipArchive::from_slice(bytes).map_err(|error| broken(&error))?;
    let entries = entries(&archive)?;
    let named = match entries.get(CONTAINER) {
        Some(&index) => rootfile(&contents(&archive, CONTAINER, index, MAX_CONTAINER)?)?,
        None => None,
    };
    let named = named.as_ref().and_then(|name| entries.get_key_value(name));
    let (name, &entry) =
        named.or_else(|| entries.iter().find(|(name, _)| is_score(name))).ok_or_else(|| {
            let found = "an archive without a .musicxml or .xml file";
            Fault::new(Place::Whole, found, "compressed MusicXML")
                .hint("is this another kind of zip archive?")
        })?;
    // Half as much again as the score's text is left for the score itself.
    let most = 24 * (1 << 20) + 4 * bytes.len() as u64;
    let score = contents(&archive, name, entry, most)?;
    room.take(score.len(), || Place::Whole)?;
    Ok(score)
}

/// The archive's files, each name once.
fn entries(archive: &ZipSliceArchive<&[u8]>) -> Result<Entries> {
    let mut entries = Entries::new();
    let mut listed = archive.entries();
    while let Some(entry) = listed.next_entry().map_err(|error| broken(&error))? {
        if entries.len() == MAX_ENTRIES {
            return Err(refused("one more file in the archive", format!("at most {MAX_ENTRIES}")));
        }
        let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let flags = entry.flags();
        let found = Entry {
            at: entry.wayfinder(),
            method: entry.compression_method(),
            encrypted: flags.is_encrypted() || flags.has_strong_encryption(),
        };
        if entries.insert(name.clone(), found).is_some() {
            return Err(refused(
                format!("two files called {}", shown(&name)),
                "each name once in an archive",
            ));
        }
    }
    if entries.len() as u64 != archive.entries_hint() {
        let found = format!("{} files in an archive that says {}", entries.len(), archive.entries_hint());
        return Err(refused(found, "as many as it says"));
    }
    Ok(entries)
}

/// Whether a name is a score's, for archives whose index doesn't help.
fn is_score(name: &str) -> bool {
    let name = name.to_lowercase();
    is_inside(&name)
        && !name.starts_with("meta-inf/")
        && (name.ends_with(".musicxml") || name.ends_with(".xml"))
}

/// Whether a name stays inside the archive.
fn is_inside(name: &str) -> bool {
    let steps = name.split('/').all(|step| !matches!(step, "" | "." | ".."));
    steps && !name.contains(['\\', ':', '\0'])
}

/// The name of the score in an index: the first root file.
fn rootfile(index: &[u8]) -> Result<Option<String>> {
    let mut room = Room::beside(index.len());
    let text = encoding::decode(index, &mut room)?;
    let mut cursor = Cursor::new(&text, room);
    cursor.child()?.expect("before the root there is no element to end");
    while let Some(tag) = cursor.child()? {
        if tag.name() != "rootfiles" {
            cursor.skip()?;
            continue;
        }
        if let Some(tag) = cursor.child()? {
            let Some(name) = cursor.attribute(&tag, "full-path")? else { return Ok(None) };
            if !is_inside(&name) {
                let found = format!("the score's name {} in {CONTAINER}", shown(&name));
                return Err(refused(found, "a name inside the archive"));
            }
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// A file's bytes, at most `most`, as many as the archive says and with its checksum.
fn contents(archive: &ZipSliceArchive<&[u8]>, name: &str, entry: Entry, most: u64) -> Result<Vec<u8>> {
    let Entry { at, method, encrypted } = entry;
    if encrypted {
        let fault = Fault::new(Place::Whole, format!("{} encrypted", shown(name)), "a file that can be read");
        return Err(fault.hint("save it without a password").into());
    }
    let size = at.uncompressed_size_hint();
    if size > most {
        let found = format!("{} of {size} bytes in an archive of {}", shown(name), archive.get_ref().len());
        let fault = Fault::new(Place::Whole, found, format!("at most {most} bytes"));
        return Err(fault.hint("this may be a zip bomb; if it is music, unpack it first").into());
    }
    let file = archive.get_entry(at).map_err(|error| broken(&error))?;
    let packed = file.data();
    let size = usize::try_from(size).expect("the limit is far below what can be addressed");
    let lies =
        || refused(format!("{} that isn't {size} bytes long, as the archive says", shown(name)), "its size");
    let bytes = match method {
        CompressionMethod::STORE => packed.to_vec(),
        CompressionMethod::DEFLATE => {
            let mut bytes = vec![0; size];
            let mut inflater = Decompress::new(false);
            let end = inflater.decompress(packed, &mut bytes, FlushDecompress::Finish);
            if !matches!(end, Ok(Status::StreamEnd)) || inflater.total_out() != size as u64 {
                return Err(lies());
            }
            bytes
        }
        _ => {
            let found = format!("{} packed by another method than deflate", shown(name));
            return Err(refused(found, "files stored or deflated"));
        }
    };
    if bytes.len() != size {
        return Err(lies());
    }
    if crc32(&bytes) != file.claim_verifier().crc {
        return Err(refused(format!("{} with a wrong checksum", shown(name)), "the file that was packed"));
    }
    Ok(bytes)
}

/// A name for messages, without control characters.
fn shown(name: &str) -> String {
    let visible: String = name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    format!("`{}`", super::cursor::shortened(&visible))
}

fn refused(found: impl Into<String>, expected: impl Into<String>) -> Error {
    Fault::new(Place::Whole, found, expected).into()
}

/// What the archive's reader found wrong.
fn broken(error: &rawzip::Error) -> Error {
    let found = format!("a broken zip archive ({})", super::cursor::lower_first(&error.to_string()));
    Fault::new(Place::Whole, found, "compressed MusicXML").hint("the file seems cut off or damaged").into()
}
