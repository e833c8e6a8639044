//! Likelihoods on the JSB chorales: each figure with its kind.

use crate::corpora::{bach, open};
use etude::catalogue::{Make, find};
use etude::model::{Evaluation, Settings};
use etude_piece::corpus::Split;

#[test]
#[ignore = "two minutes; prints the figures of docs/benchmarks.md"]
fn markov_counts_better_than_counting_did_and_maxent_stands_beside_its_conditional() {
    let Some(corpus) = open("jsb") else { return };
    let Make::Grid { train, .. } = find("markov").expect("it is listed").make else {
        panic!("markov reads grids");
    };
    let markov = train(&corpus, &Settings::new(), 1, &mut |_: f64, _: &str| true).expect("the chorales fit");
    let maxent = bach().model;
    for split in [Split::Valid, Split::Test] {
        let grids = corpus.grids(split);
        let joint = mean(grids.iter().map(|grid| markov.evaluate(grid).expect("in range")));
        println!("{}: markov, exact joint: {joint:.4} nats per note", split.name());
        assert!(joint <= 0.53);
        let pseudo = mean(grids.iter().map(|grid| maxent.evaluate(grid).expect("in range")));
        println!("{}: bach (maxent), pseudo: {pseudo:.4} nats per note", split.name());
    }
    // The conditional of a joint model takes long: five pieces tell.
    let few = &corpus.grids(Split::Test)[..5];
    let conditional = few.iter().filter_map(|grid| markov.conditional(grid).expect("in range"));
    println!("first five of test: markov, pseudo: {:.4} nats per note", mean(conditional));
    let pseudo = mean(few.iter().map(|grid| maxent.evaluate(grid).expect("in range")));
    println!("first five of test: bach (maxent), pseudo: {pseudo:.4} nats per note");
}

/// Total nats over total events.
fn mean(evaluations: impl Iterator<Item = Evaluation>) -> f64 {
    let (nats, events) =
        evaluations.fold((0.0, 0), |(nats, events), e| (nats + e.total(), events + e.nats.len()));
    nats / events as f64
}
