//! Paths as strokes: curves become lines.

use crate::strokes::pen::Pen;
use crate::strokes::{FARTHEST, Strokes};
use crate::{Place, Result};
use kurbo::{BezPath, PathEl, Point};

/// How many lines a curve becomes: those that are no farther from it than the picture's diagonal over this.
const FINENESS: f64 = 20_000.0;

/// The points of a path, control points too.
pub(super) fn points(path: &BezPath) -> impl Iterator<Item = Point> {
    path.elements()
        .iter()
        .flat_map(|element| match *element {
            PathEl::MoveTo(a) | PathEl::LineTo(a) => [Some(a), None, None],
            PathEl::QuadTo(a, b) => [Some(a), Some(b), None],
            PathEl::CurveTo(a, b, c) => [Some(a), Some(b), Some(c)],
            PathEl::ClosePath => [None; 3],
        })
        .flatten()
}

/// Paths, each with its place in the file, as strokes of lines.
pub(super) fn flattened(paths: &[(usize, BezPath)]) -> Result<Strokes> {
    let (mut least, mut most) = (Point::new(FARTHEST, FARTHEST), Point::new(-FARTHEST, -FARTHEST));
    for point in paths.iter().flat_map(|(_, path)| points(path)) {
        least = Point::new(least.x.min(point.x), least.y.min(point.y));
        most = Point::new(most.x.max(point.x), most.y.max(point.y));
    }
    flattened_within(paths, (least.distance(most) / FINENESS).max(1e-9))
}

/// The same, no farther from the curves than `tolerance`.
pub(super) fn flattened_within(paths: &[(usize, BezPath)], tolerance: f64) -> Result<Strokes> {
    let mut pen = Pen::default();
    for (at, path) in paths {
        let mut line = Line { pen: &mut pen, place: Place::Byte(*at), began: Point::ZERO, last: None };
        let mut drawn = Ok(());
        kurbo::flatten(path.iter(), tolerance, |element| {
            if drawn.is_ok() {
                drawn = line.draw(element);
            }
        });
        drawn?;
        pen.lift();
    }
    pen.finish(Place::Whole)
}

/// A path's lines, drawn without points that come twice.
struct Line<'a> {
    pen: &'a mut Pen,
    place: Place,
    began: Point,
    /// The last point that was drawn, if the pen is down.
    last: Option<Point>,
}

impl Line<'_> {
    fn draw(&mut self, element: PathEl) -> Result<()> {
        match element {
            PathEl::MoveTo(point) => {
                self.pen.lift();
                (self.began, self.last) = (point, None);
                Ok(())
            }
            PathEl::ClosePath => {
                self.line(self.began)?;
                self.last = None;
                self.pen.lift();
                Ok(())
            }
            PathEl::LineTo(point) => self.line(point),
            PathEl::QuadTo(..) | PathEl::CurveTo(..) => Ok(()),
        }
    }

    fn line(&mut self, to: Point) -> Result<()> {
        let from = match self.last {
            Some(last) => last,
            None => {
                self.pen.draw(self.place, self.began.x, self.began.y, None)?;
                self.began
            }
        };
        if to != from {
            self.pen.draw(self.place, to.x, to.y, None)?;
        }
        self.last = Some(to);
        Ok(())
    }
}
