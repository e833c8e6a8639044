//! Scatter plots of frequencies: one dot an event, both axes logarithmic, with a gutter for what never occurs.

use super::canvas::{Anchor, Canvas};

/// Two sets of frequencies, event by event.
pub(crate) struct Scatter<'a> {
    /// What it shows, above it.
    pub(crate) title: &'a str,
    /// The class of the dots, and what the upright axis counts.
    pub(crate) class: &'a str,
    pub(crate) set: &'a str,
    /// Relative frequencies: in the training pieces, in the set.
    pub(crate) pairs: &'a [(f64, f64)],
    /// The least and the largest frequency above 0 that the axes hold.
    pub(crate) range: (f64, f64),
    /// Their correlation.
    pub(crate) correlation: f64,
}

const SIDE: f64 = 196.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 24.0;
/// The gutter for frequency 0.
const GUTTER: f64 = 14.0;

/// Draws a scatter plot.
pub(crate) fn scatter(plot: &Scatter) -> String {
    let (low, high) = (plot.range.0.log10().floor(), plot.range.1.log10().ceil());
    let place = |share: f64| match share > 0.0 {
        true => GUTTER + (share.log10() - low) / (high - low).max(1.0) * (SIDE - GUTTER),
        false => GUTTER / 2.0 - 2.0,
    };
    let (x, y) = (|share: f64| LEFT + place(share), |share: f64| TOP + SIDE - place(share));
    let correlation = match plot.correlation.is_nan() {
        true => "no correlation: nothing varies".to_owned(),
        false => format!("r = {:.3}", plot.correlation),
    };
    let missing = plot.pairs.iter().filter(|(_, set)| *set == 0.0).count();
    let new = plot.pairs.iter().filter(|(train, _)| *train == 0.0).count();
    let description = format!(
        "Scatter plot of {} events: frequency in training pieces against frequency in {} pieces; {correlation}. {missing} events \
         occur in training pieces alone, {new} in {} pieces alone.",
        plot.pairs.len(),
        plot.set,
        plot.set
    );
    let (width, height) = (LEFT + SIDE + 8.0, TOP + SIDE + 40.0);
    let mut canvas = Canvas::new(width, height, &format!("{}, {}", plot.title, plot.set), &description);
    canvas.text("name", Anchor::Start, (LEFT, TOP - 9.0), plot.title);
    canvas.rect("frame", (LEFT, TOP), (SIDE, SIDE));
    for decade in low as i32..=high as i32 {
        let share = 10f64.powi(decade);
        canvas.line("rule", (x(share), TOP), (x(share), TOP + SIDE));
        canvas.line("rule", (LEFT, y(share)), (LEFT + SIDE, y(share)));
        // Every other decade has room for its label, and the highest has one.
        if (high as i32 - decade) % 2 == 0 {
            canvas.text("tick", Anchor::Middle, (x(share), TOP + SIDE + 13.0), &power(decade));
            canvas.text("tick", Anchor::End, (LEFT - 4.0, y(share) + 3.5), &power(decade));
        }
    }
    canvas.text("tick", Anchor::Middle, (x(0.0), TOP + SIDE + 13.0), "0");
    canvas.text("tick", Anchor::End, (LEFT - 4.0, y(0.0) + 3.5), "0");
    canvas.line("gutter", (LEFT + GUTTER - 2.0, TOP), (LEFT + GUTTER - 2.0, TOP + SIDE));
    canvas.line("gutter", (LEFT, TOP + SIDE - GUTTER + 2.0), (LEFT + SIDE, TOP + SIDE - GUTTER + 2.0));
    canvas.line("diagonal", (x(10f64.powf(low)), y(10f64.powf(low))), (LEFT + SIDE, TOP));
    canvas.dots(plot.class, plot.pairs.iter().map(|&(train, set)| (x(train), y(set))));
    canvas.text("value", Anchor::End, (LEFT + SIDE - 7.0, TOP + SIDE - GUTTER - 8.0), &correlation);
    canvas.text("axis", Anchor::Middle, (LEFT + SIDE / 2.0, TOP + SIDE + 30.0), "in training pieces");
    canvas.upright("axis", (12.0, TOP + SIDE / 2.0), &format!("in {} pieces", plot.set));
    canvas.done()
}

/// `1 %`, `0.01 %`.
fn power(decade: i32) -> String {
    match decade + 2 {
        exponent @ 0.. => format!("{} %", 10i32.pow(exponent.min(9) as u32)),
        exponent @ -3..0 => format!("{:.*} %", -exponent as usize, 10f64.powi(exponent)),
        _ => format!("1e{decade}"),
    }
}
