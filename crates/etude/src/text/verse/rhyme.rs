//! Which words may end which line, so that every rhyme can still be found.

use super::dictionary::Dictionary;
use std::collections::{BTreeMap, BTreeSet};

/// What the lines so far rhyme by.
pub(super) struct Rhymes<'a> {
    dictionary: &'a Dictionary,
    /// The letter of each line; none where it needn't rhyme.
    scheme: Vec<Option<char>>,
    /// The words that can end a line, by what they rhyme by.
    families: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// What each letter rhymes by, and the words that did.
    chosen: BTreeMap<char, (&'a str, BTreeSet<String>)>,
}

impl<'a> Rhymes<'a> {
    /// A scheme over the words that can end a line; a letter that stands once rhymes with nothing.
    pub(super) fn new(
        dictionary: &'a Dictionary,
        scheme: &[Option<char>],
        words: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut families: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for word in words {
            for rhyme in &dictionary.words[word].rhymes {
                families.entry(rhyme).or_default().insert(word);
            }
        }
        let alone = |letter: &char| scheme.iter().filter(|other| **other == Some(*letter)).count() < 2;
        let scheme = scheme.iter().map(|letter| letter.filter(|letter| !alone(letter))).collect();
        Self { dictionary, scheme, families, chosen: BTreeMap::new() }
    }

    /// Whether a word, in lower case, may end a line.
    pub(super) fn allows(&self, line: usize, word: &str) -> bool {
        match self.scheme[line] {
            None => true,
            Some(letter) => match self.chosen.get(&letter) {
                Some((family, used)) => self.families[family].contains(word) && !used.contains(word),
                None => self.found(letter, word).is_some(),
            },
        }
    }

    /// A line ends with a word, in lower case, that was allowed.
    pub(super) fn choose(&mut self, line: usize, word: &str) {
        let Some(letter) = self.scheme[line] else { return };
        if !self.chosen.contains_key(&letter) {
            let Some(family) = self.found(letter, word) else { return };
            self.chosen.insert(letter, (family, BTreeSet::new()));
        }
        if let Some((_, used)) = self.chosen.get_mut(&letter) {
            used.insert(word.to_owned());
        }
    }

    /// A family of a word that has words enough for a letter, and leaves families to the letters that come later.
    fn found(&self, letter: char, word: &str) -> Option<&'a str> {
        let rhymes = &self.dictionary.words.get(word)?.rhymes;
        let lines = |letter: char| self.scheme.iter().filter(|other| **other == Some(letter)).count();
        let mut later: Vec<usize> = self.letters().filter(|other| *other != letter).map(lines).collect();
        later.sort_unstable_by_key(|lines| std::cmp::Reverse(*lines));
        rhymes.iter().find_map(|rhyme| {
            let (&family, words) = self.families.get_key_value(rhyme.as_str())?;
            let fits = words.len() >= lines(letter) && !self.is_chosen(family);
            (fits && self.suffice(&later, family)).then_some(family)
        })
    }

    /// The letters that rhyme by nothing yet.
    fn letters(&self) -> impl Iterator<Item = char> {
        let letters: BTreeSet<char> = self.scheme.iter().flatten().copied().collect();
        letters.into_iter().filter(|letter| !self.chosen.contains_key(letter))
    }

    fn is_chosen(&self, family: &str) -> bool {
        self.chosen.values().any(|(chosen, _)| *chosen == family)
    }

    /// Whether the families that are left, one not counted, have words enough for letters of so many lines, most first.
    fn suffice(&self, later: &[usize], without: &str) -> bool {
        // The letter of the most lines takes the largest family, and so on: if that fails, everything does.
        let smallest = later.last().copied().unwrap_or(0);
        let left = self.families.iter().filter(|(family, words)| {
            words.len() >= smallest && **family != without && !self.is_chosen(family)
        });
        let mut sizes: Vec<usize> = left.map(|(_, words)| words.len()).collect();
        sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
        later.len() <= sizes.len() && later.iter().zip(&sizes).all(|(lines, size)| lines <= size)
    }
}

#[cfg(test)]
mod tests {
    use super::super::metre::scheme;
    use super::*;

    const WORDS: &str =
        "rain R EY1 N\nplain P L EY1 N\ntrain T R EY1 N\nnight N AY1 T\nlight L AY1 T\nowl AW1 L";

    /// The words that may end a line after some have ended those before it.
    #[track_caller]
    fn check(letters: &str, ended: &[&str], expected: &str) {
        let dictionary = Dictionary::read(WORDS).expect("it reads");
        let scheme = scheme(letters).expect("a scheme");
        let mut rhymes = Rhymes::new(&dictionary, &scheme, dictionary.words.keys().map(String::as_str));
        for (line, word) in ended.iter().enumerate() {
            assert!(rhymes.allows(line, word));
            rhymes.choose(line, word);
        }
        let words = dictionary.words.keys().filter(|word| rhymes.allows(ended.len(), word));
        assert_eq!(words.map(String::as_str).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn a_line_ends_with_what_others_can_rhyme_with() {
        check("AA", &[], "light night plain rain train");
        check("AA", &["rain"], "plain train");
    }

    #[test]
    fn a_scarce_family_is_left_to_whom_it_suffices() {
        check("AABBB", &[], "light night");
        check("ABABB", &["night"], "plain rain train");
        check("ABABB", &["night", "rain"], "light");
    }

    #[test]
    fn a_letter_alone_and_a_dash_rhyme_with_nothing() {
        check("A-", &[], "light night owl plain rain train");
    }

    #[test]
    fn too_much_is_asked() {
        check("AAAA", &[], "");
        check("ABCABC", &[], "");
    }
}
