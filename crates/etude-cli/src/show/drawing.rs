//! Drawings in figures.

use super::lines;
use crate::failure::Result;
use crate::recipe::Recipe;
use etude_piece::corpus::Split;
use etude_piece::score::format::read_recipe;
use etude_piece::strokes::Drawing;
use etude_piece::strokes::format::read;

/// What a file of drawings holds.
pub(super) fn described(bytes: &[u8], name: &str) -> Result<String> {
    let reading = read(bytes, name)?;
    let recipe = read_recipe(bytes, name).ok().and_then(|line| Recipe::read(&line, name).ok());
    let made_by = recipe.map_or_else(String::new, |recipe| {
        format!("Étude {}, model {} ({}), seed {}", recipe.etude, recipe.model, recipe.hash, recipe.seed)
    });
    let told = match reading.drawings.as_slice() {
        [drawing] => one(drawing),
        drawings => many(drawings),
    };
    let more = [("made by", made_by), ("left out", reading.lost.join("; "))];
    let entries: Vec<(&str, String)> = told.into_iter().chain(more).collect();
    Ok(lines(&entries))
}

/// One drawing.
fn one(drawing: &Drawing) -> Vec<(&'static str, String)> {
    let strokes = &drawing.strokes;
    let (length, up) = (strokes.length(), strokes.pen_up());
    let share = if length + up > 0.0 { 100.0 * up / (length + up) } else { 0.0 };
    let size = strokes.bounds().map(|bounds| {
        let corner = format!("from {}, {}", number(bounds.left), number(bounds.top));
        format!("{} × {} {corner}", number(bounds.width()), number(bounds.height()))
    });
    vec![
        ("drawing", drawing.name.clone()),
        ("strokes", strokes.strokes.len().to_string()),
        ("points", strokes.points().count().to_string()),
        ("size", size.unwrap_or_default()),
        ("length", number(length)),
        ("pen up", format!("{}, {share:.0} % of the way", number(up))),
        ("duration", strokes.duration().map_or_else(String::new, |seconds| format!("{} s", number(seconds)))),
    ]
}

/// A corpus.
fn many(drawings: &[Drawing]) -> Vec<(&'static str, String)> {
    let splits: Vec<String> = Split::ALL
        .into_iter()
        .map(|split| (split, drawings.iter().filter(|drawing| drawing.split == Some(split)).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(split, count)| format!("{count} {}", split.name()))
        .collect();
    let mean = |count: &dyn Fn(&Drawing) -> usize| {
        let counts: Vec<usize> = drawings.iter().map(count).collect();
        let sum: usize = counts.iter().sum();
        let most = counts.iter().max().copied().unwrap_or(0);
        format!("{sum}, {:.1} in a drawing, at most {most}", sum as f64 / counts.len().max(1) as f64)
    };
    let timed = drawings.iter().filter(|drawing| drawing.strokes.is_timed()).count();
    let names = |drawing: Option<&Drawing>| drawing.map(|drawing| drawing.name.clone()).unwrap_or_default();
    vec![
        (
            "drawings",
            format!("{}, {} to {}", drawings.len(), names(drawings.first()), names(drawings.last())),
        ),
        ("splits", splits.join(", ")),
        ("strokes", mean(&|drawing| drawing.strokes.strokes.len())),
        ("points", mean(&|drawing| drawing.strokes.points().count())),
        ("with times", if timed > 0 { timed.to_string() } else { String::new() }),
    ]
}

/// A number with up to two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
