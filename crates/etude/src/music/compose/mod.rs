//! From a wish to a score: lays what is given on the model's grid, has the holes filled, and writes it out again.

mod blend;
mod given;

#[cfg(test)]
mod tests;

use blend::{between, varied};
use given::Given;

use crate::appraise::novelty::Novelty;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::inference::constraint::{Constraint, Kind, compile, met};
use crate::model::{Evaluation, Progress, Settings, Wish};
use crate::shelf::Shelved;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Beats, Frame, Grid, Key, Metre, Onset, Score, Tempo};
use std::collections::BTreeMap;

/// Bars of a piece of which nothing is given: four phrases of two.
const BARS: usize = 8;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// A piece whose notes are given; the voices that it lacks are filled in.
    pub draft: Option<Score>,
    /// The share of the draft's notes that is opened and written anew, 0..=1; `None` for none.
    pub vary: Option<f64>,
    /// A piece that the draft is led towards, and how far, 0..=1.
    pub towards: Option<(Score, f64)>,
    /// Which voice, from 0 at the top, a draft of one voice is; `None` for the top one.
    pub voice: Option<usize>,
    /// Full bars, 1..=1000; `None` for the draft's, or 8.
    pub bars: Option<usize>,
    /// The key; `None` for the draft's, or one drawn as often as the corpus has it.
    pub key: Option<Key>,
    /// The metre; `None` for the draft's, or 4/4.
    pub metre: Option<Metre>,
    /// Quarter notes per minute; `None` for the draft's, or the default.
    pub tempo: Option<f64>,
    /// What must hold.
    pub constraints: Vec<Constraint>,
    /// The model's wishes by name.
    pub settings: Settings,
    /// The seed of all randomness.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// The piece.
    pub score: Score,
    /// The same on the model's grid.
    pub grid: Grid,
    /// How new it is.
    pub novelty: Novelty,
    /// Whether each constraint holds, checked on the finished piece.
    pub met: Vec<bool>,
    /// What the user should know, one line each.
    pub messages: Vec<String>,
    /// How the making went.
    pub diagnostics: BTreeMap<String, f64>,
}

/// Composes.
///
/// # Errors
///
/// Contradictions, requests that the model can't serve, and interruptions.
pub fn compose(shelved: &Shelved, request: &Request, progress: &mut Progress) -> Result<Composed> {
    let model = shelved.model.as_ref();
    let voices = model.alphabets().len();
    let mut messages = Vec::new();
    let given =
        request.draft.as_ref().map(|score| Given::new(score, request, model.steps_per_quarter(), voices));
    let given = given.transpose()?;
    if let Some(given) = given.as_ref().filter(|given| given.moved > 0) {
        messages.push(format!(
            "{} notes of the draft lie between the model's steps; it read them at the nearest ones",
            given.moved
        ));
    }
    let frame = frame(shelved, request, given.as_ref())?;
    let key = frame.key.unwrap_or(Key::C_MAJOR);
    let shift = given.as_ref().map_or(0, |given| given.shift(model.alphabets()));
    if shift != 0 {
        messages.push(format!("the model read the draft {} semitones {}", shift.abs(), direction(shift)));
    }
    let ranges: Vec<Alphabet> = model.alphabets().iter().map(|alphabet| moved(alphabet, -shift)).collect();
    let own = given.as_ref().map(|given| given.draft(&frame, voices));
    let own = blended(own, request, model.steps_per_quarter(), &ranges)?;
    let mut asked = request.constraints.clone();
    asked.extend(sounding(request));
    let mut draft = compile(own.as_ref(), &frame, key, &ranges, &asked)?;
    if given.is_none() {
        close(&mut draft);
    }

    let wish = Wish { seed: request.seed, key: key.transposed(shift), settings: request.settings.clone() };
    let made = model.generate(&transposed(&draft, shift), &wish, progress)?;
    let mut grid =
        made.grid.transposed(-shift).ok_or_else(|| Error::usage("pitches below 0", "a higher draft"))?;
    grid.frame = frame;
    shelved.articulation.apply(&mut grid);
    if let Some((step, voice)) = draft.broken_by(&grid) {
        let place = grid.frame.place(step);
        return Err(Error::usage(
            format!("{place}: {} broke the draft", voice_name(voice, voices)),
            "report this",
        ));
    }
    let novelty = shelved.index.appraise(&grid);
    let met = met(own.as_ref(), key, &grid, &request.constraints);
    let mut score = Score::from(&grid);
    match &given {
        Some(given) => given.restore(&mut score, &grid),
        None => score.title = format!("Étude in {key}"),
    }
    score.composer = match score.composer.as_str() {
        "" => format!("Étude ({}, seed {})", shelved.card.name, request.seed),
        composer => format!("{composer}, with Étude ({})", shelved.card.name),
    };
    if let Some(tempo) = request.tempo {
        score.tempi = vec![(Beats::ZERO, Tempo(tempo))];
    }
    Ok(Composed { score, grid, novelty, met, messages, diagnostics: made.diagnostics })
}

/// The draft as the request wants it varied or led towards another piece.
fn blended(
    own: Option<Draft>,
    request: &Request,
    steps_per_quarter: usize,
    ranges: &[Alphabet],
) -> Result<Option<Draft>> {
    let Some(mut draft) = own else {
        return match (request.vary, &request.towards) {
            (None, None) => Ok(None),
            _ => Err(Error::usage("nothing to vary", "a draft, by --draft")),
        };
    };
    if let Some((score, share)) = &request.towards {
        let second = Grid::nearest(score, steps_per_quarter)?.grid;
        draft = between(&draft, &second, ranges, *share)?;
    }
    if let Some(share) = request.vary {
        draft = varied(&draft, share, request.seed)?;
    }
    Ok(Some(draft))
}

/// Lays a score on the model's grid and evaluates it.
///
/// # Errors
///
/// A score that doesn't fit the grid, the voices or their alphabets.
pub fn evaluate(shelved: &Shelved, score: &Score) -> Result<(Grid, Evaluation)> {
    let grid = Grid::nearest(score, shelved.model.steps_per_quarter())?.grid;
    let evaluation = shelved.model.evaluate(&grid)?;
    Ok((grid, evaluation))
}

/// The frame of the piece to make.
fn frame(shelved: &Shelved, request: &Request, given: Option<&Given>) -> Result<Frame> {
    let quarter = shelved.model.steps_per_quarter();
    let voices = shelved.model.alphabets().len();
    if let Some(tempo) = request.tempo.filter(|tempo| !(5.0..=500.0).contains(tempo)) {
        return Err(Error::usage(format!("a tempo of {tempo}"), "5 to 500 quarter notes per minute"));
    }
    if let Some(bars) = request.bars.filter(|bars| !(1..=1000).contains(bars)) {
        return Err(Error::usage(format!("{bars} bars"), "1 to 1000"));
    }
    let mut frame = match given {
        Some(given) => Frame { voices, ..given.grid.frame.clone() },
        None => Frame { voices, steps_per_quarter: quarter, ..Frame::sixteenths(voices, 0) },
    };
    frame.metre = request.metre.or(frame.metre).or(Some(Metre::COMMON));
    let drawn = || drawn_key(shelved, request.seed);
    frame.key = Some(match given {
        Some(given) => request.key.unwrap_or_else(|| given.grid.key()),
        None => match request.key {
            Some(key) => key,
            None => drawn()?,
        },
    });
    if let Some(bars) = request.bars.or(given.is_none().then_some(BARS)) {
        frame.steps = frame.pickup + bars * frame.steps_per_bar();
    }
    if given.is_some_and(|given| frame.steps < given.grid.steps()) {
        let bars = given.map_or(0, |given| given.grid.steps().div_ceil(frame.steps_per_bar()));
        return Err(Error::usage("fewer bars than the draft has", format!("at least {bars} bars")));
    }
    Ok(frame)
}

/// Where nobody speaks of rests, silence is no way out: constraints that leave nothing else contradict each other.
pub(crate) fn sounding(request: &Request) -> Option<Constraint> {
    let speaks = |constraint: &Constraint| {
        ["rest", "rhythm", "given"].iter().any(|word| constraint.text().to_ascii_lowercase().contains(word))
    };
    let silent = request.draft.is_none()
        && request.settings.get("rests").is_none_or(|rests| rests != "true")
        && !request.constraints.iter().any(speaks);
    silent.then(|| Constraint::parse(Kind::Keep, "*=sounding").expect("it is in the language"))
}

/// Lets a piece of which nothing is given end on a long chord: what of the last half note is open is tied together.
fn close(draft: &mut Draft) {
    let (steps, voices) = (draft.frame.steps, draft.frame.voices);
    let start = steps.saturating_sub(2 * draft.frame.steps_per_quarter);
    for voice in 0..voices {
        let all = (start..steps).fold(Hole::ANY, |all, step| all.and(draft.hole(step, voice)));
        let free = (start..steps).all(|step| draft.onset(step, voice) == Onset::Unmarked);
        if free && !all.is_empty() {
            for step in start..steps {
                draft.narrow(step, voice, all);
                draft.mark(step, voice, if step > start { Onset::Held } else { Onset::Unmarked });
            }
        }
    }
}

/// A key, drawn as often as the training pieces have it.
pub(crate) fn drawn_key(shelved: &Shelved, seed: u64) -> Result<Key> {
    let total: u32 = shelved.card.keys.values().sum();
    if total == 0 {
        return Ok(Key::C_MAJOR);
    }
    // A stream that no chain has.
    let mut left = Chance::new(seed, u64::MAX).below(total as usize) as u32;
    for (key, &count) in &shelved.card.keys {
        if left < count {
            return key.parse().map_err(|found: String| Error::usage(found, "a sound model file"));
        }
        left -= count;
    }
    Ok(Key::C_MAJOR)
}

/// The same draft, `semitones` higher; what leaves 0..=127 is lost.
fn transposed(draft: &Draft, semitones: i32) -> Draft {
    let mut moved = Draft::open(draft.frame.clone());
    for step in 0..draft.frame.steps {
        for voice in 0..draft.frame.voices {
            let hole = draft.hole(step, voice);
            let pitches = if semitones >= 0 { hole.pitches << semitones } else { hole.pitches >> -semitones };
            moved.narrow(step, voice, Hole { pitches, ..hole });
            moved.mark(step, voice, draft.onset(step, voice));
        }
    }
    moved
}

/// The same alphabet, `semitones` higher.
fn moved(alphabet: &Alphabet, semitones: i32) -> Alphabet {
    let pitches = alphabet.pitches().iter().map(|&pitch| i32::from(pitch) + semitones);
    Alphabet::new(pitches.filter_map(|pitch| u8::try_from(pitch).ok()))
}

fn direction(semitones: i32) -> &'static str {
    if semitones > 0 { "up" } else { "down" }
}
