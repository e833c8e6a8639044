//! New examples of a gesture, drawn from its [`Chain`].
//!
//! ```text
//! x(t) = g (μ(s(t)) + σ(s(t)) z(t)),   s(t) runs from the first state to the last at a pace that wavers
//! ```
//!
//! | symbol | name | meaning |
//! |---|---|---|
//! | z | wavering | a Gaussian process of variance 1 along the states: each place has exactly the chain's Gaussian, and neighbours go together, as a hand does |
//! | s | pace | its logarithm wavers likewise, and the whole is slower or faster by about a seventh |
//! | g | size | about 1, by 5 %; 1 where places are absolute |

use super::chain::Chain;
use super::trajectory::Trajectory;
use crate::inference::chance::Chance;
use etude_piece::strokes::{Point, Stroke, Strokes};

/// Waves of a wavering: cosines of random weights, of up to this many half periods along the gesture.
const WAVES: usize = 6;

/// How much the pace wavers, and the whole of it.
const PACE: f64 = 0.15;

/// How much the size of a drawing differs.
const SIZE: f64 = 0.05;

/// A new gesture, as long as its examples are, in frames and seconds.
pub struct Variation {
    frames: Vec<f64>,
    dimension: usize,
    /// The first frame of each stroke.
    starts: Vec<usize>,
    times: Vec<f64>,
}

impl Variation {
    /// Draws one.
    pub fn draw(chain: &Chain, chance: &mut Chance) -> Self {
        let (states, dimension) = (chain.states(), chain.dimension);
        let whole = crate::kernels::exp(PACE * normal(chance));
        let count = (chain.frames * whole).round().max(4.0) as usize;
        let size = if chain.building.anchored { crate::kernels::exp(SIZE * normal(chance)) } else { 1.0 };
        let pace = Wavering::draw(chance);
        let waverings: Vec<Wavering> = (0..dimension).map(|_| Wavering::draw(chance)).collect();
        let mut places = Vec::with_capacity(count);
        let mut sum = 0.0;
        for index in 0..count {
            places.push(sum);
            sum += crate::kernels::exp(PACE * pace.at(index as f64 / (count - 1) as f64));
        }
        let last = places[count - 1];
        let mut frames = Vec::with_capacity(count * dimension);
        let (mut starts, mut stroke) = (Vec::new(), usize::MAX);
        for (index, place) in places.iter().map(|place| place / last).enumerate() {
            let at = place * (states - 1) as f64;
            let before = (at as usize).min(states - 1);
            let after = (before + 1).min(states - 1);
            // A pen that is lifted jumps; what lies between two strokes isn't drawn.
            let jumps = chain.strokes.contains(&after) && after > before;
            let part = if jumps { (at - before as f64).round() } else { at - before as f64 };
            for (d, wavering) in waverings.iter().enumerate() {
                let of = |state: usize| {
                    let at = state * dimension + d;
                    chain.mean[at] + chain.variance[at].sqrt() * wavering.at(place)
                };
                frames.push(size * (of(before) + (of(after) - of(before)) * part));
            }
            let state = if part >= 0.5 { after } else { before };
            let now = chain.strokes.partition_point(|&start| start <= state).saturating_sub(1);
            if now != stroke {
                starts.push(index);
                stroke = now;
            }
        }
        let times = match chain.seconds > 0.0 {
            true => (0..count).map(|i| whole * chain.seconds * i as f64 / (count - 1) as f64).collect(),
            false => Vec::new(),
        };
        Self { frames, dimension, starts, times }
    }

    /// As a trajectory.
    pub fn trajectory(&self) -> Trajectory {
        if self.dimension == 2 {
            return Trajectory::from_strokes(&self.strokes()).expect("what is drawn is finite");
        }
        let trajectory =
            Trajectory::new(self.frames.clone(), self.dimension).expect("what is drawn is finite");
        match self.times.is_empty() {
            true => trajectory,
            false => trajectory.with_times(self.times.clone()).expect("times ascend"),
        }
    }

    /// As a drawing of the first two numbers of each frame.
    pub fn strokes(&self) -> Strokes {
        let point = |index: usize| {
            let frame = &self.frames[index * self.dimension..][..self.dimension];
            let (x, y) = if frame.len() > 1 { (frame[0], frame[1]) } else { (index as f64, frame[0]) };
            Point { x, y, time: self.times.get(index).copied() }
        };
        let count = self.frames.len() / self.dimension;
        let ends = self.starts[1..].iter().copied().chain([count]);
        let strokes = self.starts.iter().zip(ends);
        Strokes { strokes: strokes.map(|(&a, b)| Stroke { points: (a..b).map(point).collect() }).collect() }
    }
}

/// A smooth random function on 0 to 1, of mean 0 and variance 1 at every place.
///
/// Waves of both phases with falling weights: the sum of their squares at a place is the same everywhere.
struct Wavering {
    /// A weight of the cosine and of the sine of each wave; wave w has w / 2 periods.
    weights: [[f64; 2]; WAVES],
}

impl Wavering {
    fn draw(chance: &mut Chance) -> Self {
        let falling: [f64; WAVES] = std::array::from_fn(|wave| 1.0 / (1.0 + wave as f64).powi(2));
        let sum: f64 = falling.iter().sum();
        let weights = std::array::from_fn(|wave| {
            let scale = (falling[wave] / sum).sqrt();
            [scale * normal(chance), scale * normal(chance)]
        });
        Self { weights }
    }

    fn at(&self, place: f64) -> f64 {
        let wave = |(wave, [cosine, sine]): (usize, &[f64; 2])| {
            let angle = std::f64::consts::PI * wave as f64 * place;
            // The slowest one is constant: one weight of it counts.
            cosine * libm::cos(angle) + sine * libm::sin(angle)
        };
        self.weights.iter().enumerate().map(wave).sum()
    }
}

/// A standard normal number (Box & Muller).
fn normal(chance: &mut Chance) -> f64 {
    let (radius, angle) = (1.0 - chance.unit(), chance.unit());
    (-2.0 * crate::kernels::ln(radius)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
}
