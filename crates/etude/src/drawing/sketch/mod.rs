//! Sketches: a network that draws, point by point.
//!
//! Ha & Eck, *A Neural Representation of Sketch Drawings*, ICLR 2018, arXiv:1704.03477 (`sketch-rnn`).
//!
//! ```text
//! h, c = LSTM(what is known of the drawing so far, z)
//! p(dx, dy | …) = Σ π N(dx, dy; μ, Σ + ℓ² I)              π, μ, Σ = W GELU(A (h, known)) + S known
//! p(pen | dx, dy, …) = softmax(V GELU(B (h, the move)))    down, lifted, done
//! z = m + σ ε,   m, σ = two LSTMs over the whole drawing    only where drawings have codes
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | h, c | decoder | (H) | what the pen's network knows |
//! | π, μ, Σ | mixture | (K) | where the next point may be, in units of the scale |
//! | ℓ | `least` | | the floor of deviations: 0.4 of the grid on which the corpus lies |
//! | z | code | (Z) | what a whole drawing is like |
//!
//! The scale is the standard deviation of the corpus's moves, dx and dy together. Surprises are told in units of the
//! drawing, with ln of the scale twice for each point, so that models of other scales can be compared. Without codes they are
//! exact; with codes a bound (Burda, Grosse & Salakhutdinov 2016, arXiv:1509.00519). A drawing is as long as it is: gradients
//! flow through `steps` points, the state goes on.
//!
//! Where we differ from the paper: the network is told the last three moves and where the pen is within the stroke, the
//! drawing and its box, not the last move alone, and the mixture sees them past all layers, as curves go on as they bend;
//! the pen's fate is foretold when the move is known; the end of a drawing is the fate of its last point, not a point more; a
//! hidden layer stands before each head; a code is told at every step and nowhere else; the densities have a floor.

mod trail;

mod batch;

mod layout;

mod options;

mod network;

mod encoder;

mod train;

mod run;

mod draw;

mod code;

mod store;

mod author;

#[cfg(test)]
mod tests;

pub use author::{load, train};
pub use code::between;
pub use draw::{Drawn, Manner, Wishes, wishes};
pub use options::settings;
pub use train::Lesson;

use super::moves::{Move, Pen, moves};
use super::novelty::Gallery;
use crate::error::{Error, Result};
use crate::kernels;
use crate::model::{Evaluation, Kind, Settings};
use crate::shelf::Tensors;
use etude_piece::strokes::Strokes;
use run::Net;

/// A trained network.
pub struct Sketch {
    net: Net,
    /// The standard deviation of the corpus's moves, in units of its drawings.
    scale: f64,
    gallery: Gallery,
    settings: Settings,
    tensors: Tensors,
}

/// No move is longer, in units of the scale.
const LONGEST: f64 = 1e4;
/// No drawing has more points.
const MOST: usize = 1_000_000;

impl Sketch {
    /// The moves of a drawing in units of the scale.
    fn scaled(&self, drawing: &Strokes) -> Result<Vec<Move>> {
        let moves = moves(drawing);
        if moves.is_empty() || moves.len() > MOST {
            let found = format!("a drawing of {} points", moves.len());
            return Err(Error::usage(found, format!("1 to {MOST} points")));
        }
        let scaled = |(at, step): (usize, &Move)| {
            let (x, y) = (step.x / self.scale, step.y / self.scale);
            let fits = x.abs() <= LONGEST && y.abs() <= LONGEST;
            let found =
                || format!("point {} lies {} and {} away from the one before", at + 1, step.x, step.y);
            let most = || format!("moves of at most {}", LONGEST * self.scale);
            fits.then_some(Move { x, y, pen: step.pen }).ok_or_else(|| Error::usage(found(), most()))
        };
        moves.iter().enumerate().map(scaled).collect()
    }

    /// −ln p of each point given a code, in units of the scale: of the place, and of the pen.
    fn parts(&self, moves: &[Move], code: &[f32]) -> Vec<[f64; 2]> {
        let mut hand = self.net.begin(code);
        let nats = moves.iter().map(|step| {
            let place = -hand.point().log_density(step.x, step.y);
            let pen = -hand.pens(step.x, step.y, 1.0)[step.pen as usize];
            hand.push(*step);
            [place, pen]
        });
        nats.collect()
    }

    /// How surprised it is by each point of a drawing, place and pen together, in units of the drawing: exact, or where
    /// drawings have codes a bound by `samples` of them.
    ///
    /// # Errors
    ///
    /// A drawing without points, or with moves beyond all measure.
    pub fn evaluate(&self, drawing: &Strokes, samples: usize) -> Result<Evaluation> {
        let moves = self.scaled(drawing)?;
        let (kind, nats) = match self.net.layout.code {
            0 => (Kind::Exact, self.parts(&moves, &[]).into_iter().map(|[place, pen]| place + pen).collect()),
            _ => (Kind::Bound, self.bound(&moves, samples)),
        };
        let jacobian = 2.0 * kernels::ln(self.scale);
        Ok(Evaluation {
            kind,
            unit: "point",
            nats: nats.into_iter().map(|nats: f64| nats + jacobian).collect(),
        })
    }

    /// The standard deviation of the corpus's moves, in units of its drawings.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Everything that it has learnt, by name.
    pub fn tensors(&self) -> Tensors {
        self.tensors.clone()
    }

    /// What the training used, by name.
    pub fn settings(&self) -> Settings {
        self.settings.clone()
    }

    /// What it learnt from, to tell what is new.
    pub fn gallery(&self) -> &Gallery {
        &self.gallery
    }
}

/// What the pen does, by its number.
fn pen(number: usize) -> Pen {
    Pen::ALL[number]
}
