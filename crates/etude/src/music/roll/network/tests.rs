//! Gradients against finite differences, with a state that flows through frames, resets and chunks.

use super::super::frame::Frame;
use super::super::nade::Nade;
use super::arrays::First;
use super::learn::{FrameNetwork, sequence};
use super::{Head, Trained, biased, step};
use crate::inference::chance::Chance;
use crate::train::network::{Chunk, Network};

/// Two streams of five frames; the second begins anew at its third.
fn chunk() -> Chunk {
    let frames: [[Frame; 5]; 2] =
        [[0b1001, 0b10, 1 << 40 | 1, 0, 0b11 << 86], [1 << 50, 0b1001, 0b100, 0b1001, 1 << 50 | 2]];
    let mut chunk =
        Chunk { steps: 5, streams: 2, fields: vec![], symbols: vec![0; 10], resets: vec![false; 10] };
    for step in 0..5 {
        for stream in frames {
            chunk.fields.extend(sequence(&[stream[step]]).fields);
        }
    }
    chunk.resets[5] = true;
    chunk.symbols[8] = crate::nn::IGNORED;
    chunk
}

/// A network with weights that were drawn.
fn drawn<H: Head>(head: H, units: usize, tied: bool) -> (FrameNetwork<H>, Vec<f32>) {
    let network = FrameNetwork {
        head,
        units,
        tied,
        dropout: 0.0,
        first: First { visible: vec![-2.0; 88], ..First::default() },
        thinning: 1,
    };
    let mut chance = Chance::new(3, 0);
    let flat = network.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect();
    (network, flat)
}

#[track_caller]
fn check<H: Head>(head: H, units: usize, tied: bool) {
    let (network, mut flat) = drawn(head, units, tied);
    let mut chance = Chance::new(3, 1);
    let carried = vec![0.1; 2 * network.carried()];
    let chunk = chunk();
    let (nats, gradient) = network.learn(&flat, &chunk, &mut carried.clone(), &mut chance);
    assert!((nats - network.measure(&flat, &chunk, &mut carried.clone())).abs() < 1e-4, "the same surprise");
    let counted = 9.0;
    for place in (0..flat.len()).step_by(flat.len() / 400) {
        let kept = flat[place];
        let mut at = |x: f32| {
            flat[place] = x;
            network.measure(&flat, &chunk, &mut carried.clone())
        };
        let (up, down) = (at(kept + 0.01), at(kept - 0.01));
        flat[place] = kept;
        let found = (up - down) / 0.02 / counted;
        let told = f64::from(gradient[place]);
        assert!((found - told).abs() < 2e-3 * (1.0 + found.abs()), "{place}: {told}, not {found}");
    }
}

#[test]
fn the_gradient_of_nade_agrees_with_differences() {
    check(Nade { hidden: 7, kept: 1.0 }, 0, false);
}

#[test]
fn the_gradient_through_time_agrees_with_differences() {
    check(Nade { hidden: 7, kept: 1.0 }, 6, false);
}

#[test]
fn the_gradient_through_tied_states_agrees_with_differences() {
    check(Nade { hidden: 7, kept: 1.0 }, 7, true);
}

#[test]
fn frames_go_into_fields_and_back() {
    let chunk = chunk();
    let network = FrameNetwork {
        head: Nade { hidden: 2, kept: 1.0 },
        units: 3,
        tied: false,
        dropout: 0.5,
        first: First::default(),
        thinning: 1,
    };
    assert_eq!(chunk.fields.len(), 10 * 11);
    assert!(network.identity().contains("dropout 0.5"));
}

/// Many frames of many streams at once have the states and biases that one frame after the other has.
#[track_caller]
fn check_forwards(tied: bool) {
    let (network, flat) = drawn(Nade { hidden: 7, kept: 1.0 }, if tied { 7 } else { 6 }, tied);
    let frames: Vec<Frame> = (0..20).map(|at| 0b1011 << (3 * at)).collect();
    let trained = Trained { network, flat };
    let fast = trained.biases(&frames);
    let arrays = trained.arrays();
    let mut state = vec![0.0; trained.network.units];
    let mut biases = trained.network.biases();
    for (at, frame) in frames.iter().enumerate() {
        biased(&arrays, &state, &mut biases);
        let (found, slow) = (fast.rows().of(at), biases.rows());
        let pairs = found.visible.iter().zip(slow.visible).chain(found.hidden.iter().zip(slow.hidden));
        pairs.for_each(|(fast, slow)| assert!((fast - slow).abs() < 1e-5, "frame {at}: {fast}, not {slow}"));
        let mut next = state.clone();
        step(&arrays, &state, &biases.hidden, *frame, &mut next);
        state = next;
    }
}

#[test]
fn many_steps_at_once_are_those_of_one_after_the_other() {
    check_forwards(false);
    check_forwards(true);
}

#[test]
fn the_gradient_of_many_streams_is_that_of_its_groups() {
    let (network, flat) = drawn(Nade { hidden: 7, kept: 1.0 }, 6, false);
    // Forty streams of three frames, in groups of sixteen, and the same streams one by one.
    let frames: Vec<Frame> = (0..120).map(|at| 0b101 << (at % 80)).collect();
    let chunk = |frames: &[Frame], streams| Chunk {
        steps: 3,
        streams,
        fields: sequence(frames).fields,
        symbols: vec![0; frames.len()],
        resets: vec![false; frames.len()],
    };
    let learn = |chunk: &Chunk| {
        let mut carried = vec![0.2; chunk.streams * network.carried()];
        network.learn(&flat, chunk, &mut carried, &mut Chance::new(1, 0))
    };
    let (nats, all) = learn(&chunk(&frames, 40));
    let (mut slow_nats, mut slow) = (0.0, vec![0.0; flat.len()]);
    for stream in 0..40 {
        let own: Vec<Frame> = (0..3).map(|step| frames[step * 40 + stream]).collect();
        let (nats, gradient) = learn(&chunk(&own, 1));
        slow_nats += nats;
        slow.iter_mut().zip(gradient).for_each(|(sum, slope)| *sum += slope / 40.0);
    }
    assert!((nats - slow_nats).abs() < 1e-3, "{nats}, not {slow_nats}");
    all.iter().zip(slow).for_each(|(fast, slow)| assert!((fast - slow).abs() < 1e-5, "{fast}, not {slow}"));
}
