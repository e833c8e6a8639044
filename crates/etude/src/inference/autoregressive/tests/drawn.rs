//! Sequential Monte Carlo: its law, its evidence, its determinism, its ends.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{
    Automaton, Follow, Options, Piece, Stop, Taste, write, write_each, write_many,
};
use crate::sequence::{Sequence, surprise};
use std::sync::Arc;

const DRAWS: u64 = 3000;

/// Half the sum of |share of the draws − p / Σ p| over all sequences of an automaton of at most 8 symbols.
fn distance(table: Table, automaton: Automaton, options: &Options) -> f64 {
    let listed = table.enumerate(&automaton, 8, options.taste.temperature);
    let total: f64 = listed.iter().map(|(_, p)| p).sum();
    let guide = Follow::new(Arc::new(automaton), Some(8)).expect("eight are enough");
    let model = Walk::new(table, 3);
    let mut found = vec![0u64; listed.len()];
    for seed in 0..DRAWS {
        let written = write(&model, &guide, &Options { seed, ..options.clone() }, &mut |_| true);
        let symbols = written.expect("there is a way").symbols;
        let index = listed.iter().position(|(word, _)| *word == symbols).expect("it is as asked");
        found[index] += 1;
    }
    let off = |(found, (_, p)): (&u64, &(Vec<u32>, f64))| (*found as f64 / DRAWS as f64 - p / total).abs();
    found.iter().zip(&listed).map(off).sum::<f64>() / 2.0
}

#[track_caller]
fn check(table: Table, automaton: Automaton, options: &Options, expected_below: f64) {
    let distance = distance(table, automaton, options);
    assert!(distance < expected_below, "{distance}");
}

fn options(particles: usize) -> Options {
    Options { particles, ..Options::default() }
}

/// Any two symbols, then 2 and 0: a pinned end.
fn pinned() -> Automaton {
    let end = Automaton::only(3, &[2, 0]).expect("small");
    Automaton::any(3, 2).expect("small").then(&end).expect("small")
}

/// Up to the first 2.
fn until_two() -> Automaton {
    Automaton::until(3, &[false, false, true]).expect("2 ends it")
}

#[test]
fn one_particle_draws_exactly_where_nothing_is_asked() {
    check(Table::random(4, 3, 2.0, 1), Automaton::any(3, 2).expect("small"), &options(1), 0.02);
}

#[test]
fn particles_approach_the_law_under_a_pinned_end() {
    check(Table::random(4, 3, 2.0, 2), pinned(), &options(64), 0.03);
}

#[test]
fn one_particle_under_masks_does_not() {
    let distance = distance(Table::random(4, 3, 2.0, 2), pinned(), &options(1));
    assert!(distance > 0.1, "{distance}");
}

#[test]
fn particles_that_end_early_wait_with_their_weight() {
    // The second half pins what comes after an end of its own length: lengths from 2 to 8.
    let tail = Automaton::only(3, &[0]).expect("small");
    let asked = until_two().then(&tail).expect("small");
    check(Table::random(3, 3, 1.5, 3), asked, &options(64), 0.04);
}

#[test]
fn a_temperature_is_part_of_the_law() {
    let taste = Taste { temperature: 2.0, ..Taste::default() };
    check(Table::random(4, 3, 2.0, 4), pinned(), &Options { taste, ..options(64) }, 0.03);
}

#[test]
fn the_evidence_is_the_probability_of_what_is_asked() {
    let table = Walk::new(Table::random(4, 3, 2.0, 5), 3);
    let exact: f64 = table.chain.enumerate(&pinned(), 4, 1.0).iter().map(|(_, p)| p).sum();
    let guide = Follow::new(Arc::new(pinned()), None).expect("any length");
    let draw = |seed| write(&table, &guide, &Options { seed, ..options(32) }, &mut |_| true);
    let sum: f64 = (0..500).map(|seed| draw(seed).expect("there is a way").log_evidence.exp()).sum();
    assert!((sum / 500.0 / exact - 1.0).abs() < 0.03, "{} for {exact}", sum / 500.0);
}

#[test]
fn nats_are_those_of_the_model_whatever_the_taste() {
    let table = Walk::new(Table::random(4, 3, 2.0, 6), 3);
    let guide = Follow::new(Arc::new(pinned()), None).expect("any length");
    let taste = Taste { temperature: 0.5, top_k: Some(2), nucleus: Some(0.9) };
    let given = vec![0];
    let written = write(&table, &guide, &Options { taste, given, ..options(8) }, &mut |_| true);
    let written = written.expect("there is a way");
    let nats = surprise(&table, &Sequence::plain(&written.symbols, 3));
    assert_eq!((written.symbols.len(), written.symbols[0]), (4, 0));
    assert!((written.nats - nats[1..].iter().sum::<f64>()).abs() < 1e-12);
}

#[test]
fn a_low_top_k_is_the_likeliest_step_by_step() {
    let table = Walk::new(Table::random(1, 3, 2.0, 7), 3);
    let guide = Follow::new(Arc::new(Automaton::any(3, 5).expect("small")), None).expect("any length");
    let taste = Taste { top_k: Some(1), ..Taste::default() };
    let draw = |seed| write(&table, &guide, &Options { taste, seed, ..options(4) }, &mut |_| true);
    let (one, two) = (draw(1).expect("there is a way"), draw(2).expect("there is a way"));
    assert_eq!(one.symbols, two.symbols);
    assert_eq!(one.effective, 4.0, "nothing is asked, so nobody's weight falls");
}

#[test]
fn the_same_seed_draws_the_same_on_any_number_of_threads() {
    let table = Walk::new(Table::random(5, 3, 2.0, 8), 3);
    let guide = Follow::new(Arc::new(until_two()), Some(60)).expect("long enough");
    let draw = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let many = write_many(&table, &guide, 0..80, &options(1), &mut |_| true);
            (write(&table, &guide, &options(100), &mut |_| true), many)
        })
    };
    assert_eq!(draw(1), draw(3));
}

#[test]
fn a_piece_does_not_depend_on_those_beside_it() {
    let table = Walk::new(Table::random(5, 3, 1.0, 9), 3);
    let guide = Follow::new(Arc::new(until_two()), Some(30)).expect("long enough");
    let options = Options { seed: 4, ..options(1) };
    let many = write_many(&table, &guide, 0..150, &options, &mut |_| true);
    assert_eq!(many[140..150], write_many(&table, &guide, 140..150, &options, &mut |_| true));
    assert_eq!(many[0], write(&table, &guide, &options, &mut |_| true));
}

#[test]
fn pieces_with_guides_of_their_own_are_those_that_each_gets_alone() {
    let table = Walk::new(Table::random(5, 3, 1.0, 9), 3);
    let guide = |most: usize| Follow::new(Arc::new(until_two()), Some(most)).expect("long enough");
    let given = |seed: u64| match seed % 4 {
        0 => vec![],
        1 => vec![0, 1],
        2 => vec![1, 0, 0, 2],
        _ => vec![0, 2, 1],
    };
    let bounds = |seed: u64| 10 + seed as usize % 20;
    let piece = |seed| Piece { guide: Box::new(guide(bounds(seed))), given: given(seed), seed };
    let many = write_each(&table, (0..150).map(piece).collect(), &Taste::default(), 90, &mut |_| true);
    for (seed, written) in (0..150).zip(many) {
        let options = Options { seed, given: given(seed), ..options(1) };
        assert_eq!(written, write(&table, &guide(bounds(seed)), &options, &mut |_| true), "{seed}");
    }
}

#[test]
fn ends_are_told_apart() {
    let table = Walk::new(Table::random(2, 3, 1.0, 10), 3);
    let never = Follow::new(Arc::new(until_two()), None).expect("any length");
    let write = |options: Options, most: usize| write(&table, &never, &options, &mut |done| done < most);
    let given = |given: Vec<u32>| Options { given, ..options(2) };
    assert_eq!(write(given(vec![0, 2, 1]), 99).map(|_| ()), Err(Stop::DeadEnd(2)), "it was done by then");
    assert_eq!(write(given(vec![7]), 99).map(|_| ()), Err(Stop::DeadEnd(0)), "no such symbol");
    assert_eq!(write(Options { most: 0, ..options(2) }, 99).map(|_| ()), Err(Stop::TooLong(0)));
    let stays = Options { given: vec![0; 5], ..options(3) };
    assert_eq!(write(stays, 1).map(|_| ()), Err(Stop::Interrupted));
    assert_eq!(write(given(vec![0, 2]), 99).map(|written| written.symbols), Ok(vec![0, 2]));
}

#[test]
fn what_is_finished_before_an_interruption_is_kept() {
    let table = Walk::new(Table::random(2, 3, 1.0, 11), 3);
    let guide = Follow::new(Arc::new(until_two()), None).expect("any length");
    let many = write_many(&table, &guide, 0..200, &options(1), &mut |done| done < 70);
    let finished = many.iter().filter(|piece| piece.is_ok()).count();
    assert_eq!(many.len(), 200);
    assert!((70..128).contains(&finished), "{finished}");
    assert!(many.iter().all(|piece| piece.is_ok() || *piece == Err(Stop::Interrupted)));
}
