//! Rules for files: what they begin with, how long they grow, what they are called.

use crate::{check, workspace};

/// No file has more lines, tests included.
const MOST_LINES: usize = 800;

/// No file has more lines beside its tests, unless [`LONG`] says so.
const MOST_SHIPPED_LINES: usize = 300;

/// Files that may be longer: path, most lines beside tests, and why. The list shrinks; a file that no longer needs its
/// line here fails the test until the line is gone.
const LONG: [(&str, usize, &str); 0] = [];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 9] =
    ["util", "utils", "utilities", "common", "manager", "managers", "helper", "helpers", "misc"];

#[test]
fn every_rust_file_opens_by_saying_what_it_is() {
    let silent = workspace::sources().into_iter().filter(|source| !source.text.starts_with("//!"));
    check("a Rust file opens with `//!` and a sentence", silent.map(|source| source.path).collect());
}

#[test]
fn no_rust_file_is_over_eight_hundred_lines() {
    let lines = workspace::sources().into_iter().map(|source| (source.text.lines().count(), source.path));
    let long =
        lines.filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("{path}: {lines} lines"));
    check("a Rust file has at most 800 lines, tests included; split it", long.collect());
}

#[test]
fn few_rust_files_are_over_three_hundred_lines_beside_their_tests() {
    let mut broken = Vec::new();
    for source in workspace::sources().into_iter().filter(|source| !source.test) {
        let (lines, path) = (source.shipped_lines(), &source.path);
        match LONG.iter().find(|(long, ..)| long == path) {
            Some(_) if lines <= MOST_SHIPPED_LINES => {
                broken.push(format!("{path}: {lines} lines; its line in LONG can go"))
            }
            Some(&(_, most, _)) if lines > most => {
                broken.push(format!("{path}: {lines} lines; LONG allows {most}"))
            }
            None if lines > MOST_SHIPPED_LINES => broken.push(format!("{path}: {lines} lines")),
            _ => {}
        }
    }
    check("a Rust file has at most 300 lines beside its tests, or a reason in LONG; split it", broken);
}

#[test]
fn every_exception_to_the_length_of_files_is_a_file_and_has_a_reason() {
    let stale = LONG.iter().filter(|(path, _, reason)| !workspace::exists(path) || reason.is_empty());
    check("LONG lists files that exist, with reasons", stale.map(|(path, ..)| (*path).to_owned()).collect());
}

#[test]
fn every_name_says_what_is_inside() {
    let says_nothing = |path: &String| {
        let mut stems = path.split('/').map(|name| name.split('.').next().unwrap_or(name).to_lowercase());
        stems.any(|stem| EMPTY_NAMES.contains(&stem.as_str()))
    };
    check("no file or folder is named util, common, manager, helper, misc or the like", {
        workspace::paths().into_iter().filter(says_nothing).collect()
    });
}

#[test]
fn every_example_tune_fits_on_a_screen() {
    let tunes = workspace::paths_ending(".abc").into_iter().filter(|path| path.starts_with("examples/"));
    let lines = tunes.map(|path| (workspace::read(&path).lines().count(), path));
    let long = lines.filter(|(lines, _)| *lines > 40).map(|(lines, path)| format!("{path}: {lines} lines"));
    check("an example tune has at most 40 lines", long.collect());
}
