//! Trainings of tiny networks: they learn, they go on where they were killed, and threads change nothing.

use super::fit::fit;
use super::journal::{Journal, Measurement};
use super::network::Network;
use super::options::Options;
use super::order::{Epoch, Shape, held_out};
use crate::error::Result;
use crate::model::Settings;
use crate::nn::IGNORED;
use crate::sequence::{Sequence, SequenceModel, Sequences, lstm, surprise, transformer};
use crate::train::network::Order;
use std::sync::Arc;

/// Tunes over four symbols: each the alphabet round and round, from its own start and of its own length.
fn rounds() -> Sequences {
    let round = |start: u32, length: u32| {
        let symbols: Vec<u32> = (0..length).map(|step| (start + step) % 4).collect();
        Sequence::plain(&symbols, 4)
    };
    Sequences {
        symbols: 4,
        fields: vec![5],
        train: (0..12).map(|start| round(start, 7 + start % 5)).collect(),
        valid: vec![round(1, 9), round(2, 6)],
    }
}

fn options() -> Options {
    Options {
        batch: 4,
        steps: 5,
        epochs: 4.0,
        updates: 0,
        rate: 0.02,
        floor: 0.1,
        warmup: 0.1,
        decay: 0.01,
        clip: 1.0,
        average: 0.9,
        measure: 3,
        patience: 0,
    }
}

/// Keeps every state, and stops after some updates.
#[derive(Default)]
struct Book {
    kept: Option<Vec<u8>>,
    stop_after: Option<u64>,
    updates: u64,
    lines: Vec<Measurement>,
}

impl Journal for Book {
    fn progress(&mut self, share: f64, words: &str) -> bool {
        assert!((0.0..=1.0).contains(&share) && words.starts_with("update"), "{share} {words}");
        self.updates += 1;
        self.stop_after != Some(self.updates)
    }
    fn log(&mut self, lines: &[Measurement]) {
        self.lines = lines.to_vec();
    }
    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        self.kept = Some(state());
    }
    fn kept(&mut self) -> Option<Vec<u8>> {
        self.kept.clone()
    }
}

fn settings(values: &[(&str, &str)]) -> Settings {
    values.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Settings of small recurrent networks and transformers.
fn recurrent(cell: &str) -> Settings {
    settings(&[("cell", cell), ("width", "8"), ("dropout", "0.1")])
}

fn transforming(tied: &str) -> Settings {
    settings(&[("layers", "1"), ("heads", "2"), ("width", "8"), ("dropout", "0.1"), ("tied", tied)])
}

fn networks() -> [Box<dyn Network>; 3] {
    let recurrent = |cell| Box::new(lstm::train::network(&rounds(), &recurrent(cell)).expect("settings"));
    let transformer = transformer::train::network(&rounds(), &transforming("true")).expect("settings");
    [recurrent("lstm"), recurrent("gru"), Box::new(transformer)]
}

fn train(network: &dyn Network, book: &mut Book) -> Result<Vec<f32>> {
    fit(network, &rounds(), &options(), 7, book)
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_training_learns_and_writes_its_log() {
    for network in networks() {
        let mut book = Book::default();
        let options = Options { epochs: 30.0, ..options() };
        fit(&*network, &rounds(), &options, 7, &mut book).expect("it trains");
        let (first, last) = (book.lines[0], book.lines.last().expect("a line"));
        let even = 4f64.ln();
        assert!(last.train < 0.6 * even && last.valid < Some(0.6 * even), "{:?}", book.lines);
        assert!(first.train > last.train && last.step == book.updates);
    }
}

#[test]
fn a_training_stopped_anywhere_ends_with_the_same_bits() {
    for network in networks() {
        let mut whole = Book::default();
        let expected = train(&*network, &mut whole).expect("it trains");
        for stop in [1, 2, 5, 6, 11, whole.updates] {
            let mut book = Book { stop_after: Some(stop), ..Book::default() };
            assert!(matches!(train(&*network, &mut book), Err(crate::Error::Interrupted)));
            book = Book { kept: book.kept, ..Book::default() };
            let parameters = train(&*network, &mut book).expect("it goes on");
            assert_eq!(bits(&parameters), bits(&expected), "stopped after {stop}");
            assert_eq!((book.updates, &book.lines), (whole.updates - stop, &whole.lines));
        }
    }
}

#[test]
fn threads_change_nothing() {
    for network in networks() {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| train(&*network, &mut Book::default()).expect("it trains"))
        };
        let one = bits(&on(1));
        assert!(one == bits(&on(2)) && one == bits(&on(3)));
    }
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let [network, other, _] = networks();
    let mut book = Book { stop_after: Some(4), ..Book::default() };
    assert!(train(&*network, &mut book).is_err());
    let state = book.kept.expect("a state");
    let error = |bytes: Vec<u8>, network: &dyn Network| {
        let mut book = Book { kept: Some(bytes), ..Book::default() };
        train(network, &mut book).expect_err("not a state of this training").to_string()
    };
    assert!(error(state.clone(), &*other).contains("another training"));
    for at in (0..state.len()).step_by(37).chain([state.len() - 1]) {
        let mut damaged = state.clone();
        damaged[at] ^= 4;
        assert!(error(damaged, &*network).contains("damaged"), "byte {at}");
        assert!(error(state[..at].to_vec(), &*network).contains("damaged"), "cut at {at}");
    }
}

#[test]
fn nothing_to_learn_from_is_an_error() {
    let [network, ..] = networks();
    let data = Sequences { train: vec![Sequence::default()], ..rounds() };
    let error = fit(&*network, &data, &options(), 1, &mut Book::default()).expect_err("nothing");
    assert!(error.to_string().starts_with("nothing to learn from"));
}

#[test]
fn sequences_of_another_kind_are_an_error() {
    let [network, ..] = networks();
    for (field, symbol) in [(5, 0), (0, 4)] {
        let odd = Sequence { fields: vec![field], symbols: vec![symbol] };
        let data = Sequences { valid: vec![odd], ..rounds() };
        let error = fit(&*network, &data, &options(), 1, &mut Book::default()).expect_err("too great");
        assert!(error.to_string().starts_with("a sequence that isn't one of its kind"));
    }
}

/// A model that is made of trained weights finds the same surprise as the network did in training.
#[track_caller]
fn check(network: &dyn Network, model: impl Fn(&[f32]) -> Arc<dyn SequenceModel>) {
    let parameters = train(network, &mut Book::default()).expect("it trains");
    let model = model(&parameters);
    for sequence in &rounds().valid {
        let chunks = held_out(std::slice::from_ref(sequence), 1, network.order(), 1, sequence.len());
        let mut state = vec![0.0; network.carried()];
        let told = network.measure(&parameters, &chunks[0], &mut state);
        let found: f64 = surprise(&*model, sequence).iter().sum();
        assert!((told - found).abs() < 1e-4, "{told}, not {found}");
    }
}

#[test]
fn a_model_is_the_network_that_was_trained() {
    for cell in ["lstm", "gru"] {
        let network = lstm::train::network(&rounds(), &recurrent(cell)).expect("settings");
        check(&network, |parameters| lstm::model(network.weights(parameters), Settings::new()));
    }
    for tied in ["true", "false"] {
        let network = transformer::train::network(&rounds(), &transforming(tied)).expect("settings");
        check(&network, |parameters| transformer::model(network.weights(parameters), Settings::new()));
    }
}

#[test]
fn patience_ends_a_training_and_the_best_weights_stay() {
    let [network, ..] = networks();
    // At a rate of almost 0 nothing gets better than the first measurement for long.
    let options = Options { rate: 1e-30, patience: 2, epochs: 50.0, ..options() };
    let mut book = Book::default();
    fit(&*network, &rounds(), &options, 1, &mut book).expect("it trains");
    assert_eq!(book.updates, 9, "one better measurement, and two that aren't");
}

#[test]
fn streams_read_every_symbol_of_an_epoch_but_a_rest() {
    let data = rounds();
    let all: usize = data.train.iter().map(Sequence::len).sum();
    let shape = Shape::new(Order::Streams, all, 4, 5).expect("symbols");
    let epoch = Epoch::new(&data.train, 1, shape, 3, 0);
    let mut streams = vec![Vec::new(); 4];
    for update in 0..shape.updates() {
        let chunk = epoch.chunk(update);
        for (at, &symbol) in chunk.symbols.iter().enumerate() {
            streams[at % 4].push((chunk.fields[at], symbol, chunk.resets[at]));
        }
    }
    let tape: Vec<_> = streams.concat();
    assert_eq!(tape.len(), all / 4 * 4);
    // The symbol before is the field, but at a sequence's beginning or a stream's.
    for pair in tape.windows(2) {
        assert!(pair[1].2 || pair[1].0 == pair[0].1, "{pair:?}");
        assert!(pair[1].0 != 4 || pair[1].2);
    }
}

#[test]
fn blocks_cover_an_epoch_once() {
    let data = rounds();
    let all: usize = data.train.iter().map(Sequence::len).sum();
    let shape = Shape::new(Order::Blocks, all, 3, 4).expect("symbols");
    let epochs = [0, 1].map(|index| Epoch::new(&data.train, 1, shape, 3, index));
    assert_ne!(epochs[0].chunk(0), epochs[1].chunk(0));
    let chunks: Vec<_> = (0..shape.updates()).map(|update| epochs[0].chunk(update)).collect();
    assert!(chunks.iter().all(|chunk| chunk.resets[..3].iter().all(|reset| *reset)));
    let seen: usize = chunks.iter().map(|chunk| chunk.symbols.len()).sum();
    assert!(seen <= all && all - seen < 3 * 4 + 4, "{seen} of {all}");
}

#[test]
fn held_out_symbols_are_each_measured_once() {
    let data = rounds();
    for order in [Order::Streams, Order::Blocks] {
        let chunks = held_out(&data.valid, 1, order, 4, 4);
        let symbols = chunks.iter().flat_map(|chunk| &chunk.symbols);
        assert_eq!(symbols.filter(|symbol| **symbol != IGNORED).count(), 15);
    }
}
