//! One line of all staves: the staves apart, words between them, bar lines through them, and what stands above them.

use super::super::lettering::Face;
use super::super::notation::{Bar, Close, Joint, Sheet};
use super::super::outline::{Bounds, Outline, Segment};
use super::super::page::Ink;
use super::super::proportions::{BAR_LINE, DOT, LINE_GAP, LYRICS, NAMES, NUMBERS, STAFF_LINE, STEM, THICK_LINE, VERSE};
use super::super::spacing::{CLOSE, Gauge, Line, Spots};
use super::staff::{self, Fermatas};
use super::words::{Syllable, draw_chord, draw_tempo, hyphens};
use crate::score::Beats;
use std::collections::BTreeMap;

/// The least distance from one staff's middle line to the next's.
const STAVES: f64 = 10.0;
/// What is free between the things of two staves, at least.
const CLEAR: f64 = 0.8;
/// The longest name of a part, in letters.
const NAME: usize = 28;

/// A line of all staves; heights count from its top.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct System {
    pub(super) inks: Vec<Ink>,
    pub(super) height: f64,
}

/// How far things reach up and down along a line, space by space.
struct Skyline {
    tops: Vec<f64>,
    bottoms: Vec<f64>,
}

impl Skyline {
    fn of(inks: &[Ink], width: f64) -> Self {
        let size = width.ceil().max(1.0) as usize + 1;
        let mut skyline = Self { tops: vec![-2.0; size], bottoms: vec![2.0; size] };
        inks.iter().for_each(|ink| skyline.add(ink.bounds()));
        skyline
    }

    fn bins(&self, left: f64, right: f64) -> std::ops::Range<usize> {
        let bin = |x: f64| (x.max(0.0) as usize).min(self.tops.len() - 1);
        bin(left)..bin(right) + 1
    }

    fn add(&mut self, bounds: Bounds) {
        for bin in self.bins(bounds.left, bounds.right) {
            self.tops[bin] = self.tops[bin].min(bounds.top);
            self.bottoms[bin] = self.bottoms[bin].max(bounds.bottom);
        }
    }

    fn top(&self, left: f64, right: f64) -> f64 {
        self.tops[self.bins(left, right)].iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn bottom(&self, left: f64, right: f64) -> f64 {
        self.bottoms[self.bins(left, right)].iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// How far below this one's middle line another's must be.
    fn distance(&self, below: &Self) -> f64 {
        let apart = self.bottoms.iter().zip(&below.tops).map(|(bottom, top)| bottom - top);
        apart.fold(STAVES - CLEAR, f64::max) + CLEAR
    }
}

/// Draws a line of music.
pub(super) fn draw(sheet: &Sheet, gauges: &[Gauge], line: &Line) -> System {
    let width = line.right + 4.0;
    let mut staves: Vec<(Vec<Ink>, Skyline)> = Vec::with_capacity(sheet.staves.len());
    for staff in 0..sheet.staves.len() {
        let mut inks = staff::draw(sheet, gauges, line, staff, fermatas(sheet, staff));
        let mut skyline = Skyline::of(&inks, width);
        let words = lyrics(sheet, gauges, line, staff, skyline.bottom(0.0, width));
        words.iter().for_each(|ink| skyline.add(ink.bounds()));
        inks.extend(words);
        if staff == 0 {
            above(&mut inks, &mut skyline, sheet, gauges, line);
        }
        staves.push((inks, skyline));
    }
    let mut system = System::default();
    let mut middles: Vec<f64> = Vec::with_capacity(staves.len());
    for (staff, (_, skyline)) in staves.iter().enumerate() {
        // Whole numbers: so staff lines meet the dots of a picture.
        middles.push(match middles.last() {
            None => (-skyline.top(0.0, width)).ceil(),
            Some(above) => above + staves[staff - 1].1.distance(skyline).ceil(),
        });
    }
    let lowest = staves.last().map_or(2.0, |(_, skyline)| skyline.bottom(0.0, width));
    system.height = middles.last().unwrap_or(&0.0) + lowest;
    for ((inks, _), &middle) in staves.into_iter().zip(&middles) {
        system.inks.extend(inks.into_iter().map(|ink| ink.moved(0.0, middle)));
    }
    bar_lines(&mut system.inks, sheet, line, &middles);
    joints(&mut system.inks, sheet, line, &middles);
    if line.bars.start == 0 {
        names(&mut system.inks, sheet, line, &middles);
    }
    system
}

/// In a choir on two staves the fermatas stand outside.
fn fermatas(sheet: &Sheet, staff: usize) -> Fermatas {
    let voices = |staff: usize| sheet.bars.first().map_or(0, |bar| bar.layers[staff].len());
    let choir = sheet.staves.len() == 2
        && voices(0) == 2
        && voices(1) == 2
        && sheet.groups.iter().all(|group| group.joint == Joint::Bracket);
    match (choir, staff) {
        (false, _) => Fermatas::Both,
        (true, 0) => Fermatas::Upper,
        (true, _) => Fermatas::Lower,
    }
}

/// The verses under a staff whose things reach down to `lowest`.
fn lyrics(sheet: &Sheet, gauges: &[Gauge], line: &Line, staff: usize, lowest: f64) -> Vec<Ink> {
    let mut inks = Vec::new();
    for verse in 0..sheet.staves[staff].verses {
        let y = (lowest + 0.6).max(3.4) + 0.75 * LYRICS + VERSE * verse as f64;
        // Where the last syllable ended, if a hyphen follows it.
        let mut open: Option<f64> = None;
        for (index, spots) in line.bars.clone().zip(&line.spots) {
            let mut syllables = BTreeMap::new();
            for event in sheet.bars[index].layers[staff].iter().flat_map(|layer| &layer.events) {
                if let Some(syllable) = event.words.get(verse).and_then(|word| Syllable::of(word)) {
                    syllables.entry(event.onset).or_insert(syllable);
                }
            }
            for (onset, syllable) in syllables {
                let Ok(moment) = gauges[index].moments.binary_search(&onset) else { continue };
                let goes_on = syllable.goes_on;
                let (from, to) = syllable.draw(&mut inks, spots.moments[moment], y);
                if let Some(before) = open {
                    hyphens(&mut inks, before, from, y);
                }
                open = goes_on.then_some(to);
            }
        }
        if let Some(before) = open {
            hyphens(&mut inks, before, line.right.max(before + 1.2), y);
        }
    }
    inks
}

/// Chord symbols, variant endings, tempi and the bar's number, each above what is there already.
fn above(inks: &mut Vec<Ink>, skyline: &mut Skyline, sheet: &Sheet, gauges: &[Gauge], line: &Line) {
    let mut chords = Vec::new();
    let bars = || line.bars.clone().zip(&line.spots).map(|(index, spots)| (index, &sheet.bars[index], spots));
    for (index, bar, spots) in bars() {
        for (onset, text) in &bar.chords {
            if let Ok(moment) = gauges[index].moments.binary_search(onset) {
                draw_chord(&mut chords, text, spots.moments[moment], 0.0);
            }
        }
    }
    // All symbols of a line stand on one base line.
    let reach = |ink: &Ink| skyline.top(ink.bounds().left, ink.bounds().right);
    let base = chords.iter().map(reach).fold(-3.0, f64::min) - 0.9;
    chords.into_iter().for_each(|ink| put(inks, skyline, ink.moved(0.0, base)));
    endings(inks, skyline, sheet, line);
    for (_, bar, spots) in bars() {
        for (onset, tempo) in &bar.tempi {
            let at = place(bar, spots, *onset);
            let x = if *onset == Beats::ZERO { spots.left.min(at) } else { at };
            let mut tempi = Vec::new();
            draw_tempo(&mut tempi, *tempo, bar.metre, x, 0.0);
            let right = tempi.iter().map(|ink| ink.bounds().right).fold(x, f64::max);
            let y = skyline.top(x, right).min(-3.2) - 1.0;
            tempi.into_iter().for_each(|ink| put(inks, skyline, ink.moved(0.0, y)));
        }
    }
    if let Some(number) = sheet.bars[line.bars.start].number.filter(|_| line.bars.start > 0) {
        let y = skyline.top(line.left, line.left + 2.5).min(-2.6) - 0.5;
        let at = (line.left, y);
        put(inks, skyline, Ink::Text { text: number.to_string(), face: Face::Italic, size: NUMBERS, at });
    }
}

/// Where a time of a bar is, between the moments around it.
fn place(bar: &Bar, spots: &Spots, onset: Beats) -> f64 {
    let first = spots.moments.first().copied().unwrap_or(spots.left);
    let share = if bar.length > Beats::ZERO { onset.to_f64() / bar.length.to_f64() } else { 0.0 };
    first + share.clamp(0.0, 1.0) * (spots.right - first)
}

fn put(inks: &mut Vec<Ink>, skyline: &mut Skyline, ink: Ink) {
    skyline.add(ink.bounds());
    inks.push(ink);
}

/// The brackets of variant endings, all of a line at one height.
fn endings(inks: &mut Vec<Ink>, skyline: &mut Skyline, sheet: &Sheet, line: &Line) {
    let mut spans: Vec<(f64, f64, Option<u8>, bool)> = Vec::new();
    for (index, spots) in line.bars.clone().zip(&line.spots) {
        let Some(ending) = sheet.bars[index].ending else { continue };
        let closed = ending.stops && sheet.bars[index].close == Close::Repeat;
        match spans.last_mut() {
            Some(span) if !ending.starts && index > line.bars.start => (span.1, span.3) = (spots.right, closed),
            _ => spans.push((spots.left, spots.right, ending.starts.then_some(ending.number), closed)),
        }
    }
    let Some(top) = spans.iter().map(|span| skyline.top(span.0, span.1)).reduce(f64::min) else { return };
    let y = top.min(-2.6) - 2.4;
    for (left, right, number, closed) in spans {
        let (left, right) = (left + 0.2, right - 0.4);
        let stroke = |from, to| Ink::Line { from, to, width: STEM };
        put(inks, skyline, stroke((left - STEM / 2.0, y), (right + STEM / 2.0, y)));
        if let Some(number) = number {
            put(inks, skyline, stroke((left, y), (left, y + 2.0)));
            let at = (left + 0.5, y + 1.75);
            put(inks, skyline, Ink::Text { text: format!("{number}."), face: Face::Regular, size: 2.0, at });
        }
        if closed {
            put(inks, skyline, stroke((right, y), (right, y + 2.0)));
        }
    }
}

/// Draws bar lines through staves that are joined, and repeat dots on each.
fn bar_lines(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for (staff, &middle) in middles.iter().enumerate() {
        let joined = staff > 0
            && sheet.staves[staff - 1].verses == 0
            && sheet.groups.iter().any(|group| group.staves.contains(&staff) && group.staves.contains(&(staff - 1)));
        match spans.last_mut() {
            Some(span) if joined => span.1 = middle + 2.0,
            _ => spans.push((middle - 2.0, middle + 2.0)),
        }
    }
    let half = STAFF_LINE / 2.0;
    let mut strokes = |x: f64, width: f64| {
        for &(top, bottom) in &spans {
            inks.push(Ink::Line { from: (x, top - half), to: (x, bottom + half), width });
        }
    };
    let mut dots = Vec::new();
    for (index, spots) in line.bars.clone().zip(&line.spots) {
        let bar = &sheet.bars[index];
        let (thin, thick) = (spots.right - CLOSE + BAR_LINE / 2.0, spots.right - THICK_LINE / 2.0);
        match bar.close {
            Close::Open => {}
            Close::Plain => strokes(spots.right - BAR_LINE / 2.0, BAR_LINE),
            Close::Repeat | Close::Final => {
                strokes(thin, BAR_LINE);
                strokes(thick, THICK_LINE);
            }
        }
        if bar.close == Close::Repeat {
            dots.push(thin - 0.6);
        }
        if bar.repeat_start {
            let goes_on = index > line.bars.start && sheet.bars[index - 1].close == Close::Repeat;
            let left = if goes_on { spots.left - THICK_LINE } else { spots.left };
            strokes(left + THICK_LINE / 2.0, THICK_LINE);
            strokes(left + THICK_LINE + LINE_GAP + BAR_LINE / 2.0, BAR_LINE);
            dots.push(left + CLOSE + 0.5);
        }
    }
    for x in dots {
        for middle in middles {
            inks.extend([-0.5, 0.5].map(|dy| Ink::Shape(Outline::disc((x, middle + dy), DOT))));
        }
    }
}

/// Draws what holds staves together at the line's beginning.
fn joints(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let (Some(first), Some(last)) = (middles.first(), middles.last()) else { return };
    if middles.len() > 1 {
        let (from, to) = ((line.left, first - 2.05), (line.left, last + 2.05));
        inks.push(Ink::Line { from, to, width: BAR_LINE });
    }
    let braced = sheet.groups.iter().any(|group| group.joint == Joint::Brace);
    for group in &sheet.groups {
        let (top, bottom) = (middles[group.staves.start] - 2.0, middles[group.staves.end - 1] + 2.0);
        match group.joint {
            Joint::Brace => inks.push(brace(line.left - 0.25, top, bottom)),
            Joint::Bracket => {
                let x = line.left - if braced { 2.1 } else { 0.8 };
                bracket(inks, x, top - 0.25, bottom + 0.25);
            }
        }
    }
}

fn bracket(inks: &mut Vec<Ink>, x: f64, top: f64, bottom: f64) {
    inks.push(Ink::Line { from: (x, top), to: (x, bottom), width: 0.45 });
    for (y, out) in [(top, -1.0), (bottom, 1.0)] {
        inks.push(Ink::Shape(Outline(vec![
            Segment::Move((x - 0.225, y)),
            Segment::Line((x - 0.225, y + out * 0.3)),
            Segment::Curve((x + 0.4, y + out * 0.32), (x + 0.9, y + out * 0.5), (x + 1.25, y + out * 0.95)),
            Segment::Curve((x + 1.0, y + out * 0.35), (x + 0.6, y), (x + 0.225, y)),
            Segment::Close,
        ])));
    }
}

fn brace(x: f64, top: f64, bottom: f64) -> Ink {
    let width = 1.3;
    let at = |dx: f64, share: f64| (x + width * dx, top + share * (bottom - top));
    Ink::Shape(Outline(vec![
        Segment::Move(at(0.0, 0.0)),
        Segment::Curve(at(-0.95, 0.08), at(0.05, 0.4), at(-1.0, 0.5)),
        Segment::Curve(at(0.05, 0.6), at(-0.95, 0.92), at(0.0, 1.0)),
        Segment::Curve(at(-0.55, 0.9), at(0.4, 0.62), at(-0.92, 0.5)),
        Segment::Curve(at(0.4, 0.38), at(-0.55, 0.1), at(0.0, 0.0)),
        Segment::Close,
    ]))
}

/// How much room the names of parts take before the first line.
pub(super) fn indent(sheet: &Sheet) -> f64 {
    let staves = sheet.staves.iter().flat_map(|staff| &staff.names);
    let groups = sheet.groups.iter().map(|group| &group.name);
    let widest = staves.chain(groups).map(|name| Face::Regular.width(&short(name)) * NAMES).fold(0.0, f64::max);
    let joint = margin(sheet);
    if widest > 0.0 { widest + joint + 0.9 } else { joint }
}

/// What brackets and braces take before each line.
pub(super) fn margin(sheet: &Sheet) -> f64 {
    match sheet.groups.len() {
        0 => 0.0,
        1 => 1.6,
        _ => 2.6,
    }
}

fn short(name: &str) -> String {
    match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

fn names(inks: &mut Vec<Ink>, sheet: &Sheet, line: &Line, middles: &[f64]) {
    let right = line.left - margin(sheet) - 0.5;
    let mut write = |name: &str, y: f64| {
        let text = short(name);
        let at = (right - Face::Regular.width(&text) * NAMES, y + 0.33 * NAMES);
        inks.push(Ink::Text { text, face: Face::Regular, size: NAMES, at });
    };
    for (staff, &middle) in sheet.staves.iter().zip(middles) {
        let count = staff.names.len() as f64;
        for (at, name) in staff.names.iter().enumerate() {
            write(name, middle + 2.6 * (at as f64 - (count - 1.0) / 2.0));
        }
    }
    for group in sheet.groups.iter().filter(|group| !group.name.is_empty()) {
        write(&group.name, (middles[group.staves.start] + middles[group.staves.end - 1]) / 2.0);
    }
}
