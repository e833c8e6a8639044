//! `$1`: a stroke compared with templates, whatever its place, size and angle.
//!
//! Wobbrock, Wilson & Li 2007: *Gestures without libraries, toolkits or training*, DOI 10.1145/1294211.1294238; and
//! Li 2010: *Protractor*, DOI 10.1145/1753326.1753654, which finds the best angle in closed form.
//!
//! ```text
//! d(a, b) = 1/N Σₙ |aₙ − bₙ|      score = 1 − d / (½ √2 · side)        eq. (1), (2) of 2007
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | a, b | gesture, template | (N, 2) | points at equal distances, turned, scaled to a square, about their centroid |
//! | N | points | | 64 |
//! | side | side of the square | | 1 here, 250 in the paper; the score is the same |
//!
//! Where we differ: a side shorter than 30 % of the other keeps its proportion, as the authors' later code does, so that
//! lines may be learnt; several strokes are read as one.

use super::normal::{Normal, Origin, Size};
use super::trajectory::Trajectory;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Points of a gesture, N, as in the paper.
pub const POINTS: usize = 64;

/// The angle about which the search for the best one goes to each side, ±45°.
const RANGE: f64 = PI / 4.0;

/// How near the search comes, 2°.
const NEAR: f64 = PI / 90.0;

/// Sides shorter than this percentage of the longest keep their proportion.
const THIN: u8 = 30;

/// How the angle of a gesture is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Angle {
    /// Any angle is the same: both are turned until their first point lies to the right of their centroid, then
    /// the best angle within ±45° is sought by golden sections, as in the paper.
    Any,
    /// The best angle within ±45° of the one that was drawn is sought, also by golden sections.
    Near,
    /// The best of all angles in closed form, of points that were turned as for [`Angle::Any`]: Protractor.
    Protractor,
}

/// A gesture as `$1` compares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// x and y of N points.
    points: Vec<[f64; 2]>,
    angle: Angle,
}

impl Template {
    /// Prepares a gesture; only the first two numbers of its frames count.
    pub fn new(gesture: &Trajectory, angle: Angle) -> Self {
        let about = |size| Normal { origin: Origin::Centroid, size };
        let mut path = plane(gesture).along_path(POINTS).normalised(about(Size::Kept));
        if angle != Angle::Near {
            let first = path.frame(0);
            path = path.turned(-libm::atan2(first[1], first[0]));
        }
        // Protractor keeps proportions: it compares directions of vectors.
        let size = if angle == Angle::Protractor { Size::Longest } else { Size::Sides(THIN) };
        path = path.normalised(about(size)).normalised(about(Size::Kept));
        let mut points: Vec<[f64; 2]> = path.frames().as_chunks().0.to_vec();
        if angle == Angle::Protractor {
            let norm = points.iter().map(|[x, y]| x * x + y * y).sum::<f64>().sqrt();
            let scale = if norm > 0.0 { 1.0 / norm } else { 1.0 };
            points.iter_mut().for_each(|point| *point = point.map(|number| number * scale));
        }
        Self { points, angle }
    }

    /// How far it is from another one that was prepared in the same way; 0 is the same.
    ///
    /// The mean distance of points at the best angle; for [`Angle::Protractor`] the angle between vectors.
    pub fn distance(&self, other: &Self) -> f64 {
        match self.angle {
            Angle::Protractor => self.protractor(other),
            Angle::Any | Angle::Near => golden(|angle| self.mean_distance(other, angle)),
        }
    }

    /// How well it agrees with another one, 1 at best, eq. (2).
    pub fn score(&self, other: &Self) -> f64 {
        match self.angle {
            Angle::Protractor => 1.0 - self.distance(other) / (0.5 * PI),
            Angle::Any | Angle::Near => 1.0 - self.distance(other) / FRAC_1_SQRT_2,
        }
    }

    /// Eq. (1) with this gesture turned.
    fn mean_distance(&self, other: &Self, angle: f64) -> f64 {
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let mut sum = 0.0;
        for (&[x, y], &[u, v]) in self.points.iter().zip(&other.points) {
            let (dx, dy) = (x * cos - y * sin - u, x * sin + y * cos - v);
            sum += (dx * dx + dy * dy).sqrt();
        }
        sum / self.points.len() as f64
    }

    /// The angle between the two as vectors of 2 N numbers, at the best angle of the plane: Li 2010, section 3.
    fn protractor(&self, other: &Self) -> f64 {
        let (mut a, mut b) = (0.0, 0.0);
        for ([x, y], [u, v]) in self.points.iter().zip(&other.points) {
            a += x * u + y * v;
            b += x * v - y * u;
        }
        libm::acos((a * a + b * b).sqrt().min(1.0))
    }
}

/// The first two numbers of each frame; a second one of 0 where there is none.
pub(super) fn plane(gesture: &Trajectory) -> Trajectory {
    match gesture.dimension() {
        2 => gesture.clone(),
        _ => Trajectory::from_strokes(&gesture.to_strokes()).expect("frames of a trajectory are finite"),
    }
}

/// The smallest value that golden sections find within ±[`RANGE`].
fn golden(value: impl Fn(f64) -> f64) -> f64 {
    let phi = 0.5 * (5f64.sqrt() - 1.0);
    let (mut low, mut high) = (-RANGE, RANGE);
    let mut left = phi * low + (1.0 - phi) * high;
    let mut right = (1.0 - phi) * low + phi * high;
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > NEAR {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = phi * low + (1.0 - phi) * high;
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = (1.0 - phi) * low + phi * high;
            at_right = value(right);
        }
    }
    at_left.min(at_right)
}
