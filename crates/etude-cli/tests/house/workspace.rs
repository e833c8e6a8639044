//! What the workspace holds: its documents, its Rust files, and everything else that is text.

use crate::source::{self, Source};
use std::fs;
use std::path::{Path, PathBuf};

/// What is looked through, below the workspace; whatever else lies in a checkout is nobody's business.
const ROOMS: [&str; 8] = [".ci", "benches", "crates", "docs", "examples", "fuzz", "models", "xtask"];

/// Names of folders that are built, not written.
const BUILT: [&str; 2] = ["target", "out"];

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file of the workspace, as a path from its root with `/` between the names, in order.
pub(crate) fn paths() -> Vec<String> {
    let mut paths: Vec<String> =
        entries(&root(), "").into_iter().filter(|path| !path.ends_with('/')).collect();
    for room in ROOMS {
        walk(room, &mut paths);
    }
    paths.sort();
    paths
}

/// The paths below a folder that end so.
pub(crate) fn paths_ending(end: &str) -> Vec<String> {
    paths().into_iter().filter(|path| path.ends_with(end)).collect()
}

/// The text of a file.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether there is such a file or folder.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Every Rust file of the crates, in order.
pub(crate) fn sources() -> Vec<Source> {
    let paths: Vec<String> =
        paths_ending(".rs").into_iter().filter(|path| path.starts_with("crates/")).collect();
    let mut sources: Vec<Source> = paths.into_iter().map(|path| Source::new(read(&path), path)).collect();
    source::mark_tests(&mut sources);
    sources
}

fn walk(folder: &str, paths: &mut Vec<String>) {
    for path in entries(&root().join(folder), folder) {
        match path.strip_suffix('/') {
            Some(inner) if BUILT.iter().any(|built| inner.ends_with(&format!("/{built}"))) => {}
            Some(inner) => walk(inner, paths),
            None => paths.push(path),
        }
    }
}

/// What a folder holds, folders with `/` at their ends; nothing if there is no such folder.
fn entries(folder: &Path, prefix: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let name = |entry: fs::DirEntry| {
        let end = if entry.path().is_dir() { "/" } else { "" };
        let start = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        format!("{start}{}{end}", entry.file_name().to_string_lossy())
    };
    entries.map(|entry| name(entry.expect("a folder can be listed to its end"))).collect()
}
