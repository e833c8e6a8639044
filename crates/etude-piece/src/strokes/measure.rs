//! Drawings in figures: how large, how long, how much of the way is travelled with the pen up.

use super::{Point, Stroke, Strokes};

/// The smallest rectangle around a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The least x.
    pub left: f64,
    /// The least y.
    pub top: f64,
    /// The greatest x.
    pub right: f64,
    /// The greatest y.
    pub bottom: f64,
}

impl Bounds {
    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// How high it is.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// From corner to corner.
    pub fn diagonal(&self) -> f64 {
        self.width().hypot(self.height())
    }
}

impl Point {
    /// How far it is to another point.
    pub fn distance(&self, other: &Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point at a share of the way to another one, times too.
    pub(super) fn towards(&self, other: &Self, share: f64) -> Self {
        let between = |a: f64, b: f64| a + share * (b - a);
        Self {
            x: between(self.x, other.x),
            y: between(self.y, other.y),
            time: self.time.zip(other.time).map(|(a, b)| between(a, b)),
        }
    }
}

impl Stroke {
    /// How long its line is.
    pub fn length(&self) -> f64 {
        self.points.windows(2).map(|pair| pair[0].distance(&pair[1])).sum()
    }

    /// The way from its beginning to each of its points.
    pub(super) fn ways(&self) -> Vec<f64> {
        let mut way = 0.0;
        let steps = self.points.windows(2).map(|pair| {
            way += pair[0].distance(&pair[1]);
            way
        });
        std::iter::once(0.0).chain(steps).take(self.points.len()).collect()
    }
}

impl Strokes {
    /// The smallest rectangle around all points, if there are any.
    pub fn bounds(&self) -> Option<Bounds> {
        let first = self.points().next()?;
        let start = Bounds { left: first.x, top: first.y, right: first.x, bottom: first.y };
        Some(self.points().fold(start, |bounds, point| Bounds {
            left: bounds.left.min(point.x),
            top: bounds.top.min(point.y),
            right: bounds.right.max(point.x),
            bottom: bounds.bottom.max(point.y),
        }))
    }

    /// How long the lines are.
    pub fn length(&self) -> f64 {
        // No stroke at all makes -0.
        self.strokes.iter().map(Stroke::length).sum::<f64>() + 0.0
    }

    /// How far the pen travels between the strokes.
    pub fn pen_up(&self) -> f64 {
        let gap = |pair: &[Stroke]| match (pair[0].points.last(), pair[1].points.first()) {
            (Some(end), Some(start)) => end.distance(start),
            _ => 0.0,
        };
        self.strokes.windows(2).map(gap).sum::<f64>() + 0.0
    }

    /// How many seconds it took to draw, where that is known.
    pub fn duration(&self) -> Option<f64> {
        let first = self.points().next()?.time?;
        let last = self.points().last()?.time?;
        Some(last - first)
    }

    /// Whether every point has its time.
    pub fn is_timed(&self) -> bool {
        self.points().all(|point| point.time.is_some())
    }

    /// The drawing with every coordinate put elsewhere.
    pub(super) fn moved(&self, place: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let mut moved = self.clone();
        for point in moved.strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
            (point.x, point.y) = place(point.x, point.y);
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::super::stroke3::from_stroke3;
    use super::*;

    #[test]
    fn a_drawing_is_measured() {
        let rows = [[1.0, 1.0, 0.0], [3.0, 4.0, 1.0], [0.0, -5.0, 0.0], [-2.0, 0.0, 1.0]];
        let drawing = from_stroke3(&rows).expect("a drawing");
        let bounds = drawing.bounds().expect("points");
        assert_eq!(bounds, Bounds { left: 1.0, top: 0.0, right: 4.0, bottom: 5.0 });
        assert_eq!((drawing.length(), drawing.pen_up(), drawing.duration()), (7.0, 5.0, None));
        assert_eq!(drawing.strokes[0].ways(), [0.0, 5.0]);
        assert_eq!(Strokes::default().bounds(), None);
    }
}
