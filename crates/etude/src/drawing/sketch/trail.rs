//! What the network is told of the drawing so far, and of a move before the pen's fate there is known.
//!
//! Everything is in units of the scale, or a logarithm, or a share; nothing depends on where on the paper a drawing lies but
//! the first move. Stroke-5 of Ha & Eck 2017 is the first five numbers.

use super::super::moves::{Move, Pen};

/// Numbers that are told before a move.
pub(super) const BEFORE: usize = 22;
/// Numbers that are told of a move.
pub(super) const AFTER: usize = 11;

/// Positions are about ten times as great as moves.
const FAR: f32 = 0.2;

/// A drawing as far as it is known, in units of the scale.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    /// The last move; its pen is `Done` where none was.
    last: Move,
    /// The two before it, as far as they are of the stroke: curves go on as they bend.
    earlier: [[f32; 2]; 2],
    at: [f32; 2],
    /// The first points of the drawing and of the stroke.
    first: [f32; 2],
    stroke: [f32; 2],
    /// The corners of all points so far.
    low: [f32; 2],
    high: [f32; 2],
    /// Points of the stroke, and strokes, that are done.
    points: u32,
    strokes: u32,
}

impl Trail {
    /// Nothing is drawn.
    pub(super) fn new() -> Self {
        Self {
            last: Move { x: 0.0, y: 0.0, pen: Pen::Done },
            earlier: [[0.0; 2]; 2],
            at: [0.0; 2],
            first: [0.0; 2],
            stroke: [0.0; 2],
            low: [0.0; 2],
            high: [0.0; 2],
            points: 0,
            strokes: 0,
        }
    }

    /// What is known before the next move.
    pub(super) fn before(&self) -> [f32; BEFORE] {
        let [dx, dy] = [self.last.x as f32, self.last.y as f32];
        let [ux, uy, length] = polar(dx, dy);
        let pen = |pen: Pen| f32::from(u8::from(self.last.pen == pen));
        let far = |from: [f32; 2], axis: usize| FAR * (self.at[axis] - from[axis]);
        [
            dx,
            dy,
            pen(Pen::Down),
            pen(Pen::Lifted),
            pen(Pen::Done),
            ux,
            uy,
            length,
            far(self.first, 0),
            far(self.first, 1),
            far(self.stroke, 0),
            far(self.stroke, 1),
            far(self.low, 0),
            far(self.low, 1),
            far(self.high, 0),
            far(self.high, 1),
            many(self.points),
            many(self.strokes),
            self.earlier[0][0],
            self.earlier[0][1],
            self.earlier[1][0],
            self.earlier[1][1],
        ]
    }

    /// What is known of a move from here.
    pub(super) fn after(&self, x: f32, y: f32) -> [f32; AFTER] {
        let [ux, uy, length] = polar(x, y);
        let [vx, vy, _] = polar(self.last.x as f32, self.last.y as f32);
        let to = [self.at[0] + x, self.at[1] + y];
        let begins = self.last.pen != Pen::Down;
        let stroke = if begins { to } else { self.stroke };
        let points = if begins { 0 } else { self.points };
        let far = |from: [f32; 2], axis: usize| FAR * (to[axis] - from[axis]);
        [
            x,
            y,
            ux,
            uy,
            length,
            ux * vx + uy * vy,
            ux * vy - uy * vx,
            far(stroke, 0),
            far(stroke, 1),
            many(points),
            f32::from(u8::from(begins)),
        ]
    }

    /// The pen moves.
    pub(super) fn push(&mut self, step: Move) {
        self.at = [self.at[0] + step.x as f32, self.at[1] + step.y as f32];
        let begins = self.last.pen != Pen::Down;
        if self.last.pen == Pen::Done {
            (self.first, self.low, self.high) = (self.at, self.at, self.at);
        }
        // A stroke of two points has one move; that to its first point is none of its own.
        let last = [self.last.x as f32, self.last.y as f32];
        self.earlier = if self.points > 1 { [last, self.earlier[0]] } else { [[0.0; 2]; 2] };
        if begins {
            (self.stroke, self.points, self.earlier) = (self.at, 0, [[0.0; 2]; 2]);
        }
        for axis in 0..2 {
            self.low[axis] = self.low[axis].min(self.at[axis]);
            self.high[axis] = self.high[axis].max(self.at[axis]);
        }
        self.points += 1;
        self.strokes += u32::from(step.pen != Pen::Down);
        self.last = step;
    }
}

/// The direction of a move and the logarithm of its length, about −2..1.
fn polar(x: f32, y: f32) -> [f32; 3] {
    let length = (x * x + y * y).sqrt();
    let inverse = if length > 1e-6 { 1.0 / length } else { 0.0 };
    [x * inverse, y * inverse, 0.5 * crate::kernels::ln(f64::from(length) + 0.01) as f32]
}

/// A count, in about 0..2.
fn many(count: u32) -> f32 {
    0.5 * crate::kernels::ln(1.0 + f64::from(count)) as f32
}
