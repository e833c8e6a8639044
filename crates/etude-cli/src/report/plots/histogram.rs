//! Histograms: one panel for each set of pieces, over the outline of the training pieces'.

use super::canvas::{Anchor, Canvas, percent, ticks};
use std::fmt::Write;

/// One panel.
pub(crate) struct Histogram<'a> {
    /// What is counted, such as `pitches`.
    pub(crate) what: &'a str,
    /// Whose, such as `generated`, and its class.
    pub(crate) set: &'a str,
    pub(crate) class: &'a str,
    /// The share of each bin.
    pub(crate) shares: &'a [f64],
    /// The training pieces' shares, drawn as an outline over the bars.
    pub(crate) outline: Option<&'a [f64]>,
    /// The largest share of all panels in a row.
    pub(crate) most: f64,
    /// Bins with a label below them.
    pub(crate) labels: &'a [(usize, String)],
    /// What the labels are.
    pub(crate) axis: &'a str,
}

const WIDTH: f64 = 290.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 22.0;

/// Draws a panel.
pub(crate) fn histogram(plot: &Histogram) -> String {
    let most = if plot.most > 0.0 { plot.most } else { 1.0 };
    let bins = plot.shares.len().max(1) as f64;
    let bar = WIDTH / bins;
    let y = |share: f64| TOP + HEIGHT * (1.0 - share / most);
    let x = |bin: usize| LEFT + bin as f64 * bar;
    let peak = plot.shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let named =
        |bin: usize| plot.labels.iter().min_by_key(|(at, _)| at.abs_diff(bin)).map(|(_, l)| l.as_str());
    let description = match peak.and_then(|(bin, share)| Some((named(bin)?, *share))) {
        Some((label, share)) => format!(
            "Histogram of the {} of {} pieces in {} bins; the most frequent, at or near {label}, has {}.",
            plot.what,
            plot.set,
            plot.shares.len(),
            percent(share)
        ),
        None => format!("Empty histogram of the {} of {} pieces.", plot.what, plot.set),
    };
    let size = (LEFT + WIDTH + 8.0, TOP + HEIGHT + 38.0);
    let mut canvas = Canvas::new(size.0, size.1, &format!("{}, {}", plot.what, plot.set), &description);
    canvas.text(&format!("name ink {}", plot.class), Anchor::Start, (LEFT, TOP - 8.0), plot.set);
    for tick in ticks(most) {
        canvas.line("rule", (LEFT, y(tick)), (LEFT + WIDTH, y(tick)));
        canvas.text("tick", Anchor::End, (LEFT - 4.0, y(tick) + 3.5), &percent(tick));
    }
    for (bin, &share) in plot.shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let gap = if bar > 4.0 { 1.0 } else { 0.0 };
        canvas.rect(
            &format!("bar {}", plot.class),
            (x(bin) + gap / 2.0, y(share)),
            (bar - gap, TOP + HEIGHT - y(share)),
        );
    }
    if let Some(outline) = plot.outline {
        let mut data = format!("M{:.1} {:.1}", LEFT, y(0.0));
        for (bin, &share) in outline.iter().enumerate() {
            let _ = write!(data, "V{:.1}H{:.1}", y(share), x(bin + 1));
        }
        let _ = write!(data, "V{:.1}", y(0.0));
        canvas.path("outline", &data);
    }
    canvas.line("base", (LEFT, TOP + HEIGHT), (LEFT + WIDTH, TOP + HEIGHT));
    for (bin, label) in plot.labels {
        let middle = x(*bin) + bar / 2.0;
        canvas.line("base", (middle, TOP + HEIGHT), (middle, TOP + HEIGHT + 3.0));
        canvas.text("tick", Anchor::Middle, (middle, TOP + HEIGHT + 14.0), label);
    }
    canvas.text("axis", Anchor::Middle, (LEFT + WIDTH / 2.0, TOP + HEIGHT + 30.0), plot.axis);
    canvas.done()
}
