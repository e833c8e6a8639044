//! Bar lines and repeat signs.

use super::super::notation::{Close, Sheet};
use super::super::outline::Outline;
use super::super::page::Ink;
use super::super::proportions::{BAR_LINE, DOT, LINE_GAP, STAFF_LINE, THICK_LINE};
use super::super::spacing::{CLOSE, Line};

/// Draws bar lines through staves that are joined, and repeat dots on each.
pub(super) fn draw(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for (staff, &middle) in middles.iter().enumerate() {
        let joined = staff > 0
            && sheet.staves[staff - 1].verses == 0
            && sheet
                .groups
                .iter()
                .any(|group| group.staves.contains(&staff) && group.staves.contains(&(staff - 1)));
        match spans.last_mut() {
            Some(span) if joined => span.1 = middle + 2.0,
            _ => spans.push((middle - 2.0, middle + 2.0)),
        }
    }
    let half = STAFF_LINE / 2.0;
    let mut strokes = |x: f64, width: f64| {
        for &(top, bottom) in &spans {
            inks.push(Ink::Line { from: (x, top - half), to: (x, bottom + half), width });
        }
    };
    let mut dots = Vec::new();
    for (index, spots) in line.bars.clone().zip(&line.spots) {
        let bar = &sheet.bars[index];
        let (thin, thick) = (spots.right - CLOSE + BAR_LINE / 2.0, spots.right - THICK_LINE / 2.0);
        match bar.close {
            Close::Open => {}
            Close::Plain => strokes(spots.right - BAR_LINE / 2.0, BAR_LINE),
            Close::Double => {
                strokes(spots.right - BAR_LINE / 2.0, BAR_LINE);
                strokes(spots.right - LINE_GAP - BAR_LINE * 1.5, BAR_LINE);
            }
            Close::Repeat | Close::Final => {
                strokes(thin, BAR_LINE);
                strokes(thick, THICK_LINE);
            }
        }
        if bar.close == Close::Repeat {
            dots.push(thin - 0.6);
        }
        if bar.repeat_start {
            let goes_on = index > line.bars.start && sheet.bars[index - 1].close == Close::Repeat;
            let left = if goes_on { spots.left - THICK_LINE } else { spots.left };
            strokes(left + THICK_LINE / 2.0, THICK_LINE);
            strokes(left + THICK_LINE + LINE_GAP + BAR_LINE / 2.0, BAR_LINE);
            dots.push(left + CLOSE + 0.5);
        }
    }
    for x in dots {
        for middle in middles {
            inks.extend([-0.5, 0.5].map(|dy| Ink::Shape(Outline::disc((x, middle + dy), DOT))));
        }
    }
}
