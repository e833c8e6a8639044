//! Ink taken apart: lines, outlines of their own, and copies of outlines that come again and again.

use super::super::glyph::Glyph;
use super::super::lettering::Face;
use super::super::outline::{Outline, Point};
use super::super::page::Ink;

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stamp<'a> {
    Line { from: Point, to: Point, width: f64 },
    Shape(&'a Outline),
    Copy { key: Key, at: Point, scale: f64 },
}

/// What is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Sign(Glyph),
    Letter(Face, char),
}

impl Key {
    /// The outline, at a size of 1.
    pub(super) fn outline(self) -> Outline {
        match self {
            Self::Sign(glyph) => glyph.outline().clone(),
            Self::Letter(face, character) => face.letter(character).outline,
        }
    }
}

/// Hands the parts of an ink to `draw`, letter by letter.
pub(super) fn stamps<'a>(ink: &'a Ink, mut draw: impl FnMut(Stamp<'a>)) {
    match ink {
        Ink::Line { from, to, width } => draw(Stamp::Line { from: *from, to: *to, width: *width }),
        Ink::Shape(outline) => draw(Stamp::Shape(outline)),
        Ink::Sign { glyph, at, scale } => {
            draw(Stamp::Copy { key: Key::Sign(*glyph), at: *at, scale: *scale })
        }
        Ink::Text { text, face, size, at } => {
            let mut x = at.0;
            for character in text.chars() {
                let width = face.advance(character) * size;
                if !character.is_whitespace() {
                    draw(Stamp::Copy { key: Key::Letter(*face, character), at: (x, at.1), scale: *size });
                }
                x += width;
            }
        }
    }
}
