//! Grace notes: small, stems up, before everything else of their moment.

use super::super::glyph::Glyph;
use super::super::notation::Ornament;
use super::super::outline::Outline;
use super::super::page::Ink;
use super::super::proportions::{BEAM, BEAM_STEP, GRACE, LEDGER_LINE, LEDGER_REACH, STEM};
use super::cluster::{Placed, height};

/// The length of their stems.
const LENGTH: f64 = 2.5;

/// Draws the grace notes of all voices to the left of `left`.
pub(super) fn place(inks: &mut Vec<Ink>, notes: &[&Placed<'_>], left: f64) {
    let mut right = left;
    for placed in notes.iter().rev() {
        right = draw(inks, &placed.event.graces, right);
    }
}

/// Draws a run of grace notes that ends at `right`; gives where it begins.
fn draw(inks: &mut Vec<Ink>, graces: &[Ornament], right: f64) -> f64 {
    let head = Glyph::BlackHead.width() * GRACE;
    let mut x = right - 0.35;
    let mut stems = Vec::new();
    let flagged = graces.len() == 1 && graces[0].shape.flags() > 0;
    if flagged {
        x -= 0.3;
    }
    for grace in graces.iter().rev() {
        x -= head;
        let y = height(grace.head.position);
        let glyph = if grace.shape.halvings < 2 { Glyph::HalfHead } else { Glyph::BlackHead };
        inks.push(Ink::Sign { glyph, at: (x, y), scale: GRACE });
        for position in lines(grace.head.position) {
            let (from, to) = (x - LEDGER_REACH * GRACE, x + head + LEDGER_REACH * GRACE);
            let y = height(position);
            inks.push(Ink::Line { from: (from, y), to: (to, y), width: LEDGER_LINE * GRACE });
        }
        stems.push((x + head - STEM * GRACE / 2.0, y, grace));
        if let Some(alter) = grace.head.accidental {
            let glyph = Glyph::of_alteration(alter);
            x -= glyph.width() * GRACE + 0.15;
            inks.push(Ink::Sign { glyph, at: (x, y), scale: GRACE });
        }
        x -= 0.3;
    }
    stems.reverse();
    stem(inks, &stems);
    if stems.is_empty() { right } else { x }
}

fn lines(position: i32) -> Vec<i32> {
    match position {
        6.. => (6..=position).step_by(2).collect(),
        ..=-6 => (position..=-6).filter(|line| line % 2 == 0).collect(),
        _ => Vec::new(),
    }
}

/// Draws stems, from the left, with a flag for one and beams for several.
fn stem(inks: &mut Vec<Ink>, stems: &[(f64, f64, &Ornament)]) {
    let (Some(first), Some(last)) = (stems.first(), stems.last()) else { return };
    let tip = stems.iter().map(|&(_, y, _)| y).fold(f64::INFINITY, f64::min) - LENGTH;
    let width = STEM * 0.8;
    for &(x, y, grace) in stems {
        inks.push(Ink::Line { from: (x, y - 0.1), to: (x, tip), width });
        if grace.slashed && std::ptr::eq(grace, first.2) {
            inks.push(Ink::Line { from: (x - 0.6, tip + 1.45), to: (x + 0.8, tip + 0.45), width });
        }
    }
    if stems.len() == 1 {
        if first.2.shape.flags() > 0 {
            inks.push(Ink::Sign { glyph: Glyph::FlagUp, at: (first.0, tip), scale: GRACE });
        }
        return;
    }
    let levels = stems.iter().map(|(_, _, grace)| grace.shape.flags()).min().unwrap_or(0);
    for level in 0..levels {
        let top = tip + level as f64 * BEAM_STEP * GRACE;
        let (left, right, bottom) = (first.0 - width / 2.0, last.0 + width / 2.0, top + BEAM * GRACE);
        inks.push(Ink::Shape(Outline::polygon(&[
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
        ])));
    }
}
