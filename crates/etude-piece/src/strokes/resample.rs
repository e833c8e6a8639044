//! Points at even distances: along the line, or in time.

use super::{MOST_POINTS, Point, Stroke, Strokes};
use crate::{Error, Result};

impl Strokes {
    /// The drawing with points at even distances along each stroke, as near to `spacing` as its length allows; ends stay, corners
    /// don't. Times are those of the line between.
    ///
    /// # Errors
    ///
    /// A distance that isn't above 0, and more than 1,000,000 points.
    pub fn resampled(&self, spacing: f64) -> Result<Self> {
        let counts = self.strokes.iter().map(|stroke| match stroke.length() / spacing {
            parts if parts.is_finite() && spacing > 0.0 => Ok(parts.round().max(1.0) + 1.0),
            _ => Err(Error::unfit(format!("points at distances of {spacing}"), "a distance above 0")),
        });
        let counts = counts.collect::<Result<Vec<f64>>>()?;
        within(counts.iter().sum())?;
        let each = self.strokes.iter().zip(counts);
        Ok(Self { strokes: each.map(|(stroke, count)| stroke.resampled_to(count as usize)).collect() })
    }

    /// The drawing with a point at its beginning and after every `seconds`, as long as the pen is down, and at the end of each
    /// stroke. Every point has its time.
    ///
    /// # Errors
    ///
    /// Points without time, a time that isn't above 0, and more than 1,000,000 points.
    pub fn resampled_in_time(&self, seconds: f64) -> Result<Self> {
        if !self.is_timed() {
            return Err(Error::unfit("a drawing without times", "one whose points have times"));
        }
        let count = self.duration().unwrap_or(0.0) / seconds;
        if !(seconds > 0.0 && count.is_finite()) {
            return Err(Error::unfit(format!("points every {seconds} seconds"), "a time above 0"));
        }
        within(count + 2.0 * self.strokes.len() as f64)?;
        Ok(Self { strokes: self.strokes.iter().map(|stroke| in_time(stroke, seconds)).collect() })
    }
}

impl Stroke {
    /// The stroke as `count` points, at least 2, at even distances along its line; a dot stays a dot.
    #[must_use]
    pub fn resampled_to(&self, count: usize) -> Self {
        let ways = self.ways();
        let (Some(&first), Some(&last), Some(&length)) =
            (self.points.first(), self.points.last(), ways.last())
        else {
            return self.clone();
        };
        if length == 0.0 {
            return Self { points: if self.points.len() == 1 { vec![first] } else { vec![first, last] } };
        }
        let parts = count.max(2) - 1;
        let mut next = 1;
        let between = (1..parts).map(|index| {
            let way = length * index as f64 / parts as f64;
            while next + 1 < ways.len() && ways[next] < way {
                next += 1;
            }
            let step = ways[next] - ways[next - 1];
            let share = if step > 0.0 { (way - ways[next - 1]) / step } else { 0.0 };
            self.points[next - 1].towards(&self.points[next], share.clamp(0.0, 1.0))
        });
        Self { points: std::iter::once(first).chain(between).chain([last]).collect() }
    }
}

/// Points of a stroke at whole multiples of `seconds`, and its ends.
fn in_time(stroke: &Stroke, seconds: f64) -> Stroke {
    let (Some(&first), Some(&last)) = (stroke.points.first(), stroke.points.last()) else {
        return stroke.clone();
    };
    let time = |point: &Point| point.time.unwrap_or(0.0);
    let mut points = vec![first];
    let mut tick = (time(&first) / seconds).floor() + 1.0;
    for pair in stroke.points.windows(2) {
        let (from, to) = (time(&pair[0]), time(&pair[1]));
        while tick * seconds < to {
            points.push(pair[0].towards(&pair[1], ((tick * seconds - from) / (to - from)).clamp(0.0, 1.0)));
            tick += 1.0;
        }
    }
    if stroke.points.len() > 1 {
        points.push(last);
    }
    Stroke { points }
}

/// Refuses more points than a drawing holds.
fn within(count: f64) -> Result<()> {
    match count <= MOST_POINTS as f64 {
        true => Ok(()),
        false => Err(Error::unfit(format!("{count} points"), format!("at most {MOST_POINTS} in a drawing"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::stroke3::from_stroke3;
    use super::*;

    fn timed(points: &[(f64, f64, f64)]) -> Strokes {
        let points = points.iter().map(|&(x, y, time)| Point { x, y, time: Some(time) }).collect();
        Strokes { strokes: vec![Stroke { points }] }
    }

    #[test]
    fn points_lie_evenly_along_the_line() {
        let drawing = from_stroke3(&[[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 1.0, 1.0], [5.0, 5.0, 1.0]])
            .expect("rows");
        assert_eq!(drawing.resampled(2.0).expect("few").to_string(), "0,0 2,0 3,1 | 8,6");
        assert_eq!(drawing.resampled(9.0).expect("few").to_string(), "0,0 3,1 | 8,6");
        assert_eq!(drawing.strokes[0].resampled_to(5).points.len(), 5);
    }

    #[test]
    fn times_are_those_of_the_line_between() {
        let drawing = timed(&[(0.0, 0.0, 0.0), (4.0, 0.0, 1.0), (4.0, 0.0, 3.0), (8.0, 0.0, 4.0)]);
        assert_eq!(drawing.resampled(2.0).expect("few").to_string(), "0,0@0 2,0@0.5 4,0@1 6,0@3.5 8,0@4");
        assert_eq!(
            drawing.resampled_in_time(0.75).expect("times").to_string(),
            "0,0@0 3,0@0.75 4,0@1.5 4,0@2.25 4,0@3 7,0@3.75 8,0@4"
        );
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let drawing = timed(&[(0.0, 0.0, 0.0), (4.0, 0.0, 1.0)]);
        for spacing in [0.0, -1.0, f64::NAN, 1e-9] {
            assert!(
                drawing.resampled(spacing).is_err() && drawing.resampled_in_time(spacing).is_err(),
                "{spacing}"
            );
        }
        let untimed = from_stroke3(&[[0.0, 0.0, 1.0]]).expect("a dot");
        let error = untimed.resampled_in_time(1.0).expect_err("no times").to_string();
        assert_eq!(error, "a drawing without times; hint: one whose points have times");
    }
}
