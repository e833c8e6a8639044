//! The arrays in a zip archive, stored or deflated, in its order.

use crate::packed::unpacked;
use crate::{Error, Fault, Place, Result};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, crc32};

/// The most arrays in an archive.
const MOST_ARRAYS: usize = 100;

/// Each array's name without `.npy`, and its bytes; other files are left out.
pub(super) fn arrays(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let archive = ZipArchive::from_slice(bytes).map_err(broken)?;
    let mut listed = archive.entries();
    let mut arrays = Vec::new();
    while let Some(entry) = listed.next_entry().map_err(broken)? {
        let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let Some(name) = name.strip_suffix(".npy") else { continue };
        let name: String = name.chars().filter(|character| !character.is_control()).take(60).collect();
        if arrays.len() == MOST_ARRAYS {
            return Err(refused("one more array".to_owned(), &format!("at most {MOST_ARRAYS}")));
        }
        let file = archive.get_entry(entry.wayfinder()).map_err(broken)?;
        let packed = file.data();
        let bytes = match entry.compression_method() {
            CompressionMethod::STORE => packed.to_vec(),
            CompressionMethod::DEFLATE => {
                unpacked(DeflateDecoder::new(packed), packed.len(), "an archive of arrays")?
            }
            _ => return Err(refused(format!("`{name}` packed in another way"), "arrays stored or deflated")),
        };
        if crc32(&bytes) != file.claim_verifier().crc {
            return Err(refused(format!("`{name}` with a wrong checksum"), "the array that was packed"));
        }
        arrays.push((name, bytes));
    }
    Ok(arrays)
}

fn refused(found: String, expected: &str) -> Error {
    Fault::new(Place::Whole, found, expected).into()
}

fn broken(error: rawzip::Error) -> Error {
    refused(format!("a broken zip archive ({error})"), "arrays of numpy")
}
