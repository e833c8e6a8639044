//! One line of verse as an automaton over characters: words of a dictionary in a metre, and one of some words at its end.
//!
//! Between two words stands a blank, or a mark and a blank; before the end of the line a mark may stand. Words are in lower
//! case but for their first letter, which may be in either.

use super::dictionary::{Dictionary, Stress};
use crate::text::alphabet::is_of_word;
use crate::text::automaton::Part;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Stressed or not, syllable by syllable; at most 60.
pub(in crate::text) type Metre = [bool];

/// A tree of the words' characters.
#[derive(Debug, Default)]
struct Node {
    after: FxHashMap<char, usize>,
    word: Option<usize>,
}

/// How far a line has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    /// A word comes. The places in the metre where it may, as bits.
    Between(u64),
    /// Within a word that began at these places.
    Within(u64, usize),
    /// A mark stands after a word that ended at these places, and whether the line may end.
    Mark(u64, bool),
    /// The line is ended.
    Done,
}

/// One line of verse.
pub(super) struct Line<'a> {
    metre: Option<&'a Metre>,
    nodes: Vec<Node>,
    /// The stresses of each word.
    stresses: Vec<&'a BTreeSet<Vec<Stress>>>,
    /// Whether each word may end the line.
    ends: Vec<bool>,
    /// All states so far, by number.
    states: RefCell<(Vec<State>, FxHashMap<State, u32>)>,
}

impl<'a> Line<'a> {
    /// A line of some words of a dictionary; `ends` tells which may stand last.
    pub(super) fn new(
        metre: Option<&'a Metre>,
        dictionary: &'a Dictionary,
        words: &[&'a str],
        ends: impl Fn(&str) -> bool,
    ) -> Self {
        let mut nodes = vec![Node::default()];
        let (mut stresses, mut may_end) = (Vec::new(), Vec::new());
        for (number, word) in words.iter().enumerate() {
            let mut at = 0;
            for character in word.chars() {
                at = match nodes[at].after.get(&character) {
                    Some(&next) => next,
                    None => {
                        nodes.push(Node::default());
                        let next = nodes.len() - 1;
                        nodes[at].after.insert(character, next);
                        next
                    }
                };
            }
            nodes[at].word = Some(number);
            stresses.push(&dictionary.words[*word].stresses);
            may_end.push(ends(word));
        }
        let start = State::Between(1);
        let states = RefCell::new((vec![start], FxHashMap::from_iter([(start, 0)])));
        Self { metre, nodes, stresses, ends: may_end, states }
    }

    /// The places after a word that began at some places.
    fn places_after(&self, places: u64, word: usize) -> u64 {
        let Some(metre) = self.metre else { return places };
        let ways = self.stresses[word].iter();
        ways.fold(0, |after, way| {
            let fits = |at: &usize| {
                let feet = metre.get(*at..*at + way.len());
                feet.is_some_and(|feet| feet.iter().zip(way).all(|(foot, stress)| stands(*foot, *stress)))
            };
            let starts = (0..metre.len()).filter(|at| places >> at & 1 == 1);
            after | starts.filter(fits).fold(0, |after, at| after | 1 << (at + way.len()))
        })
    }

    /// Where a line stands when a word ends: the places for another word, and whether it may be the last.
    fn end_word(&self, places: u64, node: usize) -> Option<(u64, bool)> {
        let word = self.nodes[node].word?;
        let after = self.places_after(places, word);
        let (whole, rest) = match self.metre {
            None => (true, after),
            Some(metre) => (after >> metre.len() & 1 == 1, after & !(1 << metre.len())),
        };
        Some((rest, whole && self.ends[word]))
    }

    fn next(&self, state: State, character: char) -> Option<State> {
        let between = |places: u64| (places != 0).then_some(State::Between(places));
        match (state, character) {
            (State::Done, _) => None,
            (State::Between(places), first) => {
                let small = small(first)?;
                self.nodes[0].after.get(&small).map(|&node| State::Within(places, node))
            }
            (State::Within(places, node), character) if is_of_word(character) => {
                self.nodes[node].after.get(&character).map(|&node| State::Within(places, node))
            }
            (State::Within(places, node), character) => {
                let (rest, may_end) = self.end_word(places, node)?;
                match character {
                    ' ' => between(rest),
                    '\n' => may_end.then_some(State::Done),
                    mark => (!mark.is_whitespace() && (may_end || rest != 0))
                        .then_some(State::Mark(rest, may_end)),
                }
            }
            (State::Mark(rest, _), ' ') => between(rest),
            (State::Mark(_, may_end), '\n') => may_end.then_some(State::Done),
            (State::Mark(..), _) => None,
        }
    }
}

/// The words of which a line of these words, in a metre, can be the last.
pub(super) fn endings<'a>(metre: &Metre, dictionary: &Dictionary, words: &[&'a str]) -> Vec<&'a str> {
    let fits = |way: &[Stress], at: usize| {
        let feet = metre.get(at..at + way.len());
        feet.is_some_and(|feet| feet.iter().zip(way).all(|(&foot, &stress)| stands(foot, stress)))
    };
    let ways: BTreeSet<&Vec<Stress>> =
        words.iter().flat_map(|word| &dictionary.words[*word].stresses).collect();
    let mut reached = vec![false; metre.len() + 1];
    reached[0] = true;
    for at in 0..metre.len() {
        for way in ways.iter().filter(|way| reached[at] && fits(way, at)).collect::<Vec<_>>() {
            reached[at + way.len()] = true;
        }
    }
    let ends = |way: &Vec<Stress>| {
        let at = metre.len().checked_sub(way.len());
        at.is_some_and(|at| reached[at] && fits(way, at))
    };
    words.iter().copied().filter(|word| dictionary.words[*word].stresses.iter().any(ends)).collect()
}

/// Whether a syllable may stand on a foot's stressed or unstressed place.
pub(super) fn stands(stressed: bool, stress: Stress) -> bool {
    match stress {
        Stress::Either => true,
        Stress::Yes => stressed,
        Stress::No => !stressed,
    }
}

/// A single character in lower case.
fn small(character: char) -> Option<char> {
    let mut small = character.to_lowercase();
    small.next().filter(|_| small.next().is_none())
}

impl Part for Line<'_> {
    fn start(&self) -> u32 {
        0
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        let state = self.states.borrow().0[state as usize];
        let next = self.next(state, character)?;
        let (states, numbers) = &mut *self.states.borrow_mut();
        Some(*numbers.entry(next).or_insert_with(|| {
            states.push(next);
            states.len() as u32 - 1
        }))
    }

    fn accepts(&self, state: u32) -> bool {
        self.states.borrow().0[state as usize] == State::Done
    }

    fn class(&self, character: char) -> u64 {
        match character {
            ' ' => 1,
            '\n' => 2,
            character if is_of_word(character) => u64::from(u32::from(character)) + 4,
            character if character.is_whitespace() => 3,
            _ => 0,
        }
    }
}
