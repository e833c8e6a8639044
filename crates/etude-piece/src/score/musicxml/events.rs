//! What a voice does in one bar: chords and rests, end to end, each with the value that its note heads show.

use super::value::{Pulses, Value, cut_rest};
use crate::score::{Beats, Note, Pitch, Voice};
use std::collections::BTreeMap;
use std::ops::Range;

/// A chord or a rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// From the bar's beginning.
    pub(super) onset: Beats,
    pub(super) duration: Beats,
    /// What its note heads show, if there is such a value.
    pub(super) value: Option<Value>,
    /// Its notes in the voice; empty for a rest.
    pub(super) notes: Range<usize>,
    /// Whether it is a rest for a whole bar.
    pub(super) whole_bar: bool,
}

impl Event {
    fn new(onset: Beats, end: Beats, notes: Range<usize>) -> Self {
        let duration = end - onset;
        Self { onset, duration, value: Value::of(onset, duration), notes, whole_bar: false }
    }

    pub(super) fn is_rest(&self) -> bool {
        self.notes.is_empty()
    }

    pub(super) fn end(&self) -> Beats {
        self.onset + self.duration
    }
}

/// The span of one bar, for the events in it.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) start: Beats,
    pub(super) end: Beats,
    pub(super) pulses: Pulses,
    /// Whether it is as long as its metre says.
    pub(super) full: bool,
    /// Changes of key and metre inside it, from its beginning.
    pub(super) corners: Vec<Beats>,
}

/// The events of a fitted voice in a bar.
pub(super) fn events(voice: &Voice, span: &Span) -> Vec<Event> {
    let mut events = Vec::new();
    let mut now = Beats::ZERO;
    let mut at = voice.notes.partition_point(|note| note.onset < span.start);
    while let Some(first) = voice.notes.get(at).filter(|note| note.onset < span.end) {
        let onset = first.onset - span.start;
        rests(&mut events, now, onset, span);
        let size = voice.notes[at..].iter().take_while(|note| note.onset == first.onset).count();
        now = first.end() - span.start;
        events.push(Event::new(onset, now, at..at + size));
        at += size;
    }
    rests(&mut events, now, span.end - span.start, span);
    events
}

/// Fills a gap with rests. A full bar's is one rest; readers take that one to be as long as the metre says.
fn rests(events: &mut Vec<Event>, start: Beats, end: Beats, span: &Span) {
    if span.full && end - start == span.end - span.start && span.corners.is_empty() {
        events.push(Event { whole_bar: true, ..Event::new(start, end, 0..0) });
        return;
    }
    let corners = span.corners.iter().copied().filter(|&corner| corner > start && corner < end);
    let mut from = start;
    for to in corners.chain([end]) {
        if from == to {
            continue;
        }
        for cut in cut_rest(from, to, span.pulses) {
            events.push(Event::new(from, cut, 0..0));
            from = cut;
        }
    }
}

/// Whether each note of a voice goes on from one tied to it.
pub(super) fn continued(voice: &Voice) -> Vec<bool> {
    let mut ties: BTreeMap<Pitch, Beats> = BTreeMap::new();
    let mut continues = |note: &Note| {
        let continued = ties.remove(&note.pitch) == Some(note.onset);
        if note.tied {
            ties.insert(note.pitch, note.end());
        }
        continued
    };
    voice.notes.iter().map(&mut continues).collect()
}
