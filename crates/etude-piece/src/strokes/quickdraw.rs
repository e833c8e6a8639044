//! Quick, Draw! (Google, 2017): a drawing on each line of JSON, plain or as gzip, raw or simplified.
//!
//! ```text
//! {"word": "cat", "drawing": [[[x, …], [y, …], [t, …]], …], …}    t in milliseconds, in the raw files only
//! ```
//!
//! Country, moment, key and whether the drawing was recognised are left out.

use super::Drawing;
use super::jsonl::{json, lines, on_line};
use super::pen::Pen;
use crate::packed::plain;
use crate::{Fault, Place, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is expected of a line.
const SHAPE: &str = "{\"word\": \"cat\", \"drawing\": [[[x, …], [y, …]], …]}";

/// One line.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    word: Option<Cow<'a, str>>,
    drawing: Vec<Vec<Vec<f64>>>,
}

/// Reads all drawings. Each is called by its word and its number among those of the same word, such as `cat-12`.
///
/// # Errors
///
/// Lines that are no such JSON, strokes whose lists differ in length, files without a drawing, and what is packed badly or out
/// of proportion; the place is the line.
pub fn read(bytes: &[u8]) -> Result<Vec<Drawing>> {
    let mut drawings = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (number, line) in lines(&plain(bytes, "drawings of Quick, Draw!")?) {
        let line: Line = json(line, number, SHAPE)?;
        let word = line.word.map_or_else(|| "drawing".to_owned(), Cow::into_owned);
        let strokes = strokes(&line.drawing).map_err(|error| on_line(error, number))?;
        let count = counts.entry(word.clone()).or_default();
        *count += 1;
        drawings.push(Drawing { name: format!("{word}-{count}"), split: None, strokes });
    }
    match drawings.is_empty() {
        true => Err(Fault::new(Place::Whole, "no drawing", SHAPE).into()),
        false => Ok(drawings),
    }
}

/// A drawing from lists of coordinates, and of times in milliseconds if there are any.
fn strokes(drawing: &[Vec<Vec<f64>>]) -> Result<super::Strokes> {
    let mut pen = Pen::default();
    for (index, stroke) in drawing.iter().enumerate() {
        let place = Place::Item(index);
        let (xs, ys, times) = match stroke.as_slice() {
            [xs, ys] if xs.len() == ys.len() => (xs, ys, None),
            [xs, ys, times] if xs.len() == ys.len() && xs.len() == times.len() => (xs, ys, Some(times)),
            _ => {
                let lengths: Vec<String> = stroke.iter().map(|list| list.len().to_string()).take(9).collect();
                let found = format!("a stroke with lists of lengths [{}]", lengths.join(", "));
                return Err(Fault::new(place, found, "two or three lists of one length").into());
            }
        };
        for (index, (&x, &y)) in xs.iter().zip(ys).enumerate() {
            pen.draw(place, x, y, times.map(|times| times[index] / 1000.0))?;
        }
        pen.lift();
    }
    pen.finish(Place::Whole)
}

#[cfg(test)]
mod tests {
    use super::super::mutants::damage;
    use super::*;
    use crate::corpus::shared::shared;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match read(text.as_bytes()) {
            Ok(drawings) => {
                let told: Vec<String> =
                    drawings.iter().map(|d| format!("{}: {}", d.name, d.strokes)).collect();
                told.join("; ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn words_name_the_drawings() {
        check(
            "{\"word\":\"cat\",\"drawing\":[[[1,2],[3,4]],[[5],[6]]]}\n{\"word\":\"ant\",\"drawing\":[[[0],[0]]]}\n{\"word\":\"cat\",\"drawing\":[[[0],[9]]]}",
            "cat-1: 1,3 2,4 | 5,6; ant-1: 0,0; cat-2: 0,9",
        );
    }

    #[test]
    fn raw_drawings_have_times() {
        let raw = "{\"word\":\"cat\",\"countrycode\":\"VE\",\"timestamp\":\"2017-03-02 23:25:10\",\"recognized\":true,\"key_id\":\"5\",\"drawing\":[[[1.5,2],[3,4],[100,150]],[[5],[6],[1100]]]}";
        check(raw, "cat-1: 1.5,3@0 2,4@0.05 | 5,6@1");
    }

    #[test]
    fn lists_of_unlike_lengths_are_named() {
        let expected = "line 1, column 1: found a stroke with lists of lengths [2, 1] in row 1, expected two or three lists of one length";
        check("{\"drawing\":[[[1,2],[3]]]}", expected);
        check(
            "{\"drawing\":[]}",
            "line 1, column 1: found a drawing without points, expected at least one point",
        );
        check("\n", &format!("found no drawing, expected {SHAPE}"));
    }

    #[test]
    fn damaged_lines_are_read_or_refused() {
        let text = "{\"word\":\"cat\",\"drawing\":[[[1.5,2],[3,4],[100,150]],[[5],[6],[1100]]]}\n";
        let taken = damage(text.as_bytes(), 4000, |bytes| read(bytes).is_ok());
        assert!(taken > 250, "only {taken} were legal");
    }

    #[test]
    fn the_small_collection_is_read_whole() {
        let Some(path) = shared("quickdraw-mini/quickdraw-mini.ndjson.gz") else { return };
        let drawings = read(&std::fs::read(path).expect("a file")).expect("a collection");
        let cats = drawings.iter().filter(|drawing| drawing.name.starts_with("cat-")).count();
        assert_eq!((drawings.len(), cats), (344 * 20, 20));
    }
}
