//! Many sequences in one batch, one particle each.

use super::Stop;
use super::ensemble::Ensemble;
use super::particles::{Options, Written};
use super::taste::Taste;
use crate::inference::chance::Chance;
use crate::sequence::{Guide, SequenceModel};
use std::ops::Range;

/// How many are read side by side; more would only take more memory.
const BESIDE: usize = 64;

/// Draws the sequences of the numbers `pieces`, each by itself from left to right, as [`write`](super::write) does with one
/// particle.
///
/// Sequence i takes its randomness from stream i + 1 of the seed alone, so that it is the same whichever are drawn beside it.
/// `progress` is told how many are finished and ends the work by `false`; what is finished by then is kept. Of the options
/// the number of particles is of no concern here.
///
/// # Errors
///
/// Each sequence has a [`Stop`] of its own. Panics where the guide's fields aren't those of the model.
pub fn write_many(
    model: &dyn SequenceModel,
    guide: &dyn Guide,
    pieces: Range<u64>,
    options: &Options,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Vec<Result<Written, Stop>> {
    let mut written = Vec::new();
    let mut goes_on = true;
    let mut first = pieces.start;
    while first < pieces.end && goes_on {
        let last = pieces.end.min(first + BESIDE as u64);
        let before = written.len();
        written.extend(write_batch(model, guide, first..last, options, &mut |done| {
            goes_on = progress(before + done);
            goes_on
        }));
        first = last;
    }
    let count = pieces.end.saturating_sub(pieces.start) as usize;
    written.resize(count, Err(Stop::Interrupted));
    written
}

/// Draws some side by side.
fn write_batch(
    model: &dyn SequenceModel,
    guide: &dyn Guide,
    pieces: Range<u64>,
    options: &Options,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Vec<Result<Written, Stop>> {
    let count = (pieces.end - pieces.start) as usize;
    let chances = pieces.map(|piece| Chance::new(options.seed, piece + 1)).collect();
    match Ensemble::begin(model, guide, &options.given, chances) {
        Ok(ensemble) => finish(ensemble, &options.taste, options.given.len(), options.most, progress),
        Err(stop) => vec![Err(stop); count],
    }
}

/// A sequence that is to be written beside others.
pub struct Piece {
    /// What it keeps to.
    pub guide: Box<dyn Guide>,
    /// Symbols that it begins with.
    pub given: Vec<u32>,
    /// The seed of its randomness.
    pub seed: u64,
}

/// Draws sequences with guides, beginnings and seeds of their own, each as [`write`](super::write) does with one particle.
///
/// `progress` is told how many are finished and ends the work by `false`; what is finished by then is kept. `most` is the most
/// symbols of a sequence, those given counted.
///
/// # Errors
///
/// As for [`write_many`].
pub fn write_each(
    model: &dyn SequenceModel,
    pieces: Vec<Piece>,
    taste: &Taste,
    most: usize,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Vec<Result<Written, Stop>> {
    let (count, mut written) = (pieces.len(), Vec::with_capacity(pieces.len()));
    let mut pieces = pieces.into_iter();
    let mut goes_on = true;
    while written.len() < count && goes_on {
        let before = written.len();
        let batch: Vec<Piece> = pieces.by_ref().take(BESIDE).collect();
        let batch = batch.into_iter().map(|piece| (piece.guide, piece.given, Chance::new(piece.seed, 1)));
        written.extend(finish(Ensemble::begin_each(model, batch), taste, 0, most, &mut |done| {
            goes_on = progress(before + done);
            goes_on
        }));
    }
    written.resize(count, Err(Stop::Interrupted));
    written
}

/// Writes all sequences to their ends; `given` is how many symbols each had before.
fn finish(
    mut ensemble: Ensemble<'_>,
    taste: &Taste,
    given: usize,
    most: usize,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Vec<Result<Written, Stop>> {
    let count = ensemble.hands.len();
    let mut weights = vec![0.0; count];
    // Where each one found nothing left.
    let mut ends = vec![None; count];
    let mut unfinished = Stop::TooLong(given + most);
    for step in 0..most {
        let going = |weight: &f64, done: bool| *weight > f64::NEG_INFINITY && !done;
        let left = ensemble.hands.iter().zip(&weights).filter(|(hand, w)| going(w, hand.is_done())).count();
        if left == 0 {
            break;
        }
        if !progress(count - left) {
            unfinished = Stop::Interrupted;
            break;
        }
        ensemble.advance(taste, &mut weights);
        for (end, weight) in ends.iter_mut().zip(&weights) {
            if *weight == f64::NEG_INFINITY && end.is_none() {
                *end = Some(Stop::DeadEnd(given + step));
            }
        }
    }
    let hands = ensemble.hands.into_iter().zip(weights).zip(ends);
    hands
        .map(|((hand, weight), end)| match end {
            Some(stop) => Err(stop),
            None if !hand.is_done() => Err(unfinished),
            None if hand.is_cut() => Err(Stop::DeadEnd(hand.symbols.len())),
            None => {
                Ok(Written { symbols: hand.symbols, log_evidence: weight, effective: 1.0, nats: hand.nats })
            }
        })
        .collect()
}
