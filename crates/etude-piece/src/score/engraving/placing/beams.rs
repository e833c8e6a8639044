//! Beams: their slope, and from them the lengths of the stems.

use super::super::notation::{Event, Stem};
use super::super::outline::Outline;
use super::super::page::Ink;
use super::super::proportions::{BEAM, BEAM_STEP, STEM, STEM_LENGTH};
use super::cluster::height;
use super::stems;

/// The shortest stem under a beam, and how much longer it is for each beam beyond two.
const SHORTEST: f64 = 2.6;
/// How far a stub reaches.
const STUB: f64 = 1.1;
/// The steepest slope, and how far a beam rises at most from its first to its last note.
const STEEPEST: f64 = 0.25;
const RISE: f64 = 1.0;

/// Draws the notes of a beam, given with the places of their stems: beams and stems; gives the tips of the stems.
pub(super) fn draw(inks: &mut Vec<Ink>, notes: &[(&Event, f64)]) -> Vec<f64> {
    let (Some(&(first, from)), Some(&(_, to))) = (notes.first(), notes.last()) else { return Vec::new() };
    let up = first.stem == Stem::Up;
    let sign = if up { -1.0 } else { 1.0 };
    // Heights towards the beam count as positive from here on.
    let head = |event: &Event| sign * height(if up { event.top() } else { event.bottom() });
    let slope = slope(notes, &head);
    let levels = notes.iter().map(|(event, _)| event.shape.flags()).max().unwrap_or(1);
    let shortest = SHORTEST + 0.5 * (levels.saturating_sub(1)) as f64;
    let above = |length: f64| {
        let needed = notes.iter().map(|&(event, x)| head(event) + length - slope * (x - from));
        needed.fold(f64::NEG_INFINITY, f64::max)
    };
    let mean =
        notes.iter().map(|&(event, x)| head(event) - slope * (x - from)).sum::<f64>() / notes.len() as f64;
    // The beam stands an octave off the heads on the whole, reaches the middle line, and leaves no stem too short.
    let start = above(shortest).max(mean + STEM_LENGTH - 0.2).max(0.0);
    let tip = |x: f64| sign * (start + slope * (x - from));
    let tips: Vec<f64> = notes.iter().map(|&(_, x)| tip(x)).collect();
    for (&(event, x), &tip) in notes.iter().zip(&tips) {
        stems::draw(inks, event, x, tip - sign * 0.1);
    }
    for level in 0..levels {
        let offset = -sign * BEAM_STEP * level as f64;
        for (left, right) in spans(notes, level, from, to) {
            inks.push(bar(left, right, &|x| tip(x) + offset, -sign * BEAM));
        }
    }
    tips
}

/// How much the beam rises towards its end for each space, measured away from the heads.
fn slope(notes: &[(&Event, f64)], head: &dyn Fn(&Event) -> f64) -> f64 {
    let (Some(&(first, from)), Some(&(last, to))) = (notes.first(), notes.last()) else { return 0.0 };
    let (start, end) = (head(first), head(last));
    let inner = notes.get(1..notes.len() - 1).unwrap_or_default();
    // A note that stands out between both ends levels the beam.
    if start == end || inner.iter().any(|&(event, _)| head(event) >= start.max(end)) || to <= from {
        return 0.0;
    }
    let rise = (0.5 * (end - start)).clamp(-RISE, RISE);
    (rise / (to - from)).clamp(-STEEPEST, STEEPEST)
}

/// From where to where beams of a level go: over neighbours that have it, stubs for lone ones.
fn spans(notes: &[(&Event, f64)], level: usize, from: f64, to: f64) -> Vec<(f64, f64)> {
    let has = |at: usize| notes[at].0.shape.flags() > level;
    let mut spans = Vec::new();
    let mut at = 0;
    while at < notes.len() {
        if !has(at) {
            at += 1;
            continue;
        }
        let end = (at..notes.len()).take_while(|&next| has(next)).last().unwrap_or(at);
        let x = notes[at].1;
        let span = match (end > at, at == 0) {
            (true, _) => (x, notes[end].1),
            // A stub points into its beam: to the left, but for the first note.
            (false, true) => (x, (x + STUB).min(to)),
            (false, false) => ((x - STUB).max(from), x),
        };
        spans.push((span.0 - STEM / 2.0, span.1 + STEM / 2.0));
        at = end + 1;
    }
    spans
}

fn bar(left: f64, right: f64, tip: &dyn Fn(f64) -> f64, thickness: f64) -> Ink {
    let (start, end) = (tip(left), tip(right));
    Ink::Shape(Outline::polygon(&[
        (left, start),
        (right, end),
        (right, end + thickness),
        (left, start + thickness),
    ]))
}
