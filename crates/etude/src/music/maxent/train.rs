//! Training: alphabets, chords, transpositions, then two fits.

use super::super::voices::shape;
use super::chords::{ChordClasses, Vocabulary};
use super::encode::{Encoded, encode};
use super::options::Options;
use super::{MaxEnt, fit, persist};
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::model::{Model, Progress, Settings};
use crate::train::owlqn;
use etude_piece::alphabet::Alphabet;
use etude_piece::corpus::{Corpus, Split};
use etude_piece::score::Grid;
use std::sync::Arc;

/// The share of the work that the first fit takes.
const FIRST: f64 = 0.1;

/// Fits a family to the training split of a corpus.
///
/// # Errors
///
/// A corpus without training pieces or of unequal shape, settings out of range, or an interruption.
pub fn train(
    corpus: &Corpus,
    settings: &Settings,
    seed: u64,
    progress: &mut Progress,
) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(fit_to(&corpus.grids(Split::Train), settings, seed, progress)?))
}

/// Fits a family to pieces.
pub(super) fn fit_to(
    grids: &[Grid],
    settings: &Settings,
    seed: u64,
    progress: &mut Progress,
) -> Result<MaxEnt> {
    let (voices, steps_per_quarter) = shape(grids)?;
    let options = Options::read(settings, steps_per_quarter)?;
    let alphabets = alphabets(grids, options.transpose > 0);
    let own: Vec<Encoded> = grids.iter().flat_map(|grid| augment(grid, &alphabets, 0)).collect();
    let classes = if voices > 1 {
        ChordClasses::learn(&own, &alphabets, options.least)
    } else {
        ChordClasses::default()
    };
    let vocabulary = if voices > 1 { Vocabulary::learn(&own, &alphabets) } else { Vocabulary::default() };
    let mut model = MaxEnt::new(options.clone(), alphabets.clone(), classes, vocabulary);

    let every: Vec<Encoded> =
        grids.iter().flat_map(|grid| augment(grid, &alphabets, options.transpose)).collect();
    let alone = options.updates == 0;
    pseudo_likelihood(&mut model, &every, if alone { 1.0 } else { FIRST }, progress)?;
    if !alone {
        let excerpts = excerpts(grids, &alphabets, options.transpose, seed);
        persist::fit(&mut model, &excerpts, seed, &mut |share, words| {
            progress(FIRST + (1.0 - FIRST) * share, words)
        })?;
    }
    Ok(model)
}

/// Fits the weights by L1-regularised pseudo-likelihood over single cells.
fn pseudo_likelihood(
    model: &mut MaxEnt,
    pieces: &[Encoded],
    share: f64,
    progress: &mut Progress,
) -> Result<()> {
    let prepared = fit::Prepared::new(model, pieces, &[1]);
    let mut theta = model.theta().to_vec();
    let options = owlqn::Options {
        l1: model.options.l1,
        iterations: model.options.iterations,
        ..owlqn::Options::default()
    };
    let mut going = true;
    owlqn::minimise(
        &mut theta,
        &options,
        |theta, gradient| {
            model.set_theta(theta);
            prepared.objective(model, gradient)
        },
        |at| {
            let done = share * at.iteration as f64 / options.iterations as f64;
            going = progress(done, &format!("pseudo-NLL {:.4} nats per note", at.objective));
            going
        },
    );
    model.set_theta(&theta);
    if going { Ok(()) } else { Err(Error::Interrupted) }
}

/// Each voice's alphabet: every pitch of its range if the corpus is transposed, else those that occur.
fn alphabets(grids: &[Grid], whole_range: bool) -> Vec<Alphabet> {
    let of_voice = |voice: usize| {
        let pitches =
            grids.iter().flat_map(|grid| (0..grid.steps()).filter_map(move |t| grid.at(t, voice).pitch));
        let alphabet = Alphabet::new(pitches);
        match alphabet.span() {
            Some((low, high)) if whole_range => Alphabet::range(low, high),
            _ => alphabet,
        }
    };
    (0..grids[0].voices()).map(of_voice).collect()
}

/// A grid in every transposition of at most `most` semitones that the alphabets hold.
pub fn augment(grid: &Grid, alphabets: &[Alphabet], most: i32) -> Vec<Encoded> {
    let key = grid.key();
    let moved = (-most..=most).filter_map(|semitones| {
        let moved = grid.transposed(semitones)?;
        encode(&moved, alphabets, key.transposed(semitones)).ok()
    });
    moved.collect()
}

/// The data that the persistent chains are paired with: each piece in its own key, and once transposed at random.
fn excerpts(grids: &[Grid], alphabets: &[Alphabet], most: i32, seed: u64) -> Vec<Encoded> {
    let mut excerpts = Vec::new();
    for (index, grid) in grids.iter().enumerate() {
        let mut chance = Chance::new(seed, index as u64);
        excerpts.extend(augment(grid, alphabets, 0));
        let mut every = augment(grid, alphabets, most);
        if most > 0 && !every.is_empty() {
            excerpts.push(every.swap_remove(chance.below(every.len())));
        }
    }
    excerpts
}
