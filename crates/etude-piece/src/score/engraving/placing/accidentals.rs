//! Accidentals before a chord, in as many columns as it takes for none to touch another.

use super::super::glyph::Glyph;
use super::super::notation::Head;
use super::super::page::Ink;
use super::super::proportions::ACCIDENTAL_GAP;
use super::cluster::height;

/// How much two accidentals of a column may share: their corners are empty.
const SHARE: f64 = 0.3;

/// Draws the accidentals of heads whose leftmost edge is `left`.
pub(super) fn place<'a>(inks: &mut Vec<Ink>, heads: impl Iterator<Item = &'a Head>, left: f64) {
    let mut signs: Vec<(i32, Glyph)> =
        heads.filter_map(|head| Some((head.position, Glyph::of_alteration(head.accidental?)))).collect();
    signs.sort_unstable();
    signs.dedup();
    let mut columns: Vec<Vec<(i32, Glyph)>> = Vec::new();
    // The outer ones first, in turn from above and below: they come nearest to the notes.
    let mut from_above = true;
    while !signs.is_empty() {
        let sign = if from_above { signs.pop() } else { Some(signs.remove(0)) };
        from_above = !from_above;
        let Some(sign) = sign else { break };
        match columns.iter_mut().find(|column| column.iter().all(|&other| are_apart(sign, other))) {
            Some(column) => column.push(sign),
            None => columns.push(vec![sign]),
        }
    }
    let mut right = left - ACCIDENTAL_GAP;
    for column in columns {
        let width = column.iter().map(|(_, glyph)| glyph.width()).fold(0.0, f64::max);
        for (position, glyph) in column {
            inks.push(Ink::sign(glyph, (right - glyph.width(), height(position))));
        }
        right -= width + 0.15;
    }
}

fn are_apart((a, glyph_a): (i32, Glyph), (b, glyph_b): (i32, Glyph)) -> bool {
    let ((high, above), (low, below)) =
        if a > b { ((a, glyph_a), (b, glyph_b)) } else { ((b, glyph_b), (a, glyph_a)) };
    height(high) + above.bounds().bottom <= height(low) + below.bounds().top + SHARE
}
