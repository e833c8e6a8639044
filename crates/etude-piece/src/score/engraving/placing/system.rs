//! One line of all staves: the staves apart, words between them, bar lines through them, and what stands above them.

use super::super::notation::{Joint, Sheet};
use super::super::page::Ink;
use super::super::spacing::{Gauge, Line};
use super::skyline::Skyline;
use super::staff::{self, Fermatas};
use super::{above, barlines, joints, lyrics};

/// A line of all staves; heights count from its top.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct System {
    pub(super) inks: Vec<Ink>,
    pub(super) height: f64,
}

/// Draws a line of music.
pub(super) fn draw(sheet: &Sheet, gauges: &[Gauge], line: &Line) -> System {
    let width = line.right + 4.0;
    let mut staves: Vec<(Vec<Ink>, Skyline)> = Vec::with_capacity(sheet.staves.len());
    for staff in 0..sheet.staves.len() {
        let mut inks = staff::draw(sheet, gauges, line, staff, fermatas(sheet, staff));
        let mut skyline = Skyline::of(&inks, width);
        let words = lyrics::draw(sheet, gauges, line, staff, skyline.bottom(0.0, width));
        words.iter().for_each(|ink| skyline.add(ink.bounds()));
        inks.extend(words);
        if staff == 0 {
            above::draw(&mut inks, &mut skyline, sheet, gauges, line);
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
    barlines::draw(&mut system.inks, sheet, line, &middles);
    joints::draw(&mut system.inks, sheet, line, &middles);
    if line.bars.start == 0 {
        joints::names(&mut system.inks, sheet, line, &middles);
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
