//! The learning curve as a small SVG: mean surprise over updates, of what is learnt and of what is held out.

use super::journal::Measurement;
use std::fmt::Write;

/// Width and height, pixels.
const SIZE: (f64, f64) = (640.0, 320.0);
/// The box of the curve: left, top, right, bottom.
const BOX: (f64, f64, f64, f64) = (56.0, 16.0, 624.0, 280.0);

/// Colours that read on white and on black paper alike; the ink follows the reader's choice where it is told.
const STYLE: &str = "text{font:12px sans-serif;fill:#777}.axis{stroke:#777;fill:none}.grid{stroke:#777;opacity:.25}\
polyline{fill:none;stroke-width:2;stroke-linejoin:round}.train{stroke:#3b82c4}.valid{stroke:#d9722e}";

/// Draws a log. An empty one gives a picture that says so.
///
/// Both axes are linear; the one of nats begins at the least round number below all lines, not at 0.
pub fn svg(log: &[Measurement]) -> String {
    let (width, height) = SIZE;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\">\n<title>learning curve</title>\n<style>{STYLE}</style>\n"
    );
    let finite = |value: &f64| value.is_finite();
    let nats: Vec<f64> =
        log.iter().flat_map(|line| [Some(line.train), line.valid]).flatten().filter(finite).collect();
    if nats.is_empty() {
        out += "<text x=\"24\" y=\"36\">no measurement yet</text>\n</svg>\n";
        return out;
    }
    let last = log.iter().map(|line| line.step).max().unwrap_or(1).max(1) as f64;
    let across = Axis::new(0.0, last, (BOX.0, BOX.2));
    let least = nats.iter().copied().fold(f64::INFINITY, f64::min);
    let most = nats.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let up = Axis::new(least, most, (BOX.3, BOX.1));
    axes(&mut out, &across, &up);
    curve(&mut out, "train", log.iter().map(|line| (line.step, Some(line.train))), &across, &up);
    curve(&mut out, "valid", log.iter().map(|line| (line.step, line.valid)), &across, &up);
    legend(&mut out, log.iter().any(|line| line.valid.is_some()));
    out += "</svg>\n";
    out
}

/// A range of numbers on a stretch of the picture.
struct Axis {
    from: f64,
    to: f64,
    /// Between ticks: 1, 2 or 5 times a power of ten.
    step: f64,
    pixels: (f64, f64),
}

impl Axis {
    fn new(least: f64, most: f64, pixels: (f64, f64)) -> Self {
        let range = (most - least).max(1e-3 * most.abs()).max(1e-6);
        let power = libm::pow(10.0, libm::floor(libm::log10(range / 5.0)));
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
        let step = step.into_iter().find(|step| range / step <= 6.0).unwrap_or(10.0 * power);
        let (from, to) = (libm::floor(least / step) * step, libm::ceil(most / step) * step);
        Self { from, to: if to > from { to } else { from + step }, step, pixels }
    }

    fn place(&self, value: f64) -> f64 {
        self.pixels.0 + (value - self.from) / (self.to - self.from) * (self.pixels.1 - self.pixels.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = libm::round((self.to - self.from) / self.step) as usize;
        (0..=count).map(|tick| self.from + tick as f64 * self.step)
    }

    /// A number with as many decimals as its ticks need.
    fn label(&self, value: f64) -> String {
        let decimals = (-libm::floor(libm::log10(self.step) + 1e-9)).max(0.0) as usize;
        format!("{value:.decimals$}")
    }
}

/// Writing to a string can't fail.
fn line(out: &mut String, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("a string takes all that is written");
    out.push('\n');
}

fn axes(out: &mut String, across: &Axis, up: &Axis) {
    let (left, top, right, bottom) = BOX;
    for tick in up.ticks() {
        let (y, label) = (up.place(tick), up.label(tick));
        line(out, format_args!("<path class=\"grid\" d=\"M{left} {y:.1}H{right}\"/>"));
        line(
            out,
            format_args!(
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                left - 6.0,
                y + 4.0
            ),
        );
    }
    for tick in across.ticks() {
        let (x, label) = (across.place(tick), across.label(tick));
        line(out, format_args!("<path class=\"axis\" d=\"M{x:.1} {bottom}v4\"/>"));
        line(
            out,
            format_args!("<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>", bottom + 18.0),
        );
    }
    line(out, format_args!("<path class=\"axis\" d=\"M{left} {top}V{bottom}H{right}\"/>"));
    let middle = (left + right) / 2.0;
    line(
        out,
        format_args!("<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">updates</text>", bottom + 36.0),
    );
    let middle = (top + bottom) / 2.0;
    line(
        out,
        format_args!(
            "<text transform=\"translate(14 {middle}) rotate(-90)\" text-anchor=\"middle\">nats a symbol</text>"
        ),
    );
}

fn curve(
    out: &mut String,
    class: &str,
    points: impl Iterator<Item = (u64, Option<f64>)>,
    across: &Axis,
    up: &Axis,
) {
    let points = points.filter_map(|(step, nats)| Some((step, nats.filter(|nats| nats.is_finite())?)));
    let places = points.map(|(step, nats)| format!("{:.1},{:.1}", across.place(step as f64), up.place(nats)));
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        line(out, format_args!("<polyline class=\"{class}\" points=\"{}\"/>", places.join(" ")));
    }
}

fn legend(out: &mut String, held_out: bool) {
    let names = [("train", "learnt"), ("valid", "held out")];
    for (row, (class, words)) in names.into_iter().take(1 + usize::from(held_out)).enumerate() {
        let (x, y) = (BOX.2 - 96.0, BOX.1 + 12.0 + 18.0 * row as f64);
        line(out, format_args!("<polyline class=\"{class}\" points=\"{x},{y} {},{y}\"/>", x + 20.0));
        line(out, format_args!("<text x=\"{}\" y=\"{}\">{words}</text>", x + 26.0, y + 4.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, svg};
    use crate::train::journal::Measurement;

    fn measured(step: u64, train: f64, valid: Option<f64>) -> Measurement {
        Measurement { step, symbols: step, train, valid, rate: 0.1, seconds: 0.0 }
    }

    #[track_caller]
    fn check(least: f64, most: f64, labels: &[&str]) {
        let axis = Axis::new(least, most, (0.0, 1.0));
        assert_eq!(axis.ticks().map(|tick| axis.label(tick)).collect::<Vec<_>>(), labels);
    }

    #[test]
    fn ticks_are_round_numbers() {
        check(0.0, 1000.0, &["0", "200", "400", "600", "800", "1000"]);
        check(1.23, 4.4, &["1", "2", "3", "4", "5"]);
        check(1.5, 1.5, &["1.5000", "1.5005"]);
    }

    #[test]
    fn a_log_has_two_lines_and_a_gap_where_nothing_was_measured() {
        let log = [measured(10, 2.0, None), measured(20, 1.5, Some(1.75)), measured(30, 1.0, Some(1.5))];
        let svg = svg(&log);
        assert!(
            svg.contains("<polyline class=\"train\" points=\"245.3,16.0 434.7,148.0 624.0,280.0\"/>"),
            "{svg}"
        );
        assert!(svg.contains("<polyline class=\"valid\" points=\"434.7,82.0 624.0,148.0\"/>"), "{svg}");
        assert!(svg.contains(">held out</text>") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn nothing_measured_is_said() {
        assert!(svg(&[]).contains("no measurement yet"));
        assert!(svg(&[measured(1, f64::NAN, None)]).contains("no measurement yet"));
    }
}
