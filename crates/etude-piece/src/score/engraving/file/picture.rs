//! Pages as one SVG picture. Every outline that is copied is defined once, in each of its sizes.

use super::super::outline::{Outline, Point, Segment};
use super::super::page::Page;
use super::stamp::{Key, Stamp, stamps};
use crate::score::Score;
use crate::score::xml::{escape, recipe_element};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many units of the picture make a staff space.
const UNITS: f64 = 10.0;

/// Draws the pages below each other; `space` is a staff space in millimetres.
pub(in super::super) fn svg(pages: &[Page], score: &Score, space: f64) -> String {
    let mut body = String::new();
    let mut defined: BTreeMap<(Key, u64), usize> = BTreeMap::new();
    let mut definitions = String::new();
    let mut top = 0.0;
    let mut width: f64 = 0.0;
    for page in pages {
        for ink in &page.inks {
            stamps(ink, |stamp| match stamp {
                Stamp::Line { from, to, width } => line(&mut body, from, to, width, top),
                Stamp::Shape(outline) => {
                    put(&mut body, format_args!("<path d=\"{}\"/>\n", path(outline, 1.0, top)));
                }
                Stamp::Copy { key, at: (x, y), scale } => {
                    let count = defined.len();
                    let id = *defined.entry((key, scale.to_bits())).or_insert_with(|| {
                        let path = path(&key.outline(), scale, 0.0);
                        put(&mut definitions, format_args!("<path id=\"g{count}\" d=\"{path}\"/>\n"));
                        count
                    });
                    let (x, y) = (rounded(x), rounded(y + top));
                    put(&mut body, format_args!("<use href=\"#g{id}\" x=\"{x}\" y=\"{y}\"/>\n"));
                }
            });
        }
        top += page.shown();
        width = width.max(page.width);
    }
    // A pixel of SVG is a 96th of an inch.
    let pixels = |spaces: f64| (spaces * space / 25.4 * 96.0 * 100.0).round() / 100.0;
    let (across, down) = (rounded(width), rounded(top));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {across} {down}\">\n",
        pixels(width),
        pixels(top)
    );
    put(&mut out, format_args!("<title>{}</title>\n", escape(&score.title)));
    out.push_str(&recipe_element(&score.recipe));
    put(&mut out, format_args!("<defs>\n{definitions}</defs>\n"));
    put(&mut out, format_args!("<rect width=\"{across}\" height=\"{down}\" fill=\"#fff\"/>\n"));
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

fn line(out: &mut String, from: Point, to: Point, width: f64, top: f64) {
    let (x1, y1, x2, y2) = (rounded(from.0), rounded(from.1 + top), rounded(to.0), rounded(to.1 + top));
    let width = rounded(width);
    put(out, format_args!("<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"#000\" stroke-width=\"{width}\"/>\n"));
}

/// An outline as the letters of a path.
fn path(outline: &Outline, scale: f64, top: f64) -> String {
    let mut text = String::new();
    let point = |(x, y): Point| format!("{} {}", rounded(x * scale), rounded(y * scale + top));
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => put(&mut text, format_args!("M{}", point(to))),
            Segment::Line(to) => put(&mut text, format_args!("L{}", point(to))),
            Segment::Curve(a, b, to) => {
                put(&mut text, format_args!("C{} {} {}", point(a), point(b), point(to)));
            }
            Segment::Close => text.push('Z'),
        }
    }
    text
}

/// Staff spaces as units of the picture, with two digits behind the point.
fn rounded(spaces: f64) -> f64 {
    // Adding zero takes the sign from a negative one.
    (spaces * UNITS * 100.0).round() / 100.0 + 0.0
}

/// Appends formatted text.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all text");
}
