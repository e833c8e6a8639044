//! `$P` and `$Q`: drawings as clouds of points, whatever the order and direction of their strokes.
//!
//! Vatavu, Anthony & Wobbrock 2012: *Gestures as point clouds*, DOI 10.1145/2388676.2388732; and 2018: *`$Q`*, DOI
//! 10.1145/3229434.3229465, which gives up early and bounds distances from below by a look-up table.
//!
//! ```text
//! d(a, b) = min over starts s, both ways, of Σᵢ wᵢ |aᵢ − b_m(i)|,   wᵢ = 1 − i / N
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | a, b | clouds | (N, 2) | points at equal distances, the longest side 1, about their centroid |
//! | m | matching | (N) | each point's nearest one that isn't taken, in the order from s on |
//! | N | points | | 32, as in both papers |
//!
//! Where we differ: distances are not squared (2012; `$Q` squares them), so that scores of all our models are lengths.

use super::dollar::plane;
use super::normal::{Normal, Origin, Size};
use super::trajectory::Trajectory;

/// Points of a cloud, N.
pub const POINTS: usize = 32;

/// Cells of the look-up table along each side.
const CELLS: usize = 64;

/// Every how many points a matching starts: N^(1 − ε) with ε = ½.
const STRIDE: usize = 5;

/// A drawing as a cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    points: [[f64; 2]; POINTS],
    /// For each cell of a raster over the square [−1, 1]², the point that is nearest to its middle (`CELLS`²).
    nearest: Vec<u8>,
}

impl Cloud {
    /// Prepares a drawing; only the first two numbers of its frames count.
    pub fn new(gesture: &Trajectory) -> Self {
        let normal = Normal { origin: Origin::Centroid, size: Size::Longest };
        let path = plane(gesture).along_path(POINTS).normalised(normal);
        let mut points = [[0.0; 2]; POINTS];
        points.iter_mut().zip(path.frames().as_chunks().0).for_each(|(point, frame)| *point = *frame);
        let middle = |cell: usize| (cell as f64 + 0.5) / CELLS as f64 * 2.0 - 1.0;
        let nearest = (0..CELLS * CELLS).map(|cell| {
            let at = [middle(cell % CELLS), middle(cell / CELLS)];
            let order = |&a: &usize, &b: &usize| gap(points[a], at).total_cmp(&gap(points[b], at));
            (0..POINTS).min_by(order).map_or(0, |point| point as u8)
        });
        let nearest = nearest.collect();
        Self { points, nearest }
    }

    /// How far two clouds are apart; `most` is how far is of interest: from there on any number above it may come.
    pub fn distance(&self, other: &Self, most: f64) -> f64 {
        let bounds = [self.bounds(other), other.bounds(self)];
        let mut best = f64::INFINITY;
        for start in (0..POINTS).step_by(STRIDE) {
            let number = start / STRIDE;
            for (from, to, bound) in [(self, other, bounds[0][number]), (other, self, bounds[1][number])] {
                if bound < best.min(most) {
                    best = best.min(from.matched(to, start, best.min(most)));
                }
            }
        }
        best
    }

    /// The cost of matching each point, from `start` on, with the nearest one that is free.
    fn matched(&self, other: &Self, start: usize, most: f64) -> f64 {
        let mut free: [usize; POINTS] = std::array::from_fn(|point| point);
        let mut sum = 0.0;
        for step in 0..POINTS {
            let point = self.points[(start + step) % POINTS];
            let left = POINTS - step;
            let (mut nearest, mut least) = (0, f64::INFINITY);
            for (place, &candidate) in free[..left].iter().enumerate() {
                let gap = gap(point, other.points[candidate]);
                if gap < least {
                    (nearest, least) = (place, gap);
                }
            }
            free[nearest] = free[left - 1];
            sum += weight(step) * least.sqrt();
            if sum >= most {
                return f64::INFINITY;
            }
        }
        sum
    }

    /// A lower bound on [`Cloud::matched`] from each start.
    ///
    /// The nearest point of a cell's middle is nearest to what lies in the cell but for the cell's diagonal, so half of
    /// it is taken away twice.
    fn bounds(&self, other: &Self) -> [f64; POINTS.div_ceil(STRIDE)] {
        let slack = 2.0 * std::f64::consts::SQRT_2 / CELLS as f64;
        let least: [f64; POINTS] = std::array::from_fn(|index| {
            let point = self.points[index];
            let cell =
                point.map(|number| ((number + 1.0) * 0.5 * CELLS as f64).clamp(0.0, CELLS as f64 - 1.0));
            let near = other.nearest[cell[1] as usize * CELLS + cell[0] as usize];
            (gap(point, other.points[usize::from(near)]).sqrt() - slack).max(0.0)
        });
        std::array::from_fn(|number| {
            let start = number * STRIDE;
            (0..POINTS).map(|step| weight(step) * least[(start + step) % POINTS]).sum()
        })
    }
}

/// The weight of the point that is matched as number `step`: what is matched first counts most.
fn weight(step: usize) -> f64 {
    1.0 - step as f64 / POINTS as f64
}

/// The squared distance of two points.
fn gap(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    dx * dx + dy * dy
}

/// The distance without bounds and early ends.
#[cfg(test)]
pub(super) fn plain_distance(a: &Cloud, b: &Cloud) -> f64 {
    let both = |start| a.matched(b, start, f64::INFINITY).min(b.matched(a, start, f64::INFINITY));
    (0..POINTS).step_by(STRIDE).map(both).fold(f64::INFINITY, f64::min)
}
