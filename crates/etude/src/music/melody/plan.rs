//! From a request to what is asked of each step.

use super::author::{Melodist, no_score};
use super::evidence::Evidence;
use super::sheet::Sheet;
use super::{Melody, changes, find};
use crate::author::Request;
use crate::error::{Error, Result};
use crate::inference::constraint::{Constraint, Kind, compile};
use crate::settings::{check, get};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::piece::Piece;
use etude_piece::score::{Frame, Grid, Key, Pitch, Score};
use std::sync::Arc;

/// Bars of a melody of which nothing is given, and those added to a draft.
const BARS: usize = 8;

/// What is asked.
pub(super) struct Plan<'a> {
    /// The score that was given.
    pub(super) score: Option<&'a Score>,
    /// The frame of the piece.
    pub(super) frame: Frame,
    pub(super) key: Key,
    /// What was given, before any constraint.
    pub(super) given: Option<Draft>,
    pub(super) constraints: Vec<Constraint>,
    /// What is left open of each step.
    pub(super) draft: Draft,
    /// The chords, in the key of the piece.
    pub(super) melody: Melody,
    /// Semitones from the piece to what the model writes.
    pub(super) shift: i32,
    pub(super) sheet: Arc<Sheet>,
    /// Nothing, where nothing is asked.
    pub(super) evidence: Option<Arc<Evidence>>,
}

impl<'a> Plan<'a> {
    /// Lays out what is asked.
    ///
    /// # Errors
    ///
    /// Requests that make no sense, and contradictions.
    pub(super) fn new(author: &Melodist, request: &'a Request) -> Result<Self> {
        check(&request.settings, &super::wishes())?;
        let notation = author.habits.notation;
        let score = match &request.draft {
            Some(Piece::Score(score)) => Some(score.as_ref()),
            Some(_) => return Err(no_score()),
            None => None,
        };
        let found = score.map(|score| find(score, notation.steps)).transpose()?;
        let known = |word: &String| ["continue", "inject"].contains(&word.as_str());
        let mode = get(&request.settings, "mode", "continue".to_owned(), "continue or inject", known)?;
        let inject = mode == "inject";
        let frame = frame(author, request, found.as_ref(), inject)?;
        let key = frame.key.unwrap_or(Key::C_MAJOR);
        let given = found.as_ref().map(|found| given(&found.grid, &frame, inject));
        let shift = shift(author, found.as_ref(), key)?;
        let constraints = constraints(request)?;
        let (low, high) = (i32::from(notation.low) - shift, i32::from(notation.high) - shift);
        let range = Alphabet::range(low.clamp(0, 127) as u8, high.clamp(0, 127) as u8);
        let draft = compile(given.as_ref(), &frame, key, &[range], &constraints)?;
        let chords = chords(request, found.as_ref(), &frame)?;
        let melody = Melody { grid: Grid::new(frame.clone()), chords };
        let sheet = Arc::new(notation.sheet(&melody.transposed(shift)));
        let asked = given.is_some() || !constraints.is_empty();
        let evidence = asked.then(|| Evidence::new(&moved(&draft, shift), &notation, &author.background));
        if evidence.as_ref().is_some_and(|evidence| !evidence.is_possible()) {
            return Err(Error::Broken("a melody that was possible is none on its grid".to_owned()));
        }
        let evidence = evidence.map(Arc::new);
        Ok(Self { score, frame, key, given, constraints, draft, melody, shift, sheet, evidence })
    }
}

/// The frame of the piece: the request's, the draft's, or what most of the training pieces have.
fn frame(author: &Melodist, request: &Request, found: Option<&Melody>, inject: bool) -> Result<Frame> {
    let habits = &author.habits;
    if let Some(tempo) = request.tempo.filter(|tempo| !(5.0..=500.0).contains(tempo)) {
        return Err(Error::usage(format!("a tempo of {tempo}"), "5 to 500 quarter notes per minute"));
    }
    if let Some(bars) = request.length.filter(|bars| !(1..=1000).contains(bars)) {
        return Err(Error::usage(format!("{bars} bars"), "1 to 1000"));
    }
    let own = found.map(|found| &found.grid.frame);
    let mut frame = Frame {
        steps_per_quarter: habits.notation.steps,
        key: request.key.or(own.and_then(|own| own.key)).or(Some(habits.key)),
        metre: request.metre.or(own.and_then(|own| own.metre)).or(Some(habits.metre)),
        ..Frame::sixteenths(1, 0)
    };
    let bar = frame.steps_per_bar();
    frame.pickup = own.map_or(0, |own| own.pickup.min(bar - 1));
    let have = own.map_or(0, |own| own.steps.saturating_sub(frame.pickup).div_ceil(bar));
    let bars = request.length.unwrap_or(if inject && have > 0 { have } else { have + BARS });
    if bars < have {
        return Err(Error::usage(
            format!("{bars} bars where the draft has {have}"),
            "the length counts all bars, the draft's too; leave it out, or cut the draft",
        ));
    }
    frame.steps = frame.pickup + bars * bar;
    Ok(frame)
}

/// What is given of each step: all notes; in `inject` no rest, else those before the last note.
fn given(grid: &Grid, frame: &Frame, inject: bool) -> Draft {
    let mut draft = Draft::open(frame.clone());
    let end =
        (0..grid.steps()).rev().find(|&step| grid.at(step, 0).pitch.is_some()).map_or(0, |last| last + 1);
    for step in 0..end.min(frame.steps) {
        let cell = grid.at(step, 0);
        if cell.pitch.is_some() {
            draft.pin(step, 0, cell);
        } else if !inject {
            draft.narrow(step, 0, Hole::REST);
        }
    }
    draft
}

/// The semitones from the piece to what the model writes, by octaves so that all given notes are in its range.
fn shift(author: &Melodist, found: Option<&Melody>, key: Key) -> Result<i32> {
    let notation = author.habits.notation;
    let usual = notation.shift(key);
    let Some((low, high)) = found.and_then(|found| found.grid.ranges()[0]) else { return Ok(usual) };
    let fits = |octaves: &i32| {
        let shift = usual + 12 * octaves;
        i32::from(low) + shift >= i32::from(notation.low)
            && i32::from(high) + shift <= i32::from(notation.high)
    };
    if let Some(octaves) = [0, 1, -1, 2, -2, 3, -3, 4, -4].into_iter().find(fits) {
        return Ok(usual + 12 * octaves);
    }
    let span = |low, high| format!("{} to {}", Pitch::spell(low, key), Pitch::spell(high, key));
    Err(Error::usage(
        format!("a draft whose melody goes from {}", span(low, high)),
        format!("this model knows melodies of {} semitones at most", notation.high - notation.low),
    ))
}

/// The constraints of a request.
fn constraints(request: &Request) -> Result<Vec<Constraint>> {
    let kept = request.keep.iter().map(|text| (Kind::Keep, text));
    let all = kept.chain(request.forbid.iter().map(|text| (Kind::Forbid, text)));
    let read = |(kind, text): (Kind, &String)| {
        Constraint::parse(kind, text)
            .map_err(|error| Error::usage(error.to_string(), "see the language of constraints"))
    };
    all.map(read).collect()
}

/// The chords below the piece: those asked for, or the draft's, repeated to the end.
fn chords(request: &Request, found: Option<&Melody>, frame: &Frame) -> Result<Vec<(usize, super::Chord)>> {
    let (bar, pickup, steps) = (frame.steps_per_bar(), frame.pickup, frame.steps);
    if let Some(text) = request.settings.get("chords").filter(|text| !text.trim().is_empty()) {
        return Ok(changes::laid(&changes::read(text)?, bar, pickup, steps));
    }
    let Some(found) = found else { return Ok(Vec::new()) };
    let bars = found.grid.steps().saturating_sub(pickup).div_ceil(bar);
    Ok(changes::repeated(&found.chords, bar, pickup, bars, steps))
}

/// The same draft, `semitones` higher; what leaves 0..=127 is lost.
fn moved(draft: &Draft, semitones: i32) -> Draft {
    let mut moved = Draft::open(draft.frame.clone());
    for step in 0..draft.frame.steps {
        let hole = draft.hole(step, 0);
        let by = semitones.unsigned_abs();
        let pitches =
            if semitones >= 0 { hole.pitches.checked_shl(by) } else { hole.pitches.checked_shr(by) };
        moved.narrow(step, 0, Hole { pitches: pitches.unwrap_or(0), ..hole });
        moved.mark(step, 0, draft.onset(step, 0));
    }
    moved
}
