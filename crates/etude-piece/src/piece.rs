//! A piece of any art, and collections of pieces as files hold them.

use crate::corpus::{LEAST_TO_SPLIT, Split, apportioned};
use crate::roll::{self, Roll};
use crate::score::Score;
use crate::score::csv::Table;
use crate::score::format::{Format, read_bytes, scores, scores_in};
use crate::strokes::{self, Drawing, Strokes};
use crate::{Error, Fault, Place, Result};
use std::path::{Path, PathBuf};

/// A piece of any art.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A text.
    Text(String),
    /// Music.
    Score(Box<Score>),
    /// Music as frames.
    Roll(Roll),
    /// A drawing.
    Strokes(Strokes),
}

/// What a collection is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts in UTF-8.
    Text,
    /// Scores in any format.
    Score,
    /// Corpora of rolls in JSON, plain or as gzip, or in MATLAB 5, and scores in any format.
    Roll,
    /// Drawings in any format that is read.
    Strokes,
}

/// Named pieces of one kind, in a fixed order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Where they came from, for a person.
    pub name: String,
    /// Each piece with a name that is unique in its file.
    pub items: Vec<(String, Piece)>,
    /// The split of each piece, for rolls and drawings; else empty.
    pub splits: Vec<Split>,
    /// What could not be read, and why, one line each.
    pub skipped: Vec<String>,
}

/// The extensions of files that hold plain text.
const TEXT: [&str; 3] = ["txt", "text", "md"];

impl Collection {
    /// Opens files and folders: of a folder, all texts (`.txt`, `.text`, `.md`), or all scores, in ascending order, not
    /// those in folders inside it; of a score file, each of its tunes. A corpus of rolls tells the split of each piece; of 20
    /// scores or more that are to be rolls, every tenth is for validation and every tenth from the fifth for testing; so it is with
    /// drawings whose file tells no split. A [`Table`] about pieces that lies among scores tells
    /// what notes in seconds don't. What of a folder can't be read is skipped, with the reason.
    ///
    /// # Errors
    ///
    /// A path that can't be read, a file that isn't of the kind, and paths without any piece.
    pub fn open(paths: &[PathBuf], kind: Kind) -> Result<Self> {
        let names: Vec<String> = paths.iter().map(|path| stem(path)).collect();
        let mut collection = Self { name: names.join(", "), ..Self::default() };
        for path in paths {
            match path.is_dir() {
                true => {
                    let mut files = files_of(path, kind)?;
                    let table = Table::taken_from(&mut files);
                    for file in files {
                        let first = collection.items.len();
                        if let Err(error) = collection.add(&file, kind) {
                            collection.skipped.push(format!("{}: {error}", stem(&file)));
                        }
                        collection.tell(first, &file, &table);
                    }
                }
                false => collection.add(path, kind)?,
            }
        }
        collection.apportion(kind);
        match collection.items.is_empty() {
            false => Ok(collection),
            true => {
                let (found, expected) = match kind {
                    Kind::Text => ("no text", "files in UTF-8 that end with .txt"),
                    Kind::Score => ("no usable score", "MIDI, MusicXML, ABC, **kern or CSV files"),
                    Kind::Roll => {
                        ("no roll", "a corpus in JSON, or MIDI, MusicXML, ABC, **kern or CSV files")
                    }
                    Kind::Strokes => {
                        ("no drawing", "files of drawings: .svg, .jsonl, .ndjson, .csv, .xml or .txt")
                    }
                };
                let first =
                    collection.skipped.first().map(|reason| format!(" ({reason})")).unwrap_or_default();
                Err(Fault::new(Place::Whole, format!("{found}{first}"), expected).into())
            }
        }
    }

    /// Adds to the pieces from `first` on, which a file of notes in seconds gave, what a table knows of it.
    fn tell(&mut self, first: usize, file: &Path, table: &Table) {
        if Format::from_path(file) != Some(Format::Csv) {
            return;
        }
        for (name, piece) in &mut self.items[first..] {
            if let Piece::Score(score) = piece {
                table.add_to(score, name);
            }
        }
    }

    /// Gives those pieces a split that have none.
    fn apportion(&mut self, kind: Kind) {
        let untold = self.items.len() - self.splits.len();
        if matches!(kind, Kind::Roll | Kind::Strokes) {
            let split = |index| if untold < LEAST_TO_SPLIT { Split::Train } else { apportioned(index) };
            self.splits.extend((0..untold).map(split));
        }
    }

    /// The pieces of one split, in order; all of them for training where nobody tells.
    pub fn split(&self, split: Split) -> impl Iterator<Item = &(String, Piece)> {
        let of = move |index: usize| self.splits.get(index).copied().unwrap_or(Split::Train);
        self.items.iter().enumerate().filter(move |(index, _)| of(*index) == split).map(|(_, item)| item)
    }

    /// Adds the pieces of one file.
    fn add(&mut self, path: &Path, kind: Kind) -> Result<()> {
        if kind == Kind::Strokes {
            return self.add_drawings(path);
        }
        let (bytes, name, shown) = (read_bytes(path)?, stem(path), path.display().to_string());
        if kind == Kind::Text {
            let text = text(bytes).map_err(|error| error.in_file(&shown))?;
            self.items.push((name, Piece::Text(text)));
            return Ok(());
        }
        if kind == Kind::Roll && is_rolls(path) {
            let rolls = roll::read(&bytes).map_err(|error| error.in_file(&shown))?;
            // What has its split stands before what has none.
            let at = self.splits.len();
            self.splits.extend(rolls.iter().map(|(_, split, _)| *split));
            self.items.splice(at..at, rolls.into_iter().map(|(name, _, roll)| (name, Piece::Roll(roll))));
            return Ok(());
        }
        self.add_scores(&bytes, &name, &shown)
    }

    /// Adds the drawings of one file.
    fn add_drawings(&mut self, path: &Path) -> Result<()> {
        let bytes = strokes::format::read_bytes(path)?;
        let reading = strokes::format::read(&bytes, &path.display().to_string())?;
        let (told, untold): (Vec<Drawing>, Vec<Drawing>) =
            reading.drawings.into_iter().partition(|drawing| drawing.split.is_some());
        let item = |Drawing { name, strokes, .. }| (name, Piece::Strokes(strokes));
        // What has its split stands before what has none.
        let at = self.splits.len();
        self.splits.extend(told.iter().filter_map(|drawing| drawing.split));
        self.items.splice(at..at, told.into_iter().map(item));
        self.items.extend(untold.into_iter().map(item));
        Ok(())
    }

    /// Adds the scores of one file.
    fn add_scores(&mut self, bytes: &[u8], name: &str, shown: &str) -> Result<()> {
        let first = self.items.len();
        for (index, read) in scores(bytes, shown).enumerate() {
            let name = format!("{name}-{}", index + 1);
            match read {
                Ok(reading) => self.items.push((name, Piece::Score(Box::new(reading.score)))),
                Err(error) => self.skipped.push(format!("{name}: {error}")),
            }
        }
        match (self.items.len() - first, self.skipped.last()) {
            (0, Some(reason)) => Err(Error::unfit(reason.clone(), "a file that holds a score")),
            (1, _) => {
                self.items[first].0 = name.to_owned();
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// A text from bytes: a byte-order mark is left out, and lines end with `\n`.
///
/// # Errors
///
/// The first byte that isn't UTF-8, and texts without any character.
pub fn text(bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes()[at];
        Fault::new(Place::Byte(at), format!("byte {byte:#04x}"), "text in UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    match text.is_empty() {
        true => Err(Fault::new(Place::Whole, "nothing", "a text").into()),
        false => Ok(text),
    }
}

/// Whether a file has the name of a corpus of rolls.
fn is_rolls(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    [".json", ".json.gz", ".mat"].iter().any(|end| name.ends_with(end))
}

/// The files of a folder that hold pieces of a kind, ascending.
fn files_of(folder: &Path, kind: Kind) -> Result<Vec<PathBuf>> {
    match kind {
        Kind::Score | Kind::Roll => scores_in(folder),
        Kind::Strokes => strokes::format::drawings_in(folder),
        Kind::Text => crate::files::in_folder(folder, is_text),
    }
}

/// Whether a file has the name of a text.
fn is_text(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| TEXT.contains(&extension.as_str()))
}

/// A file's name without its extension.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let told = text(bytes.to_vec()).unwrap_or_else(|error| error.to_string());
        assert_eq!(told, expected);
    }

    #[test]
    fn lines_end_alike_and_the_mark_is_left_out() {
        check("\u{feff}one\r\ntwo\n".as_bytes(), "one\ntwo\n");
    }

    #[test]
    fn a_byte_that_is_no_text_is_named() {
        check(b"ab\xff", "byte 2: found byte 0xff, expected text in UTF-8");
    }

    #[test]
    fn nothing_is_no_text() {
        check(b"", "found nothing, expected a text");
    }

    #[test]
    fn a_folder_gives_its_texts_in_order_and_says_what_it_skips() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in
            [("b.txt", &b"second"[..]), ("a.md", b"first"), ("c.txt", b"\xff"), ("d.png", b"x")]
        {
            std::fs::write(folder.path().join(name), bytes).expect("a file");
        }
        let collection = Collection::open(&[folder.path().to_owned()], Kind::Text).expect("two texts");
        let names: Vec<&str> = collection.items.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, collection.skipped.len()), (vec!["a", "b"], 1));
    }

    #[test]
    fn drawings_keep_their_words_and_splits() {
        let folder = tempfile::tempdir().expect("a folder");
        let cats = "{\"word\":\"cat\",\"drawing\":[[[1,2],[3,4]]]}\n".repeat(20);
        let told = "{\"split\":\"test\",\"stroke3\":[[1,2,1]]}\n";
        let files = [
            ("a.ndjson", cats.as_str()),
            ("b.jsonl", told),
            ("c.svg", "<svg/>"),
            ("d.svg", "<svg><line x2='1'/></svg>"),
        ];
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let collection = Collection::open(&[folder.path().to_owned()], Kind::Strokes).expect("drawings");
        let names = |split| collection.split(split).map(|(name, _)| name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(Split::Test), ["test-1", "cat-5", "cat-15"]);
        assert_eq!((names(Split::Valid), names(Split::Train).len()), (vec!["cat-10", "cat-20"], 17));
        assert!(collection.skipped[0].starts_with("c: "), "{:?}", collection.skipped);
        assert_eq!(collection.items.last().map(|(name, _)| name.as_str()), Some("d"));
    }
}
