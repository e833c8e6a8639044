//! Gradients against finite differences.

use super::{RESETS, numbers};
use crate::inference::chance::Chance;
use crate::nn::{
    Attention, Bag, Code, CrossEntropy, Divergence, Dropout, Feed, Gelu, Gru, IGNORED, LayerNorm, Linear,
    Lstm, MixtureDensity, NO_ROW, Operation, Pick, Residual, Sizes, Tied,
};

/// For random inputs of these lengths and a random weighing of the outputs: the gradient that the operation tells is the
/// slope, by differences of the weighed sum in double precision.
#[track_caller]
fn check<O: Operation>(make: impl Fn() -> O, lengths: &[usize]) {
    let inputs: Vec<Vec<f32>> =
        (0..).zip(lengths).map(|(stream, &length)| numbers(stream, length, 0.8)).collect();
    let slices = |inputs: &[Vec<f32>]| -> Vec<f32> {
        make().forward(&inputs.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let operation = make();
    let views: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    let output = operation.forward(&views);
    let above = numbers(99, output.len(), 1.0);
    let gradients = operation.backward(&views, &output, &above);
    assert_eq!(gradients.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
    let weighed = |inputs: &[Vec<f32>]| -> f64 {
        slices(inputs).iter().zip(&above).map(|(y, weight)| f64::from(*y) * f64::from(*weight)).sum()
    };
    for (input, gradient) in gradients.iter().enumerate() {
        for (at, &told) in gradient.iter().enumerate() {
            let moved = |by: f32| {
                let mut inputs = inputs.clone();
                inputs[input][at] += by;
                (weighed(&inputs), inputs[input][at])
            };
            let ((up, high), (down, low)) = (moved(5e-3), moved(-5e-3));
            let slope = (up - down) / f64::from(high - low);
            let error = (slope - f64::from(told)).abs();
            assert!(error < 2e-3 + 2e-3 * slope.abs(), "input {input}, value {at}: {told}, not {slope}");
        }
    }
}

const SIZES: Sizes = Sizes { steps: 4, streams: 3, width: 5 };

#[test]
fn lstm() {
    let state = |stream| numbers(stream, 15, 0.5);
    let make = |feed| Lstm::new(SIZES, feed, RESETS.to_vec(), state(50), state(51));
    check(|| make(Feed::Dense { width: 3 }), &[36, 60, 100, 20]);
    let mask = || Dropout::mask(60, 0.4, &mut Chance::new(1, 3));
    check(|| make(Feed::Dense { width: 3 }).with_mask(mask()), &[36, 60, 100, 20]);
    let fields: Vec<u32> = (0..12).flat_map(|at| [at % 3, at % 2]).collect();
    check(|| make(Feed::Fields(Bag::new(&fields, &[3, 2], 20))), &[100, 100, 20]);
}

#[test]
fn gru() {
    check(|| Gru::new(SIZES, RESETS.to_vec(), numbers(50, 15, 0.5)), &[180, 75, 5]);
}

#[test]
fn attention() {
    check(|| Attention::new(Sizes { width: 8, ..SIZES }, 2, 3, &RESETS), &[288]);
}

#[test]
fn bag_with_and_without_bias() {
    let make = || Bag::new(&[0, 1, 2, 0, 2, 2], &[3, 3], 4);
    check(make, &[24]);
    check(make, &[24, 4]);
}

#[test]
fn linear() {
    check(|| Linear { input: 3, output: 5 }, &[12, 15, 5]);
    check(|| Tied { width: 3, symbols: 5 }, &[12, 21, 5]);
}

#[test]
fn rows_by_number() {
    check(|| Pick { width: 3, rows: vec![2, NO_ROW, 0, 2], beside: Vec::new() }, &[9]);
    check(|| Pick { width: 3, rows: vec![2, NO_ROW], beside: vec![0.5, -1.0, 2.0, 0.1] }, &[9]);
}

#[test]
fn cross_entropy() {
    check(|| CrossEntropy::new(9, vec![1, 8, IGNORED, 0]), &[36]);
}

#[test]
fn mixture_density() {
    let points = vec![Some([0.5, -0.2]), None, Some([-1.5, 0.1])];
    check(|| MixtureDensity::new(20, 0.1, points.clone()), &[360]);
    check(|| MixtureDensity::new(1, 0.5, points.clone()), &[18]);
}

#[test]
fn codes_and_what_they_cost() {
    let noise = numbers(40, 6, 1.5);
    check(|| Code { width: 3, noise: noise.clone() }, &[12]);
    // The mean divergence of these is about 0.1 nats: above a floor of 0, below one of 9.
    check(|| Divergence { width: 3, weight: 0.7, free: 0.0 }, &[12]);
    check(|| Divergence { width: 3, weight: 0.7, free: 9.0 }, &[12]);
}

#[test]
fn gelu_and_residual_and_norm() {
    check(|| Gelu, &[20]);
    check(|| Residual, &[6, 6]);
    check(|| LayerNorm { width: 10 }, &[30, 10, 10]);
}

#[test]
fn dropout() {
    check(|| Dropout::new(30, 0.4, &mut Chance::new(1, 2)), &[30]);
}
