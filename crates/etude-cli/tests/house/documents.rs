//! Rules for documents: they say what is so.

use crate::{check, workspace};

/// Folders at the root of some machine. No file of ours may know them.
const MACHINE_FOLDERS: [&str; 7] = ["work", "tmp", "root", "home", "Users", "mnt", "opt"];

#[test]
fn the_readme_has_one_row_for_every_model_of_the_catalogue() {
    let readme = workspace::read("README.md");
    let rows: Vec<&str> = table(&readme, "| model | family | art | what it is |");
    let catalogue = catalogue();
    let absent = catalogue
        .iter()
        .filter(|row| !rows.contains(&row.as_str()))
        .map(|row| format!("README.md lacks {row}"));
    let stray = rows
        .iter()
        .filter(|row| !catalogue.iter().any(|r| r == *row))
        .map(|row| format!("README.md has {row}"));
    check("the README's table is the catalogue, row by row", absent.chain(stray).collect());
    assert_eq!(rows, catalogue, "the README's table is in the catalogue's order");
}

#[test]
fn the_readme_names_every_built_in_model() {
    let (readme, catalogue) =
        (workspace::read("README.md"), workspace::read("crates/etude/src/catalogue.rs"));
    let built_in = catalogue.split_once("BUILT_IN").expect("the catalogue lists what is built in").1;
    let names: Vec<String> =
        built_in.split("BuiltIn {").skip(1).filter_map(|entry| field(entry, "name")).collect();
    assert!(!names.is_empty(), "no built-in models found in the catalogue");
    check("the README names every built-in model", {
        names.into_iter().filter(|name| !readme.contains(&format!("`{name}`"))).collect()
    });
}

#[test]
fn the_readme_has_two_commands_and_ci_runs_them() {
    let readme = workspace::read("README.md");
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo ")).collect();
    assert_eq!(
        commands,
        ["cargo run --release -- generate", "cargo test --workspace"],
        "README.md's commands"
    );
    let ci = workspace::read(".ci/run");
    let at = |command: &str| ci.find(command).unwrap_or_else(|| panic!(".ci/run doesn't run `{command}`"));
    assert!(at(commands[1]) < at(commands[0]), ".ci/run tests first");
}

#[test]
fn the_changelog_has_a_section_for_this_version() {
    let manifest = workspace::read("Cargo.toml");
    let package = manifest.split_once("[workspace.package]").expect("the workspace has a version").1;
    let version = package
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .expect("the workspace has a version");
    let heading = format!("## [{}]", version.trim_matches('"'));
    let found = workspace::read("CHANGELOG.md").lines().any(|line| line.starts_with(&heading));
    assert!(found, "CHANGELOG.md has no line that begins with `{heading}`");
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut broken = Vec::new();
    for path in workspace::paths_ending(".md") {
        for (number, line) in workspace::read(&path).lines().enumerate() {
            let named = line.split('`').skip(1).step_by(2).filter(|word| word.starts_with("crates/"));
            // A module may be named without saying whether it is a folder or a file.
            let lost =
                named.filter(|word| !workspace::exists(word) && !workspace::exists(&format!("{word}.rs")));
            broken.extend(lost.map(|word| format!("{path}:{}: `{word}`", number + 1)));
        }
    }
    check("what a document calls `crates/…` exists", broken);
}

#[test]
fn every_link_inside_the_house_leads_somewhere() {
    let mut broken = Vec::new();
    for path in workspace::paths_ending(".md") {
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for (number, line) in workspace::read(&path).lines().enumerate() {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
            let inside = targets.filter(|target| !target.is_empty() && !target.contains("://"));
            let lost = inside.filter(|target| !workspace::exists(&format!("{folder}{target}")));
            broken.extend(lost.map(|target| format!("{path}:{}: {target}", number + 1)));
        }
    }
    check("a link to a file leads to a file", broken);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let text = [".md", ".rs", ".toml", ".abc", ".json", ".yml", ".ci/run"];
    let mut broken = Vec::new();
    for path in workspace::paths().into_iter().filter(|path| text.iter().any(|end| path.ends_with(end))) {
        for (number, line) in workspace::read(&path).lines().enumerate() {
            if let Some(folder) = machine_folder(line) {
                broken.push(format!("{path}:{}: /{folder}", number + 1));
            }
        }
    }
    check("no absolute path of some machine", broken);
}

/// The folder at the root of a machine that a line names.
fn machine_folder(line: &str) -> Option<&'static str> {
    let inside = |c: char| c.is_alphanumeric() || "_-.~/}<".contains(c);
    let names = |folder: &&'static str| {
        let path = format!("/{folder}");
        line.match_indices(&path).any(|(at, _)| {
            let before = line[..at].chars().next_back().is_some_and(inside);
            let after =
                line[at + path.len()..].chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_');
            !before && !after
        })
    };
    MACHINE_FOLDERS.iter().copied().find(names)
}

/// The catalogue as rows of the README's table, read from its text.
fn catalogue() -> Vec<String> {
    let text = workspace::read("crates/etude/src/catalogue.rs");
    let models = text.split_once("pub static MODELS").expect("the catalogue has models").1;
    let models = models.split_once("\n];").expect("the list of models ends").0;
    let rows: Vec<String> = models
        .split("Entry {")
        .skip(1)
        .map(|entry| {
            let cell = |name| {
                field(entry, name).unwrap_or_else(|| panic!("an entry of the catalogue has no {name}"))
            };
            format!("| {} | {} | {} | {} |", cell("name"), cell("family"), cell("art"), cell("summary"))
        })
        .collect();
    assert!(!rows.is_empty(), "no models found in the catalogue");
    rows
}

/// The string that a field of a struct is set to.
fn field(entry: &str, name: &str) -> Option<String> {
    let value = entry.split_once(&format!("{name}:"))?.1;
    Some(value.split('"').nth(1)?.to_owned())
}

/// The rows under a table's heading.
fn table<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let rows = text.lines().skip_while(|line| *line != heading).skip(2);
    rows.take_while(|line| line.starts_with('|')).collect()
}

#[test]
fn machine_folders_are_told_from_other_words() {
    let path = |folder: &str| format!("see /{folder}/notes");
    assert_eq!(machine_folder(&path("work")), Some("work"));
    assert_eq!(machine_folder("../work/notes, and/or /worker, https://a.b/home"), None);
}
