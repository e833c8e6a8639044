//! Lines: which bars share one, so that all of them together are spaced as evenly as can be, and the stretching of
//! each to its full width.

use super::super::notation::Sheet;
use super::super::placing::signatures;
use super::gauge::{Gauge, gauge};
use std::ops::Range;

/// A line has at most this many bars.
const MOST_BARS: usize = 40;
/// How far a short last line is stretched at most, and how full one is that isn't short.
const LAST: f64 = 1.12;
const ENOUGH: f64 = 0.7;

/// A line of music: its bars, and where in the line everything stands.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Line {
    pub(in super::super) bars: Range<usize>,
    /// Where the staves begin and end.
    pub(in super::super) left: f64,
    pub(in super::super) right: f64,
    /// By bar: where it begins (its bar line before), its moments, and where its bar line after it ends.
    pub(in super::super) spots: Vec<Spots>,
}

/// Where things stand in a bar of a line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in super::super) struct Spots {
    pub(in super::super) left: f64,
    pub(in super::super) moments: Vec<f64>,
    pub(in super::super) right: f64,
}

/// Breaks the bars into lines from `indent` (the first) or 0 to `width`, with what was measured of each bar.
pub(in super::super) fn lines(sheet: &Sheet, indent: f64, width: f64) -> (Vec<Line>, Vec<Gauge>) {
    let gauges: Vec<Gauge> = (0..sheet.bars.len()).map(|bar| gauge(sheet, bar)).collect();
    let prefixes: Vec<f64> = sheet.bars.iter().map(signatures::prefix_width).collect();
    let room = |first: usize| width - prefixes[first] - if first == 0 { indent } else { 0.0 };
    let ends = break_up(&gauges, &room);
    let mut lines = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let left = if start == 0 { indent } else { 0.0 };
        lines.push(stretch(&gauges, start..end, left, prefixes[start], width));
        start = end;
    }
    (lines, gauges)
}

/// Where the lines end: of all ways to break, one of the least cost.
fn break_up(gauges: &[Gauge], room: &dyn Fn(usize) -> f64) -> Vec<usize> {
    let count = gauges.len();
    // By bar: the least cost of the lines before it, and where the last of these begins.
    let mut best = vec![(f64::INFINITY, 0); count + 1];
    best[0] = (0.0, 0);
    for start in 0..count {
        let before = best[start].0;
        let room = room(start).max(1.0);
        let (mut natural, mut least) = (0.0, 0.0);
        for end in start + 1..=count.min(start + MOST_BARS) {
            let begins = end == start + 1;
            natural += gauges[end - 1].natural(begins);
            least += gauges[end - 1].least(begins);
            if least > room && !begins {
                break;
            }
            let cost = before + cost(natural, least, room, end == count);
            if cost < best[end].0 {
                best[end] = (cost, start);
            }
        }
    }
    let mut ends = Vec::new();
    let mut end = count;
    while end > 0 {
        ends.push(end);
        end = best[end].1;
    }
    ends.reverse();
    ends
}

/// How bad a line is: by the square of how much it is stretched or squeezed.
fn cost(natural: f64, least: f64, room: f64, last: bool) -> f64 {
    let ratio = room / natural;
    if least > room {
        // One bar that is too wide for any line.
        return 1000.0;
    }
    let badness = if ratio < 1.0 { 1.0 / ratio - 1.0 } else { 0.8 * (ratio - 1.0) };
    match last && ratio > 1.0 {
        // A last line may be short, but a full one is better.
        true => 0.02 * (ratio - 1.0).min(3.0),
        false => badness * badness + 0.001,
    }
}

/// Stretches or squeezes the bars of a line to its width; the last line only so far.
fn stretch(gauges: &[Gauge], bars: Range<usize>, left: f64, prefix: f64, width: f64) -> Line {
    let last = bars.end == gauges.len();
    let own = &gauges[bars.clone()];
    let fixed: f64 = own.iter().enumerate().map(|(at, gauge)| gauge.fixed(at == 0)).sum();
    let springs =
        || own.iter().flat_map(|gauge| gauge.least.iter().copied().zip(gauge.ideal.iter().copied()));
    let room = (width - left - prefix - fixed).max(1.0);
    let length = |force: f64| springs().map(|(least, ideal)| least.max(force * ideal)).sum::<f64>();
    // The force that fills the line, by bisection: the length grows with it.
    let (mut weak, mut strong) = (0.0, 1.0);
    while length(strong) < room && strong < 1e6 {
        strong *= 2.0;
    }
    for _ in 0..60 {
        let middle = (weak + strong) / 2.0;
        if length(middle) < room { weak = middle } else { strong = middle }
    }
    // A last line that is nearly full is filled; a short one keeps its own width.
    let short = last && length(1.0) < ENOUGH * room;
    let force = if short { strong.min(LAST) } else { strong };
    // Where even the least is too much, everything moves together.
    let squeeze = (room / length(force)).min(1.0);
    let squeeze = if squeeze > 1.0 - 1e-9 { 1.0 } else { squeeze };
    let mut x = left + prefix;
    let mut spots = Vec::with_capacity(own.len());
    for (at, gauge) in own.iter().enumerate() {
        let mut spot = Spots { left: x, ..Spots::default() };
        x += if at == 0 { gauge.first_lead } else { gauge.lead };
        for (&least, &ideal) in gauge.least.iter().zip(&gauge.ideal) {
            spot.moments.push(x);
            x += squeeze * least.max(force * ideal);
        }
        x += gauge.close;
        spot.right = x;
        spots.push(spot);
    }
    Line { bars, left, right: x, spots }
}
