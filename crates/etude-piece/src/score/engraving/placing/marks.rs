//! Fermatas, and the brackets and numbers of tuplets.

use super::super::glyph::Glyph;
use super::super::lettering::Face;
use super::super::page::Ink;
use super::super::proportions::STEM;

const NUMBER: f64 = 1.7;

/// Draws a fermata around the middle `x`, above or below what reaches up or down to `edge`.
pub(super) fn fermata(inks: &mut Vec<Ink>, x: f64, edge: f64, above: bool) {
    let (glyph, y) = match above {
        true => (Glyph::FermataAbove, edge.min(-2.0) - 0.6),
        false => (Glyph::FermataBelow, edge.max(2.0) + 0.6),
    };
    let bounds = glyph.bounds();
    inks.push(Ink::sign(glyph, (x - (bounds.left + bounds.right) / 2.0, y)));
}

/// Draws a tuplet's number, and its bracket where no beam shows what belongs to it. It stands beyond `edge`.
pub(super) fn tuplet(
    inks: &mut Vec<Ink>,
    number: i64,
    (from, to): (f64, f64),
    edge: f64,
    above: bool,
    bracket: bool,
) {
    let text = number.to_string();
    let (face, size) = (Face::Italic, NUMBER);
    let width = face.width(&text) * size;
    let middle = (from + to) / 2.0;
    let sign = if above { -1.0 } else { 1.0 };
    let line = match bracket {
        true => {
            if above {
                edge.min(-2.0) - 1.0
            } else {
                edge.max(2.0) + 1.0
            }
        }
        false => edge + sign * 0.9,
    };
    inks.push(Ink::Text { text, face, size, at: (middle - width / 2.0, line + 0.33 * size) });
    if !bracket {
        return;
    }
    let hook = line - sign * 0.7;
    let gap = width / 2.0 + 0.3;
    let mut stroke = |from: (f64, f64), to: (f64, f64)| inks.push(Ink::Line { from, to, width: STEM });
    stroke((from, hook), (from, line - sign * STEM / 2.0));
    stroke((to, hook), (to, line - sign * STEM / 2.0));
    if middle - gap > from {
        stroke((from - STEM / 2.0, line), (middle - gap, line));
        stroke((middle + gap, line), (to + STEM / 2.0, line));
    }
}
