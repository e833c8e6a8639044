//! Drawings as tables: a point on each row.
//!
//! ```text
//! x,y,t,stroke      a heading; the columns may come in any order, and others are left out
//! 10,20.5,0,1       t (or time) in seconds, or ms in milliseconds, may be left out
//! 11,21,0.01,1      stroke: another one begins where this changes
//! 30,5,0.5,2        pen instead: 1 where the pen draws, 0 where it is in the air, which is left out
//! ```
//!
//! Without a heading the columns are x, y, t and stroke, as many as there are. Commas, semicolons or tabs part them; lines that
//! begin with `#` are remarks.

use super::Strokes;
use super::decimal::decimal;
use super::pen::Pen;
use crate::{Fault, Place, Result};
use std::fmt::Write;

/// What is expected of a table.
const SHAPE: &str = "columns x, y, and t, stroke or pen if there are any";

/// Where the columns stand, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Columns {
    x: usize,
    y: usize,
    /// The column of times, and how many of its units make a second.
    time: Option<(usize, f64)>,
    stroke: Option<usize>,
    pen: Option<usize>,
}

/// Whether a line is the heading of such a table.
pub(super) fn is_heading(line: &str) -> bool {
    Columns::named(line).is_some()
}

/// The fields of a line.
fn fields(line: &str) -> Vec<&str> {
    let mark = ['\t', ';', ','].into_iter().find(|&mark| line.contains(mark)).unwrap_or(',');
    line.split(mark).map(|field| field.trim().trim_matches('"')).collect()
}

impl Columns {
    /// The columns that a heading names.
    fn named(line: &str) -> Option<Self> {
        let fields: Vec<String> = fields(line).iter().map(|field| field.to_ascii_lowercase()).collect();
        let at = |names: &[&str]| fields.iter().position(|field| names.contains(&field.as_str()));
        let seconds = at(&["t", "time", "seconds"]).map(|at| (at, 1.0));
        Some(Self {
            x: at(&["x"])?,
            y: at(&["y"])?,
            time: seconds.or(at(&["ms", "t_ms", "milliseconds"]).map(|at| (at, 1000.0))),
            stroke: at(&["stroke", "stroke_id"]),
            pen: at(&["pen", "pressed", "down"]),
        })
    }

    /// The columns of a table without heading.
    fn plain(count: usize) -> Self {
        Self {
            x: 0,
            y: 1,
            time: (count > 2).then_some((2, 1.0)),
            stroke: (count > 3).then_some(3),
            pen: None,
        }
    }
}

/// Reads a drawing.
///
/// # Errors
///
/// Bytes that aren't UTF-8, rows whose fields are no numbers or too few, and tables without a point; the place is the line.
pub fn read(bytes: &[u8]) -> Result<Strokes> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(Place::Byte(error.valid_up_to()), "a byte that is no text", "a table in UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut pen, mut columns, mut last) = (Pen::default(), None, None::<&str>);
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let (place, fields) = (Place::Line(index + 1, 1), fields(line));
        let told = match columns {
            Some(told) => told,
            None => {
                let named = Columns::named(line);
                columns = Some(named.unwrap_or(Columns::plain(fields.len())));
                if named.is_some() {
                    continue;
                }
                columns.unwrap_or_default()
            }
        };
        let field = |at: usize| {
            let expected =
                || Fault::new(place, format!("{} columns", fields.len()), format!("at least {}", at + 1));
            fields.get(at).copied().ok_or_else(expected)
        };
        let number = |at: usize| {
            let text = field(at)?;
            text.parse::<f64>().map_err(|_| {
                let found: String = text.chars().take(40).collect();
                Fault::new(place, format!("`{found}`"), format!("a number; a table has {SHAPE}"))
            })
        };
        let stroke = told.stroke.map(field).transpose()?;
        if stroke.is_some() && stroke != last {
            pen.lift();
            last = stroke;
        }
        if let Some(at) = told.pen
            && number(at)? == 0.0
        {
            pen.lift();
            continue;
        }
        let time = told.time.map(|(at, units)| Ok::<f64, Fault>(number(at)? / units)).transpose()?;
        pen.draw(place, number(told.x)?, number(told.y)?, time)?;
    }
    pen.finish(Place::Whole)
}

/// Writes a drawing, with millionths; `recipe` goes with it unless it is empty.
pub fn write(drawing: &Strokes, recipe: &str) -> Vec<u8> {
    let timed = drawing.is_timed();
    let mut out = String::new();
    if !recipe.is_empty() {
        let _ = writeln!(out, "# recipe: {}", recipe.replace(['\n', '\r'], " "));
    }
    out.push_str(if timed { "x,y,t,stroke\n" } else { "x,y,stroke\n" });
    for (index, stroke) in drawing.strokes.iter().enumerate() {
        for point in &stroke.points {
            let time = match point.time {
                Some(time) if timed => format!(",{}", decimal(time, 6)),
                _ => String::new(),
            };
            let _ = writeln!(out, "{},{}{time},{}", decimal(point.x, 6), decimal(point.y, 6), index + 1);
        }
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::mutants::damage;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match read(text.as_bytes()) {
            Ok(strokes) => {
                assert_eq!(read(&write(&strokes, "a recipe")).expect("our own table"), strokes);
                strokes.to_string()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn strokes_change_with_their_column() {
        check("x,y,t,stroke\n1,2,0,1\n3,4,0.5,1\n\n# a remark\n5,6,1,2\n", "1,2@0 3,4@0.5 | 5,6@1");
        check("stroke;ignored;Y;X\na;0;2;1\na;0;4;3\nb;0;6;5", "1,2 3,4 | 5,6");
        check("x\ty\tms\n1\t2\t10\n3\t4\t510", "1,2@0 3,4@0.5");
    }

    #[test]
    fn the_pen_in_the_air_draws_nothing() {
        check("x,y,pen\n0,0,0\n1,2,1\n3,4,1\n5,5,0\n6,6,1", "1,2 3,4 | 6,6");
    }

    #[test]
    fn a_heading_may_be_left_out() {
        check("1,2\n3,4", "1,2 3,4");
        check("1,2,0.5\n3,4,1", "1,2@0 3,4@0.5");
        check("1,2,0,1\n3,4,0,2", "1,2@0 | 3,4@0");
    }

    #[test]
    fn wrong_rows_are_named() {
        check("", "found a drawing without points, expected at least one point");
        check(
            "x,y\n1,z",
            "line 2, column 1: found `z`, expected a number; a table has columns x, y, and t, stroke or pen if there are any",
        );
        check("x,y\n1", "line 2, column 1: found 1 columns, expected at least 2");
        check("x,y\nnan,1", "line 2, column 1: found the point NaN, 1, expected coordinates up to 1e9");
    }

    #[test]
    fn damaged_tables_are_read_or_refused() {
        let taken = damage(b"x,y,t,stroke\n1,2,0,1\n3,4,0.5,1\n5,6,1,2\n", 4000, |bytes| read(bytes).is_ok());
        assert!(taken > 400, "only {taken} were legal");
    }
}
