//! Packing a score into an archive of three files, the same bytes each time.

use super::CONTAINER;
use crate::score::musicxml::markup::Markup;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::crc32;
use std::io::Write;

/// The score's name in our archives.
const SCORE: &str = "score.musicxml";

/// The media type of compressed MusicXML, which stands first and unpacked, so that a file's first bytes tell it.
const MEDIA_TYPE: &[u8] = b"application/vnd.recordare.musicxml";

/// The version of zip that a reader needs for deflated files.
const VERSION: u16 = 20;

/// The 1st of January 1980, the first day that zip knows.
const DAY: u16 = 1 << 5 | 1;

/// An archive of a score's text, which is below 4 GiB.
pub(in crate::score::musicxml) fn pack(score: &[u8]) -> Vec<u8> {
    let files = [("mimetype", MEDIA_TYPE), (CONTAINER, &container()), (SCORE, score)];
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let deflated = name != "mimetype";
        let packed = if deflated { deflate(bytes) } else { bytes.to_vec() };
        let at = long(archive.len());
        let about = about(name, bytes, long(packed.len()), deflated);
        archive.extend(b"PK\x03\x04");
        archive.extend(&about);
        archive.extend(name.as_bytes());
        archive.extend(packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&about);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.as_bytes());
    }
    let (start, size, count) = (long(archive.len()), long(directory.len()), short(files.len()));
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([size, start].concat());
    archive.extend(short(0));
    archive
}

/// What the local header and the directory both say of a file.
fn about(name: &str, bytes: &[u8], packed: [u8; 4], deflated: bool) -> Vec<u8> {
    let method: u16 = if deflated { 8 } else { 0 };
    // No flags: sizes stand before the data, and our names are ASCII. The time is midnight.
    let shorts = [VERSION, 0, method, 0, DAY].map(u16::to_le_bytes).concat();
    let longs = [crc32(bytes).to_le_bytes(), packed, long(bytes.len())].concat();
    let lengths = [short(name.len()), short(0)].concat();
    [shorts, longs, lengths].concat()
}

/// The bytes deflated, at the level that programs mostly choose.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing into memory doesn't fail")
}

/// The index that names the score.
fn container() -> Vec<u8> {
    let mut markup = Markup::begin("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    markup.open("container", &[]);
    markup.open("rootfiles", &[]);
    let media_type = "application/vnd.recordare.musicxml+xml";
    markup.empty("rootfile", &[("full-path", SCORE), ("media-type", media_type)]);
    markup.close("rootfiles");
    markup.close("container");
    markup.finish()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("the limits of a written score keep it below 4 GiB").to_le_bytes()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).expect("three short names").to_le_bytes()
}
