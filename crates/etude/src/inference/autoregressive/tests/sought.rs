//! Beam search against enumeration.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{Automaton, Beam, Follow, Stop, likeliest};
use std::sync::Arc;

/// How much likelier the likeliest of all sequences is than the one that a beam of a width finds, summed over random models.
fn loss(width: usize, automaton: &Automaton) -> f64 {
    let guide = Follow::new(Arc::new(automaton.clone()), Some(6)).expect("six are enough");
    let beam = Beam { width, most: 6, given: vec![] };
    let mut loss = 0.0;
    for seed in 0..40 {
        let model = Walk::new(Table::random(4, 3, 3.0, seed), 3);
        let found = likeliest(&model, &guide, &beam, &mut |_| true).expect("there is a way");
        let listed = model.chain.enumerate(automaton, 6, 1.0);
        let best = listed.iter().map(|(_, p)| p.ln()).fold(f64::NEG_INFINITY, f64::max);
        assert!((found.log_odds + found.nats).abs() < 1e-12, "masks add nothing");
        assert!(listed.iter().any(|(word, p)| *word == found.symbols && (p.ln() + found.nats).abs() < 1e-9));
        loss += best + found.nats;
    }
    loss
}

#[track_caller]
fn check(automaton: Automaton) {
    assert!(loss(1, &automaton) > 0.5, "the greedy way isn't the best: {}", loss(1, &automaton));
    assert!(loss(729, &automaton).abs() < 1e-9, "all beginnings are kept");
}

#[test]
fn a_wide_beam_finds_the_likeliest_of_one_length() {
    check(Automaton::any(3, 5).expect("small"));
}

#[test]
fn a_wide_beam_finds_the_likeliest_of_all_lengths() {
    let end = Automaton::only(3, &[0]).expect("small");
    check(Automaton::until(3, &[false, false, true]).expect("2 ends it").then(&end).expect("small"));
}

#[test]
fn ends_are_told_apart() {
    let model = Walk::new(Table::random(2, 3, 1.0, 1), 3);
    let any = Arc::new(Automaton::any(3, 4).expect("small"));
    let guide = Follow::new(any, None).expect("any length");
    let seek = |most, given: &[u32], steps: usize| {
        let beam = Beam { width: 2, most, given: given.to_vec() };
        likeliest(&model, &guide, &beam, &mut |done| done < steps).map(|found| found.symbols.len())
    };
    assert_eq!(seek(3, &[], 9), Err(Stop::TooLong(3)));
    assert_eq!(seek(3, &[1], 9), Ok(4));
    assert_eq!(seek(4, &[], 2), Err(Stop::Interrupted));
    assert_eq!(seek(4, &[9], 9), Err(Stop::DeadEnd(0)));
}
