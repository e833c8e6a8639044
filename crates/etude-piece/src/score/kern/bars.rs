//! Bar lines and sections: from `=7:|!` and `*>A1` to bars, repeats and variant endings.

use super::limits;
use crate::score::{Bar, Beats, Losses};
use std::collections::BTreeMap;

/// Why a label is lost.
const LABELS: &str = "a score has bars, repeats and endings only";

/// What a bar line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct BarSign {
    pub(super) repeat_end: bool,
    pub(super) repeat_start: bool,
    /// It is double.
    pub(super) double: bool,
    pub(super) fermata: bool,
}

impl BarSign {
    /// Reads a token that begins with `=`.
    pub(super) fn read(token: &str) -> Self {
        let line = |c: char| matches!(c, '|' | '!');
        let style = token.trim_start_matches('=').trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        let (first, last) = (style.find(line), style.rfind(line));
        let colon = |part: Option<&str>| part.is_some_and(|part| part.contains(':'));
        Self {
            repeat_end: colon(first.map(|first| &style[..first])),
            repeat_start: colon(last.map(|last| &style[last..])),
            double: style.contains("||"),
            fermata: style.contains(';'),
        }
    }
}

/// The bars as far as they are read.
#[derive(Debug, Default)]
pub(super) struct Bars {
    bars: Vec<Bar>,
    /// Labels that aren't endings, how often each stood there, and whether endings are named after it.
    sections: BTreeMap<String, (usize, bool)>,
    endings: Vec<(Beats, u8)>,
}

impl Bars {
    /// A bar line. Says whether there was room for it.
    pub(super) fn line(&mut self, now: Beats, sign: BarSign) -> bool {
        if self.bars.is_empty() {
            self.bars.push(Bar::default());
        }
        let last = self.bars.len() - 1;
        if self.bars[last].onset < now {
            self.bars[last].repeat_end |= sign.repeat_end;
            self.bars[last].section_end |= sign.double;
            self.bars.push(Bar { onset: now, repeat_start: sign.repeat_start, ..Bar::default() });
            return self.bars.len() <= limits::BARS;
        }
        // A second line at the same time only adds its signs.
        self.bars[last].repeat_start |= sign.repeat_start;
        if sign.repeat_end && last > 0 {
            self.bars[last - 1].repeat_end = true;
        }
        true
    }

    /// A section's label, or a list of sections in order, after `*>`.
    pub(super) fn section(&mut self, now: Beats, label: &str, losses: &mut Losses) {
        if label.contains('[') {
            return losses.add("section list", "the order is left to repeat signs");
        }
        let name = label.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: Option<u8> = label[name.len()..].parse().ok().filter(|&number| number > 0);
        let room = self.sections.len() < limits::MARKS && self.endings.len() < limits::MARKS;
        let of_section = self.sections.get_mut(name).zip(number);
        match of_section {
            _ if !room => losses.add("section label", LABELS),
            Some((section, number)) => {
                section.1 = true;
                self.endings.push((now, number));
            }
            None => self.sections.entry(label.to_owned()).or_default().0 += 1,
        }
    }

    /// The bars of a piece that ends at `end`; none if it has no bar lines.
    pub(super) fn finish(mut self, end: Beats, losses: &mut Losses) -> Vec<Bar> {
        if self.bars.len() > 1 && self.bars.last().is_some_and(|bar| bar.onset >= end) {
            self.bars.pop();
        }
        let unused = self.sections.values().filter(|(_, has_endings)| !has_endings).map(|(count, _)| count);
        losses.add_many(unused.sum(), "section label", LABELS);
        for (onset, number) in self.endings {
            match self.bars.binary_search_by_key(&onset, |bar| bar.onset) {
                Ok(bar) => self.bars[bar].ending = Some(number),
                Err(_) => losses.add("variant ending", "it begins inside a bar, or after the last"),
            }
        }
        Bar::part_sections(&mut self.bars);
        self.bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(token: &str, repeat_end: bool, repeat_start: bool) {
        let sign = BarSign::read(token);
        assert_eq!((sign.repeat_end, sign.repeat_start), (repeat_end, repeat_start), "{token}");
    }

    #[test]
    fn repeats_are_colons_beside_lines() {
        check("=7", false, false);
        check("=7a||", false, false);
        assert!(BarSign::read("=7a||").double && !BarSign::read("=7!|:").double);
        check("=:|!", true, false);
        check("=1!|:", false, true);
        check("=21:|!|:", true, true);
        check("=2:!!:", true, true);
        check("==:|!;", true, false);
        check("=1-", false, false);
        check("=", false, false);
    }
}
