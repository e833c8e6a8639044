//! One gesture as a hidden Markov model from left to right: built from a few examples, and exact while it runs.
//!
//! Rabiner 1989, DOI 10.1109/5.18626; as a gesture follower: Bevilacqua et al. 2010: *Continuous realtime gesture
//! following and recognition*, DOI 10.1007/978-3-642-12553-9_7.
//!
//! ```text
//! p(x₁..x_T) = Σ_g 1/G Σ_s Πₜ p(sₜ | sₜ₋₁) N(xₜ; g μ_s, g² σ²_s),   sₜ − sₜ₋₁ ∈ {0 .. A}
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | μ, σ² | mean, variance | (S, D) | where the gesture is in each state, and how freely |
//! | p(s′ \| s) | advance | (A + 1) | a truncated geometric law; what would run past the last state stays there |
//! | g | size | (G) | how large the gesture is beside its examples; 1 alone where places are absolute |
//!
//! Where we differ from 2010: several examples are joined in one chain, each state's variance is drawn to a common one as
//! far as examples lack (an inverse gamma prior), a gesture's size is a hidden variable of the same sum, and states may
//! be skipped by threes, for gestures that are faster than their examples.

use super::normal::{Normal, Origin, Size};
use super::trajectory::{Trajectory, squared_distance};
use crate::kernels::ln;

/// The most states by which one frame may advance, A.
pub const ADVANCE: usize = 4;

/// The sizes that a drawing may have, in those of its examples.
const SIZES: [f64; 5] = [0.64, 0.8, 1.0, 1.25, 1.5625];

/// How small σ² may become, as a share of what it is before anything is known.
const LEAST: f64 = 0.02;

/// How often examples are laid along the chain anew.
const ROUNDS: usize = 3;

/// How a chain is built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Building {
    /// Whether places count from the first frame and the size is open, as for drawings; else numbers are absolute.
    pub anchored: bool,
    /// The most states, S.
    pub states: usize,
    /// What σ is before anything is known of it, as a share of the gesture's longest side.
    pub deviation: f64,
    /// How many examples that prior counts for.
    pub trust: f64,
}

/// A gesture's hidden Markov model.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    pub(super) building: Building,
    pub(super) dimension: usize,
    /// μ (S, D).
    pub(super) mean: Vec<f64>,
    /// σ² (S, D).
    pub(super) variance: Vec<f64>,
    /// The probabilities of advancing by 0 to A states.
    pub(super) advance: [f64; ADVANCE + 1],
    /// The sizes g.
    pub(super) sizes: Vec<f64>,
    /// The first state of each stroke.
    pub(super) strokes: Vec<usize>,
    /// Frames of the examples, their mean.
    pub(super) frames: f64,
    /// Seconds of the examples, their mean; 0 where they aren't known.
    pub(super) seconds: f64,
    /// The longest side of the gesture, at size 1; 1 for one that rests.
    pub(super) size: f64,
}

impl Chain {
    /// Builds a chain from examples of one gesture, of one dimension, at least one.
    pub fn build(examples: &[&Trajectory], building: &Building) -> Self {
        let (examples, frames, seconds) = prepared(examples, building);
        let reference = medoid(&examples);
        let mean_states = (frames * 0.5).round() as usize;
        let states = mean_states.clamp(4, building.states.max(4));
        let laid = examples[reference].along_time(states);
        // A gesture that rests has no size; any number keeps its Gaussians proper.
        let size = Some(longest(&laid)).filter(|size| *size > 0.0).unwrap_or(1.0);
        let prior = (building.deviation * size).powi(2);
        let dimension = laid.dimension();
        let mut chain = Self {
            building: *building,
            dimension,
            mean: laid.frames().to_vec(),
            variance: vec![prior; states * dimension],
            advance: geometric(states as f64 / frames.max(1.0)),
            sizes: if building.anchored { SIZES.to_vec() } else { vec![1.0] },
            strokes: laid.strokes().map(|range| range.start).collect(),
            frames,
            seconds,
            size,
        };
        if examples.len() > 1 {
            (0..ROUNDS).for_each(|_| chain.refit(&examples, prior));
        }
        chain
    }

    /// How many states there are, S.
    pub fn states(&self) -> usize {
        self.mean.len() / self.dimension
    }

    /// How many frames the examples have, their mean.
    pub fn frames(&self) -> f64 {
        self.frames
    }

    /// The longest side of the gesture, at size 1; 1 for one that rests.
    pub fn size(&self) -> f64 {
        self.size
    }

    /// How many numbers a frame holds, D.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Lays each example along the chain, and sets means and variances by what lies at each state.
    fn refit(&mut self, examples: &[Trajectory], prior: f64) {
        let places: Vec<Vec<f64>> = examples.iter().map(|example| self.laid(example)).collect();
        let count = examples.len() as f64;
        for at in 0..self.mean.len() {
            self.mean[at] = places.iter().map(|place| place[at]).sum::<f64>() / count;
        }
        let trust = self.building.trust;
        for at in 0..self.mean.len() {
            let apart: f64 = places.iter().map(|place| (place[at] - self.mean[at]).powi(2)).sum();
            // However many examples agree, the next one is drawn by a hand.
            self.variance[at] = ((trust * prior + apart) / (trust + count - 1.0)).max(LEAST * prior);
        }
    }

    /// Where an example is in each state (S, D): the mean of the frames that its best path gives a state, and between
    /// states that it skips what lies halfway.
    fn laid(&self, example: &Trajectory) -> Vec<f64> {
        let (states, dimension) = (self.states(), self.dimension);
        let path = self.best_path(example);
        let mut sum = vec![0.0; states * dimension];
        let mut times = vec![0.0; states];
        for (index, &state) in path.iter().enumerate() {
            times[state] += 1.0;
            let sums = &mut sum[state * dimension..][..dimension];
            sums.iter_mut().zip(example.frame(index)).for_each(|(sum, number)| *sum += number);
        }
        for (state, &times) in times.iter().enumerate().filter(|(_, times)| **times > 0.0) {
            sum[state * dimension..][..dimension].iter_mut().for_each(|sum| *sum /= times);
        }
        let known: Vec<usize> = (0..states).filter(|&state| times[state] > 0.0).collect();
        for state in (0..states).filter(|&state| times[state] == 0.0) {
            let next = known.partition_point(|&other| other < state);
            let after = known[next.min(known.len() - 1)];
            let before = known[next.saturating_sub(1)];
            let part = if after > before { (state - before) as f64 / (after - before) as f64 } else { 0.0 };
            for d in 0..dimension {
                let (a, b) = (sum[before * dimension + d], sum[after * dimension + d]);
                sum[state * dimension + d] = a + (b - a) * part;
            }
        }
        sum
    }

    /// The state of each frame on the likeliest path that ends in the last state, at size 1 (Viterbi).
    fn best_path(&self, example: &Trajectory) -> Vec<usize> {
        let states = self.states();
        let odds = self.advance.map(ln);
        let mut from = vec![0; example.len() * states];
        let mut best = vec![f64::NEG_INFINITY; states];
        best[0] = self.log_density(0, 1.0, example.frame(0));
        for index in 1..example.len() {
            let mut next = vec![f64::NEG_INFINITY; states];
            for state in 0..states {
                for (step, &odd) in odds.iter().enumerate().take(state + 1) {
                    let value = best[state - step] + odd;
                    if value > next[state] {
                        next[state] = value;
                        from[index * states + state] = state - step;
                    }
                }
                next[state] += self.log_density(state, 1.0, example.frame(index));
            }
            best = next;
        }
        // An example that is too short to reach the last state ends as far on as it comes.
        let mut state = (0..states).rev().find(|&state| best[state] > f64::NEG_INFINITY).unwrap_or(0);
        let mut path = vec![0; example.len()];
        for index in (0..example.len()).rev() {
            path[index] = state;
            state = from[index * states + state];
        }
        path
    }

    /// ln N(x; g μ_s, g² σ²_s).
    fn log_density(&self, state: usize, size: f64, frame: &[f64]) -> f64 {
        let at = state * self.dimension..(state + 1) * self.dimension;
        let numbers = frame.iter().zip(&self.mean[at.clone()]).zip(&self.variance[at]);
        let mut sum = 0.0;
        for ((number, mean), variance) in numbers {
            let (apart, variance) = (number - size * mean, size * size * variance);
            sum -= 0.5 * (apart * apart / variance + ln(2.0 * std::f64::consts::PI * variance));
        }
        sum
    }
}

/// A law of 0..=A whose probabilities fall by one factor, with a given mean of at most A / 2.
fn geometric(mean: f64) -> [f64; ADVANCE + 1] {
    let law = |ratio: f64| {
        let mut law = [0.0; ADVANCE + 1];
        let mut power = 1.0;
        for p in &mut law {
            *p = power;
            power *= ratio;
        }
        let sum: f64 = law.iter().sum();
        law.map(|p| p / sum)
    };
    let mean_of = |ratio: f64| law(ratio).iter().enumerate().map(|(step, p)| step as f64 * p).sum::<f64>();
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if mean_of(middle) < mean { low = middle } else { high = middle }
    }
    law(0.5 * (low + high))
}

/// Examples as the chain sees them, and the means of their frames and seconds.
fn prepared(examples: &[&Trajectory], building: &Building) -> (Vec<Trajectory>, f64, f64) {
    let count = examples.len() as f64;
    let frames = examples.iter().map(|example| example.len() as f64).sum::<f64>() / count;
    let seconds = |example: &Trajectory| match example.times() {
        [first, .., last] => last - first,
        _ => 0.0,
    };
    let seconds = examples.iter().map(|example| seconds(example)).sum::<f64>() / count;
    if !building.anchored {
        return (examples.iter().map(|&example| example.clone()).collect(), frames, seconds);
    }
    // The mean size, so that what is learnt is of the shape.
    let size = examples.iter().map(|example| longest(example)).sum::<f64>() / count;
    let start = Normal { origin: Origin::Start, size: Size::Longest };
    let like = |example: &&Trajectory| {
        example.normalised(start).map(|frame| frame.iter().map(|number| number * size).collect())
    };
    (examples.iter().map(like).collect(), frames, seconds)
}

/// The longest side of a gesture's bounding box.
pub(super) fn longest(gesture: &Trajectory) -> f64 {
    let (low, high) = gesture.bounds();
    low.iter().zip(&high).map(|(low, high)| high - low).fold(0.0, f64::max)
}

/// The example that is nearest to all others.
fn medoid(examples: &[Trajectory]) -> usize {
    const COUNT: usize = 32;
    let laid: Vec<Trajectory> = examples.iter().map(|example| example.along_time(COUNT)).collect();
    let sum = |index: usize| -> f64 {
        laid.iter().map(|other| squared_distance(laid[index].frames(), other.frames()).sqrt()).sum()
    };
    (0..laid.len()).min_by(|&a, &b| sum(a).total_cmp(&sum(b))).unwrap_or(0)
}
