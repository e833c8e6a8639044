//! What joins the notes of a voice: beams by the metre's beats, tuplets; and where the stems point.

use super::frames::Frame;
use super::{Event, Layer, Role, Stem, Tuplet};
use crate::score::{Beats, Metre};
use std::ops::Range;

/// Which neighbours a beam joins: eighths and shorter notes of one beat.
pub(super) fn beams(events: &[Event], frame: &Frame) -> Vec<Range<usize>> {
    let boundaries = boundaries(frame.bar.metre);
    let group = |event: &Event| {
        let onset = event.onset + frame.phase;
        let bar = frame.bar.metre.bar();
        let bars = onset.floor_div(bar);
        (bars, boundaries.partition_point(|&at| at <= onset - bar * bars))
    };
    let beamed = |event: &Event| !event.is_rest() && event.shape.flags() > 0;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in 0..events.len() {
        if !beamed(&events[at]) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == at && group(&events[at - 1]) == group(&events[at]) => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    join_halves(&mut runs, events, frame);
    runs.retain(|run| run.len() > 1);
    runs
}

/// In 2/4 and 4/4, four plain eighths of a half bar share a beam.
fn join_halves(runs: &mut Vec<Range<usize>>, events: &[Event], frame: &Frame) {
    let metre = frame.bar.metre;
    if metre.unit != 4 || !matches!(metre.count, 2 | 4) {
        return;
    }
    let plain = |run: &Range<usize>| {
        let eighth = |event: &Event| event.duration == Beats::new(1, 2);
        run.len() == 2 && events[run.clone()].iter().all(eighth)
    };
    let mut at = 0;
    while at + 1 < runs.len() {
        let (first, second) = (&runs[at], &runs[at + 1]);
        let begins_half = (events[first.start].onset + frame.phase).exact_div(Beats::whole(2)).is_some();
        if begins_half && plain(first) && plain(second) && first.end == second.start {
            runs[at].end = second.end;
            runs.remove(at + 1);
        }
        at += 1;
    }
}

/// Where beams begin anew within a bar: at its felt beats, in bars of few eighths at their twos and threes.
fn boundaries(metre: Metre) -> Vec<Beats> {
    let unit = Beats::new(4, i64::from(metre.unit));
    if metre.unit < 8 || metre.pulse() != unit {
        let pulses = metre.bar().floor_div(metre.pulse());
        return (0..=pulses).map(|pulse| metre.pulse() * pulse).collect();
    }
    let (mut at, mut left) = (0, i64::from(metre.count));
    let mut boundaries = vec![Beats::ZERO];
    while left > 0 {
        // Fives are 3 + 2, sevens 2 + 2 + 3; pairs otherwise.
        let size = if left == 3 || metre.count == 5 && left == 5 { 3 } else { left.min(2) };
        at += size;
        left -= size;
        boundaries.push(unit * at);
    }
    boundaries
}

/// The tuplets: each ends as soon as it comes out even with the plain values, or its number changes.
pub(super) fn tuplets(events: &[Event]) -> Vec<Tuplet> {
    let number = |at: usize| events.get(at).map(|event| event.shape.tuplet).filter(|&notes| notes > 1);
    let mut tuplets = Vec::new();
    let mut start = None;
    for (at, event) in events.iter().enumerate() {
        let Some(notes) = number(at) else { continue };
        let from = *start.get_or_insert(at);
        let even = (event.end().denominator() as u64).is_power_of_two();
        if even || number(at + 1) != Some(notes) {
            // A bracket over one note says nothing.
            if from < at {
                tuplets.push(Tuplet { events: from..at + 1, notes });
            }
            start = None;
        }
    }
    tuplets
}

/// Points the stems: all up or down where voices share a staff; else away from the outermost note, under a beam all
/// the same way.
pub(super) fn point_stems(layer: &mut Layer) {
    let stem = |events: &[Event]| {
        let sung = || events.iter().filter(|event| !event.is_rest());
        let top = sung().map(Event::top).max().unwrap_or(0);
        let bottom = sung().map(Event::bottom).min().unwrap_or(0);
        match layer.role {
            Role::Upper => Stem::Up,
            Role::Lower => Stem::Down,
            Role::Only if top + bottom < 0 => Stem::Up,
            Role::Only => Stem::Down,
        }
    };
    let mut stems: Vec<Stem> = layer.events.iter().map(|event| stem(std::slice::from_ref(event))).collect();
    for beam in &layer.beams {
        stems[beam.clone()].fill(stem(&layer.events[beam.clone()]));
    }
    for (event, stem) in layer.events.iter_mut().zip(stems) {
        event.stem = stem;
    }
}
