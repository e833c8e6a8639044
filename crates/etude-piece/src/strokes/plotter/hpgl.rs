//! HPGL (Hewlett-Packard 1977): whole units of 0.025 mm from the sheet's lower left corner.

use super::Plot;
use crate::Result;
use crate::strokes::Strokes;
use std::fmt::Write;

/// Units in a millimetre.
const UNITS: f64 = 40.0;

/// How many points a command has at most: buffers are small.
const MOST_POINTS: usize = 64;

/// Writes a drawing for a plotter, for its first pen; the recipe is a comment, as HP-GL/2 has them.
///
/// # Errors
///
/// A sheet without room between its margins, and a speed that isn't above 0.
pub fn hpgl(drawing: &Strokes, plot: &Plot) -> Result<String> {
    let laid = plot.laid(drawing)?;
    let mut out = String::from("IN;\n");
    if !plot.recipe.is_empty() {
        let recipe: String = plot.recipe.chars().filter(|character| !character.is_control()).collect();
        // Quotes end a comment, and no other sign does.
        let _ = writeln!(out, "CO\"etude-recipe {}\";", recipe.replace('"', "'"));
    }
    // Speeds are whole centimetres a second, up to 127.
    let speed = (plot.feed / 600.0).round().clamp(1.0, 127.0);
    let _ = writeln!(out, "SP1;VS{speed};");
    for stroke in &laid.strokes {
        let mut units: Vec<(i64, i64)> =
            stroke.points.iter().map(|point| (unit(point.x), unit(point.y))).collect();
        units.dedup();
        let Some(((x, y), rest)) = units.split_first() else { continue };
        let _ = writeln!(out, "PU{x},{y};");
        if rest.is_empty() {
            out.push_str("PD;\n");
        }
        for points in rest.chunks(MOST_POINTS) {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
            let _ = writeln!(out, "PD{};", points.join(","));
        }
    }
    out.push_str("PU0,0;\nSP0;\n");
    Ok(out)
}

fn unit(millimetres: f64) -> i64 {
    (millimetres * UNITS).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::plotter::Sheet;
    use crate::strokes::stroke3::from_stroke3;

    #[test]
    fn strokes_are_whole_units() {
        let rows = [[0.0, 0.0, 0.0], [80.0, 0.0, 0.0], [0.0, 40.0, 1.0], [-80.0, 0.0, 1.0]];
        let drawing = from_stroke3(&rows).expect("rows");
        let sheet = Sheet { width: 100.0, height: 60.0, margin: 10.0 };
        let plot = Plot { sheet, join: None, recipe: "{\"a\":1}".to_owned(), ..Plot::default() };
        let expected = "\
IN;
CO\"etude-recipe {'a':1}\";
SP1;VS5;
PU400,2000;
PD3600,2000,3600,400;
PU400,400;
PD;
PU0,0;
SP0;
";
        assert_eq!(hpgl(&drawing, &plot).expect("room"), expected);
    }
}
