//! A small machine against enumeration: its partition function, the slope of contrastive divergence, and what it draws.

use super::super::frame::{ALL, Frame, KEYS, Pins, sounds};
use super::super::model::{FrameModel, Lesson as Frames, Wish};
use super::super::network::{Biases, Head, Lesson, Rows};
use super::super::rnn_rbm;
use super::anneal::Anneal;
use super::gibbs::{Chains, Heat, Weights, energies};
use super::head::Rbm;
use crate::inference::chance::Chance;
use crate::kernels;
use crate::model::Settings;
use crate::train::journal::Journal;
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
    let weights = Weights::new(&weights, HIDDEN);
    let rows = biases.rows();
    let anneal = Anneal { weights: &weights, biases: rows, temperatures: 1000, chains: 100, stream: 0 };
    let (found, error) = anneal.log_partition();
    assert!((found - exact).abs() < 0.05 && error < 0.05, "{found} ± {error}, not {exact}");
}

/// The sum of all rows.
fn sum(rows: &[f32], width: usize) -> Vec<f32> {
    (0..width).map(|at| rows.iter().skip(at).step_by(width).sum()).collect()
}

/// F of each frame by its formula.
fn slow_energies(weights: &[f32], biases: &Biases, frames: &[Frame]) -> Vec<f64> {
    let energy = |&frame: &Frame| {
        let on = |key: &usize| sounds(frame, *key);
        let visible: f64 = (0..KEYS).filter(on).map(|key| f64::from(biases.visible[key])).sum();
        let unit = |unit: usize| {
            let into: f32 = (0..KEYS).filter(on).map(|key| weights[key * HIDDEN + unit]).sum();
            super::super::keywise::softplus(f64::from(biases.hidden[unit] + into))
        };
        -visible - (0..HIDDEN).map(unit).sum::<f64>()
    };
    frames.iter().map(energy).collect()
}

#[test]
fn energies_of_many_frames_are_those_of_the_formula() {
    let (weights, biases) = machine();
    let frames: Vec<Frame> = (0..40).map(|at| 0b1_0010_0001 << (2 * at) & ALL).collect();
    let fast = energies(&Weights::new(&weights, HIDDEN), biases.rows(), &frames);
    for (fast, slow) in fast.iter().zip(slow_energies(&weights, &biases, &frames)) {
        assert!((fast - slow).abs() < 1e-4, "{fast}, not {slow}");
    }
}

/// One Gibbs step by its formula, with the numbers that the fast one draws.
fn slow_step(
    weights: &[f32],
    biases: Rows,
    (times, pins): (f32, Pins),
    frame: Frame,
    drawn: [&[f32]; 2],
) -> Frame {
    let share = |x: f32| 1.0 / (1.0 + (-x).exp());
    let unit = |unit: &usize| {
        let keys = (0..KEYS).filter(|key| sounds(frame, *key));
        let into: f32 = biases.hidden[*unit] + keys.map(|key| weights[key * HIDDEN + unit]).sum::<f32>();
        drawn[0][*unit] < share(times * into)
    };
    let units: Vec<usize> = (0..HIDDEN).filter(unit).collect();
    let key = |key: usize| {
        let into: f32 = units.iter().map(|unit| weights[key * HIDDEN + unit]).sum();
        Frame::from(drawn[1][key] < share(times * (biases.visible[key] + into))) << key
    };
    (0..KEYS).map(key).sum::<Frame>() & !pins.off | pins.on
}

#[test]
fn gibbs_steps_side_by_side_are_those_of_the_formula() {
    let (weights, biases) = machine();
    let ready = Weights::new(&weights, HIDDEN);
    let pins = Pins { on: 1 << 7, off: 1 << 8 };
    let mut frames: Vec<Frame> = (0..19).map(|at| 0b1001 << (4 * at)).collect();
    let mut chains = Chains::new(&ready, biases.rows(), frames.clone());
    let heat = Heat { times: 0.7, ..Heat::NONE };
    let (mut fast, mut slow) = (Chance::new(4, 0), Chance::new(4, 0));
    for _ in 0..50 {
        ready.step(biases.rows(), heat, pins, &mut chains, &mut fast);
        let (width, keys) = (ready.width(), KEYS.next_multiple_of(16));
        let mut drawn = vec![0.0; frames.len() * (width + keys)];
        slow.fill(&mut drawn);
        let (units, rest) = drawn.split_at(frames.len() * width);
        for (at, frame) in frames.iter_mut().enumerate() {
            let drawn = [&units[at * width..], &rest[at * keys..]];
            *frame = slow_step(&weights, biases.rows(), (0.7, pins), *frame, drawn);
        }
        assert_eq!(chains.frames, frames);
    }
}

#[test]
fn contrastive_divergence_is_the_slope_of_the_difference() {
    let (weights, biases) = machine();
    let head = Rbm { hidden: HIDDEN, gibbs: 3, persistent: true, temperatures: 10, chains: 1, lone: true };
    let frames: [Frame; 3] = [1 << 3 | 1 << 40 | 1 << 60, 0, 1 << 3];
    let mut made: [Frame; 3] = [1 << 5, 1 << 80, 0];
    let mut slopes = Biases { visible: vec![0.0; 3 * KEYS], hidden: vec![0.0; 3 * HIDDEN] };
    let mut own = vec![0.0; weights.len()];
    let mut lesson = Lesson {
        frames: &frames.map(Some),
        biases: biases.rows(),
        chains: &mut made,
        visible: &mut slopes.visible,
        hidden: &mut slopes.hidden,
        chance: &mut Chance::new(1, 1),
    };
    head.learn(&head.ready(&weights), &mut lesson, &mut own);
    assert_ne!(made, [1 << 5, 1 << 80, 0], "the chains went on");
    let slopes = Biases { visible: sum(&slopes.visible, KEYS), hidden: sum(&slopes.hidden, HIDDEN) };
    let difference = |weights: &[f32], biases: &Biases| {
        let energy = |frames| slow_energies(weights, biases, frames).iter().sum::<f64>();
        energy(&frames) - energy(&made)
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

/// Keeps a training's state, and may end it.
#[derive(Default)]
struct Book {
    kept: Option<Vec<u8>>,
    /// Steps until it ends it.
    left: Option<usize>,
}

impl Journal for Book {
    fn progress(&mut self, _: f64, _: &str) -> bool {
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.left != Some(0)
    }
    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        self.kept = Some(state());
    }
    fn kept(&mut self) -> Option<Vec<u8>> {
        self.kept.clone()
    }
}

#[test]
fn a_killed_training_goes_on_to_the_same_weights_on_any_number_of_threads() {
    let tune: Vec<Frame> = [1, 3, 2, 6, 4, 5, 1, 3, 2, 0].repeat(40);
    let lesson = Frames { train: vec![tune.clone()], valid: vec![tune] };
    let small = [
        ("hidden", "6"),
        ("units", "5"),
        ("updates", "12"),
        ("before", "5"),
        ("batch", "40"),
        ("measure", "4"),
    ];
    let more = [("frames", "4"), ("temperatures", "10")];
    let small: Settings =
        small.iter().chain(&more).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let train = |book: &mut Book| super::train(&rnn_rbm::default(), &lesson, &small, 1, book);
    let whole = train(&mut Book::default()).expect("a small training").tensors();
    // The five updates before, then seven.
    let mut killed = Book { left: Some(12), ..Book::default() };
    assert!(train(&mut killed).is_err() && killed.kept.is_some());
    let mut resumed = Book { kept: killed.kept, left: None };
    assert_eq!(train(&mut resumed).expect("the rest").tensors(), whole);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
    assert_eq!(threads.install(|| train(&mut Book::default())).expect("the same").tensors(), whole);
}
