//! Opening a corpus by its path: JSON, a folder of scores, or one score.

use super::{Corpus, Item, Split, read_json};
use crate::score::format::{read_bytes, scores, scores_in};
use crate::score::{Grid, Score};
use crate::{Error, Fault, Place, Result};
use std::path::Path;

/// What the JSB chorales' folder calls the file that keeps the voices apart.
const SEPARATED: &str = "Jsb16thSeparated.json";

/// A folder of fewer pieces is all for training.
pub(crate) const LEAST_TO_SPLIT: usize = 20;

impl Corpus {
    /// Opens a corpus.
    ///
    /// A `.json` file is read by [`read_json`]; a name that ends with `-quarter` or `-8th` tells how long its steps are,
    /// any other means sixteenths. Of a folder that holds `Jsb16thSeparated.json` that file is read; of any other, all
    /// scores in it (not in folders inside it), by name in ascending order, each tune of an ABC file by itself, laid on
    /// `steps_per_quarter`. If there are at least 20, every tenth (the 10th, 20th, …) is for validation and every tenth
    /// from the fifth (the 5th, 15th, …) for testing; all others, or all of fewer, are for training. One score is
    /// a corpus of one. What of a folder can't be read, or doesn't fit the grid, is in [`Corpus::skipped`] with the reason.
    ///
    /// # Errors
    ///
    /// A path that can't be read, broken JSON, one score that can't be read, or a folder without any usable one.
    pub fn open(path: &Path, steps_per_quarter: usize) -> Result<Self> {
        if path.is_dir() {
            let separated = path.join(SEPARATED);
            return match separated.is_file() {
                true => open_json(&separated),
                false => open_folder(path, steps_per_quarter),
            };
        }
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return open_json(path);
        }
        let grid = Grid::try_from_score(&crate::score::format::open_score(path)?, steps_per_quarter)
            .map_err(|error| error.in_file(&path.display().to_string()))?;
        let items = vec![Item { name: stem(path), split: Split::Train, grid }];
        Ok(Self { name: stem(path), items, skipped: Vec::new() })
    }
}

fn open_json(path: &Path) -> Result<Corpus> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let name = stem(path);
    let steps_per_quarter = match name.rsplit('-').next() {
        Some("quarter") => 1,
        Some("8th") => 2,
        _ => 4,
    };
    read_json(&bytes, &name, steps_per_quarter).map_err(|error| error.in_file(&path.display().to_string()))
}

fn open_folder(path: &Path, steps_per_quarter: usize) -> Result<Corpus> {
    let mut corpus = Corpus { name: stem(path), ..Corpus::default() };
    for file in scores_in(path)? {
        let scores = match read_all(&file) {
            Ok(scores) => scores,
            Err(error) => vec![(stem(&file), Err(error))],
        };
        for (name, score) in scores {
            match score.and_then(|score| Grid::try_from_score(&score, steps_per_quarter)) {
                Ok(grid) => corpus.items.push(Item { name, split: Split::Train, grid }),
                Err(error) => corpus.skipped.push(format!("{name}: {error}")),
            }
        }
    }
    if corpus.items.is_empty() {
        let found = match corpus.skipped.first() {
            Some(reason) => format!("no usable score ({reason})"),
            None => "no score".to_owned(),
        };
        let fault =
            Fault::new(Place::Whole, found, "MIDI, MusicXML, ABC or **kern files, or a corpus in JSON");
        return Err(Error::from(fault).in_file(&path.display().to_string()));
    }
    if corpus.items.len() >= LEAST_TO_SPLIT {
        for (index, item) in corpus.items.iter_mut().enumerate() {
            item.split = apportioned(index);
        }
    }
    Ok(corpus)
}

/// The split of a folder's piece number `index`, from 0.
pub(crate) fn apportioned(index: usize) -> Split {
    match index % 10 {
        9 => Split::Valid,
        4 => Split::Test,
        _ => Split::Train,
    }
}

/// The scores of a file with their names: several for an ABC file of several tunes.
fn read_all(path: &Path) -> Result<Vec<(String, Result<Score>)>> {
    let (bytes, name, shown) = (read_bytes(path)?, stem(path), path.display().to_string());
    let read = scores(&bytes, &shown).map(|reading| reading.map(|reading| reading.score));
    let mut named: Vec<(String, Result<Score>)> =
        read.enumerate().map(|(at, score)| (format!("{name}-{}", at + 1), score)).collect();
    if let [(only, _)] = named.as_mut_slice() {
        *only = name;
    }
    Ok(named)
}

/// The name of a file without folder and extension.
fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| path.display().to_string(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A new folder with these files.
    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let path = std::env::temp_dir().join(format!("etude-corpus-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        for (name, text) in files {
            std::fs::write(path.join(name), text).expect("a file for the test");
        }
        path
    }

    fn names(corpus: &Corpus, split: Split) -> Vec<&str> {
        corpus.split(split).map(|item| item.name.as_str()).collect()
    }

    #[test]
    fn a_folder_is_read_by_name_and_says_what_it_skips() {
        let tune = "X:1\nL:1/4\nK:G\nG A B2|";
        let two = format!("{tune}\n\nX:2\nL:1/4\nK:C\nC2 D2|");
        let files =
            [("b.abc", tune), ("a.abc", &two), ("c.mid", "MThd"), ("t.abc", "X:1\nL:1/4\nK:C\n(3CDE C|")];
        let path = folder("mixed", &files);
        let corpus = Corpus::open(&path, 4).expect("three tunes");
        assert_eq!(names(&corpus, Split::Train), ["a-1", "a-2", "b"]);
        assert!(corpus.skipped[0].contains("c.mid: byte"), "{:?}", corpus.skipped);
        assert!(corpus.skipped[1].starts_with("t: the note at bar 1"), "{:?}", corpus.skipped);
        std::fs::remove_dir_all(path).expect("our own folder");
    }

    #[test]
    fn twenty_pieces_are_split() {
        let tunes: String = (1..=20).map(|n| format!("X:{n}\nL:1/4\nK:G\nG A B2|\n\n")).collect();
        let path = folder("twenty", &[("t.abc", &tunes)]);
        let corpus = Corpus::open(&path, 4).expect("twenty tunes");
        assert_eq!(names(&corpus, Split::Valid), ["t-10", "t-20"]);
        assert_eq!(names(&corpus, Split::Test), ["t-5", "t-15"]);
        std::fs::remove_dir_all(path).expect("our own folder");
    }

    #[test]
    fn the_name_of_json_tells_its_steps() {
        let json = r#"{"train": [[[60], [62]]]}"#;
        let path = folder("json", &[("x-quarter.json", json), ("x-8th.json", json), ("x.json", json)]);
        for (file, steps) in [("x-quarter.json", 1), ("x-8th.json", 2), ("x.json", 4)] {
            let corpus = Corpus::open(&path.join(file), 4).expect("a corpus");
            assert_eq!(corpus.items[0].grid.frame.steps_per_quarter, steps, "{file}");
        }
        let error = Corpus::open(&path, 4).expect_err("no scores in it");
        assert!(error.to_string().contains("found no score, expected MIDI"), "{error}");
        std::fs::remove_dir_all(path).expect("our own folder");
    }
}
