//! Automata of simple sets.

use super::{Automaton, Impossible, MOST_ENTRIES, NONE};

impl Automaton {
    /// All sequences of exactly `length` symbols.
    ///
    /// # Errors
    ///
    /// Too large a table.
    pub fn any(symbols: usize, length: usize) -> Result<Self, Impossible> {
        positions(symbols, length, |_, _| true)
    }

    /// One sequence alone.
    ///
    /// # Errors
    ///
    /// Symbols that aren't in the alphabet, or too large a table.
    pub fn only(symbols: usize, sequence: &[u32]) -> Result<Self, Impossible> {
        positions(symbols, sequence.len(), |position, symbol| sequence[position] as usize == symbol)
    }

    /// As many symbols as there are rows, each one of those that its row allows, shape (T, Q): pinned symbols, ranges and
    /// forbidden symbols on a grid of steps.
    ///
    /// # Errors
    ///
    /// A row that allows nothing, or too large a table. Panics on rows shorter than the alphabet.
    pub fn at_positions(symbols: usize, allowed: &[Vec<bool>]) -> Result<Self, Impossible> {
        positions(symbols, allowed.len(), |position, symbol| allowed[position][symbol])
    }

    /// Any symbols, up to and with the first of those that end a sequence, shape (Q).
    ///
    /// # Errors
    ///
    /// Nothing that ends it. Panics where `ends` doesn't tell of each symbol.
    pub fn until(symbols: usize, ends: &[bool]) -> Result<Self, Impossible> {
        assert_eq!(ends.len(), symbols, "each symbol ends a sequence, or doesn't");
        let first = ends.iter().map(|&ends| u32::from(ends));
        Self::from_table(symbols, first.chain(vec![NONE; symbols]).collect(), &[false, true])
    }

    /// The sequences of exactly `length` symbols that lead from state 0 of a table, shape (S, Q), to one of its `accepting`
    /// states, shape (S), where sequences may also go on: a regular expression and a length.
    ///
    /// # Errors
    ///
    /// No such sequence, or too large a table. Panics on arrays that don't fit together.
    pub fn of_length(
        symbols: usize,
        next: &[u32],
        accepting: &[bool],
        length: usize,
    ) -> Result<Self, Impossible> {
        assert_eq!(next.len(), symbols * accepting.len(), "a row for each state");
        // Layer by layer, and only the states that each layer reaches.
        let mut table = Vec::new();
        let mut layer = vec![0u32];
        let mut states = 1usize;
        for _ in 0..length {
            let mut number = vec![NONE; accepting.len()];
            let mut following = Vec::new();
            for &state in &layer {
                for &after in &next[state as usize * symbols..][..symbols] {
                    if after != NONE && number[after as usize] == NONE {
                        number[after as usize] = (states + following.len()) as u32;
                        following.push(after);
                    }
                    table.push(if after == NONE { NONE } else { number[after as usize] });
                }
            }
            states += following.len();
            layer = following;
            if layer.is_empty() {
                return Err(Impossible::Nothing);
            }
            if (states + 1) * symbols > MOST_ENTRIES {
                return Err(Impossible::TooLarge);
            }
        }
        let mut finishing = vec![false; states - layer.len()];
        finishing.extend(layer.iter().map(|&state| accepting[state as usize]));
        table.resize(states * symbols, NONE);
        Self::from_table(symbols, table, &finishing)
    }
}

/// One state for each position, and one for the end.
fn positions(
    symbols: usize,
    length: usize,
    allowed: impl Fn(usize, usize) -> bool,
) -> Result<Automaton, Impossible> {
    if length.saturating_add(1).saturating_mul(symbols) > MOST_ENTRIES {
        return Err(Impossible::TooLarge);
    }
    let mut next = Vec::with_capacity((length + 1) * symbols);
    for position in 0..length {
        let after = |symbol| if allowed(position, symbol) { position as u32 + 1 } else { NONE };
        next.extend((0..symbols).map(after));
    }
    next.resize((length + 1) * symbols, NONE);
    let mut finishing = vec![false; length];
    finishing.push(true);
    Automaton::from_table(symbols, next, &finishing)
}
