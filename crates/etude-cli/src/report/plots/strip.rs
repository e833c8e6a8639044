//! Strips: one dot a piece along a common axis, with the mean as a line.

use super::canvas::{Anchor, Canvas, ticks};

/// One strip.
pub(crate) struct Strip<'a> {
    pub(crate) name: &'a str,
    pub(crate) class: &'a str,
    pub(crate) values: &'a [f64],
    /// The mean, which weighs longer pieces more.
    pub(crate) mean: f64,
}

const WIDTH: f64 = 980.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 70.0;
const ROW: f64 = 26.0;

/// Draws strips one below the other.
pub(crate) fn strips(title: &str, description: &str, axis: &str, strips: &[Strip]) -> String {
    let most = strips.iter().flat_map(|strip| strip.values).copied().fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    let x = |value: f64| LEFT + value.max(0.0) / most * (WIDTH - LEFT - RIGHT);
    let bottom = strips.len() as f64 * ROW + 4.0;
    let mut canvas = Canvas::new(WIDTH, bottom + 36.0, title, description);
    for tick in ticks(most) {
        canvas.line("rule", (x(tick), 0.0), (x(tick), bottom));
        let label = format!("{:.3}", tick);
        let label = label.trim_end_matches('0').trim_end_matches('.');
        canvas.text(
            "tick",
            Anchor::Middle,
            (x(tick), bottom + 13.0),
            if label.is_empty() { "0" } else { label },
        );
    }
    for (index, strip) in strips.iter().enumerate() {
        let middle = index as f64 * ROW + ROW / 2.0 + 2.0;
        canvas.text("label", Anchor::End, (LEFT - 8.0, middle + 4.0), strip.name);
        // Dots are moved up and down in turn, so that close ones can be told apart.
        let dot = |(n, &value): (usize, &f64)| (x(value), middle + ((n * 5) % 9) as f64 * 1.6 - 6.4);
        canvas.dots(strip.class, strip.values.iter().enumerate().map(dot));
        if strip.mean.is_finite() {
            canvas.line("mean", (x(strip.mean), middle - 10.0), (x(strip.mean), middle + 10.0));
            canvas.text("value", Anchor::End, (WIDTH - 4.0, middle + 4.0), &format!("{:.4}", strip.mean));
        }
    }
    canvas.line("base", (LEFT, bottom), (WIDTH - RIGHT, bottom));
    canvas.text("axis", Anchor::Middle, ((LEFT + WIDTH - RIGHT) / 2.0, bottom + 30.0), axis);
    canvas.done()
}
