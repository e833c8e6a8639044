//! A second, slow reading of what was asked, on the finished text and apart from the automata.

use super::alphabet::tokens;
use super::automaton::alike;
use super::demand::Demand;
use super::fold::base;
use super::verse::{Dictionary, rhymes, scan};
use crate::appraise::spans::Novelty;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input, MatchKind};

/// Whether a text is as asked; metre and rhyme go by a dictionary, and without it are never met.
pub(super) fn met(demand: &Demand, text: &str, novelty: &Novelty, dictionary: Option<&Dictionary>) -> bool {
    match demand {
        Demand::Start(start) => text.starts_with(start.as_str()),
        Demand::End(end) => text.ends_with(end.as_str()),
        Demand::Contains(part) => text.contains(part.as_str()),
        Demand::Absent(part) => !text.contains(part.as_str()),
        Demand::Matches(expression) => machine(expression).is_some_and(|machine| {
            let whole = Input::new(text).anchored(Anchored::Yes);
            let longest = machine.find(&mut machine.create_cache(), whole);
            longest.is_some_and(|longest| longest.end() == text.len())
        }),
        Demand::Copy(most) => novelty.longest_copy <= *most,
        Demand::NoMatch(expression) => {
            machine(expression).is_some_and(|machine| !machine.is_match(&mut machine.create_cache(), text))
        }
        Demand::Line(length) => {
            let last = text.strip_suffix('\n').unwrap_or(text);
            let fits = |line: &str| length.contains(&(line.chars().count() as u32));
            text.is_empty() || last.split('\n').all(fits)
        }
        Demand::Lines(count) => {
            let lines = text.strip_suffix('\n').map(|text| text.split('\n'));
            lines.is_some_and(|lines| {
                lines.clone().count() == *count as usize && lines.into_iter().all(|line| !line.is_empty())
            })
        }
        Demand::Metre(metre) => dictionary.is_some_and(|dictionary| scan(metre, text, dictionary)),
        Demand::Rhyme(scheme) => dictionary.is_some_and(|dictionary| rhymes(scheme, text, dictionary)),
        Demand::NoLetters(letters) => {
            let forbidden: Vec<char> = letters.chars().flat_map(base).collect();
            text.chars().flat_map(base).all(|letter| !forbidden.contains(&letter))
        }
        Demand::NoWord(word) => !tokens(text).any(|token| {
            token.chars().count() == word.chars().count()
                && token.chars().zip(word.chars()).all(|(own, other)| alike(own, other))
        }),
    }
}

/// An expression as a nondeterministic automaton, which is simulated; none where it doesn't read.
fn machine(expression: &str) -> Option<PikeVM> {
    // Of all matches that begin together the longest is told.
    let config = PikeVM::config().match_kind(MatchKind::All);
    PikeVM::builder().configure(config).build(expression).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(demand: Demand, text: &str, expected: bool) {
        assert_eq!(met(&demand, text, &Novelty::default(), None), expected, "{demand:?} of {text:?}");
    }

    #[test]
    fn a_lipogram_has_no_accent_either() {
        check(Demand::NoLetters("e".to_owned()), "an Été", false);
        check(Demand::NoLetters("é".to_owned()), "an ox", true);
    }

    #[test]
    fn a_forbidden_word_may_be_part_of_another() {
        check(Demand::NoWord("owl".to_owned()), "an owlet, a fowl", true);
        check(Demand::NoWord("owl".to_owned()), "an Owl!", false);
    }

    #[test]
    fn an_expression_is_about_the_whole_text() {
        check(Demand::Matches("a+|b".to_owned()), "aaa", true);
        check(Demand::Matches("a|ab".to_owned()), "ab", true);
        check(Demand::Matches("a|b".to_owned()), "ab", false);
    }

    #[test]
    fn lines_end() {
        check(Demand::Lines(2), "one\ntwo\n", true);
        check(Demand::Lines(2), "one\ntwo", false);
        check(Demand::Lines(2), "one\n\n", false);
        check(Demand::Line(3..=5), "one\nthree\n", true);
        check(Demand::Line(3..=5), "one\n\nthree", false);
    }
}
