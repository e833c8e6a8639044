//! Values and gradients against burn's autodiff on the same formulas in plain tensor operations.

use super::{RESETS, numbers};
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, apply_4};
use crate::nn::{
    Attention, Bag, CrossEntropy, Feed, Gelu, Gru, LayerNorm, Linear, Lstm, Operation, Sizes, Tied,
};
use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::sync::Arc;

type Flat = Tensor<1>;

/// An operation and a plain formula give the same values, and the same gradients of a weighed sum of them, to 1e-4.
#[track_caller]
fn check(operation: impl Operation + 'static, lengths: &[usize], plain: impl Fn(&[Flat]) -> Flat) {
    let values: Vec<Vec<f32>> =
        (0..).zip(lengths).map(|(stream, &length)| numbers(stream, length, 0.8)).collect();
    let arrays: Vec<Array> = values.iter().cloned().map(Array::parameter).collect();
    let operation = Arc::new(operation);
    let fused = match arrays.as_slice() {
        [a] => apply_1(operation, a),
        [a, b] => apply_2(operation, a, b),
        [a, b, c] => apply_3(operation, a, b, c),
        [a, b, c, d] => apply_4(operation, [a, b, c, d]),
        _ => unreachable!("operations have up to four inputs"),
    };
    let leaves: Vec<Flat> = values.iter().cloned().map(|v| flat(v).require_grad()).collect();
    let expected = plain(&leaves);
    close(&fused.values(), &read(expected.clone()), "values");
    let weights = numbers(99, fused.values().len(), 1.0);
    let sum = Weighed(weights.clone());
    let told = apply_1(Arc::new(sum), &fused).gradients(&arrays.iter().collect::<Vec<_>>());
    let slopes = (expected * flat(weights)).sum().backward();
    for (told, leaf) in told.iter().zip(&leaves) {
        close(told, &read(leaf.grad(&slopes).expect("a leaf")), "gradients");
    }
}

#[track_caller]
fn close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() < 1e-4 * (1.0 + b.abs()), "{what}, at {at}: {a}, not {b}");
    }
}

/// A sum with weights, as an operation.
#[derive(Debug)]
struct Weighed(Vec<f32>);

impl Operation for Weighed {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        vec![inputs[0].iter().zip(&self.0).map(|(a, b)| a * b).sum()]
    }
    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        vec![self.0.iter().map(|weight| weight * gradient[0]).collect()]
    }
}

fn flat(values: Vec<f32>) -> Flat {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), &Device::default().autodiff())
}

fn read(tensor: Flat) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// Columns a..b of a matrix.
fn columns(matrix: &Tensor<2>, from: usize, to: usize) -> Tensor<2> {
    matrix.clone().narrow(1, from, to - from)
}

/// 0 where a sequence begins, else 1; (B, 1).
fn kept(step: usize, streams: usize) -> Tensor<2> {
    let values =
        RESETS[step * streams..][..streams].iter().map(|reset| f32::from(u8::from(!reset))).collect();
    flat(values).reshape([streams, 1])
}

const SIZES: Sizes = Sizes { steps: 4, streams: 3, width: 5 };

/// What an LSTM makes of what it reads, (T · B, 4H), and of U.
fn lstm_of(x: Tensor<2>, u: Tensor<2>, hidden: &[f32], cell: &[f32]) -> Flat {
    let Sizes { steps: t, streams: b, width: h } = SIZES;
    let mut state = (flat(hidden.to_vec()).reshape([b, h]), flat(cell.to_vec()).reshape([b, h]));
    let mut all = Vec::new();
    for step in 0..t {
        let (before, c) = (state.0 * kept(step, b), state.1 * kept(step, b));
        let gates = x.clone().narrow(0, step * b, b) + before.matmul(u.clone());
        let i = sigmoid(columns(&gates, 0, h));
        let f = sigmoid(columns(&gates, h, 2 * h));
        let g = columns(&gates, 2 * h, 3 * h).tanh();
        let o = sigmoid(columns(&gates, 3 * h, 4 * h));
        let c = f * c + i * g;
        state = (o * c.clone().tanh(), c);
        all.push(state.0.clone());
    }
    Tensor::cat(all, 0).reshape([t * b * h])
}

#[test]
fn lstm_is_its_formula() {
    let Sizes { steps: t, streams: b, width: h } = SIZES;
    let (hidden, cell) = (numbers(50, b * h, 0.5), numbers(51, b * h, 0.5));
    let make = |feed| Lstm::new(SIZES, feed, RESETS.to_vec(), hidden.clone(), cell.clone());
    check(make(Feed::Dense { width: 3 }), &[t * b * 3, 3 * 4 * h, 4 * h * h, 4 * h], |inputs| {
        let x = inputs[0].clone().reshape([t * b, 3]).matmul(inputs[1].clone().reshape([3, 4 * h]));
        let x = x + inputs[3].clone().reshape([1, 4 * h]);
        lstm_of(x, inputs[2].clone().reshape([h, 4 * h]), &hidden, &cell)
    });
    let fields: Vec<u32> = (0..t * b).flat_map(|at| [at as u32 % 3, at as u32 % 2]).collect();
    check(make(Feed::Fields(Bag::new(&fields, &[3, 2], 4 * h))), &[5 * 4 * h, 4 * h * h, 4 * h], |inputs| {
        let hot = fields.chunks_exact(2).flat_map(|pair| {
            (0..5).map(|n| f32::from(u8::from(n == pair[0] || n == pair[1] + 3))).collect::<Vec<f32>>()
        });
        let x = flat(hot.collect()).reshape([t * b, 5]).matmul(inputs[0].clone().reshape([5, 4 * h]));
        let x = x + inputs[2].clone().reshape([1, 4 * h]);
        lstm_of(x, inputs[1].clone().reshape([h, 4 * h]), &hidden, &cell)
    });
}

#[test]
fn gru_is_its_formula() {
    let Sizes { steps: t, streams: b, width: h } = SIZES;
    let hidden = numbers(50, b * h, 0.5);
    check(Gru::new(SIZES, RESETS.to_vec(), hidden.clone()), &[t * b * 3 * h, 3 * h * h, h], |inputs| {
        let x = inputs[0].clone().reshape([t * b, 3 * h]);
        let u = inputs[1].clone().reshape([h, 3 * h]);
        let bias = inputs[2].clone().reshape([1, h]);
        let mut state = flat(hidden.clone()).reshape([b, h]);
        let mut all = Vec::new();
        for step in 0..t {
            let before = state * kept(step, b);
            let x = x.clone().narrow(0, step * b, b);
            let product = before.clone().matmul(u.clone());
            let r = sigmoid(columns(&x, 0, h) + columns(&product, 0, h));
            let z = sigmoid(columns(&x, h, 2 * h) + columns(&product, h, 2 * h));
            let n = columns(&x, 2 * h, 3 * h) + r * (columns(&product, 2 * h, 3 * h) + bias.clone());
            let n = n.tanh();
            state = (z.ones_like() - z.clone()) * n + z * before;
            all.push(state.clone());
        }
        Tensor::cat(all, 0).reshape([t * b * h])
    });
}

#[test]
fn attention_is_its_formula() {
    let (t, b, heads, d, window) = (4, 3, 2, 4, 3);
    let width = heads * d;
    let operation = Attention::new(Sizes { steps: t, streams: b, width }, heads, window, &RESETS);
    check(operation, &[t * b * 3 * width], |inputs| {
        // (T, B, 3, heads, d) → (3, B, heads, T, d)
        let x = inputs[0].clone().reshape([t, b, 3, heads, d]).permute([2, 1, 3, 0, 4]);
        let part = |third: usize| x.clone().narrow(0, third, 1).reshape([b, heads, t, d]);
        let angle =
            |step: usize, pair: usize| (step as f64 * 10_000f64.powf(-2.0 * pair as f64 / d as f64)) as f32;
        let table = |f: fn(f32) -> f32| {
            flat((0..t * d / 2).map(|at| f(angle(at / (d / 2), at % (d / 2)))).collect()).reshape([
                1,
                1,
                t,
                d / 2,
            ])
        };
        let turned = |x: Tensor<4>| {
            let (first, second) = (x.clone().narrow(3, 0, d / 2), x.narrow(3, d / 2, d / 2));
            let (cos, sin) = (table(f32::cos), table(f32::sin));
            let turned_first = first.clone() * cos.clone() - second.clone() * sin.clone();
            Tensor::cat(vec![turned_first, first * sin + second * cos], 3)
        };
        let mut hidden = Vec::new();
        for stream in 0..b {
            for step in 0..t {
                let began = (0..=step).rev().find(|&s| RESETS[s * b + stream]).unwrap_or(0);
                let seen = |s| s <= step && s >= began && s + window > step;
                hidden.extend((0..t).map(|s| if seen(s) { 0.0 } else { -1e9 }));
            }
        }
        let odds = turned(part(0)).matmul(turned(part(1)).transpose()) / (d as f32).sqrt();
        let odds = softmax(odds + flat(hidden).reshape([b, 1, t, t]), 3);
        // (B, heads, T, d) → (T, B, heads, d)
        odds.matmul(part(2)).permute([2, 0, 1, 3]).reshape([t * b * width])
    });
}

#[test]
fn a_bag_is_a_sum_of_one_hot_products() {
    check(Bag::new(&[0, 1, 2, 0, 2, 2], &[3, 3], 4), &[24, 4], |inputs| {
        let hot = [[0, 4], [2, 3], [2, 5]]
            .map(|ones| (0..6).map(|n| f32::from(u8::from(ones.contains(&n)))).collect());
        let hot: Vec<Vec<f32>> = hot.to_vec();
        let rows = flat(hot.concat()).reshape([3, 6]).matmul(inputs[0].clone().reshape([6, 4]));
        (rows + inputs[1].clone().reshape([1, 4])).reshape([12])
    });
}

#[test]
fn linear_gelu_and_norm_are_their_formulas() {
    check(Linear { input: 3, output: 5 }, &[12, 15, 5], |inputs| {
        let y = inputs[0].clone().reshape([4, 3]).matmul(inputs[1].clone().reshape([3, 5]));
        (y + inputs[2].clone().reshape([1, 5])).reshape([20])
    });
    check(Tied { width: 3, symbols: 5 }, &[12, 21, 5], |inputs| {
        let rows = inputs[1].clone().reshape([7, 3]).narrow(0, 0, 5);
        let y = inputs[0].clone().reshape([4, 3]).matmul(rows.transpose());
        (y + inputs[2].clone().reshape([1, 5])).reshape([20])
    });
    check(Gelu, &[20], |inputs| {
        let x = inputs[0].clone();
        let inner = (x.clone() + x.clone() * x.clone() * x.clone() * 0.044_715) * 0.797_884_6;
        x * 0.5 * (inner.tanh() + 1.0)
    });
    check(LayerNorm { width: 10 }, &[30, 10, 10], |inputs| {
        let x = inputs[0].clone().reshape([3, 10]);
        let centred = x.clone() - x.mean_dim(1);
        let spread = ((centred.clone() * centred.clone()).mean_dim(1) + 1e-5).sqrt();
        let y = centred / spread * inputs[1].clone().reshape([1, 10]);
        (y + inputs[2].clone().reshape([1, 10])).reshape([30])
    });
}

#[test]
fn cross_entropy_is_its_formula() {
    check(CrossEntropy::new(9, vec![1, 8, 4, 0]), &[36], |inputs| {
        let logs = log_softmax(inputs[0].clone().reshape([4, 9]), 1);
        let targets = TensorData::new(vec![1i64, 8, 4, 0], [4, 1]);
        let targets: Tensor<2, Int> = Tensor::from_data(targets, &Device::default().autodiff());
        logs.gather(1, targets).mean().neg()
    });
}
