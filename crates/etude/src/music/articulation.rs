//! When a repeated pitch is struck again.
//!
//! Many corpora list only what sounds at each step, so a chorale's repeated notes look like held ones. Where a grid doesn't
//! tell, this model decides: for every cell that keeps the pitch of the step before, the probability of a new stroke given
//! the voice, the place in the quarter, how many other voices move there, and how long the note has lasted. It is counted
//! in pieces that do tell (one saturated table with add-one smoothing, which is its own maximum-entropy solution).
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | p | `struck` | (3, 3, 4, 5) | probability of a stroke: outer-upper, inner, lowest voice × place × movers × age |

use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::score::{Cell, Grid, Onset};

/// Places in the quarter that are told apart: on it, on its half, elsewhere.
const PLACES: usize = 3;

/// Ages of the sounding note that are told apart: below a half quarter, up to 1, 2, 4 quarters, more.
const AGES: usize = 5;

const CONTEXTS: usize = 3 * PLACES * 4 * AGES;

/// A table of probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Articulation {
    /// Probability of a stroke in each context.
    struck: Vec<f64>,
}

impl Default for Articulation {
    /// Nothing is struck again.
    fn default() -> Self {
        Self { struck: vec![0.0; CONTEXTS] }
    }
}

impl Articulation {
    /// Counts in the grids that tell; `None` if none does.
    pub fn learn<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Option<Self> {
        let mut counts = vec![[1.0, 1.0]; CONTEXTS];
        let mut seen = false;
        for grid in grids {
            each_repeat(grid, |grid, step, voice, context| {
                let onset = grid.at(step, voice).onset;
                if onset != Onset::Unmarked {
                    seen = true;
                    counts[context][usize::from(onset == Onset::Struck)] += 1.0;
                }
                onset == Onset::Struck
            });
        }
        seen.then(|| Self { struck: counts.iter().map(|[held, struck]| struck / (held + struck)).collect() })
    }

    /// Marks every unmarked cell: struck where that is the likelier, held elsewhere.
    pub fn apply(&self, grid: &mut Grid) {
        let mut marks = Vec::new();
        each_repeat(grid, |grid, step, voice, context| {
            let cell = grid.at(step, voice);
            let onset = match cell.onset {
                Onset::Unmarked if self.struck[context] > 0.5 => Onset::Struck,
                Onset::Unmarked => Onset::Held,
                told => told,
            };
            marks.push((step, voice, Cell { onset, ..cell }));
            onset == Onset::Struck
        });
        for (step, voice, cell) in marks {
            grid.set(step, voice, cell);
        }
    }

    /// The share of told cells that [`Articulation::apply`] would mark alike, and the share that is simply held.
    pub fn accuracy<'a>(&self, grids: impl IntoIterator<Item = &'a Grid>) -> (f64, f64) {
        let (mut right, mut held, mut all) = (0.0, 0.0, 0.0);
        for grid in grids {
            each_repeat(grid, |grid, step, voice, context| {
                let struck = grid.at(step, voice).onset == Onset::Struck;
                all += 1.0;
                held += f64::from(u8::from(!struck));
                right += f64::from(u8::from(struck == (self.struck[context] > 0.5)));
                struck
            });
        }
        (right / all, held / all)
    }

    /// The table by name.
    pub fn tensors(&self) -> Tensors {
        Tensors::from([("articulation.struck".to_owned(), Tensor::weights(&self.struck))])
    }

    /// Reads the table.
    ///
    /// # Errors
    ///
    /// A table of another shape, or with anything that is no probability.
    pub fn load(reader: &Reader, _voices: usize) -> Result<Self> {
        let struck = reader.weights("articulation.struck")?;
        if struck.len() != CONTEXTS || struck.iter().any(|p| !(0.0..=1.0).contains(p)) {
            return reader.refuse("another articulation", format!("{CONTEXTS} probabilities"));
        }
        Ok(Self { struck })
    }
}

/// Visits every cell that keeps its voice's pitch, with its context; `visit` says whether it is struck.
fn each_repeat(grid: &Grid, mut visit: impl FnMut(&Grid, usize, usize, usize) -> bool) {
    let quarter = grid.frame.steps_per_quarter;
    let mut ages = vec![0usize; grid.voices()];
    for step in 0..grid.steps() {
        let moves = |voice: usize| step > 0 && grid.at(step, voice).pitch != grid.at(step - 1, voice).pitch;
        let movers = (0..grid.voices()).filter(|&voice| moves(voice)).count().min(3);
        for (voice, age) in ages.iter_mut().enumerate() {
            let keeps = step > 0 && !moves(voice) && grid.at(step, voice).pitch.is_some();
            if !keeps {
                *age = 1;
                continue;
            }
            let class = match voice {
                0 => 0,
                _ if voice + 1 == grid.voices() => 2,
                _ => 1,
            };
            let within = (step + quarter - grid.frame.pickup % quarter) % quarter;
            let place = match within {
                0 => 0,
                _ if 2 * within == quarter => 1,
                _ => 2,
            };
            let limits = [quarter / 2, quarter, 2 * quarter, 4 * quarter];
            let age_class = limits.iter().position(|&limit| *age <= limit).unwrap_or(AGES - 1);
            let context = ((class * PLACES + place) * 4 + movers) * AGES + age_class;
            *age = if visit(grid, step, voice, context) { 1 } else { *age + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    /// One voice on C4 for two quarters, struck where the row says so.
    fn told(strokes: [bool; 8]) -> Grid {
        let mut grid = Grid::new(Frame::sixteenths(1, 8));
        for (step, struck) in strokes.into_iter().enumerate() {
            let onset = if struck { Onset::Struck } else { Onset::Held };
            grid.set(step, 0, Cell { pitch: Some(60), onset });
        }
        grid
    }

    #[test]
    fn what_was_always_struck_is_struck_again() {
        let quarters = told([true, false, false, false, true, false, false, false]);
        let model = Articulation::learn([&quarters, &quarters]).expect("the grids tell");
        let mut silent = Grid::from_pitches(Frame::sixteenths(1, 8), &[Some(60); 8]);
        model.apply(&mut silent);
        for step in 1..8 {
            assert_eq!(silent.at(step, 0).onset, quarters.at(step, 0).onset, "step {step}");
        }
        assert_eq!(model.accuracy([&quarters]).0, 1.0);
    }

    #[test]
    fn told_cells_are_left_alone() {
        let mut grid = told([true, true, false, false, false, false, false, false]);
        let before = grid.clone();
        Articulation::default().apply(&mut grid);
        assert_eq!(grid, before);
    }

    #[test]
    fn grids_that_do_not_tell_teach_nothing() {
        let silent = Grid::from_pitches(Frame::sixteenths(1, 8), &[Some(60); 8]);
        assert_eq!(Articulation::learn([&silent]), None);
    }
}
