//! What stands above a line: chord symbols, variant endings, tempi and the bar's number.

use super::super::lettering::Face;
use super::super::notation::{Bar, Close, Sheet};
use super::super::page::Ink;
use super::super::proportions::{NUMBERS, STEM};
use super::super::spacing::{Gauge, Line, Spots};
use super::skyline::Skyline;
use super::words::{draw_chord, draw_tempo};
use crate::score::Beats;

/// Chord symbols, variant endings, tempi and the bar's number, each above what is there already.
pub(super) fn draw(inks: &mut Vec<Ink>, skyline: &mut Skyline, sheet: &Sheet, gauges: &[Gauge], line: &Line) {
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
            Some(span) if !ending.starts && index > line.bars.start => {
                (span.1, span.3) = (spots.right, closed)
            }
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
