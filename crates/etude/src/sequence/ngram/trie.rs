//! Contexts that were seen, as a trie over their symbols read backwards, and what followed each.
//!
//! Node 0 is the empty context. A child is longer by one symbol to the left: the path from the root tells a context's last
//! symbol first. Nodes stand level by level, and in each level in the order of their parents, then of their symbols. A
//! context is in the trie only if all its beginnings and all its ends are, so the longest seen end of what was read can be
//! followed from symbol to symbol.

/// Most symbols in a context that any model has.
pub(super) const MOST: usize = 31;

/// The contexts, and the counts of what followed them; C contexts, N entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trie {
    /// Contexts of each length, from 0 on: where each level begins, and the end, shape (levels + 1).
    pub levels: Vec<u32>,
    /// The symbol that a context has before its parent's, (C); that of the root tells nothing.
    pub symbols: Vec<u16>,
    /// The parent of each context, (C); the root is its own.
    pub parents: Vec<u32>,
    /// Where each context's children begin, and the end, (C + 1).
    pub children: Vec<u32>,
    /// Where each context's entries begin, and the end, (C + 1).
    pub entries: Vec<u32>,
    /// The symbol of each entry, ascending within a context, (N).
    pub words: Vec<u16>,
    /// The count of each entry, at least 1, (N).
    pub counts: Vec<u32>,
}

impl Trie {
    /// How many contexts there are, C.
    pub(super) fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbols that followed a context, and how often each counts.
    pub(super) fn followers(&self, node: usize) -> (&[u16], &[u32]) {
        let range = self.entries[node] as usize..self.entries[node + 1] as usize;
        (&self.words[range.clone()], &self.counts[range])
    }

    /// The context that has `symbol` before this one.
    pub(super) fn child(&self, node: usize, symbol: u16) -> Option<usize> {
        let (start, end) = (self.children[node] as usize, self.children[node + 1] as usize);
        let found = self.symbols[start..end].binary_search(&symbol).ok()?;
        Some(start + found)
    }

    /// The nodes from the one after the root down to `node`, and how many they are.
    pub(super) fn path(&self, node: usize) -> ([u32; MOST], usize) {
        let (mut path, mut depth, mut at) = ([0; MOST], 0, node);
        while at != 0 {
            path[depth] = at as u32;
            depth += 1;
            at = self.parents[at] as usize;
        }
        path[..depth].reverse();
        (path, depth)
    }

    /// The longest seen end of a context with one more symbol behind it.
    pub(super) fn after(&self, node: usize, symbol: u16) -> usize {
        let (path, depth) = self.path(node);
        let Some(mut at) = self.child(0, symbol) else { return 0 };
        for &step in &path[..depth] {
            let Some(longer) = self.child(at, self.symbols[step as usize]) else { break };
            at = longer;
        }
        at
    }

    /// Only those contexts that `kept` tells; it keeps the root, and no context without its parent.
    pub(super) fn keep(&self, kept: &[bool]) -> Self {
        let mut places = vec![0u32; self.len()];
        let mut trie = Self { levels: vec![0], ..Self::default() };
        for (level, window) in self.levels.windows(2).enumerate() {
            for node in window[0] as usize..window[1] as usize {
                if !kept[node] {
                    continue;
                }
                places[node] = trie.symbols.len() as u32;
                let (words, counts) = self.followers(node);
                trie.symbols.push(self.symbols[node]);
                trie.parents.push(places[self.parents[node] as usize]);
                trie.entries.push(trie.words.len() as u32);
                trie.words.extend_from_slice(words);
                trie.counts.extend_from_slice(counts);
            }
            if level == 0 || trie.symbols.len() as u32 > trie.levels[level] {
                trie.levels.push(trie.symbols.len() as u32);
            } else {
                break;
            }
        }
        trie.entries.push(trie.words.len() as u32);
        trie.children = children(&trie.parents);
        trie
    }
}

/// Where each context's children begin, from the parents, which ascend.
pub(super) fn children(parents: &[u32]) -> Vec<u32> {
    let mut children = Vec::with_capacity(parents.len() + 1);
    let mut at = 1;
    for node in 0..=parents.len() as u32 {
        while at < parents.len() && parents[at] < node {
            at += 1;
        }
        children.push(at as u32);
    }
    children
}
