//! `etude convert`: from one format to another, and what is lost on the way.

mod drawing;
mod target;

use crate::drawing::{holds_drawings, is_called_drawing};
use crate::failure::{Failure, Result};
use crate::input;
use crate::interrupt::interrupted;
use crate::terminal::{Progress, put_json, say};
use clap::Args;
use etude_piece::score::Reading;
use etude_piece::score::format::{Format, View, read_bytes, scores, scores_in};
use etude_piece::strokes;
use serde_json::json;
use std::path::{Path, PathBuf};
use target::Target;

/// Convert scores or drawings from one format to another, and list what the new file can't hold
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Convert {
    /// A score, a drawing, a file of many, or a folder of them; - for stdin
    #[arg(value_name = "IN")]
    from: PathBuf,
    /// The new file, whose extension tells its format; or a folder; - for stdout
    #[arg(value_name = "OUT")]
    to: PathBuf,
    /// The new format, where OUT doesn't tell: mid, musicxml, mxl, abc, krn, wav, svg …; of drawings svg, gcode, hpgl, png …
    #[arg(long = "to", value_name = "FORMAT")]
    format: Option<String>,
    /// What a picture shows: engraved (staff notation) or roll (a piano roll, .svg only)
    #[arg(long, default_value = "engraved")]
    view: View,
    /// Only this tune or drawing of a file of many, counted from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    tune: Option<u32>,
    /// Write repeats and variant endings out, as they are played
    #[arg(long)]
    unfold: bool,
    /// One line of JSON for each score
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    asked: drawing::Asked,
}

const HELP: &str = "\
What a score or the new format can't hold is listed on stderr, a line for each kind of thing.
Of a folder all scores are converted, by name; those that can't be read are named on stderr, the
others are written nonetheless, and the exit code is 3.
Drawings are read from SVG, stroke-3 in JSON lines, Quick, Draw!, CSV, and pen logs in XML or JSON; they are written as svg,
png, csv, jsonl, gcode and hpgl. Plotters get each drawing as large as it fits on its sheet, in an order that spares the pen's
way. A folder of scores is one of scores, whatever else lies in it.";

/// How it goes.
#[derive(Debug, Default)]
struct Tally {
    /// Scores that were written.
    written: usize,
    /// Scores or files that could not be.
    refused: usize,
    /// Whether there is one score only, whose refusal is the command's.
    alone: bool,
}

impl Convert {
    /// Converts all there is.
    pub(crate) fn run(&self) -> Result {
        let from_folder = self.from.is_dir();
        let mut read = None;
        if self.wants_drawing() {
            if from_folder && scores_in(&self.from)?.is_empty() {
                return self.folder_of_drawings();
            }
            if !from_folder {
                let (bytes, name) = self.bytes()?;
                if holds_drawings(&bytes, &name) {
                    return self.drawings(&bytes, &name);
                }
                read = Some((bytes, name));
            }
        }
        let format = self.format.as_deref().map(str::parse::<Format>).transpose().map_err(Failure::usage)?;
        let mut target = Target::new(&self.to, format, self.view, from_folder)?;
        if self.json && target.is_stdout() {
            return Err(Failure::usage("stdout takes the score or its JSON; write the score to a file"));
        }
        let mut tally = Tally { alone: !from_folder, ..Tally::default() };
        match from_folder {
            true => self.folder(&mut target, &mut tally)?,
            false => {
                let (bytes, name) = read.map_or_else(|| self.bytes(), Ok)?;
                self.file(&bytes, &name, &mut target, &mut tally)?;
            }
        }
        target.finish()?;
        if from_folder || tally.written > 1 {
            say(&format!("{} scores written to {}", tally.written, self.to.display()));
        }
        match tally.refused {
            0 => Ok(()),
            1 => Err(Failure::input("1 could not be converted; it is named above")),
            refused => Err(Failure::input(format!("{refused} could not be converted; they are named above"))),
        }
    }

    /// The file that is to be converted, and what it is called.
    fn bytes(&self) -> Result<(Vec<u8>, String)> {
        if self.from != Path::new("-") {
            if is_called_drawing(&self.from) {
                return Ok((strokes::format::read_bytes(&self.from)?, self.from.display().to_string()));
            }
            return Ok((read_bytes(&self.from)?, self.from.display().to_string()));
        }
        Ok((input::stdin()?, "stdin".to_owned()))
    }

    /// Converts the scores in a folder, one file after the other, so that no more than one is held.
    fn folder(&self, target: &mut Target, tally: &mut Tally) -> Result {
        let files = scores_in(&self.from)?;
        if files.is_empty() {
            let found = format!("{}: found no score, expected files of scores", self.from.display());
            return Err(Failure::input(found));
        }
        let mut progress = Progress::new("converting");
        for (index, path) in files.iter().enumerate() {
            let name = path.display().to_string();
            if !progress.step(index as f64 / files.len() as f64, &name) {
                return Err(stopped(tally));
            }
            match read_bytes(path) {
                Ok(bytes) => self.file(&bytes, &name, target, tally)?,
                Err(error) => self.refuse((&name, &name), &error.into(), tally)?,
            }
        }
        Ok(())
    }

    /// Converts the scores of one file.
    fn file(&self, bytes: &[u8], name: &str, target: &mut Target, tally: &mut Tally) -> Result {
        let mut readings = scores(bytes, name);
        // The second tells whether there are many, before the first is written.
        let (first, second) = (readings.next(), readings.next());
        let many = second.is_some();
        let readings = first.into_iter().chain(second).chain(readings);
        if many && self.tune.is_none() && !target.takes_many() {
            let found = format!("{name} holds several tunes, and {} takes one", self.to.display());
            return Err(Failure::usage(format!("{found}; hint: add --tune 1, or name a folder")));
        }
        tally.alone &= !many || self.tune.is_some();
        let asked = self.tune.map_or(0..usize::MAX, |tune| tune as usize - 1..tune as usize);
        let mut found = 0;
        for (index, reading) in readings.enumerate().take(asked.end) {
            found = index + 1;
            if !asked.contains(&index) {
                continue;
            }
            let number = many.then_some(found);
            let shown = number.map_or_else(|| name.to_owned(), |number| format!("{name}, tune {number}"));
            match reading {
                Ok(reading) => self.score(&reading, (name, number, &shown), target, tally)?,
                Err(error) => self.refuse((name, &shown), &error.into(), tally)?,
            }
            if interrupted() {
                return Err(stopped(tally));
            }
        }
        match self.tune {
            Some(tune) if found < tune as usize => {
                Err(Failure::usage(format!("{name}: there is no tune {tune}; it holds {found}")))
            }
            _ => Ok(()),
        }
    }

    /// Converts one score of the file `name`, its tune `number` if it holds many, `shown` to a person.
    fn score(
        &self,
        reading: &Reading,
        (name, number, shown): (&str, Option<usize>, &str),
        target: &mut Target,
        tally: &mut Tally,
    ) -> Result {
        let unfolded = self.unfold.then(|| reading.score.unfolded());
        let written = match target.convert(unfolded.as_ref().unwrap_or(&reading.score)) {
            Ok(written) => written,
            Err(error) => return self.refuse((name, shown), &Failure::from(error), tally),
        };
        let file = match target.put(name, number, written.bytes) {
            Err(failure) if failure.code == 3 => return self.refuse((name, shown), &failure, tally),
            file => file?,
        };
        tally.written += 1;
        let lost: Vec<&String> = reading.lost.iter().chain(&written.lost).collect();
        if self.json {
            return put_json(&json!({ "from": name, "tune": number, "to": file, "lost": lost }));
        }
        lost.iter().for_each(|line| say(&format!("{shown}, lost: {line}")));
        Ok(())
    }

    /// Names what can't be converted, and goes on.
    fn refuse(&self, (name, shown): (&str, &str), failure: &Failure, tally: &mut Tally) -> Result {
        tally.refused += 1;
        let message = match failure.message.strip_prefix(name) {
            Some(rest) => format!("{shown}{rest}"),
            None => format!("{shown}: {}", failure.message),
        };
        if tally.alone {
            return Err(Failure { message, ..*failure });
        }
        say(&format!("error: {message}"));
        if self.json {
            put_json(&json!({ "from": shown, "error": message }))?;
        }
        Ok(())
    }
}

/// The end of an interrupted run.
fn stopped(tally: &Tally) -> Failure {
    Failure::interrupted(format!("interrupted; {} scores are converted", tally.written))
}
