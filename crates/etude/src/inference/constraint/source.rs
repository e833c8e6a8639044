//! Everything that narrows a draft, each by its own name: the draft given, the model's ranges, the constraints.

use super::bars::Bars;
use super::harmony::Cadence;
use super::inherit::{Cover, Inherited};
use super::item::{Context, Item};
use super::what::{Length, What, kept, not_forbidden};
use super::{Constraint, Contradiction, Kind};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Beats, Frame, Key, Onset, Pitch};
use std::ops::Range;

/// What is asked of some cells of a voice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    pub(super) voice: usize,
    pub(super) steps: Range<usize>,
    /// What each of them may be.
    pub(super) hole: Hole,
    /// Whether each of them begins a note; [`Onset::Unmarked`] asks nothing.
    pub(super) onset: Onset,
}

/// Something that narrows a draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    /// As a message names it.
    pub(super) name: String,
    pub(super) demands: Vec<Demand>,
}

/// All sources: first what is given, then the constraints as typed.
///
/// # Errors
///
/// The first source that doesn't fit the frame.
pub(super) fn all(
    given: Option<&Draft>,
    frame: &Frame,
    key: Key,
    ranges: &[Alphabet],
    constraints: &[Constraint],
) -> Result<Vec<Source>, Contradiction> {
    check_shapes(given, frame, ranges)?;
    let bars = Bars::of(frame);
    let covered: Result<Vec<_>, Contradiction> =
        constraints.iter().map(|c| Ok((c, Cover::of(c, frame, &bars)?))).collect();
    let covered = covered?;
    let inherited = Inherited::new(given, frame, &covered);
    let mut sources = Vec::new();
    if given.is_some() && !inherited.chosen {
        let everywhere = Cover::whole(frame);
        let demands = from_draft(&inherited, &everywhere);
        sources.push(Source { name: "the draft".to_owned(), demands });
    }
    sources.extend(ranges.iter().enumerate().map(|(voice, range)| of_range(range, voice, frame, key)));
    for (constraint, cover) in &covered {
        if given.is_none() && constraint.what.names_given() {
            let problem = "has nothing to go by: there is no draft";
            return Err(Contradiction::unfit(constraint.to_string(), problem));
        }
        let lowest = |voice: usize| frame.voices > 1 && voice + 1 == frame.voices;
        let context =
            |step, voice| Context { key, lowest: lowest(voice), given: inherited.given(step, voice) };
        let demands = match &constraint.what {
            What::Set(_) if constraint.kind == Kind::Keep && constraint.what.is_given() => {
                Ok(from_draft(&inherited, cover))
            }
            What::Set(items) => Ok(set(constraint.kind, items, cover, context)),
            What::Open => Ok(Vec::new()),
            What::Hold => Ok(each(cover, |voice, steps| {
                vec![Demand { voice, steps: steps.start + 1..steps.end, hole: Hole::ANY, onset: Onset::Held }]
            })),
            What::Strike => Ok(each(cover, |voice, steps| {
                let steps = steps.start..steps.start + 1;
                vec![Demand { voice, steps, hole: Hole::SOUNDING, onset: Onset::Struck }]
            })),
            What::Rhythm(lengths) => rhythm(lengths, cover, frame),
            What::Cadence(cadence) => close(*cadence, key, cover, &bars, lowest),
        };
        let demands = demands.map_err(|problem| Contradiction::unfit(constraint.to_string(), problem))?;
        sources.push(Source { name: constraint.to_string(), demands });
    }
    Ok(sources)
}

/// That draft, model and frame are about the same kind of piece.
fn check_shapes(given: Option<&Draft>, frame: &Frame, ranges: &[Alphabet]) -> Result<(), Contradiction> {
    let voices = |n: usize| if n == 1 { "1 voice".to_owned() } else { format!("{n} voices") };
    if ranges.len() != frame.voices {
        let problem = format!("has {}, the piece {}", voices(ranges.len()), voices(frame.voices));
        return Err(Contradiction::unfit("the model", problem));
    }
    let Some(draft) = given else { return Ok(()) };
    let (own, other) = (&draft.frame, frame);
    let problem = if own.voices > other.voices {
        format!("has {}, the piece {}", voices(own.voices), voices(other.voices))
    } else if own.steps_per_quarter != other.steps_per_quarter {
        format!("has {} steps in a quarter, the piece {}", own.steps_per_quarter, other.steps_per_quarter)
    } else if own.steps > other.steps {
        format!("is longer than the piece: {} steps, not {}", own.steps, other.steps)
    } else {
        return Ok(());
    };
    Err(Contradiction::unfit("the draft", problem))
}

/// What a model's voice can sing.
fn of_range(range: &Alphabet, voice: usize, frame: &Frame, key: Key) -> Source {
    let hole = range.pitches().iter().fold(Hole::REST, |hole, &pitch| hole.or(Hole::only(Some(pitch))));
    let owner = voice_name(voice, frame.voices).to_lowercase();
    let name = match range.span() {
        Some((low, high)) => {
            let (low, high) = (Pitch::spell(low, key), Pitch::spell(high, key));
            format!("the model's range {low}..{high} of the {owner}")
        }
        None => format!("the model's silence of the {owner}"),
    };
    Source { name, demands: vec![Demand { voice, steps: 0..frame.steps, hole, onset: Onset::Unmarked }] }
}

/// What is inherited from the draft where `cover` lies.
fn from_draft(inherited: &Inherited<'_>, cover: &Cover) -> Vec<Demand> {
    let found = cover.cells().filter_map(|(step, voice)| {
        let (hole, onset) = inherited.at(step, voice)?;
        let asks = hole != Hole::ANY || onset != Onset::Unmarked;
        asks.then_some(Demand { voice, steps: step..step + 1, hole, onset })
    });
    found.collect()
}

/// The demands of each voice and stretch.
fn each(cover: &Cover, mut demands: impl FnMut(usize, &Range<usize>) -> Vec<Demand>) -> Vec<Demand> {
    let mut all = Vec::new();
    for &voice in &cover.voices {
        for stretch in &cover.stretches {
            all.extend(demands(voice, stretch));
        }
    }
    all
}

fn set(kind: Kind, items: &[Item], cover: &Cover, context: impl Fn(usize, usize) -> Context) -> Vec<Demand> {
    let left = |step, voice| match kind {
        Kind::Keep => kept(items, context(step, voice)),
        Kind::Forbid => not_forbidden(items, context(step, voice)),
    };
    each(cover, |voice, stretch| {
        let onset = Onset::Unmarked;
        if !items.contains(&Item::Given) {
            return vec![Demand { voice, steps: stretch.clone(), hole: left(stretch.start, voice), onset }];
        }
        let single = |step| Demand { voice, steps: step..step + 1, hole: left(step, voice), onset };
        stretch.clone().map(single).collect()
    })
}

fn rhythm(lengths: &[Length], cover: &Cover, frame: &Frame) -> Result<Vec<Demand>, String> {
    let per_quarter = frame.steps_per_quarter.max(1);
    let unit = Beats::new(1, per_quarter as i64);
    let in_steps = |length: &Length| {
        let steps = length.quarters.exact_div(unit).and_then(|n| usize::try_from(n).ok());
        steps.map(|steps| (steps, length.rest)).ok_or_else(|| {
            format!(
                "does not fit: a length of {} falls between the {per_quarter} steps of a quarter",
                length.quarters
            )
        })
    };
    let pattern: Result<Vec<(usize, bool)>, String> = lengths.iter().map(in_steps).collect();
    let pattern = pattern?;
    Ok(each(cover, |voice, stretch| {
        let mut demands = Vec::new();
        let mut start = stretch.start;
        for &(steps, rest) in pattern.iter().cycle() {
            if start >= stretch.end {
                break;
            }
            let end = (start + steps).min(stretch.end);
            let mut ask = |steps, hole, onset| demands.push(Demand { voice, steps, hole, onset });
            if rest {
                ask(start..end, Hole::REST, Onset::Unmarked);
            } else {
                ask(start..start + 1, Hole::SOUNDING, Onset::Struck);
                ask(start + 1..end, Hole::SOUNDING, Onset::Held);
            }
            start = end;
        }
        demands
    }))
}

fn close(
    cadence: Cadence,
    key: Key,
    cover: &Cover,
    bars: &Bars,
    lowest: impl Fn(usize) -> bool,
) -> Result<Vec<Demand>, String> {
    let beats = closing_beats(&cover.stretches, bars)?;
    let (before, last) = cadence.chords(key);
    let mut demands = Vec::new();
    for [early, late] in beats {
        for &voice in &cover.voices {
            let context = Context { key, lowest: lowest(voice), given: Hole::ANY };
            let chords = [before.map(|chord| (&early, chord)), Some((&late, last))];
            for (steps, chord) in chords.into_iter().flatten() {
                let hole = Item::Chord(chord).hole(context);
                demands.push(Demand { voice, steps: steps.clone(), hole, onset: Onset::Unmarked });
            }
        }
    }
    Ok(demands)
}

/// The last two felt beats of each stretch.
pub(super) fn closing_beats(
    stretches: &[Range<usize>],
    bars: &Bars,
) -> Result<Vec<[Range<usize>; 2]>, String> {
    let pulse = bars.pulse();
    let beats = stretches.iter().map(|stretch| {
        if stretch.len() < 2 * pulse {
            return Err(format!("does not fit: a cadence takes two beats ({} steps here)", 2 * pulse));
        }
        Ok([stretch.end - 2 * pulse..stretch.end - pulse, stretch.end - pulse..stretch.end])
    });
    beats.collect()
}
