//! Shapes as paths: `path`, `line`, `polyline`, `polygon`, `rect`, `circle`, `ellipse`.

use super::document::Element;
use super::path;
use super::viewport::{Along, Viewport};
use crate::Result;
use kurbo::{Affine, BezPath, Point};
use svgtypes::NumberListParser;

/// The names of the elements that are shapes.
pub(super) const SHAPES: [&str; 7] = ["path", "line", "polyline", "polygon", "rect", "circle", "ellipse"];

/// A quarter of a circle as a cubic curve: how long its arms are, in radii.
const ARM: f64 = 0.551_915_024_493_510_6;

/// The outline of a shape in its own units; without any part where it draws nothing.
pub(super) fn outline(element: &Element, viewport: &Viewport) -> Result<BezPath> {
    let length = |name: &str, along| viewport.length(element, name, along);
    let or_nought = |name: &str, along| length(name, along).map(|length| length.unwrap_or(0.0));
    match &*element.name {
        "path" => path::parse(element, element.attribute("d").unwrap_or_default()),
        "line" => {
            let from = (or_nought("x1", Along::Width)?, or_nought("y1", Along::Height)?);
            let to = (or_nought("x2", Along::Width)?, or_nought("y2", Along::Height)?);
            Ok(joined(&[from.into(), to.into()], false))
        }
        "polyline" | "polygon" => Ok(joined(&points(element)?, &*element.name == "polygon")),
        "rect" => {
            let corner = Point::new(or_nought("x", Along::Width)?, or_nought("y", Along::Height)?);
            let size = (or_nought("width", Along::Width)?, or_nought("height", Along::Height)?);
            let radii = (length("rx", Along::Width)?, length("ry", Along::Height)?);
            Ok(rectangle(corner, size, radii))
        }
        name => {
            let centre = Point::new(or_nought("cx", Along::Width)?, or_nought("cy", Along::Height)?);
            let (rx, ry) = if name == "circle" {
                let radius = or_nought("r", Along::Diagonal)?;
                (radius, radius)
            } else {
                let (rx, ry) = (length("rx", Along::Width)?, length("ry", Along::Height)?);
                (rx.or(ry).unwrap_or(0.0), ry.or(rx).unwrap_or(0.0))
            };
            let corner = centre - kurbo::Vec2::new(rx, ry);
            Ok(rectangle(corner, (2.0 * rx, 2.0 * ry), (Some(rx), Some(ry))))
        }
    }
}

/// The points of a polyline or polygon.
fn points(element: &Element) -> Result<Vec<Point>> {
    let wrong = || element.wrong("points", "pairs of numbers");
    let mut numbers = NumberListParser::from(element.attribute("points").unwrap_or_default());
    let mut points = Vec::new();
    while let Some(x) = numbers.next() {
        let y = numbers.next().ok_or_else(wrong)?;
        points.push(Point::new(x.map_err(|_| wrong())?, y.map_err(|_| wrong())?));
    }
    Ok(points)
}

fn joined(points: &[Point], closed: bool) -> BezPath {
    let mut path = BezPath::new();
    let [first, rest @ ..] = points else { return path };
    path.move_to(*first);
    rest.iter().for_each(|&point| path.line_to(point));
    if closed {
        path.close_path();
    }
    path
}

/// A rectangle, with round corners if its radii say so: an ellipse if they reach the middle. It begins as SVG says, at the
/// left end of its upper side, and an ellipse at its right.
fn rectangle(corner: Point, (width, height): (f64, f64), (rx, ry): (Option<f64>, Option<f64>)) -> BezPath {
    let mut path = BezPath::new();
    if !(width > 0.0 && height > 0.0) {
        return path;
    }
    let (rx, ry) =
        (rx.or(ry).unwrap_or(0.0).clamp(0.0, width / 2.0), ry.or(rx).unwrap_or(0.0).clamp(0.0, height / 2.0));
    let (left, top, right, bottom) = (corner.x, corner.y, corner.x + width, corner.y + height);
    let (ax, ay) = (rx * (1.0 - ARM), ry * (1.0 - ARM));
    if rx == 0.0 || ry == 0.0 {
        return joined(&[corner, (right, top).into(), (right, bottom).into(), (left, bottom).into()], true);
    }
    path.move_to((left + rx, top));
    let line = |path: &mut BezPath, x: f64, y: f64, long: bool| {
        if long {
            path.line_to((x, y));
        }
    };
    let (wide, high) = (width > 2.0 * rx, height > 2.0 * ry);
    line(&mut path, right - rx, top, wide);
    path.curve_to((right - ax, top), (right, top + ay), (right, top + ry));
    line(&mut path, right, bottom - ry, high);
    path.curve_to((right, bottom - ay), (right - ax, bottom), (right - rx, bottom));
    line(&mut path, left + rx, bottom, wide);
    path.curve_to((left + ax, bottom), (left, bottom - ay), (left, bottom - ry));
    line(&mut path, left, top + ry, high);
    path.curve_to((left, top + ay), (left + ax, top), (left + rx, top));
    path.close_path();
    path
}

/// The transform of an element.
pub(super) fn transform(element: &Element) -> Result<Affine> {
    let Some(text) = element.attribute("transform") else { return Ok(Affine::IDENTITY) };
    let transform: svgtypes::Transform =
        text.parse().map_err(|_| element.wrong("transform", "such as translate(10 20) rotate(45)"))?;
    Ok(Affine::new([transform.a, transform.b, transform.c, transform.d, transform.e, transform.f]))
}
