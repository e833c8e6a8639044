//! A copyist: writes lines in a font and a style.

use super::letters::Letters;
use super::page::Writer;
use super::style::Style;
use crate::error::Result;
use crate::inference::chance::Chance;
use etude_piece::strokes::Strokes;

/// Somebody who writes a font.
pub struct Copyist<'a> {
    /// The fonts.
    pub letters: &'a Letters,
    /// The number of the one that is written.
    pub font: usize,
    /// How.
    pub style: Style,
    /// What makes letters differ.
    pub chance: Chance,
}

impl Writer for Copyist<'_> {
    fn width(&self, line: &str) -> f64 {
        let count = line.chars().count() as f64;
        self.style.width * self.letters.width(self.font, line) + self.style.spacing * count
    }

    fn line(&mut self, line: &str) -> Result<Strokes> {
        self.letters.write(self.font, line, &self.style, &mut self.chance)
    }
}
