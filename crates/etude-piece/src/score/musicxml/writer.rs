//! The document as text: the header, and the bars of each part.

use super::accidentals::{self, Head};
use super::barlines::{self, ending_stops};
use super::beams::beams;
use super::chord_symbol;
use super::events::{Event, Span, continued, events};
use super::header::write_header;
use super::layout::{end, in_force, pulses};
use super::markup::Markup;
use super::notation::{Notation, Written, tuplets, write_note, write_rest};
use super::staves::{Clef, Staves, staves};
use super::value::lowest_common_multiple;
use crate::score::{Beats, Key, Metre, Part, Score, Tempo, Voice};
use crate::{Error, Result};

const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" \
    \"http://www.musicxml.org/dtds/partwise.dtd\">\n";

/// The most divisions of a quarter note.
const MAX_DIVISIONS: i64 = 1 << 30;

/// The text of a fitted score.
pub(super) fn document(score: &Score) -> Result<Vec<u8>> {
    let spans = spans(score);
    let divisions = divisions(score, &spans)?;
    let mut markup = Markup::begin(PROLOGUE);
    markup.open("score-partwise", &[("version", "4.0")]);
    write_header(&mut markup, score);
    let ending_stops = ending_stops(&score.bars);
    for (index, part) in score.parts.iter().enumerate() {
        let staves = staves(part);
        let mut writer = PartWriter {
            markup: &mut markup,
            score,
            part,
            leads: index == 0,
            staves,
            divisions,
            continued: part.voices.iter().map(continued).collect(),
            hyphens: vec![Vec::new(); part.voices.len()],
            ending_stops: &ending_stops,
        };
        writer.write(&format!("P{}", index + 1), &spans);
    }
    markup.close("score-partwise");
    Ok(markup.finish())
}

/// The bars' spans.
fn spans(score: &Score) -> Vec<Span> {
    let ends = score.bars.iter().skip(1).map(|bar| bar.onset).chain([end(score)]);
    let changes = score.keys.iter().map(|&(at, _)| at).chain(score.metres.iter().map(|&(at, _)| at));
    let mut changes: Vec<Beats> = changes.collect();
    changes.sort_unstable();
    changes.dedup();
    let mut spans = Vec::with_capacity(score.bars.len());
    for (index, (bar, end)) in score.bars.iter().zip(ends).enumerate() {
        let from = changes.partition_point(|&at| at <= bar.onset);
        let inside = changes[from..].iter().take_while(|&&at| at < end);
        let corners = inside.map(|&at| at - bar.onset).collect();
        let metre = in_force(&score.metres, bar.onset).unwrap_or(Metre::COMMON);
        let full = end - bar.onset == metre.bar();
        spans.push(Span { start: bar.onset, end, pulses: pulses(score, index), full, corners });
    }
    spans
}

/// The divisions of a quarter note that make all lengths and offsets whole.
fn divisions(score: &Score, spans: &[Span]) -> Result<i64> {
    let mut common = 1;
    let mut add = |time: Beats| {
        let next = lowest_common_multiple(common, time.denominator()).filter(|&next| next <= MAX_DIVISIONS);
        next.map(|next| common = next)
    };
    let entries = score.tempi.iter().map(|&(at, _)| at).chain(score.chords.iter().map(|&(at, _)| at));
    let mut held = entries.map(&mut add).all(|held| held.is_some());
    let silent = Voice::default();
    for span in spans {
        held &= add(span.start).is_some() && add(span.end).is_some();
        for voice in score.voices().chain([&silent]) {
            held &= events(voice, span).iter().all(|event| add(event.onset).is_some());
        }
    }
    let hint = "quantize the score first: all times must be whole in some division below 1,000,000,000";
    if held { Ok(common) } else { Err(Error::unfit("times that have no common division", hint)) }
}

/// One part on its way to text.
struct PartWriter<'a> {
    markup: &'a mut Markup,
    score: &'a Score,
    part: &'a Part,
    /// Whether it is the first part, which carries tempi and chord symbols.
    leads: bool,
    staves: Staves,
    divisions: i64,
    /// By voice and note: whether it goes on from a tied one.
    continued: Vec<Vec<bool>>,
    /// By voice and verse: whether the last syllable had a hyphen.
    hyphens: Vec<Vec<bool>>,
    /// By bar: the variant ending that stops there.
    ending_stops: &'a [Option<u8>],
}

impl PartWriter<'_> {
    fn write(&mut self, id: &str, spans: &[Span]) {
        self.markup.open("part", &[("id", id)]);
        // An upbeat is bar 0.
        let first_number = usize::from(self.score.pickup() == Beats::ZERO);
        for (index, span) in spans.iter().enumerate() {
            let number = (index + first_number).to_string();
            let implicit = [("number", number.as_str()), ("implicit", "yes")];
            self.markup.open("measure", if number == "0" { &implicit } else { &implicit[..1] });
            let bar = self.score.bars[index];
            barlines::write_left(self.markup, bar);
            self.write_bar(index, span);
            let last = index + 1 == spans.len();
            barlines::write_right(self.markup, bar, self.ending_stops[index], last);
            self.markup.close("measure");
        }
        self.markup.close("part");
    }

    fn write_bar(&mut self, index: usize, span: &Span) {
        let part = self.part;
        let silent = Voice::default();
        // A part without voices still takes its time.
        let voices = if part.voices.is_empty() { std::slice::from_ref(&silent) } else { &part.voices };
        let voices: Vec<(usize, Vec<Event>)> = voices
            .iter()
            .map(|voice| events(voice, span))
            .enumerate()
            // Silent voices are shown once, in the first bar, and the first voice always.
            .filter(|(voice, events)| {
                *voice == 0 || index == 0 || events.iter().any(|event| !event.is_rest())
            })
            .collect();
        let accidentals = self.accidentals(&voices, span);
        let mut accidentals = accidentals.into_iter();
        for (voice, events) in &voices {
            if *voice > 0 {
                self.markup.open("backup", &[]);
                self.write_duration(span.end - span.start);
                self.markup.close("backup");
            }
            let beams = beams(events, span.pulses);
            let tuplets = tuplets(events);
            for (at, event) in events.iter().enumerate() {
                if *voice == 0 {
                    let until = (at + 1 < events.len()).then(|| event.end());
                    self.write_marks(index, span, event.onset, until);
                }
                let notation = Notation {
                    divisions: self.divisions,
                    voice: *voice,
                    staff: (self.staves.clefs.len() > 1).then(|| self.staves.of_voice[*voice]),
                    beams: &beams[at],
                    tuplet: tuplets[at],
                };
                if part.voices.is_empty() {
                    self.markup.open("forward", &[]);
                    self.write_duration(event.duration);
                    self.markup.close("forward");
                } else if event.is_rest() {
                    write_rest(self.markup, event, &notation);
                }
                for note in event.notes.clone() {
                    let written = Written {
                        note: &part.voices[*voice].notes[note],
                        in_chord: note > event.notes.start,
                        continued: self.continued[*voice][note],
                        accidental: accidentals.next().expect("one for each note of the bar"),
                    };
                    write_note(self.markup, event, &written, &notation, &mut self.hyphens[*voice]);
                }
            }
        }
    }

    /// For each note of the bar, in the order of writing, whether it needs an accidental.
    fn accidentals(&self, voices: &[(usize, Vec<Event>)], span: &Span) -> Vec<bool> {
        let mut heads = Vec::new();
        for (voice, events) in voices {
            for event in events {
                let key = in_force(&self.score.keys, span.start + event.onset).unwrap_or(Key::C_MAJOR);
                heads.extend(event.notes.clone().map(|note| Head {
                    onset: event.onset,
                    staff: self.staves.of_voice[*voice],
                    pitch: self.part.voices[*voice].notes[note].pitch,
                    carried: event.onset == Beats::ZERO && self.continued[*voice][note],
                    key,
                }));
            }
        }
        accidentals::needed(&heads)
    }

    /// Writes what stands above the music from `onset` in the bar on: attributes, tempi and chord symbols
    /// before `until`, or all that are left in the bar; in the last bar, all that are left.
    fn write_marks(&mut self, index: usize, span: &Span, onset: Beats, until: Option<Beats>) {
        let from = span.start + onset;
        self.write_attributes(index, from);
        if !self.leads {
            return;
        }
        let last = index + 1 == self.score.bars.len();
        let until = until.map(|until| span.start + until).or((!last).then_some(span.end));
        let score = self.score;
        for &(at, tempo) in within(&score.tempi, from, until) {
            self.write_tempo(tempo, at, at - from);
        }
        for (at, symbol) in within(&score.chords, from, until) {
            chord_symbol::write(self.markup, symbol, self.in_divisions(*at - from));
        }
    }

    /// Writes key, metre and, at the beginning, divisions and clefs.
    fn write_attributes(&mut self, index: usize, at: Beats) {
        let score = self.score;
        let first = index == 0 && at == Beats::ZERO;
        let key = score.keys.binary_search_by_key(&at, |&(at, _)| at).ok().map(|found| score.keys[found].1);
        let metre =
            score.metres.binary_search_by_key(&at, |&(at, _)| at).ok().map(|found| score.metres[found].1);
        if !first && key.is_none() && metre.is_none() {
            return;
        }
        self.markup.open("attributes", &[]);
        if first {
            self.markup.leaf("divisions", &[], &self.divisions.to_string());
        }
        if let Some(key) = key {
            self.markup.open("key", &[]);
            self.markup.leaf("fifths", &[], &key.fifths.to_string());
            self.markup.leaf("mode", &[], key.mode.name());
            self.markup.close("key");
        }
        if let Some(metre) = metre {
            self.markup.open("time", &[]);
            self.markup.leaf("beats", &[], &metre.count.to_string());
            self.markup.leaf("beat-type", &[], &metre.unit.to_string());
            self.markup.close("time");
        } else if first && score.metres.is_empty() {
            self.markup.open("time", &[]);
            self.markup.empty("senza-misura", &[]);
            self.markup.close("time");
        }
        if first {
            self.write_clefs();
        }
        self.markup.close("attributes");
    }

    fn write_clefs(&mut self) {
        let clefs = &self.staves.clefs;
        if clefs.len() > 1 {
            self.markup.leaf("staves", &[], &clefs.len().to_string());
        }
        for (staff, &Clef { sign, line, octaves }) in clefs.iter().enumerate() {
            self.markup.open("clef", &[("number", &(staff + 1).to_string())]);
            self.markup.leaf("sign", &[], sign);
            self.markup.leaf("line", &[], &line.to_string());
            if octaves != 0 {
                self.markup.leaf("clef-octave-change", &[], &octaves.to_string());
            }
            self.markup.close("clef");
        }
    }

    /// Writes a tempo as a metronome mark in felt beats, and as the exact number that is played.
    fn write_tempo(&mut self, Tempo(quarters): Tempo, at: Beats, offset: Beats) {
        let metre = in_force(&self.score.metres, at);
        let compound = metre.is_some_and(|metre| metre.pulse() == Beats::new(3, 2));
        let shown = if compound { quarters / 1.5 } else { quarters };
        self.markup.open("direction", &[("placement", "above")]);
        self.markup.open("direction-type", &[]);
        self.markup.open("metronome", &[]);
        self.markup.leaf("beat-unit", &[], "quarter");
        if compound {
            self.markup.empty("beat-unit-dot", &[]);
        }
        self.markup.leaf("per-minute", &[], &((shown * 100.0).round() / 100.0).to_string());
        self.markup.close("metronome");
        self.markup.close("direction-type");
        if offset > Beats::ZERO {
            self.markup.leaf("offset", &[], &self.in_divisions(offset).to_string());
        }
        self.markup.empty("sound", &[("tempo", &quarters.to_string())]);
        self.markup.close("direction");
    }

    fn write_duration(&mut self, duration: Beats) {
        self.markup.leaf("duration", &[], &self.in_divisions(duration).to_string());
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
