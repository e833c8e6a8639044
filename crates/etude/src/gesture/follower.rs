//! Several gestures followed at once, while one of them is under way.
//!
//! ```text
//! p(k | x₁..xₜ) ∝ p(x₁..xₜ | k)      each by its [`Chain`], exactly; every gesture is as likely beforehand
//! ```

use super::belief::Belief;
use super::chain::{Building, Chain};
use super::trajectory::Trajectory;
use crate::error::{Error, Result};
use crate::kernels::softmax;

/// Gestures by name, each as a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Follower {
    gestures: Vec<(String, Chain)>,
}

/// What is known of one gesture while it may be under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The probability that it is this one.
    pub probability: f64,
    /// How far it has come, 0 to 1.
    pub phase: f64,
    /// The log-likelihood of all frames so far, in nats.
    pub nats: f64,
    /// The probability that it has come to its end, if it is this one.
    pub finished: f64,
    /// How large it is beside its examples, if it is this one.
    pub size: f64,
}

impl Follower {
    /// Builds a chain for each name, in order of the names' first examples.
    ///
    /// # Errors
    ///
    /// No example, or examples of several dimensions.
    pub fn learn(examples: &[(String, Trajectory)], building: &Building) -> Result<Self> {
        let Some((_, first)) = examples.first() else {
            return Err(Error::usage("no example", "give at least one example of a gesture"));
        };
        let mut groups: Vec<(String, Vec<&Trajectory>)> = Vec::new();
        for (name, example) in examples {
            if example.dimension() != first.dimension() {
                return Err(Error::usage(
                    format!("an example of `{name}` with frames of {} numbers", example.dimension()),
                    format!("the first example has frames of {}", first.dimension()),
                ));
            }
            match groups.iter_mut().find(|(known, _)| known == name) {
                Some((_, group)) => group.push(example),
                None => groups.push((name.clone(), vec![example])),
            }
        }
        let build = |(name, group): (String, Vec<&Trajectory>)| (name, Chain::build(&group, building));
        Ok(Self { gestures: groups.into_iter().map(build).collect() })
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.gestures.iter().map(|(name, _)| name.as_str())
    }

    /// The chain of a name.
    pub fn chain(&self, name: &str) -> Option<&Chain> {
        self.gestures.iter().find(|(known, _)| known == name).map(|(_, chain)| chain)
    }

    /// Waits for a first frame.
    pub fn begin(&self) -> Following {
        let beliefs = self.gestures.iter().map(|(_, chain)| chain.begin()).collect();
        Following { beliefs }
    }
}

/// A gesture under way.
#[derive(Debug, Clone)]
pub struct Following {
    beliefs: Vec<Belief>,
}

impl Following {
    /// Takes in a frame (D); what is now known of each gesture, in the order of [`Follower::names`].
    ///
    /// # Errors
    ///
    /// A frame of another dimension, or of numbers that aren't finite.
    pub fn step(&mut self, follower: &Follower, frame: &[f64]) -> Result<Vec<Standing>> {
        let dimension = follower.gestures[0].1.dimension();
        if frame.len() != dimension || !frame.iter().all(|number| number.is_finite() && number.abs() < 1e100)
        {
            return Err(Error::usage(
                format!("a frame of {} numbers: {frame:?}", frame.len()),
                format!("the gestures were learnt from frames of {dimension} finite numbers"),
            ));
        }
        for (belief, (_, chain)) in self.beliefs.iter_mut().zip(&follower.gestures) {
            belief.step(chain, frame);
        }
        Ok(self.standings(follower))
    }

    /// What is known of each gesture, in the order of [`Follower::names`].
    pub fn standings(&self, follower: &Follower) -> Vec<Standing> {
        let mut odds: Vec<f64> = self.beliefs.iter().map(Belief::nats).collect();
        softmax(&mut odds);
        let all = self.beliefs.iter().zip(&follower.gestures).zip(odds);
        all.map(|((belief, (_, chain)), probability)| Standing {
            probability,
            phase: belief.phase(chain),
            nats: belief.nats(),
            finished: belief.finished(chain),
            size: belief.size(chain),
        })
        .collect()
    }
}
