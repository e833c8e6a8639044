//! Rules for code, wherever it stands. Clippy knows some of them; here they hold without it, and in one list.

use crate::source::{Source, line, lines_with};
use crate::{check, workspace};

#[test]
fn nothing_is_unsafe() {
    check("no `unsafe`", places(|source| &source.code, &["unsafe"]));
}

#[test]
fn nothing_is_left_to_do() {
    check(
        "no `todo!`, `unimplemented!` or `dbg!`",
        places(|source| &source.code, &["todo!", "unimplemented!", "dbg!"]),
    );
}

#[test]
fn what_cannot_fail_says_why() {
    check("no bare `unwrap()` outside tests: write `expect(\"why it can't fail\")`", {
        places(|source| &source.shipped, &[".unwrap()"])
    });
}

#[test]
fn every_import_is_by_name() {
    let mut broken = Vec::new();
    for source in workspace::sources() {
        let globs = imports(&source.code).filter(|(_, import)| import.contains('*') && *import != "super::*");
        // A test may see all of the module that it stands in; other code may not.
        let supers = imports(&source.shipped).filter(|(_, import)| *import == "super::*");
        let place = |(line, import)| format!("{}:{line}: `use {import}`", source.path);
        broken.extend(globs.chain(supers).map(place));
    }
    check("no `use …::*`, but for `use super::*` in tests", broken);
}

/// Where words stand in the files of all crates.
fn places(text: impl Fn(&Source) -> &str, words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for source in workspace::sources() {
        for word in words {
            let lines = lines_with(text(&source), word);
            places.extend(lines.into_iter().map(|line| format!("{}:{line}: `{word}`", source.path)));
        }
    }
    places
}

/// What each `use …;` names, with the line on which it begins.
fn imports(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts_line = |at: usize| {
        let before = code[..at].rsplit('\n').next().unwrap_or("").trim();
        before.is_empty() || before.starts_with("pub")
    };
    let uses = code.match_indices("use ").filter(move |&(at, _)| starts_line(at));
    uses.map(|(at, word)| (line(code, at), code[at + word.len()..].split(';').next().unwrap_or("").trim()))
}

#[test]
fn imports_are_found() {
    let found: Vec<&str> =
        imports("use a::b;\n    pub use c::{\n d, *};\nfn f() { reuse (x); }").map(|(_, i)| i).collect();
    assert_eq!(found, ["a::b", "c::{\n d, *}"]);
}
