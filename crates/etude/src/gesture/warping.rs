//! Dynamic time warping: the least cost of laying one sequence along another when both may linger.
//!
//! Sakoe & Chiba 1978, DOI 10.1109/TASSP.1978.1163055 (the band); Keogh & Ratanamahatana 2005, DOI
//! 10.1007/s10115-004-0154-9 (the lower bound); Taranta et al. 2017: *Jackknife*, DOI 10.1145/3025453.3026002 (directions
//! beside positions).
//!
//! ```text
//! D(i, j) = |aᵢ − bⱼ|² + min(D(i−1, j), D(i, j−1), D(i−1, j−1)),  |i − j| ≤ r      d(a, b) = √(D(N, N) / N)
//! LB(a, b)² = 1/N Σᵢ |aᵢ − [Lᵢ, Uᵢ]|² ≤ d(a, b)²,  Lᵢ, Uᵢ the least and most of b within r of i
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | a, b | series | (N, F) | features of N frames |
//! | r | band | | how far two frames that are matched may be apart in time |
//! | L, U | envelope | (N, F) | what the band lets b be at each time |

use super::normal::Normal;
use super::trajectory::{Trajectory, squared_distance};

/// Along what frames are taken at equal distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// The path: right for drawings, whose pace tells little.
    Path,
    /// Time: right for sensors, whose path is mostly noise while they rest.
    Time,
}

/// What of a gesture is compared, and how freely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Along what its frames are taken.
    pub along: Along,
    /// How many frames, N.
    pub count: usize,
    /// What is taken away first.
    pub normal: Normal,
    /// How much the direction of the path counts beside its place; 0 leaves it out.
    pub directions: f64,
    /// The band r, in frames.
    pub band: usize,
}

/// A gesture as warping compares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Features (N, F), in rows.
    rows: Vec<f64>,
    /// The envelope's lower side (N, F).
    lower: Vec<f64>,
    /// The envelope's upper side (N, F).
    upper: Vec<f64>,
    features: usize,
    band: usize,
}

impl Series {
    /// Prepares a gesture.
    pub fn new(gesture: &Trajectory, view: &View) -> Self {
        let path = match view.along {
            Along::Path => gesture.along_path(view.count),
            Along::Time => gesture.along_time(view.count),
        };
        let path = path.normalised(view.normal);
        let dimension = path.dimension();
        let features = if view.directions > 0.0 { 2 * dimension } else { dimension };
        let mut rows = Vec::with_capacity(view.count * features);
        for index in 0..path.len() {
            rows.extend_from_slice(path.frame(index));
            if view.directions > 0.0 {
                rows.extend(direction(&path, index).iter().map(|number| number * view.directions));
            }
        }
        let (lower, upper) = envelope(&rows, features, view.band);
        Self { rows, lower, upper, features, band: view.band }
    }

    /// How many frames it has, N.
    fn len(&self) -> usize {
        self.rows.len() / self.features
    }

    fn row(&self, index: usize) -> &[f64] {
        &self.rows[index * self.features..][..self.features]
    }

    /// d(a, b), or infinity where it is at least `most`; both must be of one view.
    pub fn distance(&self, other: &Self, most: f64) -> f64 {
        let most = most * most * self.len() as f64;
        if self.keogh(other, most) >= most || other.keogh(self, most) >= most {
            return f64::INFINITY;
        }
        let cost = self.cost(other, most);
        (cost / self.len() as f64).sqrt()
    }

    /// The lower bound LB(a, b) on [`Series::distance`].
    pub fn lower_bound(&self, other: &Self) -> f64 {
        (self.keogh(other, f64::INFINITY) / self.len() as f64).sqrt()
    }

    /// N · LB², or the part of it that already reaches `most`.
    fn keogh(&self, other: &Self, most: f64) -> f64 {
        let mut sum = 0.0;
        let rows = self.rows.chunks_exact(self.features);
        let sides = other.lower.chunks_exact(self.features).zip(other.upper.chunks_exact(self.features));
        for (row, (lower, upper)) in rows.zip(sides) {
            for ((&number, &low), &high) in row.iter().zip(lower).zip(upper) {
                let outside = (low - number).max(number - high).max(0.0);
                sum += outside * outside;
            }
            if sum >= most {
                break;
            }
        }
        sum
    }

    /// D(N, N), or infinity where it is at least `most`.
    fn cost(&self, other: &Self, most: f64) -> f64 {
        let len = self.len();
        // Place j + 1 holds D(i, j).
        let mut above = vec![f64::INFINITY; len + 1];
        let mut here = vec![f64::INFINITY; len + 1];
        above[0] = 0.0;
        for i in 0..len {
            let (first, last) = (i.saturating_sub(self.band), (i + self.band).min(len - 1));
            here[first] = f64::INFINITY;
            let mut least = f64::INFINITY;
            for j in first..=last {
                let before = above[j].min(above[j + 1]).min(here[j]);
                here[j + 1] = squared_distance(self.row(i), other.row(j)) + before;
                least = least.min(here[j + 1]);
            }
            if least >= most {
                return f64::INFINITY;
            }
            if last + 2 <= len {
                here[last + 2] = f64::INFINITY;
            }
            std::mem::swap(&mut above, &mut here);
            here[0] = f64::INFINITY;
        }
        if above[len] < most { above[len] } else { f64::INFINITY }
    }
}

/// The direction of the path at a frame, a vector of length 1 over a span of two steps; 0 where it rests.
fn direction(path: &Trajectory, index: usize) -> Vec<f64> {
    let (before, after) = (index.saturating_sub(1), (index + 1).min(path.len() - 1));
    let mut step: Vec<f64> =
        path.frame(before).iter().zip(path.frame(after)).map(|(from, to)| to - from).collect();
    let length = step.iter().map(|number| number * number).sum::<f64>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    step.iter_mut().for_each(|number| *number *= scale);
    step
}

/// The least and the most of each feature within the band of each row.
fn envelope(rows: &[f64], features: usize, band: usize) -> (Vec<f64>, Vec<f64>) {
    let len = rows.len() / features;
    let (mut lower, mut upper) = (rows.to_vec(), rows.to_vec());
    for index in 0..len {
        for other in index.saturating_sub(band)..=(index + band).min(len - 1) {
            for feature in 0..features {
                let number = rows[other * features + feature];
                let at = index * features + feature;
                lower[at] = lower[at].min(number);
                upper[at] = upper[at].max(number);
            }
        }
    }
    (lower, upper)
}
