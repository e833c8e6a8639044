//! What a stream has read: its symbols, and of a text the word, the line and the speaker.

use super::spelling::{Class, Spelling};

/// Two numbers made into one, all bits of the result depending on all bits of both.
pub(super) fn hash(a: u64, b: u64) -> u64 {
    (a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15)).rotate_left(29).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Past {
    /// All symbols, Q before each sequence.
    pub(super) symbols: Vec<u16>,
    /// Where the symbols of this sequence begin.
    begin: usize,
    /// The fields of this step but the first, (K − 1).
    pub(super) fields: Vec<u32>,
    /// The words of a text.
    pub(super) text: Text,
}

/// Where a text is: its words as hashes, 0 for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// The word so far, then the two before it.
    pub(super) words: [u64; 3],
    /// The first word of this line, once it has ended.
    pub(super) first: u64,
    /// This line so far, and the last line that ended in a colon.
    pub(super) line: u64,
    pub(super) speaker: u64,
    /// Where this line and the one before begin.
    starts: [usize; 2],
    /// Whether the last symbol was a colon.
    colon: bool,
}

impl Past {
    /// The symbol `back` steps ago, 1 being the last; `start`, Q, before the sequence.
    pub(super) fn symbol(&self, back: usize, start: u32) -> u32 {
        if back > self.symbols.len() - self.begin {
            start
        } else {
            self.symbols[self.symbols.len() - back].into()
        }
    }

    /// Begins a sequence.
    pub(super) fn begin(&mut self, start: u32) {
        self.symbols.push(start as u16);
        self.begin = self.symbols.len();
        self.text = Text { starts: [self.begin; 2], ..Text::default() };
    }

    /// Takes a symbol.
    pub(super) fn push(&mut self, symbol: u32, spelling: &Spelling) {
        self.symbols.push(symbol as u16);
        if !spelling.is_text() {
            return;
        }
        let text = &mut self.text;
        let class = spelling.class(symbol);
        if let Class::Letter(lower) = class {
            text.words[0] = hash(text.words[0] + 1, lower.into());
        } else if text.words[0] != 0 {
            text.first = if text.first == 0 { text.words[0] } else { text.first };
            text.words = [0, text.words[0], text.words[1]];
        }
        if class == Class::LineEnd {
            text.speaker = if text.colon { text.line } else { text.speaker };
            text.starts = [self.symbols.len(), text.starts[0]];
            (text.line, text.first) = (0, 0);
        } else {
            text.line = hash(text.line, symbol.into());
        }
        text.colon = class == Class::Colon;
    }

    /// Symbols since the line began.
    pub(super) fn column(&self) -> usize {
        self.symbols.len() - self.text.starts[0]
    }

    /// The symbol above in the line before, if that line is long enough.
    pub(super) fn above(&self) -> Option<u32> {
        let [line, before] = self.text.starts;
        let at = before + self.column();
        (at < line).then(|| self.symbols[at].into())
    }
}
