//! From chorales to a network.

use super::layout::Layout;
use super::network::Lessons;
use super::options::{Options, Reading};
use super::piece::Piece;
use super::store::{number, read, tensors};
use crate::error::{Error, Result};
use crate::model::{Model, Settings};
use crate::sequence::precision::sound;
use crate::shelf::Reader;
use crate::train::fit::fit;
use crate::train::journal::Journal;
use etude_piece::corpus::{Corpus, Split};
use etude_piece::score::Grid;
use std::sync::Arc;

/// Fits a network to the training split of a corpus, and keeps the weights that are best on its validation split.
///
/// # Errors
///
/// A corpus without training pieces or of unequal shape, settings out of range, a training that diverges, and interruptions.
pub fn train(
    reading: Reading,
    corpus: &Corpus,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Model>> {
    let options = Options::read(settings)?;
    let grids = corpus.grids(Split::Train);
    let first = grids.first().ok_or_else(|| Error::usage("no training pieces", "a corpus with some"))?;
    let (voices, quarter) = (first.voices(), first.frame.steps_per_quarter);
    let fits = |grid: &Grid| grid.voices() == voices && grid.frame.steps_per_quarter == quarter;
    if !grids.iter().all(fits) || !(1..=16).contains(&voices) {
        let hint = "equal numbers of voices, 1 to 16, and of steps in a quarter";
        return Err(Error::usage("pieces of different shapes", hint));
    }
    let ranges = (0..voices).map(|voice| {
        let pitches = || {
            grids.iter().flat_map(move |grid| (0..grid.steps()).filter_map(move |t| grid.at(t, voice).pitch))
        };
        (pitches().min().unwrap_or(60), pitches().max().unwrap_or(60))
    });
    let layout = Layout { ranges: ranges.collect(), quarter, width: options.width, inner: options.inner };
    let mut keys = vec![0; 24];
    grids.iter().for_each(|grid| keys[number(grid.key())] += 1);
    let piece = |grid: &Grid| fits(grid).then(|| Piece::new(grid, &layout, grid.key())).flatten();
    let learnt: Vec<Piece> = grids.iter().filter_map(piece).collect();
    let held_out = corpus.grids(Split::Valid).iter().filter_map(piece).collect();
    let (lessons, data) = Lessons::new(reading, layout.clone(), options.clone(), learnt, held_out);
    let flat = fit(&lessons, &data, &options.training, seed, journal)?;
    if !flat.iter().all(|&weight| sound(weight)) {
        return Err(Error::usage("weights beyond all measure", "a lower `rate`, or a longer `warmup`"));
    }
    // It is made from what will be in its file, so that saving and loading change nothing.
    let reader = Reader::new("a new network", tensors(&layout, &flat, &options, &keys));
    read(reading, options, quarter, &reader)
}
