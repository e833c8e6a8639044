//! Fills bars with what their voices do: chords and rests end to end, and which of these a beam or a tuplet joins.

use super::super::super::musicxml::value::cut_rest;
use super::beams::{beams, point_stems, tuplets};
use super::frames::Frame;
use super::staves::{Clef, Plan};
use super::strands::{Budget, Piece, cut};
use super::{Bar, Event, Head, Layer, Ornament, Role, Shape, Stem};
use crate::Result;
use crate::score::{Beats, Grace, Voice};

/// Fills the bars' layers.
pub(super) fn fill(bars: &mut [Bar], frames: &[Frame], plan: &Plan<'_>) -> Result<()> {
    let mut budget = Budget::new();
    for (staff, seat) in plan.staves.iter().enumerate() {
        // A silent staff has a voice of rests.
        let silent = [Voice::default()];
        let voices: Vec<&Voice> = match seat.voices.is_empty() {
            true => silent.iter().collect(),
            false => seat.voices.iter().map(AsRef::as_ref).collect(),
        };
        for &voice in &voices {
            let pieces = cut(voice, frames, &mut budget)?;
            let mut rest = pieces.as_slice();
            for (index, frame) in frames.iter().enumerate() {
                let (here, later) =
                    rest.split_at(rest.iter().take_while(|piece| piece.frame == index).count());
                rest = later;
                let events = events(voice, here, frame, seat.staff.clef);
                bars[index].layers[staff].push(Layer { events, ..Layer::default() });
            }
        }
        for (bar, frame) in bars.iter_mut().zip(frames) {
            give_roles(&mut bar.layers[staff], seat.choir);
            for layer in &mut bar.layers[staff] {
                layer.tuplets = tuplets(&layer.events);
                layer.beams = beams(&layer.events, frame);
                point_stems(layer);
            }
        }
    }
    Ok(())
}

fn is_silent(layer: &Layer) -> bool {
    layer.events.iter().all(Event::is_rest)
}

/// Tells which voice has its stems up and which down, and hides the rests of those that needn't be told of: singers
/// are told when they are silent, a player knows that a staff's other voices are.
fn give_roles(layers: &mut [Layer], choir: bool) {
    let all_silent = layers.iter().all(is_silent);
    let mut shown = Vec::new();
    for (voice, layer) in layers.iter_mut().enumerate() {
        let hides = match all_silent {
            true => voice > 0,
            false => is_silent(layer) && !choir,
        };
        if !hides {
            shown.push(voice);
        }
        // Beyond two voices there is no place for rests.
        if hides || voice > 1 {
            layer.events.iter_mut().filter(|event| event.is_rest()).for_each(|event| event.hidden = true);
        }
    }
    match shown.as_slice() {
        &[only] => layers[only].role = Role::Only,
        &[upper, lower] => (layers[upper].role, layers[lower].role) = (Role::Upper, Role::Lower),
        several => part(layers, several),
    }
}

/// Of more than two voices, those nearer to the highest have their stems up.
fn part(layers: &mut [Layer], voices: &[usize]) {
    let height = |layer: &Layer| {
        let heads = layer.events.iter().flat_map(|event| &event.heads);
        let (sum, count) =
            heads.fold((0.0, 0.0), |(sum, count), head| (sum + f64::from(head.position), count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let heights: Vec<f64> = voices.iter().map(|&voice| height(&layers[voice])).collect();
    let highest = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = heights.iter().copied().fold(f64::INFINITY, f64::min);
    for (&voice, height) in voices.iter().zip(heights) {
        let upper = highest - height < height - lowest || (highest == lowest && voice == voices[0]);
        layers[voice].role = if upper { Role::Upper } else { Role::Lower };
    }
    // Where several voices go one way there is no place for rests.
    for role in [Role::Upper, Role::Lower] {
        let alike: Vec<usize> = voices.iter().copied().filter(|&voice| layers[voice].role == role).collect();
        for &voice in alike.iter().filter(|_| alike.len() > 1) {
            layers[voice]
                .events
                .iter_mut()
                .filter(|event| event.is_rest())
                .for_each(|event| event.hidden = true);
        }
    }
}

/// The chords and rests of a voice in a frame.
fn events(voice: &Voice, pieces: &[Piece], frame: &Frame, clef: Clef) -> Vec<Event> {
    let mut events = Vec::with_capacity(pieces.len());
    let mut now = Beats::ZERO;
    for piece in pieces {
        rests(&mut events, now, piece.onset, frame);
        events.push(chord(voice, piece, frame, clef));
        now = piece.end;
    }
    rests(&mut events, now, frame.bar.length, frame);
    events
}

/// Fills a gap with rests: one for all of a bar that its metre or more fills.
fn rests(events: &mut Vec<Event>, start: Beats, end: Beats, frame: &Frame) {
    if start >= end {
        return;
    }
    if end - start == frame.bar.length && end >= frame.bar.metre.bar() {
        events.push(Event { whole_bar: true, ..silence(start, end) });
        return;
    }
    // In a bar of four, rests show its middle.
    let metre = frame.bar.metre;
    let middle = metre.bar() * Beats::new(1, 2) - frame.phase;
    let middle = Some(middle).filter(|&middle| metre.count == 4 && start < middle && middle < end);
    let mut from = start;
    for to in middle.into_iter().chain([end]) {
        for to in cut_rest(from, to, frame.pulses) {
            events.push(silence(from, to));
            from = to;
        }
    }
}

fn silence(onset: Beats, end: Beats) -> Event {
    let duration = end - onset;
    Event {
        onset,
        duration,
        shape: Shape::of(onset, duration),
        heads: Vec::new(),
        stem: Stem::Up,
        whole_bar: false,
        hidden: false,
        fermata: false,
        words: Vec::new(),
        graces: Vec::new(),
    }
}

fn chord(voice: &Voice, piece: &Piece, frame: &Frame, clef: Clef) -> Event {
    let mut event = silence(piece.onset, piece.end);
    for part in &piece.notes {
        let note = &voice.notes[part.note];
        event.heads.push(Head {
            pitch: note.pitch,
            position: clef.position(note.pitch),
            accidental: None,
            continues: part.continues,
            tied: part.tied,
        });
        event.fermata |= note.fermata && part.last;
        if part.first && event.words.is_empty() {
            event.words.clone_from(&note.lyrics);
        }
    }
    event.heads.sort_by_key(|head| (head.position, head.pitch.alter));
    if piece.notes.iter().any(|part| part.first) {
        let onset = frame.bar.onset + piece.onset;
        let from = voice.graces.partition_point(|grace| grace.before < onset);
        let graces = voice.graces[from..].iter().take_while(|grace| grace.before == onset);
        event.graces = graces.map(|grace| ornament(grace, clef)).collect();
    }
    event
}

fn ornament(grace: &Grace, clef: Clef) -> Ornament {
    let head = Head {
        pitch: grace.pitch,
        position: clef.position(grace.pitch),
        accidental: None,
        continues: false,
        tied: false,
    };
    // A length that is none is drawn as the usual eighth.
    let shown = grace.duration > Beats::ZERO && grace.duration.denominator() <= 64;
    let duration = if shown { grace.duration } else { Beats::new(1, 2) };
    Ornament { head, shape: Shape::of(Beats::ZERO, duration), slashed: grace.slashed }
}
