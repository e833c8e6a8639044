//! The reader against the same in plain double precision, and its gradient against differences of that.

use super::numbers;
use crate::nn::{Operation, Reader, Reading, Sizes};

const SIZES: Sizes = Sizes { steps: 6, streams: 3, width: 4 };
const LETTERS: usize = 3;
const GAUSSIANS: usize = 2;
const INPUT: usize = 2;

fn texts() -> Vec<Vec<u32>> {
    vec![vec![0, 2, 1, 1, 0], vec![2], vec![1, 0, 2]]
}

fn written() -> Vec<f32> {
    numbers(40, SIZES.steps * SIZES.streams * INPUT, 1.0)
}

fn reading() -> Reading {
    let of = |stream: u64, count: usize| numbers(stream, SIZES.streams * count, 0.5);
    let places = of(44, GAUSSIANS).into_iter().map(|x| x + 1.0).collect();
    Reading { hidden: of(41, 4), cell: of(42, 4), window: of(43, LETTERS), places }
}

fn inputs() -> Vec<Vec<f32>> {
    let lengths = [(INPUT + LETTERS + 4) * 16, 16, 4 * 3 * GAUSSIANS, 3 * GAUSSIANS];
    (0..).zip(lengths).map(|(stream, length)| numbers(stream, length, 0.8)).collect()
}

fn reader() -> Reader {
    Reader::new(SIZES, [LETTERS, GAUSSIANS], written(), texts(), reading())
}

/// Stream by stream, number by number.
fn plain(inputs: &[Vec<f64>]) -> Vec<f64> {
    let [weights, bias, heads, head_bias] = inputs else { panic!("four arrays") };
    let (width, streams) = (SIZES.width, SIZES.streams);
    let (from, written, texts) = (reading(), written(), texts());
    let mut output = vec![0.0; SIZES.steps * streams * (width + LETTERS)];
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    for stream in 0..streams {
        let of = |array: &[f32], count: usize| -> Vec<f64> {
            array[stream * count..][..count].iter().map(|&x| f64::from(x)).collect()
        };
        let (mut h, mut c) = (of(&from.hidden, width), of(&from.cell, width));
        let (mut w, mut kappa) = (of(&from.window, LETTERS), of(&from.places, GAUSSIANS));
        for step in 0..SIZES.steps {
            let row = step * streams + stream;
            let mut known: Vec<f64> = written[row * INPUT..][..INPUT].iter().map(|&x| f64::from(x)).collect();
            known.extend(w.iter().chain(&h));
            let gate = |column: usize| {
                let products = known.iter().enumerate().map(|(at, x)| x * weights[at * 4 * width + column]);
                bias[column] + products.sum::<f64>()
            };
            let gates: Vec<f64> = (0..4 * width).map(gate).collect();
            for at in 0..width {
                let [i, f, g, o] = [0, 1, 2, 3].map(|gate| gates[gate * width + at]);
                c[at] = sigmoid(f) * c[at] + sigmoid(i) * g.tanh();
                h[at] = sigmoid(o) * c[at].tanh();
            }
            let told = |column: usize| {
                let products = h.iter().enumerate().map(|(at, x)| x * heads[at * 3 * GAUSSIANS + column]);
                (head_bias[column] + products.sum::<f64>()).exp()
            };
            w.fill(0.0);
            for (k, place) in kappa.iter_mut().enumerate() {
                *place += told(2 * GAUSSIANS + k);
                for (u, &letter) in texts[stream].iter().enumerate() {
                    let away = *place - (u as f64 + 1.0);
                    w[letter as usize] += told(k) * (-told(GAUSSIANS + k) * away * away).exp();
                }
            }
            let out = &mut output[row * (width + LETTERS)..][..width + LETTERS];
            out[..width].copy_from_slice(&h);
            out[width..].copy_from_slice(&w);
        }
    }
    output
}

fn doubles(inputs: &[Vec<f32>]) -> Vec<Vec<f64>> {
    inputs.iter().map(|input| input.iter().map(|&x| f64::from(x)).collect()).collect()
}

#[test]
fn a_reader_tells_what_the_slow_plain_one_does() {
    let inputs = inputs();
    let views: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    let (fast, slow) = (reader().forward(&views), plain(&doubles(&inputs)));
    assert_eq!(fast.len(), slow.len());
    for (at, (fast, slow)) in fast.iter().zip(slow).enumerate() {
        assert!((f64::from(*fast) - slow).abs() < 1e-5, "value {at}: {fast}, not {slow}");
    }
}

#[test]
fn its_gradient_is_the_slope() {
    let inputs = inputs();
    let views: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    let operation = reader();
    let output = operation.forward(&views);
    let above = numbers(99, output.len(), 1.0);
    let gradients = operation.backward(&views, &output, &above);
    let weighed = |inputs: &[Vec<f64>]| -> f64 {
        plain(inputs).iter().zip(&above).map(|(y, weight)| y * f64::from(*weight)).sum()
    };
    let doubles = doubles(&inputs);
    for (input, gradient) in gradients.iter().enumerate() {
        assert_eq!(gradient.len(), inputs[input].len());
        for (at, &told) in gradient.iter().enumerate() {
            let moved = |by: f64| {
                let mut inputs = doubles.clone();
                inputs[input][at] += by;
                weighed(&inputs)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            let error = (slope - f64::from(told)).abs();
            assert!(error < 1e-4 + 1e-4 * slope.abs(), "input {input}, value {at}: {told}, not {slope}");
        }
    }
}

#[test]
fn a_stretch_goes_on_where_the_last_one_ended() {
    let inputs = inputs();
    let views: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    let whole = reader().forward(&views);
    let (sizes, written) = (Sizes { steps: 3, ..SIZES }, written());
    let (first, second) = written.split_at(written.len() / 2);
    let part = |written: &[f32], from| {
        let reader = Reader::new(sizes, [LETTERS, GAUSSIANS], written.to_vec(), texts(), from);
        (reader.forward(&views), reader.last().expect("it ran").clone())
    };
    let (before, middle) = part(first, reading());
    let (after, _) = part(second, middle);
    assert_eq!([before, after].concat(), whole);
}
