//! Drawings as lines of JSON, plain or as gzip: a drawing on each line, as stroke-3 or stroke-5.
//!
//! ```text
//! {"split": "train", "name": "cat-1", "stroke3": [[dx, dy, pen], …]}    split and name may be left out
//! {"stroke5": [[dx, dy, down, up, end], …]}
//! ```

use super::stroke3::{Row3, Row5, from_stroke3, from_stroke5, to_stroke3};
use super::{Drawing, Strokes};
use crate::corpus::Split;
use crate::packed::plain;
use crate::{Error, Fault, Place, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What is expected of a line.
const SHAPE: &str = "{\"split\": \"train\", \"stroke3\": [[dx, dy, pen], …]}";

/// One line.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    split: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    stroke3: Option<Vec<Row3>>,
    stroke5: Option<Vec<Row5>>,
}

/// Reads all drawings. One that has no name is called by its split and its number in that split, such as `train-12`.
///
/// # Errors
///
/// Lines that are no such JSON, splits and rows that don't exist, files without a drawing, names that come twice, and what
/// is packed badly or out of proportion; the place is the line.
pub fn read(bytes: &[u8]) -> Result<Vec<Drawing>> {
    let mut drawings = Vec::new();
    let mut counts = [0; 4];
    let mut names = BTreeSet::new();
    for (number, line) in lines(&plain(bytes, "drawings in JSON lines")?) {
        let line: Line = json(line, number, SHAPE)?;
        let split = line.split.as_deref().map(|name| split(name, number)).transpose()?;
        let strokes = match (line.stroke3, line.stroke5) {
            (Some(rows), None) => from_stroke3(&rows),
            (None, Some(rows)) => from_stroke5(&rows),
            _ => Err(Fault::new(Place::Whole, "not one of `stroke3` and `stroke5`", SHAPE).into()),
        };
        let strokes = strokes.map_err(|error| on_line(error, number))?;
        let count = &mut counts[split.map_or(3, |split| split as usize)];
        *count += 1;
        let counted = || format!("{}-{count}", split.map_or("drawing", Split::name));
        let name = line.name.map_or_else(counted, Cow::into_owned);
        if !names.insert(name.clone()) {
            let fault =
                Fault::new(Place::Line(number, 1), format!("`{name}` once more"), "a name of its own");
            return Err(fault.into());
        }
        drawings.push(Drawing { name, split, strokes });
    }
    match drawings.is_empty() {
        true => Err(Fault::new(Place::Whole, "no drawing", SHAPE).into()),
        false => Ok(drawings),
    }
}

/// The lines that aren't blank, with their numbers from 1.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = bytes.split(|&byte| byte == b'\n').enumerate();
    numbered.map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// A line of JSON.
pub(super) fn json<'a, T: Deserialize<'a>>(line: &'a [u8], number: usize, shape: &str) -> Result<T> {
    serde_json::from_slice(line).map_err(|error| {
        let told = error.to_string();
        let found = told.split(" at line ").next().unwrap_or(&told).to_owned();
        Fault::new(Place::Line(number, error.column().max(1)), found, shape).into()
    })
}

/// The same error, on a line; the item that it named goes with what was found.
pub(super) fn on_line(error: Error, number: usize) -> Error {
    let Error::Fault(mut fault) = error else { return error };
    if let Place::Item(item) = fault.place {
        fault.found = format!("{} in row {}", fault.found, item + 1);
    }
    fault.place = Place::Line(number, 1);
    Error::Fault(fault)
}

/// A split by its name.
fn split(name: &str, line: usize) -> Result<Split> {
    Split::ALL.into_iter().find(|split| split.name() == name).ok_or_else(|| {
        let found: String = name.chars().take(40).collect();
        Fault::new(Place::Line(line, 1), format!("the split `{found}`"), "train, valid or test").into()
    })
}

/// Writes drawings as stroke-3, in thousandths of their unit. Times are left out.
pub fn write(drawings: &[Drawing]) -> Vec<u8> {
    let mut text = String::new();
    for drawing in drawings {
        let split =
            drawing.split.map_or_else(String::new, |split| format!("\"split\":\"{}\",", split.name()));
        let name = serde_json::Value::from(drawing.name.as_str());
        let _ = write!(text, "{{{split}\"name\":{name},\"stroke3\":[");
        for (index, [dx, dy, pen]) in to_stroke3(&rounded(&drawing.strokes)).into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = write!(text, "{comma}[{},{},{pen}]", dx / 1000.0, dy / 1000.0);
        }
        text.push_str("]}\n");
    }
    text.into_bytes()
}

/// In whole thousandths: so steps don't gather errors, and their decimals are few.
fn rounded(drawing: &Strokes) -> Strokes {
    let mut drawing = drawing.clone();
    for point in drawing.strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
        (point.x, point.y) = ((point.x * 1000.0).round(), (point.y * 1000.0).round());
    }
    drawing
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
                assert_eq!(read(&write(&drawings)).expect("our own lines"), drawings);
                let told: Vec<String> =
                    drawings.iter().map(|d| format!("{}: {}", d.name, d.strokes)).collect();
                told.join("; ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn lines_have_splits_and_names_or_none() {
        check(
            "{\"split\":\"test\",\"stroke3\":[[1,2,0],[0.5,0,1]]}\n\n{\"name\":\"cat\",\"stroke5\":[[1,1,0,1,0],[0,0,0,0,1]]}\n",
            "test-1: 1,2 1.5,2; cat: 1,1",
        );
        check(
            "{\"stroke3\":[[0.1,0,0],[0.2,0,0],[0.3,0,1]],\"other\":{}}",
            "drawing-1: 0.1,0 0.30000000000000004,0 0.6000000000000001,0",
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check("", &format!("found no drawing, expected {SHAPE}"));
        check(
            "{\"stroke3\":[[1,2]]}",
            &format!(
                "line 1, column 17: found invalid length 2, expected an array of length 3, expected {SHAPE}"
            ),
        );
        check(
            "{\"stroke3\":[[1,2,0],[1,2,7]]}",
            "line 1, column 1: found the pen 7 in row 2, expected 0 or 1",
        );
        check(
            "{\"split\":\"x\",\"stroke3\":[]}",
            "line 1, column 1: found the split `x`, expected train, valid or test",
        );
        check("{}", &format!("line 1, column 1: found not one of `stroke3` and `stroke5`, expected {SHAPE}"));
        let twice = "{\"name\":\"a\",\"stroke3\":[[1,2,1]]}\n".repeat(2);
        check(&twice, "line 2, column 1: found `a` once more, expected a name of its own");
    }

    #[test]
    fn damaged_lines_are_read_or_refused() {
        let text = "{\"split\":\"train\",\"name\":\"a\",\"stroke3\":[[1,2,0],[3,-4,1],[5.5,6,0],[7,8,1]]}\n";
        let taken = damage(text.as_bytes(), 4000, |bytes| {
            let Ok(drawings) = read(bytes) else { return false };
            read(&write(&drawings)).expect("our own lines");
            true
        });
        assert!(taken > 250, "only {taken} were legal");
    }

    #[test]
    fn the_corpora_of_sketch_rnn_are_read_whole() {
        // Drawings in train, valid and test, as the makers of the corpora state them.
        let corpora = [
            ("aaron_sheep", [7400, 300, 300]),
            ("omniglot", [30_000, 1000, 1000]),
            ("short_kanji", [10_000, 600, 500]),
            ("kanji.rdp200", [10_358, 600, 500]),
        ];
        for (name, expected) in corpora {
            let Some(path) = shared(&format!("sketch-rnn/{name}.jsonl.gz")) else { return };
            let drawings = read(&std::fs::read(path).expect("a file")).expect("a corpus");
            let counts = Split::ALL.map(|split| drawings.iter().filter(|d| d.split == Some(split)).count());
            assert_eq!(counts, expected, "{name}");
            let some: Vec<Drawing> = drawings.into_iter().step_by(97).collect();
            let back = read(&write(&some)).expect("our own lines");
            for (one, other) in some.iter().zip(&back) {
                let pairs = one.strokes.points().zip(other.strokes.points());
                let apart = pairs.map(|(a, b)| (a.x - b.x).abs().max((a.y - b.y).abs())).fold(0.0, f64::max);
                assert!(
                    apart <= 1e-3 && one.strokes.strokes.len() == other.strokes.strokes.len(),
                    "{}: {apart}",
                    one.name
                );
            }
        }
    }
}
