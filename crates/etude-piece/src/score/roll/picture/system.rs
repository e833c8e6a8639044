//! One system of the picture: keys, lines, notes, words.

use super::{COLOURS, LEFT, LINE, Roll, VERSES, hundredths, put};
use crate::score::Beats;
use crate::score::roll::layout::Sounding;
use crate::score::xml::escape;
use std::ops::Range;

impl Roll<'_> {
    pub(super) fn draw_system(&self, out: &mut String, index: usize) {
        let system = &self.systems[index];
        let top = self.head() + index as f64 * self.system_height() + self.above();
        put(out, format_args!("<g transform=\"translate({LEFT} {top})\">\n"));
        self.draw_keys(out, self.x(system, system.end));
        self.draw_lines(out, system);
        self.draw_notes(out, system);
        self.draw_words(out, system);
        out.push_str("</g>\n");
    }

    /// A moment's place in a system.
    fn x(&self, system: &Range<Beats>, at: Beats) -> f64 {
        hundredths((at - system.start).to_f64() * self.quarter)
    }

    /// The rows of a piano's keys, and the octaves' names.
    fn draw_keys(&self, out: &mut String, width: f64) {
        let height = self.frame_height();
        for key in (self.low..=self.high).filter(|key| matches!(key % 12, 1 | 3 | 6 | 8 | 10)) {
            let (y, row) = (self.y(key), self.row);
            put(out, format_args!("<rect class=\"black\" y=\"{y}\" width=\"{width}\" height=\"{row}\"/>\n"));
        }
        for key in (self.low..=self.high).filter(|key| key % 12 == 0) {
            let y = self.y(key) + self.row;
            let octave = i32::from(key / 12) - 1;
            put(
                out,
                format_args!(
                    "<path class=\"c\" d=\"M0 {y}H{width}\"/><text class=\"octave\" x=\"-7\" y=\"{y}\">C{octave}</text>\n"
                ),
            );
        }
        put(out, format_args!("<rect class=\"frame\" width=\"{width}\" height=\"{height}\" rx=\"3\"/>\n"));
    }

    /// Beats, bar lines and bar numbers.
    fn draw_lines(&self, out: &mut String, system: &Range<Beats>) {
        let height = self.frame_height();
        let first = self.bars.partition_point(|bar| bar.onset <= system.start).saturating_sub(1);
        let bars = self.bars[first..].iter().take_while(|bar| bar.onset < system.end);
        let ends = self.bars[first..].iter().skip(1).map(|bar| bar.onset).chain([system.end]);
        for (bar, bar_end) in bars.zip(ends) {
            let pulse = self.score.metre_at(bar.onset).pulse();
            // An upbeat's beats count from its end.
            let lacking =
                if bar.number.is_none() && !self.score.bars.is_empty() { bar_end } else { bar.onset };
            let mut beat = lacking + pulse * -((lacking - bar.onset).floor_div(pulse));
            while beat < bar_end.min(system.end) {
                if beat > system.start {
                    put(
                        out,
                        format_args!("<path class=\"beat\" d=\"M{} 0V{height}\"/>\n", self.x(system, beat)),
                    );
                }
                beat = beat + pulse;
            }
            if bar.onset < system.start {
                continue;
            }
            let x = self.x(system, bar.onset);
            if bar.onset > system.start {
                put(out, format_args!("<path class=\"bar\" d=\"M{x} 0V{height}\"/>\n"));
            }
            if let Some(number) = bar.number {
                put(out, format_args!("<text class=\"number\" x=\"{x}\" y=\"-4\">{number}</text>\n"));
            }
        }
    }

    /// The notes that sound in a system, by index.
    fn inside(&self, system: &Range<Beats>) -> impl Iterator<Item = usize> {
        let from = system.start - self.longest;
        let first = self.notes.partition_point(|note| note.note.onset < from);
        let last = self.notes.partition_point(|note| note.note.onset < system.end);
        let start = system.start;
        (first..last).filter(move |&index| self.notes[index].note.end() > start)
    }

    fn draw_notes(&self, out: &mut String, system: &Range<Beats>) {
        // Those that share a key come last, so that they lie on top.
        let alone = self.inside(system).filter(|&index| !self.shared[index]);
        let shared = self.inside(system).filter(|&index| self.shared[index]);
        for index in alone.chain(shared) {
            let Sounding { key, voice, note } = &self.notes[index];
            let (from, to) = (note.onset.max(system.start), note.end().min(system.end));
            let (x, width) = (self.x(system, from) + 0.75, self.x(system, to) - self.x(system, from) - 1.75);
            let half = if self.shared[index] { self.row / 2.0 } else { 0.0 };
            put(
                out,
                format_args!(
                    "<rect x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2.5\" fill=\"{}\"/>\n",
                    self.y(*key) + 0.25 + half,
                    hundredths(width.max(1.0)),
                    self.row - 0.5 - half,
                    COLOURS[voice % COLOURS.len()]
                ),
            );
        }
        // One fermata for each moment, over its highest note.
        let mut held: Vec<(Beats, u8, Beats)> = Vec::new();
        for index in self.inside(system) {
            let Sounding { key, note, .. } = &self.notes[index];
            if note.fermata && note.onset >= system.start {
                match held.last_mut() {
                    Some(last) if last.0 == note.onset => last.1 = last.1.max(*key),
                    _ => held.push((note.onset, *key, note.end())),
                }
            }
        }
        for (onset, key, end) in held {
            let middle = (self.x(system, onset) + self.x(system, end.min(system.end))) / 2.0;
            let y = self.y(key) - 3.0;
            put(
                out,
                format_args!(
                    "<path class=\"fermata\" d=\"M{} {y}a7 7 0 0 1 14 0\"/><circle class=\"dot\" cx=\"{middle}\" cy=\"{}\" r=\"1.4\"/>\n",
                    middle - 7.0,
                    y - 1.5
                ),
            );
        }
    }

    /// Chord symbols above, syllables below: those of the uppermost voice that has any.
    fn draw_words(&self, out: &mut String, system: &Range<Beats>) {
        let first = self.score.chords.partition_point(|(at, _)| *at < system.start);
        for (at, chord) in self.score.chords[first..].iter().take_while(|(at, _)| *at < system.end) {
            let x = self.x(system, *at);
            put(out, format_args!("<text class=\"chord\" x=\"{x}\" y=\"-18\">{}</text>\n", escape(chord)));
        }
        let begun = |index: &usize| self.notes[*index].note.onset >= system.start;
        let sung = |index: &usize| !self.notes[*index].note.lyrics.is_empty();
        let singing: Vec<usize> = self.inside(system).filter(begun).filter(sung).collect();
        let Some(singer) = singing.iter().map(|&index| self.notes[index].voice).min() else {
            return;
        };
        for index in singing.into_iter().filter(|&index| self.notes[index].voice == singer) {
            let note = &self.notes[index].note;
            for (verse, syllable) in note.lyrics.iter().take(VERSES).enumerate() {
                let (x, y) = (self.x(system, note.onset), self.frame_height() + LINE * (verse + 1) as f64);
                put(
                    out,
                    format_args!("<text class=\"word\" x=\"{x}\" y=\"{y}\">{}</text>\n", escape(syllable)),
                );
            }
        }
    }
}
