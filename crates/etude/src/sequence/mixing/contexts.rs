//! Which contexts are looked at: the last symbols, some with gaps, the fields, and the words of a text.

use super::past::{Past, hash};

/// One kind of context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Context {
    /// So many last symbols.
    Order(usize),
    /// Some of the last symbols: how many steps ago each was.
    Skip(&'static [usize]),
    /// Some of the further fields, and so many last symbols.
    Fields(Vec<usize>, usize),
    /// Words so far, before, and the one before that; and so many last symbols.
    Words([bool; 3], usize),
    /// The word so far, the last symbol and the column.
    Column,
    /// The word so far and the speaker.
    Speaker,
    /// The word so far and the first of the line.
    First,
    /// The last symbol and the one above.
    Above,
}

/// The contexts for an alphabet: `fields` counts those beyond the symbol before.
pub(super) fn contexts(fields: usize, text: bool) -> Vec<Context> {
    let mut contexts: Vec<Context> = (0..=8).map(Context::Order).collect();
    if text {
        contexts.extend([
            Context::Words([true, false, false], 0),
            Context::Words([true, true, false], 0),
            Context::Words([true, true, true], 0),
            Context::Words([true, false, true], 0),
            Context::Words([false, true, false], 1),
            Context::Skip(&[2, 3]),
            Context::Skip(&[1, 3, 4]),
            Context::Column,
            Context::Speaker,
            Context::First,
            Context::Above,
        ]);
    } else {
        contexts.extend([Context::Skip(&[2]), Context::Skip(&[2, 3]), Context::Skip(&[1, 3])]);
    }
    for field in 0..fields.min(8) {
        contexts.extend((0..=2).map(|order| Context::Fields(vec![field], order)));
    }
    if fields > 1 {
        contexts.extend([0, 1, 2, 3].map(|order| Context::Fields((0..fields).collect(), order)));
    }
    contexts
}

impl Context {
    /// The hash of what stands in this context now; `start` is Q.
    pub(super) fn key(&self, past: &Past, start: u32) -> u64 {
        let symbols = |key: u64, order: usize| {
            (1..=order).fold(key, |key, back| hash(key + 1, past.symbol(back, start).into()))
        };
        let text = &past.text;
        let key = match self {
            Self::Order(order) => symbols(0, *order),
            Self::Skip(steps) => {
                steps.iter().fold(1, |key, &back| hash(key + 1, past.symbol(back, start).into()))
            }
            Self::Fields(fields, order) => {
                let fields = fields.iter().fold(2, |key, &field| hash(key + 1, past.fields[field].into()));
                symbols(fields, *order)
            }
            Self::Words(which, order) => {
                let words = which.iter().zip(text.words).filter(|(wanted, _)| **wanted);
                let key = words.fold(3 + u64::from(text.words[0] == 0), |key, (_, word)| hash(key + 1, word));
                symbols(key, *order)
            }
            Self::Column => symbols(hash(text.words[0], past.column().min(40) as u64), 1),
            Self::Speaker => hash(text.speaker, text.words[0] + 4),
            Self::First => hash(text.first, text.words[0] + 5),
            Self::Above => symbols(past.above().map_or(6, |symbol| u64::from(symbol) + 7), 1),
        };
        // Low bits alone may not tell keys apart.
        hash(key, 8)
    }
}
