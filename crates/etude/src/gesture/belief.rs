//! What a chain knows after some frames of a gesture: the forward pass, one frame at a time.
//!
//! ```text
//! α₁(g, s) = 1/G [s = 1]      αₜ(g, s) ∝ N(xₜ; g μ_s, g² σ²_s) Σ_s′ p(s | s′) αₜ₋₁(g, s′)      ln p = Σₜ ln Σ αₜ
//! ```
//!
//! | symbol | name | shape | meaning |
//! |---|---|---|---|
//! | α | mass | (G, S) | the probability of each size and state, given the frames so far |

use super::chain::{ADVANCE, Chain};
use super::trajectory::Trajectory;
use crate::kernels::{exp, ln};

impl Chain {
    /// What is believed before any frame has come.
    pub fn begin(&self) -> Belief {
        Belief {
            mass: vec![0.0; self.sizes.len() * self.states()],
            spare: vec![0.0; self.sizes.len() * self.states()],
            normalisers: self.normalisers(),
            first: Vec::new(),
            nats: 0.0,
            frames: 0,
        }
    }

    /// −½ Σ ln 2π g² σ² of each size and state (G, S).
    fn normalisers(&self) -> Vec<f64> {
        let of = |size: f64, state: usize| {
            let variances = &self.variance[state * self.dimension..][..self.dimension];
            let logs = variances.iter().map(|v| ln(2.0 * std::f64::consts::PI * size * size * v));
            -0.5 * logs.sum::<f64>()
        };
        self.sizes.iter().flat_map(|&size| (0..self.states()).map(move |state| of(size, state))).collect()
    }

    /// The exact log-likelihood of a whole gesture, in nats; it may end in any state.
    pub fn log_likelihood(&self, gesture: &Trajectory) -> f64 {
        let mut belief = self.begin();
        (0..gesture.len()).for_each(|index| belief.step(self, gesture.frame(index)));
        belief.nats()
    }
}

/// What a chain believes after some frames: the probability of each size and state, and how likely the frames were.
#[derive(Debug, Clone)]
pub struct Belief {
    /// p(g, s | frames so far) (G, S).
    mass: Vec<f64>,
    spare: Vec<f64>,
    normalisers: Vec<f64>,
    /// The first frame, which places count from.
    first: Vec<f64>,
    /// ln p(frames so far).
    nats: f64,
    frames: usize,
}

impl Belief {
    /// Takes in a frame (D) of the chain's dimension.
    pub fn step(&mut self, chain: &Chain, frame: &[f64]) {
        let states = chain.states();
        if self.frames == 0 {
            self.first = if chain.building.anchored { frame.to_vec() } else { vec![0.0; frame.len()] };
        }
        let place: Vec<f64> = frame.iter().zip(&self.first).map(|(number, first)| number - first).collect();
        let prior = 1.0 / chain.sizes.len() as f64;
        let mut top = f64::NEG_INFINITY;
        for (g, &size) in chain.sizes.iter().enumerate() {
            let mass = &self.mass[g * states..][..states];
            let next = &mut self.spare[g * states..][..states];
            match self.frames {
                0 => {
                    next.fill(0.0);
                    next[0] = prior;
                }
                _ => advance(mass, &chain.advance, next),
            }
            let shrink = 1.0 / (size * size);
            for (state, next) in next.iter().enumerate().filter(|(_, next)| **next > 0.0) {
                let at = state * chain.dimension..(state + 1) * chain.dimension;
                let numbers = place.iter().zip(&chain.mean[at.clone()]).zip(&chain.variance[at]);
                let mut sum = 0.0;
                for ((number, mean), variance) in numbers {
                    let apart = number - size * mean;
                    sum += apart * apart / variance;
                }
                let odds = self.normalisers[g * states + state] - 0.5 * sum * shrink;
                self.mass[g * states + state] = odds;
                // What is all but impossible doesn't set the scale.
                if *next > 1e-280 && odds > top {
                    top = odds;
                }
            }
        }
        let mut total = 0.0;
        for (mass, &next) in self.mass.iter_mut().zip(&self.spare) {
            // eˣ of the library stops at e⁻⁷⁰⁰, which is nothing beside the top.
            *mass = if next > 0.0 { next * exp((*mass - top).min(0.0)) } else { 0.0 };
            total += *mass;
        }
        self.mass.iter_mut().for_each(|mass| *mass /= total);
        self.nats += top + ln(total);
        self.frames += 1;
    }

    /// The log-likelihood of all frames so far, in nats.
    pub fn nats(&self) -> f64 {
        self.nats
    }

    /// How many frames have come.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// How far the gesture has come, 0 to 1: the mean over states.
    pub fn phase(&self, chain: &Chain) -> f64 {
        let states = chain.states();
        let last = (states - 1).max(1) as f64;
        self.mass.iter().enumerate().map(|(at, mass)| mass * (at % states) as f64 / last).sum()
    }

    /// How large it is beside its examples: the mean over sizes.
    pub fn size(&self, chain: &Chain) -> f64 {
        let states = chain.states();
        self.mass.iter().enumerate().map(|(at, mass)| mass * chain.sizes[at / states]).sum()
    }

    /// The probability that the last state has been reached.
    pub fn finished(&self, chain: &Chain) -> f64 {
        let states = chain.states();
        self.mass.chunks_exact(states).map(|mass| mass[states - 1]).sum()
    }
}

/// One step of the chain's law: `next` (S) from `mass` (S).
fn advance(mass: &[f64], law: &[f64; ADVANCE + 1], next: &mut [f64]) {
    let last = mass.len() - 1;
    next.fill(0.0);
    for (state, &mass) in mass.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
        for (step, &p) in law.iter().enumerate() {
            next[(state + step).min(last)] += mass * p;
        }
    }
}
