//! Maximum likelihood from persistent chains: after pseudo-likelihood has found the neighbourhood, the weights are moved
//! until what the model makes has the corpus's own feature counts.
//!
//! The gradient of the log-likelihood is `E_data[f] − E_model[f]`. Each training excerpt has a chain of its own, in the same
//! key and place of the phrase, that is never restarted; every update moves some chains on and compares their features
//! with their excerpts' (persistent contrastive divergence: Younes 1989; Tieleman 2008). Steps are scaled by Adam (Kingma &
//! Ba 2015), and the weights of the second half are averaged (Polyak & Juditsky 1992).

use super::MaxEnt;
use super::chain::{Chain, Openings};
use super::columns::Columns;
use super::encode::Encoded;
use super::energy::Candidates;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::model::Progress;
use crate::music::rules::Rules;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;

/// Sweeps of each chain in an update.
const SWEEPS: usize = 2;

/// Adam's decay of the mean gradient, and of its square.
const DECAY: (f64, f64) = (0.9, 0.99);

/// How much of the step size is lost by the last update.
const FALL: f64 = 0.95;

/// Moves `model`'s weights; `excerpts` are the data.
///
/// # Errors
///
/// [`Error::Interrupted`] if `progress` ends it; the weights stay as they were.
pub fn fit(model: &mut MaxEnt, excerpts: &[Encoded], seed: u64, progress: &mut Progress) -> Result<()> {
    let (updates, batch) = (model.options.updates, model.options.batch.min(excerpts.len()));
    let before = model.theta().to_vec();
    let mut chains = Chains::new(model, excerpts, seed);
    let mut adam = Adam::new(model.theta());
    let mut average = Average::new(model.layout.len);
    for update in 0..updates {
        let gradient = chains.advance(model, update, batch);
        let share = update as f64 / updates as f64;
        adam.step(&gradient, model.options.rate * (1.0 - FALL * share), model.options.l1);
        model.set_theta(&adam.theta);
        if 2 * update >= updates {
            average.add(&adam.theta);
        }
        let away: f64 = gradient.iter().map(|g| g.abs()).sum();
        if !progress(share, &format!("update {} of {updates}, features {away:.2} apart", update + 1)) {
            model.set_theta(&before);
            return Err(Error::Interrupted);
        }
    }
    model.set_theta(&average.mean);
    Ok(())
}

/// The excerpts, and the chain beside each.
struct Chains<'a> {
    excerpts: &'a [Encoded],
    states: Vec<(Encoded, Candidates)>,
    columns: BTreeMap<u8, Columns>,
    /// The excerpts in the order in which they are visited, and how many of them have been.
    order: Vec<usize>,
    visited: usize,
    chance: Chance,
    seed: u64,
}

impl<'a> Chains<'a> {
    fn new(model: &MaxEnt, excerpts: &'a [Encoded], seed: u64) -> Self {
        let by_key: BTreeMap<u8, &Encoded> =
            excerpts.iter().map(|piece| (piece.context.key, piece)).collect();
        let columns = by_key.iter().map(|(&key, piece)| (key, Columns::new(model, &piece.context))).collect();
        Self {
            excerpts,
            states: excerpts.iter().map(|piece| (piece.clone(), Candidates::default())).collect(),
            columns,
            order: (0..excerpts.len()).collect(),
            visited: excerpts.len(),
            chance: Chance::new(seed, 0),
            seed,
        }
    }

    /// Moves the next `batch` chains on; E_model[f] − E_data[f] over them, per cell.
    fn advance(&mut self, model: &MaxEnt, update: usize, batch: usize) -> Vec<f64> {
        if self.visited + batch > self.order.len() {
            (1..self.order.len()).rev().for_each(|i| self.order.swap(i, self.chance.below(i + 1)));
            self.visited = 0;
        }
        let chosen = self.order[self.visited..self.visited + batch].to_vec();
        self.visited += batch;
        let taken: Vec<(usize, (Encoded, Candidates))> = chosen
            .iter()
            .map(|&i| {
                (i, std::mem::replace(&mut self.states[i], (self.excerpts[i].clone(), Candidates::default())))
            })
            .collect();
        let moved: Vec<(Encoded, Candidates)> = taken
            .into_par_iter()
            .map(|(i, (piece, known))| {
                let openings = Openings::all(model, piece.steps);
                let columns = &self.columns[&piece.context.key];
                let chance = Chance::new(self.seed, 1 + (update * self.excerpts.len() + i) as u64);
                let mut chain =
                    Chain::new(model, &openings, Rules::NONE, columns, piece, chance).knowing(known);
                (0..SWEEPS).for_each(|_| chain.sweep(1.0));
                chain.finish()
            })
            .collect();
        let cells: usize = chosen.iter().map(|&i| self.excerpts[i].x.len()).sum();
        let share = 1.0 / cells as f64;
        let mut gradient = vec![0.0; model.layout.len];
        for (&i, (piece, known)) in chosen.iter().zip(moved) {
            model.features(&self.excerpts[i], |f| gradient[f] -= share);
            model.features(&piece, |f| gradient[f] += share);
            self.states[i] = (piece, known);
        }
        gradient
    }
}

/// Steps scaled by the size of past gradients.
struct Adam {
    theta: Vec<f64>,
    mean: Vec<f64>,
    square: Vec<f64>,
    /// What the decays have left of the zeros that both began with.
    left: (f64, f64),
}

impl Adam {
    fn new(theta: &[f64]) -> Self {
        let zeros = vec![0.0; theta.len()];
        Self { theta: theta.to_vec(), mean: zeros.clone(), square: zeros, left: (1.0, 1.0) }
    }

    fn step(&mut self, gradient: &[f64], rate: f64, l1: f64) {
        self.left = (self.left.0 * DECAY.0, self.left.1 * DECAY.1);
        for (i, theta) in self.theta.iter_mut().enumerate() {
            let g = gradient[i] + if *theta == 0.0 { 0.0 } else { l1 * theta.signum() };
            self.mean[i] = DECAY.0 * self.mean[i] + (1.0 - DECAY.0) * g;
            self.square[i] = DECAY.1 * self.square[i] + (1.0 - DECAY.1) * g * g;
            let mean = self.mean[i] / (1.0 - self.left.0);
            let square = self.square[i] / (1.0 - self.left.1);
            *theta -= rate * mean / (square.sqrt() + 1e-6);
        }
    }
}

/// A running mean.
struct Average {
    mean: Vec<f64>,
    count: f64,
}

impl Average {
    fn new(len: usize) -> Self {
        Self { mean: vec![0.0; len], count: 0.0 }
    }

    fn add(&mut self, values: &[f64]) {
        self.count += 1.0;
        self.mean.iter_mut().zip(values).for_each(|(mean, x)| *mean += (x - *mean) / self.count);
    }
}
