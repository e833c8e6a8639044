//! Tests of the n-gram model, on verses of our own.

mod files;
mod textbook;

use super::options::Options;
use super::{Ngram, train};
use crate::model::Settings;
use crate::sequence::{Chain, Sequence, SequenceModel, Sequences, surprise};

const VERSES: [&str; 6] = [
    "a crow sat on a row of stones",
    "the stones sat on the row",
    "no crow knows what a stone knows",
    "one stone one crow one row",
    "the crow has no stone to sow",
    "so sow the stones in a row",
];

/// Letters a to z and the blank, 0 to 26.
pub(super) const SYMBOLS: usize = 27;

pub(super) fn symbols(text: &str) -> Vec<u32> {
    text.bytes().map(|byte| if byte == b' ' { 26 } else { u32::from(byte - b'a') }).collect()
}

pub(super) fn verses() -> Sequences {
    let train = VERSES.map(|verse| Sequence::plain(&symbols(verse), SYMBOLS)).into();
    Sequences { symbols: SYMBOLS, fields: vec![SYMBOLS + 1], train, valid: Vec::new() }
}

pub(super) fn model(order: usize, fitted: bool, least: u32) -> Ngram {
    train::fitted(&verses(), Options { order, fitted, least }, &mut |_: f64, _: &str| true).expect("verses")
}

/// The kinds of models that the tests try: orders, discounts, contexts forgotten.
fn each(law: impl Fn(&Ngram)) {
    for order in [1, 2, 4, 7] {
        for (fitted, least) in [(true, 1), (false, 1), (true, 2)] {
            law(&model(order, fitted, least));
        }
    }
}

#[test]
fn in_every_context_the_probabilities_sum_to_one() {
    each(|model| {
        let mut odds = vec![0.0; SYMBOLS];
        for state in 0..model.states() {
            model.log_probabilities(state, &mut odds);
            let sum: f64 = odds.iter().map(|p| p.exp()).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
    });
}

#[test]
fn the_chain_tells_what_the_streams_tell() {
    each(|model| {
        let text = symbols("the crow zzz has a stone");
        let (mut one, mut other) = (vec![0.0; SYMBOLS], vec![0.0; SYMBOLS]);
        let (mut stream, mut state) = (model.begin(1), model.start());
        for (&before, &symbol) in std::iter::once(&(SYMBOLS as u32)).chain(&text).zip(&text) {
            stream.step(&[before], &mut one);
            model.log_probabilities(state, &mut other);
            assert_eq!(one, other);
            state = model.after(state, symbol as usize);
        }
    });
}

#[test]
fn reading_tells_the_same_bits_as_stepping() {
    each(|model| {
        let sequence = Sequence::plain(&symbols("no stone knows the zoo"), SYMBOLS);
        let mut odds = vec![0.0; SYMBOLS];
        let mut stream = model.begin(1);
        for (nats, (&before, &symbol)) in
            surprise(model, &sequence).iter().zip(sequence.fields.iter().zip(&sequence.symbols))
        {
            stream.step(&[before], &mut odds);
            assert_eq!(*nats, -odds[symbol as usize]);
        }
    });
}

#[test]
fn all_runs_of_three_symbols_sum_to_one() {
    let model = model(4, true, 1);
    let (mut odds, mut sum) = (vec![0.0; SYMBOLS], 0.0);
    let mut walk = vec![(model.start(), 0.0, 0)];
    while let Some((state, so_far, length)) = walk.pop() {
        if length == 3 {
            sum += f64::exp(so_far);
            continue;
        }
        model.log_probabilities(state, &mut odds);
        walk.extend(
            (0..SYMBOLS).map(|symbol| (model.after(state, symbol), so_far + odds[symbol], length + 1)),
        );
    }
    assert!((sum - 1.0).abs() < 1e-10, "{sum}");
}

#[test]
fn the_start_of_a_sequence_is_context() {
    let model = model(4, false, 1);
    let mut odds = vec![0.0; SYMBOLS];
    model.log_probabilities(model.start(), &mut odds);
    let likely = |letter: &str| odds[symbols(letter)[0] as usize];
    // Two verses begin with t, and none with e, which is far more frequent.
    assert!(likely("t") > likely("e") + 1.0, "{odds:?}");
}

#[test]
fn what_never_came_has_a_probability() {
    let model = model(7, true, 1);
    let nats = surprise(&model, &Sequence::plain(&symbols("zqzq"), SYMBOLS));
    assert!(nats.iter().all(|n| n.is_finite() && *n > 2.0 && *n < 20.0), "{nats:?}");
}

#[test]
fn selected_streams_go_on_from_their_parents() {
    let model = model(4, true, 1);
    let mut odds = vec![0.0; 2 * SYMBOLS];
    let mut streams = model.begin(2);
    streams.step(&[27, 27], &mut odds);
    streams.step(&symbols("ct"), &mut odds);
    streams.select(&[1, 1, 0]);
    assert_eq!(streams.count(), 3);
    let mut after = vec![0.0; 3 * SYMBOLS];
    streams.step(&symbols("hhr"), &mut after);
    let rows: Vec<&[f64]> = after.chunks(SYMBOLS).collect();
    assert_eq!(rows[0], rows[1]);
    let likely = |row: &[f64], letter: &str| row[symbols(letter)[0] as usize] > -0.7;
    assert!(likely(rows[0], "e") && likely(rows[2], "o"), "{after:?}");
}

#[test]
fn fitted_discounts_foretell_the_held_out_verses_better() {
    let mut data = verses();
    data.valid = vec![Sequence::plain(&symbols("the crow sat on the stones in a row"), SYMBOLS)];
    let nats = |fitted| {
        let options = Options { order: 4, fitted, least: 1 };
        let model = train::fitted(&data, options, &mut |_: f64, _: &str| true).expect("verses");
        surprise(&model, &data.valid[0]).iter().sum::<f64>()
    };
    let (fitted, counted) = (nats(true), nats(false));
    assert!(fitted < counted - 0.5, "{fitted} {counted}");
}

#[test]
fn nothing_to_count_is_refused() {
    let data = Sequences { train: vec![Sequence::default()], ..verses() };
    let refused = super::train(&data, &Settings::new(), 0, &mut |_: f64, _: &str| true);
    assert!(refused.is_err());
}
