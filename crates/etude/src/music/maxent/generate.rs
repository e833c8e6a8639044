//! Generating: independent chains from a first guess through an annealing to the model's own temperature.

use super::MaxEnt;
use super::chain::{Chain, Openings};
use super::columns::Columns;
use super::encode::{Context, Encoded};
use super::options::Wishes;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::inference::constraint::Contradiction;
use crate::inference::mixing;
use crate::model::{Generated, Model, Progress, Wish};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Cell, Grid, Onset};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use std::collections::BTreeMap;

/// The temperature that the annealing begins with, and the share of the sweeps that it takes.
const ANNEALING: (f64, f64) = (1.6, 0.4);

/// Sweeps between two signs of life.
const ROUND: usize = 10;

/// Fills the holes of a draft.
pub(super) fn generate(
    model: &MaxEnt,
    draft: &Draft,
    wish: &Wish,
    progress: &mut Progress,
) -> Result<Generated> {
    let wishes = Wishes::read(&wish.settings)?;
    let frame = &draft.frame;
    model.check_draft(draft)?;
    let openings = openings(model, draft, wishes.rests)?;
    let context = Context::new(frame, Some(wish.key), model.options.steps_per_quarter);
    let columns = Columns::new(model, &context);
    let mut chains: Vec<Chain> = (0..wishes.chains)
        .into_par_iter()
        .map(|index| {
            let mut chance = Chance::new(wish.seed, index as u64);
            let piece = first_guess(model, &openings, &columns, &context, &mut chance);
            Chain::new(model, &openings, wishes.rules, &columns, piece, chance)
        })
        .collect();
    let mut scores: Vec<Vec<f64>> = vec![Vec::new(); wishes.chains];
    let mut done = 0;
    while done < wishes.sweeps {
        let round = ROUND.min(wishes.sweeps - done);
        let found: Vec<Vec<f64>> = chains
            .par_iter_mut()
            .map(|chain| {
                let sweep = |sweep| {
                    chain.sweep(temperature(sweep as f64 / wishes.sweeps as f64, wishes.temperature));
                    model.score(&chain.piece)
                };
                (done..done + round).map(sweep).collect()
            })
            .collect();
        scores.iter_mut().zip(found).for_each(|(all, new)| all.extend(new));
        done += round;
        if !progress(done as f64 / wishes.sweeps as f64, "sweeping") {
            return Err(Error::Interrupted);
        }
    }
    // Only the second half has the model's own temperature for certain.
    let settled: Vec<&[f64]> = scores.iter().map(|scores| &scores[scores.len() / 2..]).collect();
    let diagnostics = BTreeMap::from([
        ("r_hat".to_owned(), mixing::r_hat(&settled)),
        ("effective_sweeps".to_owned(), mixing::effective_size(settled[0])),
        ("log_odds".to_owned(), *scores[0].last().unwrap_or(&0.0)),
    ]);
    Ok(Generated { grid: decode(model, draft, &chains[0].piece), diagnostics })
}

/// The temperature when a share of the sweeps is done.
fn temperature(share: f64, last: f64) -> f64 {
    let (first, until) = ANNEALING;
    last * (first + (1.0 - first) * (share / until).min(1.0))
}

/// The draft in symbols.
fn openings(model: &MaxEnt, draft: &Draft, rests: bool) -> Result<Openings> {
    let frame = &draft.frame;
    let mut openings = Openings::all(model, frame.steps);
    for step in 0..frame.steps {
        for (voice, alphabet) in model.alphabets.iter().enumerate() {
            let cell = step * frame.voices + voice;
            let hole = draft.hole(step, voice);
            let sounding = hole.and(Hole::SOUNDING);
            // A rest is for those who ask for one.
            let hole = if rests || sounding.is_empty() { hole } else { sounding };
            for symbol in 0..openings.width {
                let known = symbol < alphabet.len();
                openings.allowed[cell * openings.width + symbol] =
                    known && hole.allows(alphabet.pitch(symbol as u8));
            }
            openings.tied[cell] = step > 0 && draft.onset(step, voice) == Onset::Held;
        }
    }
    for voice in 0..frame.voices {
        for (start, end) in openings.atoms(frame.voices, frame.steps, voice) {
            if openings.choices(frame.voices, voice, start, end).is_empty() {
                let name = voice_name(voice, frame.voices).to_lowercase();
                return Err(Contradiction::nothing_left(frame.place(start), Some(name)).into());
            }
        }
    }
    Ok(openings)
}

/// A piece that keeps to the openings: the corpus's chords by quarters where they fit, anything open elsewhere.
fn first_guess(
    model: &MaxEnt,
    openings: &Openings,
    columns: &Columns,
    context: &Context,
    chance: &mut Chance,
) -> Encoded {
    let (voices, steps) = (model.alphabets.len(), context.beat.len());
    let mut x = vec![0; steps * voices];
    for voice in 0..voices {
        for (start, end) in openings.atoms(voices, steps, voice) {
            let choices = openings.choices(voices, voice, start, end);
            let symbol = choices[chance.below(choices.len())];
            (start..end).for_each(|t| x[t * voices + voice] = symbol);
        }
    }
    let mut start = 0;
    while start < steps {
        let next_beat = (start + 1..steps).find(|&t| context.beat[t] == 0);
        let end = next_beat.unwrap_or(steps);
        let cut = |t: usize| t < steps && openings.tied[t * voices..(t + 1) * voices].contains(&true);
        if !cut(start) && !cut(end) {
            let fits = |&index: &usize| {
                let chord = columns.chord(index);
                (start..end)
                    .all(|t| (0..voices).all(|v| openings.allows(t * voices + v, usize::from(chord[v]))))
            };
            let fitting: Vec<usize> = (0..columns.len()).filter(fits).collect();
            if !fitting.is_empty() {
                let chord = columns.chord(fitting[chance.below(fitting.len())]);
                (start..end).for_each(|t| x[t * voices..(t + 1) * voices].copy_from_slice(chord));
            }
        }
        start = end;
    }
    Encoded { steps, voices, x, context: context.clone() }
}

/// The chain's piece as a grid; what the draft says of onsets is kept.
fn decode(model: &MaxEnt, draft: &Draft, piece: &Encoded) -> Grid {
    let pitches: Vec<Option<u8>> = piece
        .x
        .iter()
        .enumerate()
        .map(|(cell, &symbol)| model.alphabets[cell % piece.voices].pitch(symbol))
        .collect();
    let mut grid = Grid::from_pitches(draft.frame.clone(), &pitches);
    for step in 0..piece.steps {
        for voice in 0..piece.voices {
            let told = draft.onset(step, voice);
            let cell = grid.at(step, voice);
            if told != Onset::Unmarked && cell.pitch.is_some() && cell.onset == Onset::Unmarked {
                grid.set(step, voice, Cell { onset: told, ..cell });
            }
        }
    }
    grid
}
