//! All that stands at one moment on one staff: heads side by side where voices meet, accidentals, dots, ledger lines,
//! rests and grace notes. Stems, flags and beams come later.

use super::super::glyph::Glyph;
use super::super::notation::{Bar, Event, Role, Stem};
use super::super::outline::{Bounds, Outline};
use super::super::page::Ink;
use super::super::proportions::{DOT, LEDGER_LINE, LEDGER_REACH, STEM};
use super::accidentals;
use super::{graces, rests};
use crate::score::Beats;
use std::collections::{BTreeMap, BTreeSet};

/// What stands at a moment; x from its first head's left edge, y from the staff's middle line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in super::super) struct Cluster {
    pub(in super::super) inks: Vec<Ink>,
    /// The events that begin here.
    pub(in super::super) seats: Vec<Seat>,
}

/// Where an event's heads stand.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Seat {
    /// The event: its layer, and its place there.
    pub(in super::super) layer: usize,
    pub(in super::super) event: usize,
    /// The left edge and width of the column of heads at the stem.
    pub(in super::super) left: f64,
    pub(in super::super) width: f64,
    /// The left edge of each head.
    pub(in super::super) heads: Vec<f64>,
    /// Where the event's flag, if it has one without a beam, ends to the right.
    flag: f64,
}

impl Seat {
    /// The middle of the stem.
    pub(in super::super) fn stem(&self, stem: Stem) -> f64 {
        match stem {
            Stem::Up => self.left + self.width - STEM / 2.0,
            Stem::Down => self.left + STEM / 2.0,
        }
    }
}

impl Cluster {
    /// A box around everything, flags too.
    pub(in super::super) fn bounds(&self) -> Bounds {
        let inks = self.inks.iter().map(Ink::bounds).fold(Bounds::EMPTY, Bounds::and);
        let flag = self.seats.iter().map(|seat| seat.flag).fold(inks.right, f64::max);
        Bounds { right: flag, ..inks }
    }
}

/// The clusters of a staff in a bar, by onset. Rests for whole bars are none: they stand in the middle.
pub(in super::super) fn clusters(bar: &Bar, staff: usize) -> BTreeMap<Beats, Cluster> {
    let mut moments: BTreeMap<Beats, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, layer) in bar.layers[staff].iter().enumerate() {
        for (at, event) in
            layer.events.iter().enumerate().filter(|(_, event)| !event.hidden && !event.whole_bar)
        {
            moments.entry(event.onset).or_default().push((index, at));
        }
    }
    moments.into_iter().map(|(onset, places)| (onset, cluster(bar, staff, &places))).collect()
}

/// An event with its place and its voice's role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    layer: usize,
    at: usize,
    pub(super) role: Role,
    pub(super) event: &'a Event,
    beamed: bool,
}

fn cluster(bar: &Bar, staff: usize, places: &[(usize, usize)]) -> Cluster {
    let placed = |&(index, at): &(usize, usize)| {
        let layer = &bar.layers[staff][index];
        let beamed = layer.beams.iter().any(|beam| beam.contains(&at));
        Placed { layer: index, at, role: layer.role, event: &layer.events[at], beamed }
    };
    let events: Vec<Placed<'_>> = places.iter().map(placed).collect();
    let mut cluster = Cluster::default();
    let notes: Vec<&Placed<'_>> = events.iter().filter(|placed| !placed.event.is_rest()).collect();
    let shifts = shifts(&notes);
    let mut drawn: BTreeSet<(i32, i64, usize)> = BTreeSet::new();
    for (placed, &shift) in notes.iter().zip(&shifts) {
        let seat = seat(placed, shift);
        let glyph = head(placed.event);
        for (head, &x) in placed.event.heads.iter().zip(&seat.heads) {
            // Voices in unison share a head.
            if drawn.insert((head.position, (x * 100.0).round() as i64, glyph.index())) {
                cluster.inks.push(Ink::sign(glyph, (x, height(head.position))));
            }
        }
        ledgers(&mut cluster.inks, placed.event, &seat);
        cluster.seats.push(seat);
    }
    let right = cluster.bounds_of_heads().right;
    let left = cluster.bounds_of_heads().left;
    dots(&mut cluster.inks, &notes, right);
    let heads = notes.iter().flat_map(|placed| &placed.event.heads);
    accidentals::place(&mut cluster.inks, heads, left);
    rests::place(&mut cluster.inks, &events);
    let left = cluster.bounds().left.min(0.0);
    graces::place(&mut cluster.inks, &notes, left);
    cluster
}

impl Cluster {
    fn bounds_of_heads(&self) -> Bounds {
        let edges =
            self.seats.iter().flat_map(|seat| seat.heads.iter().map(|&left| (left, left + seat.width)));
        edges.fold(Bounds::EMPTY, |bounds, (left, right)| bounds.with((left, 0.0)).with((right, 0.0)))
    }
}

/// The height of a position, from the middle line downwards.
pub(super) fn height(position: i32) -> f64 {
    -f64::from(position) / 2.0
}

fn head(event: &Event) -> Glyph {
    match event.shape.halvings {
        ..0 => Glyph::BreveHead,
        0 => Glyph::WholeHead,
        1 => Glyph::HalfHead,
        2.. => Glyph::BlackHead,
    }
}

/// How far each event stands to the right, so that heads of different voices don't lie on each other.
fn shifts(notes: &[&Placed<'_>]) -> Vec<f64> {
    let mut shifts = vec![0.0; notes.len()];
    for second in 1..notes.len() {
        let lower = notes[second];
        let mut shift: f64 = 0.0;
        for first in 0..second {
            let upper = notes[first];
            let distance = upper.event.bottom() - lower.event.top();
            let beside = head(upper.event).width();
            if (upper.role, lower.role) == (Role::Lower, Role::Upper) {
                let distance = lower.event.bottom() - upper.event.top();
                if distance < 2 && !(distance == 0 && share(upper.event, lower.event)) {
                    shift = shift.max(shifts[first] + beside + 0.08);
                }
            } else if upper.role == lower.role {
                // Voices of one direction stand wherever there is room, in unison on one head.
                let near = |a: i32| upper.event.heads.iter().any(|b| (a - b.position).abs() < 2);
                let same = |a: i32| upper.event.heads.iter().any(|b| a == b.position);
                let touching: Vec<i32> =
                    lower.event.heads.iter().map(|head| head.position).filter(|&a| near(a)).collect();
                let one_head = share(upper.event, lower.event) && touching.iter().all(|&a| same(a));
                if !touching.is_empty() && !one_head {
                    shift = shift.max(shifts[first] + beside + 0.1);
                }
            } else if distance < 0 {
                // Voices that cross: the upper one's stem must pass the other's head.
                shifts[first] = head(lower.event).width() + 0.08;
            } else if distance == 1 || (distance == 0 && !share(upper.event, lower.event)) {
                // The stems stand in one line, between the heads.
                shift = if upper.event.shape.halvings < 1 { beside + 0.1 } else { beside - STEM };
            }
        }
        shifts[second] = shift;
    }
    shifts
}

/// Whether two voices in unison look alike, but for their stems.
fn share(upper: &Event, lower: &Event) -> bool {
    let look = |event: &Event| (event.shape.halvings.clamp(0, 2), event.shape.dots);
    look(upper) == look(lower) && upper.shape.halvings > 0
}

fn seat(placed: &Placed<'_>, left: f64) -> Seat {
    let event = placed.event;
    let width = head(event).width();
    let count = event.heads.len();
    let mut heads = vec![left; count];
    // Heads a second apart stand on both sides of the stem; the one at the stem's beginning on its usual side.
    let (beyond, order): (f64, Vec<usize>) = match event.stem {
        Stem::Up => (width - STEM, (0..count).collect()),
        Stem::Down => (STEM - width, (0..count).rev().collect()),
    };
    for pair in order.windows(2) {
        let near = (event.heads[pair[0]].position - event.heads[pair[1]].position).abs() < 2;
        if near && heads[pair[0]] == left {
            heads[pair[1]] = left + beyond;
        }
    }
    let flagged = !placed.beamed && event.shape.flags() > 0 && event.stem == Stem::Up;
    let flag = if flagged { left + width + Glyph::FlagUp.width() - 0.25 } else { f64::NEG_INFINITY };
    Seat { layer: placed.layer, event: placed.at, left, width, heads, flag }
}

fn ledgers(inks: &mut Vec<Ink>, event: &Event, seat: &Seat) {
    let mut line = |position: i32, reached: &dyn Fn(i32) -> bool| {
        let heads = event.heads.iter().zip(&seat.heads).filter(|(head, _)| reached(head.position));
        let (left, right) = heads.fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), (_, &x)| {
            (left.min(x - LEDGER_REACH), right.max(x + seat.width + LEDGER_REACH))
        });
        let y = height(position);
        inks.push(Ink::Line { from: (left, y), to: (right, y), width: LEDGER_LINE });
    };
    for position in (6..=event.top()).step_by(2) {
        line(position, &|head| head >= position);
    }
    for position in (event.bottom()..=-6).filter(|position| position % 2 == 0) {
        line(position, &|head| head <= position);
    }
}

fn dots(inks: &mut Vec<Ink>, notes: &[&Placed<'_>], right: f64) {
    let mut taken: BTreeSet<i32> = BTreeSet::new();
    for placed in notes {
        let down = placed.role == Role::Lower;
        let heads: Vec<i32> = match down {
            true => placed.event.heads.iter().map(|head| head.position).collect(),
            false => placed.event.heads.iter().rev().map(|head| head.position).collect(),
        };
        for position in heads.into_iter().filter(|_| placed.event.shape.dots > 0) {
            // Dots stand in spaces: of a note on a line above it, in a lower voice below.
            let side = if down { -1 } else { 1 };
            let space = if position % 2 == 0 { position + side } else { position };
            let space = if taken.contains(&space) && position % 2 == 0 { position - side } else { space };
            if !taken.insert(space) {
                continue;
            }
            for dot in 0..placed.event.shape.dots {
                let x = right + 0.42 + 0.6 * dot as f64;
                inks.push(Ink::Shape(Outline::disc((x, height(space)), DOT)));
            }
        }
    }
}
