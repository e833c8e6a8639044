//! The log-linear mixture of viewpoints and how its weights are fitted.
//!
//! ```text
//! p(x) = exp Σ_k w_k · ln p_k(x) / Z        Z = Σ_x exp Σ_k w_k · ln p_k(x)
//! ```
//!
//! The weight of viewpoint k is looked up by how many of its contexts were known, so that a viewpoint on thin ice
//! says little. The log-loss is convex in w: Newton's method finds the one minimum.

use crate::kernels;

/// What every viewpoint thinks of every candidate of one decision.
#[derive(Debug, Clone, Default)]
pub struct Opinions {
    /// Which weight each viewpoint has, shape (K).
    pub slots: Vec<usize>,
    /// ln p_k(x), row-major (X, K).
    pub scores: Vec<f64>,
}

impl Opinions {
    /// The mixed distribution over candidates, shape (X).
    pub fn mix(&self, weights: &[f64]) -> Vec<f64> {
        let weights: Vec<f64> = self.slots.iter().map(|&slot| weights[slot]).collect();
        let score = |row: &[f64]| row.iter().zip(&weights).map(|(score, weight)| score * weight).sum::<f64>();
        let mut odds: Vec<f64> = self.scores.chunks_exact(weights.len()).map(score).collect();
        kernels::softmax(&mut odds);
        odds
    }
}

/// A decision that was made: the opinions before it, and the candidate that came.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What was thought before it.
    pub opinions: Opinions,
    /// The candidate that came.
    pub answer: usize,
}

/// Least probability of an answer that a loss is counted with.
const FLOOR: f64 = 1e-300;

/// Fits `weights` by Newton steps, halved until they help, on Σ −ln p(answer) + `ridge` / 2 · |w − w₀|².
pub fn fit(decisions: &[Decision], weights: &mut Vec<f64>, ridge: f64, rounds: usize) {
    let start = weights.clone();
    let loss = |weights: &[f64]| {
        let nats: f64 = decisions
            .iter()
            .map(|made| -kernels::ln(made.opinions.mix(weights)[made.answer].max(FLOOR)))
            .sum();
        nats + ridge / 2.0 * weights.iter().zip(&start).map(|(w, s)| (w - s) * (w - s)).sum::<f64>()
    };
    let mut best = loss(weights);
    for _ in 0..rounds {
        let step = newton_step(decisions, weights, &start, ridge);
        let halvings = std::iter::successors(Some(1.0), |scale| Some(scale * 0.5)).take(10);
        let tried =
            halvings.map(|scale| weights.iter().zip(&step).map(|(w, s)| w - scale * s).collect::<Vec<f64>>());
        let Some((better, next)) = tried.map(|next| (loss(&next), next)).find(|(loss, _)| *loss < best)
        else {
            return;
        };
        let gained = best - better;
        (best, *weights) = (better, next);
        if gained < 1e-5 * best {
            return;
        }
    }
}

/// Inverse Hessian times gradient of the loss at `weights`, shape (W).
fn newton_step(decisions: &[Decision], weights: &[f64], start: &[f64], ridge: f64) -> Vec<f64> {
    let size = weights.len();
    let mut gradient: Vec<f64> = weights.iter().zip(start).map(|(w, s)| ridge * (w - s)).collect();
    let mut hessian = vec![0.0; size * size];
    for i in 0..size {
        hessian[i * size + i] = ridge;
    }
    for Decision { opinions, answer } in decisions {
        let Opinions { slots, scores } = opinions;
        let experts = slots.len();
        let odds = opinions.mix(weights);
        let (mut mean, mut square) = (vec![0.0; experts], vec![0.0; experts * experts]);
        for (row, p) in scores.chunks_exact(experts).zip(odds) {
            for a in 0..experts {
                mean[a] += p * row[a];
                for b in 0..=a {
                    square[a * experts + b] += p * row[a] * row[b];
                }
            }
        }
        for a in 0..experts {
            // The gradient of −ln p(answer) is E[f] − f(answer); its Hessian is the covariance of f.
            gradient[slots[a]] += mean[a] - scores[answer * experts + a];
            for b in 0..=a {
                // Slots ascend with experts, so this fills the lower half.
                hessian[slots[a] * size + slots[b]] += square[a * experts + b] - mean[a] * mean[b];
            }
        }
    }
    solve(hessian, gradient)
}

/// Solves `matrix` · x = `right` by Cholesky's factorisation; only the lower half of the (W, W) is read.
fn solve(mut matrix: Vec<f64>, right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for j in 0..size {
        for i in j..size {
            let dot: f64 = (0..j).map(|k| matrix[i * size + k] * matrix[j * size + k]).sum();
            let rest = matrix[i * size + j] - dot;
            matrix[i * size + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / matrix[j * size + j] };
        }
    }
    let mut x = right;
    for i in 0..size {
        let dot: f64 = (0..i).map(|k| matrix[i * size + k] * x[k]).sum();
        x[i] = (x[i] - dot) / matrix[i * size + i];
    }
    for i in (0..size).rev() {
        let dot: f64 = (i + 1..size).map(|k| matrix[k * size + i] * x[k]).sum();
        x[i] = (x[i] - dot) / matrix[i * size + i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two viewpoints, three candidates: the first is right more often than it believes, the second errs.
    fn decisions() -> Vec<Decision> {
        let decision = |answer: usize, guess: usize| {
            let odds =
                |candidate: usize, bold: f64| if candidate == guess { bold } else { (1.0 - bold) / 2.0 };
            let scores = (0..3)
                .flat_map(|candidate| [odds(candidate, 0.6).ln(), odds((candidate + 1) % 3, 0.5).ln()])
                .collect();
            Decision { opinions: Opinions { slots: vec![0, 1], scores }, answer }
        };
        [(0, 0), (1, 1), (2, 2), (0, 0), (1, 1), (2, 1), (0, 2), (0, 1)]
            .map(|(answer, guess)| decision(answer, guess))
            .to_vec()
    }

    fn loss(weights: &[f64]) -> f64 {
        decisions().iter().map(|made| -made.opinions.mix(weights)[made.answer].ln()).sum()
    }

    #[test]
    fn no_step_away_from_the_fitted_weights_helps() {
        let mut weights = vec![0.5; 2];
        fit(&decisions(), &mut weights, 0.0, 30);
        for (a, b) in [(0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)] {
            assert!(loss(&[weights[0] + a, weights[1] + b]) >= loss(&weights), "at {weights:?}");
        }
    }

    #[test]
    fn the_newton_step_solves_the_gradient_found_by_finite_differences() {
        let weights = [0.7, 0.2];
        let slope = |w: [f64; 2], i: usize| {
            let (mut above, mut below) = (w, w);
            above[i] += 1e-4;
            below[i] -= 1e-4;
            (loss(&above) - loss(&below)) / 2e-4
        };
        let step = newton_step(&decisions(), &weights, &weights, 0.0);
        for i in 0..2 {
            let curved: f64 = (0..2)
                .map(|j| {
                    let (mut above, mut below) = (weights, weights);
                    above[j] += 1e-3;
                    below[j] -= 1e-3;
                    step[j] * (slope(above, i) - slope(below, i)) / 2e-3
                })
                .sum();
            assert!((curved - slope(weights, i)).abs() < 1e-4, "{curved} against {}", slope(weights, i));
        }
    }
}
