//! From chorales to a network.

use super::super::maxent::encode::key_class;
use super::super::voices::shape;
use super::layout::Layout;
use super::lessons::Lessons;
use super::options::{Options, Reading};
use super::piece::Piece;
use super::store::{MOST_VOICES, read, tensors};
use crate::error::{Error, Result};
use crate::model::{Model, Settings};
use crate::sequence::precision::check;
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
    let (voices, quarter) = shape(&grids)?;
    if voices > MOST_VOICES {
        return Err(Error::usage(format!("pieces of {voices} voices"), format!("at most {MOST_VOICES}")));
    }
    let ranges = (0..voices).map(|voice| {
        let pitches = || {
            grids.iter().flat_map(move |grid| (0..grid.steps()).filter_map(move |t| grid.at(t, voice).pitch))
        };
        (pitches().min().unwrap_or(60), pitches().max().unwrap_or(60))
    });
    let layout = Layout { ranges: ranges.collect(), quarter, width: options.width, inner: options.inner };
    let mut keys = vec![0; 24];
    grids.iter().for_each(|grid| keys[usize::from(key_class(grid.key()))] += 1);
    let piece = |grid: &Grid| {
        let fits = grid.voices() == voices && grid.frame.steps_per_quarter == quarter;
        fits.then(|| Piece::new(grid, &layout, grid.key())).flatten()
    };
    let learnt: Vec<Piece> = grids.iter().filter_map(piece).collect();
    let held_out = corpus.grids(Split::Valid).iter().filter_map(piece).collect();
    let (lessons, data) = Lessons::new(reading, layout.clone(), options.clone(), learnt, held_out);
    let flat = fit(&lessons, &data, &options.training, seed, journal)?;
    check(&flat)?;
    // It is made from what will be in its file, so that saving and loading change nothing.
    let reader = Reader::new("a new network", tensors(&layout, &flat, &options, &keys));
    read(reading, options, quarter, &reader)
}
