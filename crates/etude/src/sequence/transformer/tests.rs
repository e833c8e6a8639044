//! Transformers against a plain one in f64.

use super::{Layer, Norm, Weights, load, model};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::sequence::lstm::tests::{damage, fields, read, times};
use crate::sequence::precision::Precision;
use crate::shelf::{Reader, Tensor};

/// Layers, width, heads and window.
type Shape = [usize; 4];

/// A transformer with random weights.
pub(crate) fn random([layers, width, heads, window]: Shape, fields: &[usize], seed: u64) -> Weights {
    let mut chance = Chance::new(seed, 0);
    let mut numbers = |count: usize, middle: f32, range: f32| -> Vec<f32> {
        (0..count).map(|_| middle + range * (2.0 * chance.unit() as f32 - 1.0)).collect()
    };
    let range = 2.0 / (width as f32).sqrt();
    let symbols = fields[0] - 1;
    let input = numbers(fields.iter().sum::<usize>() * width, 0.0, 1.0);
    let layers = (0..layers).map(|_| Layer {
        norm1: Norm { gain: numbers(width, 1.0, 0.5), bias: numbers(width, 0.0, 0.2) },
        qkv: numbers(width * 3 * width, 0.0, range),
        qkv_bias: numbers(3 * width, 0.0, 0.5),
        projection: numbers(width * width, 0.0, range),
        projection_bias: numbers(width, 0.0, 0.5),
        norm2: Norm { gain: numbers(width, 1.0, 0.5), bias: numbers(width, 0.0, 0.2) },
        up: numbers(width * 4 * width, 0.0, range),
        up_bias: numbers(4 * width, 0.0, 0.5),
        down: numbers(4 * width * width, 0.0, range / 2.0),
        down_bias: numbers(width, 0.0, 0.5),
    });
    let layers = layers.collect();
    let final_norm = Norm { gain: numbers(width, 1.0, 0.5), bias: numbers(width, 0.0, 0.2) };
    let (output, output_bias) = (numbers(width * symbols, 0.0, range), numbers(symbols, 0.0, 0.5));
    let fields = fields.to_vec();
    Weights { fields, symbols, width, heads, window, input, layers, final_norm, output, output_bias }
}

/// x W + b in f64.
fn affine(x: &[f64], matrix: &[f32], bias: &[f32]) -> Vec<f64> {
    times(x, matrix, bias.len()).iter().zip(bias).map(|(x, &b)| x + f64::from(b)).collect()
}

fn normalised(x: &[f64], norm: &Norm) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / x.len() as f64;
    let scaled = |(i, x): (usize, &f64)| {
        (x - mean) / (variance + 1e-5).sqrt() * f64::from(norm.gain[i]) + f64::from(norm.bias[i])
    };
    x.iter().enumerate().map(scaled).collect()
}

fn rotated(numbers: &[f64], step: usize) -> Vec<f64> {
    let half = numbers.len() / 2;
    let angle = |pair: usize| step as f64 * 10_000f64.powf(-(pair as f64) / half as f64);
    let turned = |i: usize| {
        let (sin, cos) = angle(i % half).sin_cos();
        if i < half {
            numbers[i] * cos - numbers[i + half] * sin
        } else {
            numbers[i] * cos + numbers[i - half] * sin
        }
    };
    (0..numbers.len()).map(turned).collect()
}

/// A transformer as its equations tell, in f64: all keys and values that ever were, of each layer.
struct Plain<'a> {
    weights: &'a Weights,
    past: Vec<Vec<(Vec<f64>, Vec<f64>)>>,
}

impl Plain<'_> {
    fn step(&mut self, fields: &[u32]) -> Vec<f64> {
        let Weights { width, heads, window, .. } = *self.weights;
        let mut x = vec![0.0; width];
        let mut offset = 0;
        for (&value, size) in fields.iter().zip(&self.weights.fields) {
            let row = &self.weights.input[(offset + value as usize) * width..][..width];
            x.iter_mut().zip(row).for_each(|(x, &w)| *x += f64::from(w));
            offset += size;
        }
        for (layer, past) in self.weights.layers.iter().zip(&mut self.past) {
            let qkv = affine(&normalised(&x, &layer.norm1), &layer.qkv, &layer.qkv_bias);
            let step = past.len();
            let size = width / heads;
            let turned =
                |part: &[f64]| part.chunks(size).flat_map(|head| rotated(head, step)).collect::<Vec<_>>();
            let query = turned(&qkv[..width]);
            past.push((turned(&qkv[width..2 * width]), qkv[2 * width..].to_vec()));
            let mut found = vec![0.0; width];
            for head in (0..heads).map(|head| head * size..(head + 1) * size) {
                let seen = &past[past.len().saturating_sub(window)..];
                let score = |key: &[f64]| {
                    query[head.clone()].iter().zip(&key[head.clone()]).map(|(q, k)| q * k).sum::<f64>()
                };
                let odds: Vec<f64> =
                    seen.iter().map(|(k, _)| (score(k) / (size as f64).sqrt()).exp()).collect();
                let total: f64 = odds.iter().sum();
                for (odds, (_, value)) in odds.iter().zip(seen) {
                    head.clone().for_each(|i| found[i] += odds / total * value[i]);
                }
            }
            let add = |x: &mut Vec<f64>, news: Vec<f64>| x.iter_mut().zip(news).for_each(|(x, y)| *x += y);
            add(&mut x, affine(&found, &layer.projection, &layer.projection_bias));
            let up = affine(&normalised(&x, &layer.norm2), &layer.up, &layer.up_bias);
            let bend = (2.0 / std::f64::consts::PI).sqrt();
            let gelu = |x: &f64| 0.5 * x * (1.0 + (bend * (x + 0.044_715 * x.powi(3))).tanh());
            let up: Vec<f64> = up.iter().map(gelu).collect();
            add(&mut x, affine(&up, &layer.down, &layer.down_bias));
        }
        let normal = normalised(&x, &self.weights.final_norm);
        let odds = affine(&normal, &self.weights.output, &self.weights.output_bias);
        let total = odds.iter().map(|x| x.exp()).sum::<f64>().ln();
        odds.iter().map(|x| x - total).collect()
    }
}

/// Reads 100 random steps with the transformer and with the plain one.
#[track_caller]
fn check(shape: Shape, sizes: &[usize]) {
    let weights = random(shape, sizes, 1);
    let mut plain = Plain { weights: &weights, past: vec![Vec::new(); weights.layers.len()] };
    let network = model(weights.clone(), Settings::new());
    let mut stream = network.begin(1);
    let (mut chance, mut found) = (Chance::new(5, 0), vec![0.0; weights.symbols]);
    for step in 0..100 {
        let fields = fields(sizes, 1, &mut chance);
        stream.step(&fields, &mut found);
        for (found, expected) in found.iter().zip(plain.step(&fields)) {
            assert!((found - expected).abs() < 1e-4, "step {step}: {found}, not {expected}");
        }
        assert!((found.iter().map(|p| p.exp()).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_transformer_agrees_with_its_equations_beyond_its_window() {
    check([2, 32, 2, 24], &[12, 5, 3]);
}

#[test]
fn a_transformer_of_odd_sizes_agrees_with_its_equations() {
    check([2, 20, 2, 17], &[70]);
    check([1, 2, 1, 1], &[2]);
}

#[test]
fn a_transformer_that_threads_share_agrees_with_its_equations() {
    check([1, 160, 4, 200], &[9]);
}

#[test]
fn many_streams_get_the_bits_of_each_alone() {
    let network = model(random([2, 20, 2, 7], &[9, 4], 2), Settings::new());
    for count in [1, 2, 5, 6, 13] {
        let streams: Vec<u64> = (0..count).collect();
        assert_eq!(read(&*network, &streams, true), read(&*network, &streams, false));
    }
}

#[test]
fn threads_change_no_bit() {
    let network = model(random([1, 160, 4, 50], &[9], 3), Settings::new());
    let read = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| read(&*network, &[0, 1, 2, 3, 4, 5, 6], true))
    };
    assert_eq!(read(1), read(4));
}

#[test]
fn selected_streams_go_on_as_their_parents_do() {
    let network = model(random([2, 20, 2, 7], &[9, 4], 4), Settings::new());
    let mut chance = Chance::new(1, 0);
    let (mut streams, mut found) = (network.begin(3), vec![0.0; 24]);
    for _ in 0..9 {
        streams.step(&fields(network.fields(), 3, &mut chance), &mut found);
    }
    streams.select(&[2, 0, 0, 2, 1]);
    assert_eq!(streams.count(), 5);
    let mut five = vec![0.0; 40];
    streams.step(&[3, 1].repeat(5), &mut five);
    assert_eq!(five[..8], five[24..32]);
    assert_eq!(five[8..16], five[16..24]);
    assert_ne!(five[..8], five[8..16]);
    streams.select(&[3]);
    streams.step(&[0, 0], &mut five[..8]);
    streams.select(&[]);
    streams.step(&[], &mut []);
}

#[test]
fn a_saved_transformer_is_the_same_transformer() {
    for precision in Precision::ALL {
        let settings = Settings::from([("precision".to_owned(), precision.name().to_owned())]);
        let first = model(random([2, 20, 2, 7], &[9, 4], 5), settings);
        let again = load(&first.settings(), &Reader::new("test", first.tensors())).expect("it is sound");
        assert_eq!(first.tensors(), again.tensors());
        assert_eq!(first.settings(), again.settings());
        assert_eq!(read(&*first, &[0, 1], true), read(&*again, &[0, 1], true));
    }
}

#[test]
fn lies_about_sizes_are_refused() {
    let refused = |shape: [u32; 6]| {
        let mut tensors = model(random([1, 4, 2, 7], &[4, 2], 6), Settings::new()).tensors();
        tensors.insert("transformer.shape".into(), Tensor::U32(vec![6], shape.to_vec()));
        let loaded = load(&Settings::new(), &Reader::new("test", tensors));
        loaded.map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(refused([3, 4, 1, 2, 7, 0]), Ok(()));
    let error = |shape| refused(shape).expect_err("a lie");
    assert_eq!(error([3, 8, 1, 2, 7, 0]), "test: found 24 numbers in `transformer.input`, expected 48");
    assert_eq!(error([3, 4, 1, 4, 7, 0]), "test: found 4 heads of 4 numbers, expected a transformer");
    let room = "test: found 67108864 numbers to remember, not 1 to 33554432, expected a transformer";
    assert_eq!(error([3, 4096, 1, 4, 16384, 0]), room);
    error([u32::MAX; 6]);
    error([3, 4, 1, 0, 7, 0]);
}

#[test]
fn any_damaged_file_is_refused_or_makes_a_transformer_that_runs() {
    let mut chance = Chance::new(14, 0);
    for round in 0..300 {
        let precision = Precision::ALL[round % 3].name().to_owned();
        let settings = Settings::from([("precision".to_owned(), precision)]);
        let mut tensors = model(random([2, 4, 2, 3], &[4, 2], 15), settings.clone()).tensors();
        damage(&mut tensors, &mut chance);
        if let Ok(network) = load(&settings, &Reader::new("test", tensors)) {
            for found in read(&*network, &[0, 1], true) {
                assert!(found.iter().all(|p| p.is_finite()), "{found:?}");
            }
        }
    }
}
