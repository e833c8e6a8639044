//! A drawing as moves of the pen: how far it goes, and what it does when it is there.

use etude_piece::strokes::{Point, Stroke, Strokes};

/// What the pen does at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pen {
    /// It stays on the paper: the next move is drawn.
    Down,
    /// It is lifted: the next move begins a stroke.
    Lifted,
    /// The drawing is done.
    Done,
}

impl Pen {
    /// All of them; the order is that of the network's odds.
    pub const ALL: [Self; 3] = [Self::Down, Self::Lifted, Self::Done];
}

/// A move of the pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// To the right, from the point before; the first from the origin.
    pub x: f64,
    /// Downwards.
    pub y: f64,
    /// What the pen does there.
    pub pen: Pen,
}

/// The moves of a drawing, the first from the origin; the pen is done at the last point.
pub fn moves(strokes: &Strokes) -> Vec<Move> {
    let mut at = (0.0, 0.0);
    let mut moves: Vec<Move> = Vec::new();
    for stroke in &strokes.strokes {
        for point in &stroke.points {
            moves.push(Move { x: point.x - at.0, y: point.y - at.1, pen: Pen::Down });
            at = (point.x, point.y);
        }
        if let Some(last) = moves.last_mut() {
            last.pen = Pen::Lifted;
        }
    }
    if let Some(last) = moves.last_mut() {
        last.pen = Pen::Done;
    }
    moves
}

/// The way back of [`moves`], without times; a drawing that isn't done yet has all the same its last stroke.
pub fn strokes(moves: &[Move]) -> Strokes {
    let (mut x, mut y) = (0.0, 0.0);
    let mut strokes = Strokes::default();
    let mut points = Vec::new();
    for step in moves {
        (x, y) = (x + step.x, y + step.y);
        points.push(Point { x, y, time: None });
        if step.pen != Pen::Down {
            strokes.strokes.push(Stroke { points: std::mem::take(&mut points) });
        }
    }
    if !points.is_empty() {
        strokes.strokes.push(Stroke { points });
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_there_and_back() {
        let point = |x: f64, y: f64| Point { x, y, time: None };
        let drawing = Strokes {
            strokes: vec![
                Stroke { points: vec![point(1.0, 2.0), point(4.0, 2.0)] },
                Stroke { points: vec![point(0.0, 0.0)] },
            ],
        };
        let expected = [(1.0, 2.0, Pen::Down), (3.0, 0.0, Pen::Lifted), (-4.0, -2.0, Pen::Done)];
        let moves = moves(&drawing);
        assert_eq!(moves, expected.map(|(x, y, pen)| Move { x, y, pen }));
        assert_eq!(strokes(&moves), drawing);
    }

    #[test]
    fn no_stroke_is_no_move() {
        assert_eq!(moves(&Strokes::default()), []);
        assert_eq!(strokes(&[]), Strokes::default());
    }
}
