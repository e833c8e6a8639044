//! What is to be written: voices taken apart into lines of events, cut at bar lines.

use super::limits;
use crate::score::{Beats, Grace, Note, Pitch, Voice};

/// Longer events are cut in two and tied, so that their lengths can be written.
const LONGEST: Beats = Beats::whole(4096);

/// A note, a chord or a rest within a bar.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event<'a> {
    pub(super) onset: Beats,
    pub(super) length: Beats,
    /// The pitches, ascending, and whether each is tied on; none for a rest.
    pub(super) pitches: Vec<(Pitch, bool)>,
    pub(super) fermata: bool,
    /// How hard it is struck, where dynamics tell.
    pub(super) velocity: Option<u8>,
    /// The grace notes that lead to it.
    pub(super) graces: &'a [Grace],
    /// The note whose words are sung here: the first of the chord that has any.
    pub(super) words: Option<&'a Note>,
    /// Whether it continues an event of the bar before.
    pub(super) continues: bool,
}

impl Event<'_> {
    fn rest(onset: Beats, end: Beats) -> Self {
        let length = end - onset;
        Event {
            onset,
            length,
            pitches: Vec::new(),
            fermata: false,
            velocity: None,
            graces: &[],
            words: None,
            continues: false,
        }
    }

    pub(super) fn end(&self) -> Beats {
        self.onset + self.length
    }
}

/// A voice as lines of events that don't overlap.
pub(super) struct Layers<'a> {
    pub(super) layers: Vec<Vec<Event<'a>>>,
    /// How many notes fit in none.
    pub(super) notes: usize,
    /// How many grace notes lead to no note.
    pub(super) graces: usize,
}

/// Lines of chords that don't overlap, first come first served.
pub(super) fn layers(voice: &Voice) -> Layers<'_> {
    let mut notes: Vec<&Note> = voice.notes.iter().collect();
    notes.sort_by_key(|note| (note.onset, note.duration, note.pitch));
    let tie_leads_on = |note: &Note| {
        let partner = |other: &Note| (other.onset, other.pitch) == (note.end(), note.pitch);
        let first = voice.notes.partition_point(|other| other.onset < note.end());
        note.tied && voice.notes[first..].iter().take_while(|other| other.onset == note.end()).any(partner)
    };
    let mut layers: Vec<Vec<Event<'_>>> = vec![Vec::new()];
    let mut lost = 0;
    let mut graces = voice.graces.as_slice();
    let mut astray = 0;
    let same = |a: &&Note, b: &&Note| (a.onset, a.duration) == (b.onset, b.duration);
    for chord in notes.chunk_by(same).flat_map(|chord| chord.chunks(limits::CHORD)) {
        let begins = graces.partition_point(|grace| grace.before < chord[0].onset);
        astray += begins;
        let (leading, later) = graces[begins..]
            .split_at(graces[begins..].iter().take_while(|grace| grace.before == chord[0].onset).count());
        graces = later;
        let event = Event {
            onset: chord[0].onset,
            length: chord[0].duration,
            pitches: chord.iter().map(|note| (note.pitch, tie_leads_on(note))).collect(),
            fermata: chord.iter().any(|note| note.fermata),
            velocity: chord[0].velocity,
            graces: leading,
            words: chord.iter().copied().find(|note| !note.lyrics.is_empty()),
            continues: false,
        };
        let free = |layer: &Vec<Event<'_>>| layer.last().is_none_or(|last| last.end() <= event.onset);
        match layers.iter().position(free) {
            Some(layer) => layers[layer].push(event),
            None if layers.len() <= limits::OVERLAYS => layers.push(vec![event]),
            None => {
                lost += chord.len();
                astray += leading.len();
            }
        }
    }
    Layers { layers, notes: lost, graces: astray + graces.len() }
}

/// A line cut into `bars`, each given by its onset and end: events with rests between them, and rests cut at `cuts`.
pub(super) fn bars<'a>(layer: &[Event<'a>], bars: &[(Beats, Beats)], cuts: &[Beats]) -> Vec<Vec<Event<'a>>> {
    let mut written = Vec::with_capacity(bars.len());
    let mut next = 0;
    for &(start, end) in bars {
        let mut bar = Vec::new();
        let mut now = start;
        while let Some(event) = layer.get(next).filter(|event| event.onset < end) {
            if event.onset > now {
                rests(&mut bar, now, event.onset, cuts);
            }
            let from = event.onset.max(start);
            now = event.end().min(end);
            pieces(&mut bar, event, from, now);
            if event.end() > end {
                break;
            }
            next += 1;
        }
        if now < end {
            rests(&mut bar, now, end, cuts);
        }
        written.push(bar);
    }
    written
}

/// The part of an event from `from` to `to`, tied on where the event goes on.
fn pieces<'a>(bar: &mut Vec<Event<'a>>, event: &Event<'a>, from: Beats, to: Beats) {
    let mut now = from;
    while now < to {
        let next = to.min(now + LONGEST);
        let (first, last) = (now == event.onset, next == event.end());
        bar.push(Event {
            onset: now,
            length: next - now,
            pitches: event.pitches.iter().map(|&(pitch, tied)| (pitch, tied || !last)).collect(),
            fermata: event.fermata && last,
            velocity: event.velocity,
            graces: if first { event.graces } else { &[] },
            words: event.words.filter(|_| first),
            continues: !first,
        });
        now = next;
    }
}

/// Rests from `from` to `to`, cut at `cuts` and where a tuplet's odd times meet the beat.
fn rests(bar: &mut Vec<Event<'_>>, from: Beats, to: Beats, cuts: &[Beats]) {
    let mut at = vec![from, to];
    let first = cuts.partition_point(|&cut| cut <= from);
    at.extend(cuts[first..].iter().take_while(|&&cut| cut < to));
    if odd_part(from) > 1 {
        at.push(Beats::whole(from.floor_div(Beats::QUARTER) + 1));
    }
    if odd_part(to) > 1 {
        at.push(Beats::whole(to.floor_div(Beats::QUARTER)));
    }
    at.retain(|&cut| from <= cut && cut <= to);
    at.sort_unstable();
    at.dedup();
    for pair in at.windows(2) {
        let mut now = pair[0];
        while now < pair[1] {
            let next = pair[1].min(now + LONGEST);
            bar.push(Event::rest(now, next));
            now = next;
        }
    }
}

/// The odd factor of a time's denominator: 1 where no tuplet is needed.
pub(super) fn odd_part(time: Beats) -> i64 {
    time.denominator() >> time.denominator().trailing_zeros()
}
