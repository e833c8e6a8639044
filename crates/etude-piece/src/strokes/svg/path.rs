//! Path data: every command of SVG, as lines and curves.

use super::document::Element;
use crate::Result;
use crate::strokes::FARTHEST;
use kurbo::{Arc, BezPath, Point, SvgArc, Vec2};
use svgtypes::{PathParser, PathSegment};

/// How far an arc's curves may be from the arc, in parts of its larger radius.
const ARC: f64 = 1e-4;

/// A path while it is drawn.
#[derive(Debug, Default)]
struct Draft {
    path: BezPath,
    /// Where the pen is.
    here: Point,
    /// Where the part of the path began.
    began: Point,
    /// Whether that part is begun and not closed.
    open: bool,
    /// The last control point, if the last command was a cubic curve: the next smooth one mirrors it.
    cubic: Option<Point>,
    /// The same of quadratic curves.
    quadratic: Option<Point>,
}

/// The curves of path data.
pub(super) fn parse(element: &Element, data: &str) -> Result<BezPath> {
    let mut draft = Draft::default();
    for segment in PathParser::from(data) {
        let segment = segment.map_err(|error| element.wrong("d", format!("path data ({error})")))?;
        draft.step(segment);
        let far = |value: f64| value.is_nan() || value.abs() > FARTHEST;
        if far(draft.here.x) || far(draft.here.y) {
            return Err(element.wrong("d", "coordinates up to 1e9"));
        }
    }
    Ok(draft.path)
}

impl Draft {
    /// One command.
    fn step(&mut self, segment: PathSegment) {
        let here = self.here;
        let to = |abs: bool, x: f64, y: f64| if abs { Point::new(x, y) } else { here + Vec2::new(x, y) };
        let mirrored = |control: Option<Point>| control.map_or(here, |control| here + (here - control));
        match segment {
            PathSegment::MoveTo { abs, x, y } => {
                let point = to(abs, x, y);
                self.path.move_to(point);
                (self.began, self.open) = (point, true);
                self.arrive(point);
            }
            PathSegment::LineTo { abs, x, y } => self.line(to(abs, x, y)),
            PathSegment::HorizontalLineTo { abs, x } => self.line(Point::new(to(abs, x, 0.0).x, here.y)),
            PathSegment::VerticalLineTo { abs, y } => self.line(Point::new(here.x, to(abs, 0.0, y).y)),
            PathSegment::CurveTo { abs, x1, y1, x2, y2, x, y } => {
                self.cubic(to(abs, x1, y1), to(abs, x2, y2), to(abs, x, y));
            }
            PathSegment::SmoothCurveTo { abs, x2, y2, x, y } => {
                self.cubic(mirrored(self.cubic), to(abs, x2, y2), to(abs, x, y));
            }
            PathSegment::Quadratic { abs, x1, y1, x, y } => self.quadratic(to(abs, x1, y1), to(abs, x, y)),
            PathSegment::SmoothQuadratic { abs, x, y } => {
                self.quadratic(mirrored(self.quadratic), to(abs, x, y));
            }
            PathSegment::EllipticalArc { abs, rx, ry, x_axis_rotation, large_arc, sweep, x, y } => {
                let (radii, x_rotation) = (Vec2::new(rx, ry), x_axis_rotation.to_radians());
                self.arc(&SvgArc { from: here, to: to(abs, x, y), radii, x_rotation, large_arc, sweep });
            }
            PathSegment::ClosePath { .. } => {
                if self.open {
                    self.path.close_path();
                }
                self.open = false;
                self.arrive(self.began);
            }
        }
    }

    /// Begins a new part where a closed one began, if the last one was closed.
    fn begin(&mut self) {
        if !self.open {
            self.path.move_to(self.here);
            self.open = true;
        }
    }

    fn arrive(&mut self, point: Point) {
        (self.here, self.cubic, self.quadratic) = (point, None, None);
    }

    fn line(&mut self, point: Point) {
        self.begin();
        self.path.line_to(point);
        self.arrive(point);
    }

    fn cubic(&mut self, first: Point, second: Point, point: Point) {
        self.begin();
        self.path.curve_to(first, second, point);
        self.arrive(point);
        self.cubic = Some(second);
    }

    fn quadratic(&mut self, control: Point, point: Point) {
        self.begin();
        self.path.quad_to(control, point);
        self.arrive(point);
        self.quadratic = Some(control);
    }

    fn arc(&mut self, svg: &SvgArc) {
        let radius = svg.radii.x.abs().max(svg.radii.y.abs());
        let arc = Arc::from_svg_arc(svg);
        // The radii grow if they are too small to reach; what is out of bounds there is straight at any scale we know.
        let arc = arc.filter(|arc| radius <= FARTHEST && arc.radii.x <= FARTHEST && arc.radii.y <= FARTHEST);
        let Some(arc) = arc.filter(|arc| arc.radii.x > 0.0 && arc.radii.y > 0.0) else {
            return self.line(svg.to);
        };
        self.begin();
        let mut curves: Vec<[Point; 3]> = Vec::new();
        arc.to_cubic_beziers(ARC * arc.radii.x.max(arc.radii.y), |a, b, c| curves.push([a, b, c]));
        // Rounding must not move the end.
        if let Some(last) = curves.last_mut() {
            last[2] = svg.to;
        }
        curves.into_iter().for_each(|[a, b, c]| self.path.curve_to(a, b, c));
        self.arrive(svg.to);
    }
}
