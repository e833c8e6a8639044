//! The document as text: the header, and the bars of each part.

use super::accidentals::{self, Head};
use super::barlines::{self, ending_stops};
use super::beams::beams;
use super::events::{Event, Span, continued, events};
use super::header::write_header;
use super::layout::{end, in_force, pulses};
use super::marks::Marks;
use super::markup::Markup;
use super::notation::{Notation, Written, tuplets, write_grace, write_note, write_rest};
use super::staves::{Staves, staves};
use super::value::lowest_common_multiple;
use crate::score::{Beats, Grace, Key, Metre, Part, Score, Voice};
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
            marks: Marks { score, leads: index == 0, divisions, clefs: &staves.clefs },
            staves: &staves,
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
    staves: &'a Staves,
    marks: Marks<'a>,
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
                    self.marks.write(self.markup, index, span, event.onset, until);
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
                for grace in graces(part, *voice, span.start + event.onset, event) {
                    let accidental = accidentals.next().expect("one for each note of the bar");
                    write_grace(self.markup, grace, accidental, &notation);
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
                let from = span.start + event.onset;
                let key = in_force(&self.score.keys, from).unwrap_or(Key::C_MAJOR);
                let head = |grace: &Grace| Head {
                    onset: event.onset,
                    staff: self.staves.of_voice[*voice],
                    pitch: grace.pitch,
                    carried: false,
                    key,
                };
                heads.extend(graces(self.part, *voice, from, event).iter().map(head));
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

    fn write_duration(&mut self, duration: Beats) {
        self.markup.leaf("duration", &[], &self.in_divisions(duration).to_string());
    }

    fn in_divisions(&self, time: Beats) -> i64 {
        (time * self.divisions).numerator()
    }
}

/// The grace notes of a part's voice before an event that begins at `onset`.
fn graces<'a>(part: &'a Part, voice: usize, onset: Beats, event: &Event) -> &'a [Grace] {
    let Some(voice) = part.voices.get(voice).filter(|_| !event.is_rest()) else { return &[] };
    let first = voice.graces.partition_point(|grace| grace.before < onset);
    let count = voice.graces[first..].partition_point(|grace| grace.before == onset);
    &voice.graces[first..first + count]
}
