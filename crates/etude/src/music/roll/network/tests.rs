//! Gradients against finite differences, with a state that flows through frames, resets and chunks.

use super::super::frame::Frame;
use super::super::nade::Nade;
use super::Head;
use super::learn::{FrameNetwork, sequence};
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

#[track_caller]
fn check<H: Head>(head: H, units: usize, tied: bool) {
    let network = FrameNetwork { head, units, tied, dropout: 0.0, visible: vec![-2.0; 88] };
    let mut chance = Chance::new(3, 0);
    let mut flat: Vec<f32> =
        network.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect();
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
    check(Nade { hidden: 7 }, 0, false);
}

#[test]
fn the_gradient_through_time_agrees_with_differences() {
    check(Nade { hidden: 7 }, 6, false);
}

#[test]
fn the_gradient_through_tied_states_agrees_with_differences() {
    check(Nade { hidden: 7 }, 7, true);
}

#[test]
fn frames_go_into_fields_and_back() {
    let chunk = chunk();
    let network = FrameNetwork {
        head: Nade { hidden: 2 },
        units: 3,
        tied: false,
        dropout: 0.5,
        visible: vec![0.0; 88],
    };
    assert_eq!(chunk.fields.len(), 10 * 11);
    assert!(network.identity().contains("dropout 0.5"));
}
