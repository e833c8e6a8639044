//! Where the corpora are, and the built-in model.

use etude::catalogue::BUILT_IN;
use etude::shelf::Shelved;
use etude_piece::corpus::Corpus;
use std::path::PathBuf;

/// A corpus below `ETUDE_DATA`, or `None` with a word where it isn't there.
pub(crate) fn open(folder: &str) -> Option<Corpus> {
    Some(Corpus::open(&path(folder)?, 4).expect("the corpus reads"))
}

/// Where something of the corpora is, or `None` with a word where it isn't there.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        println!("skipped: no corpus");
        return None;
    }
    Some(path)
}

/// The default model.
pub(crate) fn bach() -> Shelved {
    Shelved::from_bytes(BUILT_IN[0].bytes, BUILT_IN[0].name).expect("the built-in model is sound")
}
