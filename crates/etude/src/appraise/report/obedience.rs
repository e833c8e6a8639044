//! Flexibility: whether random drafts are kept, whether contradictions are named, and what constraints cost in likelihood.

use super::{Beside, Piece, Wanted};
use crate::appraise::flexibility::{Ask, Theme, contradictory, harmless, keep};
use crate::appraise::reference::{Reference, Surprise, Tune};
use crate::appraise::watched::watched;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::inference::constraint::Constraint;
use crate::model::{Kind, Progress};
use crate::music::compose::{Composed, Request, compose, drawn_key};
use crate::shelf::Shelved;
use etude_piece::score::{Frame, Grid, Key, Score};
use serde::Serialize;

/// Bars of the drafts, and of the free pieces beside which they are read.
const BARS: usize = 4;

/// One draft of each theme for so many free pieces.
const PIECES_A_DRAFT: usize = 8;

/// Does a model obey?
#[derive(Debug, Clone, Serialize)]
pub struct Flexibility {
    /// What kind of number the likelihoods are.
    pub kind: Kind,
    /// What an event is.
    pub unit: String,
    /// The surprise of the free pieces and of the corpus.
    pub likelihood: Beside<Likelihood>,
    /// Bars of the drafts.
    pub bars: usize,
    /// The surprise of free pieces as long as the drafts.
    pub free: Likelihood,
    /// By theme.
    pub drafts: Vec<Drafts>,
    /// Drafts that can't be met.
    pub contradictions: Contradictions,
}

/// The surprise of a set of pieces.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Likelihood {
    /// Total nats over total events; NaN of nothing.
    pub nats_per_event: f64,
    /// Events.
    pub events: usize,
    /// Nats per event of each piece.
    pub pieces: Vec<f64>,
}

/// Random drafts of one theme.
#[derive(Debug, Clone, Serialize)]
pub struct Drafts {
    /// The theme's name.
    pub theme: String,
    /// What it asks for.
    pub meaning: String,
    /// Constraints of the first draft.
    pub example: Vec<String>,
    /// Drafts.
    pub drafts: usize,
    /// Drafts of which nothing was made; the first reason.
    pub failed: usize,
    /// Why the first of them failed, or empty.
    pub reason: String,
    /// Constraints in all drafts.
    pub given: usize,
    /// Those that the pieces keep, checked on the finished piece.
    pub kept: usize,
    /// The surprise of the pieces.
    pub likelihood: Likelihood,
}

/// Drafts that can't be met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contradictions {
    /// Drafts.
    pub given: usize,
    /// Those that were refused with every constraint named that is to blame.
    pub named: usize,
    /// What the first refusal says.
    pub example: String,
}

impl Flexibility {
    pub(super) fn of(
        shelved: &Shelved,
        pieces: &[Piece],
        reference: Option<&Reference>,
        wanted: &Wanted,
        progress: &mut Progress,
    ) -> Result<Self> {
        let evaluations = || pieces.iter().map(|piece| &piece.evaluation);
        let (kind, unit) =
            evaluations().next().map_or((Kind::Estimate, "event"), |first| (first.kind, first.unit));
        let own = evaluations().map(|evaluation| Surprise::of(evaluation.total(), evaluation.nats.len()));
        let likelihood = Beside {
            generated: Likelihood::of(own),
            train: reference.map(|r| Likelihood::of(r.surprise_train.iter().copied())),
            held_out: reference
                .filter(|r| !r.surprise_held_out.is_empty())
                .map(|r| Likelihood::of(r.surprise_held_out.iter().copied())),
        };
        let seeds = wanted.pieces.div_ceil(PIECES_A_DRAFT);
        let tunes = reference.map_or(&[][..], |reference| &reference.tunes);
        // The free pieces come first, then the drafts theme by theme, all with the same seeds.
        let themes = 1 + Theme::ALL.len() + usize::from(!tunes.is_empty());
        let tried = watched(seeds * themes, "keeping drafts", progress, |index, goes_on| {
            let seed = wanted.seed.wrapping_add((index % seeds) as u64);
            let asked = match index / seeds {
                0 => Asked::free(shelved, seed)?,
                theme => match Theme::ALL.get(theme - 1) {
                    Some(&theme) => Asked::of(shelved, theme, seed)?,
                    None => Asked::to_harmonise(shelved, &tunes[index % seeds % tunes.len()], seed)?,
                },
            };
            Tried::of(shelved, asked, goes_on)
        })?;
        let mut groups = tried.chunks(seeds);
        let free = groups.next().unwrap_or(&[]);
        let mut names: Vec<(&str, &str)> =
            Theme::ALL.iter().map(|theme| (theme.name(), theme.meaning())).collect();
        names.push(match shelved.model.alphabets().len() {
            1 => ("beginnings", "the first half of a held-out melody is given, to be continued"),
            _ => ("sopranos", "the top voice of a held-out piece is given, to be harmonised"),
        });
        Ok(Self {
            kind,
            unit: unit.to_owned(),
            likelihood,
            bars: BARS,
            free: Likelihood::of(free.iter().filter_map(|tried| tried.surprise)),
            drafts: groups.zip(names).map(|(group, name)| Drafts::of(group, name)).collect(),
            contradictions: Contradictions::of(shelved, wanted)?,
        })
    }
}

/// A draft, as it is asked for.
struct Asked {
    request: Request,
}

impl Asked {
    fn free(shelved: &Shelved, seed: u64) -> Result<Self> {
        let key = Some(drawn_key(shelved, seed)?);
        Ok(Self { request: Request { bars: Some(BARS), seed, key, ..Request::default() } })
    }

    fn of(shelved: &Shelved, theme: Theme, seed: u64) -> Result<Self> {
        let mut asked = Self::free(shelved, seed)?;
        let key = asked.request.key.unwrap_or(Key::C_MAJOR);
        let ask = ask(shelved, BARS, key);
        asked.request.constraints = theme.draw(&ask, &mut Chance::new(seed, 1 + theme as u64));
        Ok(asked)
    }

    /// A tune as the top voice of several, or its first half as the beginning of one.
    fn to_harmonise(shelved: &Shelved, tune: &Tune, seed: u64) -> Result<Self> {
        let (voices, quarter) = (shelved.model.alphabets().len(), shelved.model.steps_per_quarter());
        let bar = 4 * quarter;
        let steps = tune.pitches.len();
        let given = if voices == 1 { (steps / bar).div_ceil(2) * bar } else { steps };
        let frame = Frame { steps_per_quarter: quarter, key: Some(tune.key), ..Frame::sixteenths(1, given) };
        let grid = Grid::from_pitches(frame, &tune.pitches[..given]);
        let text = if voices == 1 { format!("1@1-{}=given", given / bar) } else { "1=given".to_owned() };
        let request = Request {
            draft: Some(Score::from(&grid)),
            bars: Some(steps / bar),
            key: Some(tune.key),
            constraints: vec![keep(&text)],
            seed,
            ..Request::default()
        };
        Ok(Self { request })
    }
}

fn ask(shelved: &Shelved, bars: usize, key: Key) -> Ask<'_> {
    let model = shelved.model.as_ref();
    Ask { alphabets: model.alphabets(), steps_per_quarter: model.steps_per_quarter(), bars, key }
}

/// A draft, as it was met.
struct Tried {
    constraints: Vec<String>,
    kept: usize,
    surprise: Option<Surprise>,
    /// Why nothing was made.
    reason: Option<String>,
}

impl Tried {
    fn of(shelved: &Shelved, asked: Asked, progress: &mut Progress) -> Result<Self> {
        let constraints: Vec<String> = asked.request.constraints.iter().map(Constraint::to_string).collect();
        let made = compose(shelved, &asked.request, progress);
        let (kept, surprise, reason) = match made {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => (0, None, Some(error.to_string())),
            Ok(made) => (made.met.iter().filter(|met| **met).count(), surprise(shelved, &made), None),
        };
        Ok(Self { constraints, kept, surprise, reason })
    }
}

/// How surprised the model is by what it made; `None` where it can't tell, such as of a piece that was moved for it.
fn surprise(shelved: &Shelved, made: &Composed) -> Option<Surprise> {
    let evaluation = shelved.model.evaluate(&made.grid).ok()?;
    Some(Surprise::of(evaluation.total(), evaluation.nats.len()))
}

impl Drafts {
    fn of(tried: &[Tried], (theme, meaning): (&str, &str)) -> Self {
        let mut reasons = tried.iter().filter_map(|tried| tried.reason.clone());
        Self {
            theme: theme.to_owned(),
            meaning: meaning.to_owned(),
            example: tried.first().map_or_else(Vec::new, |tried| tried.constraints.clone()),
            drafts: tried.len(),
            failed: tried.iter().filter(|tried| tried.reason.is_some()).count(),
            reason: reasons.next().unwrap_or_default(),
            given: tried.iter().map(|tried| tried.constraints.len()).sum(),
            kept: tried.iter().map(|tried| tried.kept).sum(),
            likelihood: Likelihood::of(tried.iter().filter_map(|tried| tried.surprise)),
        }
    }
}

impl Contradictions {
    /// As many as there are free pieces; they cost next to nothing.
    fn of(shelved: &Shelved, wanted: &Wanted) -> Result<Self> {
        let mut found = Self::default();
        for index in 0..wanted.pieces as u64 {
            let seed = wanted.seed.wrapping_add(index);
            let mut chance = Chance::new(seed, 1 + Theme::ALL.len() as u64);
            let ask = ask(shelved, 1 + chance.below(3), drawn_key(shelved, seed)?);
            let Some(guilty) = contradictory(&ask, &mut chance) else { continue };
            let mut constraints = harmless();
            constraints.extend(guilty.iter().cloned());
            let (bars, key) = (Some(ask.bars), Some(ask.key));
            found.given += 1;
            let request = Request { bars, key, seed, constraints, ..Request::default() };
            if let Err(Error::Contradiction(named)) = compose(shelved, &request, &mut |_, _| true) {
                let text = named.to_string();
                found.named += usize::from(guilty.iter().all(|constraint| text.contains(constraint.text())));
                if found.example.is_empty() {
                    found.example = text;
                }
            }
        }
        Ok(found)
    }
}

impl Likelihood {
    fn of(surprises: impl Iterator<Item = Surprise>) -> Self {
        let (mut nats, mut events, mut pieces) = (0.0, 0, Vec::new());
        for surprise in surprises {
            nats += surprise.nats;
            events += surprise.events;
            pieces.push(surprise.nats / surprise.events.max(1) as f64);
        }
        Self { nats_per_event: nats / events as f64, events, pieces }
    }
}
