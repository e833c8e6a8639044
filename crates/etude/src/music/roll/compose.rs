//! From a request to a piece.

use super::author::{Roller, symbol};
use super::frame::{ALL, Pins, frames, roll};
use super::model::Wish;
use super::models;
use super::request::{Demand, What, lay};
use crate::author::{Made, Request};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Progress;
use crate::settings::{check, get};
use etude_piece::piece::Piece;
use etude_piece::score::{Grid, Key, Metre, Tempo};

/// How many frames a run has that is cited or invented.
const RUN: usize = 4;

/// Bars that are written where nobody says.
const BARS: usize = 8;

/// The most frames of a piece.
const MOST: usize = 100_000;

/// What can be wished for from every model of frames.
pub fn wishes() -> Vec<Setting> {
    let meaning = "what a draft gives of its frames: all keys, on and off, or only those that are `sounding`";
    vec![Setting { name: "given", default: "all".to_owned(), meaning }]
}

/// Writes frames that are as asked, and makes a score of them.
///
/// # Errors
///
/// Requests that make no sense, contradictions, and interruptions.
pub(super) fn compose(author: &Roller, request: &Request, progress: &mut Progress) -> Result<Made> {
    check(&request.settings, &models::wishes(author.kind.name))?;
    let fits = |word: &String| ["all", "sounding"].contains(&word.as_str());
    let given = get(&request.settings, "given", "all".to_owned(), "all or sounding", fits)?;
    let keeps = request.keep.iter().map(|text| Demand::read(text, true));
    let forbids = request.forbid.iter().map(|text| Demand::read(text, false));
    let demands: Vec<Demand> = keeps.chain(forbids).collect::<Result<_>>()?;
    let draft = request.draft.as_ref().map(|piece| frames(piece, author.steps)).transpose()?;
    let draft = draft.unwrap_or_default();
    let pin = |&frame| match given.as_str() {
        "all" => Pins { on: frame, off: ALL & !frame },
        _ => Pins { on: frame, off: 0 },
    };
    let mut pins: Vec<Pins> = draft.iter().map(pin).collect();
    let metre = request.metre.unwrap_or(Metre::COMMON);
    let bar = (metre.bar().to_f64() * author.steps as f64).round().max(1.0) as usize;
    let opens = given != "all" || demands.iter().any(|demand| demand.what == What::Open);
    let length = match request.length {
        Some(bars) => (bars * bar).max(pins.len()),
        None if !draft.is_empty() && opens => pins.len(),
        None => pins.len() + BARS * bar,
    };
    if length > MOST {
        return Err(Error::usage(format!("{length} frames"), format!("at most {MOST}")));
    }
    pins.resize(length, Pins::default());
    let pins = lay(pins, &demands)?;
    let own = request.settings.iter().filter(|(name, _)| *name != "given");
    let own = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let written = author.model.write(&pins, &Wish { seed: request.seed, settings: own }, progress)?;
    if let Some(at) = (0..length).find(|&at| !pins[at].allow(written.frames[at])) {
        return Err(Error::Broken(format!("frame {} isn't as asked", at + 1)));
    }
    let roll = roll(&written.frames);
    let tempo = request.tempo.unwrap_or(Tempo::default().0);
    let plain = roll.to_score(author.steps, Key::C_MAJOR, metre, tempo);
    let key = request
        .key
        .unwrap_or_else(|| Grid::of_notes(&plain).map_or(Key::C_MAJOR, |grid| grid.estimate_key()));
    let mut score = roll.to_score(author.steps, key, metre, tempo);
    score.title = "Étude".to_owned();
    score.composer = format!("Étude ({}, seed {})", author.kind.name, request.seed);
    let symbols: Vec<u32> = written.frames.iter().copied().map(symbol).collect();
    Ok(Made {
        piece: Piece::Score(Box::new(score)),
        novelty: author.memory.appraise(&symbols, RUN),
        met: demands.iter().map(|demand| demand.is_met(&written.frames)).collect(),
        messages: Vec::new(),
        diagnostics: written.diagnostics,
    })
}
