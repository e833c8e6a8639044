//! Generalisation of sequences: which runs of symbols a piece cites or invents, and its longest verbatim copy.
//!
//! The corpus is one long list of symbols, its sequences parted by [`BREAK`]. It is read once for each piece: through the
//! suffix automaton of the piece, which is small (Blumer et al., *The smallest automaton recognizing the subwords of a text*,
//! Theoretical Computer Science 40, 1985), so that no index of the corpus need be kept.

mod symbols;

use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};
use rustc_hash::FxHashMap;
use symbols::{narrow, wide};

/// Stands between the sequences of a corpus, and in a piece where nothing can be copied.
pub const BREAK: u32 = u32::MAX;

/// What a model was trained on, to tell what is new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// The training sequences, a [`BREAK`] after each.
    symbols: Vec<u32>,
    /// Name of each sequence, and where it begins in `symbols`.
    names: Vec<(String, usize)>,
    /// What was held out from training, to tell what is discovered, a [`BREAK`] after each sequence; may be empty.
    held_out: Vec<u32>,
}

/// How new a piece is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Novelty {
    /// Share of the piece's runs of `run` symbols that the corpus holds, 0..=1.
    pub cited: f64,
    /// The share that only what was held out holds; 0 where nothing was.
    pub discovered: f64,
    /// The share that neither holds.
    pub invented: f64,
    /// How many symbols a run has.
    pub run: usize,
    /// The longest run of symbols that the corpus holds too.
    pub longest_copy: usize,
    /// Where in the piece it begins.
    pub start: usize,
    /// The training sequence that holds it, or empty.
    pub longest_copy_of: String,
    /// Where in that training sequence it begins.
    pub start_there: usize,
}

impl Memory {
    /// Remembers named sequences.
    pub fn new<'a>(sequences: impl IntoIterator<Item = (&'a str, &'a [u32])>) -> Self {
        let mut memory = Self::default();
        for (name, symbols) in sequences {
            memory.names.push((name.to_owned(), memory.symbols.len()));
            memory.symbols.extend_from_slice(symbols);
            memory.symbols.push(BREAK);
        }
        memory
    }

    /// Remembers what was held out from training.
    pub fn with_held_out(mut self, sequences: impl IntoIterator<Item = Vec<u32>>) -> Self {
        for symbols in sequences.into_iter().filter(|symbols| !symbols.is_empty()) {
            self.held_out.extend(symbols);
            self.held_out.push(BREAK);
        }
        self
    }

    /// How new a piece is, by its runs of `run` symbols; a shorter piece is one run.
    pub fn appraise(&self, piece: &[u32], run: usize) -> Novelty {
        self.appraise_without(piece, run, None)
    }

    /// The same against all sequences but one: how much a training piece has in common with the others.
    pub fn appraise_without(&self, piece: &[u32], run: usize, left_out: Option<usize>) -> Novelty {
        let automaton = Automaton::new(piece);
        let without = left_out.map_or(0..0, |index| self.span(index));
        let others = self.symbols.iter().enumerate();
        let others = others.map(|(at, &symbol)| if without.contains(&at) { BREAK } else { symbol });
        let (longest, best) = automaton.matches(others);
        let run = run.min(piece.len()).max(1);
        let runs = automaton.runs(&longest, piece, run);
        let share = |count: usize| count as f64 / runs.len().max(1) as f64;
        let cited = share(runs.iter().filter(|cited| **cited).count());
        let mut novelty = Novelty { cited, invented: 1.0 - cited, run, ..Novelty::default() };
        if !self.held_out.is_empty() {
            let found = automaton.runs(&automaton.matches(self.held_out.iter().copied()).0, piece, run);
            let new = |held: bool| runs.iter().zip(&found).filter(|(c, f)| !**c && **f == held).count();
            (novelty.discovered, novelty.invented) = (share(new(true)), share(new(false)));
        }
        if best.0 > 0 {
            let begin = best.1 - best.0;
            let name = self.names.partition_point(|(_, start)| *start <= begin) - 1;
            let copied = &self.symbols[begin..best.1];
            novelty.longest_copy = best.0;
            novelty.start = piece.windows(best.0).position(|window| window == copied).unwrap_or(0);
            novelty.longest_copy_of = self.names[name].0.clone();
            novelty.start_there = begin - self.names[name].1;
        }
        novelty
    }

    /// How many sequences there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The symbols of a sequence.
    pub fn sequence(&self, index: usize) -> &[u32] {
        let span = self.span(index);
        &self.symbols[span.start..span.end - 1]
    }

    /// Where a sequence stands, its break included.
    fn span(&self, index: usize) -> std::ops::Range<usize> {
        let end = self.names.get(index + 1).map_or(self.symbols.len(), |(_, start)| *start);
        self.names[index].1..end
    }

    /// The arrays of the model file: symbols as narrow as they fit, the largest for a break; names, a line each.
    pub fn tensors(&self) -> Tensors {
        let largest = self.symbols.iter().filter(|symbol| **symbol != BREAK).max().copied().unwrap_or(0);
        let shape = vec![self.symbols.len()];
        let symbols = if largest < u32::from(u8::MAX) {
            Tensor::U8(shape, self.symbols.iter().map(|&symbol| symbol.min(255) as u8).collect())
        } else {
            narrow(&self.symbols)
        };
        let names: Vec<String> = self.names.iter().map(|(name, _)| name.replace('\n', " ")).collect();
        let names = names.join("\n").into_bytes();
        let mut tensors = Tensors::from([
            ("memory.symbols".to_owned(), symbols),
            ("memory.names".to_owned(), Tensor::U8(vec![names.len()], names)),
        ]);
        if !self.held_out.is_empty() {
            tensors.insert("memory.held_out".to_owned(), narrow(&self.held_out));
        }
        tensors
    }

    /// Reads it from a model file.
    ///
    /// # Errors
    ///
    /// Arrays that are missing or don't fit together.
    pub fn load(reader: &Reader) -> Result<Self> {
        let symbols: Vec<u32> = match reader.bytes("memory.symbols") {
            Ok(bytes) => bytes.iter().map(|&b| if b == u8::MAX { BREAK } else { b.into() }).collect(),
            Err(_) => wide(reader, "memory.symbols")?,
        };
        let Ok(names) = std::str::from_utf8(reader.bytes("memory.names")?) else {
            return reader.refuse("names that aren't text", "names, a line each");
        };
        let breaks = symbols.iter().enumerate().filter(|(_, symbol)| **symbol == BREAK).map(|(at, _)| at + 1);
        let starts: Vec<usize> = std::iter::once(0).chain(breaks).collect();
        let names: Vec<&str> = if symbols.is_empty() { Vec::new() } else { names.split('\n').collect() };
        if names.len() + 1 != starts.len() || symbols.last().is_some_and(|&symbol| symbol != BREAK) {
            return reader
                .refuse(format!("{} names of {} sequences", names.len(), starts.len() - 1), "as many");
        }
        let names = names.into_iter().map(str::to_owned).zip(starts).collect();
        let held_out =
            if reader.has("memory.held_out") { wide(reader, "memory.held_out")? } else { Vec::new() };
        Ok(Self { symbols, names, held_out })
    }
}

/// The suffix automaton of a piece: its paths are all runs of symbols that the piece holds.
struct Automaton {
    states: Vec<State>,
}

/// All runs that end at the same places of the piece.
#[derive(Clone, Default)]
struct State {
    /// The longest of them.
    length: usize,
    /// The state of the longest run that is shorter than all of these and ends in more places.
    link: usize,
    after: FxHashMap<u32, usize>,
}

impl Automaton {
    /// Blumer's construction, symbol by symbol; the linked state of the first is itself.
    fn new(piece: &[u32]) -> Self {
        let mut states = vec![State::default()];
        let mut last = 0;
        for &symbol in piece {
            let new = states.len();
            states.push(State { length: states[last].length + 1, ..State::default() });
            let mut at = last;
            let found = loop {
                if let Some(&next) = states[at].after.get(&symbol) {
                    break Some(next);
                }
                states[at].after.insert(symbol, new);
                if at == 0 {
                    break None;
                }
                at = states[at].link;
            };
            if let Some(next) = found.filter(|&next| next != new) {
                if states[next].length == states[at].length + 1 {
                    states[new].link = next;
                } else {
                    let clone = states.len();
                    states.push(State { length: states[at].length + 1, ..states[next].clone() });
                    states[next].link = clone;
                    states[new].link = clone;
                    while states[at].after.get(&symbol) == Some(&next) {
                        states[at].after.insert(symbol, clone);
                        if at == 0 {
                            break;
                        }
                        at = states[at].link;
                    }
                }
            }
            last = new;
        }
        Self { states }
    }

    /// One symbol on: the state of the longest run of what was read that the piece holds, and its length.
    fn follow(&self, mut state: usize, mut length: usize, symbol: u32) -> (usize, usize) {
        loop {
            if let Some(&next) = self.states[state].after.get(&symbol) {
                return (next, length + 1);
            }
            if state == 0 {
                return (0, 0);
            }
            state = self.states[state].link;
            length = self.states[state].length;
        }
    }

    /// The longest match that ends in some symbols at each state, so that cited runs can be told from it; and the first of the
    /// longest of all: its length, and where it ends.
    fn matches(&self, symbols: impl Iterator<Item = u32>) -> (Vec<usize>, (usize, usize)) {
        let (mut longest, mut best) = (vec![0; self.states.len()], (0, 0));
        let (mut state, mut length) = (0, 0);
        for (at, symbol) in symbols.enumerate() {
            if symbol == BREAK {
                (state, length) = (0, 0);
                continue;
            }
            (state, length) = self.follow(state, length, symbol);
            longest[state] = longest[state].max(length);
            if length > best.0 {
                best = (length, at + 1);
            }
        }
        (longest, best)
    }

    /// Whether the corpus holds each run of `run` symbols of the piece, given the longest match of each state.
    fn runs(&self, longest: &[usize], piece: &[u32], run: usize) -> Vec<bool> {
        // A match of a state is one of all states that it links to.
        let mut longest = longest.to_vec();
        let mut order: Vec<usize> = (1..self.states.len()).collect();
        order.sort_unstable_by_key(|&state| std::cmp::Reverse(self.states[state].length));
        for state in order {
            let link = self.states[state].link;
            if longest[state] > 0 {
                longest[link] = longest[link].max(self.states[link].length);
            }
        }
        let (mut state, mut length) = (0, 0);
        let mut cited = Vec::new();
        for (at, &symbol) in piece.iter().enumerate() {
            (state, length) = self.follow(state, length, symbol);
            while state != 0 && self.states[self.states[state].link].length >= run {
                state = self.states[state].link;
                length = self.states[state].length;
            }
            if at + 1 >= run {
                cited.push(longest[state] >= run);
            }
        }
        cited
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    fn symbols(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    #[track_caller]
    fn check(corpus: &[&str], piece: &str, run: usize, expected: &str) {
        let corpus: Vec<Vec<u32>> = corpus.iter().map(|text| symbols(text)).collect();
        let memory = Memory::new(corpus.iter().map(|symbols| ("a", symbols.as_slice())));
        let novelty = memory.appraise(&symbols(piece), run);
        let told = format!("{:.2} {} at {}", novelty.cited, novelty.longest_copy, novelty.start);
        assert_eq!(told, expected);
    }

    #[test]
    fn a_copy_is_found_wherever_it_stands() {
        check(&["the cat sat", "on the mat"], "a cat on the rug", 3, "0.57 7 at 6");
    }

    #[test]
    fn no_copy_runs_across_two_sequences() {
        check(&["abc", "def"], "bcde", 2, "0.67 2 at 0");
    }

    #[test]
    fn what_only_the_held_out_holds_is_discovered() {
        let (learnt, held_out) = (symbols("abc"), symbols("bcd"));
        let memory = Memory::new([("a", learnt.as_slice())]).with_held_out([held_out, vec![]]);
        let novelty = memory.appraise(&symbols("abcdab"), 2);
        // ab bc cd da ab
        assert_eq!((novelty.cited, novelty.discovered, novelty.invented), (0.6, 0.2, 0.2));
        assert_eq!(Memory::new([]).appraise(&symbols("ab"), 2).discovered, 0.0);
    }

    #[test]
    fn nothing_in_common_is_all_invented() {
        check(&["abc"], "xyz", 2, "0.00 0 at 0");
    }

    #[test]
    fn a_piece_is_no_copy_of_itself_when_it_is_left_out() {
        let (one, two) = (symbols("abcab"), symbols("xbcax"));
        let memory = Memory::new([("one", one.as_slice()), ("two", two.as_slice())]);
        let novelty = memory.appraise_without(&one, 2, Some(0));
        assert_eq!(
            (novelty.longest_copy, novelty.longest_copy_of.as_str(), novelty.start_there),
            (3, "two", 1)
        );
    }

    #[test]
    fn the_automaton_agrees_with_a_search_of_all_runs() {
        let mut chance = Chance::new(3, 0);
        for _ in 0..500 {
            let mut draw = |most: usize| -> Vec<u32> {
                (0..1 + chance.below(most)).map(|_| chance.below(3) as u32).collect()
            };
            let (corpus, piece) = (vec![draw(30), draw(30)], draw(20));
            let memory = Memory::new(corpus.iter().map(|symbols| ("a", symbols.as_slice())));
            let holds =
                |run: &[u32]| corpus.iter().any(|sequence| sequence.windows(run.len()).any(|w| w == run));
            let longest = (1..=piece.len()).rev().find(|&n| piece.windows(n).any(holds)).unwrap_or(0);
            let run = 4.min(piece.len());
            let cited =
                piece.windows(run).filter(|w| holds(w)).count() as f64 / piece.windows(run).len() as f64;
            let novelty = memory.appraise(&piece, 4);
            assert_eq!((novelty.longest_copy, novelty.cited), (longest, cited), "{corpus:?} {piece:?}");
        }
    }
}
