//! Engraving: a score as pages of staff notation, in SVG, PNG and PDF.
//!
//! Four arrows, each its own module: a score becomes `notation` (what is drawn, in musical terms), that is measured
//! and broken into lines (`spacing`), its signs get their places (`placing`), and the pages of ink that come out are
//! written as a `file`. The same score gives the same bytes.
//!
//! ```
//! use etude_piece::score::abc;
//! use etude_piece::score::engraving::{Paper, svg};
//!
//! let score = abc::read(b"X:1\nT:Tune\nM:3/4\nL:1/4\nK:G\nG A B|d3|]")?;
//! let picture = svg(&score, &Paper::default())?;
//! assert!(picture.bytes.starts_with(b"<svg"));
//! # Ok::<(), etude_piece::Error>(())
//! ```

mod notation;
mod spacing;

mod placing;

mod file;

mod glyph;
mod lettering;
mod outline;
mod page;
mod proportions;

use super::{Losses, Score, Written};
use crate::Result;
use page::Page;

pub(crate) use file::KEYWORD;
pub use file::{recipe_of_pdf, recipe_of_png};

/// By how much pieces are drawn smaller that go a little over one page.
const SMALLER: [f64; 2] = [0.93, 0.86];

/// The size of pages and of what is on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// The width in millimetres, 60..=2000.
    pub width: f64,
    /// The height in millimetres, 60..=2000.
    pub height: f64,
    /// What stays free on all sides, in millimetres, 0..=100.
    pub margin: f64,
    /// The height of a staff in millimetres, from the lowest line to the highest, 2..=40.
    pub staff: f64,
    /// The resolution of PNG in dots per inch, 20..=1200. It is rounded so that staff lines are whole dots apart.
    pub resolution: f64,
}

impl Default for Paper {
    /// A4 with staves of 7 mm, as parts for one player have, at 150 dots per inch.
    fn default() -> Self {
        Self { width: 210.0, height: 297.0, margin: 15.0, staff: 7.0, resolution: 150.0 }
    }
}

impl Paper {
    /// The same within bounds.
    fn bounded(&self) -> Self {
        let bounded = |value: f64, least: f64, most: f64, usual: f64| {
            if value.is_finite() { value.clamp(least, most) } else { usual }
        };
        Self {
            width: bounded(self.width, 60.0, 2000.0, 210.0),
            height: bounded(self.height, 60.0, 2000.0, 297.0),
            margin: bounded(self.margin, 0.0, 100.0, 15.0),
            staff: bounded(self.staff, 2.0, 40.0, 7.0),
            resolution: bounded(self.resolution, 20.0, 1200.0, 150.0),
        }
    }

    /// A staff space in millimetres.
    fn space(&self) -> f64 {
        self.staff / 4.0
    }
}

/// Draws a score as one SVG picture, its pages below each other. Text is drawn as outlines.
///
/// # Errors
///
/// A score out of bounds: times after 1,000,000 quarter notes, more than 250,000 notes.
pub fn svg(score: &Score, paper: &Paper) -> Result<Written> {
    let Drawing { pages, space, lost } = draw(score, paper)?;
    Ok(Written { bytes: file::svg(&pages, score, space).into_bytes(), lost })
}

/// Draws a score as one PNG picture, its pages below each other.
///
/// # Errors
///
/// As [`svg`].
pub fn png(score: &Score, paper: &Paper) -> Result<Written> {
    let Drawing { pages, space, lost } = draw(score, paper)?;
    let dots = (space / 25.4 * paper.bounded().resolution).round().max(2.0);
    Ok(Written { bytes: file::png(&pages, score, dots)?, lost })
}

/// Draws a score as a PDF document.
///
/// # Errors
///
/// As [`svg`].
pub fn pdf(score: &Score, paper: &Paper) -> Result<Written> {
    let Drawing { pages, space, lost } = draw(score, paper)?;
    Ok(Written { bytes: file::pdf(&pages, score, space), lost })
}

/// A score's pages.
struct Drawing {
    pages: Vec<Page>,
    /// A staff space, in millimetres.
    space: f64,
    /// What they don't show.
    lost: Vec<String>,
}

/// Draws a score. What goes a little over one page is drawn a little smaller, if it then has room on one.
fn draw(score: &Score, paper: &Paper) -> Result<Drawing> {
    let mut losses = Losses::default();
    let sheet = notation::sheet(score, &mut losses)?;
    let letters = sheet.texts().flat_map(str::chars);
    let lacking = letters.filter(|&letter| lettering::Face::lacks(letter)).count();
    losses.add_many(lacking, "letter", "the type has those of Europe's Latin alphabets");
    let paper = paper.bounded();
    let pages = |space: f64| {
        let (width, height, margin) = (paper.width / space, paper.height / space, paper.margin / space);
        placing::pages(&sheet, placing::Format { width, height, margin })
    };
    let space = paper.space();
    let usual = pages(space);
    let mut smaller = SMALLER.iter().map(|share| share * space).filter(|_| usual.len() == 2);
    let fitting = smaller.find_map(|space| Some((pages(space), space)).filter(|(pages, _)| pages.len() == 1));
    let (pages, space) = fitting.unwrap_or((usual, space));
    Ok(Drawing { pages, space, lost: losses.lines() })
}

#[cfg(test)]
mod tests;
