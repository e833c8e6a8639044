//! Recurrent networks against a plain one in f64.

use super::{Cell, Layer, Weights, load, model};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::sequence::SequenceModel;
use crate::sequence::precision::Precision;
use crate::shelf::{Reader, Tensor, Tensors};

/// A network with random weights; the shorter ranges of wider layers keep its sums in proportion.
pub(crate) fn random(cell: Cell, layers: usize, width: usize, fields: &[usize], seed: u64) -> Weights {
    let mut chance = Chance::new(seed, 0);
    let range = 2.0 / (width as f64).sqrt();
    let mut numbers = |count: usize| -> Vec<f32> {
        (0..count).map(|_| (range * (2.0 * chance.unit() - 1.0)) as f32).collect()
    };
    let (symbols, columns) = (fields[0] - 1, cell.gates() * width);
    let rows: usize = fields.iter().sum();
    let mut layer = |number: usize| Layer {
        input: numbers(if number == 0 { rows } else { width } * columns),
        recurrent: numbers(width * columns),
        bias: numbers(columns),
        recurrent_bias: if cell == Cell::Gru { numbers(width) } else { Vec::new() },
    };
    let layers = (0..layers).map(&mut layer).collect();
    let (output, output_bias) = (numbers(width * symbols), numbers(symbols));
    Weights { fields: fields.to_vec(), symbols, width, cell, layers, output, output_bias }
}

/// Random fields of a step of each stream.
pub(crate) fn fields(sizes: &[usize], streams: usize, chance: &mut Chance) -> Vec<u32> {
    (0..streams).flat_map(|_| sizes).map(|&size| chance.below(size) as u32).collect()
}

/// x W, W (x.len(), J) row-major, in f64.
pub(crate) fn times(x: &[f64], matrix: &[f32], columns: usize) -> Vec<f64> {
    let column =
        |j: usize| x.iter().zip(matrix.iter().skip(j).step_by(columns)).map(|(x, &w)| x * f64::from(w)).sum();
    (0..columns).map(column).collect()
}

/// The network as its equations tell, in f64: one stream, no trick.
struct Plain<'a> {
    weights: &'a Weights,
    hidden: Vec<Vec<f64>>,
    memory: Vec<Vec<f64>>,
}

impl Plain<'_> {
    fn step(&mut self, fields: &[u32]) -> Vec<f64> {
        let weights = self.weights;
        let (width, columns) = (weights.width, weights.cell.gates() * weights.width);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for (number, layer) in weights.layers.iter().enumerate() {
            let x = match number {
                0 => {
                    let mut chosen = vec![0.0; weights.rows()];
                    let mut offset = 0;
                    for (&value, size) in fields.iter().zip(&weights.fields) {
                        chosen[offset + value as usize] = 1.0;
                        offset += size;
                    }
                    chosen
                }
                _ => self.hidden[number - 1].clone(),
            };
            let input = times(&x, &layer.input, columns);
            let input: Vec<f64> = input.iter().zip(&layer.bias).map(|(x, &b)| x + f64::from(b)).collect();
            let recurrent = times(&self.hidden[number], &layer.recurrent, columns);
            for unit in 0..width {
                let (a, b) =
                    (|gate: usize| input[gate * width + unit], |gate: usize| recurrent[gate * width + unit]);
                let (hidden, memory) = (&mut self.hidden[number][unit], &mut self.memory[number][unit]);
                match weights.cell {
                    Cell::Lstm => {
                        let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(a(gate) + b(gate)));
                        *memory = f * *memory + i * (a(2) + b(2)).tanh();
                        *hidden = o * memory.tanh();
                    }
                    Cell::Gru => {
                        let [r, z] = [0, 1].map(|gate| sigmoid(a(gate) + b(gate)));
                        let n = (a(2) + r * (b(2) + f64::from(layer.recurrent_bias[unit]))).tanh();
                        *hidden = (1.0 - z) * n + z * *hidden;
                    }
                }
            }
        }
        let last = self.hidden.last().expect("a layer");
        let odds = times(last, &weights.output, weights.symbols);
        let odds: Vec<f64> = odds.iter().zip(&weights.output_bias).map(|(x, &b)| x + f64::from(b)).collect();
        let total = odds.iter().map(|x| x.exp()).sum::<f64>().ln();
        odds.iter().map(|x| x - total).collect()
    }
}

/// Reads 100 random steps with the network and with the plain one.
#[track_caller]
fn check(weights: &Weights, tolerance: f64) {
    let zero = vec![vec![0.0; weights.width]; weights.layers.len()];
    let mut plain = Plain { weights, hidden: zero.clone(), memory: zero };
    let network = model(weights.clone(), Settings::new());
    let mut stream = network.begin(1);
    let (mut chance, mut found) = (Chance::new(5, 0), vec![0.0; weights.symbols]);
    for step in 0..100 {
        let fields = fields(&weights.fields, 1, &mut chance);
        stream.step(&fields, &mut found);
        for (found, expected) in found.iter().zip(plain.step(&fields)) {
            assert!((found - expected).abs() < tolerance, "step {step}: {found}, not {expected}");
        }
        assert!((found.iter().map(|p| p.exp()).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn lstm_agrees_with_its_equations() {
    check(&random(Cell::Lstm, 2, 40, &[12, 5, 3], 1), 1e-4);
}

#[test]
fn gru_agrees_with_its_equations() {
    check(&random(Cell::Gru, 2, 40, &[12, 5, 3], 2), 1e-4);
}

#[test]
fn small_networks_agree_with_their_equations() {
    check(&random(Cell::Lstm, 1, 1, &[2], 3), 1e-4);
    check(&random(Cell::Gru, 3, 17, &[68], 4), 1e-4);
}

#[test]
fn layers_that_threads_share_agree_with_their_equations() {
    check(&random(Cell::Lstm, 2, 208, &[30], 5), 1e-4);
}

/// ln p of 20 steps of each of some streams, read alone or together.
pub(crate) fn read(network: &dyn SequenceModel, streams: &[u64], together: bool) -> Vec<Vec<f64>> {
    if !together {
        return streams.iter().flat_map(|&stream| read(network, &[stream], true)).collect();
    }
    let mut chances: Vec<Chance> = streams.iter().map(|&stream| Chance::new(6, stream)).collect();
    let mut state = network.begin(streams.len());
    let mut all = vec![Vec::new(); streams.len()];
    let mut found = vec![0.0; streams.len() * network.symbols()];
    for _ in 0..20 {
        let step: Vec<u32> =
            chances.iter_mut().flat_map(|chance| fields(network.fields(), 1, chance)).collect();
        state.step(&step, &mut found);
        all.iter_mut().zip(found.chunks(network.symbols())).for_each(|(all, found)| all.extend(found));
    }
    all
}

#[test]
fn many_streams_get_the_bits_of_each_alone() {
    for cell in [Cell::Lstm, Cell::Gru] {
        let network = model(random(cell, 2, 40, &[9, 4], 7), Settings::new());
        for count in [1, 2, 5, 6, 13] {
            let streams: Vec<u64> = (0..count).collect();
            assert_eq!(read(&*network, &streams, true), read(&*network, &streams, false));
        }
    }
}

#[test]
fn threads_change_no_bit() {
    let network = model(random(Cell::Lstm, 2, 208, &[30], 8), Settings::new());
    let read = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| read(&*network, &[0, 1, 2, 3, 4, 5, 6], true))
    };
    assert_eq!(read(1), read(4));
}

#[test]
fn selected_streams_go_on_as_their_parents_do() {
    for cell in [Cell::Lstm, Cell::Gru] {
        let network = model(random(cell, 2, 20, &[9, 4], 9), Settings::new());
        let mut chance = Chance::new(1, 0);
        let (mut streams, mut found) = (network.begin(3), vec![0.0; 24]);
        for _ in 0..5 {
            streams.step(&fields(network.fields(), 3, &mut chance), &mut found);
        }
        streams.select(&[2, 0, 0, 2, 1]);
        assert_eq!(streams.count(), 5);
        let (mut five, mut one) = (vec![0.0; 40], vec![0.0; 8]);
        streams.step(&[3, 1].repeat(5), &mut five);
        streams.select(&[3]);
        streams.step(&[0, 0], &mut one);
        assert_eq!(five[..8], five[24..32]);
        assert_eq!(five[8..16], five[16..24]);
        assert_ne!(five[..8], five[8..16]);
        streams.select(&[]);
        streams.step(&[], &mut []);
    }
}

#[test]
fn a_saved_network_is_the_same_network() {
    for cell in [Cell::Lstm, Cell::Gru] {
        for precision in Precision::ALL {
            let settings = Settings::from([("precision".to_owned(), precision.name().to_owned())]);
            let first = model(random(cell, 2, 20, &[9, 4], 10), settings.clone());
            let again = load(&first.settings(), &Reader::new("test", first.tensors())).expect("it is sound");
            assert_eq!(first.tensors(), again.tensors());
            assert_eq!(first.settings(), again.settings());
            assert_eq!(read(&*first, &[0, 1], true), read(&*again, &[0, 1], true));
        }
    }
}

#[test]
fn a_rounded_network_is_much_the_same() {
    let of = |precision: &str| {
        let settings = Settings::from([("precision".to_owned(), precision.to_owned())]);
        read(&*model(random(Cell::Lstm, 2, 40, &[9, 4], 11), settings), &[0], true)
    };
    let exact = of("f32");
    for (precision, tolerance) in [("f16", 0.005), ("i8", 0.05)] {
        let rounded = of(precision);
        let most = exact[0].iter().zip(&rounded[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(most > 0.0 && most < tolerance, "{precision}: {most}");
    }
}

/// Loads a file of a small network after a change.
fn changed(change: impl FnOnce(&mut Tensors)) -> Result<(), String> {
    let mut tensors = model(random(Cell::Gru, 2, 3, &[4, 2], 12), Settings::new()).tensors();
    change(&mut tensors);
    load(&Settings::new(), &Reader::new("test", tensors)).map(drop).map_err(|error| error.to_string())
}

#[test]
fn lies_about_sizes_are_refused() {
    let shape = |numbers: [u32; 5]| {
        changed(|tensors| drop(tensors.insert("lstm.shape".into(), Tensor::U32(vec![5], numbers.to_vec()))))
    };
    assert_eq!(shape([3, 3, 2, 1, 0]), Ok(()));
    let refused = |numbers| shape(numbers).expect_err("a lie");
    assert_eq!(refused([3, 4, 2, 1, 0]), "test: found 54 numbers in `lstm.0.input`, expected 72");
    assert_eq!(
        refused([0, 3, 2, 1, 0]),
        "test: found 0 symbols, not 1 to 65536, expected a recurrent network"
    );
    assert_eq!(refused([3, 3, 0, 1, 0]), "test: found 0 layers, not 1 to 64, expected a recurrent network");
    assert_eq!(
        refused([4, 3, 2, 1, 0]),
        "test: found 4 values of field 0, not 5, expected a recurrent network"
    );
    assert_eq!(refused([3, 3, 3, 1, 0]), "test: found no such array, expected an array `lstm.2.input`");
    assert_eq!(refused([3, 3, 2, 2, 0]), "test: found units of kind 2, expected 0 for LSTM or 1 for GRU");
    refused([3, 3, 2, 1, 3]);
    refused([u32::MAX; 5]);
}

#[test]
fn weights_of_another_shape_are_no_network() {
    let mut weights = random(Cell::Lstm, 1, 2, &[3], 13);
    weights.check().expect("sound");
    weights.layers[0].bias.pop();
    assert_eq!(weights.check().expect_err("short").to_string(), "7 numbers in lstm.0.bias; hint: shape [8]");
    weights.layers[0].bias.push(f32::NAN);
    let hint = "NaN in lstm.0.bias; hint: train with a smaller learning rate";
    assert_eq!(weights.check().expect_err("not a number").to_string(), hint);
}

#[test]
fn any_damaged_file_is_refused_or_makes_a_network_that_runs() {
    let mut chance = Chance::new(14, 0);
    for round in 0..300 {
        let precision = Precision::ALL[round % 3].name().to_owned();
        let settings = Settings::from([("precision".to_owned(), precision)]);
        let mut tensors = model(random(Cell::Lstm, 2, 3, &[4, 2], 15), settings.clone()).tensors();
        damage(&mut tensors, &mut chance);
        if let Ok(network) = load(&settings, &Reader::new("test", tensors)) {
            for found in read(&*network, &[0, 1], true) {
                assert!(found.iter().all(|p| p.is_finite()), "{found:?}");
            }
        }
    }
}

/// Changes one array: a byte of it, its length, its type, or its name.
pub(crate) fn damage(tensors: &mut Tensors, chance: &mut Chance) {
    let names: Vec<String> = tensors.keys().cloned().collect();
    let name = names[chance.below(names.len())].clone();
    let mut tensor = tensors.remove(&name).expect("it is there");
    let bit = chance.below(32);
    match &mut tensor {
        _ if chance.below(8) == 0 => tensor = Tensor::U16(vec![1], vec![7]),
        Tensor::F32(_, values) => {
            let at = chance.below(values.len());
            match chance.below(4) {
                0 => drop(values.remove(at)),
                1 => values.push(0.0),
                _ => values[at] = f32::from_bits(values[at].to_bits() ^ (1 << bit)),
            }
        }
        Tensor::U8(_, values) => {
            let at = chance.below(values.len());
            values[at] ^= 1 << (bit % 8);
        }
        Tensor::U16(_, values) => {
            let at = chance.below(values.len());
            values[at] ^= 1 << (bit % 16);
        }
        Tensor::U32(_, values) => {
            let at = chance.below(values.len());
            values[at] ^= 1 << bit;
        }
        Tensor::U64(..) => {}
    }
    if chance.below(10) > 0 {
        tensors.insert(name, tensor);
    }
}
