//! Stems with their flags.

use super::super::glyph::Glyph;
use super::super::notation::{Event, Role, Stem};
use super::super::page::Ink;
use super::super::proportions::{BEAM_STEP, STEM, STEM_LENGTH};
use super::cluster::height;

/// Where a stem begins at its heads, on the side away from its tip.
pub(super) fn root(event: &Event) -> f64 {
    match event.stem {
        Stem::Up => height(event.bottom()) - 0.15,
        Stem::Down => height(event.top()) + 0.15,
    }
}

/// Where the tip of a stem without beam is.
pub(super) fn tip(event: &Event, role: Role) -> f64 {
    let more = BEAM_STEP * (event.shape.flags().saturating_sub(2)) as f64;
    let (head, sign) = match event.stem {
        Stem::Up => (height(event.top()), -1.0),
        Stem::Down => (height(event.bottom()), 1.0),
    };
    // Stems that leave the staff, as those of shared staves do, are a little shorter.
    let outside = (head * sign).clamp(0.0, 2.0);
    let less = if role == Role::Only { 0.0 } else { 0.4 * outside };
    let tip = head + sign * (STEM_LENGTH - less + more);
    // A note on ledger lines reaches the middle of the staff.
    if head * sign < -STEM_LENGTH { 0.0 } else { tip }
}

/// Draws a stem at `x`, from its heads to its tip.
pub(super) fn draw(inks: &mut Vec<Ink>, event: &Event, x: f64, tip: f64) {
    inks.push(Ink::Line { from: (x, root(event)), to: (x, tip), width: STEM });
}

/// Draws the flags of a stem.
pub(super) fn flags(inks: &mut Vec<Ink>, event: &Event, x: f64, tip: f64) {
    let count = event.shape.flags();
    let (one, several, sign) = match event.stem {
        Stem::Up => (Glyph::FlagUp, Glyph::FlagletUp, 1.0),
        Stem::Down => (Glyph::FlagDown, Glyph::FlagletDown, -1.0),
    };
    let glyph = if count == 1 { one } else { several };
    for flag in 0..count {
        inks.push(Ink::sign(glyph, (x - STEM / 2.0, tip + sign * BEAM_STEP * flag as f64)));
    }
}
