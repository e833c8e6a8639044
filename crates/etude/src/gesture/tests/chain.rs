//! The chain against enumeration of every path, and what examples make of it.

use super::{drawings, path};
use crate::gesture::chain::{ADVANCE, Building, Chain};
use crate::gesture::trajectory::Trajectory;

pub(super) const DRAWING: Building = Building { anchored: true, states: 40, deviation: 0.09, trust: 3.0 };
const SENSORS: Building = Building { anchored: false, ..DRAWING };

/// ln p(x), by adding up all sizes and all paths.
fn enumerated(chain: &Chain, gesture: &Trajectory) -> f64 {
    let (states, dimension) = (chain.states(), chain.dimension());
    let first: Vec<f64> = match chain.sizes.len() {
        1 => vec![0.0; dimension],
        _ => gesture.frame(0).to_vec(),
    };
    let density = |state: usize, size: f64, index: usize| -> f64 {
        let of = |d: usize| {
            let (mean, variance) = (chain.mean[state * dimension + d], chain.variance[state * dimension + d]);
            let variance = size * size * variance;
            let apart = gesture.frame(index)[d] - first[d] - size * mean;
            (-0.5 * apart * apart / variance).exp() / (2.0 * std::f64::consts::PI * variance).sqrt()
        };
        (0..dimension).map(of).product()
    };
    let mut sum = 0.0;
    for &size in &chain.sizes {
        for code in 0..states.pow(gesture.len() as u32 - 1) {
            let mut code = code;
            let (mut state, mut p) = (0, density(0, size, 0));
            for index in 1..gesture.len() {
                let next = code % states;
                code /= states;
                let steps = (0..=ADVANCE).filter(|step| (state + step).min(states - 1) == next);
                p *= steps.map(|step| chain.advance[step]).sum::<f64>() * density(next, size, index);
                state = next;
            }
            sum += p;
        }
    }
    (sum / chain.sizes.len() as f64).ln()
}

#[track_caller]
fn check(building: &Building, examples: &[Trajectory], asked: &Trajectory) {
    let chain = Chain::build(&examples.iter().collect::<Vec<_>>(), building);
    let (exact, expected) = (chain.log_likelihood(asked), enumerated(&chain, asked));
    assert!((exact - expected).abs() < 1e-9 * expected.abs().max(1.0), "{exact}, not {expected}");
}

#[test]
fn the_likelihood_is_the_sum_over_all_paths_and_sizes() {
    let wave = |shift: f64| {
        Trajectory::new((0..9).map(|i| libm::sin(f64::from(i) + shift)).collect(), 1).expect("a wave")
    };
    let corner = path(&[[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]], 4);
    let small = path(&[[1.0, 1.0], [3.0, 1.0], [3.0, 3.0]], 2);
    check(
        &SENSORS,
        &[wave(0.0), wave(0.3), wave(-0.2)],
        &Trajectory::new(wave(0.1).frames()[..6].to_vec(), 1).expect("a wave"),
    );
    check(&DRAWING, &[corner], &small);
}

#[test]
fn what_is_far_from_all_examples_still_has_a_likelihood() {
    let chain = Chain::build(&[&drawings(0.0, 1)[0].1], &SENSORS);
    for far in [1e6, 1e50, -1e90] {
        let gesture = Trajectory::new(vec![far; 20], 2).expect("numbers");
        assert!(chain.log_likelihood(&gesture).is_finite());
    }
}

#[test]
fn several_examples_are_likelier_after_learning_than_one_taught_them() {
    let examples: Vec<Trajectory> = (1..6).map(|seed| drawings(20.0, seed).swap_remove(1).1).collect();
    let held_out = drawings(20.0, 77).swap_remove(1).1;
    let one = Chain::build(&[&examples[0]], &DRAWING);
    let five = Chain::build(&examples.iter().collect::<Vec<_>>(), &DRAWING);
    assert!(five.log_likelihood(&held_out) > one.log_likelihood(&held_out));
    assert!(five.variance.iter().sum::<f64>() < one.variance.iter().sum::<f64>(), "they agree");
}

#[test]
fn examples_that_rest_or_are_a_single_frame_make_a_chain() {
    let point = path(&[[3.0, 4.0]], 1);
    let rest = path(&[[3.0, 4.0], [3.0, 4.0]], 30);
    for building in [DRAWING, SENSORS] {
        let chain = Chain::build(&[&point, &rest], &building);
        assert!(chain.states() >= 2 && chain.log_likelihood(&rest).is_finite());
    }
}
