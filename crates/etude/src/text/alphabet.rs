//! What a text is written in: its characters, or its most frequent words and its characters.
//!
//! Characters stand in the order of their code points. A *word* is a run of letters, digits and apostrophes; an alphabet
//! of words holds the most frequent of them, in the order of their text, after all single characters. A word that it
//! doesn't hold is spelled, character by character, and so are spaces, line ends and punctuation. Every text over the
//! characters goes there and back exactly.

use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::{Fault, Place};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The most symbols that an alphabet may have, so that the memory of the training texts can store them as shorts.
pub(super) const MOST: usize = 60_000;

/// The symbols of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alphabet {
    /// The text of each symbol, shape (Q): single characters, then words.
    symbols: Vec<String>,
    /// How many of them are single characters.
    characters: usize,
    index: FxHashMap<String, u32>,
    /// What stands for characters that aren't known; without it they are refused.
    unknown: Option<u32>,
}

impl Alphabet {
    /// The alphabet of texts: all their characters, and their `words` most frequent words of two characters and more.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str> + Clone, words: usize) -> Self {
        let characters: BTreeSet<char> = texts.clone().into_iter().flat_map(str::chars).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        if words > 0 {
            for token in texts.into_iter().flat_map(tokens).filter(|token| is_long(token)) {
                *counts.entry(token).or_default() += 1;
            }
        }
        let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
        // The sort is stable, so words of one frequency stay in the order of their text.
        frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut frequent: Vec<&str> = frequent.into_iter().take(words).map(|(word, _)| word).collect();
        frequent.sort_unstable();
        Self::from_parts(characters.into_iter().collect(), frequent.into_iter().map(str::to_owned))
    }

    fn from_parts(characters: Vec<char>, words: impl Iterator<Item = String>) -> Self {
        let singles = characters.len();
        let symbols: Vec<String> = characters.iter().map(char::to_string).chain(words).collect();
        let index = symbols.iter().enumerate().map(|(symbol, text)| (text.clone(), symbol as u32)).collect();
        Self { symbols, characters: singles, index, unknown: None }
    }

    /// The same alphabet, in which a known character stands for all that aren't known.
    pub(super) fn with_unknown(self, unknown: Option<char>) -> Option<Self> {
        let symbol = match unknown {
            Some(character) => Some(self.symbol(character)?),
            None => None,
        };
        Some(Self { unknown: symbol, ..self })
    }

    /// Symbols, Q.
    pub(super) fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether it has words.
    pub(super) fn has_words(&self) -> bool {
        self.characters < self.symbols.len()
    }

    /// The text of a symbol; never empty.
    pub(super) fn text(&self, symbol: usize) -> &str {
        &self.symbols[symbol]
    }

    /// The symbol of a single character.
    pub(super) fn symbol(&self, character: char) -> Option<u32> {
        self.index.get(character.encode_utf8(&mut [0; 4]) as &str).copied()
    }

    /// The symbols of a text.
    ///
    /// # Errors
    ///
    /// The first character that isn't known, with its line and column.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let mut symbols = Vec::with_capacity(text.len());
        let (mut line, mut column) = (1, 1);
        for token in tokens(text) {
            let whole = self.index.get(token).filter(|_| self.has_words() && is_long(token));
            symbols.extend(whole);
            for character in token.chars() {
                if whole.is_none() {
                    let known = self.symbol(character).or(self.unknown);
                    symbols.push(known.ok_or_else(|| self.refuse(character, line, column))?);
                }
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
        }
        Ok(symbols)
    }

    /// The text of symbols.
    pub(super) fn decode(&self, symbols: &[u32]) -> String {
        symbols.iter().map(|&symbol| self.text(symbol as usize)).collect()
    }

    fn refuse(&self, character: char, line: usize, column: usize) -> crate::Error {
        let expected = format!("one of the {} characters of the model", self.characters);
        let hint =
            "train on texts that have it, or train with --set unknown=? (any character that the texts have)";
        let fault = Fault::new(Place::Line(line, column), named(character), expected).hint(hint);
        etude_piece::Error::from(fault).into()
    }

    /// The arrays of the model file.
    pub(super) fn tensors(&self) -> Tensors {
        let bytes = |text: String| Tensor::U8(vec![text.len()], text.into_bytes());
        let (characters, words) = self.symbols.split_at(self.characters);
        Tensors::from([
            ("alphabet.characters".to_owned(), bytes(characters.concat())),
            ("alphabet.words".to_owned(), bytes(words.join("\n"))),
        ])
    }

    /// Reads it from a model file.
    ///
    /// # Errors
    ///
    /// Arrays that are missing, aren't text, or aren't in order.
    pub(super) fn load(reader: &Reader) -> Result<Self> {
        let (Ok(characters), Ok(words)) = (
            std::str::from_utf8(reader.bytes("alphabet.characters")?),
            std::str::from_utf8(reader.bytes("alphabet.words")?),
        ) else {
            return reader.refuse("an alphabet that isn't text", "text in UTF-8");
        };
        let characters: Vec<char> = characters.chars().collect();
        let words: Vec<&str> = words.split('\n').filter(|words| !words.is_empty()).collect();
        let sound = words.iter().all(|word| is_long(word) && word.chars().all(is_of_word));
        if !sound || !characters.is_sorted_by(|a, b| a < b) || !words.is_sorted_by(|a, b| a < b) {
            return reader.refuse("an alphabet in disorder", "characters, then words, ascending");
        }
        let count = characters.len() + words.len();
        if characters.is_empty() || count > MOST {
            return reader.refuse(format!("an alphabet of {count} symbols"), format!("1 to {MOST}"));
        }
        Ok(Self::from_parts(characters, words.into_iter().map(str::to_owned)))
    }
}

/// Whether a character is part of a word.
pub(super) fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\'' | '’')
}

/// Whether a token has two characters and more; such a token is always a word.
fn is_long(token: &str) -> bool {
    token.chars().nth(1).is_some()
}

/// The words of a text and the characters between them, in order; together they are the text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match is_of_word(first) {
            true => rest.find(|character| !is_of_word(character)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

/// A character as a message names it.
pub(super) fn named(character: char) -> String {
    match character.is_control() || character.is_whitespace() {
        true => format!("U+{:04X}", u32::from(character)),
        false => format!("`{character}` (U+{:04X})", u32::from(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: usize, expected: &str) {
        let alphabet = Alphabet::of([text], words);
        let symbols = alphabet.encode(text).expect("its own text");
        assert_eq!(alphabet.decode(&symbols), text);
        let told: Vec<&str> = symbols.iter().map(|&symbol| alphabet.text(symbol as usize)).collect();
        assert_eq!(told.join("|"), expected);
        let reader = Reader::new("a test", alphabet.tensors());
        assert_eq!(Alphabet::load(&reader).expect("what was saved"), alphabet);
    }

    #[test]
    fn characters_there_and_back() {
        check("né ß 🦆\n", 0, "n|é| |ß| |🦆|\n");
    }

    #[test]
    fn frequent_words_are_one_symbol_and_rare_ones_are_spelled() {
        check("the ox, the owl; don't the", 1, "the| |o|x|,| |the| |o|w|l|;| |d|o|n|'|t| |the");
    }

    #[test]
    fn a_character_is_itself_in_an_alphabet_of_words() {
        check("a a a bb", 5, "a| |a| |a| |bb");
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = Alphabet::of(["ab\n"], 0).encode(text).expect_err("it is unknown");
        assert!(error.to_string().contains(expected), "{error}");
    }

    #[test]
    fn what_is_unknown_is_named_with_its_place() {
        refused("ab\nbß", "line 2, column 2: found `ß` (U+00DF), expected one of the 3 characters");
        refused("ab ", "found U+0020");
    }

    #[test]
    fn what_is_unknown_may_be_mapped() {
        let alphabet = Alphabet::of(["ab_"], 0).with_unknown(Some('_')).expect("it is known");
        let symbols = alphabet.encode("aßb").expect("mapped");
        assert_eq!(alphabet.decode(&symbols), "a_b");
    }

    #[test]
    fn damaged_alphabets_are_refused() {
        let load = |characters: &[u8], words: &[u8]| {
            let tensor = |bytes: &[u8]| Tensor::U8(vec![bytes.len()], bytes.to_vec());
            let tensors = Tensors::from([
                ("alphabet.characters".to_owned(), tensor(characters)),
                ("alphabet.words".to_owned(), tensor(words)),
            ]);
            Alphabet::load(&Reader::new("a test", tensors))
        };
        assert!(load(b"ab", b"aa\nbb").is_ok());
        for (characters, words) in
            [(&b""[..], &b""[..]), (b"ba", b""), (b"aa", b""), (b"\xff", b""), (b"a", b"a"), (b"a", b"b a")]
        {
            assert!(load(characters, words).is_err(), "{characters:?} {words:?}");
        }
    }
}
