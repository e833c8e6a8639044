//! From drawings to a network.

use super::super::moves::{Move, moves};
use super::super::novelty::Gallery;
use super::network::Lessons;
use super::options::Options;
use super::store::{read, tensors};
use super::{LONGEST, Sketch};
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::precision::check;
use crate::shelf::Reader;
use crate::train::fit::fit;
use crate::train::journal::Journal;
use crate::train::options::Options as Training;
use etude_piece::strokes::Strokes;

/// Drawings to learn from, by name, and those that tell when it has learnt enough.
#[derive(Debug, Clone, Default)]
pub struct Lesson<'a> {
    /// What is learnt.
    pub train: Vec<(&'a str, &'a Strokes)>,
    /// What is only measured; may be empty.
    pub valid: Vec<&'a Strokes>,
}

/// The finest grid on which moves may lie, and how coarse the floor is at least, in units of the scale.
const GRID: f64 = 1e-3;
const LEAST: f64 = 2e-3;

impl Sketch {
    /// Fits a network to drawings; those that are held out tell which weights are best.
    ///
    /// # Errors
    ///
    /// Drawings without points or without moves, settings out of range, a training that diverges, and interruptions.
    pub fn train(lesson: &Lesson, settings: &Settings, seed: u64, journal: &mut dyn Journal) -> Result<Self> {
        let options = Options::read(settings)?;
        let learnt: Vec<Vec<Move>> = lesson.train.iter().map(|(_, drawing)| moves(drawing)).collect();
        let held_out: Vec<Vec<Move>> = lesson.valid.iter().map(|drawing| moves(drawing)).collect();
        let scale = scale(&learnt)?;
        let least = (0.4 * grid(&learnt) / f64::from(scale)).max(LEAST) as f32;
        let scaled = |drawing: &Vec<Move>| -> Vec<Move> {
            let by = f64::from(scale);
            drawing.iter().map(|step| Move { x: step.x / by, y: step.y / by, pen: step.pen }).collect()
        };
        let fits = |drawing: &&Vec<Move>| {
            !drawing.is_empty() && drawing.iter().all(|step| step.x.abs().max(step.y.abs()) <= LONGEST)
        };
        let both = [&learnt, &held_out].map(|drawings| drawings.iter().map(scaled).collect::<Vec<_>>());
        let [train, valid] =
            both.map(|drawings| drawings.into_iter().filter(|d| fits(&d)).collect::<Vec<_>>());
        let (lessons, data) = Lessons {
            variation: options.variation,
            dropout: options.dropout,
            steps: options.training.steps,
            cost: options.cost,
            free: options.free * options.layout.code as f64,
            ..Lessons::new(options.layout, least)
        }
        .with(train, valid);
        // A chunk of the training loop is a number of whole drawings; `steps` cuts them into windows.
        let training = Training { steps: 1, ..options.training.clone() };
        let flat = fit(&lessons, &data, &training, seed, journal)?;
        check(&flat)?;
        let named = lesson.train.iter().zip(&learnt).map(|((name, _), moves)| (*name, moves.as_slice()));
        let gallery = Gallery::new(named, held_out.iter().map(Vec::as_slice));
        // It is made from what will be in its file, so that saving and loading change nothing.
        let tensors = tensors(&options, &flat, [scale, least], &gallery);
        read(&options, &Reader::new("a new network", tensors))
    }
}

/// The standard deviation of all moves, dx and dy together.
fn scale(drawings: &[Vec<Move>]) -> Result<f32> {
    let numbers = || drawings.iter().flatten().flat_map(|step| [step.x, step.y]);
    let count = numbers().count().max(1) as f64;
    let mean = numbers().sum::<f64>() / count;
    let scale = (numbers().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt() as f32;
    if scale.is_finite() && scale >= 1e-6 {
        return Ok(scale);
    }
    Err(Error::usage(
        format!("{} drawings whose moves have a standard deviation of {scale}", drawings.len()),
        "drawings whose pen moves, by finite numbers",
    ))
}

/// The grid on which all moves lie, a multiple of 1/1000; 0 where they lie on none.
fn grid(drawings: &[Vec<Move>]) -> f64 {
    let mut grid = 0u64;
    for x in drawings.iter().flatten().flat_map(|step| [step.x, step.y]) {
        let steps = (x / GRID).round();
        if (x / GRID - steps).abs() > 1e-3 || steps.abs() > 1e15 {
            return 0.0;
        }
        let (mut a, mut b) = (grid, steps.abs() as u64);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        grid = a;
    }
    grid as f64 * GRID
}

#[cfg(test)]
mod tests {
    use super::super::super::moves::Pen;
    use super::*;

    #[track_caller]
    fn check(xs: &[f64], expected: f64) {
        let drawing = xs.iter().map(|&x| Move { x, y: 0.0, pen: Pen::Down }).collect();
        assert!((grid(&[drawing]) - expected).abs() < 1e-12);
    }

    #[test]
    fn grids_are_found() {
        check(&[6.0, -12.0, 0.0, 30.0], 6.0);
        check(&[1.25, 0.75], 0.25);
        check(&[1.0 / 3.0, 2.0], 0.0);
        check(&[], 0.0);
    }
}
