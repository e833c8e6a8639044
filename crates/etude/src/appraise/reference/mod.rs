//! A corpus's own figures, against which a model's are read: those of its training pieces, and, as the yardstick, those of
//! its held-out pieces (validation and test together), which the same composers wrote and no model was fitted to.
//!
//! A model file carries them, so that a report needs no corpus. They hold counts, not pieces.

mod bytes;
mod store;

#[cfg(test)]
mod tests;

use super::novelty::{Index, chords, frames};
use super::profile::Profile;
use super::watched::watched;
use crate::error::{Error, Result};
use crate::model::{Model, Progress};
use etude_piece::corpus::{Corpus, Item, Split};
use etude_piece::score::{Frame, Grid, Key};
use std::collections::BTreeMap;

/// Quarters of the stretches that copies are sought in: as long as a composed piece of eight bars, since a longer piece
/// has more room for a long copy.
pub const STRETCH: usize = 32;

/// The most pieces of a split whose likelihood is taken, evenly spread.
const SAMPLE: usize = 200;

/// The most tunes that are kept, and their quarters.
const TUNES: (usize, usize) = (24, 32);

/// A corpus's own figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// The training pieces.
    pub train: Profile,
    /// The held-out pieces.
    pub held_out: Profile,
    /// How new the chords of each held-out piece are.
    pub novelty: Vec<Shares>,
    /// The longest copy from the training pieces, in quarters, of each stretch of the held-out pieces.
    pub copies: Vec<usize>,
    /// How surprised the model is by training pieces.
    pub surprise_train: Vec<Surprise>,
    /// How surprised the model is by held-out pieces.
    pub surprise_held_out: Vec<Surprise>,
    /// Beginnings of held-out melodies, to be harmonised; of training pieces where nothing was held out.
    pub tunes: Vec<Tune>,
}

/// Steps of a piece by how new their chords are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// Steps whose chord the training pieces hold.
    pub cited: usize,
    /// Steps whose chord only held-out pieces hold; for a held-out piece: others than itself.
    pub discovered: usize,
    /// All steps.
    pub steps: usize,
}

/// A piece's total surprise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surprise {
    /// Total nats, rounded to f32.
    pub nats: f64,
    /// Events.
    pub events: usize,
}

/// The beginning of a top voice, from its first full bar on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tune {
    /// The key of its piece.
    pub key: Key,
    /// The sounding pitch of each step.
    pub pitches: Vec<Option<u8>>,
}

impl Reference {
    /// The figures of a corpus; `index` is that of its pieces.
    ///
    /// # Errors
    ///
    /// Interruptions. Pieces that the model can't read are left out of its surprise.
    pub fn of(corpus: &Corpus, index: &Index, model: &dyn Model, progress: &mut Progress) -> Result<Self> {
        let train: Vec<&Item> = corpus.split(Split::Train).collect();
        let held_out: Vec<&Item> =
            [Split::Valid, Split::Test].into_iter().flat_map(|split| corpus.split(split)).collect();
        let melodies = if held_out.is_empty() { &train } else { &held_out };
        Ok(Self {
            train: Profile::of(train.iter().map(|item| &item.grid)),
            held_out: Profile::of(held_out.iter().map(|item| &item.grid)),
            novelty: novelty(&held_out, index),
            copies: held_out.iter().flat_map(|item| copies(&item.grid, index)).collect(),
            surprise_train: surprises(&train, model, progress)?,
            surprise_held_out: surprises(&held_out, model, progress)?,
            tunes: spread(melodies, TUNES.0).into_iter().filter_map(|item| Tune::of(&item.grid)).collect(),
        })
    }
}

/// How new the chords of each piece are: a chord that another held-out piece has too is discovered.
fn novelty(items: &[&Item], index: &Index) -> Vec<Shares> {
    let mut holders: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for item in items {
        let mut own: Vec<Vec<u8>> = chords(&item.grid).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|chord| *holders.entry(chord).or_insert(0) += 1);
    }
    let shares = |item: &&Item| {
        let mut shares = Shares { steps: item.grid.steps(), ..Shares::default() };
        for chord in chords(&item.grid) {
            match index.cites(&chord) {
                true => shares.cited += 1,
                false => shares.discovered += usize::from(holders.get(&chord).is_some_and(|&n| n > 1)),
            }
        }
        shares
    };
    items.iter().map(shares).collect()
}

/// The longest copy of each stretch of a piece; a piece shorter than one is one.
pub(super) fn copies(grid: &Grid, index: &Index) -> Vec<usize> {
    let frames = frames(grid);
    let stretches = (frames.len() / STRETCH).max(1);
    let of = |n: usize| &frames[n * STRETCH..((n + 1) * STRETCH).min(frames.len())];
    (0..stretches).map(|n| index.longest_run(of(n)).quarters).collect()
}

/// The model's surprise at up to [`SAMPLE`] pieces.
fn surprises(items: &[&Item], model: &dyn Model, progress: &mut Progress) -> Result<Vec<Surprise>> {
    let chosen = spread(items, SAMPLE);
    let found = watched(chosen.len(), "appraising the corpus", progress, |index, _| {
        match model.evaluate(&chosen[index].grid) {
            Ok(evaluation) => Ok(Some(Surprise::of(evaluation.total(), evaluation.nats.len()))),
            Err(Error::Interrupted) => Err(Error::Interrupted),
            Err(_) => Ok(None),
        }
    })?;
    Ok(found.into_iter().flatten().filter(|surprise| surprise.nats.is_finite()).collect())
}

impl Surprise {
    /// A total of `nats` over so many events.
    pub fn of(nats: f64, events: usize) -> Self {
        Self { nats: f64::from(nats as f32), events }
    }

    /// Nats per event.
    pub fn mean(self) -> f64 {
        self.nats / self.events.max(1) as f64
    }
}

/// At most `most` of the items, evenly spread.
fn spread<'a>(items: &[&'a Item], most: usize) -> Vec<&'a Item> {
    let count = items.len().min(most);
    (0..count).map(|n| items[n * items.len() / count]).collect()
}

impl Tune {
    /// The beginning of a piece's top voice; `None` if that is no full bar, or silent.
    fn of(grid: &Grid) -> Option<Self> {
        let quarter = grid.frame.steps_per_quarter;
        let bar = Frame { metre: None, ..grid.frame.clone() }.steps_per_bar();
        let steps = (TUNES.1 * quarter).min(grid.steps().saturating_sub(grid.frame.pickup)) / bar * bar;
        let range = grid.frame.pickup..grid.frame.pickup + steps;
        let pitches: Vec<Option<u8>> = range.map(|step| grid.at(step, 0).pitch).collect();
        pitches.iter().any(Option::is_some).then(|| Self { key: grid.key(), pitches })
    }
}
