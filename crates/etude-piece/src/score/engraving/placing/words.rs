//! Text by the notes: syllables under them, chord symbols and tempi above.

use super::super::glyph::Glyph;
use super::super::lettering::Face;
use super::super::outline::Outline;
use super::super::page::Ink;
use super::super::proportions::{CHORDS, DOT, LYRICS, STEM, TEMPO};
use crate::score::{Beats, Metre, Tempo};

/// A syllable without its hyphen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Syllable {
    pub(in super::super) text: String,
    /// Whether a hyphen joins it to the next.
    pub(in super::super) goes_on: bool,
}

impl Syllable {
    /// A syllable as a score has it; `None` where there is nothing to write.
    pub(in super::super) fn of(word: &str) -> Option<Self> {
        let bare = word.strip_suffix('-');
        let text = bare.unwrap_or(word).trim().to_owned();
        (!text.is_empty()).then_some(Self { text, goes_on: bare.is_some() })
    }

    fn width(&self) -> f64 {
        Face::Regular.width(&self.text) * LYRICS
    }

    /// How far it reaches to the left and to the right of its head's left edge. A long one leans to the right.
    pub(in super::super) fn reach(&self) -> (f64, f64) {
        let width = self.width();
        let middle = Glyph::BlackHead.width() / 2.0;
        let left = (width / 2.0 - middle).min(2.2 + 0.15 * width);
        (left, width - left)
    }

    /// Draws it at a head's left edge; gives where it begins and ends.
    pub(super) fn draw(self, inks: &mut Vec<Ink>, x: f64, y: f64) -> (f64, f64) {
        let (left, right) = self.reach();
        inks.push(Ink::Text { text: self.text, face: Face::Regular, size: LYRICS, at: (x - left, y) });
        (x - left, x + right)
    }
}

/// Draws the hyphens between two syllables, one in the middle or several where they are far apart.
pub(super) fn hyphens(inks: &mut Vec<Ink>, from: f64, to: f64, y: f64) {
    let room = to - from;
    let width = Face::Regular.width("-") * LYRICS;
    if room < 0.5 * width {
        return;
    }
    let count = (room / 14.0).ceil().clamp(1.0, 20.0);
    for index in 0..count as usize {
        let middle = from + room * (index as f64 + 0.5) / count;
        let at = (middle - width / 2.0, y);
        inks.push(Ink::Text { text: "-".to_owned(), face: Face::Regular, size: LYRICS, at });
    }
}

/// A chord symbol with drawn accidentals: `Bbm7/F#` is B♭m7/F♯.
pub(in super::super) fn chord_symbol(text: &str) -> String {
    let mut symbol = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut last = None;
    while let Some(character) = characters.next() {
        // After a letter of the scale, and before a number, they are accidentals; elsewhere a b is a letter.
        let after_root = last.is_some_and(|last: char| ('A'..='G').contains(&last));
        let before_number = characters.peek().is_some_and(char::is_ascii_digit);
        symbol.push(match character {
            '#' => '♯',
            'b' if after_root || before_number => '♭',
            other => other,
        });
        last = Some(character);
    }
    symbol
}

/// Draws a chord symbol.
pub(super) fn draw_chord(inks: &mut Vec<Ink>, text: &str, x: f64, y: f64) {
    inks.push(Ink::Text { text: chord_symbol(text), face: Face::Regular, size: CHORDS, at: (x, y) });
}

/// Draws a tempo as the length of the felt beat: ♩ = 72.
pub(super) fn draw_tempo(inks: &mut Vec<Ink>, tempo: Tempo, metre: Metre, x: f64, y: f64) {
    let pulse = metre.pulse();
    let unit = if pulse.numerator() == 3 { pulse * Beats::new(2, 3) } else { pulse };
    let (glyph, stem, flag) = match unit.to_f64() {
        4.0.. => (Glyph::WholeHead, false, false),
        2.0.. => (Glyph::HalfHead, true, false),
        1.0.. => (Glyph::BlackHead, true, false),
        _ => (Glyph::BlackHead, true, true),
    };
    // Shorter units than an eighth are told in eighths.
    let beat = if unit.to_f64() < 0.5 { 0.5 } else { pulse.to_f64() };
    let scale = 0.7;
    let width = glyph.width() * scale;
    let head = (x, y - 0.4 * scale);
    inks.push(Ink::Sign { glyph, at: head, scale });
    let mut right = x + width;
    if stem {
        let at = right - STEM / 2.0;
        inks.push(Ink::Line { from: (at, head.1 - 0.1), to: (at, head.1 - 3.2 * scale), width: STEM * 0.9 });
    }
    if flag {
        inks.push(Ink::Sign { glyph: Glyph::FlagUp, at: (right - STEM, head.1 - 3.2 * scale), scale });
        right += 0.6;
    }
    if pulse.numerator() == 3 && beat > 0.5 {
        inks.push(Ink::Shape(Outline::disc((right + 0.3, head.1), DOT * 0.8)));
        right += 0.5;
    }
    let text = format!(" = {:.0}", tempo.0 / beat);
    inks.push(Ink::Text { text, face: Face::Regular, size: TEMPO, at: (right, y) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(symbol: &str, expected: &str) {
        assert_eq!(chord_symbol(symbol), expected);
    }

    #[test]
    fn accidentals_of_chord_symbols_are_drawn() {
        check("Bbm7/F#", "B♭m7/F♯");
        check("C7b9", "C7♭9");
        check("Absus", "A♭sus");
        check("bass", "bass");
    }

    #[test]
    fn a_trailing_hyphen_joins_syllables() {
        let syllable = |word: &str| Syllable::of(word).map(|s| (s.text, s.goes_on));
        assert_eq!(syllable("voic-"), Some(("voic".to_owned(), true)));
        assert_eq!(syllable("es"), Some(("es".to_owned(), false)));
        assert_eq!(syllable("-"), None);
    }
}
