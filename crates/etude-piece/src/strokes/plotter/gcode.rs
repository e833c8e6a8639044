//! G-code (RS-274, as GRBL and Marlin read it), in millimetres from the sheet's lower left corner.

use super::Plot;
use crate::Result;
use crate::strokes::Strokes;
use crate::strokes::decimal::decimal;
use std::fmt::Write;

/// How a pen is lifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lift {
    /// By an axis: its height with the pen up and with the pen down, in millimetres.
    Axis {
        /// With the pen up.
        up: f64,
        /// With the pen down.
        down: f64,
    },
    /// By a servo that takes the place of the spindle: `M3 S…` with the pen up and down, and how long that takes in seconds.
    Servo {
        /// With the pen up.
        up: f64,
        /// With the pen down.
        down: f64,
        /// What it waits for the pen.
        wait: f64,
    },
}

impl Default for Lift {
    /// An axis, lifted by 5 mm.
    fn default() -> Self {
        Self::Axis { up: 5.0, down: 0.0 }
    }
}

impl Lift {
    /// The commands that bring the pen up or down.
    fn move_pen(self, out: &mut String, is_down: bool, feed: f64) {
        let number = |value: f64| decimal(value, 3);
        let _ = match (self, is_down) {
            (Self::Axis { up, .. }, false) => writeln!(out, "G0 Z{}", number(up)),
            (Self::Axis { down, .. }, true) => writeln!(out, "G1 Z{} F{}", number(down), number(feed)),
            (Self::Servo { up, down, wait }, _) => {
                let to = if is_down { down } else { up };
                writeln!(out, "M3 S{}\nG4 P{}", number(to), number(wait))
            }
        };
    }
}

/// Writes a drawing for a plotter. It begins and ends with the pen up, at the sheet's corner.
///
/// # Errors
///
/// A sheet without room between its margins, and a speed that isn't above 0.
pub fn gcode(drawing: &Strokes, plot: &Plot) -> Result<String> {
    let laid = plot.laid(drawing)?;
    let number = |value: f64| decimal(value, 3);
    let mut out = String::new();
    let _ = writeln!(out, "; sheet of {} x {} mm", number(plot.sheet.width), number(plot.sheet.height));
    if !plot.recipe.is_empty() {
        let line: String = plot.recipe.chars().filter(|character| !character.is_control()).collect();
        let _ = writeln!(out, "; etude-recipe {line}");
    }
    // Millimetres, absolute.
    out.push_str("G21\nG90\n");
    plot.lift.move_pen(&mut out, false, plot.feed);
    for stroke in &laid.strokes {
        let Some((first, rest)) = stroke.points.split_first() else { continue };
        let _ = writeln!(out, "G0 X{} Y{}", number(first.x), number(first.y));
        plot.lift.move_pen(&mut out, true, plot.feed);
        for (index, point) in rest.iter().enumerate() {
            let _ = write!(out, "G1 X{} Y{}", number(point.x), number(point.y));
            // The speed stays what it is until the next stroke.
            let _ = if index == 0 { writeln!(out, " F{}", number(plot.feed)) } else { writeln!(out) };
        }
        plot.lift.move_pen(&mut out, false, plot.feed);
    }
    out.push_str("G0 X0 Y0\nM2\n");
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::plotter::Sheet;
    use crate::strokes::stroke3::from_stroke3;

    fn plot() -> Plot {
        Plot {
            sheet: Sheet { width: 100.0, height: 60.0, margin: 10.0 },
            feed: 1000.0,
            join: None,
            ..Plot::default()
        }
    }

    #[test]
    fn the_pen_is_up_wherever_it_does_not_draw() {
        let drawing = from_stroke3(&[[0.0, 0.0, 0.0], [80.0, 0.0, 0.0], [0.0, 40.0, 1.0], [-80.0, 0.0, 1.0]])
            .expect("rows");
        let expected = "\
; sheet of 100 x 60 mm
; etude-recipe {}
G21
G90
G0 Z5
G0 X10 Y50
G1 Z0 F1000
G1 X90 Y50 F1000
G1 X90 Y10
G0 Z5
G0 X10 Y10
G1 Z0 F1000
G0 Z5
G0 X0 Y0
M2
";
        let told = gcode(&drawing, &Plot { recipe: "{}\n".to_owned(), ..plot() }).expect("room");
        assert_eq!(told, expected);
    }

    #[test]
    fn a_servo_is_waited_for() {
        let dot = from_stroke3(&[[5.0, 5.0, 1.0]]).expect("a dot");
        let lift = Lift::Servo { up: 30.0, down: 60.0, wait: 0.15 };
        let told = gcode(&dot, &Plot { lift, ..plot() }).expect("room");
        assert!(told.ends_with("G0 X50 Y30\nM3 S60\nG4 P0.15\nM3 S30\nG4 P0.15\nG0 X0 Y0\nM2\n"), "{told}");
        assert!(gcode(&dot, &Plot { feed: 0.0, ..plot() }).is_err());
    }
}
