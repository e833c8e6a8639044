//! Tests of the mixing model, on a rhyme of our own.

mod files;
mod streams;

use super::options::Options;
use super::{Mixing, train};
use crate::model::Settings;
use crate::sequence::{Sequence, Sequences, surprise};

const RHYME: [&str; 5] = [
    "WIND:\nwho goes over the hill tonight\n",
    "SNOW:\nI go over the hill so white\n",
    "WIND:\nwho comes down to the valley below\n",
    "SNOW:\nthe snow comes down, the quiet snow\n",
    "WIND:\nthen over the hill and over the hill we go\n",
];

const LETTERS: &str = "\n ,:IDNOSWabcdefghilmnoqrstuvwy";

fn symbol(letter: char) -> u32 {
    LETTERS.chars().position(|l| l == letter).expect("a letter of the rhyme") as u32
}

fn size() -> usize {
    LETTERS.chars().count()
}

/// A piece of text as a sequence.
fn text(text: &str) -> Sequence {
    let symbols: Vec<u32> = text.chars().map(symbol).collect();
    Sequence::plain(&symbols, size())
}

/// The rhyme, one sequence for each voice.
fn rhyme() -> Sequences {
    Sequences { symbols: size(), fields: vec![size() + 1], train: RHYME.map(text).into(), valid: Vec::new() }
}

fn options(learns: bool) -> Options {
    Options { learns, rate: 0.02, spelling: LETTERS.to_owned(), ..Options::default() }
}

fn model(learns: bool) -> Mixing {
    train::fitted(&rhyme(), options(learns), &mut |_: f64, _: &str| true).expect("the rhyme")
}

/// Three symbols with two further fields: the place in a bar of four, and a parity.
fn beats() -> Sequences {
    let symbols: Vec<u32> = (0..160).map(|step| [0, 1, 2, 1, 0, 2, 2, 1][step * step % 8]).collect();
    let plain = Sequence::plain(&symbols, 3);
    let row = |(step, &before): (usize, &u32)| [before, step as u32 % 4, 300 * (step as u32 % 2)];
    let fields = plain.fields.iter().enumerate().flat_map(row).collect();
    Sequences {
        symbols: 3,
        fields: vec![4, 4, 301],
        train: vec![Sequence { fields, symbols }],
        valid: Vec::new(),
    }
}

fn beat_model(learns: bool) -> Mixing {
    let options = Options { learns, rate: 0.02, ..Options::default() };
    train::fitted(&beats(), options, &mut |_: f64, _: &str| true).expect("the beats")
}

fn total(model: &Mixing, sequence: &Sequence) -> f64 {
    surprise(model, sequence).iter().sum()
}

#[test]
fn what_was_read_in_training_is_foretold() {
    for model in [model(true), model(false)] {
        let known = text("who goes over the hill");
        let uniform = known.len() as f64 * (size() as f64).ln();
        assert!(total(&model, &known) < 0.5 * uniform, "{}", total(&model, &known));
    }
}

#[test]
fn a_learner_is_less_surprised_by_repeats() {
    let again = text("snowy night snowy night snowy night snowy night ");
    let (adaptive, fixed) = (total(&model(true), &again), total(&model(false), &again));
    assert!(adaptive < 0.8 * fixed, "{adaptive} {fixed}");
    let nats = surprise(&model(true), &again);
    let mean = |range: std::ops::Range<usize>| nats[range].iter().sum::<f64>();
    assert!(mean(36..48) < 0.4 * mean(0..12), "{nats:?}");
}

#[test]
fn further_passes_forget_what_came_where() {
    let twice = Options { passes: 2, ..options(false) };
    let twice = train::fitted(&rhyme(), twice, &mut |_: f64, _: &str| true).expect("the rhyme");
    let once = model(false);
    assert_eq!(twice.frame.text, once.frame.text);
    assert!(twice.learnt.weights != once.learnt.weights);
}

#[test]
fn fields_tell_what_symbols_alone_do_not() {
    // The symbol is the field; the symbol before says nothing.
    let mut chance = crate::inference::chance::Chance::new(4, 0);
    let symbols: Vec<u32> = (0..400).map(|_| chance.below(3) as u32).collect();
    let plain = Sequence::plain(&symbols, 3);
    let fields = plain.fields.iter().zip(&symbols).flat_map(|(&before, &symbol)| [before, symbol]).collect();
    let sequence = Sequence { fields, symbols };
    let data = Sequences { symbols: 3, fields: vec![4, 3], train: vec![sequence.clone()], valid: Vec::new() };
    let model =
        train::fitted(&data, Options { learns: false, ..Options::default() }, &mut |_: f64, _: &str| true);
    let nats = surprise(&model.expect("fields"), &sequence);
    let last: f64 = nats[300..].iter().sum::<f64>() / 100.0;
    assert!(last < 0.1, "{last} nats a symbol");
}

#[test]
fn sequences_that_lie_are_refused() {
    let mut wrong = rhyme();
    wrong.train[1].fields[3] += 1;
    let spelling = Settings::from([("spelling".to_owned(), "x".repeat(50))]);
    let refused = |data: &Sequences, settings: &Settings| {
        super::train(data, settings, 0, &mut |_: f64, _: &str| true).is_err()
    };
    assert!(refused(&wrong, &Settings::new()));
    assert!(refused(&rhyme(), &spelling));
    assert!(refused(&Sequences { train: Vec::new(), ..rhyme() }, &Settings::new()));
}

#[test]
fn the_training_stops_when_it_is_told() {
    let stopped = train::fitted(&rhyme(), options(true), &mut |_: f64, _: &str| false);
    assert!(matches!(stopped, Err(crate::Error::Interrupted)));
}
