//! The author of gestures: learns drawings by their names, tells how likely a drawing is, and draws new ones.
//!
//! | verb | does |
//! |---|---|
//! | train | groups the training drawings by name, numbers left out: `star-1` and `star-2` are examples of `star` |
//! | evaluate | −ln p of each frame given those before, exactly, whichever gesture it is; a place is told to within 1/100 of the smallest gesture's longest side |
//! | generate | draws a new example, of the gesture that is wished for, or of any |

use super::chain::Chain;
use super::dollar::plane;
use super::normal::{Normal, Origin, Size};
use super::options::Options;
use super::recogniser::Recogniser;
use super::trajectory::Trajectory;
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels::{ln, softmax};
use crate::model::{Evaluation, Kind, Progress, Settings};
use crate::recipe::Recipe;
use crate::settings::{check, get};
use crate::shelf::{Authored, Card, Reader, Tensors};
use crate::train::journal::Journal;
use etude_piece::corpus::Split;
use etude_piece::piece::{Collection, Piece};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How finely a frame's place is told, in shares of the smallest gesture's longest side.
const CELL: f64 = 1.0 / 100.0;

/// Frames along the path that tell copies.
const COUNT: usize = 48;

/// Cells along the longest side that tell copies.
const CELLS: f64 = 32.0;

/// Frames of a run that tells copies.
const RUN: usize = 8;

/// An author of gestures.
pub struct Gestures {
    recogniser: Recogniser,
    memory: Memory,
}

/// What can be wished for.
pub fn wishes() -> Vec<Setting> {
    vec![Setting { name: "gesture", default: String::new(), meaning: "which one; without it any, by chance" }]
}

/// Learns the training drawings of a collection.
///
/// # Errors
///
/// Settings out of range, pieces that are no drawings, collections without any, and interruptions.
pub fn train(
    collection: &Collection,
    given: &Settings,
    _seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn Author>> {
    let options = Options::from_settings(given)?;
    let mut examples = Vec::new();
    for (name, piece) in collection.split(Split::Train) {
        examples.push((label(name).to_owned(), trajectory(piece)?));
    }
    let words = format!("{} drawings", examples.len());
    if !journal.progress(0.0, &words) {
        return Err(Error::Interrupted);
    }
    let author = Gestures::new(Recogniser::learn(&examples, &options)?);
    let words = format!("{} gestures from {words}", author.recogniser.names().len());
    if !journal.progress(1.0, &words) {
        return Err(Error::Interrupted);
    }
    Ok(Arc::new(author))
}

/// Reads gestures from a model file.
///
/// # Errors
///
/// Arrays that lack, or don't fit together.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Author>> {
    Ok(Arc::new(Gestures::new(Recogniser::load(reader, &card.settings)?)))
}

/// What was learnt elsewhere than from a collection, with a card, as a model file has them.
pub fn shelved(recogniser: &Recogniser, command: &str) -> Authored {
    let author = Arc::new(Gestures::new(recogniser.clone()));
    let (gestures, examples) = (recogniser.names().len(), recogniser.examples().len());
    let recipe = Recipe::of_model("gesture").expect("it is in the catalogue");
    let card = Card {
        name: recipe.name,
        model: recipe.model,
        summary: recipe.summary,
        command: command.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: author.settings(),
        log: format!("{gestures} gestures from {examples} examples"),
        ..Card::default()
    };
    Authored { card, author, hash: String::new() }
}

/// What an author of gestures has learnt; `file` names it in errors.
///
/// # Errors
///
/// An author of another kind.
pub fn learnt(authored: &Authored, file: &str) -> Result<Recogniser> {
    if authored.card.model != "gesture" {
        let found = format!("{file}: a model of kind `{}`", authored.card.model);
        return Err(Error::usage(found, "name a model of kind `gesture`"));
    }
    Recogniser::load(&Reader::new(file, authored.author.tensors()), &authored.card.settings)
}

/// The gesture that a drawing's name tells: without the number at its end.
pub fn label(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((label, number)) if !label.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            label
        }
        _ => name,
    }
}

impl Gestures {
    /// An author of what a recogniser of drawings has learnt.
    fn new(recogniser: Recogniser) -> Self {
        let name = |place: usize| recogniser.names()[place].as_str();
        let symbols: Vec<(&str, Vec<u32>)> =
            recogniser.examples().iter().map(|(place, example)| (name(*place), symbols(example))).collect();
        let memory = Memory::new(symbols.iter().map(|(name, symbols)| (*name, &symbols[..])));
        Self { recogniser, memory }
    }

    /// After each frame: its surprise, the likeliest gesture's place, and how far it has come.
    fn told(&self, piece: &Piece) -> Result<Vec<(f64, usize, f64)>> {
        let gesture = trajectory(piece)?;
        let follower = self.recogniser.follower();
        let mut following = follower.begin();
        let (gestures, cell) = (ln(self.recogniser.names().len() as f64), self.cell());
        let mut before = 0.0;
        let mut told = Vec::new();
        for index in 0..gesture.len() {
            let standings = following.step(follower, gesture.frame(index))?;
            let order = |&a: &usize, &b: &usize| standings[a].nats.total_cmp(&standings[b].nats);
            let best = (0..standings.len()).max_by(order).expect("there is a gesture");
            let mut odds: Vec<f64> = standings.iter().map(|standing| standing.nats).collect();
            let all = softmax(&mut odds) - gestures + (index + 1) as f64 * cell;
            told.push((before - all, best, standings[best].phase));
            before = all;
        }
        Ok(told)
    }

    /// The logarithm of the volume of a cell.
    fn cell(&self) -> f64 {
        let dimension = self.recogniser.examples()[0].1.dimension() as f64;
        let sizes = self.recogniser.names().iter().filter_map(|name| self.recogniser.follower().chain(name));
        dimension * ln(CELL * sizes.map(Chain::size).fold(f64::INFINITY, f64::min))
    }
}

impl Author for Gestures {
    fn name(&self) -> &'static str {
        "gesture"
    }

    fn evaluate(&self, piece: &Piece) -> Result<Evaluation> {
        // A surprise below 0 can only be rounding.
        let nats = self.told(piece)?.into_iter().map(|(nats, ..)| nats.max(0.0)).collect();
        Ok(Evaluation { kind: Kind::Exact, unit: "frame", nats })
    }

    fn labels(&self, piece: &Piece) -> Result<Vec<(String, String)>> {
        let told = self.told(piece)?.into_iter().enumerate();
        let label = |(index, (_, best, phase)): (usize, (f64, usize, f64))| {
            let name = &self.recogniser.names()[best];
            (format!("frame {}", index + 1), format!("{name}, {:.0} %", 100.0 * phase))
        };
        Ok(told.map(label).collect())
    }

    fn compose(&self, request: &Request, progress: &mut Progress) -> Result<Made> {
        check(&request.settings, &wishes())?;
        if let Some(word) = request.keep.iter().chain(&request.forbid).next() {
            return Err(Error::usage(
                format!("`{word}`"),
                "a gesture is drawn as a whole; wish for one by name",
            ));
        }
        if request.draft.is_some() {
            return Err(Error::usage("a draft", "a gesture is drawn as a whole"));
        }
        let mut chance = Chance::new(request.seed, 0);
        let names = self.recogniser.names();
        let any = names[chance.below(names.len())].clone();
        let name = get(&request.settings, "gesture", any, "the name of a gesture", |_| true)?;
        let gesture = self.recogniser.generate(&name, &mut chance)?;
        if !progress(1.0, &name) {
            return Err(Error::Interrupted);
        }
        let answer = self.recogniser.recognise(&gesture)?;
        let first = &answer.ranking[0];
        let mut messages = vec![format!("a new {name}")];
        if !answer.known || first.name != name {
            messages.push(format!("it is drawn so freely that it may be taken for a {}", first.name));
        }
        Ok(Made {
            piece: Piece::Strokes(gesture.to_strokes()),
            novelty: self.memory.appraise(&symbols(&gesture), RUN),
            met: Vec::new(),
            messages,
            diagnostics: BTreeMap::from([("distance_to_the_nearest_example".to_owned(), first.distance)]),
        })
    }

    fn tensors(&self) -> Tensors {
        self.recogniser.tensors()
    }

    fn settings(&self) -> Settings {
        self.recogniser.options().settings()
    }
}

/// The frames of a piece.
fn trajectory(piece: &Piece) -> Result<Trajectory> {
    match piece {
        Piece::Strokes(drawing) => Trajectory::from_strokes(drawing),
        _ => Err(Error::usage("no drawing", "give a drawing, such as an SVG file")),
    }
}

/// The cells of a raster that a gesture goes through, for telling copies.
fn symbols(gesture: &Trajectory) -> Vec<u32> {
    let normal = Normal { origin: Origin::Centroid, size: Size::Longest };
    let path = plane(gesture).along_path(COUNT).normalised(normal);
    let cell = |number: f64| ((number + 1.0) * CELLS).clamp(0.0, 2.0 * CELLS - 1.0) as u32;
    (0..path.len())
        .map(|index| cell(path.frame(index)[1]) * 2 * CELLS as u32 + cell(path.frame(index)[0]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(label(name), expected);
    }

    #[test]
    fn numbers_at_the_end_of_names_are_left_out() {
        check("star-12", "star");
        check("left-hand-3", "left-hand");
        check("left-hand", "left-hand");
        check("star", "star");
        check("-3", "-3");
    }
}
