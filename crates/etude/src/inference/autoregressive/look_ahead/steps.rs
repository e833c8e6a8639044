//! A chain as tables, its contexts that are alike made one.

use crate::inference::autoregressive::taste::temper;
use crate::kernels;
use crate::sequence::Chain;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::{BuildHasher, Hash};

/// The tables of a chain: C kinds of contexts, B blocks, Q symbols.
///
/// Contexts from which every symbol is as likely, and leads to the same context, have the same future: of all that are alike
/// only one is kept. A small chain of counts has many, those that never came: they are as their shorter ones. Contexts whose
/// symbols lead to the same contexts, though not as likely, share a *block*: what lies behind it is gathered once for all.
pub(super) struct Steps {
    pub(super) symbols: usize,
    /// The kind of context after each symbol, shape (C, Q).
    pub(super) after: Vec<u32>,
    /// The kind of the context before the first symbol.
    pub(super) start: u32,
    /// ln p of each symbol, shape (C, Q).
    pub(super) log_probabilities: Vec<f64>,
    /// p of each symbol, 0 below e^−700, shape (C, Q).
    pub(super) probabilities: Vec<f64>,
    /// The block of each kind, shape (C).
    pub(super) blocks: Vec<u32>,
    /// The kind of context after each symbol of a block, shape (B, Q).
    pub(super) arrivals: Vec<u32>,
}

impl Steps {
    /// The tables of a chain at a temperature.
    pub(super) fn of(chain: &dyn Chain, symbols: usize, temperature: f64) -> Self {
        let contexts = chain.states();
        let mut log_probabilities = vec![0.0; contexts * symbols];
        let mut after = Vec::with_capacity(contexts * symbols);
        for (context, row) in log_probabilities.chunks_exact_mut(symbols).enumerate() {
            chain.log_probabilities(context, row);
            if temperature != 1.0 {
                temper(row, temperature);
            }
            after.extend((0..symbols).map(|symbol| chain.after(context, symbol) as u32));
        }
        let mut steps = Self {
            symbols,
            after,
            start: chain.start() as u32,
            log_probabilities,
            probabilities: Vec::new(),
            blocks: Vec::new(),
            arrivals: Vec::new(),
        };
        // Where contexts have become one, those that lead to them may have become alike.
        while steps.merge() {}
        steps.probabilities = steps.log_probabilities.iter().map(|&log| power(log)).collect();
        let row = |context: usize| &steps.after[context * symbols..][..symbols];
        let hash = |context| hash(row(context));
        let (blocks, firsts) = alike(steps.contexts(), hash, |one, other| row(one) == row(other));
        let arrivals = firsts.iter().flat_map(|&first| &steps.after[first * symbols..][..symbols]);
        steps.arrivals = arrivals.copied().collect();
        steps.blocks = blocks;
        steps
    }

    /// How many kinds of contexts there are, C.
    pub(super) fn contexts(&self) -> usize {
        self.after.len() / self.symbols
    }

    /// Makes one of contexts that are alike; tells whether there were any.
    fn merge(&mut self) -> bool {
        let symbols = self.symbols;
        let row = |context: usize| {
            let range = context * symbols..(context + 1) * symbols;
            (&self.after[range.clone()], &self.log_probabilities[range])
        };
        let bits = |context: usize| row(context).1.iter().map(|log| log.to_bits());
        let hash = |context: usize| hash(&(row(context).0, bits(context).collect::<Vec<u64>>()));
        let same = |one: usize, other: usize| row(one).0 == row(other).0 && bits(one).eq(bits(other));
        let (kinds, firsts) = alike(self.contexts(), hash, same);
        if firsts.len() == kinds.len() {
            return false;
        }
        let after = firsts.iter().flat_map(|&first| &self.after[first * symbols..][..symbols]);
        self.after = after.map(|&after| kinds[after as usize]).collect();
        let logs = firsts.iter().flat_map(|&first| &self.log_probabilities[first * symbols..][..symbols]);
        self.log_probabilities = logs.copied().collect();
        self.start = kinds[self.start as usize];
        true
    }
}

/// The number of each of so many rows among those that differ, in the order in which they first come, and where each came
/// first. The map only looks up.
fn alike(
    rows: usize,
    hash: impl Fn(usize) -> u64,
    same: impl Fn(usize, usize) -> bool,
) -> (Vec<u32>, Vec<usize>) {
    let mut found: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut firsts: Vec<usize> = Vec::new();
    let number = |row: usize| {
        let numbers = found.entry(hash(row)).or_default();
        let known = numbers.iter().copied().find(|&number| same(firsts[number as usize], row));
        known.unwrap_or_else(|| {
            numbers.push(firsts.len() as u32);
            firsts.push(row);
            firsts.len() as u32 - 1
        })
    };
    ((0..rows).map(number).collect(), firsts)
}

fn hash(row: &(impl Hash + ?Sized)) -> u64 {
    FxBuildHasher.hash_one(row)
}

/// e^x, and 0 where that is too little to count.
pub(super) fn power(x: f64) -> f64 {
    if x < -700.0 { 0.0 } else { kernels::exp(x) }
}

#[cfg(test)]
mod tests {
    use super::Steps;
    use crate::inference::autoregressive::Counted;

    #[test]
    fn contexts_that_never_came_are_as_their_shorter_ones() {
        let chain = Counted::new(3, 2, [[0, 1, 0, 1, 1, 0].as_slice()]).expect("small");
        let steps = Steps::of(&chain, 3, 1.0);
        // Of 13: before the first symbol, 0 as a beginning; 0 1, 1 0 and 1 1; what never came, by its last symbol; one of
        // the blocks is before the first symbol's, the others are the last symbol's.
        assert!(steps.contexts() < 10, "{}", steps.contexts());
        assert_eq!(steps.arrivals.len() / 3, 4);
    }
}
