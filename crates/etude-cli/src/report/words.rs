//! Figures in words, for the page and for the terminal.

use etude::appraise::report::{Comparison, Report};

/// `91.0 %`
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `0.974`, or a dash where there is none.
pub(super) fn correlation(value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{value:.3}") }
}

/// `1 piece`, `2 pieces`
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `12,345`
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The smallest value that a share of the values doesn't exceed; 0 of none.
pub(super) fn quantile(values: &[usize], share: f64) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

/// One line of what matters most: what it is, the model's figure, the corpus's own.
pub(super) struct Line {
    pub(super) requirement: &'static str,
    pub(super) what: String,
    pub(super) own: String,
    /// The held-out pieces' figure, or a dash.
    pub(super) yardstick: String,
}

/// What matters most, in a few lines.
pub(super) fn glance(report: &Report) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |requirement, what: &str, own: String, yardstick: Option<String>| {
        let yardstick = yardstick.unwrap_or_else(|| "–".to_owned());
        lines.push(Line { requirement, what: what.to_owned(), own, yardstick });
    };
    let voices = report.model.voices;
    if let Some(Comparison { generated_with_train: own, held_out_with_train: held, .. }) =
        &report.statistics.correlations
    {
        let of = |value: f64| correlation(value);
        line(
            "Statistics",
            "correlation with the training pieces, moves of a voice",
            of(own.melodic),
            held.map(|c| of(c.melodic)),
        );
        if voices > 1 {
            line(
                "Statistics",
                "the same, chords of two voices",
                of(own.vertical),
                held.map(|c| of(c.vertical)),
            );
        }
    }
    let (kept, given) = report.flexibility.drafts.iter().fold((0, 0), |(k, g), d| (k + d.kept, g + d.given));
    line(
        "Flexibility",
        "constraints kept, of those given",
        format!("{} of {}", grouped(kept), grouped(given)),
        None,
    );
    let contradictions = &report.flexibility.contradictions;
    let named = format!("{} of {}", grouped(contradictions.named), grouped(contradictions.given));
    line("Flexibility", "contradictions named, of those given", named, None);
    let found = &report.generalisation;
    let held = found.chords.held_out;
    let chords =
        if voices > 1 { "chords that training pieces hold" } else { "pitches that training pieces hold" };
    line("Generalisation", chords, percent(found.chords.generated.cited), held.map(|h| percent(h.cited)));
    let long = |copies: &Vec<usize>| format!("{} quarters", quantile(copies, 0.9));
    let copies = (long(&found.copies.generated), found.copies.held_out.as_ref().map(long));
    line("Generalisation", "longest copy that nine pieces of ten stay within", copies.0, copies.1);
    if voices > 1 {
        let rate = |m: f64, n: f64| format!("{:.2}", m + n);
        let own = found.voice_leading.generated;
        let held = found.voice_leading.held_out.map(|h| rate(h.fifths_per_thousand, h.octaves_per_thousand));
        let own = rate(own.fifths_per_thousand, own.octaves_per_thousand);
        line("Generalisation", "parallel fifths and octaves per 1,000 moving pairs", own, held);
    }
    lines
}

/// The same for a terminal.
pub(super) fn summary(report: &Report) -> String {
    let lines = glance(report);
    let width = |of: fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or(0);
    let (what, own) =
        (width(|l| l.what.chars().count()), width(|l| l.own.chars().count()).max("generated".len()));
    let mut text = format!("{:what$}  {:>own$}  held-out\n", "", "generated");
    for line in &lines {
        text.push_str(&format!("{:what$}  {:>own$}  {}\n", line.what, line.own, line.yardstick));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn quantiles_are_values_that_occur() {
        let values = [5, 1, 2, 3, 4, 6, 7, 8, 9, 10];
        assert_eq!([0.5, 0.9, 1.0].map(|share| quantile(&values, share)), [5, 9, 10]);
        assert_eq!(quantile(&[], 0.5), 0);
    }
}
