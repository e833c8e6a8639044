//! What stands above the music: keys, metres, clefs, tempi and chord symbols.

use super::chord_symbol;
use super::events::Span;
use super::layout::in_force;
use super::markup::Markup;
use super::staves::Clef;
use crate::score::{Beats, Score, Tempo};

/// The marks of one part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'a> {
    pub(super) score: &'a Score,
    /// Whether it is the first part, which carries tempi and chord symbols.
    pub(super) leads: bool,
    pub(super) divisions: i64,
    pub(super) clefs: &'a [Clef],
}

impl Marks<'_> {
    /// Writes what stands above the music from `onset` in the bar on: attributes, tempi and chord symbols
    /// before `until`, or all that are left in the bar; in the last bar, all that are left.
    pub(super) fn write(
        &self,
        markup: &mut Markup,
        index: usize,
        span: &Span,
        onset: Beats,
        until: Option<Beats>,
    ) {
        let from = span.start + onset;
        self.write_attributes(markup, index, from);
        if !self.leads {
            return;
        }
        let last = index + 1 == self.score.bars.len();
        let until = until.map(|until| span.start + until).or((!last).then_some(span.end));
        let score = self.score;
        for &(at, tempo) in within(&score.tempi, from, until) {
            self.write_tempo(markup, tempo, at, at - from);
        }
        for (at, symbol) in within(&score.chords, from, until) {
            chord_symbol::write(markup, symbol, self.in_divisions(*at - from));
        }
    }

    /// Writes key, metre and, at the beginning, divisions and clefs.
    fn write_attributes(&self, markup: &mut Markup, index: usize, at: Beats) {
        let score = self.score;
        let first = index == 0 && at == Beats::ZERO;
        let key = score.keys.binary_search_by_key(&at, |&(at, _)| at).ok().map(|found| score.keys[found].1);
        let metre =
            score.metres.binary_search_by_key(&at, |&(at, _)| at).ok().map(|found| score.metres[found].1);
        if !first && key.is_none() && metre.is_none() {
            return;
        }
        markup.open("attributes", &[]);
        if first {
            markup.leaf("divisions", &[], &self.divisions.to_string());
        }
        if let Some(key) = key {
            markup.open("key", &[]);
            markup.leaf("fifths", &[], &key.fifths.to_string());
            markup.leaf("mode", &[], key.mode.name());
            markup.close("key");
        }
        if let Some(metre) = metre {
            markup.open("time", &[]);
            markup.leaf("beats", &[], &metre.count.to_string());
            markup.leaf("beat-type", &[], &metre.unit.to_string());
            markup.close("time");
        } else if first && score.metres.is_empty() {
            markup.open("time", &[]);
            markup.empty("senza-misura", &[]);
            markup.close("time");
        }
        if first {
            self.write_clefs(markup);
        }
        markup.close("attributes");
    }

    fn write_clefs(&self, markup: &mut Markup) {
        let clefs = self.clefs;
        if clefs.len() > 1 {
            markup.leaf("staves", &[], &clefs.len().to_string());
        }
        for (staff, &Clef { sign, line, octaves }) in clefs.iter().enumerate() {
            markup.open("clef", &[("number", &(staff + 1).to_string())]);
            markup.leaf("sign", &[], sign);
            markup.leaf("line", &[], &line.to_string());
            if octaves != 0 {
                markup.leaf("clef-octave-change", &[], &octaves.to_string());
            }
            markup.close("clef");
        }
    }

    /// Writes a tempo as a metronome mark in felt beats, and as the exact number that is played.
    fn write_tempo(&self, markup: &mut Markup, Tempo(quarters): Tempo, at: Beats, offset: Beats) {
        let metre = in_force(&self.score.metres, at);
        let compound = metre.is_some_and(|metre| metre.pulse() == Beats::new(3, 2));
        let shown = if compound { quarters / 1.5 } else { quarters };
        markup.open("direction", &[("placement", "above")]);
        markup.open("direction-type", &[]);
        markup.open("metronome", &[]);
        markup.leaf("beat-unit", &[], "quarter");
        if compound {
            markup.empty("beat-unit-dot", &[]);
        }
        markup.leaf("per-minute", &[], &((shown * 100.0).round() / 100.0).to_string());
        markup.close("metronome");
        markup.close("direction-type");
        if offset > Beats::ZERO {
            // Without the attribute it would only be drawn later.
            markup.leaf("offset", &[("sound", "yes")], &self.in_divisions(offset).to_string());
        }
        markup.empty("sound", &[("tempo", &quarters.to_string())]);
        markup.close("direction");
    }

    fn in_divisions(&self, time: Beats) -> i64 {
        (time * self.divisions).numerator()
    }
}

/// The entries from `from` on, before `until` if there is such a limit.
fn within<T>(entries: &[(Beats, T)], from: Beats, until: Option<Beats>) -> &[(Beats, T)] {
    let first = entries.partition_point(|(at, _)| *at < from);
    let last = until.map_or(entries.len(), |until| entries.partition_point(|(at, _)| *at < until));
    &entries[first..last.max(first)]
}
