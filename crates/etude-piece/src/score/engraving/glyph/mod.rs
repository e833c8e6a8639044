//! The signs of notation: their outlines and sizes.

mod digits;
mod outlines;

use super::outline::{Bounds, Outline};
use std::sync::LazyLock;

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Glyph {
    TrebleClef,
    BassClef,
    BlackHead,
    HalfHead,
    WholeHead,
    BreveHead,
    DoubleFlat,
    Flat,
    Natural,
    Sharp,
    DoubleSharp,
    BreveRest,
    WholeRest,
    HalfRest,
    QuarterRest,
    Rest8,
    Rest16,
    Rest32,
    Rest64,
    Rest128,
    FlagUp,
    FlagDown,
    FlagletUp,
    FlagletDown,
    FermataAbove,
    FermataBelow,
    /// A digit of a time signature, 0..=9.
    Digit(u8),
}

/// The paths in the order of [`Glyph`], without the digits.
const PATHS: [&str; 26] = [
    outlines::TREBLE,
    outlines::BASS,
    outlines::BLACK,
    outlines::HALF,
    outlines::WHOLE,
    outlines::BREVE,
    outlines::DOUBLE_FLAT,
    outlines::FLAT,
    outlines::NATURAL,
    outlines::SHARP,
    outlines::DOUBLE_SHARP,
    outlines::REST_BREVE,
    outlines::REST_WHOLE,
    outlines::REST_HALF,
    outlines::REST_QUARTER,
    outlines::REST_8,
    outlines::REST_16,
    outlines::REST_32,
    outlines::REST_64,
    outlines::REST_128,
    outlines::FLAG_UP,
    outlines::FLAG_DOWN,
    outlines::FLAGLET_UP,
    outlines::FLAGLET_DOWN,
    outlines::FERMATA_ABOVE,
    outlines::FERMATA_BELOW,
];

/// The parsed outlines with their boxes, the digits last.
static SHAPES: LazyLock<Vec<(Outline, Bounds)>> = LazyLock::new(|| {
    let downwards = |path: &&str| Outline::parse(path).map(|(x, y)| (x, -y));
    let shapes = PATHS.iter().chain(&digits::DIGITS).map(downwards);
    shapes.map(|outline| (outline.clone(), outline.bounds())).collect()
});

impl Glyph {
    /// The outline around the origin, in staff spaces, downwards positive.
    pub(super) fn outline(self) -> &'static Outline {
        &SHAPES[self.index()].0
    }

    /// The box around the outline.
    pub(super) fn bounds(self) -> Bounds {
        SHAPES[self.index()].1
    }

    /// The width from the origin.
    pub(super) fn width(self) -> f64 {
        self.bounds().right
    }

    /// A number that only this sign has.
    pub(super) fn index(self) -> usize {
        match self {
            Self::TrebleClef => 0,
            Self::BassClef => 1,
            Self::BlackHead => 2,
            Self::HalfHead => 3,
            Self::WholeHead => 4,
            Self::BreveHead => 5,
            Self::DoubleFlat => 6,
            Self::Flat => 7,
            Self::Natural => 8,
            Self::Sharp => 9,
            Self::DoubleSharp => 10,
            Self::BreveRest => 11,
            Self::WholeRest => 12,
            Self::HalfRest => 13,
            Self::QuarterRest => 14,
            Self::Rest8 => 15,
            Self::Rest16 => 16,
            Self::Rest32 => 17,
            Self::Rest64 => 18,
            Self::Rest128 => 19,
            Self::FlagUp => 20,
            Self::FlagDown => 21,
            Self::FlagletUp => 22,
            Self::FlagletDown => 23,
            Self::FermataAbove => 24,
            Self::FermataBelow => 25,
            Self::Digit(digit) => PATHS.len() + usize::from(digit % 10),
        }
    }

    /// The sign of an alteration.
    pub(super) fn of_alteration(alter: i8) -> Self {
        match alter {
            i8::MIN..=-2 => Self::DoubleFlat,
            -1 => Self::Flat,
            0 => Self::Natural,
            1 => Self::Sharp,
            2..=i8::MAX => Self::DoubleSharp,
        }
    }

    /// The digits of a number, from the left.
    pub(super) fn digits(number: u8) -> Vec<Self> {
        number.to_string().bytes().map(|digit| Self::Digit(digit - b'0')).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_two_spaces_tall() {
        for digit in 0..10 {
            let bounds = Glyph::Digit(digit).bounds();
            assert!((bounds.bottom - bounds.top - 2.0).abs() < 0.1, "{digit}: {bounds:?}");
        }
    }

    #[test]
    fn heads_fill_one_space() {
        for head in [Glyph::BlackHead, Glyph::HalfHead, Glyph::WholeHead] {
            let bounds = head.bounds();
            assert!((0.9..1.2).contains(&(bounds.bottom - bounds.top)), "{head:?}: {bounds:?}");
            assert!(bounds.left.abs() < 0.1, "{head:?} begins at its origin");
        }
    }

    #[test]
    fn every_outline_is_closed() {
        for (outline, bounds) in SHAPES.iter() {
            assert_eq!(outline.0.last(), Some(&super::super::outline::Segment::Close));
            assert!(!bounds.is_empty());
        }
        assert_eq!(SHAPES.len(), 36);
    }
}
