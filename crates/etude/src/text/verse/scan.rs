//! A second, slow reading of metre and rhyme on the finished verse.

use super::dictionary::{Dictionary, Word};
use super::line::stands;
use crate::text::alphabet::{is_of_word, tokens};

/// Whether each line of a text, all ended, is in a metre.
pub(in crate::text) fn scan(metre: &[bool], text: &str, dictionary: &Dictionary) -> bool {
    let lines = text.strip_suffix('\n').map(|text| text.split('\n'));
    lines.is_some_and(|mut lines| {
        lines.all(|line| {
            let words: Option<Vec<&Word>> = words(line).map(|word| dictionary.word(word)).collect();
            words.is_some_and(|words| scans(&words, metre))
        })
    })
}

/// Whether words can be spoken in a metre. It goes as deep as there are syllables.
fn scans(words: &[&Word], metre: &[bool]) -> bool {
    let Some((first, rest)) = words.split_first() else { return metre.is_empty() };
    first.stresses.iter().any(|way| {
        let fits = |feet: &[bool]| feet.iter().zip(way).all(|(&foot, &stress)| stands(foot, stress));
        metre.split_at_checked(way.len()).is_some_and(|(feet, later)| fits(feet) && scans(rest, later))
    })
}

/// Whether the lines of a text, all ended, rhyme as a scheme says, by different words.
pub(in crate::text) fn rhyme(scheme: &[Option<char>], text: &str, dictionary: &Dictionary) -> bool {
    let lines: Vec<&str> = text.strip_suffix('\n').map(|text| text.split('\n').collect()).unwrap_or_default();
    let last: Vec<String> =
        lines.iter().filter_map(|line| words(line).last()).map(str::to_lowercase).collect();
    let pairs = (0..last.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    let rhyme = |(first, second): (usize, usize)| {
        let ways = dictionary.word(&last[first]).zip(dictionary.word(&last[second]));
        let same = ways.is_some_and(|(first, second)| !first.rhymes.is_disjoint(&second.rhymes));
        scheme[first].is_none() || scheme[first] != scheme[second] || same && last[first] != last[second]
    };
    lines.len() == scheme.len() && last.len() == scheme.len() && pairs.into_iter().all(rhyme)
}

/// The words of a line.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    tokens(line).filter(|token| token.starts_with(is_of_word))
}

#[cfg(test)]
mod tests {
    use super::super::metre::{metre, scheme};
    use super::*;

    const WORDS: &str =
        "the DH AH0\nriver R IH1 V ER0\nrain R EY1 N\nplain P L EY1 N\nof AH1 V\nfalls F AO1 L Z";

    #[track_caller]
    fn check(text: &str, letters: &str, feet: &str, expected: (bool, bool)) {
        let dictionary = Dictionary::read(WORDS).expect("it reads");
        let (metre, scheme) = (metre(feet).expect("a metre"), scheme(letters).expect("a scheme"));
        assert_eq!((scan(&metre, text, &dictionary), rhyme(&scheme, text, &dictionary)), expected);
    }

    #[test]
    fn a_couplet_scans_and_rhymes() {
        check("The river falls, the rain.\nof rain the river, plain\n", "AA", "x/x/x/", (true, true));
    }

    #[test]
    fn a_stress_in_the_wrong_place_doesnt_scan() {
        check("River, rain\nthe river plain\n", "AA", "x/x", (false, true));
    }

    #[test]
    fn a_word_is_no_rhyme_to_itself() {
        check("The river, rain\nthe river, Rain\n", "AA", "x/x/", (true, false));
    }

    #[test]
    fn unknown_words_and_open_lines_are_neither() {
        check("the owl\n", "A", "x/", (false, true));
        check("the rain", "A", "x/", (false, false));
    }
}
