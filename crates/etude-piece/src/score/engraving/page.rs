//! Pages: what is drawn where, before any file format.

use super::glyph::Glyph;
use super::lettering::Face;
use super::outline::{Bounds, Outline, Point};

/// One thing that is drawn. All measures are in staff spaces, all of it is black.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ink {
    /// A straight line with square ends.
    Line { from: Point, to: Point, width: f64 },
    /// A filled outline.
    Shape(Outline),
    /// A sign, `scale` times as large as usual.
    Sign { glyph: Glyph, at: Point, scale: f64 },
    /// A line of text; `at` is the start of its base line.
    Text { text: String, face: Face, size: f64, at: Point },
}

impl Ink {
    /// A sign in its usual size.
    pub(super) fn sign(glyph: Glyph, at: Point) -> Self {
        Self::Sign { glyph, at, scale: 1.0 }
    }

    /// The same thing elsewhere.
    pub(super) fn moved(self, dx: f64, dy: f64) -> Self {
        let shift = |(x, y): Point| (x + dx, y + dy);
        match self {
            Self::Line { from, to, width } => Self::Line { from: shift(from), to: shift(to), width },
            Self::Shape(outline) => Self::Shape(outline.map(shift)),
            Self::Sign { glyph, at, scale } => Self::Sign { glyph, at: shift(at), scale },
            Self::Text { text, face, size, at } => Self::Text { text, face, size, at: shift(at) },
        }
    }

    /// A box around it.
    pub(super) fn bounds(&self) -> Bounds {
        match self {
            Self::Line { from, to, width } => {
                let bounds = Bounds::EMPTY.with(*from).with(*to);
                let (x, y) = match from.0 == to.0 {
                    true => (width / 2.0, 0.0),
                    false => (0.0, width / 2.0),
                };
                bounds.with((bounds.left - x, bounds.top - y)).with((bounds.right + x, bounds.bottom + y))
            }
            Self::Shape(outline) => outline.bounds(),
            Self::Sign { glyph, at: (x, y), scale } => {
                let Bounds { left, top, right, bottom } = glyph.bounds();
                let corner = |dx: f64, dy: f64| (x + dx * scale, y + dy * scale);
                Bounds::EMPTY.with(corner(left, top)).with(corner(right, bottom))
            }
            Self::Text { text, face, size, at: (x, y) } => {
                let width = face.width(text) * size;
                Bounds::EMPTY.with((*x, y - 0.7 * size)).with((x + width, y + 0.22 * size))
            }
        }
    }
}

/// A page of things in the order in which they are drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Page {
    /// The size, in staff spaces.
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) inks: Vec<Ink>,
    /// The page's number at its foot, where pages are apart from each other.
    pub(super) footer: Vec<Ink>,
    /// Whether it is the last: in a picture, what it leaves free is cut off.
    pub(super) last: bool,
}

impl Page {
    /// How far down anything is drawn.
    pub(super) fn lowest(&self) -> f64 {
        self.inks.iter().map(|ink| ink.bounds().bottom).fold(0.0, f64::max)
    }

    /// Its height in a picture.
    pub(super) fn shown(&self) -> f64 {
        // As much stays free below as above.
        let highest = self.inks.iter().map(|ink| ink.bounds().top).fold(f64::INFINITY, f64::min);
        let cut = self.lowest() + highest.clamp(2.0, 12.0);
        if self.last { cut.min(self.height).ceil() } else { self.height.ceil() }
    }
}
