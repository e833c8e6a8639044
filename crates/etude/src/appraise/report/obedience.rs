//! Flexibility: whether random drafts are kept, whether contradictions are named, and what constraints cost in likelihood.

use super::{BARS, Beside, Piece, Wanted};
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

/// One draft of each theme for so many free pieces.
const PIECES_A_DRAFT: usize = 12;

/// Does a model obey?
#[derive(Debug, Clone, Serialize)]
pub struct Flexibility {
    /// What kind of number the likelihoods are.
    pub kind: Kind,
    /// What an event is.
    pub unit: String,
    /// The surprise of the free pieces and of the corpus.
    pub likelihood: Beside<Likelihood>,
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
    /// What the constraints cost.
    pub cost: Cost,
}

/// By how much constrained pieces surprise more than free ones, in nats per event.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// The mean over the drafts: against the free piece of the same seed, or, for given tunes, against all free pieces.
    pub mean: f64,
    /// The standard error of that mean; NaN of fewer than two drafts.
    pub error: f64,
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
        // Theme by theme, each with the seeds of the first free pieces, so that their keys are the same.
        let themes = Theme::ALL.len() + usize::from(!tunes.is_empty());
        let tried = watched(seeds * themes, "keeping drafts", progress, |index, goes_on| {
            let seed = wanted.seed.wrapping_add((index % seeds) as u64);
            let asked = match Theme::ALL.get(index / seeds) {
                Some(&theme) => themed(shelved, theme, seed)?,
                None => to_harmonise(shelved, &tunes[index % seeds % tunes.len()], seed),
            };
            Tried::of(shelved, &asked, goes_on)
        })?;
        let free = &likelihood.generated.pieces;
        let themed = tried.chunks(seeds).zip(Theme::ALL).map(|(group, theme)| {
            Drafts::of(group, theme.name(), theme.meaning(), Cost::of_pairs(group, free))
        });
        let mut drafts: Vec<Drafts> = themed.collect();
        if let Some(group) = tried.chunks(seeds).nth(Theme::ALL.len()) {
            let (name, meaning) = match shelved.model.alphabets().len() {
                1 => ("beginnings", "the first half of a held-out melody is given, to be continued"),
                _ => ("sopranos", "the top voice of a held-out piece is given, to be harmonised"),
            };
            drafts.push(Drafts::of(group, name, meaning, Cost::of_sets(group, free)));
        }
        Ok(Self {
            kind,
            unit: unit.to_owned(),
            likelihood,
            drafts,
            contradictions: Contradictions::of(shelved, wanted)?,
        })
    }
}

/// A draft of a theme, in the key of the free piece of that seed.
fn themed(shelved: &Shelved, theme: Theme, seed: u64) -> Result<Request> {
    let key = drawn_key(shelved, seed)?;
    let constraints = theme.draw(&ask(shelved, BARS, key), &mut Chance::new(seed, 1 + theme as u64));
    Ok(Request { bars: Some(BARS), key: Some(key), seed, constraints, ..Request::default() })
}

/// A tune as the top voice of several, or its first half as the beginning of one.
fn to_harmonise(shelved: &Shelved, tune: &Tune, seed: u64) -> Request {
    let (voices, quarter) = (shelved.model.alphabets().len(), shelved.model.steps_per_quarter());
    let bar = 4 * quarter;
    let steps = tune.pitches.len();
    let given = if voices == 1 { (steps / bar).div_ceil(2) * bar } else { steps };
    let frame = Frame { steps_per_quarter: quarter, key: Some(tune.key), ..Frame::sixteenths(1, given) };
    let grid = Grid::from_pitches(frame, &tune.pitches[..given]);
    let text = if voices == 1 { format!("1@1-{}=given", given / bar) } else { "1=given".to_owned() };
    Request {
        draft: Some(Score::from(&grid)),
        bars: Some(steps / bar),
        key: Some(tune.key),
        constraints: vec![keep(&text)],
        seed,
        ..Request::default()
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
    fn of(shelved: &Shelved, asked: &Request, progress: &mut Progress) -> Result<Self> {
        let constraints: Vec<String> = asked.constraints.iter().map(Constraint::to_string).collect();
        let made = compose(shelved, asked, progress);
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
    fn of(tried: &[Tried], theme: &str, meaning: &str, cost: Cost) -> Self {
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
            cost,
        }
    }
}

impl Cost {
    /// Each draft against the free piece of the same seed.
    fn of_pairs(tried: &[Tried], free: &[f64]) -> Self {
        let pairs = tried.iter().zip(free).filter_map(|(tried, free)| Some((tried.surprise?, free)));
        let (mean, error) = spread(&pairs.map(|(surprise, free)| surprise.mean() - free).collect::<Vec<_>>());
        Self { mean, error }
    }

    /// All drafts against all free pieces.
    fn of_sets(tried: &[Tried], free: &[f64]) -> Self {
        let own: Vec<f64> = tried.iter().filter_map(|tried| Some(tried.surprise?.mean())).collect();
        let ((mean, error), (mean_free, error_free)) = (spread(&own), spread(free));
        Self { mean: mean - mean_free, error: (error * error + error_free * error_free).sqrt() }
    }
}

/// The mean of some values and its standard error.
fn spread(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
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
            pieces.push(surprise.mean());
        }
        Self { nats_per_event: nats / events as f64, events, pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(nats: f64) -> Tried {
        Tried { constraints: Vec::new(), kept: 0, surprise: Some(Surprise { nats, events: 2 }), reason: None }
    }

    #[test]
    fn costs_are_differences_with_their_standard_errors() {
        let group = [tried(4.0), tried(8.0), Tried { surprise: None, ..tried(0.0) }];
        let free = [1.0, 1.0, 7.0, 3.0];
        assert_eq!(Cost::of_pairs(&group, &free), Cost { mean: 2.0, error: 1.0 });
        let Cost { mean, error } = Cost::of_sets(&group, &free);
        assert!(mean == 0.0 && (error * error - 3.0).abs() < 1e-12, "{mean} ± {error}");
    }
}
