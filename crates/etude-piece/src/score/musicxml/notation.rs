//! The `note` elements: pitches and rests with their values, ties, beams, tuplets and words.

use super::accidentals;
use super::events::Event;
use super::markup::Markup;
use super::value::{Value, value_of_grace};
use crate::score::{Grace, Note, Pitch};

/// What the notes of an event share.
#[derive(Debug)]
pub(super) struct Notation<'a> {
    pub(super) divisions: i64,
    /// The voice in its part, counted from 0.
    pub(super) voice: usize,
    /// The staff, counted from 0, where there are several.
    pub(super) staff: Option<usize>,
    pub(super) beams: &'a [&'static str],
    pub(super) tuplet: Tuplet,
}

/// A note, and how it stands among the others.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) note: &'a Note,
    /// Whether it begins with the note before it.
    pub(super) in_chord: bool,
    /// Whether it goes on from a tied one.
    pub(super) continued: bool,
    pub(super) accidental: bool,
}

/// Whether a tuplet's bracket begins or ends at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tuplet {
    pub(super) starts: bool,
    pub(super) stops: bool,
}

/// The tuplets of a bar: each ends as soon as it comes out even with the plain values, or its ratio changes.
pub(super) fn tuplets(events: &[Event]) -> Vec<Tuplet> {
    let ratio = |at: usize| {
        let event: Option<&Event> = events.get(at);
        event.and_then(|event| event.value).map(|value| value.actual).filter(|&actual| actual > 1)
    };
    let mut tuplets = vec![Tuplet::default(); events.len()];
    let mut start = None;
    for (at, event) in events.iter().enumerate() {
        if ratio(at).is_none() {
            continue;
        }
        let from = *start.get_or_insert(at);
        let even = (event.end().denominator() as u64).is_power_of_two();
        if even || ratio(at + 1) != ratio(at) {
            // A bracket over one note says nothing.
            tuplets[from].starts = from < at;
            tuplets[at].stops = from < at;
            start = None;
        }
    }
    tuplets
}

pub(super) fn write_rest(markup: &mut Markup, event: &Event, notation: &Notation<'_>) {
    markup.open("note", &[]);
    let measure = [("measure", "yes")];
    markup.empty("rest", if event.whole_bar { &measure } else { &[] });
    write_duration(markup, event, notation);
    write_voice(markup, notation);
    // A whole bar's rest looks the same in any metre.
    if !event.whole_bar {
        write_value(markup, event.value, None);
    }
    write_staff(markup, notation);
    if notation.tuplet != Tuplet::default() {
        markup.open("notations", &[]);
        write_tuplet(markup, notation.tuplet);
        markup.close("notations");
    }
    markup.close("note");
}

/// Writes a note; `hyphens` tells by verse whether the last syllable had one.
pub(super) fn write_note(
    markup: &mut Markup,
    event: &Event,
    written: &Written<'_>,
    notation: &Notation<'_>,
    hyphens: &mut Vec<bool>,
) {
    let note = written.note;
    // MusicXML counts velocity in per cent of 90.
    let dynamics = note.velocity.map(|velocity| ((f64::from(velocity) / 0.009).round() / 100.0).to_string());
    match &dynamics {
        Some(dynamics) => markup.open("note", &[("dynamics", dynamics)]),
        None => markup.open("note", &[]),
    }
    if written.in_chord {
        markup.empty("chord", &[]);
    }
    write_pitch(markup, note.pitch);
    write_duration(markup, event, notation);
    let ties = [(written.continued, "stop"), (note.tied, "start")];
    let ties = || ties.into_iter().filter(|(is_tied, _)| *is_tied).map(|(_, end)| end);
    ties().for_each(|end| markup.empty("tie", &[("type", end)]));
    write_voice(markup, notation);
    write_value(markup, event.value, written.accidental.then(|| accidentals::name(note.pitch.alter)));
    write_staff(markup, notation);
    if !written.in_chord {
        for (level, beam) in notation.beams.iter().enumerate() {
            markup.leaf("beam", &[("number", &(level + 1).to_string())], beam);
        }
    }
    let tuplet = if written.in_chord { Tuplet::default() } else { notation.tuplet };
    if note.fermata || tuplet != Tuplet::default() || ties().next().is_some() {
        markup.open("notations", &[]);
        ties().for_each(|end| markup.empty("tied", &[("type", end)]));
        write_tuplet(markup, tuplet);
        if note.fermata {
            markup.empty("fermata", &[]);
        }
        markup.close("notations");
    }
    write_lyrics(markup, &note.lyrics, hyphens);
    markup.close("note");
}

/// Writes a grace note, which takes no time.
pub(super) fn write_grace(markup: &mut Markup, grace: &Grace, accidental: bool, notation: &Notation<'_>) {
    markup.open("note", &[]);
    markup.empty("grace", if grace.slashed { &[("slash", "yes")] } else { &[] });
    write_pitch(markup, grace.pitch);
    write_voice(markup, notation);
    let accidental = accidental.then(|| accidentals::name(grace.pitch.alter));
    write_value(markup, value_of_grace(grace.duration), accidental);
    write_staff(markup, notation);
    markup.close("note");
}

fn write_pitch(markup: &mut Markup, pitch: Pitch) {
    markup.open("pitch", &[]);
    markup.leaf("step", &[], &pitch.step.letter().to_string());
    if pitch.alter != 0 {
        markup.leaf("alter", &[], &pitch.alter.to_string());
    }
    markup.leaf("octave", &[], &pitch.octave.to_string());
    markup.close("pitch");
}

fn write_duration(markup: &mut Markup, event: &Event, notation: &Notation<'_>) {
    markup.leaf("duration", &[], &(event.duration * notation.divisions).numerator().to_string());
}

fn write_voice(markup: &mut Markup, notation: &Notation<'_>) {
    markup.leaf("voice", &[], &(notation.voice + 1).to_string());
}

fn write_staff(markup: &mut Markup, notation: &Notation<'_>) {
    if let Some(staff) = notation.staff {
        markup.leaf("staff", &[], &(staff + 1).to_string());
    }
}

/// Writes type, dots, accidental and tuplet ratio, in MusicXML's order.
fn write_value(markup: &mut Markup, value: Option<Value>, accidental: Option<&str>) {
    if let Some(value) = value {
        markup.leaf("type", &[], value.name());
        (0..value.dots).for_each(|_| markup.empty("dot", &[]));
    }
    if let Some(accidental) = accidental {
        markup.leaf("accidental", &[], accidental);
    }
    if let Some(value) = value.filter(|value| value.actual > 1) {
        markup.open("time-modification", &[]);
        markup.leaf("actual-notes", &[], &value.actual.to_string());
        markup.leaf("normal-notes", &[], &value.normal.to_string());
        markup.close("time-modification");
    }
}

fn write_tuplet(markup: &mut Markup, tuplet: Tuplet) {
    if tuplet.starts {
        markup.empty("tuplet", &[("type", "start"), ("bracket", "yes")]);
    }
    if tuplet.stops {
        markup.empty("tuplet", &[("type", "stop")]);
    }
}

fn write_lyrics(markup: &mut Markup, lyrics: &[String], hyphens: &mut Vec<bool>) {
    for (verse, syllable) in lyrics.iter().enumerate().filter(|(_, syllable)| !syllable.is_empty()) {
        let text = syllable.strip_suffix('-').filter(|text| !text.is_empty());
        if hyphens.len() <= verse {
            hyphens.resize(verse + 1, false);
        }
        let before = std::mem::replace(&mut hyphens[verse], text.is_some());
        let syllabic = match (before, text.is_some()) {
            (false, false) => "single",
            (false, true) => "begin",
            (true, true) => "middle",
            (true, false) => "end",
        };
        markup.open("lyric", &[("number", &(verse + 1).to_string())]);
        markup.leaf("syllabic", &[], syllabic);
        markup.leaf("text", &[], text.unwrap_or(syllable));
        markup.close("lyric");
    }
}
