//! What stands before a line: brackets and braces, and the names of parts.

use super::super::lettering::Face;
use super::super::notation::{Joint, Sheet};
use super::super::outline::{Outline, Segment};
use super::super::page::Ink;
use super::super::proportions::{BAR_LINE, NAMES};
use super::super::spacing::Line;

/// The longest name of a part, in letters.
const NAME: usize = 28;

/// Draws what holds staves together at the line's beginning.
pub(super) fn draw(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let (Some(first), Some(last)) = (middles.first(), middles.last()) else { return };
    if middles.len() > 1 {
        let (from, to) = ((line.left, first - 2.05), (line.left, last + 2.05));
        inks.push(Ink::Line { from, to, width: BAR_LINE });
    }
    let braced = sheet.groups.iter().any(|group| group.joint == Joint::Brace);
    for group in &sheet.groups {
        let (top, bottom) = (middles[group.staves.start] - 2.0, middles[group.staves.end - 1] + 2.0);
        match group.joint {
            Joint::Brace => inks.push(brace(line.left - 0.25, top, bottom)),
            Joint::Bracket => {
                let x = line.left - if braced { 2.1 } else { 0.8 };
                bracket(inks, x, top - 0.25, bottom + 0.25);
            }
        }
    }
}

fn bracket(inks: &mut Vec<Ink>, x: f64, top: f64, bottom: f64) {
    inks.push(Ink::Line { from: (x, top), to: (x, bottom), width: 0.45 });
    for (y, out) in [(top, -1.0), (bottom, 1.0)] {
        inks.push(Ink::Shape(Outline(vec![
            Segment::Move((x - 0.225, y)),
            Segment::Line((x - 0.225, y + out * 0.3)),
            Segment::Curve((x + 0.4, y + out * 0.32), (x + 0.9, y + out * 0.5), (x + 1.25, y + out * 0.95)),
            Segment::Curve((x + 1.0, y + out * 0.35), (x + 0.6, y), (x + 0.225, y)),
            Segment::Close,
        ])));
    }
}

fn brace(x: f64, top: f64, bottom: f64) -> Ink {
    let width = 1.3;
    let at = |dx: f64, share: f64| (x + width * dx, top + share * (bottom - top));
    Ink::Shape(Outline(vec![
        Segment::Move(at(0.0, 0.0)),
        Segment::Curve(at(-0.95, 0.08), at(0.05, 0.4), at(-1.0, 0.5)),
        Segment::Curve(at(0.05, 0.6), at(-0.95, 0.92), at(0.0, 1.0)),
        Segment::Curve(at(-0.55, 0.9), at(0.4, 0.62), at(-0.92, 0.5)),
        Segment::Curve(at(0.4, 0.38), at(-0.55, 0.1), at(0.0, 0.0)),
        Segment::Close,
    ]))
}

/// How much room the names of parts take before the first line.
pub(super) fn indent(sheet: &Sheet) -> f64 {
    let staves = sheet.staves.iter().flat_map(|staff| &staff.names);
    let groups = sheet.groups.iter().map(|group| &group.name);
    let widest =
        staves.chain(groups).map(|name| Face::Regular.width(&short(name)) * NAMES).fold(0.0, f64::max);
    let joint = margin(sheet);
    if widest > 0.0 { widest + joint + 0.9 } else { joint }
}

/// What brackets and braces take before each line.
pub(super) fn margin(sheet: &Sheet) -> f64 {
    match sheet.groups.len() {
        0 => 0.0,
        1 => 1.6,
        _ => 2.6,
    }
}

fn short(name: &str) -> String {
    match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

/// Writes the names of parts before the first line.
pub(super) fn names(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let right = line.left - margin(sheet) - 0.5;
    let mut write = |name: &str, y: f64| {
        let text = short(name);
        let at = (right - Face::Regular.width(&text) * NAMES, y + 0.33 * NAMES);
        inks.push(Ink::Text { text, face: Face::Regular, size: NAMES, at });
    };
    for (staff, &middle) in sheet.staves.iter().zip(middles) {
        let count = staff.names.len() as f64;
        for (at, name) in staff.names.iter().enumerate() {
            write(name, middle + 2.6 * (at as f64 - (count - 1.0) / 2.0));
        }
    }
    for group in sheet.groups.iter().filter(|group| !group.name.is_empty()) {
        write(&group.name, (middles[group.staves.start] + middles[group.staves.end - 1]) / 2.0);
    }
}
