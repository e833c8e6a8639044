//! Counts of answers by context: sorted flat arrays, found through a directory of leading bits.

use std::ops::Range;

/// Packs one observation into a word that sorts by context, then by symbol.
pub fn record(context: u32, symbol: u8) -> u64 {
    u64::from(context) << 8 | u64::from(symbol)
}

/// Which symbols were seen in each context, how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Hashes of contexts, ascending, shape (C).
    pub contexts: Vec<u32>,
    /// Where each context's symbols begin, shape (C + 1).
    pub starts: Vec<u32>,
    /// Symbols, ascending within a context, shape (N).
    pub symbols: Vec<u8>,
    /// How often each was seen, at least 1, shape (N).
    pub counts: Vec<u32>,
    /// Where the contexts with given leading bits begin, shape (2ᵇ + 1); derived, not stored.
    directory: Vec<u32>,
    /// 32 − b.
    shift: u32,
}

impl Counts {
    /// Sorts and counts `records`; drops contexts seen fewer than `least` times.
    pub fn tally(mut records: Vec<u64>, least: u32) -> Self {
        records.sort_unstable();
        let (mut contexts, mut starts, mut symbols, mut counts) =
            (Vec::new(), vec![0], Vec::new(), Vec::new());
        for group in records.chunk_by(|a, b| a >> 8 == b >> 8) {
            if group.len() < least as usize {
                continue;
            }
            for same in group.chunk_by(|a, b| a == b) {
                symbols.push((same[0] & 0xFF) as u8);
                counts.push(same.len() as u32);
            }
            contexts.push((group[0] >> 8) as u32);
            starts.push(symbols.len() as u32);
        }
        Self::assemble(contexts, starts, symbols, counts)
    }

    /// Builds the directory over arrays that are sorted as the fields say.
    pub fn assemble(contexts: Vec<u32>, starts: Vec<u32>, symbols: Vec<u8>, counts: Vec<u32>) -> Self {
        let bits = (contexts.len().max(2) as u32).ilog2();
        let shift = 32 - bits;
        let mut directory = vec![0; (1 << bits) + 1];
        for context in &contexts {
            directory[(context >> shift) as usize + 1] += 1;
        }
        for i in 1..directory.len() {
            directory[i] += directory[i - 1];
        }
        Self { contexts, starts, symbols, counts, directory, shift }
    }

    /// Where the symbols seen in `context` stand; empty if it was never seen.
    pub fn find(&self, context: u32) -> Range<usize> {
        let leading = (context >> self.shift) as usize;
        let (from, to) = (self.directory[leading] as usize, self.directory[leading + 1] as usize);
        match self.contexts[from..to].iter().position(|&known| known == context) {
            Some(i) => self.starts[from + i] as usize..self.starts[from + i + 1] as usize,
            None => 0..0,
        }
    }

    /// The symbols that stand there, with their counts.
    pub fn seen(&self, range: Range<usize>) -> impl Iterator<Item = (u8, u32)> + '_ {
        self.symbols[range.clone()].iter().copied().zip(self.counts[range].iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tallied_is_found_and_the_rare_is_dropped() {
        let counts = Counts::tally(vec![record(9, 4), record(5, 1), record(9, 2), record(9, 4)], 2);
        assert_eq!(counts.seen(counts.find(9)).collect::<Vec<_>>(), [(2, 1), (4, 2)]);
        assert!(counts.find(5).is_empty() && counts.find(7).is_empty());
    }
}
