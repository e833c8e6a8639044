//! Training: count every piece, then weigh the viewpoints by how well each piece is foretold from all the others.

use super::super::voices::{outer_first, shape};
use super::Markov;
use super::counts::{Counts, record};
use super::feature::Feature;
use super::lines::{Lines, MOST_VOICES};
use super::mixture::{Decision, fit};
use super::odds::{SETS, asked, set_of, walk};
use super::options::Options;
use super::past::number;
use super::viewpoint::Question;
use crate::error::{Error, Result};
use crate::model::{Model, Progress, Settings};
use etude_piece::alphabet::Alphabet;
use etude_piece::corpus::{Corpus, Split};
use etude_piece::score::Grid;
use rayon::prelude::{IndexedParallelIterator, ParallelIterator};
use rayon::prelude::{IntoParallelRefIterator, IntoParallelRefMutIterator};
use std::sync::Arc;

/// Pieces, or sets of weights, between two signs of life.
const ROUND: usize = 16;

/// The pitch of a voice that never sounds: middle C.
const SILENT: u8 = 60;

/// Learns from the training split of a corpus. Nothing is random, so that every seed gives the same model.
///
/// # Errors
///
/// A corpus without training pieces or of unequal shape, settings out of range, or an interruption.
pub fn train(
    corpus: &Corpus,
    settings: &Settings,
    _seed: u64,
    progress: &mut Progress,
) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(learn(&corpus.grids(Split::Train), settings, progress)?))
}

/// Learns from pieces.
pub(super) fn learn(grids: &[Grid], settings: &Settings, progress: &mut Progress) -> Result<Markov> {
    let (voices, steps_per_quarter) = shape(grids)?;
    if voices > MOST_VOICES {
        return Err(Error::usage(format!("pieces of {voices} voices"), format!("at most {MOST_VOICES}")));
    }
    let options = Options::read(settings, steps_per_quarter)?;
    let pieces: Vec<Lines> = grids.iter().map(Lines::new).collect();
    let order = outer_first(voices);
    let records: Vec<Vec<u64>> = pieces.par_iter().map(|piece| records(piece, &order)).collect();
    let counts = Counts::tally(records.concat(), options.back_off.least);
    let weights = (0..voices * SETS).map(|set| equal_shares(Question::of_set(set))).collect();
    let alphabets = (0..voices).map(|v| alphabet(&pieces, v)).collect();
    let mut model = Markov { options, order, alphabets, counts, weights };
    weigh(&mut model, &pieces, progress)?;
    Ok(model)
}

/// Fits the weights to decisions foretold with the deciding piece left out of the counts.
fn weigh(model: &mut Markov, pieces: &[Lines], progress: &mut Progress) -> Result<()> {
    let going = |going: bool| if going { Ok(()) } else { Err(Error::Interrupted) };
    let mut decisions: Vec<Vec<Decision>> = vec![Vec::new(); model.weights.len()];
    for (round, some) in pieces.chunks(ROUND).enumerate() {
        going(progress(0.5 * (round * ROUND) as f64 / pieces.len() as f64, "foretelling each piece"))?;
        let made: Vec<Vec<(usize, Decision)>> = some.par_iter().map(|piece| foretell(model, piece)).collect();
        made.into_iter().flatten().for_each(|(set, decision)| decisions[set].push(decision));
    }
    let (ridge, rounds, sets) = (model.options.ridge, model.options.rounds, decisions.len());
    for (round, (weights, decisions)) in
        model.weights.chunks_mut(ROUND).zip(decisions.chunks(ROUND)).enumerate()
    {
        going(progress(0.5 + 0.5 * (round * ROUND) as f64 / sets as f64, "weighing the viewpoints"))?;
        weights.par_iter_mut().zip(decisions).for_each(|(weights, decisions)| {
            fit(decisions, weights, ridge, rounds);
            // A model file holds f32.
            weights.iter_mut().for_each(|weight| *weight = f64::from(*weight as f32));
        });
    }
    going(progress(1.0, "weighing the viewpoints"))
}

/// The decisions of one piece and the sets of weights that they bear on, judged without the piece's own counts.
fn foretell(model: &Markov, piece: &Lines) -> Vec<(usize, Decision)> {
    let own = Counts::tally(records(piece, &model.order), 1);
    let mut made = Vec::new();
    walk(piece, &model.order, |time, row| {
        let cell = number(piece.at(time, row[Feature::Voice as usize] as usize));
        for question in asked(row, cell) {
            // Moving is the first candidate of the first question, whatever the pitch.
            let candidates = model.candidates(question, row);
            let answer = candidates.iter().position(|&candidate| candidate == cell).unwrap_or(0);
            let opinions = model.think(question, row, Some(&own));
            made.push((set_of(question, row), Decision { opinions, answer }));
        }
    });
    made
}

/// Every observation of a piece, by every viewpoint, in every context.
fn records(piece: &Lines, order: &[usize]) -> Vec<u64> {
    let mut records = Vec::with_capacity(piece.cells.len() * 64);
    walk(piece, order, |time, row| {
        let cell = number(piece.at(time, row[Feature::Voice as usize] as usize));
        for viewpoint in asked(row, cell).flat_map(Question::viewpoints) {
            let symbol = viewpoint.symbol(row, cell);
            records.extend(viewpoint.contexts(row).map(|context| record(context, symbol)));
        }
    });
    records
}

/// Every pitch from the lowest to the highest that voice `v` sounds.
fn alphabet(pieces: &[Lines], v: usize) -> Alphabet {
    let pitches = pieces.iter().flat_map(|piece| (0..piece.steps).filter_map(move |t| piece.at(t, v)));
    let (low, high) = Alphabet::new(pitches).span().unwrap_or((SILENT, SILENT));
    Alphabet::range(low, high)
}

/// Weights before they are fitted.
fn equal_shares(question: Question) -> Vec<f64> {
    vec![1.0 / question.viewpoints().len() as f64; question.weights()]
}
