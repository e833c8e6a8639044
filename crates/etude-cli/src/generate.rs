//! `etude generate`: compose a piece, or complete a draft.

mod arguments;
mod outputs;

pub(crate) use arguments::{setting, tempo};

use crate::drawing;
use crate::failure::{Failure, Result};
use crate::library::{self, Chosen};
use crate::made::Made;
use crate::recipe::{Recipe, metre};
use crate::terminal::{Progress, is_seen, put, put_json, roll_of, say};
use crate::{interrupt, save};
use arguments::{open_draft, read_at, seed_of_the_clock, share};
use clap::Args;
use etude::inference::constraint;
use etude::music::{folk, roll};
use etude::shelf::Opened;
use etude::text;
use etude_piece::piece::{Kind, Piece};
use etude_piece::score::format::{Format, View, write_view};
use etude_piece::score::{Key, Metre, Written};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Compose a piece, or complete a draft, under constraints that are kept
#[derive(Debug, Args)]
#[command(after_long_help = languages())]
pub(crate) struct Generate {
    /// A built-in model, or the path of a model file; see `etude models`
    model: Option<String>,
    /// Where to write: .mid, .musicxml, .mxl, .abc, .krn, .wav, .svg, .png or .pdf; several for one piece in several formats;
    /// - for stdout
    #[arg(short, long = "output", value_name = "FILE")]
    output: Vec<PathBuf>,
    /// The format of `-o -`: mid, musicxml, mxl, abc, krn, wav, svg, png or pdf
    #[arg(long, default_value = "mid")]
    format: Format,
    /// What pictures show: engraved (staff notation), or roll (a piano roll, as .svg)
    #[arg(long, default_value = "engraved")]
    view: View,
    /// The same seed makes the same bytes; without one the clock gives one
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many pieces; the seeds count up, and files are numbered: a-1.mid, a-2.mid
    #[arg(short = 'n', long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    count: u64,
    /// Full bars; without it the draft's, or 8
    #[arg(long, value_name = "BARS", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    length: Option<u16>,
    /// A piece whose notes are given: MIDI, MusicXML, ABC or **kern; - for stdin
    #[arg(long, value_name = "FILE")]
    draft: Option<PathBuf>,
    /// A variation of the draft: about this share of its notes, 0 to 1, is written anew
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "draft")]
    vary: Option<f64>,
    /// Lead the draft towards this piece, in the draft's key: some half notes of either are kept, those between written anew
    #[arg(long, value_name = "FILE", requires = "draft")]
    towards: Option<PathBuf>,
    /// How far, 0 to 1; without it several pieces are spread evenly on the way
    #[arg(long, requires = "towards", value_parser = share)]
    share: Option<f64>,
    /// Write all voices of the draft anew but its top one, or that of --voice, in these bars, such as 5-8, or 1- for all
    #[arg(long, value_name = "BARS", requires = "draft")]
    reharmonise: Option<String>,
    /// Which voice a draft of one voice is, such as bass or 4; without it the top one
    #[arg(long)]
    voice: Option<String>,
    /// The key, such as G, D-minor or 'F# minor'
    #[arg(long)]
    key: Option<Key>,
    /// The metre, such as 3/4
    #[arg(long, value_parser = metre)]
    metre: Option<Metre>,
    /// Quarter notes a minute, from 10 to 400
    #[arg(long, value_name = "N", value_parser = tempo)]
    tempo: Option<f64>,
    /// What must be there, such as 'B@end=tonic'; --help explains the language
    #[arg(long, value_name = "SPEC")]
    keep: Vec<String>,
    /// What must not be there, such as 'T=..D3'
    #[arg(long, value_name = "SPEC")]
    forbid: Vec<String>,
    /// One of the model's settings, such as temperature=0.9; @FILE as the value reads it from a file; see `etude models`
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// One line of JSON for each piece
    #[arg(long)]
    json: bool,
}

/// What `--keep` and `--forbid` take, art by art.
fn languages() -> String {
    let arts = [
        ("CHORALES AND MELODIES", constraint::HELP),
        ("TEXTS", text::HELP),
        ("FOLK TUNES", folk::HELP),
        ("ROLLS", roll::HELP),
    ];
    arts.map(|(art, help)| format!("{art}\n\n{help}")).join("\n\n")
}

/// What one piece was written to.
struct Saved {
    files: Vec<String>,
    /// Whether the piece itself went to stdout.
    to_stdout: bool,
}

impl Generate {
    /// Makes the pieces one after the other.
    pub(crate) fn run(&self) -> Result {
        let mut progress = Progress::new("reading the model");
        let model = library::open(self.model.as_deref())?;
        drop(progress);
        let art = model.art();
        let outputs = self.outputs(art)?;
        let first = self.first_recipe(art)?;
        let mut finished: Vec<String> = Vec::new();
        let beside = match &model.opened {
            Opened::Author(authored) => authored.author.beside().max(1) as u64,
            Opened::Grid(_) => 1,
        };
        let mut begun = 0;
        while begun < self.count {
            let together = begun..self.count.min(begun + beside);
            let recipe = |index: u64| Recipe {
                model: model.name.clone(),
                hash: model.hash().to_owned(),
                seed: first.seed.wrapping_add(index),
                share: self.share_of(index),
                ..first.clone()
            };
            let recipes: Vec<Recipe> = together.clone().map(recipe).collect();
            let started = Instant::now();
            let task = match (self.count, together.end - begun) {
                (1, _) => "composing".to_owned(),
                (_, 1) => format!("composing {}", begun + 1),
                _ => format!("composing {} to {}", begun + 1, together.end),
            };
            progress = Progress::new(task);
            let made = Recipe::make_each(&recipes, &model, &mut progress);
            drop(progress);
            let each = started.elapsed().as_secs_f64() / recipes.len() as f64;
            for ((index, recipe), made) in together.clone().zip(&recipes).zip(made) {
                let made = match made {
                    Err(failure) if failure.code == 130 => return Err(self.stopped(index, &finished)),
                    made => made?,
                };
                let started = Instant::now();
                let saved = self.save(&made, &recipe.line(), &outputs, index)?;
                let seconds = each + started.elapsed().as_secs_f64();
                self.tell(&model, recipe, &made, &saved, seconds)?;
                finished.extend(saved.files);
                if interrupt::interrupted() && index + 1 < self.count {
                    return Err(self.stopped(index + 1, &finished));
                }
            }
            begun = together.end;
        }
        if outputs.is_empty() && !self.json && art != Kind::Text {
            let extension = if art == Kind::Strokes { "svg" } else { "mid" };
            say(&format!("nothing was written; to save a piece, add for example: -o piece.{extension}"));
        }
        Ok(())
    }

    /// What an interruption leaves.
    fn stopped(&self, pieces: u64, finished: &[String]) -> Failure {
        let kept = match (pieces, finished) {
            (0, _) => "nothing was made".to_owned(),
            (_, []) => format!("{pieces} of {} pieces are finished", self.count),
            (_, files) => format!("{pieces} of {} pieces are finished: {}", self.count, files.join(", ")),
        };
        Failure::interrupted(format!("interrupted; {kept}"))
    }

    /// What was asked; model and hash are still to come.
    fn first_recipe(&self, art: Kind) -> Result<Recipe> {
        Ok(Recipe {
            etude: env!("CARGO_PKG_VERSION").to_owned(),
            model: String::new(),
            hash: String::new(),
            seed: self.seed.unwrap_or_else(seed_of_the_clock),
            length: self.length.map(usize::from),
            key: self.key.map(|key| key.to_string()),
            metre: self.metre.map(|metre| metre.to_string()),
            tempo: self.tempo,
            voice: self.voice.clone(),
            keep: self.keep.clone(),
            forbid: self.forbid.clone(),
            set: self.set.iter().cloned().map(read_at).collect::<Result<_>>()?,
            draft: self.draft.as_deref().map(|path| open_draft(path, art)).transpose()?,
            vary: self.vary,
            towards: self.towards.as_deref().map(|path| open_draft(path, art)).transpose()?,
            share: None,
            reharmonise: self.reharmonise.clone(),
            view: (self.view != View::default()).then(|| self.view.name().to_owned()),
        })
    }

    /// How far towards the other piece this one is.
    fn share_of(&self, index: u64) -> Option<f64> {
        let spread = || (index + 1) as f64 / (self.count + 1) as f64;
        self.towards.is_some().then(|| self.share.unwrap_or_else(spread))
    }

    /// Writes one piece with its recipe to all outputs.
    fn save(&self, made: &Made, line: &str, outputs: &[(PathBuf, Format)], index: u64) -> Result<Saved> {
        let mut saved = Saved { files: Vec::new(), to_stdout: false };
        for (path, format) in outputs {
            let written = match &made.piece {
                Piece::Text(text) => Written { bytes: text.clone().into_bytes(), lost: Vec::new() },
                Piece::Score(score) => write_view(score, *format, self.view)
                    .map_err(|error| Failure::plain(format!("{}: {error}", path.display())))?,
                Piece::Strokes(drawing) => drawing::written(drawing, path, line)?,
                Piece::Roll(_) => unreachable!("authors of rolls make scores of them"),
            };
            if path == Path::new("-") {
                put(&written.bytes)?;
                saved.to_stdout = true;
                continue;
            }
            let path = if self.count > 1 { save::numbered(path, index + 1) } else { path.clone() };
            save::whole(&path, &written.bytes)?;
            let name = path.display().to_string();
            written.lost.iter().for_each(|lost| say(&format!("{name}: without {lost}")));
            saved.files.push(name);
        }
        Ok(saved)
    }

    /// Says what was made: as JSON, or for a person. With files, and nobody to look, stdout stays empty.
    fn tell(&self, model: &Chosen, recipe: &Recipe, made: &Made, saved: &Saved, seconds: f64) -> Result {
        made.messages.iter().for_each(|message| say(message));
        let given = made.met.len();
        let met = made.met.iter().filter(|met| **met).count();
        if met < given {
            say(&format!(
                "warning: {} of {given} constraints aren't met; this is a mistake of Étude's",
                given - met
            ));
        }
        if self.json {
            let mut object = json!({
                "model": model.name,
                "seed": recipe.seed,
                "files": saved.files,
                "seconds": (seconds * 1000.0).round() / 1000.0,
                "constraints": { "given": given, "met": met },
                "novelty": made.novelty,
                "diagnostics": made.diagnostics,
            });
            if let (Piece::Text(text), true) = (&made.piece, saved.files.is_empty()) {
                object["text"] = text.as_str().into();
            }
            return put_json(&object);
        }
        let line = format!("{}, seed {}, {seconds:.2} s", made.headline, recipe.seed);
        let summary = format!("{line}\n{}\n", made.novelty_line);
        match &made.piece {
            _ if saved.to_stdout || (!saved.files.is_empty() && !is_seen()) => say(summary.trim_end()),
            Piece::Score(score) => put(format!("{}{summary}", roll_of(score)).as_bytes())?,
            Piece::Strokes(_) => put(summary.as_bytes())?,
            Piece::Roll(_) => unreachable!("authors of rolls make scores of them"),
            Piece::Text(text) => {
                put(format!("{text}\n").as_bytes())?;
                say(summary.trim_end());
            }
        }
        if !saved.files.is_empty() {
            say(&format!("wrote {}", saved.files.join(", ")));
        }
        Ok(())
    }
}
