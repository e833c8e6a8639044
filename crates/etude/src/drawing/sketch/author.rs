//! The author of drawings: training on collections, evaluating, drawing as asked.

use super::super::moves::moves;
use super::draw::{Drawn, Manner, Wishes};
use super::{Lesson, Sketch};
use crate::appraise::spans::Novelty;
use crate::author::{Author, Made, Request};
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::model::{Evaluation, Progress, Settings};
use crate::shelf::{Card, Reader, Tensors};
use crate::train::journal::Journal;
use etude_piece::corpus::Split;
use etude_piece::piece::{Collection, Piece};
use etude_piece::strokes::Strokes;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Codes by which a likelihood is bounded.
const SAMPLES: usize = 16;
/// The most points of a drawing where nobody says.
const POINTS: usize = 2000;

/// Fits a network to the training drawings of a collection; the validation drawings tell which weights are best.
///
/// # Errors
///
/// Settings out of range, pieces that are no drawings, and what [`Sketch::train`] refuses.
pub fn train(
    collection: &Collection,
    settings: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let named = |(name, piece): &'_ (String, Piece)| Ok((name.clone(), strokes_of(piece)?.clone()));
    let of = |split| collection.split(split).map(named).collect::<Result<Vec<(String, Strokes)>>>();
    let (learnt, held_out) = (of(Split::Train)?, of(Split::Valid)?);
    let lesson = Lesson {
        train: learnt.iter().map(|(name, drawing)| (name.as_str(), drawing)).collect(),
        valid: held_out.iter().map(|(_, drawing)| drawing).collect(),
    };
    Ok(Arc::new(Sketch::train(&lesson, settings, seed, journal)?))
}

/// Reads an author from a model file.
///
/// # Errors
///
/// Settings that make no sense, and arrays that are missing or don't fit them.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    Ok(Arc::new(Sketch::load(&card.settings, reader)?))
}

fn strokes_of(piece: &Piece) -> Result<&Strokes> {
    match piece {
        Piece::Strokes(strokes) => Ok(strokes),
        _ => Err(Error::usage("a piece that is no drawing", "strokes, from a file of drawings")),
    }
}

impl Author for Sketch {
    fn name(&self) -> &'static str {
        "sketch"
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        Self::evaluate(self, strokes_of(piece)?, SAMPLES)
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let strokes = &strokes_of(piece)?.strokes;
        let label = |(number, at, x, y): (usize, usize, f64, f64)| {
            (format!("stroke {number}, point {at}"), format!("{x:.1} {y:.1}"))
        };
        let each = strokes.iter().enumerate().flat_map(|(number, stroke)| {
            stroke.points.iter().enumerate().map(move |(at, point)| (number + 1, at + 1, point.x, point.y))
        });
        Ok(each.map(label).collect())
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        let wishes = Wishes::read(&request.settings)?;
        if let Some(asked) = request.keep.iter().chain(&request.forbid).next() {
            return Err(Error::usage(
                format!("`{asked}`"),
                "drawings are asked for by a draft and wishes alone",
            ));
        }
        if !progress(0.0, "drawing") {
            return Err(Error::Interrupted);
        }
        let draft = request.draft.as_ref().map(strokes_of).transpose()?;
        let draft = draft.filter(|draft| !draft.strokes.is_empty());
        let most = request.length.unwrap_or(POINTS);
        let chance = &mut Chance::new(request.seed, 0);
        let code = match (draft, wishes.manner) {
            (Some(draft), Manner::Reconstruct) => self.code(draft, None)?,
            (Some(draft), Manner::Mimic) => self.code(draft, Some(&mut *chance))?,
            (Some(draft), Manner::Finish) if self.code_width() > 0 => self.code(draft, None)?,
            (None, Manner::Reconstruct | Manner::Mimic) => {
                return Err(Error::usage("no drawing is given", "a draft to draw again"));
            }
            _ => self.any_code(chance),
        };
        let given = draft.filter(|_| wishes.manner == Manner::Finish);
        let Drawn { strokes, done } = self.draw(&code, given, wishes.temperature, most, chance, progress)?;
        let mut messages = Vec::new();
        if !done {
            messages.push(format!("after {} points the drawing wasn't done", strokes.points().count()));
        }
        let (novelty, diagnostics) = self.appraise(&strokes, &mut messages);
        Ok(Made { piece: Piece::Strokes(strokes), novelty, met: Vec::new(), messages, diagnostics })
    }

    fn tensors(&self) -> Tensors {
        self.tensors.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }
}

impl Sketch {
    /// How new a drawing is: as one run, which is cited where it lies as near to a drawing that was learnt as copies do.
    fn appraise(&self, drawing: &Strokes, messages: &mut Vec<String>) -> (Novelty, BTreeMap<String, f64>) {
        let moves = moves(drawing);
        let run = moves.len();
        let new = Novelty { invented: 1.0, run, ..Novelty::default() };
        let Some(nearest) = self.gallery.nearest(&moves) else { return (new, BTreeMap::new()) };
        let mut line = format!(
            "the nearest drawing that was learnt, {}, lies {:.1} % of its size away",
            nearest.name,
            100.0 * nearest.distance
        );
        let mut diagnostics = BTreeMap::from([("distance_to_the_nearest".to_owned(), nearest.distance)]);
        if let Some(nearer) = nearest.nearer {
            line += &format!("; {:.0} % of held-out drawings lie nearer to theirs", 100.0 * nearer);
            diagnostics.insert("held_out_drawings_that_lie_nearer".to_owned(), nearer);
        }
        messages.push(line);
        let novelty = match nearest.is_copy() {
            true => {
                Novelty { cited: 1.0, invented: 0.0, longest_copy: run, longest_copy_of: nearest.name, ..new }
            }
            false => new,
        };
        (novelty, diagnostics)
    }
}
