//! Automata against the lists of the sequences that they mean.

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};
use crate::inference::chance::Chance;

/// All sequences over `symbols` of at most `most` symbols that an automaton accepts, shortest first.
fn language(automaton: &Automaton, most: usize) -> Vec<String> {
    let mut words: Vec<Vec<u32>> = vec![vec![]];
    let mut found = Vec::new();
    for _ in 0..=most {
        found.extend(words.iter().filter(|word| automaton.accepts(word)).map(|word| spell(word)));
        let longer = |word: &Vec<u32>| {
            let word = word.clone();
            (0..automaton.symbols() as u32).map(move |symbol| [word.as_slice(), &[symbol]].concat())
        };
        words = words.iter().flat_map(longer).collect();
    }
    found
}

fn spell(word: &[u32]) -> String {
    word.iter().map(|&symbol| char::from(b'a' + symbol as u8)).collect()
}

#[track_caller]
fn check(automaton: Result<Automaton, Impossible>, expected: &str) {
    let automaton = automaton.expect("there is something");
    assert_eq!(language(&automaton, 4).join(" "), expected);
}

/// Any of a, b, c, up to the first c.
fn until_c() -> Automaton {
    Automaton::until(3, &[false, false, true]).expect("c ends it")
}

#[test]
fn any_is_all_of_one_length() {
    check(Automaton::any(2, 2), "aa ab ba bb");
}

#[test]
fn nothing_at_all_may_be_asked_for() {
    check(Automaton::any(2, 0), "");
    assert!(Automaton::any(2, 0).expect("the empty one").accepts(&[]));
}

#[test]
fn only_is_one() {
    check(Automaton::only(3, &[1, 0, 2]), "bac");
}

#[test]
fn positions_have_sets_of_their_own() {
    check(Automaton::at_positions(2, &[vec![true, true], vec![false, true]]), "ab bb");
}

#[test]
fn until_ends_at_the_first_end() {
    check(Ok(until_c()), "c ac bc aac abc bac bbc aaac aabc abac abbc baac babc bbac bbbc");
}

#[test]
fn both_is_what_two_have_in_common() {
    let three = Automaton::any(3, 3).expect("small");
    check(until_c().both(&three), "aac abc bac bbc");
}

#[test]
fn then_puts_one_behind_the_other() {
    let ba = Automaton::only(3, &[1, 0]).expect("small");
    check(ba.then(&until_c()), "bac baac babc");
    check(Automaton::any(3, 0).expect("small").then(&ba), "ba");
    check(ba.then(&Automaton::any(3, 0).expect("small")), "ba");
}

#[test]
fn a_table_is_cut_down_to_what_a_length_allows() {
    // a*b*, of three symbols: after a b no a comes again.
    check(Automaton::of_length(2, &[0, 1, NONE, 1], &[true, true], 3), "aaa aab abb bbb");
}

#[test]
fn the_distance_is_the_shortest_way() {
    let ba = Automaton::only(3, &[1, 0]).expect("small").then(&until_c()).expect("small");
    assert_eq!((ba.distance(0), ba.states()), (3, 4));
}

#[test]
fn contradictions_are_told() {
    let (one, two) = (Automaton::only(2, &[0, 1]), Automaton::only(2, &[0, 0]));
    let (one, two) = (one.expect("small"), two.expect("small"));
    assert_eq!(one.both(&two), Err(Impossible::Nothing));
    assert_eq!(Automaton::only(2, &[5]), Err(Impossible::Nothing));
    assert_eq!(Automaton::until(2, &[false, false]), Err(Impossible::Nothing));
    assert_eq!(Automaton::of_length(1, &[NONE], &[true], 2), Err(Impossible::Nothing));
}

#[test]
fn a_person_is_told_what_is_impossible() {
    let told = |impossible| crate::error::Error::from(impossible).to_string();
    assert_eq!(told(Impossible::Nothing), "what is asked contradicts itself");
    assert_eq!(
        told(Impossible::TooLarge),
        "what is asked takes too large a table; hint: ask for a shorter piece, or for less"
    );
}

#[test]
fn what_is_too_large_is_refused() {
    assert_eq!(Automaton::any(2, MOST_ENTRIES), Err(Impossible::TooLarge));
    assert_eq!(Automaton::any(2, usize::MAX), Err(Impossible::TooLarge));
    let (zeros, ones) = (count(0, 1000), count(1, 1000));
    assert_eq!(zeros.both(&ones), Err(Impossible::TooLarge));
}

/// A thousand of one symbol, with any number of the other, of 64.
fn count(symbol: usize, most: u32) -> Automaton {
    let mut next = Vec::new();
    for state in 0..=most {
        let mut row = vec![NONE; 64];
        (row[1 - symbol], row[symbol]) = (state, if state < most { state + 1 } else { NONE });
        next.extend(row);
    }
    let finishing: Vec<bool> = (0..=most).map(|state| state == most).collect();
    Automaton::from_table(64, next, &finishing).expect("it comes to an end")
}

/// A table of random arrows.
fn random(states: usize, symbols: usize, chance: &mut Chance) -> (Vec<u32>, Vec<bool>) {
    let mut arrow = || if chance.below(3) == 0 { NONE } else { chance.below(states) as u32 };
    let next = (0..states * symbols).map(|_| arrow()).collect();
    (next, (0..states).map(|_| chance.below(3) == 0).collect())
}

/// Whether a table completes a word at its end and not before.
fn completes(next: &[u32], finishing: &[bool], symbols: usize, word: &[u32]) -> bool {
    let mut state = 0;
    for &symbol in word {
        if finishing[state] {
            return false;
        }
        match next[state * symbols + symbol as usize] {
            NONE => return false,
            after => state = after as usize,
        }
    }
    finishing[state]
}

#[test]
fn random_automata_mean_what_their_tables_and_their_parts_say() {
    let mut chance = Chance::new(5, 0);
    let words: Vec<Vec<u32>> = (0..7)
        .flat_map(|n| (0..1u32 << n).map(move |bits| (0..n).map(|i| bits >> i & 1).collect()))
        .collect();
    for _ in 0..300 {
        let (one, two) = (random(4, 2, &mut chance), random(3, 2, &mut chance));
        let first = |word: &[u32]| completes(&one.0, &one.1, 2, word);
        let second = |word: &[u32]| completes(&two.0, &two.1, 2, word);
        let made = Automaton::from_table(2, one.0.clone(), &one.1);
        let other = Automaton::from_table(2, two.0.clone(), &two.1);
        let (Ok(made), Ok(other)) = (made, other) else { continue };
        let (both, then) = (made.both(&other), made.then(&other).expect("small"));
        for word in &words {
            assert_eq!(made.accepts(word), first(word));
            assert_eq!(both.as_ref().is_ok_and(|both| both.accepts(word)), first(word) && second(word));
            let split = (0..=word.len()).any(|at| first(&word[..at]) && second(&word[at..]));
            assert_eq!(then.accepts(word), split, "{word:?}");
        }
        for state in 0..made.states() as u32 {
            let row = made.row(state).iter().filter(|after| **after != NONE);
            let nearest = row.map(|&after| made.distance(after) + 1).min();
            assert_eq!(nearest.unwrap_or(0), made.distance(state));
        }
    }
}

#[test]
fn a_set_may_be_cut_to_those_that_are_short() {
    let within = |most| until_c().within(most, 100);
    check(within(2), "c ac bc");
    assert_eq!(within(0), Err(Impossible::Nothing));
    assert_eq!(within(2).map(|cut| cut.longest()), Ok(Some(2)));
    assert_eq!(until_c().within(90, 50), Err(Impossible::TooLarge));
    check(Automaton::any(2, 2).expect("small").within(3, 100), "aa ab ba bb");
}
