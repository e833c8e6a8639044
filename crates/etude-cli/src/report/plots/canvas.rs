//! What the plots are drawn on: an SVG in the making.

use std::fmt::Write;

/// An SVG in the making; lengths in pixels.
pub(super) struct Canvas {
    text: String,
}

/// Where a text is anchored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Canvas {
    /// A picture of this size with what it shows, for those who don't see it.
    pub(super) fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let mut canvas = Self { text: String::new() };
        let (title, description) = (escape(title), escape(description));
        canvas.put(format_args!(
            "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\
             <title>{title}</title><desc>{description}</desc>"
        ));
        canvas
    }

    pub(super) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    pub(super) fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        ));
    }

    pub(super) fn path(&mut self, class: &str, data: &str) {
        self.put(format_args!("<path class=\"{class}\" d=\"{data}\"/>"));
    }

    pub(super) fn text(&mut self, class: &str, anchor: Anchor, (x, y): (f64, f64), text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let text = escape(text);
        self.put(format_args!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{text}</text>"));
    }

    /// A text that is read from the bottom up.
    pub(super) fn upright(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let text = escape(text);
        self.put(format_args!(
            "<text class=\"{class}\" text-anchor=\"middle\" transform=\"translate({x:.1} {y:.1}) rotate(-90)\">{text}</text>"
        ));
    }

    /// A round dot at each place, as one path; places that fall together are drawn once.
    pub(super) fn dots(&mut self, class: &str, places: impl Iterator<Item = (f64, f64)>) {
        let mut tenths: Vec<(i64, i64)> =
            places.map(|(x, y)| ((x * 10.0).round() as i64, (y * 10.0).round() as i64)).collect();
        tenths.sort_unstable();
        tenths.dedup();
        let mut data = String::new();
        for (x, y) in tenths {
            let _ = write!(data, "M{} {}h0", x as f64 / 10.0, y as f64 / 10.0);
        }
        if !data.is_empty() {
            self.path(&format!("dots {class}"), &data);
        }
    }

    /// The whole picture.
    pub(super) fn done(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }

    fn put(&mut self, words: std::fmt::Arguments) {
        self.text.write_fmt(words).expect("a string takes all");
    }
}

/// The text as XML may hold it; characters that XML forbids are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            '\0'..'\u{20}' | '\u{7f}'..'\u{a0}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Three to six round numbers from 0 to `most`.
pub(super) fn ticks(most: f64) -> Vec<f64> {
    if !most.is_finite() || most <= 0.0 {
        return vec![0.0];
    }
    let power = 10f64.powf((most / 3.0).log10().floor());
    let step =
        [5.0, 2.0, 1.0].map(|n| n * power).into_iter().find(|step| most / step >= 3.0).unwrap_or(power);
    (0..=(most / step + 1e-9) as usize).map(|n| n as f64 * step).collect()
}

/// A share as percent, with one decimal where it has one.
pub(super) fn percent(share: f64) -> String {
    let tenths = (1000.0 * share).round();
    match tenths % 10.0 == 0.0 {
        true => format!("{:.0} %", tenths / 10.0),
        false => format!("{:.1} %", tenths / 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(0.17), [0.0, 0.05, 0.1, 0.15000000000000002]);
        assert_eq!(ticks(7.0), [0.0, 2.0, 4.0, 6.0]);
        assert_eq!(ticks(4.0), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!((ticks(0.0), ticks(f64::NAN)), (vec![0.0], vec![0.0]));
        for most in [0.003, 0.9, 1.0, 12.0, 999.0] {
            assert!((3..=7).contains(&ticks(most).len()), "{most}: {:?}", ticks(most));
        }
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escape("a<b> & \"c\"\u{1b}\nd"), "a&lt;b&gt; &amp; &quot;c&quot; d");
    }

    #[test]
    fn dots_that_fall_together_are_drawn_once() {
        let mut canvas = Canvas::new(10.0, 10.0, "t", "d");
        canvas.dots("x", [(1.0, 2.0), (1.01, 2.0), (3.0, 4.5)].into_iter());
        assert!(canvas.done().contains("d=\"M1 2h0M3 4.5h0\""));
    }
}
