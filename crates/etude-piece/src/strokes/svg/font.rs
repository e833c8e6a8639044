//! Single-line fonts from SVG: `font` with its `glyph`s, each of them strokes of a pen.
//!
//! A unit is the em. Glyphs stand on the base line, y = 0, and y runs downwards as in drawings, though fonts count upwards.
//! Curves become lines no farther from them than a two-thousandth of an em. Kerning, ligatures and vertical writing are left out.

use super::document::{Document, Element};
use super::flatten::flattened_within;
use super::path;
use crate::strokes::Strokes;
use crate::{Error, Fault, Place, Result};
use kurbo::Affine;
use std::collections::BTreeMap;

/// How far lines may be from a glyph's curves, in ems.
const FINE: f64 = 5e-4;
/// The largest file, in bytes.
const MOST_BYTES: usize = 16 << 20;
/// The widest glyph, in ems.
const WIDEST: f64 = 100.0;

/// A font of strokes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Font {
    /// Its family, or empty where it isn't told.
    pub name: String,
    /// Its letters.
    pub glyphs: BTreeMap<char, Glyph>,
}

/// A letter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Glyph {
    /// How far the next letter stands from this one, in ems.
    pub advance: f64,
    /// What is drawn, in ems; without any stroke for a blank.
    pub strokes: Strokes,
}

impl Font {
    /// Reads the first font of an SVG file. Of a letter that comes twice the first is taken; glyphs of several letters are left out.
    ///
    /// # Errors
    ///
    /// Bytes that aren't UTF-8, broken XML, a file without a font, path data and widths that can't be read, and a font
    /// without letters.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MOST_BYTES {
            let found = format!("{} bytes", bytes.len());
            return Err(Fault::new(Place::Whole, found, "a font of at most 16 MiB").into());
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Error::from(Fault::new(
                Place::Byte(error.valid_up_to()),
                "a byte that is no text",
                "SVG in UTF-8",
            ))
        })?;
        let document = Document::read(text.strip_prefix('\u{feff}').unwrap_or(text))?;
        let font = document.elements.iter().find(|element| &*element.name == "font");
        let Some(font) = font else {
            let fault = Fault::new(Place::Whole, "SVG without `font`", "a font of strokes");
            return Err(fault.hint("fonts of outlines such as TTF have no strokes").into());
        };
        let parts = || font.children.iter().map(|&child| &document.elements[child]);
        let face = parts().find(|element| &*element.name == "font-face");
        let em = face.map_or(Ok(None), |face| number(face, "units-per-em"))?.unwrap_or(1000.0);
        if !(1.0..=1e6).contains(&em) {
            return Err(font.fault(format!("{em} units per em"), "1 to 1000000"));
        }
        let usual = number(font, "horiz-adv-x")?.unwrap_or(0.0);
        let mut glyphs = BTreeMap::new();
        for element in parts().filter(|element| &*element.name == "glyph") {
            let mut letters = element.attribute("unicode").unwrap_or_default().chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else { continue };
            if glyphs.contains_key(&letter) {
                continue;
            }
            let advance = number(element, "horiz-adv-x")?.unwrap_or(usual) / em;
            if !(0.0..=WIDEST).contains(&advance) {
                return Err(element.wrong("horiz-adv-x", "a width up to 100 ems"));
            }
            glyphs.insert(letter, Glyph { advance, strokes: strokes(element, em)? });
        }
        if glyphs.is_empty() {
            return Err(font.fault("a font without letters", "at least one `glyph` with `unicode`"));
        }
        let name = face.and_then(|face| face.attribute("font-family")).unwrap_or_default().to_owned();
        Ok(Self { name, glyphs })
    }
}

/// A number of an element, if it is there.
fn number(element: &Element, name: &str) -> Result<Option<f64>> {
    let Some(text) = element.attribute(name) else { return Ok(None) };
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(element.wrong(name, "a number")),
    }
}

/// What a glyph draws.
fn strokes(element: &Element, em: f64) -> Result<Strokes> {
    let mut path = path::parse(element, element.attribute("d").unwrap_or_default())?;
    path.apply_affine(Affine::scale_non_uniform(1.0 / em, -1.0 / em));
    if path.elements().is_empty() {
        return Ok(Strokes::default());
    }
    flattened_within(&[(element.at, path)], FINE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::shared::shared;

    const HEAD: &str = "<svg><defs><font id=\"f\" horiz-adv-x=\"300\"><font-face font-family=\"Tiny\" \
                        units-per-em=\"100\"/><missing-glyph/>";

    #[track_caller]
    fn check(glyphs: &str, expected: &str) {
        let told = match Font::read(format!("{HEAD}{glyphs}</font></defs></svg>").as_bytes()) {
            Ok(font) => font
                .glyphs
                .iter()
                .map(|(letter, glyph)| format!("{letter} {} {}", glyph.advance, glyph.strokes))
                .collect::<Vec<_>>()
                .join("; "),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn glyphs_are_strokes_on_the_base_line() {
        check(
            "<glyph unicode=\"i\" horiz-adv-x=\"50\" d=\"M 10 0 L 10 40 M 10 60 h 5\"/><glyph unicode=\" \"/>",
            "  3 ; i 0.5 0.1,0 0.1,-0.4 | 0.1,-0.6 0.15,-0.6",
        );
        check("<glyph unicode=\"&#x22;\" d=\"M 0 0 L 0 50\"/>", "\" 3 0,0 0,-0.5");
    }

    #[test]
    fn the_first_of_two_counts_and_ligatures_dont() {
        check(
            "<glyph unicode=\"a\" d=\"M0 0H100\"/><glyph unicode=\"a\" d=\"M0 0H200\"/><glyph unicode=\"fi\" d=\"M0 0H9\"/>",
            "a 3 0,0 1,0",
        );
    }

    #[test]
    fn what_is_no_font_is_refused() {
        check("", "byte 11: found a font without letters, expected at least one `glyph` with `unicode`");
        check(
            "<glyph unicode=\"a\" horiz-adv-x=\"wide\"/>",
            "byte 108: found horiz-adv-x=\"wide\" of `glyph`, expected a number",
        );
        check(
            "<glyph unicode=\"a\" horiz-adv-x=\"-1\"/>",
            "byte 108: found horiz-adv-x=\"-1\" of `glyph`, expected a width up to 100 ems",
        );
        let error = Font::read(b"<svg/>").expect_err("no font").to_string();
        assert!(error.contains("SVG without `font`"), "{error}");
    }

    #[test]
    fn the_fonts_of_the_corpus_hold_all_letters() {
        let Some(folder) = shared("stroke-fonts") else { return };
        let mut count = 0;
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.extension().is_none_or(|extension| extension != "svg") {
                continue;
            }
            let font = Font::read(&std::fs::read(&path).expect("a file")).expect("a font");
            let missing: String = (' '..='~').filter(|letter| !font.glyphs.contains_key(letter)).collect();
            assert_eq!(missing, "", "{}", font.name);
            count += 1;
        }
        assert_eq!(count, 12);
    }
}
