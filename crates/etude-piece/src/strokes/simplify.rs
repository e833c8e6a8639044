//! Fewer points, by Ramer 1972 and Douglas & Peucker 1973: a stretch is one line if none of its points is farther from
//! that line than a tolerance, else it is cut at the farthest one.

use super::{Point, Stroke, Strokes};

/// How often a stretch is cut at its farthest point. Beyond that it is halved: so a million points that were laid out to make
/// every cut a bad one don't take a million passes, and no point comes farther from the line.
const MOST_CUTS: u32 = 64;

impl Strokes {
    /// The drawing with fewer points: no point that is left out is farther than `tolerance` from its stroke. Ends stay.
    #[must_use]
    pub fn simplified(&self, tolerance: f64) -> Self {
        Self { strokes: self.strokes.iter().map(|stroke| stroke.simplified(tolerance)).collect() }
    }
}

impl Stroke {
    /// The stroke with fewer points, as [`Strokes::simplified`].
    #[must_use]
    pub fn simplified(&self, tolerance: f64) -> Self {
        let points = &self.points;
        if points.len() < 3 {
            return self.clone();
        }
        let mut kept = vec![false; points.len()];
        (kept[0], kept[points.len() - 1]) = (true, true);
        let mut stretches = vec![(0, points.len() - 1, 0)];
        while let Some((first, last, cuts)) = stretches.pop() {
            let Some((at, distance)) = farthest(points, first, last) else { continue };
            if distance <= tolerance {
                continue;
            }
            let at = if cuts < MOST_CUTS { at } else { first.midpoint(last) };
            kept[at] = true;
            stretches.extend([(first, at, cuts + 1), (at, last, cuts + 1)]);
        }
        let points = points.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect();
        Self { points }
    }
}

/// The point between two others that is farthest from the line between them, and how far that is.
fn farthest(points: &[Point], first: usize, last: usize) -> Option<(usize, f64)> {
    let mut most: Option<(usize, f64)> = None;
    for at in first + 1..last {
        let distance = from_line(&points[at], &points[first], &points[last]);
        if most.is_none_or(|(_, known)| distance > known) {
            most = Some((at, distance));
        }
    }
    most
}

/// How far a point is from the line between two others.
pub(super) fn from_line(point: &Point, from: &Point, to: &Point) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { ((point.x - from.x) * dx + (point.y - from.y) * dy) / length } else { 0.0 };
    point.distance(&from.towards(to, share.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::super::mutants::Chance;
    use super::*;

    /// A stroke of these points.
    fn stroke(points: impl IntoIterator<Item = (f64, f64)>) -> Stroke {
        Stroke { points: points.into_iter().map(|(x, y)| Point { x, y, time: None }).collect() }
    }

    #[track_caller]
    fn check(points: &[(f64, f64)], tolerance: f64, expected: &str) {
        let strokes = Strokes { strokes: vec![stroke(points.iter().copied())] };
        assert_eq!(strokes.simplified(tolerance).to_string(), expected);
    }

    #[test]
    fn points_near_a_line_are_left_out() {
        check(&[(0.0, 0.0), (1.0, 0.1), (2.0, 0.0)], 0.1, "0,0 2,0");
        check(&[(0.0, 0.0), (1.0, 0.2), (2.0, 0.0)], 0.1, "0,0 1,0.2 2,0");
        check(&[(0.0, 0.0), (3.0, 0.0), (1.0, 0.0)], 0.5, "0,0 3,0 1,0");
        check(&[(0.0, 0.0), (2.0, 0.0), (0.0, 0.0)], 0.5, "0,0 2,0 0,0");
        check(&[(1.0, 1.0)], 9.0, "1,1");
    }

    #[test]
    fn no_point_is_left_farther_than_the_tolerance() {
        let chance = &mut Chance::new(1);
        for _ in 0..50 {
            let mut at = (0.0, 0.0);
            let walk = stroke((0..200).map(|_| {
                at = (at.0 + chance.below(9) as f64 - 4.0, at.1 + chance.below(9) as f64 - 4.0);
                at
            }));
            let simple = walk.simplified(3.0);
            assert!(simple.points.len() < walk.points.len());
            for point in &walk.points {
                let lines = simple.points.windows(2);
                let near = lines.map(|pair| from_line(point, &pair[0], &pair[1])).fold(f64::MAX, f64::min);
                assert!(near <= 3.0, "{near}");
            }
        }
    }

    #[test]
    fn a_stroke_laid_out_to_be_slow_is_not() {
        // Every cut at the farthest point leaves all but one of the others on one side.
        let saw = stroke((0..200_000).map(|index| {
            (f64::from(index) * 1e-6, 1e6 / (1.0 + f64::from(index)) * (1.0 - 2.0 * f64::from(index % 2)))
        }));
        assert!(saw.simplified(1e-9).points.len() > 1000);
    }
}
