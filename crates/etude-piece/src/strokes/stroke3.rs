//! Drawings as the sequences of sketch-rnn (Ha & Eck 2017): steps of the pen, and whether it is lifted after them.
//!
//! A row of stroke-3 is `(dx, dy, pen)`: the step from the point before, and 1 if the pen is lifted once it is there. The
//! first step begins at the origin. A row of stroke-5 is `(dx, dy, down, up, end)`: one of the last three is 1. The pen
//! stays down, is lifted, or the drawing is over, and its step then means nothing.
//!
//! ```
//! use etude_piece::strokes::stroke3::{from_stroke3, to_stroke3};
//!
//! let rows = [[1.0, 1.0, 0.0], [5.0, 0.0, 1.0], [0.0, 5.0, 1.0]];
//! let drawing = from_stroke3(&rows)?;
//! assert_eq!(drawing.strokes.len(), 2);
//! assert_eq!(to_stroke3(&drawing), rows);
//! # Ok::<(), etude_piece::Error>(())
//! ```

use super::Strokes;
use super::pen::Pen;
use crate::{Fault, Place, Result};

/// `(dx, dy, pen)`.
pub type Row3 = [f64; 3];

/// `(dx, dy, down, up, end)`.
pub type Row5 = [f64; 5];

/// The row that ends a stroke-5 sequence.
pub const END: Row5 = [0.0, 0.0, 0.0, 0.0, 1.0];

/// A drawing as stroke-3, `(points, 3)`. Times are left out.
pub fn to_stroke3(drawing: &Strokes) -> Vec<Row3> {
    let mut rows = Vec::with_capacity(drawing.points().count());
    let (mut x, mut y) = (0.0, 0.0);
    for stroke in &drawing.strokes {
        for (index, point) in stroke.points.iter().enumerate() {
            let lifted = index + 1 == stroke.points.len();
            rows.push([point.x - x, point.y - y, f64::from(u8::from(lifted))]);
            (x, y) = (point.x, point.y);
        }
    }
    rows
}

/// A drawing from stroke-3; it need not lift the pen at its end.
///
/// # Errors
///
/// No row, a pen that is neither 0 nor 1, steps that aren't finite or lead too far, and too many points; the place is the row.
pub fn from_stroke3(rows: &[Row3]) -> Result<Strokes> {
    let (mut pen, mut x, mut y) = (Pen::default(), 0.0, 0.0);
    for (index, &[dx, dy, lifted]) in rows.iter().enumerate() {
        (x, y) = (x + dx, y + dy);
        pen.draw(Place::Item(index), x, y, None)?;
        if lifted == 1.0 {
            pen.lift();
        } else if lifted != 0.0 {
            return Err(Fault::new(Place::Item(index), format!("the pen {lifted}"), "0 or 1").into());
        }
    }
    pen.finish(Place::Whole)
}

/// A drawing as stroke-5, `(points + 1, 5)`, with the row that ends it.
pub fn to_stroke5(drawing: &Strokes) -> Vec<Row5> {
    let rows = to_stroke3(drawing).into_iter().map(|[dx, dy, lifted]| [dx, dy, 1.0 - lifted, lifted, 0.0]);
    rows.chain([END]).collect()
}

/// A drawing from stroke-5, up to the first row that ends it or the last row; what follows that is padding.
///
/// # Errors
///
/// Rows of which not exactly one of the last three is 1 and the others 0, and as [`from_stroke3`].
pub fn from_stroke5(rows: &[Row5]) -> Result<Strokes> {
    let mut told = Vec::with_capacity(rows.len());
    for (index, &[dx, dy, down, up, end]) in rows.iter().enumerate() {
        let pen = [down, up, end];
        let sure = pen.iter().all(|&state| state == 0.0 || state == 1.0) && down + up + end == 1.0;
        if !sure {
            let fault =
                Fault::new(Place::Item(index), format!("the pen {down} {up} {end}"), "one 1 and two 0");
            return Err(fault.into());
        }
        if end == 1.0 {
            break;
        }
        told.push([dx, dy, up]);
    }
    from_stroke3(&told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[Row3], expected: &str) {
        let told = match from_stroke3(rows) {
            Ok(drawing) => {
                assert_eq!(to_stroke3(&drawing), closed(rows));
                assert_eq!(from_stroke5(&to_stroke5(&drawing)).expect("our own rows"), drawing);
                drawing.to_string()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    /// The same rows, with the pen lifted at the end.
    fn closed(rows: &[Row3]) -> Vec<Row3> {
        let mut rows = rows.to_vec();
        rows.last_mut().expect("rows")[2] = 1.0;
        rows
    }

    #[test]
    fn the_pen_is_lifted_after_its_step() {
        check(&[[1.0, 2.0, 0.0], [3.0, 0.0, 1.0], [0.0, 4.0, 0.0]], "1,2 4,2 | 4,6");
        check(&[[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]], "0,0 | 0,0");
    }

    #[test]
    fn wrong_rows_are_named() {
        check(&[], "found a drawing without points, expected at least one point");
        check(&[[0.0, 0.0, 0.0], [0.0, 0.0, 2.0]], "item 1: found the pen 2, expected 0 or 1");
        check(&[[0.0, f64::INFINITY, 0.0]], "item 0: found the point 0, inf, expected coordinates up to 1e9");
    }

    #[test]
    fn the_end_comes_once_and_padding_follows() {
        let rows =
            [[1.0, 1.0, 1.0, 0.0, 0.0], [2.0, 0.0, 0.0, 1.0, 0.0], END, END, [f64::NAN, 0.0, 0.0, 0.0, 1.0]];
        assert_eq!(from_stroke5(&rows).expect("a drawing").to_string(), "1,1 3,1");
        let error = from_stroke5(&[[1.0, 1.0, 1.0, 1.0, 0.0]]).expect_err("two states").to_string();
        assert_eq!(error, "item 0: found the pen 1 1 0, expected one 1 and two 0");
        let error = from_stroke5(&[END]).expect_err("nothing before the end").to_string();
        assert_eq!(error, "found a drawing without points, expected at least one point");
    }
}
