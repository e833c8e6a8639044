//! Tests of the network: gradient, order, sums, keys.

use super::network::{Cell, Network};
use super::past::{Past, moments, turned};
use super::*;
use crate::inference::chance::Chance;
use crate::kernels;
use crate::music::roll::frame::{ALL, KEYS, sounds};
use crate::train::network::{Chunk, Network as _};

/// A made-up piece of so many frames: a walking chord with pauses.
fn piece(frames: usize, seed: u64) -> Vec<Frame> {
    let mut chance = Chance::new(seed, 0);
    let mut root = 40;
    let mut frame = || {
        root = (root + chance.below(5)).saturating_sub(2).clamp(30, 50);
        let chord = [0, 4, 7, 12].iter().fold(0, |all, step| all | (1u128 << (root + step)));
        if chance.below(8) == 0 { 0 } else { chord & !(1 << (root + 4 * chance.below(2))) }
    };
    (0..frames).map(|_| frame()).collect()
}

fn options(dropout: f64, forgetting: f64, absolute: bool) -> Options {
    let network = Network { width: 64, inner: 16, absolute };
    Options { network, dropout, forgetting, ..Options::default() }
}

/// Lessons of one piece, with weights to begin with.
fn lessons(options: Options) -> (Lessons, Vec<f32>) {
    let mut chance = Chance::new(5, 0);
    let flat =
        options.network.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect();
    (Lessons::new(options, &[piece(40, 1)], &[]).0, flat)
}

fn chunk(frames: &[u32]) -> Chunk {
    Chunk {
        steps: 1,
        streams: frames.len(),
        fields: frames.iter().flat_map(|&at| [0, at]).collect(),
        symbols: vec![0; frames.len()],
        resets: vec![true; frames.len()],
    }
}

/// With the same chance, what is dropped and left out is the same, so the gradient is one of a plain function.
#[test]
fn the_gradient_is_that_of_finite_differences() {
    for (dropout, forgetting) in [(0.0, 0.0), (0.4, 0.3)] {
        let (lessons, flat) = lessons(options(dropout, forgetting, true));
        let chunk = chunk(&[0, 3, 17, 33]);
        let nats = |flat: &[f32]| lessons.learn(flat, &chunk, &mut [], &mut Chance::new(9, 9)).0 / 4.0;
        let (_, gradient) = lessons.learn(&flat, &chunk, &mut [], &mut Chance::new(9, 9));
        let mut chance = Chance::new(2, 0);
        let rest = lessons.options.network.lengths()[0];
        let moving: Vec<usize> = (0..rest).filter(|&at| gradient[at] != 0.0).collect();
        let picked = (0..60).map(|_| moving[chance.below(moving.len())]);
        let picked: Vec<usize> =
            picked.chain((rest..flat.len()).step_by(29)).chain([flat.len() - 1]).collect();
        for at in picked {
            let moved = |by: f32| {
                let mut flat = flat.clone();
                flat[at] += by;
                nats(&flat)
            };
            let slope = (moved(1e-3) - moved(-1e-3)) / 2e-3;
            let error = (slope - f64::from(gradient[at])).abs();
            assert!(error < 2e-3 + 0.03 * slope.abs(), "{at}: {slope} {}", gradient[at]);
        }
    }
}

fn tied(options: &Options, flat: Vec<f32>) -> Tied {
    Tied { network: options.network, flat, tensors: Tensors::new(), settings: Settings::new() }
}

/// Cell by cell as it is written, and frame by frame as it is measured, are the same numbers.
#[test]
fn writing_and_measuring_agree() {
    let options = options(0.0, 0.0, true);
    let model = tied(&options, lessons(options.clone()).1);
    let frames = piece(30, 4);
    let mut memory = model.begin();
    for (frame, nats) in frames.iter().zip(model.nats(&frames)) {
        let frame = turned(*frame);
        let mut sum = 0.0;
        for key in 0..KEYS {
            let odds = model.odds(&memory, key);
            sum += keywise::softplus(if sounds(frame, key) { -odds } else { odds });
            model.key(&mut memory, key, sounds(frame, key));
        }
        model.end(&mut memory, frame);
        assert_eq!(sum, nats);
    }
}

/// The eight ways to go on with the lowest three keys have together the probability of what is above them.
#[test]
fn probabilities_sum_to_one() {
    let options = options(0.0, 0.0, true);
    let model = tied(&options, lessons(options.clone()).1);
    let past = piece(12, 6);
    let mut memory = model.begin();
    for &frame in &past {
        model.end(&mut memory, turned(frame));
    }
    let chord = 0b1001 << 40;
    let mut above = 0.0;
    for key in 0..KEYS - 3 {
        let odds = model.odds(&memory, key);
        let here = sounds(turned(chord), key);
        above += keywise::softplus(if here { -odds } else { odds });
        model.key(&mut memory, key, here);
    }
    let ways = (0..8).map(|lowest| {
        let frames: Vec<Frame> = past.iter().copied().chain([chord | lowest]).collect();
        kernels::exp(-model.nats(&frames)[12])
    });
    let sum: f64 = ways.sum();
    assert!((sum / kernels::exp(-above) - 1.0).abs() < 1e-9);
}

/// What comes later changes nothing.
#[test]
fn surprises_depend_on_the_past_alone() {
    let options = options(0.0, 0.0, true);
    let model = tied(&options, lessons(options.clone()).1);
    let frames = piece(60, 7);
    let whole = model.nats(&frames);
    for length in [1, 2, 17, 59] {
        assert_eq!(model.nats(&frames[..length]), whole[..length]);
    }
}

/// Without rows for keys themselves, a cell has the same odds in every key.
#[test]
fn a_piece_is_as_likely_in_every_key() {
    let options = options(0.0, 0.0, false);
    let flat = lessons(options.clone()).1;
    let weights = options.network.weights(&flat);
    let frames = piece(40, 8);
    let odds = |by: usize| {
        let moved: Vec<Frame> = frames.iter().map(|frame| frame << by & ALL).collect();
        let (moved, moments) = moments(&moved);
        let mut cell = Cell::new(options.network);
        let at = moved.len() - 1;
        cell.frame(options.network, &weights, &moved[..at], &moments[at], moved[at])
    };
    for by in [1, 5, 12] {
        for (low, high) in odds(0)[by..].iter().zip(&odds(by)) {
            assert!((low - high).abs() < 1e-4, "{by}: {low} {high}");
        }
    }
}

#[test]
fn places_are_keys_from_above() {
    assert_eq!(turned(1), 1 << 87);
    assert_eq!(turned(turned(0b1011 << 30)), 0b1011 << 30);
    let mut past = Past::new();
    past.push(turned(1 << 87));
    assert_eq!(past.moment().near, (0, 6));
}
