//! Clefs, key and time signatures: how wide they are, and how they are drawn.

use super::super::glyph::Glyph;
use super::super::lettering::Face;
use super::super::notation::{Bar, Clef};
use super::super::page::Ink;
use crate::score::{Key, Metre, Step};

/// Between a signature and what follows.
const GAP: f64 = 0.7;

/// Sharps and flats in the order of the signature, as half spaces above a treble clef's middle line.
const SHARPS: [(Step, i32); 7] =
    [(Step::F, 4), (Step::C, 1), (Step::G, 5), (Step::D, 2), (Step::A, -1), (Step::E, 3), (Step::B, 0)];
const FLATS: [(Step, i32); 7] =
    [(Step::B, 0), (Step::E, 3), (Step::A, -1), (Step::D, 2), (Step::G, -2), (Step::C, 1), (Step::F, -3)];

/// Draws a clef at `x`; gives where it ends.
pub(in super::super) fn clef(inks: &mut Vec<Ink>, clef: Clef, x: f64) -> f64 {
    let (glyph, line) = match clef {
        Clef::Treble | Clef::Treble8 => (Glyph::TrebleClef, 1.0),
        Clef::Bass => (Glyph::BassClef, -1.0),
    };
    inks.push(Ink::sign(glyph, (x, line)));
    if clef == Clef::Treble8 {
        inks.push(Ink::Text { text: "8".to_owned(), face: Face::Italic, size: 2.0, at: (x + 0.85, 5.0) });
    }
    x + Glyph::TrebleClef.width() + GAP
}

/// Draws a key signature at `x`, or the naturals that take back the old one; gives where it ends.
pub(in super::super) fn key(inks: &mut Vec<Ink>, key: Key, old: Option<Key>, clef: Clef, x: f64) -> f64 {
    let (shown, natural) = match old {
        Some(old) if key.fifths == 0 => (old, true),
        _ => (key, false),
    };
    let count = usize::from(shown.fifths.unsigned_abs()).min(7);
    let (signs, glyph) = if shown.fifths > 0 { (&SHARPS, Glyph::Sharp) } else { (&FLATS, Glyph::Flat) };
    let glyph = if natural { Glyph::Natural } else { glyph };
    let lower = if clef == Clef::Bass { 2 } else { 0 };
    let mut right = x;
    for (_, position) in &signs[..count] {
        inks.push(Ink::sign(glyph, (right, -f64::from(position - lower) / 2.0)));
        right += glyph.width() + if glyph == Glyph::Sharp { 0.05 } else { 0.1 };
    }
    if count > 0 { right + GAP } else { x }
}

/// Draws a time signature at `x`; gives where it ends.
pub(in super::super) fn metre(inks: &mut Vec<Ink>, metre: Metre, x: f64) -> f64 {
    let width = |digits: &[Glyph]| digits.iter().map(|digit| digit.width() + 0.08).sum::<f64>();
    let rows = [(Glyph::digits(metre.count), -1.0), (Glyph::digits(metre.unit), 1.0)];
    let widest = rows.iter().map(|(digits, _)| width(digits)).fold(0.0, f64::max);
    for (digits, y) in &rows {
        let mut at = x + (widest - width(digits)) / 2.0;
        for &digit in digits {
            inks.push(Ink::sign(digit, (at, *y)));
            at += digit.width() + 0.08;
        }
    }
    x + widest + GAP
}

/// How wide the signatures are that stand at a bar's beginning within a line.
pub(in super::super) fn width(bar: &Bar) -> f64 {
    let mut inks = Vec::new();
    changes(&mut inks, bar, Clef::Treble, 0.0)
}

/// Draws the signatures that change with a bar, within a line; gives where they end.
pub(in super::super) fn changes(inks: &mut Vec<Ink>, bar: &Bar, clef: Clef, x: f64) -> f64 {
    let mut right = x;
    if let Some(old) = bar.old_key {
        right = key(inks, bar.key, Some(old), clef, right);
    }
    if bar.shows_metre {
        right = metre(inks, bar.metre, right);
    }
    right
}

/// How wide clef and signatures are at the beginning of a line.
pub(in super::super) fn prefix_width(bar: &Bar) -> f64 {
    prefix(&mut Vec::new(), bar, Clef::Treble, 0.0)
}

/// Draws clef and signatures at the beginning of a line; gives where they end.
pub(in super::super) fn prefix(inks: &mut Vec<Ink>, bar: &Bar, sign: Clef, x: f64) -> f64 {
    let mut right = clef(inks, sign, x + 0.6);
    right = key(inks, bar.key, None, sign, right);
    if bar.shows_metre {
        right = metre(inks, bar.metre, right);
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_stand_on_their_own_letters() {
        // B4 stands on the treble clef's middle line.
        let on_line = |position: i32| Step::ALL[(34 + position).rem_euclid(7) as usize];
        for (step, position) in SHARPS.into_iter().chain(FLATS) {
            assert_eq!(on_line(position), step);
        }
    }

    #[test]
    fn c_major_takes_no_room_but_taking_back_does() {
        let (c, g): (Key, Key) = (Key::C_MAJOR, "G".parse().expect("a key"));
        let width = |new, old| key(&mut Vec::new(), new, old, Clef::Treble, 0.0);
        assert_eq!(width(c, None), 0.0);
        assert!(width(c, Some(g)) > 0.0 && width(g, None) > 0.0);
    }
}
