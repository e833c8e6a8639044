//! Corpora in JSON: lists of steps by split, or named pieces with their voices.
//!
//! ```text
//! {"train": [[[74, 70, 65, 58], …], …], "valid": …, "test": …}    a step lists S, A, T, B, or the set of what sounds; -1 is silence
//! {"name": {"key": "Eb", "meter": "4/4", "satb16": [[67, 63, 58, 51], …]}, …}
//! ```

use super::{Corpus, Item, Split};
use crate::score::{Frame, Grid, Metre};
use crate::{Fault, Place, Result};
use serde_json::Value;

/// Reads a corpus in JSON; `steps_per_quarter` tells how long its steps are.
///
/// # Errors
///
/// JSON that is broken or of another shape, and numbers that are no MIDI numbers.
pub fn read_json(bytes: &[u8], name: &str, steps_per_quarter: usize) -> Result<Corpus> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Fault::new(Place::Line(error.line(), error.column()), error.to_string(), "a corpus in JSON")
    })?;
    let mut corpus = Corpus { name: name.to_owned(), ..Corpus::default() };
    let shape = || Fault::new(Place::Whole, "another shape", "{\"train\": …} or {\"name\": {\"satb16\": …}}");
    let object = value.as_object().ok_or_else(shape)?;
    for split in Split::ALL {
        let Some(pieces) = object.get(split.name()) else { continue };
        let pieces = pieces.as_array().ok_or_else(shape)?;
        for (index, piece) in pieces.iter().enumerate() {
            let grid = grid(piece, index, steps_per_quarter)?;
            corpus.items.push(Item { name: format!("{}-{:03}", split.name(), index + 1), split, grid });
        }
    }
    if !corpus.items.is_empty() {
        return Ok(corpus);
    }
    for (index, (name, piece)) in object.iter().enumerate() {
        let steps = piece.get("satb16").ok_or_else(shape)?;
        let mut grid = grid(steps, index, steps_per_quarter)?;
        let text = |field: &str| piece.get(field).and_then(Value::as_str).unwrap_or_default();
        grid.frame.key = text("key").parse().ok();
        grid.frame.metre = metre(text("meter"));
        corpus.items.push(Item { name: name.clone(), split: Split::Train, grid });
    }
    if corpus.items.is_empty() {
        return Err(shape().into());
    }
    Ok(corpus)
}

/// Reads `3/4`.
fn metre(text: &str) -> Option<Metre> {
    let (count, unit) = text.split_once('/')?;
    Metre::new(count.parse().ok()?, unit.parse().ok()?)
}

/// One piece: a list of steps, each a list of MIDI numbers.
fn grid(piece: &Value, item: usize, steps_per_quarter: usize) -> Result<Grid> {
    let wrong = |found: &Value| {
        let found: String = found.to_string().chars().take(40).collect();
        Fault::new(Place::Item(item), found, "a list of steps, each a list of MIDI numbers or -1")
    };
    let steps = piece.as_array().ok_or_else(|| wrong(piece))?;
    let mut rows: Vec<Vec<Option<u8>>> = Vec::with_capacity(steps.len());
    for step in steps {
        let numbers = step.as_array().ok_or_else(|| wrong(step))?;
        let pitches = numbers.iter().map(|number| match number.as_f64() {
            Some(-1.0) => Ok(None),
            Some(pitch) if (0.0..128.0).contains(&pitch) && pitch.fract() == 0.0 => Ok(Some(pitch as u8)),
            _ => Err(wrong(number)),
        });
        rows.push(pitches.collect::<std::result::Result<_, _>>()?);
    }
    let voices = rows.iter().map(Vec::len).max().unwrap_or(0);
    if voices == 0 {
        return Err(wrong(piece).into());
    }
    // Steps of unequal length are sets of what sounds: dealt to the voices from the top.
    if rows.iter().any(|row| row.len() != voices) {
        for row in &mut rows {
            row.sort_unstable_by(|a, b| b.cmp(a));
            row.resize(voices, None);
        }
    }
    let frame = Frame { steps_per_quarter, ..Frame::sixteenths(voices, rows.len()) };
    Ok(Grid::from_pitches(frame, &rows.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let told = match read_json(json.as_bytes(), "test", 4) {
            Ok(corpus) => {
                let items = corpus.items.iter().map(|item| {
                    let pitches: Vec<_> = item.grid.pitches().map(|p| p.map_or(-1, i32::from)).collect();
                    format!("{} {} {pitches:?}", item.name, item.grid.voices())
                });
                items.collect::<Vec<_>>().join("; ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn voices_by_split_are_read() {
        check(
            r#"{"train": [[[60, 48], [62, -1]]], "test": [[[64, 50]]]}"#,
            "train-001 2 [60, 48, 62, -1]; test-001 2 [64, 50]",
        );
    }

    #[test]
    fn sets_are_dealt_from_the_top() {
        check(r#"{"valid": [[[48, 60, 55], [], [50]]]}"#, "valid-001 3 [60, 55, 48, -1, -1, -1, 50, -1, -1]");
    }

    #[test]
    fn named_pieces_are_read() {
        check(r#"{"A": {"key": "Eb", "meter": "3/4", "satb16": [[60, 55]]}}"#, "A 2 [60, 55]");
    }

    #[test]
    fn numbers_that_are_no_pitches_are_named() {
        let expected = "item 0: found 128, expected a list of steps, each a list of MIDI numbers or -1";
        check(r#"{"train": [[[128]]]}"#, expected);
        check(
            "[1",
            "line 1, column 2: found EOF while parsing a list at line 1 column 2, expected a corpus in JSON",
        );
    }
}
