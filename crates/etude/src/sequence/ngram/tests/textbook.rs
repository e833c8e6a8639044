//! The same model as a textbook has it: n-grams in maps, probabilities by recursion.

use super::{SYMBOLS, model, symbols, verses};
use crate::sequence::{Chain, Sequence, surprise};
use std::collections::{BTreeMap, BTreeSet};

const START: u32 = SYMBOLS as u32;

struct Textbook {
    order: usize,
    /// Counts of Kneser & Ney of all n-grams of all lengths.
    counts: BTreeMap<Vec<u32>, f64>,
}

impl Textbook {
    fn new(sequences: &[Sequence], order: usize) -> Self {
        let mut seen: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
        for sequence in sequences {
            let text: Vec<u32> = [START].into_iter().chain(sequence.symbols.iter().copied()).collect();
            for end in 2..=text.len() {
                for length in 1..=order.min(end) {
                    *seen.entry(text[end - length..end].to_vec()).or_default() += 1.0;
                }
            }
        }
        let mut counts = BTreeMap::new();
        for (gram, times) in &seen {
            let whole = gram.len() == order || gram[0] == START;
            let before: BTreeSet<u32> = seen
                .keys()
                .filter(|longer| longer.len() == gram.len() + 1 && longer[1..] == gram[..])
                .map(|longer| longer[0])
                .collect();
            counts.insert(gram.clone(), if whole { *times } else { before.len() as f64 });
        }
        Self { order, counts }
    }

    /// Chen & Goodman's discounts of n-grams of a length.
    fn discounts(&self, length: usize) -> [f64; 3] {
        let n = |count: f64| {
            self.counts.iter().filter(|(gram, c)| gram.len() == length && **c == count).count() as f64
        };
        let y = n(1.0) / (n(1.0) + 2.0 * n(2.0));
        [1.0, 2.0, 3.0].map(|c| match (n(c), n(c + 1.0)) {
            (0.0, _) | (_, 0.0) => c / 2.0,
            (now, next) => (c - (c + 1.0) * y * next / now).clamp(0.01 * c, 0.999 * c),
        })
    }

    fn p(&self, context: &[u32], symbol: u32) -> f64 {
        let lower = match context {
            [] => 1.0 / SYMBOLS as f64,
            [_, shorter @ ..] => self.p(shorter, symbol),
        };
        let followers: Vec<(u32, f64)> = self
            .counts
            .iter()
            .filter(|(gram, _)| gram.len() == context.len() + 1 && gram.starts_with(context))
            .map(|(gram, &count)| (gram[context.len()], count))
            .collect();
        if followers.is_empty() {
            return lower;
        }
        let discounts = self.discounts(context.len() + 1);
        let discount = |count: f64| discounts[(count as usize).min(3) - 1];
        let total: f64 = followers.iter().map(|(_, count)| count).sum();
        let away: f64 = followers.iter().map(|(_, count)| discount(*count)).sum();
        let own = followers.iter().find(|(word, _)| *word == symbol);
        let kept = own.map_or(0.0, |(_, count)| (count - discount(*count)).max(0.0));
        kept / total + away / total * lower
    }

    fn surprise(&self, text: &[u32]) -> Vec<f64> {
        let whole: Vec<u32> = [START].into_iter().chain(text.iter().copied()).collect();
        let context = |end: usize| &whole[end.saturating_sub(self.order - 1)..end];
        (1..whole.len()).map(|end| -self.p(context(end), whole[end]).ln()).collect()
    }
}

#[track_caller]
fn check(order: usize, text: &str) {
    let (slow, fast) = (Textbook::new(&verses().train, order), model(order, false, 1));
    let expected = slow.surprise(&symbols(text));
    let nats = surprise(&fast, &Sequence::plain(&symbols(text), SYMBOLS));
    for (at, (a, b)) in nats.iter().zip(&expected).enumerate() {
        // Discounts are rounded to f32.
        assert!((a - b).abs() < 1e-5, "symbol {at}: {a}, by the book {b}");
    }
}

#[test]
fn single_symbols_are_as_in_the_book() {
    check(1, "crows zoom");
}

#[test]
fn pairs_are_as_in_the_book() {
    check(2, "a crow sat on a zebra");
}

#[test]
fn longer_runs_are_as_in_the_book() {
    check(4, "the crow sows one stone so no stone knows");
}

#[test]
fn contexts_that_are_seen_once_are_as_in_the_book() {
    check(7, "what a stone knows the crow has");
}

#[test]
fn a_state_is_the_longest_end_that_was_seen() {
    let model = model(4, false, 1);
    let book = Textbook::new(&verses().train, 4);
    let state =
        symbols("the crow zone").iter().fold(model.start(), |s, &symbol| model.after(s, symbol as usize));
    let (_, depth) = model.odds.trie.path(state);
    let seen =
        |context: &[u32]| book.counts.keys().any(|g| g.len() > context.len() && g.starts_with(context));
    let text = symbols("the crow zone");
    let longest = (0..=3).rev().find(|&n| seen(&text[text.len() - n..])).expect("the empty one was seen");
    assert_eq!(depth, longest);
}
