//! Timed strokes as Omniglot has them (Lake & al. 2015): a point on each line, in a text for each drawing.
//!
//! ```text
//! START
//! 18.95,-43.5,0       x, y upwards, milliseconds
//! 19.7,-41.9,56
//! BREAK               the pen is lifted
//! ```

use super::Strokes;
use super::pen::Pen;
use crate::{Fault, Place, Result};

/// Reads a drawing.
///
/// # Errors
///
/// A text that doesn't begin with START, lines that aren't three numbers or BREAK, and drawings without a point.
pub fn read(bytes: &[u8]) -> Result<Strokes> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(Place::Byte(error.valid_up_to()), "a byte that is no text", "strokes in UTF-8")
    })?;
    let mut pen = Pen::default();
    let mut begun = false;
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let place = Place::Line(index + 1, 1);
        let wrong = |expected: &str| {
            let found: String = line.chars().take(40).collect();
            Fault::new(place, format!("`{found}`"), expected)
        };
        match line {
            "" => {}
            "START" => {
                begun = true;
                pen.lift();
            }
            _ if !begun => return Err(wrong("START").into()),
            "BREAK" => pen.lift(),
            _ => {
                let numbers = line.split(',').map(|field| field.trim().parse().ok());
                let numbers = numbers.collect::<Option<Vec<f64>>>().unwrap_or_default();
                let &[x, y, time] = numbers.as_slice() else {
                    return Err(wrong("x,y,milliseconds, or BREAK").into());
                };
                // Not -0 for 0.
                pen.draw(place, x, 0.0 - y, Some(time / 1000.0))?;
            }
        }
    }
    pen.finish(Place::Whole)
}

#[cfg(test)]
mod tests {
    use super::super::mutants::damage;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told =
            read(text.as_bytes()).map_or_else(|error| error.to_string(), |strokes| strokes.to_string());
        assert_eq!(told, expected);
    }

    #[test]
    fn strokes_are_timed_and_turned_downwards() {
        check("START\n18.5,-43.5,0\n19,0,56\nBREAK\n1,2,1000\nBREAK\n", "18.5,43.5@0 19,0@0.056 | 1,-2@1");
    }

    #[test]
    fn wrong_lines_are_named() {
        check("1,2,3", "line 1, column 1: found `1,2,3`, expected START");
        check("START\n1,2", "line 2, column 1: found `1,2`, expected x,y,milliseconds, or BREAK");
        check("START\n1,2,3,x", "line 2, column 1: found `1,2,3,x`, expected x,y,milliseconds, or BREAK");
        check("START\nBREAK", "found a drawing without points, expected at least one point");
    }

    #[test]
    fn damaged_texts_are_read_or_refused() {
        let taken = damage(b"START\n18.5,-43.5,0\n19,0,56\nBREAK\n1,2,1000\nBREAK\n", 2000, |bytes| {
            read(bytes).is_ok()
        });
        assert!(taken > 200, "only {taken} were legal");
    }
}
