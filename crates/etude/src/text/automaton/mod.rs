//! All that is asked of a text as one deterministic automaton over the symbols of its alphabet.
//!
//! Each thing asked is a [`Part`]: an automaton over characters. Their product is written out state by state, as far as it
//! can be reached, over classes of symbols that no part tells apart; then every state is left out from which no text can
//! be finished. What remains never leads into a dead end. A text is finished where all parts accept for the first time.

mod draft;
mod length;
mod letters;
mod lines;
mod literal;
mod pattern;
mod words;

pub(super) use draft::Draft;
pub(super) use length::Length;
pub(super) use letters::Letters;
pub(super) use lines::Lines;
pub(super) use literal::{Absent, Contains, End, Start};
pub(super) use pattern::{Absence, Pattern};
pub(super) use words::{Word, alike};

use super::alphabet::Alphabet;
use crate::inference::autoregressive::{Automaton, Impossible, MOST_ENTRIES, NONE};
use rustc_hash::FxHashMap;

/// States of a product that are written out at most, for the sake of memory.
const MOST_STATES: usize = 1 << 19;

/// One thing asked of a text, as a deterministic automaton over characters.
pub(super) trait Part {
    /// The state before the first character.
    fn start(&self) -> u32;

    /// The state after a character; none where nothing that begins like this can be as asked.
    fn after(&self, state: u32, character: char) -> Option<u32>;

    /// Whether the text may end here.
    fn accepts(&self, state: u32) -> bool;

    /// Characters of one class lead from every state to the same one.
    fn class(&self, character: char) -> u64;
}

/// The product of parts, over classes of symbols.
struct Product {
    /// How many classes there are, C.
    width: usize,
    /// The state after each class in each state, shape (S, C), or `NONE`; none leads from where a text is finished.
    after: Vec<u32>,
    /// Whether a text is finished, shape (S).
    finished: Vec<bool>,
}

/// The texts that are as all parts ask, as an automaton over the symbols of the alphabet.
///
/// # Errors
///
/// No text is as asked, or it would be too large to write out.
pub(super) fn product(parts: &[&dyn Part], alphabet: &Alphabet) -> Result<Automaton, Impossible> {
    let (classes, examples) = classes(parts, alphabet);
    let product = Product::new(parts, &examples)?.trimmed()?;
    let symbols = classes.len();
    if product.finished.len().saturating_mul(symbols) > MOST_ENTRIES {
        return Err(Impossible::TooLarge);
    }
    let rows = product.after.chunks_exact(product.width);
    let next = rows.flat_map(|row| classes.iter().map(|&class| row[class as usize])).collect();
    Automaton::from_table(symbols, next, &product.finished)
}

/// The class of each symbol, and a symbol's text of each class.
fn classes<'a>(parts: &[&dyn Part], alphabet: &'a Alphabet) -> (Vec<u32>, Vec<&'a str>) {
    let mut numbers: FxHashMap<Vec<u64>, u32> = FxHashMap::default();
    let mut examples = Vec::new();
    let classes = (0..alphabet.len()).map(|symbol| {
        let text = alphabet.text(symbol);
        // Every character adds one entry for each part, and at least its own mark, so lengths are told apart too.
        let class =
            text.chars().flat_map(|c| parts.iter().map(move |part| part.class(c)).chain([0])).collect();
        *numbers.entry(class).or_insert_with(|| {
            examples.push(text);
            examples.len() as u32 - 1
        })
    });
    (classes.collect(), examples)
}

impl Product {
    /// Every state that can be reached by the examples, in the order in which a search finds them.
    fn new(parts: &[&dyn Part], examples: &[&str]) -> Result<Self, Impossible> {
        let width = examples.len();
        let start: Box<[u32]> = parts.iter().map(|part| part.start()).collect();
        let mut numbers = FxHashMap::from_iter([(start.clone(), 0)]);
        let mut states = vec![start];
        let (mut after, mut finished) = (Vec::new(), Vec::new());
        while let Some(state) = states.get(finished.len()).cloned() {
            let is_finished = parts.iter().zip(&state).all(|(part, &own)| part.accepts(own));
            finished.push(is_finished);
            if finished.len() > MOST_STATES || finished.len().saturating_mul(width) > MOST_ENTRIES {
                return Err(Impossible::TooLarge);
            }
            for example in examples {
                let read = |(part, &own): (&&dyn Part, &u32)| {
                    example.chars().try_fold(own, |own, character| part.after(own, character))
                };
                let next: Option<Box<[u32]>> = parts.iter().zip(&state).map(read).collect();
                let number = |next: Box<[u32]>| {
                    *numbers.entry(next).or_insert_with_key(|next| {
                        states.push(next.clone());
                        states.len() as u32 - 1
                    })
                };
                after.push(next.filter(|_| !is_finished).map_or(NONE, number));
            }
        }
        Ok(Self { width, after, finished })
    }

    /// The same without the states from which no text can be finished.
    fn trimmed(self) -> Result<Self, Impossible> {
        let alive = self.alive();
        if !alive[0] {
            return Err(Impossible::Nothing);
        }
        let mut count = 0;
        let mut number = |alive: &bool| {
            count += u32::from(*alive);
            if *alive { count - 1 } else { NONE }
        };
        let numbers: Vec<u32> = alive.iter().map(&mut number).collect();
        let rows = self.after.chunks_exact(self.width).zip(&alive).filter(|(_, alive)| **alive);
        let renumbered = |&next: &u32| if next == NONE { NONE } else { numbers[next as usize] };
        let after = rows.flat_map(|(row, _)| row.iter().map(renumbered)).collect();
        let finished = self.finished.iter().zip(&alive).filter(|(_, alive)| **alive);
        let finished = finished.map(|(finished, _)| *finished).collect();
        Ok(Self { after, finished, ..self })
    }

    /// Whether a text can be finished from each state, shape (S).
    fn alive(&self) -> Vec<bool> {
        let states = self.finished.len();
        // Who leads to each state, each once: first how many, then who.
        let mut starts = vec![0; states + 1];
        self.each_step(|_, to| starts[to + 1] += 1);
        for state in 0..states {
            starts[state + 1] += starts[state];
        }
        let (mut before, mut filled) = (vec![0; starts[states]], starts.clone());
        self.each_step(|from, to| {
            before[filled[to]] = from;
            filled[to] += 1;
        });
        let mut alive = self.finished.clone();
        let mut waiting: Vec<usize> = (0..states).filter(|&state| alive[state]).collect();
        while let Some(state) = waiting.pop() {
            for &from in &before[starts[state]..starts[state + 1]] {
                if !std::mem::replace(&mut alive[from], true) {
                    waiting.push(from);
                }
            }
        }
        alive
    }

    /// Every pair of states of which one leads to the other, each once.
    fn each_step(&self, mut told: impl FnMut(usize, usize)) {
        let mut last = vec![usize::MAX; self.finished.len()];
        for (from, row) in self.after.chunks_exact(self.width).enumerate() {
            for &to in row.iter().filter(|&&to| to != NONE) {
                if std::mem::replace(&mut last[to as usize], from) != from {
                    told(from, to as usize);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
