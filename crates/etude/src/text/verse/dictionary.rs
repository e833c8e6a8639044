//! A pronunciation dictionary: how words are stressed, and what they rhyme with.
//!
//! The format is that of the CMU Pronouncing Dictionary: a word, blanks, and its phonemes in ARPAbet. A phoneme with a digit
//! is the vowel of a syllable: 1 has the stress, 2 a lesser one, 0 none. `WORD(2)` is another pronunciation. A line that begins
//! with `;;;` or `#` is a comment, and what stands behind ` #` or ` ;` after the phonemes. Letters may be in either case.
//!
//! ```text
//!     RIVER  R IH1 V ER0
//!     RAIN  R EY1 N
//! ```

use crate::error::Result;
use etude_piece::{Fault, Place};
use std::collections::{BTreeMap, BTreeSet};

/// The most syllables that a word may have; those with more are left out.
const MOST_SYLLABLES: usize = 12;

/// How a syllable is stressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::text) enum Stress {
    /// It stands where the metre has no stress.
    No,
    /// It stands where the metre has a stress.
    Yes,
    /// It stands anywhere: a lesser stress, or the only syllable of its word.
    Either,
}

/// How a word can be spoken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::text) struct Word {
    /// The stresses of its syllables, one list for each different way.
    pub(in crate::text) stresses: BTreeSet<Vec<Stress>>,
    /// What it rhymes by, in each way: the phonemes from its last stressed vowel on.
    pub(in crate::text) rhymes: BTreeSet<String>,
}

/// Words in lower case, and how they can be spoken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::text) struct Dictionary {
    pub(in crate::text) words: BTreeMap<String, Word>,
}

impl Dictionary {
    /// Reads a dictionary.
    ///
    /// # Errors
    ///
    /// The first line that doesn't read, and a dictionary without words.
    pub(in crate::text) fn read(text: &str) -> Result<Self> {
        let mut words: BTreeMap<String, Word> = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}');
            let line = if line.starts_with(";;;") || is_remark(line) { "" } else { line };
            let plain = line.split(" #").next().unwrap_or_default();
            let plain = plain.split(" ;").next().unwrap_or_default();
            let mut columns = plain.split_whitespace();
            let Some(name) = columns.next() else { continue };
            let name =
                name.split_once('(').filter(|(name, _)| !name.is_empty()).map_or(name, |(name, _)| name);
            let phonemes: Vec<&str> = columns.collect();
            let wrong = |found: &str| {
                let found: String = found.chars().take(40).collect();
                let fault =
                    Fault::new(Place::Line(index + 1, 1), format!("`{found}`"), "a word and its phonemes");
                etude_piece::Error::from(fault.hint("as in: RIVER  R IH1 V ER0"))
            };
            if phonemes.is_empty() || !phonemes.iter().all(|phoneme| is_phoneme(phoneme)) {
                return Err(wrong(line).into());
            }
            let vowels: Vec<usize> =
                (0..phonemes.len()).filter(|&at| digit(phonemes[at]).is_some()).collect();
            if vowels.is_empty() || vowels.len() > MOST_SYLLABLES {
                continue;
            }
            let word = words.entry(name.to_lowercase()).or_default();
            word.stresses.insert(stresses(&phonemes, &vowels));
            word.rhymes.insert(rhyme(&phonemes, &vowels));
        }
        match words.is_empty() {
            true => {
                let fault = Fault::new(Place::Whole, "no word", "a dictionary in the format of the CMU's");
                Err(etude_piece::Error::from(fault).into())
            }
            false => Ok(Self { words }),
        }
    }

    /// How a word can be spoken, in whatever case it is written.
    pub(in crate::text) fn word(&self, word: &str) -> Option<&Word> {
        self.words.get(&word.to_lowercase())
    }
}

/// Whether a line is a comment: `#` and a blank, for old dictionaries have words such as `#HASH-MARK`.
fn is_remark(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '#']))
}

fn is_phoneme(text: &str) -> bool {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphabetic()) && text.len() - letters.len() < 2
}

fn digit(phoneme: &str) -> Option<u32> {
    phoneme.chars().last().and_then(|last| last.to_digit(10))
}

fn stresses(phonemes: &[&str], vowels: &[usize]) -> Vec<Stress> {
    let stress = |&at: &usize| match digit(phonemes[at]) {
        _ if vowels.len() == 1 => Stress::Either,
        Some(1) => Stress::Yes,
        Some(0) => Stress::No,
        _ => Stress::Either,
    };
    vowels.iter().map(stress).collect()
}

/// The phonemes from the last stressed vowel on, their digits left out.
fn rhyme(phonemes: &[&str], vowels: &[usize]) -> String {
    let stressed = vowels.iter().rev().find(|&&at| digit(phonemes[at]) != Some(0));
    let from = stressed.or(vowels.last()).copied().unwrap_or(0);
    let plain = |phoneme: &&str| phoneme.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_uppercase();
    phonemes[from..].iter().map(plain).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match Dictionary::read(text) {
            Ok(dictionary) => {
                let word = |(name, word): (&String, &Word)| {
                    let mark = |stress: &Stress| ['x', '/', '~'][*stress as usize];
                    let stresses = word.stresses.iter().map(|way| way.iter().map(mark).collect::<String>());
                    let stresses: Vec<String> = stresses.collect();
                    let rhymes: Vec<&str> = word.rhymes.iter().map(String::as_str).collect();
                    format!("{name} {} -{}", stresses.join(" "), rhymes.join(" -"))
                };
                dictionary.words.iter().map(word).collect::<Vec<_>>().join("; ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn stress_and_rhyme_come_from_the_digits() {
        check("RIVER  R IH1 V ER0\nrain R EY1 N # water", "rain ~ -EY N; river /x -IH V ER");
    }

    #[test]
    fn a_word_may_be_spoken_in_several_ways() {
        check("record R AH0 K AO1 R D\nrecord(2) R EH1 K ER0 D", "record x/ /x -AO R D -EH K ER D");
    }

    #[test]
    fn a_lesser_stress_stands_anywhere_and_may_rhyme() {
        check(";;; a comment\nlullaby L AH1 L AH0 B AY2", "lullaby /x~ -AY");
    }

    #[test]
    fn all_the_ways_of_the_dictionaries_about_are_read() {
        check("# a comment\n##\n;;; another\nrain r ey1 n ; water", "rain ~ -EY N");
        check("RIVER(1)  R IH1 V ER0\r\n\r\nriver  R IH1 V ER0\r\n", "river /x -IH V ER");
        check("'CAUSE  K AH0 Z\n(PAREN  P ER0 EH1 N", "'cause ~ -AH Z; (paren x/ -EH N");
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        check(
            "a AH0\nRIVER",
            "line 2, column 1: found `RIVER`, expected a word and its phonemes; hint: as in: RIVER  R IH1 V ER0",
        );
        check("", "found no word, expected a dictionary in the format of the CMU's");
    }

    #[test]
    fn no_mutation_panics() {
        let mut chance = Chance::new(3, 0);
        let seed: Vec<char> = ";;; x\nRIVER(2)  R IH1 V ER0 # y\nÉTÉ EY1".chars().collect();
        for _ in 0..3_000 {
            let mut text = seed.clone();
            for _ in 0..1 + chance.below(5) {
                let at = chance.below(text.len());
                match chance.below(2) {
                    0 => drop(text.remove(at)),
                    _ => text.insert(at, [' ', '\n', '(', '1', 'é', '#', ';', '🦆'][chance.below(8)]),
                }
            }
            let _ = Dictionary::read(&text.into_iter().collect::<String>());
        }
    }
}
