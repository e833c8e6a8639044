//! Ties: slender arcs from head to head.

use super::super::notation::{Event, Role, Stem};
use super::super::outline::{Outline, Segment};
use super::super::page::Ink;
use super::cluster::height;

/// How thick an arc is in its middle.
const THICKNESS: f64 = 0.2;

/// Draws an arc between two places of one height that bulges upwards or downwards.
pub(super) fn arc(inks: &mut Vec<Ink>, from: f64, to: f64, y: f64, up: bool) {
    let length = to - from;
    if length < 0.3 {
        return;
    }
    let sign = if up { -1.0 } else { 1.0 };
    let rise = (0.3 + 0.07 * length).clamp(0.35, 1.1) * 4.0 / 3.0;
    let shoulder = (0.3 * length).min(2.5);
    let (outer, inner) = (y + sign * rise, y + sign * (rise - THICKNESS * 4.0 / 3.0));
    inks.push(Ink::Shape(Outline(vec![
        Segment::Move((from, y)),
        Segment::Curve((from + shoulder, outer), (to - shoulder, outer), (to, y)),
        Segment::Line((to - 0.03, y + sign * 0.05)),
        Segment::Curve((to - shoulder, inner), (from + shoulder, inner), (from + 0.03, y + sign * 0.05)),
        Segment::Close,
    ])));
}

/// Which way the tie of an event's head bulges: away from other voices, or from the stem; in chords outwards.
pub(super) fn is_up(event: &Event, role: Role, head: usize) -> bool {
    match role {
        Role::Upper => true,
        Role::Lower => false,
        Role::Only if event.heads.len() == 1 => event.stem == Stem::Down,
        Role::Only => 2 * head >= event.heads.len(),
    }
}

/// How far from the head's middle a tie stands, up or down, and how far it begins after the head's right edge.
pub(super) fn offset(event: &Event, head: usize, up: bool) -> (f64, f64) {
    let outermost = if up { head + 1 == event.heads.len() } else { head == 0 };
    let sign = if up { -1.0 } else { 1.0 };
    // Outer ties begin over the head, inner ones beside it.
    let (dy, dx) = if outermost { (0.62, -0.45) } else { (0.2, 0.1) };
    (height(event.heads[head].position) + sign * dy, dx)
}
