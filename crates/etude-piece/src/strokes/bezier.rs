//! Strokes as smooth curves: cubic Béziers by the method of Schneider 1990 ("An algorithm for automatically fitting digitized
//! curves", Graphics Gems).
//!
//! A stroke is cut at its corners. Between them each curve is as long as it may be within a tolerance of all its points, and
//! the next one leaves in the direction in which it arrives. (Schneider halves what doesn't fit, which takes more curves.)

use super::{Point, Stroke};
use kurbo::{BezPath, CubicBez, ParamCurve, ParamCurveDeriv, Vec2};

/// By how much a line turns at a corner, in degrees.
const CORNER: f64 = 60.0;

/// How often the places of points along a curve are improved.
const ROUNDS: usize = 5;

/// A curve whose farthest point is no more than this many tolerances away may still come near by better places.
const HOPEFUL: f64 = 4.0;

impl Stroke {
    /// The stroke as lines and cubic curves that pass within `tolerance` of each of its points, and through its ends.
    pub fn beziers(&self, tolerance: f64) -> BezPath {
        let mut points: Vec<kurbo::Point> =
            self.points.iter().map(|&Point { x, y, .. }| (x, y).into()).collect();
        points.dedup();
        let mut path = BezPath::new();
        let Some(&start) = points.first() else { return path };
        path.move_to(start);
        let mut from = 0;
        for at in 1..points.len() {
            if at + 1 == points.len() || is_corner(points[at - 1], points[at], points[at + 1]) {
                fit(&points, from, at, tolerance, &mut path);
                from = at;
            }
        }
        path
    }
}

fn is_corner(before: kurbo::Point, at: kurbo::Point, after: kurbo::Point) -> bool {
    let (a, b) = (at - before, after - at);
    a.cross(b).atan2(a.dot(b)).abs() > CORNER.to_radians()
}

fn unit(vector: Vec2) -> Vec2 {
    let length = vector.hypot();
    if length > 0.0 { vector / length } else { Vec2::ZERO }
}

/// The direction in which a line leaves its first point: that of the parabola through its first three points, or of two.
fn leaving(run: &[kurbo::Point]) -> Vec2 {
    let slope = |a: kurbo::Point, b: kurbo::Point| (b - a) / a.distance(b);
    let first = slope(run[0], run[1]);
    let Some(&third) = run.get(2) else { return first };
    let (near, far) = (run[0].distance(run[1]), run[1].distance(third));
    unit(first + (first - slope(run[1], third)) * (near / (near + far)))
}

/// The direction backwards at a point amid a line: that of the parabola through it and its neighbours.
fn through(before: kurbo::Point, at: kurbo::Point, after: kurbo::Point) -> Vec2 {
    let (near, far) = (before.distance(at), at.distance(after));
    let along = unit((before - at) / near * far + (at - after) / far * near);
    if along == Vec2::ZERO { (before - at) / near } else { along }
}

/// Curves through the points from `first` to `last`: each as long as it may be.
fn fit(points: &[kurbo::Point], mut first: usize, last: usize, tolerance: f64, path: &mut BezPath) {
    let mut leave = leaving(&points[first..=last]);
    while first < last {
        let reach = |end: usize| {
            let back: Vec<kurbo::Point> = points[first..=end].iter().rev().take(3).copied().collect();
            let arrive = match points.get(end + 1) {
                Some(&after) if end < last => through(points[end - 1], points[end], after),
                _ => leaving(&back),
            };
            let run = &points[first..=end];
            let curve = if run.len() > 2 { best(run, [leave, arrive], tolerance) } else { None };
            (curve, arrive)
        };
        // Twice as far as long as that goes well, and then halfway between what did and what didn't.
        let (mut good, mut reached) = (first + 1, reach(first + 1));
        let mut bad = last + 1;
        while good + 1 < bad {
            let asked = if bad > last { (2 * good - first).min(last) } else { good.midpoint(bad) };
            match reach(asked) {
                (None, _) => bad = asked,
                found => (good, reached) = (asked, found),
            }
        }
        match reached.0 {
            Some(curve) => path.curve_to(curve.p1, curve.p2, curve.p3),
            None => path.line_to(points[good]),
        }
        (first, leave) = (good, -reached.1);
    }
}

/// A curve that comes within the tolerance of all points, if one is found.
fn best(run: &[kurbo::Point], ends: [Vec2; 2], tolerance: f64) -> Option<CubicBez> {
    let mut places = chords(run);
    for _ in 0..ROUNDS {
        let curve = least_squares(run, &places, ends);
        let away = farthest(run, &places, &curve);
        if away <= tolerance {
            return Some(curve);
        }
        if away > HOPEFUL * tolerance {
            break;
        }
        improve(run, &mut places, &curve);
    }
    None
}

/// The places of points on their curve, from 0 to 1, by the way between them.
fn chords(run: &[kurbo::Point]) -> Vec<f64> {
    let mut way = 0.0;
    let mut places = vec![0.0];
    for pair in run.windows(2) {
        way += pair[0].distance(pair[1]);
        places.push(way);
    }
    places.iter().map(|place| place / way).collect()
}

/// The curve with given directions at its ends whose points at the places are nearest to the run's, by the sum of squares.
fn least_squares(run: &[kurbo::Point], places: &[f64], ends: [Vec2; 2]) -> CubicBez {
    let (start, end) = (run[0], run[run.len() - 1]);
    let (mut c00, mut c01, mut c11, mut x0, mut x1) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (&point, &t) in run.iter().zip(places) {
        let s = 1.0 - t;
        let (b0, b1, b2, b3) = (s * s * s, 3.0 * t * s * s, 3.0 * t * t * s, t * t * t);
        let (a0, a1) = (ends[0] * b1, ends[1] * b2);
        let rest = point.to_vec2() - start.to_vec2() * (b0 + b1) - end.to_vec2() * (b2 + b3);
        (c00, c01, c11) = (c00 + a0.dot(a0), c01 + a0.dot(a1), c11 + a1.dot(a1));
        (x0, x1) = (x0 + a0.dot(rest), x1 + a1.dot(rest));
    }
    let determinant = c00 * c11 - c01 * c01;
    let (left, right) = ((x0 * c11 - x1 * c01) / determinant, (c00 * x1 - c01 * x0) / determinant);
    let chord = start.distance(end);
    let fine =
        |arm: f64| arm.is_finite() && arm > 1e-6 * chord && arm < 1e3 * (chord + run[0].distance(run[1]));
    // Where the sums tell nothing, arms of a third of the chord do (Schneider's fallback).
    let (left, right) = if fine(left) && fine(right) { (left, right) } else { (chord / 3.0, chord / 3.0) };
    CubicBez::new(start, start + ends[0] * left, end + ends[1] * right, end)
}

/// How far the farthest point is from its place on the curve.
fn farthest(run: &[kurbo::Point], places: &[f64], curve: &CubicBez) -> f64 {
    run.iter().zip(places).map(|(&point, &place)| curve.eval(place).distance(point)).fold(0.0, f64::max)
}

/// Moves each place towards where the curve is nearest to its point, by one step of Newton's method.
fn improve(run: &[kurbo::Point], places: &mut [f64], curve: &CubicBez) {
    let (first, second) = (curve.deriv(), curve.deriv().deriv());
    for (point, place) in run.iter().zip(places.iter_mut()) {
        let away = curve.eval(*place) - *point;
        let (slope, bend) = (first.eval(*place).to_vec2(), second.eval(*place).to_vec2());
        let step = away.dot(slope) / (slope.dot(slope) + away.dot(bend));
        if step.is_finite() {
            *place = (*place - step).clamp(0.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mutants::Chance;
    use super::*;
    use kurbo::{ParamCurveNearest, PathSeg};

    fn stroke(points: impl IntoIterator<Item = (f64, f64)>) -> Stroke {
        Stroke { points: points.into_iter().map(|(x, y)| Point { x, y, time: None }).collect() }
    }

    /// How far the farthest point of a stroke is from curves.
    fn away(stroke: &Stroke, path: &BezPath) -> f64 {
        let near = |point: &Point| {
            let segments = path.segments();
            let each =
                segments.map(|segment: PathSeg| segment.nearest((point.x, point.y).into(), 1e-9).distance_sq);
            each.fold(f64::MAX, f64::min).sqrt()
        };
        stroke.points.iter().map(near).fold(0.0, f64::max)
    }

    #[test]
    fn a_circle_is_a_few_curves() {
        let circle = stroke((0..=200).map(|k| {
            let angle = f64::from(k) * std::f64::consts::TAU / 200.0;
            (100.0 * angle.cos(), 100.0 * angle.sin())
        }));
        let path = circle.beziers(0.1);
        assert!(
            path.segments().count() <= 8 && away(&circle, &path) <= 0.1,
            "{} {}",
            path.segments().count(),
            away(&circle, &path)
        );
    }

    #[test]
    fn corners_and_short_strokes_stay() {
        let corner = stroke([(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)]);
        assert_eq!(corner.beziers(1.0).to_svg(), "M0,0 L5,0 L5,5");
        assert_eq!(stroke([(1.0, 2.0)]).beziers(1.0).to_svg(), "M1,2");
        assert_eq!(stroke([(1.0, 2.0), (1.0, 2.0)]).beziers(1.0).to_svg(), "M1,2");
    }

    #[test]
    fn no_point_is_left_farther_than_the_tolerance() {
        let chance = &mut Chance::new(3);
        for tolerance in [0.1, 1.0, 5.0] {
            for _ in 0..20 {
                let (mut x, mut y, mut turn) = (0.0, 0.0, 0.0_f64);
                let walk = stroke((0..150).map(|_| {
                    turn += (chance.below(100) as f64 - 50.0) / 120.0;
                    (x, y) = (x + 3.0 * turn.cos(), y + 3.0 * turn.sin());
                    (x, y)
                }));
                let path = walk.beziers(tolerance);
                assert!(away(&walk, &path) <= tolerance + 1e-9, "{}", away(&walk, &path));
                assert!(tolerance < 1.0 || path.segments().count() < 75, "{}", path.segments().count());
            }
        }
    }
}
