//! Look-ahead: exact with the chain itself, a twist with another; aims; guides within guides.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{
    Ahead, Aim, Automaton, Counted, Follow, Impossible, LookAhead, Options, Stop, Taste, Within, write,
};
use crate::inference::chance::Chance;
use crate::sequence::{Chain, Guide, SequenceModel};
use std::sync::Arc;

const DRAWS: u64 = 3000;

/// Two to four symbols, then 2, then two more of which the last is 0: a pinned future.
fn pinned() -> Automaton {
    let end = Automaton::only(3, &[0]).expect("small");
    let middle = Automaton::any(3, 1).expect("small").then(&end).expect("small");
    let two = Automaton::until(3, &[false, false, true]).expect("2 ends it");
    two.then(&middle).expect("small")
}

fn fixed() -> Automaton {
    let end = Automaton::only(3, &[2, 0]).expect("small");
    Automaton::any(3, 3).expect("small").then(&end).expect("small")
}

/// The chain itself as model: ln Z is the sum over all sequences, the weights never change, and a single particle draws
/// exactly.
#[track_caller]
fn check(automaton: Automaton, most: usize, temperature: f64) {
    let model = Walk::new(Table::random(4, 3, 2.0, 21), 3);
    let listed = model.chain.enumerate(&automaton, most, temperature);
    let total: f64 = listed.iter().map(|(_, p)| p).sum();
    let look = LookAhead::new(&model.chain, Arc::new(automaton), temperature, most).expect("there is a way");
    assert!((look.log_probability(&[]) - total.ln()).abs() < 1e-10, "{} for {}", total.ln(), listed.len());
    let guide = Ahead::new(Arc::new(look));
    let taste = Taste { temperature, ..Taste::default() };
    let options = |particles, seed| Options { particles, taste, seed, ..Options::default() };
    let many = write(&model, &guide, &options(8, 1), &mut |_| true).expect("there is a way");
    assert!(many.log_evidence.abs() < 1e-12 && (many.effective - 8.0).abs() < 1e-9, "{many:?}");
    let mut found = vec![0u64; listed.len()];
    for seed in 0..DRAWS {
        let drawn = write(&model, &guide, &options(1, seed), &mut |_| true).expect("there is a way");
        found[listed.iter().position(|(word, _)| *word == drawn.symbols).expect("it is as asked")] += 1;
    }
    let off = |(found, (_, p)): (&u64, &(Vec<u32>, f64))| (*found as f64 / DRAWS as f64 - p / total).abs();
    let distance = found.iter().zip(&listed).map(off).sum::<f64>() / 2.0;
    assert!(distance < 0.05, "{distance} over {}", listed.len());
}

#[test]
fn draws_of_one_length_are_exact() {
    check(fixed(), 5, 1.0);
}

#[test]
fn draws_of_many_lengths_are_exact() {
    check(pinned(), 7, 1.0);
}

#[test]
fn a_length_may_cut_an_automaton_that_comes_nowhere_twice() {
    let short =
        Automaton::from_table(3, vec![1, 2, 2, 2, 2, 2, 3, 3, 3, 0, 0, 0], &[false, false, false, true]);
    check(short.expect("it ends"), 2, 1.0);
}

#[test]
fn a_temperature_is_looked_ahead_with() {
    check(fixed(), 5, 0.6);
}

#[test]
fn after_what_is_given_the_probability_is_that_of_the_rest() {
    let model = Walk::new(Table::random(4, 3, 2.0, 22), 3);
    let listed = model.chain.enumerate(&fixed(), 5, 1.0);
    let all = model.chain.enumerate(&Automaton::any(3, 1).expect("small"), 1, 1.0);
    let begins: f64 = listed.iter().filter(|(word, _)| word[0] == 1).map(|(_, p)| p).sum();
    let options = Options { given: vec![1], ..Options::default() };
    let aim = Aim::new(&model, &[], Arc::new(fixed()), None, options).expect("there is a way");
    let exact = (begins / all[1].1).ln();
    assert!((aim.log_probability().expect("it is a chain") - exact).abs() < 1e-10);
    let written = aim.write(&mut |_| true).expect("there is a way");
    assert!((written.log_evidence - exact).abs() < 1e-10 && written.symbols[0] == 1);
}

#[test]
fn unlimited_lengths_settle() {
    let model = Walk::new(Table::random(3, 3, 1.0, 23), 3);
    let look = LookAhead::new(&model.chain, Arc::new(pinned()), 1.0, 1_000_000).expect("it settles");
    let long = LookAhead::new(&model.chain, Arc::new(pinned()), 1.0, 400).expect("small");
    assert!((look.log_probability(&[]) - long.log_probability(&[])).abs() < 1e-10);
}

/// A chain that knows only the symbol before, from draws of a model.
fn counted(model: &dyn SequenceModel) -> Counted {
    let free = Follow::new(Arc::new(Automaton::any(3, 2000).expect("small")), None).expect("any length");
    let options = Options { particles: 1, ..Options::default() };
    let draw = write(model, &free, &options, &mut |_| true).expect("nothing is asked");
    Counted::new(3, 1, [draw.symbols.as_slice()]).expect("small")
}

#[test]
fn a_smaller_chain_twists_towards_the_same_law_with_steadier_weights() {
    let model = Walk::silent(Table::random(4, 3, 2.0, 24), 3);
    let listed = model.chain.enumerate(&fixed(), 5, 1.0);
    let total: f64 = listed.iter().map(|(_, p)| p).sum();
    let counted = counted(&model);
    let run = |chains: &[&dyn Chain]| {
        let (mut found, mut effective) = (vec![0u64; listed.len()], 0.0);
        let mut evidence = 0.0;
        for seed in 0..DRAWS {
            let options = Options { particles: 32, seed, ..Options::default() };
            let aim = Aim::new(&model, chains, Arc::new(fixed()), None, options).expect("there is a way");
            let written = aim.write(&mut |_| true).expect("there is a way");
            effective += written.effective / DRAWS as f64;
            evidence += written.log_evidence.exp() / DRAWS as f64;
            found[listed.iter().position(|(word, _)| *word == written.symbols).expect("as asked")] += 1;
        }
        let off =
            |(found, (_, p)): (&u64, &(Vec<u32>, f64))| (*found as f64 / DRAWS as f64 - p / total).abs();
        assert!((evidence / total - 1.0).abs() < 0.03, "{evidence} for {total}");
        (found.iter().zip(&listed).map(off).sum::<f64>() / 2.0, effective)
    };
    let (masked, twisted) = (run(&[]), run(&[&counted]));
    assert!(masked.0 < 0.05 && twisted.0 < 0.05, "{masked:?} {twisted:?}");
    assert!(twisted.1 > masked.1 * 1.1, "{masked:?} {twisted:?}");
}

#[test]
fn what_the_chain_or_the_automaton_forbids_is_refused() {
    let chain = Table::random(2, 3, 1.0, 25);
    let look = LookAhead::new(&chain, Arc::new(pinned()), 1.0, 2);
    assert_eq!(look.map(|_| ()), Err(Impossible::Nothing), "three symbols are the fewest");
    // Contexts that never came would be alike.
    let mut chance = Chance::new(5, 0);
    let seen: Vec<u32> = (0..100_000).map(|_| chance.below(3) as u32).collect();
    let wide = Counted::new(3, 12, [seen.as_slice()]).expect("it fits");
    let long = Automaton::any(3, 400).expect("small").then(&Automaton::only(3, &[2]).expect("small"));
    let long = Arc::new(long.expect("small"));
    assert_eq!(LookAhead::new(&wide, Arc::clone(&long), 1.0, 401).map(|_| ()), Err(Impossible::TooLarge));
    let model = Walk::silent(Table::random(2, 3, 1.0, 26), 3);
    let small = Counted::new(3, 1, []).expect("small");
    let aim = |chains: &[&dyn Chain]| {
        let aim = Aim::new(&model, chains, Arc::clone(&long), None, Options::default());
        aim.expect("there is a way").looks_ahead()
    };
    assert_eq!((aim(&[&wide]), aim(&[&wide, &small])), (false, true));
}

#[test]
fn lengths_beyond_count_are_bounded_from_below_and_lead_to_no_dead_end() {
    // 2 comes once in some hundred thousand symbols, so that no number of layers settles.
    let rare: Vec<u32> = (0..300_000).map(|at| at % 2).collect();
    let chain = Counted::new(3, 4, [rare.as_slice(), &[2]]).expect("small");
    let until = Arc::new(Automaton::until(3, &[false, false, true]).expect("2 ends it"));
    let look = LookAhead::new(&chain, Arc::clone(&until), 1.0, usize::MAX).expect("each end is near");
    assert!(!look.is_exact() && look.log_probability(&[]) < -0.1, "{}", look.log_probability(&[]));
    let model = Walk::new(chain, 3);
    let options = Options { most: 1_000_000, particles: 4, ..Options::default() };
    let aim = Aim::new(&model, &[], until, None, options).expect("there is a way");
    assert_eq!((aim.looks_ahead(), aim.log_probability()), (true, None));
    let mut steps = 0;
    let stopped = aim.write(&mut |_| {
        steps += 1;
        steps < 1000
    });
    assert!(stopped.is_ok() || stopped == Err(Stop::Interrupted), "{stopped:?}");
}

#[test]
fn where_nothing_is_asked_one_particle_writes_without_looking() {
    let model = Walk::silent(Table::random(2, 3, 1.0, 27), 3);
    let any = Arc::new(Automaton::any(3, 4).expect("small"));
    let aim = Aim::new(&model, &[&model.chain], any, None, Options::default()).expect("there is a way");
    assert_eq!((aim.looks_ahead(), aim.log_probability()), (false, Some(0.0)));
    assert_eq!(aim.write(&mut |_| true).expect("nothing is asked").effective, 1.0);
}

/// A guide that doubles the odds of symbol 1 and tells a second field.
#[derive(Clone)]
struct Fond(u32);

impl Guide for Fond {
    fn fields(&self, fields: &mut [u32]) {
        fields.copy_from_slice(&[self.0, 7]);
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        log_odds[1] += 2f64.ln();
    }

    fn push(&mut self, symbol: usize) {
        self.0 = symbol as u32;
    }

    fn is_done(&self) -> bool {
        false
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}

#[test]
fn an_arts_guide_tells_fields_and_wishes_within_bounds() {
    let bounds = Follow::new(Arc::new(Automaton::only(3, &[1, 0]).expect("small")), None).expect("two");
    let mut guide = Within::new(Box::new(Fond(3)), Box::new(bounds)).fork();
    let mut odds = [0.0; 3];
    guide.weigh(&mut odds);
    assert_eq!(odds, [f64::NEG_INFINITY, 2f64.ln(), f64::NEG_INFINITY]);
    guide.push(1);
    let mut fields = [0, 0];
    guide.fields(&mut fields);
    assert_eq!((fields, guide.is_done()), ([1, 7], false));
    guide.push(0);
    assert!(guide.is_done());
}
