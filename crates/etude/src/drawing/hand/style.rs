//! How somebody writes: a text in a font becomes strokes in which no letter is twice the same.
//!
//! A style holds for a text: slant, width, spacing, how much the base line wanders, how far letters are bent. In it every letter
//! has its own size, turn, place and bend, the last by smooth noise over the letter, so that lines stay smooth. Neighbours
//! whose ends nearly meet are joined. All amounts were chosen by eye; none is measured on people.
//!
//! The pen is slower where the line bends, by the two-thirds power law (Lacquaniti, Terzuolo & Viviani 1983): its speed goes with
//! the curvature to the power of −1/3.

use super::letters::Letters;
use crate::drawing::mixture::normal_pair;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use etude_piece::strokes::{Point, Stroke, Strokes};
use std::f64::consts::{PI, TAU};

/// The most letters of a text that is written at once.
pub const MOST_LETTERS: usize = 10_000;

/// A style of writing; lengths are in ems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// How far a letter leans to the right for each em of height.
    pub slant: f64,
    /// What widths are multiplied by.
    pub width: f64,
    /// What is added between letters.
    pub spacing: f64,
    /// How far the base line wanders.
    pub wander: f64,
    /// How far lines are bent.
    pub bend: f64,
    /// How much single letters differ in size (a share), turn (radians) and place (ems): standard deviation.
    pub difference: f64,
    /// How near ends of neighbours must be to be joined.
    pub join: f64,
    /// How fast the pen is on a straight line, ems a second.
    pub speed: f64,
}

/// The font itself.
impl Default for Style {
    fn default() -> Self {
        Self {
            slant: 0.0,
            width: 1.0,
            spacing: 0.0,
            wander: 0.0,
            bend: 0.0,
            difference: 0.0,
            join: 0.0,
            speed: 7.0,
        }
    }
}

impl Style {
    /// Somebody's style.
    pub fn drawn(chance: &mut Chance) -> Self {
        let [slant, width] = normal_pair(chance);
        let [spacing, speed] = normal_pair(chance);
        let mut share = || chance.unit();
        Self {
            slant: 0.08 * slant.clamp(-2.5, 2.5),
            width: 1.0 + 0.08 * width.clamp(-2.5, 2.5),
            spacing: 0.015 * spacing.clamp(-2.0, 2.0),
            wander: 0.01 + 0.02 * share(),
            bend: 0.006 + 0.012 * share(),
            difference: 0.01 + 0.02 * share(),
            join: 0.12 * share(),
            speed: 7.0 * libm::exp(0.15 * speed.clamp(-2.0, 2.0)),
        }
    }
}

/// Distances of points along a line before it is smoothed, and the width of the smoothing, ems.
const FINE: f64 = 0.012;
const SMOOTH: f64 = 0.035;
/// Curvature, per em, up to which a line is as good as straight: keeps the speed finite.
const STRAIGHT: f64 = 1.0;
/// Seconds that it takes to lift the pen and to set it down.
const LIFT: f64 = 0.08;

impl Letters {
    /// Writes a line in a font: strokes with times, in ems, on the base line y = 0 from x = 0 on.
    ///
    /// # Errors
    ///
    /// Letters that no font has, named, and more than [`MOST_LETTERS`].
    pub fn write(&self, font: usize, text: &str, style: &Style, chance: &mut Chance) -> Result<Strokes> {
        let missing = self.missing(text);
        if !missing.is_empty() {
            let found = format!("{missing:?}, which no font has");
            return Err(Error::usage(found, "write them in other letters, or add a font that has them"));
        }
        let count = text.chars().count();
        if count > MOST_LETTERS {
            let found = format!("a line of {count} letters");
            return Err(Error::usage(found, format!("at most {MOST_LETTERS}")));
        }
        let wander = Noise::drawn(style.wander, 3.0, chance);
        let (mut written, mut pen): (Vec<Stroke>, f64) = (Vec::new(), 0.0);
        for letter in text.chars() {
            let Some(glyph) = self.glyph(font, letter) else { continue };
            let own = Own::drawn(style, glyph.advance, chance);
            let placed = |point: &Point| {
                let (x, y) = own.place(point.x, point.y);
                let x = pen + style.width * x - style.slant * y;
                Point { x, y: y + wander.at(x), time: None }
            };
            let stroke = |stroke: &Stroke| Stroke { points: stroke.points.iter().map(placed).collect() };
            let mut strokes: Vec<Stroke> = glyph.strokes.strokes.iter().map(stroke).collect();
            if meet(written.last(), strokes.first(), style.join) {
                let first = strokes.remove(0);
                written.last_mut().expect("it meets the next").points.extend(first.points);
            }
            written.extend(strokes);
            pen += style.width * glyph.advance + style.spacing;
        }
        Ok(timed(&Strokes { strokes: written }.resampled(FINE)?.smoothed(SMOOTH), style.speed))
    }
}

/// Whether a stroke ends nearer than `join` to where the next begins.
fn meet(last: Option<&Stroke>, next: Option<&Stroke>, join: f64) -> bool {
    let ends =
        last.and_then(|stroke| stroke.points.last()).zip(next.and_then(|stroke| stroke.points.first()));
    ends.is_some_and(|(end, start)| end.distance(start) < join)
}

/// What is a letter's own.
struct Own {
    size: f64,
    turn: (f64, f64),
    place: [f64; 2],
    middle: f64,
    across: [Noise; 2],
    down: [Noise; 2],
}

impl Own {
    fn drawn(style: &Style, advance: f64, chance: &mut Chance) -> Self {
        let [size, turn] = normal_pair(chance).map(|x| style.difference * x.clamp(-2.5, 2.5));
        let place = normal_pair(chance).map(|x| 0.5 * style.difference * x.clamp(-2.5, 2.5));
        let mut noises = || [Noise::drawn(style.bend, 0.7, chance), Noise::drawn(style.bend, 0.7, chance)];
        let (across, down) = (noises(), noises());
        Self {
            size: 1.0 + size,
            turn: (libm::cos(turn), libm::sin(turn)),
            place,
            middle: advance / 2.0,
            across,
            down,
        }
    }

    /// Where a point of the letter goes.
    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (bent_x, bent_y) =
            (x + self.across[0].at(x) + self.across[1].at(y), y + self.down[0].at(x) + self.down[1].at(y));
        let (from, (cos, sin)) = (bent_x - self.middle, self.turn);
        let (x, y) = (self.middle + cos * from - sin * bent_y, sin * from + cos * bent_y);
        (self.size * x + self.place[0], self.size * y + self.place[1])
    }
}

/// Smooth noise of one number: three waves at drawn phases.
struct Noise {
    amount: f64,
    period: f64,
    phases: [f64; 3],
}

impl Noise {
    fn drawn(amount: f64, period: f64, chance: &mut Chance) -> Self {
        Self { amount, period, phases: [(); 3].map(|()| TAU * chance.unit()) }
    }

    fn at(&self, x: f64) -> f64 {
        let waves = self.phases.iter().zip([1.0, 1.7, 2.9]);
        // Waves of unlike lengths have half the variance each: the amount is the standard deviation.
        self.amount * waves.map(|(phase, rate)| libm::sin(TAU * rate * x / self.period + phase)).sum::<f64>()
            / 1.5f64.sqrt()
    }
}

/// The same with times.
fn timed(drawing: &Strokes, speed: f64) -> Strokes {
    let (mut time, mut last) = (0.0, None);
    let strokes = drawing.strokes.iter().map(|stroke| {
        if let (Some(from), Some(first)) = (last, stroke.points.first()) {
            time += LIFT + first.distance(from) / speed;
        }
        let points: Vec<Point> = (0..stroke.points.len())
            .map(|at| {
                let point = stroke.points[at];
                if at > 0 {
                    let curvature = (curvature(&stroke.points, at - 1) + curvature(&stroke.points, at)) / 2.0;
                    time += point.distance(&stroke.points[at - 1]) * libm::cbrt(STRAIGHT + curvature) / speed;
                }
                Point { time: Some(time), ..point }
            })
            .collect();
        last = stroke.points.last();
        Stroke { points }
    });
    Strokes { strokes: strokes.collect() }
}

/// How much a line bends at a point, per em; 0 at its ends.
fn curvature(points: &[Point], at: usize) -> f64 {
    if at == 0 || at + 1 >= points.len() {
        return 0.0;
    }
    let (before, here, after) = (points[at - 1], points[at], points[at + 1]);
    let angle = |from: &Point, to: &Point| libm::atan2(to.y - from.y, to.x - from.x);
    let turn = (angle(&here, &after) - angle(&before, &here)).abs();
    let way = (before.distance(&here) + here.distance(&after)) / 2.0;
    if way > 0.0 { turn.min(TAU - turn).min(PI) / way } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::strokes::svg::Font;

    fn letters() -> Letters {
        let text = "<svg><font><font-face units-per-em=\"100\"/>\
                    <glyph unicode=\"l\" horiz-adv-x=\"30\" d=\"M10 0V70\"/>\
                    <glyph unicode=\"u\" horiz-adv-x=\"30\" d=\"M0 40V10L10 0H20L30 10V40\"/>\
                    <glyph unicode=\"-\" horiz-adv-x=\"30\" d=\"M0 30H30\"/></font></svg>";
        Letters::new(vec![Font::read(text.as_bytes()).expect("a font")]).expect("a font")
    }

    fn write(text: &str, style: &Style, seed: u64) -> Strokes {
        letters().write(0, text, style, &mut Chance::new(seed, 0)).expect("a line")
    }

    #[test]
    fn without_a_style_it_is_the_font() {
        let line = write("l-", &Style::default(), 1);
        let bounds = line.bounds().expect("points");
        let told = [bounds.left, bounds.top, bounds.right, bounds.bottom];
        assert!(told.iter().zip([0.1, -0.7, 0.6, 0.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{told:?}");
        assert_eq!(line.strokes.len(), 2);
    }

    #[test]
    fn no_letter_is_twice_the_same_and_a_seed_is() {
        let style = Style::drawn(&mut Chance::new(5, 0));
        let line = write("ll", &style, 1);
        let [first, second] = line.strokes.as_slice() else { panic!("two strokes, not {line}") };
        let shape = |stroke: &Stroke| {
            stroke.points.iter().map(|point| point.x - stroke.points[0].x).collect::<Vec<_>>()
        };
        assert_ne!(shape(first), shape(second));
        assert_eq!(line, write("ll", &style, 1));
        assert_ne!(line, write("ll", &style, 2));
    }

    #[test]
    fn ends_that_nearly_meet_are_joined() {
        let style = Style { join: 0.05, ..Style::default() };
        assert_eq!(write("--", &style, 1).strokes.len(), 1);
        assert_eq!(write("--", &Style::default(), 1).strokes.len(), 2);
    }

    #[test]
    fn the_pen_is_slower_in_bends() {
        let line = write("u", &Style::default(), 1);
        let speeds: Vec<(f64, f64)> = line.strokes[0]
            .points
            .windows(2)
            .map(|pair| {
                let seconds = pair[1].time.expect("a time") - pair[0].time.expect("a time");
                (pair[0].y, pair[0].distance(&pair[1]) / seconds)
            })
            .collect();
        let mean = |of: &dyn Fn(f64) -> bool| {
            let chosen: Vec<f64> = speeds.iter().filter(|(y, _)| of(*y)).map(|(_, speed)| *speed).collect();
            chosen.iter().sum::<f64>() / chosen.len() as f64
        };
        assert!(mean(&|y| y > -0.12) < 0.8 * mean(&|y| y < -0.2), "{speeds:?}");
    }

    #[test]
    fn letters_that_nobody_has_are_named() {
        let error =
            letters().write(0, "l?u!", &Style::default(), &mut Chance::new(1, 0)).expect_err("no letter");
        assert!(error.to_string().starts_with("\"?!\", which no font has"), "{error}");
    }
}
