//! Rules for floors: who may know what. Imports run downwards only.

use crate::source::{Source, lines_with};
use crate::{check, workspace};

/// What only the floor of the command line may touch: the terminal, the environment, the clock, the network.
const OUTSIDE_WORLD: [&str; 15] = [
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "stdin()",
    "stdout()",
    "stderr()",
    "std::env",
    "env::var",
    "env::args",
    "Instant",
    "SystemTime",
    "std::net",
    "std::process",
    "thread::sleep",
];

/// What the floor of pieces may not know: learning, chance, and the floors above.
const ABOVE_PIECES: [&str; 6] = ["etude::", "etude_cli", "rand::", "rand_chacha", "safetensors", "clap"];

/// What the floor of models may not know.
const ABOVE_MODELS: [&str; 2] = ["etude_cli", "clap"];

#[test]
fn pieces_know_nothing_of_learning() {
    check("etude-piece knows no floor above it, no chance and no weights", {
        uses("etude-piece", &ABOVE_PIECES, |source| &source.code)
    });
}

#[test]
fn models_know_nothing_of_the_command_line() {
    check("etude knows no floor above it", uses("etude", &ABOVE_MODELS, |source| &source.code));
}

#[test]
fn only_the_command_line_prints_and_reads_the_environment_or_the_clock() {
    let mut broken = uses("etude", &OUTSIDE_WORLD, |source| &source.shipped);
    broken.extend(uses("etude-piece", &OUTSIDE_WORLD, |source| &source.shipped));
    check("etude and etude-piece touch no terminal, environment, clock or network", broken);
}

#[test]
fn dependencies_run_downwards() {
    let mut broken =
        dependencies("etude-piece", &["etude", "etude-cli", "rand", "rand_chacha", "safetensors", "clap"]);
    broken.extend(dependencies("etude", &["etude-cli", "clap"]));
    check("a crate depends only on floors below it", broken);
}

/// Where a crate's own files name what they may not.
fn uses(floor: &str, forbidden: &[&str], text: impl Fn(&Source) -> &str) -> Vec<String> {
    let sources: Vec<Source> =
        workspace::sources().into_iter().filter(|s| s.floor() == floor && s.ships()).collect();
    assert!(!sources.is_empty(), "no sources of {floor}");
    let mut places = Vec::new();
    for source in &sources {
        for word in forbidden {
            let lines = lines_with(text(source), word);
            places.extend(lines.into_iter().map(|line| format!("{}:{line}: `{word}`", source.path)));
        }
    }
    places
}

/// The forbidden names among the keys of a crate's dependencies.
fn dependencies(floor: &str, forbidden: &[&str]) -> Vec<String> {
    let path = format!("crates/{floor}/Cargo.toml");
    let manifest = workspace::read(&path);
    let mut section = "";
    let mut places = Vec::new();
    for line in manifest.lines() {
        section = if line.starts_with('[') { line } else { section };
        let key = line.split(['.', ' ', '=']).next().unwrap_or("");
        if section == "[dependencies]" && forbidden.contains(&key) {
            places.push(format!("{path}: `{key}`"));
        }
    }
    places
}
