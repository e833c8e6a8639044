//! A drawing as a picture of dots: black on white, in its own proportions, amid the picture.

use super::Strokes;
use crate::score::engraving::KEYWORD;
use crate::{Error, Result};
use tiny_skia::{Color, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Transform};

/// The most dots in width or height.
pub const MOST_DOTS: u32 = 8192;

/// How a picture is to look, in dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picture {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// How wide the line is.
    pub line: f64,
    /// What is kept free at each side, beside half the line.
    pub margin: f64,
}

impl Default for Picture {
    /// 1024 × 1024 dots with a line of 4: what screens show whole.
    fn default() -> Self {
        Self { width: 1024, height: 1024, line: 4.0, margin: 32.0 }
    }
}

/// Draws a picture; `recipe` goes with it unless it is empty.
///
/// # Errors
///
/// A picture without dots or with more than 8,192 in width or height, and one whose line and margins leave no room.
pub fn png(drawing: &Strokes, picture: &Picture, recipe: &str) -> Result<Vec<u8>> {
    let &Picture { width, height, line, margin } = picture;
    let size = || format!("a picture of {width} × {height} dots");
    if width.max(height) > MOST_DOTS || width.min(height) == 0 {
        return Err(Error::unfit(size(), format!("1 to {MOST_DOTS} dots in width and height")));
    }
    let free = margin + line / 2.0;
    let room = f64::from(width.min(height)) - 2.0 * free;
    if !(line > 0.0 && margin >= 0.0 && room > 0.0) {
        let found = format!("{} with a line of {line} and a margin of {margin}", size());
        return Err(Error::unfit(found, "a thinner line or a smaller margin"));
    }
    let placed = drawing.fitted([f64::from(width), f64::from(height)], free);
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| Error::unfit(size(), "fewer dots"))?;
    pixmap.fill(Color::WHITE);
    let mut paint = Paint::default();
    paint.set_color(Color::BLACK);
    paint.anti_alias = true;
    let pen = tiny_skia::Stroke {
        width: line as f32,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..tiny_skia::Stroke::default()
    };
    for stroke in &placed.strokes {
        let mut builder = PathBuilder::new();
        for (index, point) in stroke.points.iter().enumerate() {
            match index {
                0 => builder.move_to(point.x as f32, point.y as f32),
                _ => builder.line_to(point.x as f32, point.y as f32),
            }
        }
        if let ([dot], true) = (stroke.points.as_slice(), stroke.points.len() == 1) {
            // A line of no length has no caps everywhere; one of a thousandth has.
            builder.line_to(dot.x as f32 + 1e-3, dot.y as f32);
        }
        if let Some(path) = builder.finish() {
            pixmap.stroke_path(&path, &paint, &pen, Transform::identity(), None);
        }
    }
    // Black on white: all three colours are the same.
    let greys: Vec<u8> = pixmap.data().chunks_exact(4).map(|dot| dot[0]).collect();
    packed(&greys, (width, height), recipe)
}

/// Greys as a file.
fn packed(greys: &[u8], (width, height): (u32, u32), recipe: &str) -> Result<Vec<u8>> {
    let unwritten =
        |error: png::EncodingError| Error::unfit(format!("a picture: {error}"), "draw less at once");
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    if !recipe.is_empty() {
        encoder.add_itxt_chunk(KEYWORD.to_owned(), recipe.to_owned()).map_err(unwritten)?;
    }
    let mut writer = encoder.write_header().map_err(unwritten)?;
    writer.write_image_data(greys).map_err(unwritten)?;
    writer.finish().map_err(unwritten)?;
    Ok(bytes)
}

impl Strokes {
    /// The drawing in its own proportions, as large as it fits into a rectangle with free sides, and amid it. One that has
    /// no size is moved only.
    pub(super) fn fitted(&self, [width, height]: [f64; 2], free: f64) -> Self {
        let Some(bounds) = self.bounds() else { return self.clone() };
        let scales = [(width, bounds.width()), (height, bounds.height())]
            .map(|(room, size)| (room - 2.0 * free) / size);
        let scale = scales.into_iter().filter(|scale| scale.is_finite()).fold(f64::INFINITY, f64::min);
        let scale = if scale.is_finite() { scale } else { 1.0 };
        let (x, y) = (bounds.left + bounds.width() / 2.0, bounds.top + bounds.height() / 2.0);
        self.moved(|px, py| (width / 2.0 + scale * (px - x), height / 2.0 + scale * (py - y)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::stroke3::from_stroke3;
    use super::*;
    use crate::score::engraving::recipe_of_png;

    /// The picture as text: `#` where it is dark.
    fn shown(bytes: &[u8]) -> String {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("our own picture");
        let mut dots = vec![0; reader.output_buffer_size().expect("small")];
        let info = reader.next_frame(&mut dots).expect("our own picture");
        let rows = dots[..info.buffer_size()].chunks(info.width as usize);
        rows.map(|row| row.iter().map(|&grey| if grey < 128 { '#' } else { '.' }).collect::<String>() + "\n")
            .collect()
    }

    #[test]
    fn a_drawing_fills_its_picture_in_its_proportions() {
        let rows = [[0.0, 0.0, 0.0], [8.0, 0.0, 1.0], [-4.0, 2.0, 0.0], [0.0, 2.0, 1.0]];
        let drawing = from_stroke3(&rows).expect("a drawing");
        let picture = Picture { width: 11, height: 9, line: 1.0, margin: 1.0 };
        let bytes = png(&drawing, &picture, "recipe").expect("a picture");
        let expected = "\
...........
...........
.#########.
...........
.....#.....
.....#.....
.....#.....
...........
...........
";
        assert_eq!(shown(&bytes), expected, "\n{}", shown(&bytes));
        assert_eq!(recipe_of_png(&bytes).as_deref(), Some("recipe"));
    }

    #[test]
    fn a_dot_is_shown() {
        let dot = from_stroke3(&[[5.0, 5.0, 1.0]]).expect("a dot");
        let bytes =
            png(&dot, &Picture { width: 5, height: 5, line: 3.0, margin: 0.0 }, "").expect("a picture");
        assert!(shown(&bytes).contains("###"), "\n{}", shown(&bytes));
    }

    #[test]
    fn pictures_without_room_are_refused() {
        let dot = from_stroke3(&[[5.0, 5.0, 1.0]]).expect("a dot");
        let usual = Picture::default();
        for picture in [
            Picture { width: 0, ..usual },
            Picture { height: 8193, ..usual },
            Picture { line: f64::NAN, ..usual },
            Picture { margin: 512.0, ..usual },
        ] {
            assert!(png(&dot, &picture, "").is_err(), "{picture:?}");
        }
    }
}
