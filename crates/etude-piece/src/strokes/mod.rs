//! Drawings and handwriting as the pen made them: strokes of points, each with its time where that is known.

pub mod stroke3;

pub mod jsonl;

pub mod npz;

pub mod quickdraw;

pub mod dollar;

pub mod omniglot;

pub mod csv;

pub mod xml;

pub mod svg;

pub mod png;

pub mod plotter;

pub mod format;

mod measure;

mod simplify;

mod resample;

mod smooth;

mod bezier;

mod decimal;

mod drawing;

mod pen;

#[cfg(test)]
pub(crate) mod mutants;

pub use drawing::Drawing;
pub use measure::Bounds;
pub use pen::{FARTHEST, MOST_POINTS};

use std::fmt;

/// A drawing: strokes in the order in which they were drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strokes {
    /// Each is drawn with the pen down; between two of them the pen is up.
    pub strokes: Vec<Stroke>,
}

/// What is drawn without lifting the pen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// The points in order, at least one.
    pub points: Vec<Point>,
}

/// Where the pen was.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// To the right, in units of the drawing.
    pub x: f64,
    /// Downwards, as in pictures.
    pub y: f64,
    /// Seconds since the drawing began, ascending, where the time is known.
    pub time: Option<f64>,
}

impl Strokes {
    /// All points in the order in which they were drawn.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.strokes.iter().flat_map(|stroke| &stroke.points)
    }
}

/// Each stroke as `x,y x,y …`, with ` | ` between two of them: for tests, and for a person.
impl fmt::Display for Strokes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, stroke) in self.strokes.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { " | " })?;
            for (index, point) in stroke.points.iter().enumerate() {
                let blank = if index == 0 { "" } else { " " };
                write!(f, "{blank}{},{}", point.x, point.y)?;
                if let Some(time) = point.time {
                    write!(f, "@{time}")?;
                }
            }
        }
        Ok(())
    }
}
