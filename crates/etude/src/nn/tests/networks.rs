//! Whole networks: their gradients against finite differences, and their state from chunk to chunk.

use super::numbers;
use crate::inference::chance::Chance;
use crate::nn::IGNORED;
use crate::sequence::{Sequences, lstm, transformer};
use crate::train::network::{Chunk, Network};

const STEPS: usize = 6;
const STREAMS: usize = 3;

fn data() -> Sequences {
    Sequences { symbols: 5, fields: vec![6, 3], ..Sequences::default() }
}

fn recurrent(cell: &str) -> impl Network {
    let values = [("cell", cell), ("width", "4"), ("layers", "2"), ("dropout", "0")];
    lstm::train::network(&data(), &values.map(|(name, value)| (name.into(), value.into())).into())
        .expect("settings")
}

fn transforming(tied: &str) -> impl Network {
    let values =
        [("tied", tied), ("width", "8"), ("heads", "2"), ("layers", "2"), ("block", "4"), ("dropout", "0")];
    transformer::train::network(&data(), &values.map(|(name, value)| (name.into(), value.into())).into())
        .expect("settings")
}

/// Random steps, one of which doesn't count; a sequence begins here and there.
fn chunk() -> Chunk {
    let mut chance = Chance::new(5, 1);
    let count = STEPS * STREAMS;
    let fields = (0..count).flat_map(|_| [chance.below(6) as u32, chance.below(3) as u32]).collect();
    let mut chance = Chance::new(5, 2);
    let mut symbols: Vec<u32> = (0..count).map(|_| chance.below(5) as u32).collect();
    symbols[4] = IGNORED;
    let resets = (0..count).map(|_| chance.below(5) == 0).collect();
    Chunk { steps: STEPS, streams: STREAMS, fields, symbols, resets }
}

#[track_caller]
fn check(network: &impl Network) {
    let count = network.parameters().iter().map(|parameter| parameter.length).sum();
    let parameters = numbers(7, count, 0.4);
    let state = numbers(8, STREAMS * network.carried(), 0.5);
    let (chunk, counted) = (chunk(), (STEPS * STREAMS - 1) as f64);
    let (nats, gradient) = network.learn(&parameters, &chunk, &mut state.clone(), &mut Chance::new(1, 1));
    assert_eq!(nats, network.measure(&parameters, &chunk, &mut state.clone()));
    assert_eq!(gradient.len(), count);
    for at in (0..count).step_by(3) {
        let moved = |by: f32| {
            let mut parameters = parameters.clone();
            parameters[at] += by;
            network.measure(&parameters, &chunk, &mut state.clone()) / counted
        };
        let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        let error = (slope - f64::from(gradient[at])).abs();
        assert!(error < 1e-3 + 1e-2 * slope.abs(), "parameter {at}: {}, not {slope}", gradient[at]);
    }
}

#[test]
fn gradients_of_recurrent_networks_are_slopes() {
    check(&recurrent("lstm"));
    check(&recurrent("gru"));
}

#[test]
fn gradients_of_transformers_are_slopes() {
    check(&transforming("true"));
    check(&transforming("false"));
}

#[test]
fn a_stretch_in_two_chunks_is_as_surprising_as_in_one() {
    for cell in ["lstm", "gru"] {
        let network = recurrent(cell);
        let count = network.parameters().iter().map(|parameter| parameter.length).sum();
        let (parameters, whole) = (numbers(7, count, 0.4), chunk());
        let mut state = vec![0.0; STREAMS * network.carried()];
        let expected = network.measure(&parameters, &whole, &mut state.clone());
        let part = |from: usize, to: usize| Chunk {
            steps: to - from,
            streams: STREAMS,
            fields: whole.fields[2 * STREAMS * from..2 * STREAMS * to].to_vec(),
            symbols: whole.symbols[STREAMS * from..STREAMS * to].to_vec(),
            resets: whole.resets[STREAMS * from..STREAMS * to].to_vec(),
        };
        let first = network.measure(&parameters, &part(0, 2), &mut state);
        let second = network.measure(&parameters, &part(2, STEPS), &mut state);
        assert!((first + second - expected).abs() < 1e-9, "{first} + {second}, not {expected}");
    }
}
