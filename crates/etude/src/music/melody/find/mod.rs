//! Which notes of a score are its melody, and which chords lie below.
//!
//! 0. Notes that are told in seconds are laid on beats first, see [`beats`].
//! 1. Every voice is judged by its name, its register, how often it sounds alone, and how much of the piece it covers;
//!    drums are left out. The best is the melody's voice, unless it leaves most of the piece silent: then all are.
//! 2. The skyline of these voices is taken: at each moment the highest note (Uitdenbogerd & Zobel, *Melodic matching
//!    techniques for large music databases*, ACM Multimedia 1999). A note under a higher one that goes on is accompaniment,
//!    and so is a note far below those around it.
//! 3. It is laid on a grid; a note off the grid moves to the nearest step.
//! 4. Chord symbols of the file win. Else each half bar's pitch classes are matched with chords, see [`harmony`].
//!
//! Any score that has a note has a melody: there is no score without one.

mod beats;
mod harmony;
mod line;
mod voices;

#[cfg(test)]
mod tests;

use super::Melody;
use super::chord::Chord;
use crate::error::Result;
use etude_piece::score::{Beats, Cell, Frame, Grid, Onset, Score};
use etude_piece::{Error, Fault, Place};
use line::Line;

/// The most steps of a melody.
const MOST_STEPS: usize = 1 << 17;

/// The melody of a score and its chords, on a grid of `steps` steps in a quarter note, 1..=24.
///
/// # Errors
///
/// A score without notes, and one of more than 131,072 steps.
pub fn find(score: &Score, steps: usize) -> Result<Melody> {
    let beaten = beats::found(score);
    let score = beaten.as_ref().unwrap_or(score);
    let heard = voices::heard(score);
    if heard.iter().all(|voice| voice.notes.is_empty()) {
        return Err(
            etude_piece::Error::from(Fault::new(Place::Whole, "no notes", "at least one note")).into()
        );
    }
    let chosen = voices::choose(&heard);
    let line = line::skyline(&heard, &chosen);
    let grid = lay(score, &line, steps)?;
    let chords = match written(score, &grid) {
        chords if chords.is_empty() => harmony::chords(&heard, &line, &grid.frame),
        chords => chords,
    };
    let mut melody = Melody { grid, chords };
    melody.grid.frame.key = Some(key(score, &melody.grid));
    Ok(melody)
}

/// A note as performed, in quarter notes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Heard {
    onset: f64,
    end: f64,
    pitch: u8,
}

/// The key in force for the longest part of the score, or the one that its notes tell where none is written.
fn key(score: &Score, grid: &Grid) -> etude_piece::score::Key {
    let written = score.keys.first().map(|&(_, key)| key);
    // Many MIDI files say C major for want of a key: then the notes have to agree.
    match written {
        Some(key) if key.fifths != 0 || fits(grid, key.scale()) => key,
        _ => grid.estimate_key(),
    }
}

/// Whether nine of ten sounding steps lie in a scale.
fn fits(grid: &Grid, scale: u16) -> bool {
    let (mut inside, mut all) = (0, 0);
    for pitch in grid.pitches().flatten() {
        inside += usize::from(scale >> (pitch % 12) & 1);
        all += 1;
    }
    10 * inside >= 9 * all
}

/// The line on a grid.
fn lay(score: &Score, line: &Line, steps_per_quarter: usize) -> Result<Grid> {
    let step_of = |at: f64| (at.max(0.0) * steps_per_quarter as f64).round() as usize;
    let end = line.notes.iter().map(|note| step_of(note.end).max(step_of(note.onset) + 1)).max().unwrap_or(1);
    let unit = Beats::new(1, steps_per_quarter as i64);
    let mut frame = Frame {
        steps_per_quarter,
        metre: score.metres.first().map(|&(_, metre)| metre),
        pickup: usize::try_from(score.pickup().round_div(unit)).unwrap_or(0),
        ..Frame::sixteenths(1, end)
    };
    // Up to the end of its bar, if the score has as much.
    let bar = frame.steps_per_bar();
    let full = frame.pickup + end.saturating_sub(frame.pickup).div_ceil(bar) * bar;
    frame.steps = full.min(step_of(score.duration().to_f64()).max(end));
    if frame.steps > MOST_STEPS {
        let hint = "cut the piece, or use a coarser grid";
        return Err(Error::unfit(format!("a melody of {} steps", frame.steps), hint).into());
    }
    let steps = frame.steps;
    let mut grid = Grid::new(frame);
    for note in &line.notes {
        let start = step_of(note.onset).min(steps - 1);
        let stop = step_of(note.end).clamp(start + 1, steps);
        for step in start..stop {
            let onset = if step == start { Onset::Struck } else { Onset::Held };
            grid.set(step, 0, Cell { pitch: Some(note.pitch), onset });
        }
        // What an earlier note still held after this one is over.
        for step in stop..steps {
            if grid.at(step, 0).pitch.is_none() {
                break;
            }
            grid.set(step, 0, Cell::REST);
        }
    }
    Ok(grid)
}

/// The chord symbols of the file that can be read, by step.
fn written(score: &Score, grid: &Grid) -> Vec<(usize, Chord)> {
    let unit = Beats::new(1, grid.frame.steps_per_quarter as i64);
    let mut chords: Vec<(usize, Chord)> = Vec::new();
    for (onset, symbol) in &score.chords {
        let step = usize::try_from(onset.round_div(unit)).unwrap_or(0);
        let Some(chord) = Chord::parse(symbol).filter(|_| step < grid.steps()) else { continue };
        match chords.last_mut() {
            Some(last) if last.0 == step => last.1 = chord,
            _ => chords.push((step, chord)),
        }
    }
    chords
}
