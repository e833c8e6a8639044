//! What every reader draws with: it takes only points that a drawing may hold, and no more of them than it may.

use super::{Point, Stroke, Strokes};
use crate::{Fault, Place, Result};

/// The most points of one drawing.
pub const MOST_POINTS: usize = 1_000_000;

/// The farthest that a coordinate may be from the origin, in units of the drawing: there, thousandths are still told apart.
pub const FARTHEST: f64 = 1e9;

/// The latest time, in seconds: clocks count from 1970, and some in milliseconds.
const LATEST: f64 = 1e12;

/// Draws strokes while a file is read. Times are counted from the first one; one that runs backwards waits for the last.
#[derive(Debug, Default)]
pub(super) struct Pen {
    strokes: Vec<Stroke>,
    points: usize,
    down: bool,
    /// The first time and the latest one, as the file counts.
    began: Option<(f64, f64)>,
}

impl Pen {
    /// Draws on to a point, from the last one unless the pen was lifted.
    pub(super) fn draw(&mut self, place: Place, x: f64, y: f64, time: Option<f64>) -> Result<()> {
        let far = |value: f64| value.is_nan() || value.abs() > FARTHEST;
        if far(x) || far(y) {
            return Err(Fault::new(place, format!("the point {x}, {y}"), "coordinates up to 1e9").into());
        }
        if let Some(time) = time.filter(|time| time.is_nan() || time.abs() > LATEST) {
            return Err(Fault::new(place, format!("the time {time}"), "seconds up to 1e12").into());
        }
        if self.points == MOST_POINTS {
            let fault = Fault::new(place, "one more point", format!("at most {MOST_POINTS} in a drawing"));
            return Err(fault.hint("cut the drawing into several").into());
        }
        self.points += 1;
        let time = time.map(|time| self.counted(time));
        let point = Point { x, y, time };
        match self.strokes.last_mut() {
            Some(stroke) if self.down => stroke.points.push(point),
            _ => self.strokes.push(Stroke { points: vec![point] }),
        }
        self.down = true;
        Ok(())
    }

    /// The time since the first, in whole nanoseconds: decimals stay few.
    fn counted(&mut self, time: f64) -> f64 {
        let (first, last) = self.began.unwrap_or((time, time));
        let time = time.max(last);
        self.began = Some((first, time));
        ((time - first) * 1e9).round() / 1e9
    }

    /// Lifts the pen: the next point begins a stroke.
    pub(super) fn lift(&mut self) {
        self.down = false;
    }

    /// The drawing, which holds at least one point.
    pub(super) fn finish(self, place: Place) -> Result<Strokes> {
        match self.strokes.is_empty() {
            true => Err(Fault::new(place, "a drawing without points", "at least one point").into()),
            false => Ok(Strokes { strokes: self.strokes }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(points: &[(f64, f64, Option<f64>)], expected: &str) {
        let mut pen = Pen::default();
        let drawn = points.iter().try_for_each(|&(x, y, time)| pen.draw(Place::Whole, x, y, time));
        let told = match drawn.and_then(|()| pen.finish(Place::Whole)) {
            Ok(strokes) => format!("{:?}", strokes.points().map(|point| point.time).collect::<Vec<_>>()),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn times_begin_at_nought_and_never_run_backwards() {
        let at = |time| (0.0, 0.0, Some(time));
        check(&[at(5.0), at(6.5), at(6.0), at(7.0)], "[Some(0.0), Some(1.5), Some(1.5), Some(2.0)]");
        check(&[(0.0, 0.0, None)], "[None]");
    }

    #[test]
    fn what_no_drawing_holds_is_refused() {
        check(&[], "found a drawing without points, expected at least one point");
        check(&[(f64::NAN, 0.0, None)], "found the point NaN, 0, expected coordinates up to 1e9");
        check(&[(0.0, -2e9, None)], "found the point 0, -2000000000, expected coordinates up to 1e9");
        check(&[(0.0, 0.0, Some(f64::INFINITY))], "found the time inf, expected seconds up to 1e12");
    }

    #[test]
    fn a_drawing_has_an_end() {
        let mut pen = Pen { points: MOST_POINTS, ..Pen::default() };
        let error = pen.draw(Place::Whole, 0.0, 0.0, None).expect_err("one too many").to_string();
        assert_eq!(
            error,
            "found one more point, expected at most 1000000 in a drawing; hint: cut the drawing into several"
        );
    }
}
