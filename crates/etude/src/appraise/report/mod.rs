//! The report: how a model meets the three requirements, each figure beside the corpus's own.
//!
//! Statistical accuracy, flexibility and generalisation are taken from pieces that the model composes for the report with
//! its default settings. The same model, corpus, number of pieces and seed give the same report.

mod accuracy;
mod generalisation;
mod obedience;

#[cfg(test)]
mod tests;

pub use accuracy::{Accuracy, Cloud, Comparison};
pub use generalisation::{Generalisation, Harmony, Motion, Neighbour, Newness};
pub use obedience::{Contradictions, Cost, Drafts, Flexibility, Likelihood};

use super::novelty::Index;
use super::profile::Profile;
use super::reference::Reference;
use super::watched::watched;
use crate::error::{Error, Result};
use crate::model::{Evaluation, Progress};
use crate::music::compose::{Request, compose};
use crate::recipe::fingerprint;
use crate::shelf::Shelved;
use etude_piece::corpus::{Corpus, Split};
use etude_piece::score::Grid;
use serde::Serialize;

/// Bars of the pieces and drafts: what `generate` makes where nobody says.
const BARS: usize = 8;

/// What a report is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// How many pieces are composed freely, ≥ 1.
    pub pieces: usize,
    /// The seed of the first piece; those of the others count up.
    pub seed: u64,
}

/// How a model meets the three requirements.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The model.
    pub model: About,
    /// Against which corpus; none for a model file without figures.
    pub corpus: Option<Against>,
    /// What was composed freely.
    pub made: Made,
    /// Does it reproduce the corpus's statistics?
    pub statistics: Accuracy,
    /// Does it obey?
    pub flexibility: Flexibility,
    /// Does it invent?
    pub generalisation: Generalisation,
}

/// Which model is reported on.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// The name on its card.
    pub name: String,
    /// What it was trained as.
    pub kind: String,
    /// One sentence.
    pub summary: String,
    /// The hash of its file.
    pub hash: String,
    /// What it was trained on.
    pub data: String,
    /// The fingerprints of its corpora.
    pub corpus: String,
    /// Voices.
    pub voices: usize,
    /// Steps in a quarter note.
    pub steps_per_quarter: usize,
}

/// Where the corpus's figures come from.
#[derive(Debug, Clone, Serialize)]
pub struct Against {
    /// The corpus's name, or that of the model's training corpus.
    pub name: String,
    /// Whether a corpus was opened for the report; else the figures are those that the model file carries.
    pub opened: bool,
    /// Whether it is the corpus that the model was trained on.
    pub own: bool,
    /// Training pieces.
    pub train: usize,
    /// Held-out pieces.
    pub held_out: usize,
}

/// What was composed freely.
#[derive(Debug, Clone, Serialize)]
pub struct Made {
    /// Pieces.
    pub pieces: usize,
    /// Bars of each.
    pub bars: usize,
    /// The first piece's seed.
    pub first_seed: u64,
    /// Cells of all pieces: steps times voices.
    pub cells: usize,
}

/// A figure of generated pieces beside those of the corpus, where there are any.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Beside<T> {
    /// The generated pieces'.
    pub generated: T,
    /// The held-out pieces': the yardstick.
    pub held_out: Option<T>,
    /// The training pieces'.
    pub train: Option<T>,
}

impl<T> Beside<T> {
    /// The same figure of each.
    fn of(generated: T, reference: Option<&Reference>, of: impl Fn(&Profile) -> T) -> Self {
        let train = reference.map(|reference| of(&reference.train));
        let held_out = reference.filter(|r| r.held_out.pieces > 0).map(|reference| of(&reference.held_out));
        Self { generated, held_out, train }
    }

    /// The sets that there are, with their names: generated, held-out, train.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &T)> {
        let all = [("generated", Some(&self.generated)), ("held-out", self.held_out.as_ref())];
        all.into_iter().chain([("train", self.train.as_ref())]).filter_map(|(name, set)| Some((name, set?)))
    }
}

/// One piece that was composed freely.
struct Piece {
    seed: u64,
    grid: Grid,
    evaluation: Evaluation,
}

/// Composes, and reports. With a corpus the figures are taken from it, otherwise from the model file.
///
/// # Errors
///
/// A corpus without a training piece of the model's voices and steps, and interruptions.
pub fn report(
    shelved: &Shelved,
    corpus: Option<&Corpus>,
    wanted: &Wanted,
    progress: &mut Progress,
) -> Result<Report> {
    let opened =
        corpus.map(|corpus| opened(shelved, corpus, &mut |_, words| progress(0.0, words))).transpose()?;
    let (reference, index) = match &opened {
        Some((reference, index)) => (Some(reference), index),
        None => (shelved.reference.as_ref(), &shelved.index),
    };
    let pieces = composed(shelved, wanted, &mut |share, words| progress(0.7 * share, words))?;
    let grids = || pieces.iter().map(|piece| &piece.grid);
    let profile = Profile::of(grids());
    Ok(Report {
        model: About::of(shelved),
        corpus: reference.map(|reference| Against::of(shelved, corpus, reference)),
        made: Made {
            pieces: pieces.len(),
            bars: BARS,
            first_seed: wanted.seed,
            cells: grids().map(|grid| grid.steps() * grid.voices()).sum(),
        },
        statistics: Accuracy::of(&profile, reference),
        generalisation: Generalisation::of(&pieces, &profile, reference, index),
        flexibility: Flexibility::of(shelved, &pieces, reference, wanted, &mut |share, words| {
            progress(0.7 + 0.3 * share, words)
        })?,
    })
}

/// A corpus's figures and index, from the pieces that the model can read.
fn opened(shelved: &Shelved, corpus: &Corpus, progress: &mut Progress) -> Result<(Reference, Index)> {
    let (voices, quarter) = (shelved.model.alphabets().len(), shelved.model.steps_per_quarter());
    let mut fitting = corpus.clone();
    fitting.items.retain(|item| {
        let frame = &item.grid.frame;
        frame.voices == voices && frame.steps_per_quarter == quarter && frame.steps > 0
    });
    if fitting.split(Split::Train).next().is_none() {
        let found =
            format!("{}: no training piece of {voices} voices, {quarter} steps in a quarter", corpus.name);
        return Err(Error::usage(found, "report on a corpus such as the model was trained on"));
    }
    let train = fitting.split(Split::Train).map(|item| (item.name.as_str(), &item.grid));
    let held_out = [Split::Valid, Split::Test].into_iter().flat_map(|split| fitting.split(split));
    let index = Index::new(train, held_out.map(|item| &item.grid));
    Ok((Reference::of(&fitting, &index, shelved.model.as_ref(), progress)?, index))
}

/// The free pieces: those of `generate` with the same seeds.
fn composed(shelved: &Shelved, wanted: &Wanted, progress: &mut Progress) -> Result<Vec<Piece>> {
    watched(wanted.pieces, "composing", progress, |index, goes_on| {
        let seed = wanted.seed.wrapping_add(index as u64);
        let made = compose(shelved, &Request { bars: Some(BARS), seed, ..Request::default() }, goes_on)?;
        let evaluation = shelved.model.evaluate(&made.grid)?;
        Ok(Piece { seed, grid: made.grid, evaluation })
    })
}

impl About {
    fn of(shelved: &Shelved) -> Self {
        let card = &shelved.card;
        Self {
            name: card.name.clone(),
            kind: card.model.clone(),
            summary: card.summary.clone(),
            hash: shelved.hash.clone(),
            data: card.data.clone(),
            corpus: card.corpus.clone(),
            voices: shelved.model.alphabets().len(),
            steps_per_quarter: shelved.model.steps_per_quarter(),
        }
    }
}

impl Against {
    fn of(shelved: &Shelved, corpus: Option<&Corpus>, reference: &Reference) -> Self {
        let own = corpus.is_none_or(|corpus| shelved.card.corpus.starts_with(&fingerprint(corpus)));
        let told = || shelved.card.corpus.split(':').next().unwrap_or("").to_owned();
        Self {
            name: corpus.map_or_else(told, |corpus| corpus.name.clone()),
            opened: corpus.is_some(),
            own,
            train: reference.train.pieces,
            held_out: reference.held_out.pieces,
        }
    }
}
