//! Streams: probabilities that sum to one, and copies that go their own ways.

use super::{Mixing, beat_model, model, size, symbol, text};
use crate::sequence::{Sequence, SequenceModel, surprise};

/// Steps along a sequence and compares with what reading it tells.
#[track_caller]
fn check(model: &Mixing, sequence: &Sequence) {
    let mut stream = model.begin(1);
    let mut odds = vec![0.0; model.symbols()];
    let rows = sequence.fields.chunks_exact(model.fields().len());
    for (at, (row, nats)) in rows.zip(surprise(model, sequence)).enumerate() {
        stream.step(row, &mut odds);
        let sum: f64 = odds.iter().map(|log| log.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "step {at}: {sum}");
        assert_eq!(nats, -odds[sequence.symbols[at] as usize], "step {at}");
    }
}

#[test]
fn a_learner_steps_as_it_reads_and_sums_to_one() {
    check(&model(true), &text("over the snow, over the snow, who goes over the snow\nWIND:\n"));
}

#[test]
fn a_fixed_model_steps_as_it_reads_and_sums_to_one() {
    check(&model(false), &text("over the snow, over the snow, who goes over the snow\nWIND:\n"));
}

#[test]
fn fields_are_read_alike() {
    for model in [beat_model(true), beat_model(false)] {
        check(&model, &super::beats().train[0]);
    }
}

#[test]
fn all_runs_of_three_symbols_sum_to_one() {
    let model = beat_model(false);
    let mut sum = 0.0;
    for run in 0..27u32 {
        let symbols = [run / 9, run / 3 % 3, run % 3];
        let fields = [3, 0, 0, symbols[0], 1, 300, symbols[1], 2, 0].to_vec();
        let nats: f64 = surprise(&model, &Sequence { fields, symbols: symbols.to_vec() }).iter().sum();
        sum += (-nats).exp();
    }
    assert!((sum - 1.0).abs() < 1e-6, "{sum}");
}

#[test]
fn copies_of_streams_know_what_their_parents_learnt_and_part_afterwards() {
    let model = model(true);
    let (q, start) = (size(), size() as u32);
    let mut streams = model.begin(3);
    let mut odds = vec![0.0; 3 * q];
    streams.step(&[start; 3], &mut odds);
    for letters in ["sss", "nno", "oow", "wwd"] {
        let fields: Vec<u32> = letters.chars().map(symbol).collect();
        streams.step(&fields, &mut odds);
    }
    streams.select(&[2, 0, 2, 2]);
    let mut odds = vec![0.0; 4 * q];
    let each: Vec<u32> = ['y', 'y', 'y', 'n'].map(symbol).into();
    streams.step(&each, &mut odds);
    streams.step(&each, &mut odds);
    let rows: Vec<&[f64]> = odds.chunks(q).collect();
    assert_eq!(rows[0], rows[2]);
    assert!(rows[0] != rows[1] && rows[0] != rows[3]);
    // The same as if one stream had read it all.
    let mut alone = model.begin(1);
    let mut expected = vec![0.0; q];
    alone.step(&[start], &mut expected);
    for letter in "sowdyy".chars() {
        alone.step(&[symbol(letter)], &mut expected);
    }
    assert_eq!(rows[0], expected);
}

#[test]
fn a_stream_leaves_the_model_as_it_was() {
    let model = model(true);
    let line = text("the quiet hill, the quiet hill");
    assert_eq!(surprise(&model, &line), surprise(&model, &line));
}
