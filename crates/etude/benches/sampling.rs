//! How fast networks are sampled: `cargo bench -p etude --bench sampling`. Its twin in PyTorch is `sampling.py`.
//!
//! One stream reads each weight once in a step, so its bound is how fast two threads read an array as large as the weights.
//! Both are measured in turns, a few steps at a time and many times, and the least times are told: what else runs on the
//! machine only ever adds. Transformers look back on a full window.

use etude::kernels::line::Line;
use etude::kernels::vector::{Kernel, fast};
use etude::model::Settings;
use etude::sequence::{SequenceModel, Streams, lstm, transformer};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

/// Symbols of the alphabet, Q.
const SYMBOLS: usize = 100;

/// Symbols of which the time is told.
const STEPS: usize = 200;

/// Symbols that are sampled in one go.
const GO: usize = 8;

fn main() {
    // `cargo test --benches` runs this too; the figures are for `cargo bench` alone.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    for (layers, width) in [(3, 512), (2, 256)] {
        let weights = recurrent(lstm::Cell::Lstm, layers, width);
        let read = weights.parameters() - weights.layers[0].input.len();
        measure(&format!("LSTM {layers} x {width}"), lstm::model(weights, Settings::new()), 0, read);
    }
    let weights = recurrent(lstm::Cell::Gru, 3, 512);
    let read = weights.parameters() - weights.layers[0].input.len();
    measure("GRU 3 x 512", lstm::model(weights, Settings::new()), 0, read);
    for (layers, width, heads, window) in [(6, 384, 6, 256), (4, 128, 4, 64)] {
        let weights = attentive(layers, width, heads, window);
        // The keys and values of a full window are read too.
        let read = weights.parameters() - weights.input.len() + 2 * layers * window * width;
        let name = format!("transformer {layers} x {width}, window {window}");
        measure(&name, transformer::model(weights, Settings::new()), window, read);
    }
}

/// Tells the time of 200 symbols of 1, 8 and 64 streams; of one stream, the share of the bound. `read` numbers are read in
/// a step.
fn measure(name: &str, network: Arc<dyn SequenceModel>, window: usize, read: usize) {
    let array = vec![Line([0.5; Line::LEN]); read.div_ceil(Line::LEN)];
    let mut sampler = Sampler::new(&*network, 1, window);
    let (mut bound, mut one) = (f64::MAX, f64::MAX);
    for _ in 0..150 {
        bound = bound.min(stream(&array));
        one = one.min(sampler.go());
    }
    let bytes = (4 * read) as f64;
    println!(
        "{name}: {STEPS} symbols {:.1} ms, {:.1} GB/s of {:.1} ({:.0} %)",
        1000.0 * STEPS as f64 * one,
        bytes / one / 1e9,
        bytes / bound / 1e9,
        100.0 * bound / one
    );
    for streams in [8, 64] {
        let mut sampler = Sampler::new(&*network, streams, window);
        let time = (0..150 / streams).map(|_| sampler.go()).fold(f64::MAX, f64::min);
        let rate = (2 * read * streams) as f64 / time / 1e9;
        println!("    {streams} streams: {:.1} ms, {rate:.1} GFLOP/s", 1000.0 * STEPS as f64 * time);
    }
}

/// Seconds that two threads need to read an array.
fn stream(array: &[Line]) -> f64 {
    let (low, high) = array.split_at(array.len() / 2);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for half in [low, high] {
            scope.spawn(move || (0..GO).for_each(|_| drop(black_box(fast(Sum(black_box(half)))))));
        }
    });
    start.elapsed().as_secs_f64() / GO as f64
}

/// Reads all numbers, and does with them as little as can be.
struct Sum<'a>(&'a [Line]);

impl Kernel for Sum<'_> {
    type Output = Line;

    #[inline(always)]
    fn run(self) -> Line {
        let mut sums = [Line::ZERO; 4];
        for lines in self.0.chunks_exact(4) {
            for (sum, &line) in sums.iter_mut().zip(lines) {
                *sum = sum.add_times(line, 1.0);
            }
        }
        sums[0]
    }
}

/// Streams that take the likeliest symbol each time.
struct Sampler<'a> {
    streams: Box<dyn Streams + 'a>,
    fields: Vec<u32>,
    odds: Vec<f64>,
}

impl<'a> Sampler<'a> {
    /// At a full window.
    fn new(network: &'a dyn SequenceModel, count: usize, window: usize) -> Self {
        let (streams, odds) = (network.begin(count), vec![0.0; count * SYMBOLS]);
        let mut sampler = Self { streams, fields: vec![SYMBOLS as u32; count], odds };
        (0..window.div_ceil(GO)).for_each(|_| drop(sampler.go()));
        sampler
    }

    /// Seconds that a step takes.
    fn go(&mut self) -> f64 {
        let start = Instant::now();
        for _ in 0..GO {
            self.streams.step(&self.fields, &mut self.odds);
            for (field, odds) in self.fields.iter_mut().zip(self.odds.chunks_exact(SYMBOLS)) {
                let top = odds.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
                *field = top.expect("an alphabet has symbols").0 as u32;
            }
        }
        start.elapsed().as_secs_f64() / GO as f64
    }
}

/// Numbers that are small and differ.
fn numbers(count: usize) -> Vec<f32> {
    (0..count as u64).map(|i| ((i * 2_654_435_761 % 1000) as f32 - 499.5) / 10_000.0).collect()
}

fn recurrent(cell: lstm::Cell, layers: usize, width: usize) -> lstm::Weights {
    let columns = cell.gates() * width;
    let layer = |number: usize| lstm::Layer {
        input: numbers(if number == 0 { SYMBOLS + 1 } else { width } * columns),
        recurrent: numbers(width * columns),
        bias: numbers(columns),
        recurrent_bias: numbers(if cell == lstm::Cell::Gru { width } else { 0 }),
    };
    lstm::Weights {
        fields: vec![SYMBOLS + 1],
        symbols: SYMBOLS,
        width,
        cell,
        layers: (0..layers).map(layer).collect(),
        output: numbers(width * SYMBOLS),
        output_bias: numbers(SYMBOLS),
    }
}

fn attentive(layers: usize, width: usize, heads: usize, window: usize) -> transformer::Weights {
    let norm = || transformer::Norm { gain: vec![1.0; width], bias: vec![0.0; width] };
    let layer = |_| transformer::Layer {
        norm1: norm(),
        qkv: numbers(width * 3 * width),
        qkv_bias: numbers(3 * width),
        projection: numbers(width * width),
        projection_bias: numbers(width),
        norm2: norm(),
        up: numbers(width * 4 * width),
        up_bias: numbers(4 * width),
        down: numbers(4 * width * width),
        down_bias: numbers(width),
    };
    transformer::Weights {
        fields: vec![SYMBOLS + 1],
        symbols: SYMBOLS,
        width,
        heads,
        window,
        input: numbers((SYMBOLS + 1) * width),
        layers: (0..layers).map(layer).collect(),
        final_norm: norm(),
        output: numbers(width * SYMBOLS),
        output_bias: numbers(SYMBOLS),
    }
}
