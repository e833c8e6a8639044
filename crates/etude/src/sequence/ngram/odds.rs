//! Probabilities of symbols in contexts.

use super::discount::{Discounts, place, step};
use super::trie::Trie;
use crate::kernels;

/// Counts and discounts, and what follows from them; C contexts.
#[derive(Debug)]
pub(super) struct Odds {
    /// Contexts and counts.
    pub(super) trie: Trie,
    /// What is taken from the counts.
    pub(super) discounts: Discounts,
    /// Symbols of the alphabet, Q.
    symbols: usize,
    /// 1 over the sum of each context's counts, (C).
    inverse: Vec<f64>,
    /// The weight of the shorter context, γ, (C).
    shorter: Vec<f64>,
}

impl Odds {
    pub(super) fn new(trie: Trie, discounts: Discounts, symbols: usize) -> Self {
        let (mut inverse, mut shorter) = (Vec::with_capacity(trie.len()), Vec::with_capacity(trie.len()));
        for (level, window) in trie.levels.windows(2).enumerate() {
            for node in window[0] as usize..window[1] as usize {
                let (_, counts) = trie.followers(node);
                let discounts = &discounts.0[place(level, counts.len())..];
                let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
                inverse.push(1.0 / total);
                shorter.push(counts.iter().map(|&count| discounts[step(count)]).sum::<f64>() / total);
            }
        }
        Self { trie, discounts, symbols, inverse, shorter }
    }

    /// ln p of all symbols in a context, (Q).
    pub(super) fn all(&self, node: usize, log_probabilities: &mut [f64]) {
        log_probabilities.fill(1.0 / self.symbols as f64);
        let (path, depth) = self.trie.path(node);
        self.add(0, 0, log_probabilities);
        for (level, &node) in path[..depth].iter().enumerate() {
            self.add(node as usize, level + 1, log_probabilities);
        }
        log_probabilities.iter_mut().for_each(|p| *p = kernels::ln(*p));
    }

    /// From the probabilities of the shorter context to those of this one.
    fn add(&self, node: usize, level: usize, probabilities: &mut [f64]) {
        let (words, counts) = self.trie.followers(node);
        let discounts = &self.discounts.0[place(level, words.len())..];
        let (inverse, shorter) = (self.inverse[node], self.shorter[node]);
        probabilities.iter_mut().for_each(|p| *p *= shorter);
        for (&word, &count) in words.iter().zip(counts) {
            probabilities[usize::from(word)] += (f64::from(count) - discounts[step(count)]) * inverse;
        }
    }

    /// ln p of one symbol in a context: the same number as [`Self::all`] has for it.
    pub(super) fn one(&self, node: usize, symbol: u16) -> f64 {
        let (path, depth) = self.trie.path(node);
        let mut p = 1.0 / self.symbols as f64;
        for (level, node) in std::iter::once(0).chain(path[..depth].iter().copied()).enumerate() {
            let node = node as usize;
            let (words, counts) = self.trie.followers(node);
            p *= self.shorter[node];
            if let Ok(at) = words.binary_search(&symbol) {
                let discount = self.discounts.0[place(level, words.len()) + step(counts[at])];
                p += (f64::from(counts[at]) - discount) * self.inverse[node];
            }
        }
        kernels::ln(p)
    }
}
