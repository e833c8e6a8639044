//! What a model of any kind made, ready to be written and told.

use etude::author;
use etude::music::compose::Composed;
use etude_piece::piece::Piece;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A piece with all that is said of it.
pub(crate) struct Made {
    /// The piece.
    pub(crate) piece: Piece,
    /// What it is, such as `G major, 8 bars`.
    pub(crate) headline: String,
    /// How new it is, for a person.
    pub(crate) novelty_line: String,
    /// How new it is, for a program.
    pub(crate) novelty: Value,
    /// Whether each constraint holds.
    pub(crate) met: Vec<bool>,
    /// What the user should know, one line each.
    pub(crate) messages: Vec<String>,
    /// How the making went.
    pub(crate) diagnostics: BTreeMap<String, f64>,
}

impl From<Composed> for Made {
    fn from(made: Composed) -> Self {
        let bars = made.grid.frame.bar_of(made.grid.steps().saturating_sub(1)).0;
        let novelty = &made.novelty;
        let (cited, discovered, invented) = (novelty.cited, novelty.discovered, novelty.invented);
        let copy = copied(novelty.longest_copy, "quarter", &novelty.longest_copy_of);
        let [c, d, i] = [cited, discovered, invented].map(percent);
        let line = format!("cited {c} %, discovered {d} %, invented {i} %; {copy}");
        Self {
            headline: format!("{}, {}", made.grid.key(), counted(bars, "bar")),
            novelty: json!({
                "cited": cited,
                "discovered": discovered,
                "invented": invented,
                "longest_copy": novelty.longest_copy,
                "longest_copy_of": novelty.longest_copy_of,
            }),
            novelty_line: line,
            piece: Piece::Score(Box::new(made.score)),
            met: made.met,
            messages: made.messages,
            diagnostics: made.diagnostics,
        }
    }
}

impl From<author::Made> for Made {
    fn from(made: author::Made) -> Self {
        let novelty = &made.novelty;
        let [cited, discovered, invented] =
            [novelty.cited, novelty.discovered, novelty.invented].map(percent);
        let copy = copied(novelty.longest_copy, "symbol", &novelty.longest_copy_of);
        let runs = format!("of its runs of {} symbols", novelty.run);
        Self {
            headline: match &made.piece {
                Piece::Text(text) => counted(text.chars().count(), "character"),
                Piece::Score(score) => counted(score.note_count(), "note"),
                Piece::Roll(roll) => counted(roll.frames.len(), "frame"),
                Piece::Strokes(drawing) => counted(drawing.points().count(), "point"),
            },
            novelty_line: format!(
                "{runs} {cited} % cited, {discovered} % discovered, {invented} % invented; {copy}"
            ),
            novelty: json!({
                "cited": novelty.cited,
                "discovered": novelty.discovered,
                "invented": novelty.invented,
                "run": novelty.run,
                "longest_copy": novelty.longest_copy,
                "longest_copy_of": novelty.longest_copy_of,
                "start": novelty.start,
                "start_there": novelty.start_there,
            }),
            piece: made.piece,
            met: made.met,
            messages: made.messages,
            diagnostics: made.diagnostics,
        }
    }
}

fn percent(share: f64) -> f64 {
    (100.0 * share).round()
}

/// `1 bar`, `2 bars`
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `longest copy 4 quarters (train-017)`
fn copied(length: usize, noun: &str, of: &str) -> String {
    match length {
        0 => "nothing copied".to_owned(),
        length => format!("longest copy {} ({of})", counted(length, noun)),
    }
}
