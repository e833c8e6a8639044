//! A page of handwriting: lines are broken at a width, set under each other, and laid between margins.

use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use etude_piece::strokes::{Point, Stroke, Strokes};

/// Whoever writes lines.
pub trait Writer {
    /// About how wide a line gets, in ems.
    fn width(&self, line: &str) -> f64;

    /// Writes a line: strokes in ems on the base line y = 0, from x = 0 on.
    ///
    /// # Errors
    ///
    /// Letters that it can't write.
    fn line(&mut self, line: &str) -> Result<Strokes>;
}

/// How a page looks; lengths in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What is kept free at each side.
    pub margin: f64,
    /// How large an em is.
    pub size: f64,
    /// From one base line to the next, in ems.
    pub leading: f64,
    /// How far lines begin from where they should, in ems: 0 for a ruler's edge.
    pub ragged: f64,
    /// How much lines run up or down, in radians: 0 for ruled paper.
    pub slope: f64,
}

/// A4 with the margins of a letter.
impl Default for Page {
    fn default() -> Self {
        Self {
            width: 210.0,
            height: 297.0,
            margin: 20.0,
            size: 8.0,
            leading: 1.4,
            ragged: 0.05,
            slope: 0.003,
        }
    }
}

/// From the upper edge of a line to its base line, in ems.
const ASCENT: f64 = 0.8;
/// From its base line to its lower edge.
const DESCENT: f64 = 0.3;
/// The largest page and the smallest letters, in millimetres.
const LARGEST: f64 = 10_000.0;
const SMALLEST: f64 = 0.1;

impl Page {
    /// Sets a text on as many pages as it needs, in millimetres from the upper left corner of each; every line feed begins a line,
    /// and a line that turned out too wide is narrowed.
    ///
    /// # Errors
    ///
    /// Margins that leave no room for a line, and letters that the writer can't write.
    pub fn set(&self, text: &str, writer: &mut dyn Writer, chance: &mut Chance) -> Result<Vec<Strokes>> {
        let room = self.room()?;
        let lines = broken(text, room, writer);
        let free = self.height - 2.0 * self.margin - self.size * (ASCENT + DESCENT);
        let each = 1 + (free / (self.size * self.leading)) as usize;
        let mut pages = Vec::new();
        for lines in lines.chunks(each) {
            let mut page = Strokes::default();
            for (row, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
                let written = writer.line(line)?;
                let (begin, slope) = (self.ragged * chance.unit(), self.slope * (2.0 * chance.unit() - 1.0));
                let begin = begin.min(room / 2.0);
                // The left edge of the ink stands at the margin, whatever the first letter's own.
                let Some(bounds) = written.bounds() else { continue };
                let narrow = ((room - begin) / bounds.width()).min(1.0);
                let base = self.margin + self.size * (ASCENT + self.leading * row as f64);
                let place = |point: &Point| {
                    let x = begin + narrow * (point.x - bounds.left);
                    let y = point.y + slope * x;
                    Point { x: self.margin + self.size * x, y: base + self.size * y, time: None }
                };
                let stroke = |stroke: &Stroke| Stroke { points: stroke.points.iter().map(place).collect() };
                page.strokes.extend(written.strokes.iter().map(stroke));
            }
            pages.push(page);
        }
        Ok(pages)
    }

    /// How wide lines may be, in ems.
    fn room(&self) -> Result<f64> {
        let Self { width, height, margin, size, leading, ragged, slope } = *self;
        let sized = (SMALLEST..=LARGEST).contains(&size) && width.max(height) <= LARGEST;
        let kind =
            margin >= 0.0 && leading > 0.0 && (0.0..=10.0).contains(&ragged) && (0.0..=0.1).contains(&slope);
        let (across, down) = (width - 2.0 * margin - size, height - 2.0 * margin - size * (ASCENT + DESCENT));
        if !(sized && kind && across >= 0.0 && down >= 0.0) {
            let found = format!(
                "letters of {size} mm on a page of {width} x {height} mm with margins of {margin} mm"
            );
            return Err(Error::usage(
                found,
                "room for one letter at least: smaller letters or margins, a larger page",
            ));
        }
        Ok((width - 2.0 * margin) / size)
    }
}

/// A text in lines that are no wider than `room` ems, broken at blanks, or within words that fit nowhere.
fn broken(text: &str, room: f64, writer: &dyn Writer) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if writer.width(&longer) <= room {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if line.chars().count() > 1 && writer.width(&line) > room {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a stroke of an em for every letter, and a blank for a blank.
    struct Plain;

    impl Writer for Plain {
        fn width(&self, line: &str) -> f64 {
            line.chars().count() as f64
        }

        fn line(&mut self, line: &str) -> Result<Strokes> {
            let letters = line.chars().enumerate().filter(|(_, letter)| *letter != ' ');
            let point = |x: f64| Point { x, y: 0.0, time: None };
            let stroke = |(at, _)| Stroke { points: vec![point(at as f64), point(at as f64 + 1.0)] };
            Ok(Strokes { strokes: letters.map(stroke).collect() })
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(broken(text, 5.0, &Plain), expected);
    }

    #[test]
    fn lines_are_broken_at_blanks() {
        check("ab cd ef", &["ab cd", "ef"]);
        check("ab\n\ncd  e", &["ab", "", "cd e"]);
        check("", &[]);
    }

    #[test]
    fn words_that_fit_nowhere_are_broken_anywhere() {
        check("a abcdefghijk l", &["a", "abcde", "fghij", "k l"]);
    }

    fn page() -> Page {
        Page { width: 70.0, height: 60.0, margin: 10.0, size: 10.0, leading: 1.5, ragged: 0.0, slope: 0.0 }
    }

    #[test]
    fn pages_are_filled_between_their_margins() {
        let pages = page().set("ab\ncd\nef\nghijklm", &mut Plain, &mut Chance::new(1, 0)).expect("pages");
        let told: Vec<String> = pages.iter().map(ToString::to_string).collect();
        let first = "10,18 20,18 | 20,18 30,18 | 10,33 20,33 | 20,33 30,33";
        assert_eq!(told[0], first);
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn nothing_lies_in_the_margin_whatever_the_layout() {
        let loose = Page { ragged: 0.5, slope: 0.01, ..page() };
        let text = "abc abcde ab a abc abcd abcdefgh";
        for page in loose.set(text, &mut Plain, &mut Chance::new(2, 0)).expect("pages") {
            let bounds = page.bounds().expect("ink");
            assert!(bounds.left >= 10.0 && bounds.right <= 60.0 + 1e-9 && bounds.top >= 10.0, "{bounds:?}");
        }
    }

    #[test]
    fn pages_without_room_are_refused() {
        for wrong in [
            Page { margin: 35.0, ..page() },
            Page { size: f64::NAN, ..page() },
            Page { height: 20.0, ..page() },
            Page { leading: 0.0, ..page() },
        ] {
            assert!(wrong.set("a", &mut Plain, &mut Chance::new(1, 0)).is_err(), "{wrong:?}");
        }
    }
}
