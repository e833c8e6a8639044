//! Where a constraint holds: bars and beats as a person counts, `3`, `2-4`, `3.2-4.1`, `5-`, `*.1`, `end`.

use super::bars::Bars;
use super::token::{Mistake, Token};
use std::ops::Range;

/// Where a constraint holds: a list of stretches, empty for everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    stretches: Vec<Stretch>,
}

/// One stretch of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    /// From the first place's start to the second's end.
    Between(Place, Place),
    /// The same beat of every bar that has it.
    EveryBar(Beat),
}

/// A place with a length of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The first beat.
    Start,
    /// The last beat.
    End,
    /// The last bar.
    Last,
    /// A bar; 0 is the upbeat.
    Bar(usize),
    /// A bar and a beat in it.
    Beat(usize, Beat),
}

/// A counted beat from its part `offset.0 / offset.1` on, to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beat {
    /// From 1.
    pub(super) number: usize,
    /// A fraction of the beat, in 0..1.
    pub(super) offset: (usize, usize),
}

const EXPECTED: &str = "a bar (3), a beat (3.2, 3.2+1/2), bars (2-4, 5-, -4), *.1, start, end or last";

impl Region {
    /// Everywhere.
    pub(super) const WHOLE: Self = Self { stretches: Vec::new() };

    /// Reads a list of stretches.
    pub(super) fn parse(token: Token<'_>) -> Result<Self, Mistake> {
        let stretches: Result<_, _> = token.split(&[',']).into_iter().map(stretch).collect();
        Ok(Self { stretches: stretches? })
    }

    /// The steps of each stretch, in the order written; each holds at least one step.
    ///
    /// # Errors
    ///
    /// The reason, if a stretch lies outside the piece or between its steps.
    pub(super) fn steps(&self, bars: &Bars) -> Result<Vec<Range<usize>>, String> {
        if bars.steps() == 0 {
            return Err("the piece is empty".to_owned());
        }
        if self.stretches.is_empty() {
            return Ok(std::iter::once(0..bars.steps()).collect());
        }
        let mut ranges = Vec::new();
        for &stretch in &self.stretches {
            match stretch {
                Stretch::EveryBar(beat) => {
                    let found: Vec<_> = bars.all().filter_map(|bar| bars.beat(bar, beat).ok()).collect();
                    if found.is_empty() {
                        return bars.beat(1, beat).map(|_| found);
                    }
                    ranges.extend(found);
                }
                Stretch::Between(first, last) => {
                    let (from, to) = (first.steps(bars)?.start, last.steps(bars)?.end);
                    if from >= to {
                        return Err(format!("its end comes before its beginning, {}", bars.place(from)));
                    }
                    ranges.push(from..to);
                }
            }
        }
        Ok(ranges)
    }
}

impl Place {
    fn steps(self, bars: &Bars) -> Result<Range<usize>, String> {
        match self {
            Self::Start => Ok(bars.beat_at(0)),
            Self::End => Ok(bars.beat_at(bars.steps() - 1)),
            Self::Last => bars.bar(bars.last()),
            Self::Bar(bar) => bars.bar(bar),
            Self::Beat(bar, beat) => bars.beat(bar, beat),
        }
    }
}

fn stretch(token: Token<'_>) -> Result<Stretch, Mistake> {
    if let Some((_, rest)) = token.split_once(".").filter(|(bar, _)| bar.text == "*") {
        return beat(rest).map(Stretch::EveryBar);
    }
    let Some((first, last)) = token.split_once("-") else {
        return place(token).map(|place| Stretch::Between(place, place));
    };
    if first.text.is_empty() && last.text.is_empty() {
        return Err(token.mistake(EXPECTED));
    }
    let first = if first.text.is_empty() { Place::Start } else { place(first)? };
    let last = if last.text.is_empty() { Place::End } else { place(last)? };
    let bar = |place| match place {
        Place::Bar(bar) | Place::Beat(bar, _) => Some(bar),
        _ => None,
    };
    match (bar(first), bar(last)) {
        (Some(low), Some(high)) if low > high => Err(token.mistake("the earlier bar first")),
        _ => Ok(Stretch::Between(first, last)),
    }
}

fn place(token: Token<'_>) -> Result<Place, Mistake> {
    match token.text.to_ascii_lowercase().as_str() {
        "start" => return Ok(Place::Start),
        "end" => return Ok(Place::End),
        "last" => return Ok(Place::Last),
        _ => {}
    }
    match token.split_once(".") {
        None => number(token).map(Place::Bar),
        Some((bar, within)) => Ok(Place::Beat(number(bar)?, beat(within)?)),
    }
}

/// `2` or `2+1/2`.
fn beat(token: Token<'_>) -> Result<Beat, Mistake> {
    let half = "the off-beat of bar 3, beat 2 is 3.2+1/2";
    let (whole, part) = token.split_once("+").map_or((token, None), |(whole, part)| (whole, Some(part)));
    let beat = number(whole).map_err(|mistake| mistake.hint(half))?;
    if beat == 0 {
        return Err(whole.mistake("a beat from 1 on"));
    }
    let Some(part) = part else { return Ok(Beat { number: beat, offset: (0, 1) }) };
    let wrong = || part.mistake("a part of the beat below 1, such as 1/2").hint(half);
    let (above, below) = part.split_once("/").ok_or_else(wrong)?;
    let (above, below) = (number(above)?, number(below)?);
    if above >= below || below > 64 {
        return Err(wrong());
    }
    Ok(Beat { number: beat, offset: (above, below) })
}

/// A number of at most six digits.
fn number(token: Token<'_>) -> Result<usize, Mistake> {
    let digits = (1..=6).contains(&token.text.len()) && token.text.bytes().all(|b| b.is_ascii_digit());
    let number = token.text.parse().ok().filter(|_| digits);
    number.ok_or_else(|| token.mistake(EXPECTED))
}
