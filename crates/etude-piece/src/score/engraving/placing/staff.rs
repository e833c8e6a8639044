//! One staff of a line: its lines, signatures, notes and what belongs to them. Heights count from the middle line.

use super::super::notation::{Bar, Event, Head, Layer, Role, Sheet, Stem};
use super::super::page::Ink;
use super::super::proportions::STAFF_LINE;
use super::super::spacing::{CLOSE, Gauge, Line, REPEAT_DOTS, Spots};
use super::cluster::{Seat, clusters, height};
use super::{beams, marks, rests, signatures, stems, ties};
use crate::score::Beats;
use std::collections::BTreeMap;

/// An event at its place.
#[derive(Debug, Clone)]
struct Placed<'a> {
    bar: usize,
    /// From the line's left.
    x: f64,
    seat: Seat,
    event: &'a Event,
    role: Role,
    /// Where its stem ends; its outermost head's height where it has none.
    tip: f64,
}

impl Placed<'_> {
    fn stem(&self) -> f64 {
        self.x + self.seat.stem(self.event.stem)
    }

    fn middle(&self) -> f64 {
        self.x + self.seat.left + self.seat.width / 2.0
    }

    /// How far up, or down, its heads and stem reach.
    fn edge(&self, above: bool) -> f64 {
        let stem = |up: Stem| self.event.stem == up && self.event.shape.halvings > 0;
        match above {
            true if stem(Stem::Up) => self.tip,
            true => height(self.event.top()) - 0.5,
            false if stem(Stem::Down) => self.tip,
            false => height(self.event.bottom()) + 0.5,
        }
    }
}

/// Which fermata stands for those of both voices of a staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fermatas {
    Both,
    Upper,
    Lower,
}

/// Draws a staff.
pub(super) fn draw(
    sheet: &Sheet,
    gauges: &[Gauge],
    line: &Line,
    staff: usize,
    fermatas: Fermatas,
) -> Vec<Ink> {
    let mut inks = Vec::new();
    let clef = sheet.staves[staff].clef;
    for y in -2..=2 {
        let (from, to) = ((line.left, f64::from(y)), (line.right, f64::from(y)));
        inks.push(Ink::Line { from, to, width: STAFF_LINE });
    }
    signatures::prefix(&mut inks, &sheet.bars[line.bars.start], clef, line.left);
    let mut voices: BTreeMap<usize, Vec<Placed<'_>>> = BTreeMap::new();
    for (index, spots) in line.bars.clone().zip(&line.spots) {
        let (bar, gauge) = (&sheet.bars[index], &gauges[index]);
        if index > line.bars.start {
            signatures::changes(&mut inks, bar, clef, spots.left + repeat_width(bar) + 0.6);
        }
        for (onset, cluster) in clusters(bar, staff) {
            let Ok(moment) = gauge.moments.binary_search(&onset) else { continue };
            let x = spots.moments[moment];
            inks.extend(cluster.inks.into_iter().map(|ink| ink.moved(x, 0.0)));
            for seat in cluster.seats {
                let layer = &bar.layers[staff][seat.layer];
                let event = &layer.events[seat.event];
                let tip = stems::tip(event, layer.role);
                let placed = Placed { bar: index, x, event, role: layer.role, tip, seat };
                voices.entry(placed.seat.layer).or_default().push(placed);
            }
        }
        whole_rests(&mut inks, bar, staff, spots, gauge);
        for (voice, layer) in bar.layers[staff].iter().enumerate() {
            let notes = voices.get_mut(&voice).map_or(&mut [][..], |notes| {
                let from = notes.partition_point(|placed| placed.bar < index);
                &mut notes[from..]
            });
            stems_and_beams(&mut inks, layer, notes);
            draw_tuplets(&mut inks, layer, notes, spots, gauge);
        }
    }
    for notes in voices.values() {
        draw_ties(&mut inks, notes, line);
    }
    draw_fermatas(&mut inks, &voices, fermatas);
    inks
}

/// The room of a repeat sign before a bar's signatures.
fn repeat_width(bar: &Bar) -> f64 {
    if bar.repeat_start { CLOSE + REPEAT_DOTS } else { 0.0 }
}

/// Rests for whole bars, in the middle.
fn whole_rests(inks: &mut Vec<Ink>, bar: &Bar, staff: usize, spots: &Spots, gauge: &Gauge) {
    for layer in &bar.layers[staff] {
        for event in layer.events.iter().filter(|event| event.whole_bar && !event.hidden) {
            let (glyph, line) = rests::sign(event, layer.role);
            let first = spots.moments.first().copied().unwrap_or(spots.left);
            let middle = (first - 0.8 + spots.right - gauge.close) / 2.0;
            rests::draw(inks, glyph, line, middle - glyph.width() / 2.0, 0);
        }
    }
}

fn stems_and_beams(inks: &mut Vec<Ink>, layer: &Layer, notes: &mut [Placed<'_>]) {
    let place =
        |notes: &[Placed<'_>], event: usize| notes.iter().position(|placed| placed.seat.event == event);
    let mut beamed = vec![false; notes.len()];
    for beam in &layer.beams {
        let at: Vec<usize> = beam.clone().filter_map(|event| place(notes, event)).collect();
        let group: Vec<(&Event, f64)> = at.iter().map(|&at| (notes[at].event, notes[at].stem())).collect();
        let tips = beams::draw(inks, &group);
        for (&at, tip) in at.iter().zip(tips) {
            notes[at].tip = tip;
            beamed[at] = true;
        }
    }
    for (placed, _) in
        notes.iter().zip(&beamed).filter(|(placed, beamed)| !**beamed && placed.event.shape.halvings > 0)
    {
        stems::draw(inks, placed.event, placed.stem(), placed.tip);
        stems::flags(inks, placed.event, placed.stem(), placed.tip);
    }
}

fn draw_tuplets(inks: &mut Vec<Ink>, layer: &Layer, notes: &[Placed<'_>], spots: &Spots, gauge: &Gauge) {
    for tuplet in &layer.tuplets {
        let members: Vec<&Placed<'_>> =
            notes.iter().filter(|placed| tuplet.events.contains(&placed.seat.event)).collect();
        let Some(first) = members.first() else { continue };
        let above = match layer.role {
            Role::Upper => true,
            Role::Lower => false,
            Role::Only => {
                members.iter().filter(|placed| placed.event.stem == Stem::Up).count() * 2 >= members.len()
            }
        };
        let edges = members.iter().map(|placed| placed.edge(above));
        let edge =
            if above { edges.fold(f64::INFINITY, f64::min) } else { edges.fold(f64::NEG_INFINITY, f64::max) };
        let beamed = layer.beams.contains(&tuplet.events);
        // The stem side's number stands on the beam; elsewhere a bracket tells what belongs to it.
        let bracket = !(beamed && (first.event.stem == Stem::Up) == above);
        let place = |event: usize| {
            let event = &layer.events[event];
            let moment = gauge.moments.binary_search(&event.onset).ok();
            moment.map_or(spots.left, |moment| spots.moments[moment])
        };
        let span = (place(tuplet.events.start) - 0.1, place(tuplet.events.end - 1) + 1.3);
        marks::tuplet(inks, tuplet.notes, span, edge, above, bracket);
    }
}

/// The ties of a voice: to the next note, or over the line's ends.
fn draw_ties(inks: &mut Vec<Ink>, notes: &[Placed<'_>], line: &Line) {
    for (at, placed) in notes.iter().enumerate() {
        for (index, head) in placed.event.heads.iter().enumerate() {
            let up = ties::is_up(placed.event, placed.role, index);
            let (y, dx) = ties::offset(placed.event, index, up);
            let left = placed.x + placed.seat.heads[index];
            if head.continues && at == 0 && placed.bar == line.bars.start && placed.event.onset == Beats::ZERO
            {
                ties::arc(inks, left - 1.6, left - dx - 0.05, y, up);
            }
            if !head.tied {
                continue;
            }
            let from = left + placed.seat.width + dx;
            match notes.get(at + 1) {
                Some(next) => {
                    let same = |other: &Head| other.position == head.position && other.continues;
                    if let Some(to) = next.event.heads.iter().position(same) {
                        ties::arc(inks, from, next.x + next.seat.heads[to] - dx, y, up);
                    }
                }
                None if placed.bar + 1 == line.bars.end => ties::arc(inks, from, line.right - 0.3, y, up),
                None => {}
            }
        }
    }
}

fn draw_fermatas(inks: &mut Vec<Ink>, voices: &BTreeMap<usize, Vec<Placed<'_>>>, fermatas: Fermatas) {
    let all = || voices.values().flatten().filter(|placed| placed.event.fermata);
    for placed in all() {
        let above = placed.role != Role::Lower;
        let paired = all().any(|other| {
            let together = (other.bar, other.event.onset) == (placed.bar, placed.event.onset);
            together && (other.role == Role::Lower) == above && other.role != Role::Only
        });
        let hidden = match fermatas {
            Fermatas::Both => false,
            Fermatas::Upper => paired && !above,
            Fermatas::Lower => paired && above,
        };
        if !hidden {
            marks::fermata(inks, placed.middle(), placed.edge(above), above);
        }
    }
}
