//! A small machine against enumeration: its partition function, the slope of contrastive divergence, and what it draws.

use super::super::frame::{ALL, Frame, KEYS, Pins};
use super::super::model::{FrameModel, Lesson as Frames, Wish};
use super::super::network::{Biases, Head, Lesson};
use super::anneal::Anneal;
use super::head::{Rbm, free_energy};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::model::Settings;
use std::sync::Arc;

const HIDDEN: usize = 6;

/// Weights and biases of a machine with clear opinions.
fn machine() -> (Vec<f32>, Biases) {
    let mut chance = Chance::new(5, 0);
    let mut draw = |most: f64| ((chance.unit() - 0.5) * 2.0 * most) as f32;
    let weights: Vec<f32> = (0..KEYS * HIDDEN).map(|_| draw(1.0)).collect();
    let visible = (0..KEYS).map(|_| draw(1.0) - 2.0).collect();
    let hidden = (0..HIDDEN).map(|_| draw(1.0)).collect();
    (weights, Biases { visible, hidden })
}

/// ln Z, the sum over all states of the hidden units.
fn exact(weights: &[f32], biases: &Biases) -> f64 {
    let mut terms: Vec<f64> = (0..1usize << HIDDEN)
        .map(|state| {
            let on = |unit: usize| f64::from(u8::from(state >> unit & 1 == 1));
            let own: f64 = (0..HIDDEN).map(|unit| on(unit) * f64::from(biases.hidden[unit])).sum();
            let keys = (0..KEYS).map(|key| {
                let sum: f64 =
                    (0..HIDDEN).map(|unit| on(unit) * f64::from(weights[key * HIDDEN + unit])).sum();
                super::super::keywise::softplus(sum + f64::from(biases.visible[key]))
            });
            own + keys.sum::<f64>()
        })
        .collect();
    kernels::softmax(&mut terms)
}

#[test]
fn annealing_finds_the_exact_partition_function() {
    let (weights, biases) = machine();
    let exact = exact(&weights, &biases);
    let anneal = Anneal { weights: &weights, biases: &biases, temperatures: 1000, chains: 100, stream: 0 };
    let (found, error) = anneal.log_partition();
    assert!((found - exact).abs() < 0.05 && error < 0.05, "{found} ± {error}, not {exact}");
}

#[test]
fn contrastive_divergence_is_the_slope_of_the_difference() {
    let (weights, biases) = machine();
    let head = Rbm { hidden: HIDDEN, gibbs: 3, persistent: true };
    let frame: Frame = 1 << 3 | 1 << 40 | 1 << 60;
    let mut made: Frame = 1 << 5;
    let mut slopes = biases.clone();
    let mut own = vec![0.0; weights.len()];
    let mut chance = Chance::new(1, 1);
    let mut at = Lesson { frame, chain: &mut made, slopes: &mut slopes, chance: &mut chance };
    head.learn(&weights, &biases, &mut at, &mut own);
    assert_ne!(made, 1 << 5, "the chain went on");
    let difference = |weights: &[f32], biases: &Biases| {
        free_energy(weights, biases, frame) - free_energy(weights, biases, made)
    };
    let step = 0.01;
    let slope = |up: f64, down: f64| ((up - down) / (2.0 * f64::from(step))) as f32;
    for place in 0..weights.len() {
        let at = |by: f32| {
            let mut moved = weights.clone();
            moved[place] += by;
            difference(&moved, &biases)
        };
        let found = slope(at(step), at(-step));
        assert!((found - own[place]).abs() < 2e-3, "weight {place}: {}, not {found}", own[place]);
    }
    for key in 0..KEYS {
        let at = |by: f32| {
            let mut moved = biases.clone();
            moved.visible[key] += by;
            difference(&weights, &moved)
        };
        let found = slope(at(step), at(-step));
        assert!(
            (found - slopes.visible[key]).abs() < 2e-3,
            "key {key}: {}, not {found}",
            slopes.visible[key]
        );
    }
    for unit in 0..HIDDEN {
        let at = |by: f32| {
            let mut moved = biases.clone();
            moved.hidden[unit] += by;
            difference(&weights, &moved)
        };
        let found = slope(at(step), at(-step));
        assert!(
            (found - slopes.hidden[unit]).abs() < 2e-3,
            "unit {unit}: {}, not {found}",
            slopes.hidden[unit]
        );
    }
}

/// A machine that was trained for a moment on three keys.
fn trained(persistent: &str) -> Arc<dyn FrameModel> {
    let tune: Vec<Frame> = [1, 3, 2, 6, 4, 5, 1, 3, 2, 0].repeat(4);
    let lesson = Frames { train: vec![tune], valid: vec![] };
    let small = [("hidden", "6"), ("updates", "300"), ("rate", "0.02"), ("persistent", persistent)];
    let small: Settings = small.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    super::train(&super::default(), &lesson, &small, 1, &mut |_: f64, _: &str| true)
        .expect("a small training")
}

#[test]
fn what_is_drawn_under_pins_follows_enumeration() {
    for persistent in ["no", "yes"] {
        let model = trained(persistent);
        let pins = [Pins { on: 0, off: ALL & !7 }];
        let shares: Vec<f64> = (0..8u128).map(|frame| (-model.nats(&[frame])[0]).exp()).collect();
        let total: f64 = shares.iter().sum();
        assert!(total > 0.5 && total < 1.1, "{total} of all probability lies in the keys that were learnt");
        let mut found = [0.0; 8];
        for seed in 0..4000 {
            let settings = Settings::from([("sweeps".to_owned(), "30".to_owned())]);
            let wish = Wish { seed, settings };
            let written = model.write(&pins, &wish, &mut |_, _| true).expect("a frame");
            found[written.frames[0] as usize] += 1.0 / 4000.0;
        }
        for (frame, (found, share)) in found.iter().zip(shares).enumerate() {
            assert!((found - share / total).abs() < 0.03, "{frame}: {found} for {}", share / total);
        }
    }
}
