//! From a request to a performance.

use super::author::{Performer, intervals, score};
use super::events::{read, write};
use super::guide::Follower;
use super::played::{RATE, of_score, to_score};
use crate::author::{Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive::{self, Options, Stop};
use crate::model::Progress;
use crate::settings::{check, get};
use etude_piece::piece::Piece;
use etude_piece::score::{Grid, Key};
use std::collections::BTreeMap;

/// How many notes a run has that is cited or invented.
const RUN: usize = 12;

/// Seconds that are written where nobody says.
const SECONDS: f64 = 30.0;

/// Seconds of a bar: four quarters at 120.
const BAR: f64 = 2.0;

/// Writes a performance, or on from the end of one.
///
/// # Errors
///
/// Requests that make no sense, and interruptions.
pub(super) fn compose(author: &Performer, request: &Request, progress: &mut Progress) -> Result<Made> {
    check(&request.settings, &super::wishes())?;
    if !(request.keep.is_empty() && request.forbid.is_empty()) {
        return Err(Error::usage(
            "constraints on a performance, which knows no bars",
            "a draft to go on from, and a length in seconds; models of melodies keep constraints",
        ));
    }
    let usual = request.length.map_or(SECONDS, |bars| bars as f64 * BAR);
    let given = request.settings.get("seconds").is_some_and(|text| !text.trim().is_empty());
    let fits = |x: &f64| (1.0..=3600.0).contains(x);
    let seconds = if given {
        get(&request.settings, "seconds", usual, "from 1 to 3600", fits)?
    } else {
        usual.clamp(1.0, 3600.0)
    };
    let draft = request.draft.as_ref().map(score).transpose()?;
    let played = draft.map(of_score).transpose()?.unwrap_or_default();
    let beginning = write(&played);
    let before = read(&beginning).iter().map(|note| note.end).fold(0.0, f64::max);
    let length = ((before + seconds) * RATE).round() as u64;
    let mut options = Options::read(&request.settings, request.seed)?;
    // Nothing is asked that would need more than one.
    options.particles = 1;
    options.most = Follower::most(length) + beginning.len();
    options.given = beginning;
    let guide = Follower::new(Some(length));
    let total = options.most as f64;
    let mut told = |done: usize| progress((done as f64 / total).min(1.0), "performing");
    let written = autoregressive::write(author.model.as_ref(), &guide, &options, &mut told).map_err(
        |stop| match stop {
            Stop::Interrupted => Error::Interrupted,
            other => Error::Broken(format!("the performance came to no end: {other:?}")),
        },
    )?;
    let all = read(&written.symbols);
    let key = request.key.unwrap_or_else(|| match draft {
        Some(score) => score.key_at(Default::default()),
        None => estimated(&all),
    });
    let mut made = to_score(&all, key);
    made.title = draft.map(|draft| draft.title.clone()).unwrap_or_default();
    if made.title.is_empty() {
        made.title = "Étude".to_owned();
    }
    made.composer = format!("Étude (performance, seed {})", request.seed);
    let novelty = author.memory.appraise(&intervals(&all), RUN);
    let new = written.symbols.len() - options.given.len();
    let diagnostics = BTreeMap::from([("nats_per_event".to_owned(), written.nats / new.max(1) as f64)]);
    let messages = Vec::new();
    Ok(Made { piece: Piece::Score(Box::new(made)), novelty, met: Vec::new(), messages, diagnostics })
}

/// The likeliest key of what was played.
fn estimated(played: &[super::Played]) -> Key {
    Grid::of_notes(&to_score(played, Key::C_MAJOR)).map_or(Key::C_MAJOR, |grid| grid.estimate_key())
}
