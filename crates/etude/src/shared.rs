//! Where tests find the shared collections.

use std::path::PathBuf;

/// A folder or file of the collections, or `None` (said aloud) where there is none: below `ETUDE_DATA`, or beside the project.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        println!("skipped: no corpus {name}");
        return None;
    }
    Some(path)
}
