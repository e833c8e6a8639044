//! Symbols as decisions: a Huffman code makes of each symbol a path of yes and no.
//!
//! Huffman, *A method for the construction of minimum-redundancy codes*, Proceedings of the IRE 40, 1952. Frequent symbols
//! have short paths, so a text needs few decisions. The nodes are numbered level by level: they ascend along every path.

use super::slot::Slot;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The code of an alphabet of Q symbols; Q − 1 nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// What each answer leads to: (node, false) or (symbol, true), shape (Q − 1, 2).
    children: Vec<[(u32, bool); 2]>,
    /// The path of each symbol as slots that were seen once: their nodes are the path, their last bits the answers.
    paths: Vec<Slot>,
    /// Where the path of each symbol begins, and the end, (Q + 1).
    starts: Vec<u32>,
}

impl Code {
    /// The code for symbols that were seen so often, (Q).
    pub(super) fn new(counts: &[u64]) -> Self {
        let symbols = counts.len();
        // Trees are numbered as they are made: the leaves first. Ties go to the older.
        let mut made: Vec<[usize; 2]> = Vec::new();
        let mut heap: BinaryHeap<Reverse<(u64, usize)>> =
            counts.iter().enumerate().map(|(symbol, &count)| Reverse((count.max(1), symbol))).collect();
        while let (Some(Reverse(rarer)), Some(Reverse(other))) = (heap.pop(), heap.pop()) {
            heap.push(Reverse((rarer.0 + other.0, symbols + made.len())));
            made.push([rarer.1, other.1]);
            if heap.len() == 1 {
                break;
            }
        }
        // Level by level from the root, which was made last.
        let mut order: Vec<usize> = (symbols + made.len()).checked_sub(1).into_iter().collect();
        order.retain(|&root| root >= symbols);
        let mut children = Vec::with_capacity(made.len());
        let mut at = 0;
        while at < order.len() {
            children.push(made[order[at] - symbols].map(|tree| {
                if tree < symbols {
                    return (tree as u32, true);
                }
                order.push(tree);
                (order.len() as u32 - 1, false)
            }));
            at += 1;
        }
        Self::with_paths(children, symbols)
    }

    fn with_paths(children: Vec<[(u32, bool); 2]>, symbols: usize) -> Self {
        let mut found: Vec<Vec<Slot>> = vec![Vec::new(); symbols];
        let mut ways: Vec<Vec<Slot>> = vec![Vec::new(); children.len()];
        for (node, answers) in children.iter().enumerate() {
            let way = std::mem::take(&mut ways[node]);
            for (bit, &(child, is_symbol)) in answers.iter().enumerate() {
                let mut longer = way.clone();
                longer.push(Slot::new(node as u16).after(bit));
                if is_symbol { found[child as usize] = longer } else { ways[child as usize] = longer }
            }
        }
        let mut starts = vec![0];
        for path in &found {
            starts.push(starts[starts.len() - 1] + path.len() as u32);
        }
        Self { children, paths: found.concat(), starts }
    }

    /// How many nodes there are, Q − 1.
    pub(super) fn nodes(&self) -> usize {
        self.children.len()
    }

    /// The path of a symbol, from the root: each node, and in its last bit the answer.
    pub(super) fn path(&self, symbol: u32) -> &[Slot] {
        &self.paths[self.starts[symbol as usize] as usize..self.starts[symbol as usize + 1] as usize]
    }

    /// What the two answers at a node lead to: (node, false) or (symbol, true).
    pub(super) fn children(&self, node: usize) -> [(u32, bool); 2] {
        self.children[node]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &[u64], expected: &str) {
        let code = Code::new(counts);
        let bits =
            |symbol| code.path(symbol).iter().map(|slot| char::from(b'0' + slot.last() as u8)).collect();
        let all: Vec<String> = (0..counts.len() as u32).map(bits).collect();
        assert_eq!(all.join(" "), expected);
        for symbol in 0..counts.len() as u32 {
            assert!(code.path(symbol).is_sorted_by(|a, b| a.node < b.node));
        }
    }

    #[test]
    fn frequent_symbols_have_short_paths() {
        check(&[8, 4, 2, 1], "1 01 001 000");
    }

    #[test]
    fn even_counts_make_an_even_tree() {
        check(&[1, 1, 1, 1], "00 01 10 11");
    }

    #[test]
    fn what_never_came_has_a_path_too() {
        check(&[5, 0, 0], "1 00 01");
    }

    #[test]
    fn a_single_symbol_needs_no_decision() {
        check(&[3], "");
    }
}
