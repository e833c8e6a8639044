//! A model that reads a second field: every stream reads its own row, whoever ends or is copied beside it.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{
    Automaton, Beam, Follow, Options, Written, likeliest, write, write_many,
};
use crate::model::Settings;
use crate::sequence::{Guide, Sequence, SequenceModel, Streams, surprise};
use crate::shelf::Tensors;
use std::sync::Arc;

/// A table whose odds turn by one symbol with each value of the second field.
struct Paced {
    walk: Walk<Table>,
    fields: [usize; 2],
}

struct Reading<'a>(Box<dyn Streams + 'a>);

impl SequenceModel for Paced {
    fn name(&self) -> &'static str {
        "paced"
    }

    fn symbols(&self) -> usize {
        3
    }

    fn fields(&self) -> &[usize] {
        &self.fields
    }

    fn begin(&self, streams: usize) -> Box<dyn Streams + '_> {
        Box::new(Reading(self.walk.begin(streams)))
    }

    fn tensors(&self) -> Tensors {
        Tensors::new()
    }

    fn settings(&self) -> Settings {
        Settings::new()
    }
}

impl Streams for Reading<'_> {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        let before: Vec<u32> = fields.iter().step_by(2).copied().collect();
        self.0.step(&before, log_probabilities);
        for (row, pace) in log_probabilities.chunks_exact_mut(3).zip(fields.iter().skip(1).step_by(2)) {
            row.rotate_left(*pace as usize);
        }
    }

    fn select(&mut self, parents: &[usize]) {
        self.0.select(parents);
    }
}

/// Follows an automaton and counts the steps by threes.
struct Counting(Box<dyn Guide>, u32);

impl Guide for Counting {
    fn fields(&self, fields: &mut [u32]) {
        self.0.fields(&mut fields[..1]);
        fields[1] = self.1;
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        self.0.weigh(log_odds);
    }

    fn push(&mut self, symbol: usize) {
        self.0.push(symbol);
        self.1 = (self.1 + 1) % 3;
    }

    fn is_done(&self) -> bool {
        self.0.is_done()
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(Self(self.0.fork(), self.1))
    }
}

/// A model and a guide to the first 2 that a 0 follows.
fn paced() -> (Paced, Counting) {
    let model = Paced { walk: Walk::new(Table::random(5, 3, 2.0, 31), 3), fields: [4, 3] };
    let two = Automaton::until(3, &[false, false, true]).expect("2 ends it");
    let asked = two.then(&Automaton::only(3, &[0]).expect("small")).expect("small");
    (model, Counting(Box::new(Follow::new(Arc::new(asked), Some(40)).expect("long enough")), 0))
}

/// What was written has the nats that the model alone, reading it again, would give it.
#[track_caller]
fn check(symbols: &[u32], nats: f64) {
    let (model, guide) = paced();
    let again: f64 = surprise(&model, &Sequence::follow(guide.fork(), 2, symbols)).iter().sum();
    assert!((nats - again).abs() < 1e-9, "{nats}, not {again}");
}

#[test]
fn particles_read_their_own_fields_after_every_resampling() {
    let (model, guide) = paced();
    for seed in 0..50 {
        let options = Options { seed, particles: 20, ..Options::default() };
        let written = write(&model, &guide, &options, &mut |_| true).expect("there is a way");
        check(&written.symbols, written.nats);
    }
}

#[test]
fn many_read_their_own_fields_while_others_end() {
    let (model, guide) = paced();
    for written in write_many(&model, &guide, 0..150, &Options::default(), &mut |_| true) {
        let Written { symbols, nats, .. } = written.expect("there is a way");
        check(&symbols, nats);
    }
}

#[test]
fn beams_read_their_own_fields_while_others_end() {
    let (model, guide) = paced();
    for width in 1..20 {
        let beam = Beam { width, most: 40, given: vec![1] };
        let found = likeliest(&model, &guide, &beam, &mut |_| true).expect("there is a way");
        let first: f64 = surprise(&model, &Sequence::follow(guide.fork(), 2, &[1])).iter().sum();
        check(&found.symbols, found.nats + first);
    }
}
