//! From a wish to a score: lays what is given on the model's grid, has the holes filled, and writes it out again.

use crate::appraise::novelty::Novelty;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::inference::constraint::{Constraint, compile, met};
use crate::model::{Evaluation, Progress, Settings, Wish};
use crate::shelf::Shelved;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Beats, Frame, Grid, Key, Metre, Score, Tempo};
use std::collections::BTreeMap;

/// Bars of a piece of which nothing is given: four phrases of two.
const BARS: usize = 8;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// A piece whose notes are given; the voices that it lacks are filled in.
    pub draft: Option<Score>,
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
    let draft = compile(own.as_ref(), &frame, key, &ranges, &request.constraints)?;

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

/// The draft's notes on the model's grid, and which voice of the model each of its voices is.
struct Given<'a> {
    score: &'a Score,
    grid: Grid,
    /// The model's voice of each of the draft's.
    voices: Vec<usize>,
    /// Notes that had to be moved to a step.
    moved: usize,
}

impl<'a> Given<'a> {
    fn new(score: &'a Score, request: &Request, steps_per_quarter: usize, voices: usize) -> Result<Self> {
        let quantised = Grid::nearest(score, steps_per_quarter)?;
        let grid = quantised.grid;
        let count = grid.voices();
        let places = match (count, request.voice) {
            (_, Some(voice)) if voice >= voices => {
                return Err(Error::usage(format!("voice {}", voice + 1), format!("1 to {voices}")));
            }
            (1, voice) => vec![voice.unwrap_or(0)],
            _ if count == voices => (0..voices).collect(),
            _ if count < voices => named(score, count, voices).unwrap_or_else(|| spread(count, voices)),
            _ => {
                return Err(Error::usage(
                    format!("a draft of {count} voices"),
                    format!("this model writes {voices}; leave out or join some"),
                ));
            }
        };
        Ok(Self { score, grid, voices: places, moved: quantised.moved.len() })
    }

    /// The semitones, as few as can be, by which the notes must move to lie in their voices' alphabets.
    fn shift(&self, alphabets: &[Alphabet]) -> i32 {
        let fits = |semitones: &i32| {
            (0..self.grid.steps()).all(|step| {
                self.voices.iter().enumerate().all(|(own, &voice)| {
                    let Some(pitch) = self.grid.at(step, own).pitch else { return true };
                    let moved = u8::try_from(i32::from(pitch) + semitones).ok();
                    moved.is_some_and(|moved| alphabets[voice].symbol(Some(moved)).is_some())
                })
            })
        };
        // Nearest first; an octave keeps the colour of the key, so it goes before odd intervals of its size or more.
        let mut shifts: Vec<i32> = (-48..=48).collect();
        shifts.sort_by_key(|s| (if s % 12 == 0 { s.abs() - 7 } else { s.abs() }, *s < 0));
        shifts.into_iter().find(fits).unwrap_or(0)
    }

    /// The notes as a draft in the model's voices: what sounds is pinned, all else open.
    fn draft(&self, frame: &Frame, voices: usize) -> Draft {
        let mut draft = Draft::open(Frame { voices, ..frame.clone() });
        let steps = self.grid.steps().min(frame.steps);
        for (own, &voice) in self.voices.iter().enumerate() {
            for step in 0..steps {
                let cell = self.grid.at(step, own);
                if cell.pitch.is_some() {
                    draft.pin(step, voice, cell);
                } else if self.voices.len() < voices || self.sounds_later(step, own) {
                    draft.narrow(step, voice, Hole::REST);
                }
            }
        }
        draft
    }

    /// Whether a voice of the draft sings again after a step: then a silence there is meant.
    fn sounds_later(&self, step: usize, own: usize) -> bool {
        (step..self.grid.steps()).any(|t| self.grid.at(t, own).pitch.is_some())
    }

    /// Puts the draft's own words back: its titles, signs and words, and its notes in every voice that was kept whole.
    fn restore(&self, score: &mut Score, grid: &Grid) {
        score.title.clone_from(&self.score.title);
        score.composer.clone_from(&self.score.composer);
        score.tempi.clone_from(&self.score.tempi);
        score.chords.clone_from(&self.score.chords);
        let whole = grid.steps() == self.grid.steps();
        if whole {
            score.bars.clone_from(&self.score.bars);
            score.metres.clone_from(&self.score.metres);
        }
        let lines: Vec<_> = self.score.voices().collect();
        if lines.len() != self.voices.len() || !whole {
            return;
        }
        for (own, &voice) in self.voices.iter().enumerate() {
            let kept =
                (0..grid.steps()).all(|step| grid.at(step, voice).pitch == self.grid.at(step, own).pitch);
            if kept {
                score.parts[voice].voices[0].notes.clone_from(&lines[own].notes);
            }
        }
    }
}

/// The model's voices that a draft's part names mean, if they mean distinct ones.
fn named(score: &Score, count: usize, voices: usize) -> Option<Vec<usize>> {
    if score.parts.len() != count {
        return None;
    }
    let place = |name: &str| {
        let initial = name.trim().chars().next()?.to_ascii_lowercase();
        (0..voices).find(|&voice| voice_name(voice, voices).to_ascii_lowercase().starts_with(initial))
    };
    let places: Vec<usize> = score.parts.iter().map(|part| place(&part.name)).collect::<Option<_>>()?;
    places.windows(2).all(|pair| pair[0] < pair[1]).then_some(places)
}

/// Voices without names: the lowest is the lowest, the others come from the top.
fn spread(count: usize, voices: usize) -> Vec<usize> {
    (0..count).map(|own| if own + 1 == count { voices - 1 } else { own }).collect()
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

/// A key, drawn as often as the training pieces have it.
fn drawn_key(shelved: &Shelved, seed: u64) -> Result<Key> {
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
