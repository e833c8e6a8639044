//! Text: three faces of one serif type, whose letters become outlines, so that words look alike everywhere.
//!
//! The type is Foxit Serif (from PDFium, BSD-3-Clause), as the crate `typst-assets` supplies it: 230 letters and signs
//! of Western Europe. Those of Central Europe are put together from letter and accent.

mod letters;

use super::glyph::Glyph;
use super::outline::{Outline, Segment};
use letters::{Accent, CHARSET, composition};
use std::sync::LazyLock;
use ttf_parser::{GlyphId, OutlineBuilder, cff};

/// A face of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Face {
    Regular,
    Bold,
    Italic,
}

/// How large signs of notation are among letters, in ems per staff space.
const SIGN: f64 = 0.26;
/// How much accents rise over capitals, in ems.
const CAPITAL: f64 = 0.19;
/// The width of the box for letters that the type lacks, in ems.
const BOX: f64 = 0.5;

/// A letter: its outline at a size of 1, downwards positive from the base line, and how far it moves the pen.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Letter {
    pub(super) outline: Outline,
    pub(super) advance: f64,
}

/// The letters of a face, in the order of [`CHARSET`].
type Letters = Vec<Letter>;

static FACES: LazyLock<[Letters; 3]> = LazyLock::new(|| {
    use typst_assets::pdf::{SERIF, SERIF_BOLD, SERIF_ITALIC};
    [SERIF, SERIF_BOLD, SERIF_ITALIC].map(|bytes| {
        let table = cff::Table::parse(bytes).expect("the crate's font is whole");
        // Glyph 0 is the one for letters that are missing.
        (1..table.number_of_glyphs()).map(|glyph| letter_of(&table, GlyphId(glyph))).collect()
    })
});

impl Face {
    /// What stands for a character: a letter, a letter with its accent, a sign of notation, or an empty box.
    pub(super) fn letter(self, character: char) -> Letter {
        let sign = match character {
            '♭' => Some(Glyph::Flat),
            '♮' => Some(Glyph::Natural),
            '♯' => Some(Glyph::Sharp),
            _ => None,
        };
        if let Some(sign) = sign {
            let outline = sign.outline().map(|(x, y)| (x * SIGN + 0.03, y * SIGN - 0.27));
            return Letter { outline, advance: sign.width() * SIGN + 0.06 };
        }
        self.drawn(character).cloned().or_else(|| self.composed(character)).unwrap_or_else(missing)
    }

    /// The width of a text at a size of 1.
    pub(super) fn width(self, text: &str) -> f64 {
        text.chars().map(|character| self.advance(character)).sum()
    }

    /// Whether the type has all that a text needs.
    pub(super) fn lacks(character: char) -> bool {
        let known = matches!(character, '♭' | '♮' | '♯')
            || position(character).is_some()
            || composition(character).is_some();
        !known
    }

    /// How far a character moves the pen, at a size of 1.
    pub(super) fn advance(self, character: char) -> f64 {
        self.drawn(character).map_or_else(|| self.letter(character).advance, |letter| letter.advance)
    }

    fn drawn(self, character: char) -> Option<&'static Letter> {
        FACES[self as usize].get(position(character)?)
    }

    fn composed(self, character: char) -> Option<Letter> {
        let (base, accent) = composition(character)?;
        let base = self.drawn(base)?;
        let mark = self.drawn(accent.mark())?;
        let width = base.advance - mark.advance;
        let (dx, dy) = match accent {
            Accent::Above(_) if character.is_uppercase() => (width / 2.0, -CAPITAL),
            Accent::Above(_) | Accent::Below(_) => (width / 2.0, 0.0),
            Accent::Beside(_) => (base.advance - 0.06, 0.0),
        };
        let mut outline = base.outline.clone();
        outline.0.extend(mark.outline.map(|(x, y)| (x + dx, y + dy)).0);
        let beside = if matches!(accent, Accent::Beside(_)) { 0.12 } else { 0.0 };
        Some(Letter { outline, advance: base.advance + beside })
    }
}

/// Where a character stands in the type.
fn position(character: char) -> Option<usize> {
    let character = match character {
        '\u{a0}' | '\t' | '\n' | '\r' => ' ',
        '\u{2010}' | '\u{2011}' | '\u{ad}' => '-',
        other => other,
    };
    CHARSET.chars().position(|other| other == character)
}

/// An empty box.
fn missing() -> Letter {
    let frame = |inset: f64, turned: bool| {
        let (left, right, top, bottom) = (0.06 + inset, BOX - 0.06 - inset, -0.66 + inset, -inset);
        let mut corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        if turned {
            corners.reverse();
        }
        Outline::polygon(&corners).0
    };
    Letter { outline: Outline([frame(0.0, false), frame(0.04, true)].concat()), advance: BOX }
}

fn letter_of(table: &cff::Table<'_>, glyph: GlyphId) -> Letter {
    let mut pen = Pen(Vec::new());
    // A glyph without outline, such as the blank, is none.
    let _ = table.outline(glyph, &mut pen);
    let advance = f64::from(table.glyph_width(glyph).unwrap_or(0)) / 1000.0;
    Letter { outline: Outline(pen.0), advance }
}

/// Takes the font's outlines down, at a size of 1 and downwards positive.
struct Pen(Vec<Segment>);

fn em(x: f32, y: f32) -> (f64, f64) {
    (f64::from(x) / 1000.0, -f64::from(y) / 1000.0)
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(Segment::Move(em(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(Segment::Line(em(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The same parabola as a cubic; the format has none, but the trait asks.
        self.0.push(Segment::Curve(em(x1, y1), em(x1, y1), em(x, y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.push(Segment::Curve(em(x1, y1), em(x2, y2), em(x, y)));
    }

    fn close(&mut self) {
        self.0.push(Segment::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_where_the_type_has_them() {
        let table = cff::Table::parse(typst_assets::pdf::SERIF).expect("a font");
        for (character, name) in [
            (' ', "space"),
            ('A', "A"),
            ('z', "z"),
            ('ß', "germandbls"),
            ('ÿ', "ydieresis"),
            ('ž', "zcaron"),
            ('’', "quoteright"),
            ('−', "minus"),
            ('˛', "ogonek"),
        ] {
            let glyph = GlyphId(position(character).expect("a letter") as u16 + 1);
            assert_eq!(table.glyph_name(glyph), Some(name), "{character}");
        }
        assert_eq!(CHARSET.chars().count() + 1, usize::from(table.number_of_glyphs()));
    }

    #[test]
    fn words_are_as_wide_as_their_letters() {
        assert!((Face::Regular.width("Ai") - 1.0).abs() < 1e-9);
        assert!(Face::Bold.width("words") > Face::Regular.width("words"));
    }

    #[test]
    fn accents_are_put_on_letters() {
        for (composed, base) in [('č', 'c'), ('ő', 'o'), ('Ř', 'R'), ('ş', 's')] {
            assert!(!Face::lacks(composed));
            let (composed, base) = (Face::Regular.letter(composed), Face::Regular.letter(base));
            assert!(composed.outline.0.len() > base.outline.0.len());
            assert!((composed.advance - base.advance).abs() < 1e-9);
        }
    }

    #[test]
    fn what_the_type_lacks_is_a_box() {
        assert!(Face::lacks('字') && !Face::lacks('é'));
        assert!((Face::Italic.width("字") - BOX).abs() < 1e-9);
    }
}
