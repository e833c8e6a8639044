//! Counts: places sorted by what stands before them, then counted level by level.
//!
//! The counts are those of Kneser & Ney: of the longest contexts, and of those that reach back to the start of their
//! sequence, how often a symbol followed; of all others, after how many different longer contexts it followed.

use super::trie::{Trie, children};
use crate::sequence::Sequence;
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;

/// The counts of sequences in contexts of up to `longest` symbols, and how often each context was seen, shape (C).
///
/// `start`, Q, stands before each sequence, and is part of contexts.
pub(super) fn count(sequences: &[Sequence], start: u16, longest: usize) -> (Trie, Vec<u32>) {
    let (text, places) = sorted(sequences, start, longest);
    let mut trie = Trie { symbols: vec![start], parents: vec![0], levels: vec![0, 1], ..Trie::default() };
    // The sorted places of each context: (start, end).
    let mut spans = vec![(0u32, places.len() as u32)];
    for depth in 0..longest {
        let level = trie.levels[depth] as usize..trie.levels[depth + 1] as usize;
        for node in level {
            if depth > 0 && trie.symbols[node] == start {
                continue;
            }
            let (mut from, end) = spans[node];
            while from < end {
                let symbol_at = |at: u32| text[places[at as usize] as usize - 1 - depth];
                let symbol = symbol_at(from);
                let to = (from..end).find(|&at| symbol_at(at) != symbol).unwrap_or(end);
                trie.symbols.push(symbol);
                trie.parents.push(node as u32);
                spans.push((from, to));
                from = to;
            }
        }
        if trie.symbols.len() as u32 == trie.levels[depth + 1] {
            break;
        }
        trie.levels.push(trie.symbols.len() as u32);
    }
    trie.children = children(&trie.parents);
    let followers = followers(&trie, &spans, |at| text[places[at as usize] as usize], usize::from(start));
    for list in followers {
        trie.entries.push(trie.words.len() as u32);
        trie.words.extend(list.iter().map(|&(word, _)| word));
        trie.counts.extend(list.iter().map(|&(_, count)| count));
    }
    trie.entries.push(trie.words.len() as u32);
    (trie, spans.iter().map(|(from, to)| to - from).collect())
}

/// All sequences behind each other, `start` before each, and the places of their symbols, sorted by what stands before
/// them, the nearest first, then by the symbol.
fn sorted(sequences: &[Sequence], start: u16, longest: usize) -> (Vec<u16>, Vec<u32>) {
    let (mut text, mut places) = (Vec::new(), Vec::new());
    for sequence in sequences {
        text.push(start);
        let begin = text.len();
        text.extend(sequence.symbols.iter().map(|&symbol| symbol as u16));
        places.extend(begin as u32..text.len() as u32);
    }
    places.par_sort_unstable_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        for depth in 1..=longest {
            let (left, right) = (text[a - depth], text[b - depth]);
            match left.cmp(&right) {
                Ordering::Equal if left == start => break,
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        text[a].cmp(&text[b])
    });
    (text, places)
}

/// What followed each context, ascending, with the count of Kneser & Ney.
fn followers(
    trie: &Trie,
    spans: &[(u32, u32)],
    symbol_at: impl Fn(u32) -> u16,
    alphabet: usize,
) -> Vec<Vec<(u16, u32)>> {
    let mut lists: Vec<Vec<(u16, u32)>> = vec![Vec::new(); trie.len()];
    let mut found = vec![0u32; alphabet];
    for node in (0..trie.len()).rev() {
        let below = trie.children[node] as usize..trie.children[node + 1] as usize;
        let mut list: Vec<(u16, u32)> = Vec::new();
        if below.is_empty() {
            for symbol in (spans[node].0..spans[node].1).map(&symbol_at) {
                match list.last_mut() {
                    Some((last, count)) if *last == symbol => *count += 1,
                    _ => list.push((symbol, 1)),
                }
            }
        } else {
            for &(word, _) in lists[below].iter().flatten() {
                found[usize::from(word)] += 1;
                if found[usize::from(word)] == 1 {
                    list.push((word, 0));
                }
            }
            list.sort_unstable();
            for (word, count) in &mut list {
                *count = std::mem::take(&mut found[usize::from(*word)]);
            }
        }
        lists[node] = list;
    }
    lists
}
