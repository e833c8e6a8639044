//! Horizontal bars: several sets side by side for each row, or the parts of a whole one after the other.

use super::canvas::{Anchor, Canvas, percent};

/// A named group of bars.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bars: Vec<Bar>,
}

/// One bar: its class, its length, and what is written at its end.
pub(crate) struct Bar {
    pub(crate) class: &'static str,
    pub(crate) value: f64,
    pub(crate) label: String,
}

const WIDTH: f64 = 980.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 120.0;
/// The height of a bar, and the space between rows.
const BAR: f64 = 12.0;
const GAP: f64 = 10.0;

/// Draws rows of bars from a common zero; each group has its own label, each bar its value.
pub(crate) fn bars(title: &str, description: &str, rows: &[Row]) -> String {
    let most = rows.iter().flat_map(|row| &row.bars).map(|bar| bar.value).fold(0.0, f64::max);
    let heights: Vec<f64> = rows.iter().map(|row| row.bars.len() as f64 * BAR + GAP).collect();
    let height = heights.iter().sum::<f64>() + 4.0;
    let mut canvas = Canvas::new(WIDTH, height, title, description);
    let mut y = 2.0;
    for (row, height) in rows.iter().zip(heights) {
        canvas.text("label", Anchor::End, (LEFT - 8.0, y + (height - GAP) / 2.0 + 4.0), &row.name);
        for (index, bar) in row.bars.iter().enumerate() {
            let length = if most > 0.0 { bar.value / most * (WIDTH - LEFT - RIGHT) } else { 0.0 };
            let top = y + index as f64 * BAR;
            canvas.rect(&format!("bar {}", bar.class), (LEFT, top), (length.max(0.5), BAR - 1.0));
            canvas.text("small", Anchor::Start, (LEFT + length + 4.0, top + BAR - 2.5), &bar.label);
        }
        y += height;
    }
    canvas.line("base", (LEFT, 0.0), (LEFT, y - GAP + 2.0));
    canvas.done()
}

/// A part of a whole: its class, its share, its name.
pub(crate) struct Segment {
    pub(crate) class: &'static str,
    pub(crate) share: f64,
    pub(crate) name: &'static str,
}

/// Draws each row as a whole made of parts.
pub(crate) fn stacks(title: &str, description: &str, rows: &[(&str, Vec<Segment>)]) -> String {
    const THICK: f64 = 26.0;
    let width = WIDTH - LEFT - 8.0;
    let mut canvas = Canvas::new(WIDTH, rows.len() as f64 * (THICK + 30.0), title, description);
    for (index, (name, segments)) in rows.iter().enumerate() {
        let top = index as f64 * (THICK + 30.0) + 18.0;
        canvas.text("label", Anchor::End, (LEFT - 8.0, top + THICK / 2.0 + 4.0), name);
        let (mut x, mut legend) = (LEFT, LEFT);
        for segment in segments {
            let length = segment.share * width;
            canvas.rect(&format!("part {}", segment.class), (x, top), (length, THICK));
            x += length;
            // Thin parts have no room for words, so the words stand above, each behind its colour.
            let label = format!("{} {}", segment.name, percent(segment.share));
            canvas.rect(&format!("part {}", segment.class), (legend, top - 13.0), (9.0, 9.0));
            canvas.text("small", Anchor::Start, (legend + 13.0, top - 5.0), &label);
            legend += 7.0 * label.chars().count() as f64 + 28.0;
        }
    }
    canvas.done()
}
