//! Logs of the `$1` recogniser (Wobbrock & al. 2007) as lines of JSON: a gesture in one stroke on each.
//!
//! ```text
//! {"name": "arrow", "subject": 2, "speed": "fast", "n": 1, "ms": 1036, "pts": [[x, y, milliseconds], …]}
//! ```
//!
//! The same logs in XML are read by [`super::xml`].

use super::jsonl::{json, lines, on_line};
use super::pen::Pen;
use super::{Drawing, Strokes};
use crate::packed::plain;
use crate::{Fault, Place, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is expected of a line.
const SHAPE: &str = "{\"name\": \"arrow\", \"subject\": 2, \"pts\": [[x, y, milliseconds], …]}";

/// One gesture as it was logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Gesture {
    /// What was drawn.
    pub name: String,
    /// Who drew it.
    pub subject: u32,
    /// `slow`, `medium` or `fast`, or empty.
    pub speed: String,
    /// Its number among those of its name, subject and speed.
    pub number: u32,
    /// How it was drawn.
    pub strokes: Strokes,
}

/// One line.
#[derive(Deserialize)]
struct Line {
    name: String,
    #[serde(default)]
    subject: u32,
    #[serde(default)]
    speed: String,
    #[serde(default, rename = "n")]
    number: u32,
    #[serde(rename = "pts")]
    points: Vec<[f64; 3]>,
}

/// Reads all gestures with what their lines tell, plain or as gzip.
///
/// # Errors
///
/// Lines that are no such JSON, files without a gesture, and what is packed badly or out of proportion; the place is the line.
pub fn gestures(bytes: &[u8]) -> Result<Vec<Gesture>> {
    let mut gestures = Vec::new();
    for (number, line) in lines(&plain(bytes, "gestures in JSON lines")?) {
        let Line { name, subject, speed, number: count, points } = json(line, number, SHAPE)?;
        let mut pen = Pen::default();
        let drawn =
            points.iter().try_for_each(|&[x, y, time]| pen.draw(Place::Whole, x, y, Some(time / 1000.0)));
        let strokes =
            drawn.and_then(|()| pen.finish(Place::Whole)).map_err(|error| on_line(error, number))?;
        gestures.push(Gesture { name, subject, speed, number: count, strokes });
    }
    match gestures.is_empty() {
        true => Err(Fault::new(Place::Whole, "no gesture", SHAPE).into()),
        false => Ok(gestures),
    }
}

/// Reads all gestures as drawings. Each is called by its name and its number among those of the same name, such as `arrow-12`.
///
/// # Errors
///
/// As [`gestures`].
pub fn read(bytes: &[u8]) -> Result<Vec<Drawing>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let named = gestures(bytes)?.into_iter().map(|Gesture { name, strokes, .. }| {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        Drawing { name: format!("{name}-{count}"), split: None, strokes }
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::super::mutants::damage;
    use super::*;
    use crate::corpus::shared::shared;

    #[test]
    fn gestures_have_names_and_times() {
        let line = "{\"name\":\"arrow\",\"subject\":2,\"speed\":\"fast\",\"n\":1,\"ms\":25,\"pts\":[[66,252,0],[68,249,17]]}\n";
        let drawings = read(line.repeat(2).as_bytes()).expect("two gestures");
        assert_eq!(
            (drawings[1].name.as_str(), drawings[1].strokes.to_string().as_str()),
            ("arrow-2", "66,252@0 68,249@0.017")
        );
        let error = read(b"{\"name\":\"a\",\"pts\":[]}").expect_err("no points").to_string();
        assert_eq!(error, "line 1, column 1: found a drawing without points, expected at least one point");
        let taken = damage(line.as_bytes(), 2000, |bytes| read(bytes).is_ok());
        assert!(taken > 200, "only {taken} were legal");
    }

    #[test]
    fn the_logs_are_read_whole() {
        let Some(path) = shared("gestures-dollar/gestures.jsonl") else { return };
        let gestures = gestures(&std::fs::read(path).expect("a file")).expect("logs");
        let arrows =
            gestures.iter().filter(|gesture| gesture.name == "arrow" && gesture.subject == 11).count();
        assert_eq!((gestures.len(), arrows), (4800, 30));
    }
}
