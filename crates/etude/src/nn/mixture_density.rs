//! What a network that foretells points is judged by: the mean surprise under a mixture of bivariate Gaussians.
//!
//! Bishop, *Mixture density networks*, 1994; in this form Graves 2013, arXiv:1308.0850, eq. (19) to (26). A row of the
//! network has six numbers for each of K components, in six runs of K:
//!
//! ```text
//!     log-odds p    μx    μy    sx    sy    r                  π = softmax p, σ = eˢ, ρ = tanh r
//!     −ln Σ π N(x, y; μ, Σ + ℓ² I)    Σ = σx², ρ σx σy; ρ σx σy, σy²
//! ```
//!
//! The floor ℓ makes the density that of points which are only known to ±ℓ: no component, however thin or slanted, is denser
//! than 1 / (2π ℓ²), so that points on a grid can't be foretold with a density beyond all bounds. s is held in −10..=6, and
//! r in −8..=8.

use super::operation::Operation;
use crate::kernels::activation::exp;
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator, ParallelSliceMut};
use std::sync::OnceLock;

/// The most components, K.
pub const MOST_COMPONENTS: usize = 64;
/// Numbers of a component.
pub const NUMBERS: usize = 6;
/// Bounds of s, the logarithm of a deviation.
pub const SPREADS: (f32, f32) = (-10.0, 6.0);
/// The bound of r.
pub const SLANT: f32 = 8.0;

/// The operation (numbers of components) → mean −ln density at the point, shapes (N, 6K) → (1), over the rows that count.
#[derive(Debug)]
pub struct MixtureDensity {
    components: usize,
    /// ℓ.
    least: f32,
    /// The point of each row; `None` where a row doesn't count.
    points: Vec<Option<[f32; 2]>>,
    /// The gradient of each row's surprise, (N, 6K), and the sum of all surprises in double precision.
    saved: OnceLock<(Vec<f32>, f64)>,
}

impl MixtureDensity {
    /// Judges rows of `components` ≤ 64 with the floor `least` > 0; `points`, (N), are what they should have foretold.
    pub fn new(components: usize, least: f32, points: Vec<Option<[f32; 2]>>) -> Self {
        assert!((1..=MOST_COMPONENTS).contains(&components) && least > 0.0, "a mixture with a floor");
        Self { components, least, points, saved: OnceLock::new() }
    }

    /// How many rows count.
    pub fn counted(&self) -> usize {
        self.points.iter().flatten().count()
    }

    /// The sum of all surprises, nats; 0 before it ran forwards.
    pub fn nats(&self) -> f64 {
        self.saved.get().map_or(0.0, |(_, nats)| *nats)
    }
}

impl Operation for MixtureDensity {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut rows = inputs[0].to_vec();
        let least = self.least;
        let work = rows.par_chunks_exact_mut(NUMBERS * self.components).zip(self.points.par_iter());
        let nats: Vec<f64> = work
            .with_min_len(64)
            .map(|(row, &point)| match point {
                Some(point) => fast(Surprise { row, point, least }),
                None => {
                    row.fill(0.0);
                    0.0
                }
            })
            .collect();
        let nats = nats.iter().sum::<f64>();
        self.saved.set((rows, nats)).expect("an operation runs forwards once");
        vec![(nats / self.counted().max(1) as f64) as f32]
    }

    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let (slopes, _) = self.saved.get().expect("an operation runs forwards first");
        let share = gradient[0] / self.counted().max(1) as f32;
        vec![slopes.iter().map(|slope| slope * share).collect()]
    }
}

/// One row: tells its surprise, and becomes the gradient of it.
struct Surprise<'a> {
    /// (6K).
    row: &'a mut [f32],
    point: [f32; 2],
    least: f32,
}

/// Lines of the most components.
const LINES: usize = MOST_COMPONENTS / Line::LEN;

impl Kernel for Surprise<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let count = self.row.len() / NUMBERS;
        // ln π and ln π N of each component, but for what is the same for all.
        let (mut odds, mut joint) =
            ([Line([f32::NEG_INFINITY; Line::LEN]); LINES], [Line([f32::NEG_INFINITY; Line::LEN]); LINES]);
        for (block, at) in (0..count).step_by(Line::LEN).enumerate() {
            let mut lines = [Line::ZERO; NUMBERS];
            for (part, line) in lines.iter_mut().enumerate() {
                *line = Line::load(&self.row[part * count..][..count], at);
            }
            let (surprise, slopes) = components(&lines, self.point, self.least);
            for place in 0..Line::LEN.min(count - at) {
                odds[block].0[place] = lines[0].0[place];
                joint[block].0[place] = lines[0].0[place] - surprise.0[place];
            }
            for (part, line) in slopes.iter().enumerate() {
                line.store(&mut self.row[(part + 1) * count..][..count], at);
            }
        }
        let (prior, all) = (softmax(&mut odds), softmax(&mut joint));
        for (block, at) in (0..count).step_by(Line::LEN).enumerate() {
            odds[block].zip(joint[block], |prior, share| prior - share).store(&mut self.row[..count], at);
            for part in 1..NUMBERS {
                let row = &mut self.row[part * count..][..count];
                Line::load(row, at).zip(joint[block], |slope, share| slope * share).store(row, at);
            }
        }
        prior - all + LN_2_PI
    }
}

/// ln 2π.
const LN_2_PI: f64 = 1.837_877_066_409_345_5;

/// Sixteen components: −ln N less ln 2π, and its slopes by μx, μy, sx, sy, r.
#[inline(always)]
fn components(lines: &[Line; NUMBERS], point: [f32; 2], least: f32) -> (Line, [Line; NUMBERS - 1]) {
    let [_, mean_x, mean_y, spread_x, spread_y, slant] = lines;
    let (mut halves, mut determinants, mut slopes) = (Line::ZERO, Line::ZERO, [Line::ZERO; NUMBERS - 1]);
    let floor = least * least;
    for n in 0..Line::LEN {
        let (a, b) = (point[0] - mean_x.0[n], point[1] - mean_y.0[n]);
        let (raw_x, raw_y, raw) = (spread_x.0[n], spread_y.0[n], slant.0[n]);
        let (sx, sy) = (exp(raw_x.clamp(SPREADS.0, SPREADS.1)), exp(raw_y.clamp(SPREADS.0, SPREADS.1)));
        // 1 − ρ² beside ρ, as it would be lost in rounding where ρ is near 1.
        let e = exp(-2.0 * raw.abs().min(SLANT));
        let (rho, rest) = (((1.0 - e) / (1.0 + e)).copysign(raw), 4.0 * e / ((1.0 + e) * (1.0 + e)));
        let (xx, yy, xy) = (sx * sx, sy * sy, rho * sx * sy);
        let determinant = floor * (floor + xx + yy) + xx * yy * rest;
        let (wide_x, wide_y, inverse) = (xx + floor, yy + floor, 1.0 / determinant);
        // w = Σ⁻¹ (a, b); the slopes of −ln N are −w by μ, and ½ (Σ⁻¹ − w wᵀ) by Σ.
        let (wx, wy) = ((wide_y * a - xy * b) * inverse, (wide_x * b - xy * a) * inverse);
        let (by_xx, by_yy) = (0.5 * (wide_y * inverse - wx * wx), 0.5 * (wide_x * inverse - wy * wy));
        let by_xy = -(xy * inverse + wx * wy);
        let held = |raw: f32| f32::from(u8::from(raw >= SPREADS.0 && raw <= SPREADS.1));
        slopes[0].0[n] = -wx;
        slopes[1].0[n] = -wy;
        slopes[2].0[n] = (2.0 * by_xx * xx + by_xy * xy) * held(raw_x);
        slopes[3].0[n] = (2.0 * by_yy * yy + by_xy * xy) * held(raw_y);
        slopes[4].0[n] = by_xy * sx * sy * rest * f32::from(u8::from(raw.abs() <= SLANT));
        halves.0[n] = 0.5 * (wx * a + wy * b);
        determinants.0[n] = determinant;
    }
    let surprise = halves.zip(determinants, |half, determinant| {
        half + 0.5 * crate::kernels::ln(f64::from(determinant)) as f32
    });
    (surprise, slopes)
}

/// Log-odds become probabilities; tells ln Σ exp. At least one is finite.
#[inline(always)]
fn softmax(lines: &mut [Line; LINES]) -> f64 {
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let tops = lines.iter().fold(Line([f32::NEG_INFINITY; Line::LEN]), |tops, &line| tops.zip(line, greater));
    let top = tops.0.into_iter().fold(f32::NEG_INFINITY, greater);
    let mut sums = Line::ZERO;
    for line in lines.iter_mut() {
        *line = line.map(|odd| if odd == f32::NEG_INFINITY { 0.0 } else { exp(odd - top) });
        sums = sums.zip(*line, |sum, odd| sum + odd);
    }
    let total = sums.sum();
    for line in lines.iter_mut() {
        *line = line.map(|odd| odd / total);
    }
    f64::from(top) + crate::kernels::ln(f64::from(total))
}
