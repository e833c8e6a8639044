//! Orthant-wise limited-memory quasi-Newton: minimises `f(θ) + λ‖θ‖₁` for smooth convex `f`.
//!
//! Source: Andrew & Gao, *Scalable training of L1-regularized log-linear models*, ICML 2007.
//! With λ = 0 it is L-BFGS (Liu & Nocedal 1989) with a backtracking (Armijo) line search.

use std::collections::VecDeque;

/// When to stop, and how much to remember.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The weight λ of the L1 norm, ≥ 0.
    pub l1: f64,
    /// The most iterations.
    pub iterations: usize,
    /// Pairs of past steps kept (10 in the paper).
    pub memory: usize,
    /// Stop when an iteration lowers the objective by less than this, relatively.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { l1: 0.0, iterations: 100, memory: 10, tolerance: 1e-6 }
    }
}

/// What an iteration reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Iterations done.
    pub iteration: usize,
    /// The objective, the penalty included.
    pub objective: f64,
    /// Parameters that aren't zero.
    pub nonzero: usize,
}

/// One step of the past: s = Δθ, y = Δ∇f, and 1 / sᵀy.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse: f64,
}

/// Minimises from `theta`, in place; returns the last objective.
///
/// `smooth(θ, gradient)` gives f(θ) and writes ∇f; `report` sees each iteration and ends the search by `false`.
pub fn minimise(
    theta: &mut [f64],
    options: &Options,
    mut smooth: impl FnMut(&[f64], &mut [f64]) -> f64,
    mut report: impl FnMut(Progress) -> bool,
) -> f64 {
    let n = theta.len();
    let mut gradient = vec![0.0; n];
    let mut objective = smooth(theta, &mut gradient) + options.l1 * l1_norm(theta);
    let mut past: VecDeque<Pair> = VecDeque::new();
    let mut trial = vec![0.0; n];
    let mut trial_gradient = vec![0.0; n];
    for iteration in 1..=options.iterations {
        let pseudo = pseudo_gradient(theta, &gradient, options.l1);
        let steepness = dot(&pseudo, &pseudo).sqrt();
        if steepness == 0.0 {
            break;
        }
        let mut direction = descent(&pseudo, &past);
        if options.l1 > 0.0 {
            keep_descending(&mut direction, &pseudo);
        }
        // The orthant that is explored: the signs of θ, and where θ = 0 those of the descent.
        let orthant: Vec<f64> =
            theta.iter().zip(&pseudo).map(|(&x, &g)| if x != 0.0 { x.signum() } else { -sign(g) }).collect();
        let mut length = if past.is_empty() { 1.0 / steepness } else { 1.0 };
        let mut found = None;
        for _ in 0..30 {
            for i in 0..n {
                let moved = theta[i] + length * direction[i];
                // Without a penalty there are no orthants to stay in.
                trial[i] = if options.l1 > 0.0 && moved * orthant[i] <= 0.0 { 0.0 } else { moved };
            }
            let value = smooth(&trial, &mut trial_gradient) + options.l1 * l1_norm(&trial);
            let slope: f64 = (0..n).map(|i| pseudo[i] * (trial[i] - theta[i])).sum();
            if value <= objective + 1e-4 * slope && slope < 0.0 {
                found = Some(value);
                break;
            }
            length *= if past.is_empty() { 0.1 } else { 0.5 };
        }
        let Some(value) = found else { break };
        remember(&mut past, options.memory, theta, &trial, &gradient, &trial_gradient);
        theta.copy_from_slice(&trial);
        std::mem::swap(&mut gradient, &mut trial_gradient);
        let gain = (objective - value) / value.abs().max(1e-12);
        objective = value;
        let nonzero = theta.iter().filter(|x| **x != 0.0).count();
        if !report(Progress { iteration, objective, nonzero }) || gain < options.tolerance {
            break;
        }
    }
    objective
}

/// The sign, 0 for 0.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The subgradient of least norm of f + λ‖·‖₁ (Andrew & Gao 2007, eq. 4).
fn pseudo_gradient(theta: &[f64], gradient: &[f64], l1: f64) -> Vec<f64> {
    let least = |(&x, &g): (&f64, &f64)| {
        if x != 0.0 {
            g + l1 * x.signum()
        } else if g + l1 < 0.0 {
            g + l1
        } else if g - l1 > 0.0 {
            g - l1
        } else {
            0.0
        }
    };
    theta.iter().zip(gradient).map(least).collect()
}

/// −H·pseudo by the two-loop recursion (Nocedal & Wright 2006, algorithm 7.4).
fn descent(pseudo: &[f64], past: &VecDeque<Pair>) -> Vec<f64> {
    let mut direction: Vec<f64> = pseudo.iter().map(|g| -g).collect();
    let mut weights = Vec::with_capacity(past.len());
    for pair in past.iter().rev() {
        let weight = pair.inverse * dot(&pair.step, &direction);
        add(&mut direction, -weight, &pair.change);
        weights.push(weight);
    }
    if let Some(last) = past.back() {
        let scale = 1.0 / (last.inverse * dot(&last.change, &last.change));
        direction.iter_mut().for_each(|d| *d *= scale);
    }
    for (pair, weight) in past.iter().zip(weights.into_iter().rev()) {
        let correction = pair.inverse * dot(&pair.change, &direction);
        add(&mut direction, weight - correction, &pair.step);
    }
    direction
}

/// Drops the coordinates along which the direction climbs (Andrew & Gao 2007, eq. 5).
fn keep_descending(direction: &mut [f64], pseudo: &[f64]) {
    for (d, g) in direction.iter_mut().zip(pseudo) {
        if *d * g >= 0.0 {
            *d = 0.0;
        }
    }
}

fn remember(
    past: &mut VecDeque<Pair>,
    memory: usize,
    theta: &[f64],
    trial: &[f64],
    gradient: &[f64],
    trial_gradient: &[f64],
) {
    let step: Vec<f64> = trial.iter().zip(theta).map(|(a, b)| a - b).collect();
    let change: Vec<f64> = trial_gradient.iter().zip(gradient).map(|(a, b)| a - b).collect();
    let curvature = dot(&step, &change);
    // Only a pair of positive curvature keeps the estimate of the Hessian positive definite.
    if curvature > 1e-12 * dot(&change, &change) {
        if past.len() == memory {
            past.pop_front();
        }
        past.push_back(Pair { step, change, inverse: 1.0 / curvature });
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(x, y)| *x += factor * y);
}

fn l1_norm(a: &[f64]) -> f64 {
    a.iter().map(|x| x.abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// f(θ) = ½ Σ cᵢ (θᵢ − bᵢ)², whose L1 minimum is soft thresholding: sign(b)·max(|b| − λ/c, 0).
    #[track_caller]
    fn check(curvatures: &[f64], centres: &[f64], l1: f64) {
        let mut theta = vec![0.0; centres.len()];
        let options = Options { l1, tolerance: 0.0, ..Options::default() };
        let smooth = |theta: &[f64], gradient: &mut [f64]| {
            let mut value = 0.0;
            for i in 0..theta.len() {
                let away = theta[i] - centres[i];
                gradient[i] = curvatures[i] * away;
                value += 0.5 * curvatures[i] * away * away;
            }
            value
        };
        minimise(&mut theta, &options, smooth, |_| true);
        for i in 0..theta.len() {
            let expected = sign(centres[i]) * (centres[i].abs() - l1 / curvatures[i]).max(0.0);
            assert!((theta[i] - expected).abs() < 1e-6, "θ[{i}] = {}, not {expected}", theta[i]);
            assert_eq!(theta[i] == 0.0, expected == 0.0, "θ[{i}] is exactly zero where it should be");
        }
    }

    #[test]
    fn without_penalty_it_finds_the_minimum() {
        check(&[1.0, 10.0, 0.1], &[3.0, -2.0, 5.0], 0.0);
    }

    #[test]
    fn with_penalty_it_thresholds_softly() {
        check(&[1.0, 10.0, 0.5, 2.0], &[3.0, -0.05, 1.0, -4.0], 0.7);
    }

    #[test]
    fn a_curved_valley_is_followed() {
        let mut theta = vec![-1.2, 1.0];
        let rosenbrock = |x: &[f64], g: &mut [f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            g[0] = -2.0 * a - 400.0 * x[0] * b;
            g[1] = 200.0 * b;
            a * a + 100.0 * b * b
        };
        let options = Options { iterations: 200, tolerance: 0.0, ..Options::default() };
        let value = minimise(&mut theta, &options, rosenbrock, |_| true);
        assert!(value < 1e-10, "{value} at {theta:?}");
    }
}
