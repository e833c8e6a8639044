//! Pages as one PNG picture in greys, drawn in bands so that long scores need no more memory than short ones.

use super::super::outline::{Bounds, Outline, Point, Segment};
use super::super::page::{Ink, Page};
use super::stamp::{Key, Stamp, stamps};
use crate::score::Score;
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

/// The keyword of the recipe's text chunk.
pub(crate) const KEYWORD: &str = "etude-recipe";
/// The height of a band, and how many dots one has at most.
const BAND: u32 = 1024;
const BAND_DOTS: u32 = 1 << 22;
/// The most dots in a picture's width or height: what most programs still open.
const MOST_DOTS: f64 = 500_000.0;
/// What reading a recipe may take, in bytes.
const MOST_MEMORY: usize = 16 << 20;

/// Draws the pages below each other, with `dots` dots in a staff space.
///
/// # Errors
///
/// A picture of more than 500,000 dots in height.
pub(in super::super) fn png(pages: &[Page], score: &Score, dots: f64) -> Result<Vec<u8>> {
    let size = |spaces: f64| (spaces * dots).ceil().max(1.0);
    let width = size(pages.iter().map(|page| page.width).fold(0.0, f64::max));
    let heights: Vec<f64> = pages.iter().map(|page| size(page.shown())).collect();
    let height: f64 = heights.iter().sum();
    if width > MOST_DOTS || height > MOST_DOTS {
        let hint = "write a PDF, or a picture of lower resolution";
        return Err(Error::unfit(format!("a picture of {width} × {height} dots"), hint));
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let unwritten =
        |error: png::EncodingError| Error::unfit(format!("a picture: {error}"), "draw less at once");
    if !score.recipe.is_empty() {
        encoder.add_itxt_chunk(KEYWORD.to_owned(), score.recipe.clone()).map_err(unwritten)?;
    }
    let mut writer = encoder.write_header().map_err(unwritten)?;
    let mut stream = writer.stream_writer().map_err(unwritten)?;
    let mut copies = BTreeMap::new();
    for (page, height) in pages.iter().zip(heights) {
        let (mut top, bottom) = (0, height as u32);
        while top < bottom {
            let rows = BAND.min(BAND_DOTS / width as u32).max(1).min(bottom - top);
            let greys = band(page, (width as u32, rows), top, dots, &mut copies)?;
            stream.write_all(&greys).map_err(|error| unwritten(error.into()))?;
            top += rows;
        }
    }
    stream.finish().map_err(unwritten)?;
    writer.finish().map_err(unwritten)?;
    Ok(bytes)
}

/// Some rows of a page, as grey values.
fn band(
    page: &Page,
    (width, rows): (u32, u32),
    top: u32,
    dots: f64,
    copies: &mut BTreeMap<Key, Option<Path>>,
) -> Result<Vec<u8>> {
    let hint = "draw fewer staves, or with lower resolution";
    let mut pixmap =
        Pixmap::new(width, rows).ok_or_else(|| Error::unfit(format!("a picture {width} dots wide"), hint))?;
    pixmap.fill(Color::WHITE);
    let mut paint = Paint::default();
    paint.set_color(Color::BLACK);
    paint.anti_alias = true;
    // Half a dot down: the lines of a staff then fill rows of dots instead of lying between two.
    let shift = 0.5 - f64::from(top);
    let shown = |ink: &&Ink| {
        let Bounds { top, bottom, .. } = ink.bounds();
        bottom * dots + shift >= -2.0 && top * dots + shift <= f64::from(rows) + 2.0
    };
    let mut fill = |path: &Path, scale: f64, (x, y): Point| {
        let scale = (scale * dots) as f32;
        let transform =
            Transform::from_row(scale, 0.0, 0.0, scale, (x * dots) as f32, (y * dots + shift) as f32);
        pixmap.fill_path(path, &paint, FillRule::Winding, transform, None);
    };
    for ink in page.inks.iter().filter(shown) {
        stamps(ink, |stamp| match stamp {
            Stamp::Line { from, to, width } => {
                if let Some(path) = path(&stroke(from, to, width)) {
                    fill(&path, 1.0, (0.0, 0.0));
                }
            }
            Stamp::Shape(outline) => {
                if let Some(path) = path(outline) {
                    fill(&path, 1.0, (0.0, 0.0));
                }
            }
            Stamp::Copy { key, at, scale } => {
                if let Some(path) = copies.entry(key).or_insert_with(|| path(&key.outline())) {
                    fill(path, scale, at);
                }
            }
        });
    }
    // Black on white: all three colours are the same.
    Ok(pixmap.data().chunks_exact(4).map(|dot| dot[0]).collect())
}

/// A line as the outline of its ink.
fn stroke((x1, y1): Point, (x2, y2): Point, width: f64) -> Outline {
    let length = (x2 - x1).hypot(y2 - y1).max(1e-9);
    let (dx, dy) = ((y1 - y2) / length * width / 2.0, (x2 - x1) / length * width / 2.0);
    Outline::polygon(&[(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)])
}

fn path(outline: &Outline) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let place = |(x, y): Point| (x as f32, y as f32);
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => {
                let (x, y) = place(to);
                builder.move_to(x, y);
            }
            Segment::Line(to) => {
                let (x, y) = place(to);
                builder.line_to(x, y);
            }
            Segment::Curve(a, b, to) => {
                let ((x1, y1), (x2, y2), (x, y)) = (place(a), place(b), place(to));
                builder.cubic_to(x1, y1, x2, y2, x, y);
            }
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

/// The recipe in a picture that `png` drew, if it has one.
pub fn recipe_of_png(bytes: &[u8]) -> Option<String> {
    let limits = png::Limits { bytes: MOST_MEMORY };
    let decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    let reader = decoder.read_info().ok()?;
    let chunk = reader.info().utf8_text.iter().find(|chunk| chunk.keyword == KEYWORD)?;
    chunk.get_text().ok()
}
