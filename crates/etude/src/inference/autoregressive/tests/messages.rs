//! Backward messages in plain numbers, against the slow way: every message by logarithms, context by context.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{
    Ahead, Automaton, Counted, Impossible, LookAhead, NONE, Options, write,
};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::sequence::Chain;
use std::sync::Arc;

/// ln β by how many symbols are left, from 0 to `most`, shape (most + 1, A, C).
fn plain(chain: &dyn Chain, automaton: &Automaton, most: usize) -> Vec<Vec<Vec<f64>>> {
    let ends = |state: usize| if automaton.is_finishing(state as u32) { 0.0 } else { f64::NEG_INFINITY };
    let mut layers = vec![(0..automaton.states()).map(|a| vec![ends(a); chain.states()]).collect::<Vec<_>>()];
    let mut odds = vec![0.0; automaton.symbols()];
    for _ in 0..most {
        let before = &layers[layers.len() - 1];
        let mut layer = before.clone();
        for state in (0..automaton.states()).filter(|&state| !automaton.is_finishing(state as u32)) {
            for context in 0..chain.states() {
                chain.log_probabilities(context, &mut odds);
                let term = |symbol: usize| match automaton.after(state as u32, symbol) {
                    NONE => f64::NEG_INFINITY,
                    after => odds[symbol] + before[after as usize][chain.after(context, symbol)],
                };
                layer[state][context] = log_sum(&(0..automaton.symbols()).map(term).collect::<Vec<f64>>());
            }
        }
        layers.push(layer);
    }
    layers
}

fn log_sum(terms: &[f64]) -> f64 {
    let top = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match top == f64::NEG_INFINITY {
        true => top,
        false => top + kernels::ln(terms.iter().map(|term| (term - top).exp()).sum()),
    }
}

/// The message after each of many beginnings is that of the slow way; the least of them.
#[track_caller]
fn check(chain: &dyn Chain, automaton: Automaton, most: usize, seed: u64) -> f64 {
    let expected = plain(chain, &automaton, most);
    let automaton = Arc::new(automaton);
    let look = match LookAhead::new(chain, Arc::clone(&automaton), 1.0, most) {
        Ok(look) => look,
        Err(impossible) => {
            assert_eq!(impossible, Impossible::Nothing);
            assert_eq!(expected[most][0][chain.start()], f64::NEG_INFINITY);
            return f64::NEG_INFINITY;
        }
    };
    assert!(look.is_exact());
    let (mut chance, mut least) = (Chance::new(seed, 0), 0.0);
    for _ in 0..200 {
        let (mut word, mut state, mut context) = (Vec::new(), 0, chain.start());
        loop {
            let found = look.log_probability(&word);
            let expected = expected[most - word.len()][state as usize][context];
            let near = found == expected || (found - expected).abs() < 1e-10 * (1.0 - expected);
            assert!(near, "{found} for {expected} after {word:?}");
            least = if expected > f64::NEG_INFINITY { expected.min(least) } else { least };
            let symbol = chance.below(automaton.symbols());
            let after = automaton.after(state, symbol);
            if after == NONE || word.len() == most {
                break;
            }
            word.push(symbol as u32);
            (state, context) = (after, chain.after(context, symbol));
        }
    }
    least
}

/// A random automaton: some arrows are missing, and one state or more finish.
fn random(states: usize, symbols: usize, seed: u64) -> Option<Automaton> {
    let mut chance = Chance::new(seed, 1);
    let next = (0..states * symbols).map(|_| match chance.below(4) {
        0 => NONE,
        _ => chance.below(states) as u32,
    });
    let next = next.collect();
    let finishing: Vec<bool> = (0..states).map(|state| state > 0 && chance.below(4) == 0).collect();
    Automaton::from_table(symbols, next, &finishing).ok()
}

#[test]
fn messages_are_those_of_the_slow_way() {
    for seed in 0..60 {
        let Some(automaton) = random(6, 3, seed) else { continue };
        for spread in [2.0, 50.0, 300.0, 500.0] {
            check(&Table::random(5, 3, spread, seed), automaton.clone(), 12, seed);
        }
    }
}

#[test]
fn messages_of_counts_are_those_of_the_slow_way() {
    let mut chance = Chance::new(3, 0);
    let learnt: Vec<u32> = (0..60).map(|_| chance.below(3) as u32).collect();
    for order in 0..4 {
        let chain = Counted::new(4, order, [learnt.as_slice()]).expect("small");
        for seed in 0..20 {
            let Some(automaton) = random(6, 4, seed) else { continue };
            check(&chain, automaton, 12, seed);
        }
    }
}

/// Symbols are as unlikely as e^−600, five in a row: ln β falls far below −800.
#[test]
fn futures_that_are_next_to_impossible_are_neither_lost_nor_wrong() {
    let mut least = 0.0f64;
    for seed in 0..40 {
        let chain = Table::random(5, 3, 300.0, seed);
        for pinned in [[0, 1, 2, 0, 1], [2, 2, 2, 1, 0]] {
            least = least.min(check(&chain, Automaton::only(3, &pinned).expect("small"), 5, seed));
            let open =
                Automaton::any(3, 3).expect("small").then(&Automaton::only(3, &pinned).expect("small"));
            least = least.min(check(&chain, open.expect("small"), 8, seed));
        }
    }
    assert!(least < -1500.0, "{least}");
}

/// Contexts side by side whose futures differ by e^800 and more: none may become a dead end.
#[test]
fn no_draw_comes_to_a_dead_end_where_scales_differ() {
    for seed in 0..40 {
        let model = Walk::new(Table::random(5, 3, 340.0, seed), 3);
        let end = Automaton::only(3, &[1, 2]).expect("small");
        let asked = Arc::new(Automaton::any(3, 4).expect("small").then(&end).expect("small"));
        let Ok(look) = LookAhead::new(&model.chain, asked, 1.0, 6) else { continue };
        let guide = Ahead::new(Arc::new(look));
        for draw in 0..20 {
            let options = Options { particles: 1, seed: draw, ..Options::default() };
            let written = write(&model, &guide, &options, &mut |_| true).expect("there is a way");
            assert_eq!(written.symbols[4..], [1, 2]);
            assert!(written.log_evidence.abs() < 1e-9, "{}", written.log_evidence);
        }
    }
}

#[test]
fn threads_change_no_bit() {
    let mut chance = Chance::new(4, 0);
    let learnt: Vec<u32> = (0..400).map(|_| chance.below(9) as u32).collect();
    let chain = Counted::new(9, 2, [learnt.as_slice()]).expect("small");
    let asked = Automaton::any(9, 40).expect("small").then(&Automaton::only(9, &[3, 3]).expect("small"));
    let asked = Arc::new(asked.expect("small"));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| LookAhead::new(&chain, Arc::clone(&asked), 0.8, 42).expect("there is a way"))
    };
    assert!(on(1) == on(3));
}
