//! Maximum likelihood from persistent chains: after pseudo-likelihood has found the neighbourhood, the weights are moved
//! until what the model makes has the corpus's own feature counts.
//!
//! The gradient of the log-likelihood is E_data[f] − E_model[f]. Each training excerpt has a chain of its own, in the same
//! key and place of the phrase, that is never restarted; every update moves some chains on and compares their features
//! with their excerpts' (persistent contrastive divergence: Tieleman 2008; Younes 1989). Steps are scaled by Adam (Kingma &
//! Ba 2015), and the weights of the second half are averaged (Polyak & Juditsky 1992).

use super::MaxEnt;
use super::chain::{Chain, Openings};
use super::columns::Columns;
use super::encode::Encoded;
use super::energy::Candidates;
use super::rules::Rules;
use crate::inference::chance::Chance;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;

/// How long, and how boldly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Updates of the weights.
    pub updates: usize,
    /// Chains that each update moves.
    pub batch: usize,
    /// Sweeps of each of them.
    pub sweeps: usize,
    /// Adam's first step size; it falls to a twentieth.
    pub rate: f64,
    /// The weight of the L1 norm.
    pub l1: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { updates: 400, batch: 64, sweeps: 2, rate: 0.02, l1: 1e-6 }
    }
}

/// Moves `model`'s weights; `excerpts` are the data.
pub fn fit(
    model: &mut MaxEnt,
    excerpts: &[Encoded],
    options: &Options,
    seed: u64,
    mut report: impl FnMut(usize, f64),
) {
    let mut chains: Vec<(Encoded, Candidates)> =
        excerpts.iter().map(|piece| (piece.clone(), Candidates::default())).collect();
    let columns: BTreeMap<u8, Columns> = excerpts
        .iter()
        .map(|piece| (piece.context.key, piece))
        .collect::<BTreeMap<u8, &Encoded>>()
        .into_iter()
        .map(|(key, piece)| (key, Columns::new(model, &piece.context)))
        .collect();
    let len = model.layout.len;
    let (mut first, mut second) = (vec![0.0; len], vec![0.0; len]);
    let mut average = vec![0.0; len];
    let mut averaged = 0.0;
    let mut theta = model.theta().to_vec();
    let mut order: Vec<usize> = (0..excerpts.len()).collect();
    let mut chance = Chance::new(seed, 0);
    let mut at = order.len();
    for update in 0..options.updates {
        if at + options.batch > order.len() {
            for i in (1..order.len()).rev() {
                order.swap(i, chance.below(i + 1));
            }
            at = 0;
        }
        let batch = &order[at..(at + options.batch).min(order.len())];
        at += options.batch;
        let taken: Vec<(usize, Encoded, Candidates)> = batch
            .iter()
            .map(|&i| {
                let (piece, known) = std::mem::replace(&mut chains[i], (excerpts[i].clone(), Candidates::default()));
                (i, piece, known)
            })
            .collect();
        let moved: Vec<(Encoded, Candidates)> = taken
            .into_par_iter()
            .map(|(i, piece, known)| {
                let openings = Openings::all(model, piece.steps);
                let stream = 1 + (update * excerpts.len() + i) as u64;
                let columns = &columns[&piece.context.key];
                let chance = Chance::new(seed, stream);
                let mut chain = Chain::new(model, &openings, Rules::NONE, columns, piece, chance).knowing(known);
                for _ in 0..options.sweeps {
                    chain.sweep(1.0);
                }
                chain.finish()
            })
            .collect();
        let mut gradient = vec![0.0; len];
        let cells: usize = batch.iter().map(|&i| excerpts[i].x.len()).sum();
        let share = 1.0 / cells as f64;
        for (&i, (piece, _)) in batch.iter().zip(&moved) {
            model.features(&excerpts[i], |f| gradient[f] -= share);
            model.features(piece, |f| gradient[f] += share);
        }
        for (&i, piece) in batch.iter().zip(moved) {
            chains[i] = piece;
        }
        let t = (update + 1) as f64;
        let rate = options.rate * (1.0 - 0.95 * update as f64 / options.updates as f64);
        let (b1, b2) = (0.9f64, 0.99f64);
        let (c1, c2) = (1.0 - libm::pow(b1, t), 1.0 - libm::pow(b2, t));
        let mut size = 0.0;
        for f in 0..len {
            let g = gradient[f] + options.l1 * theta[f].signum();
            size += gradient[f].abs();
            first[f] = b1 * first[f] + (1.0 - b1) * g;
            second[f] = b2 * second[f] + (1.0 - b2) * g * g;
            theta[f] -= rate * (first[f] / c1) / ((second[f] / c2).sqrt() + 1e-6);
        }
        model.set_theta(&theta);
        if update * 2 >= options.updates {
            averaged += 1.0;
            for f in 0..len {
                average[f] += (theta[f] - average[f]) / averaged;
            }
        }
        report(update, size);
    }
    model.set_theta(&average);
}
