//! The recipe that every output carries: all that it takes to make the same bytes again.

use crate::failure::{Failure, Result};
use crate::library::Chosen;
use crate::made::Made;
use crate::terminal::Progress;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use etude::author;
use etude::inference::constraint::{Constraint, Kind};
use etude::model::Settings;
use etude::music::compose::{Request, compose};
use etude::shelf::Opened;
use etude_piece::piece::{Kind as Art, Piece, text};
use etude_piece::score::format::{View, format_of, read_score};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Metre, Score};
use etude_piece::strokes::format::read_one as read_drawing;
use serde::{Deserialize, Serialize};

/// The largest draft that an output carries, in bytes.
const MOST_DRAFT: usize = 1 << 20;

/// What a draft's format is called that is a text.
const TEXT: &str = "txt";

/// What a draft's format is called that is a drawing, of whatever format.
const DRAWING: &str = "drawing";

/// What was asked of which model. One line of JSON in a file; what wasn't asked is `null` or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recipe {
    /// The program's version.
    pub(crate) etude: String,
    /// The model's name or path.
    pub(crate) model: String,
    /// The model's hash.
    pub(crate) hash: String,
    /// The seed.
    pub(crate) seed: u64,
    /// Full bars.
    pub(crate) length: Option<usize>,
    /// The key, such as `G major`.
    pub(crate) key: Option<String>,
    /// The metre, such as `3/4`.
    pub(crate) metre: Option<String>,
    /// Quarter notes a minute.
    pub(crate) tempo: Option<f64>,
    /// The voice that a draft of one voice is, as typed.
    pub(crate) voice: Option<String>,
    /// What `--keep` said, in order.
    pub(crate) keep: Vec<String>,
    /// What `--forbid` said, in order.
    pub(crate) forbid: Vec<String>,
    /// What `--set` said.
    pub(crate) set: Settings,
    /// The draft itself.
    pub(crate) draft: Option<Draft>,
    /// The share of the draft's notes that is written anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vary: Option<f64>,
    /// The piece that the draft is led towards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) towards: Option<Draft>,
    /// How far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) share: Option<f64>,
    /// Where all voices but one are written anew, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reharmonise: Option<String>,
    /// What pictures show, if not staff notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) view: Option<String>,
}

/// A draft inside a recipe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The file's name, without its folder.
    pub(crate) name: String,
    /// The format's usual extension, or `drawing`.
    pub(crate) format: String,
    /// The whole file.
    pub(crate) bytes_base64: String,
}

impl Draft {
    /// Packs a draft, once it has been read.
    pub(crate) fn pack(bytes: &[u8], name: &str, art: Art) -> Result<Self> {
        if bytes.len() > MOST_DRAFT {
            let found = format!("{name}: found {} bytes, expected a draft of at most 1 MiB", bytes.len());
            return Err(Failure::input(format!("{found}; hint: outputs carry their draft")));
        }
        let format = match art {
            Art::Score | Art::Roll => {
                read_score(bytes, name)?;
                format_of(bytes, name)?.to_string()
            }
            Art::Text => {
                text(bytes.to_vec()).map_err(|error| error.in_file(name))?;
                TEXT.to_owned()
            }
            Art::Strokes => {
                read_drawing(bytes, name)?;
                DRAWING.to_owned()
            }
        };
        Ok(Self { name: name.to_owned(), format, bytes_base64: BASE64_STANDARD.encode(bytes) })
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        let damaged = |error| Failure::input(format!("the recipe's draft: {error}"));
        BASE64_STANDARD.decode(&self.bytes_base64).map_err(damaged)
    }

    fn score(&self) -> Result<Score> {
        Ok(read_score(&self.bytes()?, &self.name)?)
    }

    fn piece(&self) -> Result<Piece> {
        Ok(match self.format.as_str() {
            TEXT => Piece::Text(text(self.bytes()?)?),
            DRAWING => Piece::Strokes(read_drawing(&self.bytes()?, &self.name)?),
            _ => Piece::Score(Box::new(self.score()?)),
        })
    }
}

impl Recipe {
    /// Reads a recipe from a file's one line.
    pub(crate) fn read(line: &str, file: &str) -> Result<Self> {
        if line.is_empty() {
            let found = format!("{file}: found no recipe, expected a file that `etude generate` wrote");
            return Err(Failure::input(found));
        }
        serde_json::from_str(line)
            .map_err(|error| Failure::input(format!("{file}: found a recipe that doesn't read: {error}")))
    }

    /// The recipe as one line.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).expect("a recipe is plain text and finite numbers")
    }

    /// Makes the pieces of several recipes that differ in their seeds alone; each carries its own line.
    pub(crate) fn make_each(recipes: &[Self], model: &Chosen, progress: &mut Progress) -> Vec<Result<Made>> {
        let (Opened::Author(authored), Some(first)) = (&model.opened, recipes.first()) else {
            return recipes.iter().map(|recipe| recipe.make(model, &recipe.line(), progress)).collect();
        };
        let asked = match first.asked() {
            Ok(asked) => asked,
            Err(failure) => return vec![Err(failure)],
        };
        let seeds = recipes.iter().map(|recipe| recipe.seed);
        let requests: Vec<_> = seeds.map(|seed| author::Request { seed, ..asked.clone() }).collect();
        let made = authored
            .author
            .compose_each(&requests, &mut |share: f64, words: &str| progress.step(share, words));
        let made = made.into_iter().zip(recipes);
        made.map(|(made, recipe)| recipe.finish(made.map(Made::from), &recipe.line())).collect()
    }

    /// Makes the piece; it carries `line`.
    pub(crate) fn make(&self, model: &Chosen, line: &str, progress: &mut Progress) -> Result<Made> {
        let progress = &mut |share: f64, words: &str| progress.step(share, words);
        let made: std::result::Result<Made, etude::Error> = match &model.opened {
            Opened::Grid(shelved) => {
                compose(shelved, &self.request(shelved.card.voices)?, progress).map(Made::from)
            }
            Opened::Author(authored) => authored.author.compose(&self.asked()?, progress).map(Made::from),
        };
        self.finish(made, line)
    }

    /// The piece, with its line.
    fn finish(&self, made: std::result::Result<Made, etude::Error>, line: &str) -> Result<Made> {
        let mut made = made.map_err(|error| match (&error, &self.draft) {
            (etude::Error::Piece(_), Some(draft)) => Failure::from(error).of(&draft.name),
            _ => Failure::from(error),
        })?;
        if let Piece::Score(score) = &mut made.piece {
            line.clone_into(&mut score.recipe);
        }
        Ok(made)
    }

    /// What pictures show.
    pub(crate) fn view(&self) -> Result<View> {
        self.view.as_deref().map_or(Ok(View::default()), str::parse).map_err(Failure::input)
    }

    /// The constraints, those kept first.
    fn constraints(&self) -> Result<Vec<Constraint>> {
        let keeps = self.keep.iter().map(|text| Constraint::parse(Kind::Keep, text));
        let forbids = self.forbid.iter().map(|text| Constraint::parse(Kind::Forbid, text));
        Ok(keeps.chain(forbids).collect::<std::result::Result<_, _>>()?)
    }

    /// What an author is asked.
    fn asked(&self) -> Result<author::Request> {
        let of_grids = [
            ("--vary", self.vary.is_some()),
            ("--towards", self.towards.is_some()),
            ("--reharmonise", self.reharmonise.is_some()),
        ];
        if let Some((option, _)) = of_grids.iter().find(|(_, asked)| *asked) {
            return Err(Failure::usage(format!(
                "{option}: hint: this is for models of voices, such as bach"
            )));
        }
        if let Some(voice) = &self.voice {
            return Err(Failure::usage(format!("--voice {voice}: hint: this model writes one voice")));
        }
        Ok(author::Request {
            draft: self.draft.as_ref().map(Draft::piece).transpose()?,
            keep: self.keep.clone(),
            forbid: self.forbid.clone(),
            length: self.length,
            key: self.key.as_deref().map(str::parse).transpose().map_err(Failure::usage)?,
            metre: self.metre.as_deref().map(metre).transpose().map_err(Failure::usage)?,
            tempo: self.tempo,
            settings: self.set.clone(),
            seed: self.seed,
        })
    }

    /// What the model is asked.
    fn request(&self, voices: usize) -> Result<Request> {
        let top = self.voice.as_deref().map(|text| voice(text, voices)).transpose()?;
        let mut constraints = self.constraints()?;
        if let Some(region) = &self.reharmonise {
            let others = (0..voices).filter(|&other| other != top.unwrap_or(0));
            let others: Vec<String> = others.map(|other| (other + 1).to_string()).collect();
            constraints.push(Constraint::parse(Kind::Keep, &format!("{}@{region}=open", others.join(",")))?);
        }
        let far = self.share.unwrap_or(0.5);
        let towards = self.towards.as_ref().map(|piece| Ok::<_, Failure>((piece.score()?, far)));
        Ok(Request {
            draft: self.draft.as_ref().map(Draft::score).transpose()?,
            vary: self.vary,
            towards: towards.transpose()?,
            voice: top,
            bars: self.length,
            key: self.key.as_deref().map(str::parse).transpose().map_err(Failure::usage)?,
            metre: self.metre.as_deref().map(metre).transpose().map_err(Failure::usage)?,
            tempo: self.tempo,
            constraints,
            settings: self.set.clone(),
            seed: self.seed,
        })
    }
}

/// Reads `3/4`.
pub(crate) fn metre(text: &str) -> std::result::Result<Metre, String> {
    let read = || {
        let (count, unit) = text.split_once('/')?;
        Metre::new(count.parse().ok()?, unit.parse().ok()?)
    };
    read().ok_or_else(|| format!("`{text}` is not a metre such as 4/4, 3/4 or 6/8"))
}

/// Reads a voice among `voices`: a name, an initial, or a number from the top, counted from 1.
fn voice(text: &str, voices: usize) -> Result<usize> {
    let asked = text.to_lowercase();
    let fits = |&voice: &usize| {
        let name = voice_name(voice, voices).to_lowercase();
        let initial = voices <= 4 && name.starts_with(&asked) && asked.len() == 1;
        asked == name || initial || asked == (voice + 1).to_string()
    };
    (0..voices).find(fits).ok_or_else(|| {
        let names: Vec<String> = (0..voices).map(|voice| voice_name(voice, voices).to_lowercase()).collect();
        let hint = format!("one of {}, or a number from the top", names.join(", "));
        Failure::usage(format!("no voice `{text}`; hint: {hint}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_have_names_initials_and_numbers() {
        let read = |text: &str| voice(text, 4).map_err(|failure| failure.code);
        assert_eq!([read("soprano"), read("A"), read("3"), read("b")], [Ok(0), Ok(1), Ok(2), Ok(3)]);
        assert_eq!([read("5"), read("0"), read("")], [Err(2); 3]);
    }

    #[test]
    fn metres_are_read() {
        assert_eq!(metre("6/8").map(|metre| metre.to_string()), Ok("6/8".to_owned()));
        assert!(metre("6/7").is_err() && metre("6").is_err());
    }
}
