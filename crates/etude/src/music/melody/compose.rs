//! From a request to a melody.

use super::author::Melodist;
use super::guide::Follower;
use super::plan::Plan;
use super::train::notes;
use super::{Chord, Melody};
use crate::author::{Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive::{Options, Stop, write};
use crate::inference::constraint::met;
use crate::model::Progress;
use crate::sequence::Guide;
use etude_piece::piece::Piece;
use etude_piece::score::{Beats, Grid, Score, Tempo};
use std::collections::BTreeMap;

/// How many notes a run has that is cited or invented.
const RUN: usize = 8;

/// Writes a melody that is as asked.
///
/// # Errors
///
/// Contradictions, requests that make no sense, and interruptions.
pub(super) fn compose(author: &Melodist, request: &Request, progress: &mut Progress) -> Result<Made> {
    let plan = Plan::new(author, request)?;
    let guide = Follower::new(plan.sheet.clone(), plan.evidence.clone());
    let mut options = Options::read(&request.settings, request.seed)?;
    options.most = plan.frame.steps + 1;
    options.given = forced(&guide, author.habits.notation.symbols());
    let steps = options.given.len();
    if !is_asked(&guide, &options.given) {
        options.particles = 1;
    }
    let total = (plan.frame.steps + 1 - steps).max(1) as f64;
    let mut told = |done: usize| progress(done as f64 / total, "composing");
    let written = write(author.model.as_ref(), &guide, &options, &mut told).map_err(stopped)?;
    let mut grid = author.habits.notation.read(&written.symbols, &plan.frame);
    grid = grid.transposed(-plan.shift).ok_or_else(|| Error::Broken("a note beyond all keys".to_owned()))?;
    grid.frame = plan.frame.clone();
    if let Some((step, _)) = plan.draft.broken_by(&grid) {
        return Err(Error::Broken(format!("{}: the melody breaks the draft", grid.frame.place(step))));
    }
    let met = met(plan.given.as_ref(), plan.key, &grid, &plan.constraints);
    let melody = Melody { grid, chords: plan.melody.chords.clone() };
    let novelty = author.memory.appraise(&notes(&melody), RUN);
    let mut diagnostics = BTreeMap::from([
        ("nats_per_step".to_owned(), written.nats / (written.symbols.len() - steps).max(1) as f64),
        ("effective_particles".to_owned(), written.effective),
    ]);
    if options.particles > 1 {
        diagnostics.insert("log_evidence".to_owned(), written.log_evidence);
    }
    let score = score(author, request, &plan, &melody);
    let messages = messages(author, &plan);
    Ok(Made { piece: Piece::Score(Box::new(score)), novelty, met, messages, diagnostics })
}

/// The symbols that a sequence must begin with, because nothing else is allowed.
fn forced(guide: &Follower, symbols: usize) -> Vec<u32> {
    let mut guide = guide.clone();
    let mut given = Vec::new();
    let mut odds = vec![0.0; symbols];
    while !guide.is_done() {
        odds.fill(0.0);
        guide.weigh(&mut odds);
        let mut allowed = odds.iter().enumerate().filter(|(_, odd)| **odd > f64::NEG_INFINITY);
        let (Some((symbol, _)), None) = (allowed.next(), allowed.next()) else { break };
        guide.push(symbol);
        given.push(symbol as u32);
    }
    // The end is left to be drawn, so that something is.
    given.truncate(given.len().saturating_sub(usize::from(guide.is_done())));
    given
}

/// Whether anything is asked of what comes after the symbols that are given.
fn is_asked(guide: &Follower, given: &[u32]) -> bool {
    let mut guide = guide.clone();
    given.iter().for_each(|&symbol| guide.push(symbol as usize));
    guide.expects()
}

fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Interrupted => Error::Interrupted,
        other => Error::Broken(format!("the melody came to no end: {other:?}")),
    }
}

/// The melody as a score, with its chords, its tempo and the draft's own words.
fn score(author: &Melodist, request: &Request, plan: &Plan, melody: &Melody) -> Score {
    let Melody { grid, chords } = melody;
    let mut score = Score::from(grid);
    for part in &mut score.parts {
        part.program = 0;
    }
    let at = |step: usize| Beats::new(step as i64, grid.frame.steps_per_quarter as i64);
    let symbol = |&(step, chord): &(usize, Chord)| (at(step), chord.symbol(plan.key));
    score.chords = chords.iter().map(symbol).collect();
    score.title = format!("Étude in {}", plan.key);
    score.composer = format!("Étude (melody, seed {})", request.seed);
    score.tempi = vec![(Beats::ZERO, Tempo(f64::from(author.habits.tempo)))];
    if let Some(given) = plan.score {
        if !given.title.is_empty() {
            score.title.clone_from(&given.title);
        }
        if !given.composer.is_empty() {
            score.composer = format!("{}, with Étude", given.composer);
        }
        if !given.tempi.is_empty() {
            score.tempi.clone_from(&given.tempi);
        }
    }
    if let Some(tempo) = request.tempo {
        score.tempi = vec![(Beats::ZERO, Tempo(tempo))];
    }
    score
}

/// What the user should know.
fn messages(author: &Melodist, plan: &Plan) -> Vec<String> {
    let mut messages = Vec::new();
    if !author.habits.notation.chords && !plan.melody.chords.is_empty() {
        let said = "this model learnt no chords: they stand above the melody and don't shape it";
        messages.push(said.to_owned());
    }
    if let Some(score) = plan.score {
        let voices = score.voices().filter(|voice| !voice.notes.is_empty()).count();
        if voices > 1 {
            messages
                .push(format!("the melody was found in a score of {voices} voices; the others are left out"));
        }
        let moved = moved(score, &plan.melody.grid);
        if moved > 0 {
            let grid = 4 * plan.frame.steps_per_quarter;
            messages.push(format!("{moved} notes of the draft were moved to the nearest 1/{grid}"));
        }
    }
    messages
}

/// How many notes of a score lie off the grid.
fn moved(score: &Score, grid: &Grid) -> usize {
    let unit = Beats::new(1, grid.frame.steps_per_quarter as i64);
    score.voices().flat_map(|voice| &voice.notes).filter(|note| note.onset.exact_div(unit).is_none()).count()
}
