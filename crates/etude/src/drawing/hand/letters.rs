//! Letters of single-line fonts: what a hand writes before it has learnt any other.
//!
//! A letter that a font lacks is put together of its base and an accent, or borrowed from the next font that has it.

use crate::error::{Error, Result};
use etude_piece::strokes::svg::{Font, Glyph};
use etude_piece::strokes::{Point, Stroke, Strokes};

/// Fonts of strokes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Letters {
    fonts: Vec<Font>,
}

/// How far an accent stands from its letter, in ems.
const APART: f64 = 0.08;
/// Half the width of an accent, in ems.
const HALF: f64 = 0.09;

impl Letters {
    /// Letters of some fonts, at least one.
    ///
    /// # Errors
    ///
    /// No font.
    pub fn new(fonts: Vec<Font>) -> Result<Self> {
        if fonts.is_empty() {
            return Err(Error::usage("no font", "at least one single-line font"));
        }
        Ok(Self { fonts })
    }

    /// How many fonts there are.
    pub fn fonts(&self) -> usize {
        self.fonts.len()
    }

    /// The name of a font.
    pub fn name(&self, font: usize) -> &str {
        &self.fonts[font].name
    }

    /// A letter of a font: its own, or put together, or of the fonts after it in turn.
    pub fn glyph(&self, font: usize, letter: char) -> Option<Glyph> {
        let order = (0..self.fonts.len()).map(|step| &self.fonts[(font + step) % self.fonts.len()]);
        order.into_iter().find_map(|font| own(font, letter))
    }

    /// The letters of a text, each once, that no font has.
    pub fn missing(&self, text: &str) -> String {
        let mut missing = String::new();
        for letter in text.chars() {
            if !missing.contains(letter) && self.glyph(0, letter).is_none() {
                missing.push(letter);
            }
        }
        missing
    }

    /// How wide a text is in a font, in ems; letters that are missing count nothing.
    pub fn width(&self, font: usize, text: &str) -> f64 {
        text.chars().filter_map(|letter| self.glyph(font, letter)).map(|glyph| glyph.advance).sum()
    }
}

/// A font's own letter, or its base with an accent.
fn own(font: &Font, letter: char) -> Option<Glyph> {
    if let Some(glyph) = font.glyphs.get(&letter) {
        return Some(glyph.clone());
    }
    if let Some((_, [first, second])) = LIGATURES.iter().find(|(ligature, _)| *ligature == letter) {
        return Some(ligature(font.glyphs.get(first)?, font.glyphs.get(second)?));
    }
    let (base, accent) = parts(letter)?;
    let mut glyph = font.glyphs.get(&base)?.clone();
    if accent == Accent::None {
        return Some(glyph);
    }
    if matches!(base, 'i' | 'j') && accent != Accent::Cedilla {
        undot(&mut glyph.strokes);
    }
    let bounds = glyph.strokes.bounds()?;
    let (middle, above) = ((bounds.left + bounds.right) / 2.0, bounds.top - APART);
    let drawn: Vec<Vec<(f64, f64)>> = match accent {
        Accent::Slash => {
            let out = 0.03;
            vec![vec![(bounds.right + out, bounds.top - out), (bounds.left - out, bounds.bottom + out)]]
        }
        Accent::Cedilla => {
            let (x, y) = (middle, bounds.bottom);
            vec![vec![
                (x, y),
                (x - 0.01, y + 0.05),
                (x + 0.05, y + 0.09),
                (x + 0.02, y + 0.15),
                (x - 0.06, y + 0.15),
            ]]
        }
        accent => accent
            .shape()
            .iter()
            .map(|line| line.iter().map(|&(x, y)| (middle + HALF * x, above + HALF * y)).collect())
            .collect(),
    };
    let stroke = |line: Vec<(f64, f64)>| Stroke {
        points: line.into_iter().map(|(x, y)| Point { x, y, time: None }).collect(),
    };
    glyph.strokes.strokes.extend(drawn.into_iter().map(stroke));
    Some(glyph)
}

/// Two letters as one, the second drawn into the first.
fn ligature(first: &Glyph, second: &Glyph) -> Glyph {
    let apart = NEAR * first.advance;
    let point = |point: &Point| Point { x: point.x + apart, ..*point };
    let moved = |stroke: &Stroke| Stroke { points: stroke.points.iter().map(point).collect() };
    let mut strokes = first.strokes.clone();
    strokes.strokes.extend(second.strokes.strokes.iter().map(moved));
    Glyph { advance: apart + second.advance, strokes }
}

/// Takes the dot away: every stroke that lies wholly above the longest one's top fifth.
fn undot(strokes: &mut Strokes) {
    let longest = strokes.strokes.iter().max_by(|a, b| a.length().total_cmp(&b.length()));
    let Some(top) = longest.and_then(|stroke| stroke.points.iter().map(|point| point.y).reduce(f64::min))
    else {
        return;
    };
    strokes.strokes.retain(|stroke| stroke.points.iter().any(|point| point.y >= top));
}

/// What is put on a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accent {
    None,
    Grave,
    Acute,
    Circumflex,
    Tilde,
    Diaeresis,
    Ring,
    Cedilla,
    Slash,
}

impl Accent {
    /// What is drawn above a letter, in half widths, y downwards from its middle.
    fn shape(self) -> &'static [&'static [(f64, f64)]] {
        match self {
            Self::Grave => &[&[(-0.7, -0.6), (0.5, 0.4)]],
            Self::Acute => &[&[(0.7, -0.6), (-0.5, 0.4)]],
            Self::Circumflex => &[&[(-1.0, 0.4), (0.0, -0.6), (1.0, 0.4)]],
            Self::Tilde => &[&[(-1.0, 0.3), (-0.6, -0.2), (0.0, 0.0), (0.6, 0.2), (1.0, -0.3)]],
            Self::Diaeresis => &[&[(-0.8, 0.0), (-0.7, 0.1)], &[(0.8, 0.0), (0.9, 0.1)]],
            Self::Ring => &[&[(0.0, -0.7), (-0.5, -0.2), (0.0, 0.3), (0.5, -0.2), (0.0, -0.7)]],
            Self::None | Self::Cedilla | Self::Slash => &[],
        }
    }
}

/// The letters of Latin-1 that have an accent, with their bases.
const ACCENTED: [(Accent, &str, &str); 8] = [
    (Accent::Grave, "ÀÈÌÒÙàèìòù", "AEIOUaeiou"),
    (Accent::Acute, "ÁÉÍÓÚÝáéíóúý", "AEIOUYaeiouy"),
    (Accent::Circumflex, "ÂÊÎÔÛâêîôû", "AEIOUaeiou"),
    (Accent::Tilde, "ÃÑÕãñõ", "ANOano"),
    (Accent::Diaeresis, "ÄËÏÖÜäëïöüÿ", "AEIOUaeiouy"),
    (Accent::Ring, "Åå", "Aa"),
    (Accent::Cedilla, "Çç", "Cc"),
    (Accent::Slash, "Øø", "Oo"),
];

/// Letters that are two in one, and how far apart these stand, in widths of the first.
const LIGATURES: [(char, [char; 2]); 2] = [('Æ', ['A', 'E']), ('æ', ['a', 'e'])];
const NEAR: f64 = 0.75;

/// Letters that look like others.
const ALIKE: (&str, &str) = ("\u{a0}\u{ad}‘’“”–—", " -''\"\"--");

/// The base of a letter, and its accent.
fn parts(letter: char) -> Option<(char, Accent)> {
    let found = |whole: &str, bases: &str| {
        let place = whole.chars().position(|known| known == letter)?;
        bases.chars().nth(place)
    };
    let accented = ACCENTED.iter().find_map(|(accent, whole, bases)| Some((found(whole, bases)?, *accent)));
    accented.or_else(|| Some((found(ALIKE.0, ALIKE.1)?, Accent::None)))
}

#[cfg(test)]
mod tests {
    use super::super::lesson::Alphabet;
    use super::*;
    use crate::shared::shared;

    fn font(glyphs: &str) -> Font {
        let text = format!("<svg><font><font-face units-per-em=\"100\"/>{glyphs}</font></svg>");
        Font::read(text.as_bytes()).expect("a font")
    }

    fn letters() -> Letters {
        let first = font(
            "<glyph unicode=\"i\" horiz-adv-x=\"20\" d=\"M10 0V40M10 55V60\"/><glyph unicode=\"o\" horiz-adv-x=\"40\" d=\"M0 0H40V40Z\"/>",
        );
        let second = font("<glyph unicode=\"ß\" horiz-adv-x=\"50\" d=\"M0 0V70\"/>");
        Letters::new(vec![first, second]).expect("two fonts")
    }

    #[track_caller]
    fn check(letter: char, strokes: usize) {
        let glyph = letters().glyph(0, letter).expect("a letter");
        assert_eq!(glyph.strokes.strokes.len(), strokes, "{}", glyph.strokes);
    }

    #[test]
    fn accents_are_put_on_letters_and_take_the_place_of_dots() {
        check('i', 2);
        check('í', 2);
        check('ï', 3);
        check('ø', 2);
        let acute = letters().glyph(0, 'í').expect("a letter").strokes;
        assert_eq!(acute.strokes[0].to_owned().points.len(), 2);
        assert!(acute.strokes[1].points.iter().all(|point| point.y < -0.4), "{acute}");
    }

    #[test]
    fn what_a_font_lacks_comes_from_the_next() {
        check('ß', 1);
        assert_eq!(letters().missing("ioßx xí"), "x ");
        assert!((letters().width(0, "ioß") - 1.1).abs() < 1e-12);
    }

    #[test]
    fn the_fonts_of_the_corpus_write_every_letter_of_the_alphabet() {
        let Some(folder) = shared("stroke-fonts") else { return };
        let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "svg"));
        let font = |path| Font::read(&std::fs::read(path).expect("a file")).expect("a font");
        let letters = Letters::new(files.map(font).collect()).expect("fonts");
        let all: String = Alphabet::latin().letters().iter().collect();
        assert_eq!(letters.missing(&all), "");
        for font in 0..letters.fonts() {
            for letter in all.chars().filter(|letter| *letter != ' ') {
                let glyph = letters.glyph(font, letter).expect("a letter");
                assert!(!glyph.strokes.strokes.is_empty(), "{letter} of {}", letters.name(font));
            }
        }
    }

    #[test]
    fn every_letter_of_latin_1_with_an_accent_has_a_base() {
        for (accent, whole, bases) in ACCENTED {
            assert_eq!(whole.chars().count(), bases.chars().count(), "{accent:?}");
        }
        assert_eq!(ALIKE.0.chars().count(), ALIKE.1.chars().count());
        let none: String = ('À'..='ÿ').filter(|&letter| parts(letter).is_none()).collect();
        assert_eq!(none, "ÆÐ×Þßæð÷þ");
    }
}
