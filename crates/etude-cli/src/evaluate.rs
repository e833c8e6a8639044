//! `etude evaluate`: how surprised models are by pieces, and by which notes.

mod report;

use crate::failure::{Failure, Result};
use crate::input;
use crate::interrupt;
use crate::library::{self, Chosen};
use crate::terminal::{Progress, say};
use clap::{Args, ValueEnum};
use etude::music::compose;
use etude::shelf::{Authored, Opened};
use etude_piece::corpus::{Corpus, Split};
use etude_piece::piece::{Collection, Kind, Piece, text};
use etude_piece::score::Score;
use etude_piece::score::format::{open_score, read_score};
use etude_piece::strokes::format::read_one as read_drawing;
use report::{Row, Subject};
use std::path::{Path, PathBuf};

/// Say how likely pieces are to a model; to several models: a ranking, "who wrote it?"
#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// Models first (built-in names or files; without any: the default), then scores, texts, corpora in JSON, or folders
    #[arg(required = true, value_name = "MODEL|FILE")]
    what: Vec<String>,
    /// Only the pieces of one split of each corpus
    #[arg(long)]
    split: Option<SplitName>,
    /// The most surprising notes of each piece; in JSON all, as "surprises"
    #[arg(long)]
    events: bool,
    /// One line of JSON for each piece, and one for each model
    #[arg(long)]
    json: bool,
}

/// A split's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum SplitName {
    Train,
    Valid,
    Test,
}

impl Evaluate {
    /// Evaluates everything by every model.
    pub(crate) fn run(&self) -> Result {
        let models = self.what.iter().take_while(|name| library::names_model(name)).count();
        let (names, files) = self.what.split_at(models);
        if files.is_empty() {
            return Err(Failure::usage(
                "nothing to evaluate; hint: name scores, corpora or folders after the models",
            ));
        }
        if let Some(late) = files.iter().find(|name| library::names_model(name)) {
            return Err(Failure::usage(format!(
                "the model {late} stands after a file; hint: models come first"
            )));
        }
        let mut progress = Progress::new("reading");
        let chosen = match names {
            [] => vec![library::open(None)?],
            names => names.iter().map(|name| library::open(Some(name))).collect::<Result<_>>()?,
        };
        let mut rows: Vec<Row> = Vec::new();
        let mut first_failure = None;
        for (index, file) in files.iter().enumerate() {
            let share = index as f64 / files.len() as f64;
            let found = self.rows_of(file, &chosen, &mut |item| progress.step(share, item));
            match found {
                Ok(found) => rows.extend(found),
                Err(failure) if failure.code == 130 => {
                    first_failure = Some(failure);
                    break;
                }
                // The other files are worth their evaluation; the exit code tells of this one.
                Err(failure) => {
                    if files.len() > 1 {
                        say(&format!("error: {}", failure.message));
                    }
                    first_failure.get_or_insert(failure);
                }
            }
        }
        drop(progress);
        match self.json {
            true => report::json(&rows, &chosen, self.events)?,
            false => report::table(&rows, &chosen, self.events)?,
        }
        first_failure.map_or(Ok(()), Err)
    }

    /// A file's pieces as each model sees them; `see` is told each piece's name, and ends the work by `false`.
    fn rows_of(&self, file: &str, chosen: &[Chosen], see: &mut dyn FnMut(&str) -> bool) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        let mut score = None;
        for (model, one) in chosen.iter().enumerate() {
            let shelved = match &one.opened {
                Opened::Grid(shelved) => shelved,
                Opened::Author(authored) => {
                    rows.extend(self.rows_of_author(model, authored, file, one.art(), see)?);
                    continue;
                }
            };
            if score.is_none() {
                score = Some(lone_score(file)?);
            }
            if let Some(Some(score)) = &score {
                see(file);
                let (grid, evaluation) =
                    compose::evaluate(shelved, score).map_err(|error| Failure::from(error).of_input(file))?;
                rows.push(Row { model, item: file.to_owned(), subject: Subject::Grid(grid), evaluation });
                continue;
            }
            let corpus = Corpus::open(Path::new(file), shelved.card.steps_per_quarter)?;
            corpus.skipped.iter().for_each(|reason| say(&format!("skipped {reason}")));
            let mut refused = None;
            let before = rows.len();
            for item in corpus.items.iter().filter(|item| self.asks_for(item.split)) {
                if !see(&item.name) || interrupt::interrupted() {
                    return Err(Failure::interrupted("interrupted; nothing of this corpus was evaluated"));
                }
                match shelved.model.evaluate(&item.grid).map_err(Failure::from) {
                    Ok(evaluation) => {
                        let subject = Subject::Grid(item.grid.clone());
                        rows.push(Row { model, item: item.name.clone(), subject, evaluation });
                    }
                    Err(failure) => {
                        say(&format!("skipped {}: {}", item.name, failure.message));
                        refused.get_or_insert(failure);
                    }
                }
            }
            if rows.len() == before {
                let nothing = || Failure::input("no pieces in this split");
                return Err(refused.unwrap_or_else(nothing).of_input(file));
            }
        }
        Ok(rows)
    }

    /// A file's pieces as an author sees them.
    fn rows_of_author(
        &self,
        model: usize,
        authored: &Authored,
        file: &str,
        art: Kind,
        see: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Vec<Row>> {
        let collection = match file {
            "-" => {
                Collection { items: vec![("stdin".to_owned(), from_stdin(art)?)], ..Collection::default() }
            }
            _ => Collection::open(&[PathBuf::from(file)], art)?,
        };
        collection.skipped.iter().for_each(|reason| say(&format!("skipped {reason}")));
        if self.split.is_some() && collection.splits.is_empty() {
            let hint = "this model reads whole pieces; leave out --split";
            return Err(Failure::usage(format!("{} knows no splits; hint: {hint}", authored.card.name)));
        }
        let split = |index: usize| collection.splits.get(index).is_none_or(|split| self.asks_for(*split));
        let asked = collection.items.iter().enumerate().filter(|(index, _)| split(*index));
        let asked: Vec<_> = asked.map(|(_, item)| item).collect();
        if asked.is_empty() {
            return Err(Failure::input("no pieces in this split").of_input(file));
        }
        let (alone, mut rows, mut refused) = (collection.items.len() == 1, Vec::new(), None);
        for (name, piece) in asked {
            if !see(name) || interrupt::interrupted() {
                return Err(Failure::interrupted("interrupted; nothing of this corpus was evaluated"));
            }
            let item = if alone { file } else { name };
            let read = authored.author.evaluate(piece).and_then(|evaluation| {
                let labels = if self.events { authored.author.labels(piece)? } else { Vec::new() };
                Ok((evaluation, Subject::Symbols(labels)))
            });
            match read {
                Ok((evaluation, subject)) => {
                    rows.push(Row { model, item: item.to_owned(), subject, evaluation })
                }
                Err(error) => {
                    let failure = Failure::from(error).of_input(item);
                    if !alone {
                        say(&format!("skipped {}", failure.message));
                    }
                    refused.get_or_insert(failure);
                }
            }
        }
        match refused {
            Some(failure) if rows.is_empty() => Err(failure),
            _ => Ok(rows),
        }
    }

    fn asks_for(&self, split: Split) -> bool {
        match self.split {
            None => true,
            Some(SplitName::Train) => split == Split::Train,
            Some(SplitName::Valid) => split == Split::Valid,
            Some(SplitName::Test) => split == Split::Test,
        }
    }
}

/// The piece that comes in by stdin.
fn from_stdin(art: Kind) -> Result<Piece> {
    let bytes = input::stdin()?;
    Ok(match art {
        Kind::Text => Piece::Text(text(bytes).map_err(|error| error.in_file("stdin"))?),
        Kind::Score | Kind::Roll => Piece::Score(Box::new(read_score(&bytes, "stdin")?)),
        Kind::Strokes => Piece::Strokes(read_drawing(&bytes, "stdin")?),
    })
}

/// The score of a file or stdin; none for a corpus, which is opened for each model at its own number of steps.
fn lone_score(file: &str) -> Result<Option<Score>> {
    let path = Path::new(file);
    if file == "-" {
        return Ok(Some(read_score(&input::stdin()?, "stdin")?));
    }
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if is_json || path.is_dir() { Ok(None) } else { Ok(Some(open_score(path)?)) }
}
