//! SVG out of drawings: one path for each stroke, in the order in which they were drawn, and nothing else.

use crate::score::xml::{escape, recipe_element};
use crate::strokes::decimal::decimal;
use crate::strokes::{Bounds, Stroke, Strokes};
use kurbo::{BezPath, PathEl};
use std::fmt::Write;

/// How a picture is to look, and what goes with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// How wide the line is, in units of the drawing; without it, the diagonal over 300.
    pub line: Option<f64>,
    /// How far smooth curves may be from the points that they replace; without it, lines lead from point to point.
    pub curves: Option<f64>,
    /// The title, or empty.
    pub title: String,
    /// How the drawing came to be, or empty.
    pub recipe: String,
}

/// Writes a drawing. Coordinates stay what they are, rounded to a millionth of the diagonal or finer; times are left out.
pub fn write(drawing: &Strokes, picture: &Picture) -> String {
    let bounds = drawing.bounds().unwrap_or(Bounds { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 });
    let diagonal = if bounds.diagonal() > 0.0 { bounds.diagonal() } else { 1.0 };
    let places = (6.0 - diagonal.log10().floor()).clamp(0.0, 12.0) as usize;
    let number = |value: f64| decimal(value, places);
    let line = picture.line.filter(|line| *line > 0.0).unwrap_or(diagonal / 300.0);
    let (width, height) = (number(bounds.width() + 2.0 * line), number(bounds.height() + 2.0 * line));
    let (left, top) = (number(bounds.left - line), number(bounds.top - line));
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{left} {top} {width} {height}\">"
    );
    if !picture.title.is_empty() {
        let _ = writeln!(out, "<title>{}</title>", escape(&picture.title));
    }
    out.push_str(&recipe_element(&picture.recipe));
    let _ = writeln!(
        out,
        "<g fill=\"none\" stroke=\"#000\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        number(line)
    );
    for stroke in &drawing.strokes {
        let path = match picture.curves {
            Some(tolerance) if stroke.points.len() > 2 => curves(&stroke.beziers(tolerance), &number),
            _ => lines(stroke, &number),
        };
        let _ = writeln!(out, "<path d=\"{path}\"/>");
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// A stroke as path data.
fn lines(stroke: &Stroke, number: &impl Fn(f64) -> String) -> String {
    let mut data = String::new();
    for (index, point) in stroke.points.iter().enumerate() {
        let command = ["M", "L", " "][index.min(2)];
        let _ = write!(data, "{command}{} {}", number(point.x), number(point.y));
    }
    if stroke.points.len() == 1 {
        // A dot is a line of no length, which round ends make visible.
        data.push_str("h0");
    }
    data
}

/// Curves as path data.
fn curves(path: &BezPath, number: &impl Fn(f64) -> String) -> String {
    let mut data = String::new();
    let mut put = |command: char, points: &[kurbo::Point]| {
        for (index, point) in points.iter().enumerate() {
            let before = if index == 0 { command } else { ' ' };
            let _ = write!(data, "{before}{} {}", number(point.x), number(point.y));
        }
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(a) => put('M', &[a]),
            PathEl::LineTo(a) => put('L', &[a]),
            PathEl::QuadTo(a, b) => put('Q', &[a, b]),
            PathEl::CurveTo(a, b, c) => put('C', &[a, b, c]),
            PathEl::ClosePath => {}
        }
    }
    data
}
