//! Rests: which sign, how high, and out of the way of other voices.

use super::super::glyph::Glyph;
use super::super::notation::{Event, Role};
use super::super::outline::Outline;
use super::super::page::Ink;
use super::super::proportions::{DOT, LEDGER_LINE, LEDGER_REACH};
use super::cluster::Placed;

/// The sign of a rest, and how far above the middle line it usually stands.
pub(super) fn sign(event: &Event, role: Role) -> (Glyph, i32) {
    let halvings = if event.whole_bar { 0 } else { event.shape.halvings };
    let glyph = match halvings {
        ..0 => Glyph::BreveRest,
        0 => Glyph::WholeRest,
        1 => Glyph::HalfRest,
        2 => Glyph::QuarterRest,
        3 => Glyph::Rest8,
        4 => Glyph::Rest16,
        5 => Glyph::Rest32,
        6 => Glyph::Rest64,
        7.. => Glyph::Rest128,
    };
    // A whole rest hangs from the line above the middle.
    let base = i32::from(glyph == Glyph::WholeRest);
    let up = match role {
        Role::Only => 0,
        Role::Upper => 2 - base,
        Role::Lower => -2,
    };
    (glyph, base + up)
}

/// Draws a rest and its dots; `line` is how many spaces above the middle it stands.
pub(super) fn draw(inks: &mut Vec<Ink>, glyph: Glyph, line: i32, x: f64, dots: usize) {
    let y = -f64::from(line);
    inks.push(Ink::sign(glyph, (x, y)));
    if line.abs() > 2 && matches!(glyph, Glyph::WholeRest | Glyph::HalfRest) {
        let (from, to) = ((x - LEDGER_REACH, y), (x + glyph.width() + LEDGER_REACH, y));
        inks.push(Ink::Line { from, to, width: LEDGER_LINE });
    }
    for dot in 0..dots {
        let at = (x + glyph.width() + 0.4 + 0.6 * dot as f64, y - 0.5);
        inks.push(Ink::Shape(Outline::disc(at, DOT)));
    }
}

/// Draws the rests of a moment.
pub(super) fn place(inks: &mut Vec<Ink>, events: &[Placed<'_>]) {
    let rests: Vec<&Placed<'_>> = events.iter().filter(|placed| placed.event.is_rest()).collect();
    let alike = rests.len() > 1 && rests.iter().all(|placed| placed.event.shape == rests[0].event.shape);
    let merged = alike && rests.len() == events.len();
    for placed in rests.iter().take(if merged { 1 } else { rests.len() }) {
        let role = if merged { Role::Only } else { placed.role };
        let (glyph, mut line) = sign(placed.event, role);
        // What the other voices sing keeps the rest away.
        for other in events.iter().filter(|other| !other.event.is_rest()) {
            let bounds = glyph.bounds();
            match role {
                Role::Upper => {
                    line = line.max((f64::from(other.event.top()) / 2.0 + 0.7 + bounds.bottom).ceil() as i32)
                }
                Role::Lower => {
                    line = line.min((f64::from(other.event.bottom()) / 2.0 - 0.7 + bounds.top).floor() as i32)
                }
                Role::Only => {}
            }
        }
        draw(inks, glyph, line, 0.0, placed.event.shape.dots);
    }
}
