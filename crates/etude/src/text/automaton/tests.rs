//! Each automaton against the list of the texts that it means.

use super::{
    Absence, Absent, Contains, Draft, End, Length, Letters, Lines, Part, Pattern, Start, Word, product,
};
use crate::appraise::spans::Novelty;
use crate::inference::autoregressive::{Automaton, Impossible};
use crate::inference::chance::Chance;
use crate::text::alphabet::Alphabet;

/// All texts over an alphabet that are finished after at most `most` symbols.
fn language(automaton: &Automaton, alphabet: &Alphabet, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut begun = vec![Vec::new()];
    for _ in 0..=most {
        found.extend(begun.iter().filter(|text| automaton.accepts(text)).map(|text| alphabet.decode(text)));
        let longer = |text: &Vec<u32>| {
            let text = text.clone();
            (0..alphabet.len() as u32).map(move |symbol| [text.as_slice(), &[symbol]].concat())
        };
        begun = begun.iter().flat_map(longer).collect();
    }
    found
}

#[track_caller]
fn check(parts: &[&dyn Part], symbols: &str, most: usize, expected: &str) {
    let alphabet = Alphabet::of([symbols], 0);
    let told = match product(parts, &alphabet) {
        Ok(automaton) => language(&automaton, &alphabet, most).join(" ").replace('\n', "$"),
        Err(impossible) => format!("{impossible:?}"),
    };
    assert_eq!(told, expected);
}

fn length(length: u32) -> Length {
    Length { least: length, most: Some(length) }
}

fn pattern(expression: &str) -> Pattern {
    Pattern::new(expression).expect("it reads")
}

#[test]
fn a_start_is_kept() {
    check(&[&Start::new("ab"), &length(3)], "ab", 4, "aba abb");
}

#[test]
fn an_end_is_kept() {
    check(&[&End::new("aba"), &length(4)], "ab", 4, "aaba baba");
}

#[test]
fn without_a_length_a_text_ends_where_its_end_first_stands() {
    check(&[&End::new("ab")], "ab", 4, "ab aab bab aaab baab bbab");
}

#[test]
fn a_part_stands_somewhere_or_nowhere() {
    check(&[&Contains::new("bb"), &length(3)], "ab", 3, "abb bba bbb");
    check(&[&Absent::new("bb"), &length(3)], "ab", 3, "aaa aab aba baa bab");
}

#[test]
fn a_hole_has_its_length() {
    check(&[&Draft::new(&["a", "b"], Some(2))], "ab", 4, "aaab aabb abab abbb");
    check(&[&Draft::new(&["", "a", ""], Some(1))], "ab", 4, "aaa aab baa bab");
}

#[test]
fn a_hole_of_any_length_ends_where_what_follows_first_stands() {
    check(&[&Draft::new(&["a", "bb"], None)], "ab", 4, "abb aabb");
    check(&[&Draft::new(&["a", "b", "a"], None), &length(4)], "ab", 4, "aaba abaa abba");
    check(&[&Draft::new(&["", "", "b"], None)], "ab", 2, "b ab");
}

#[test]
fn an_open_hole_ends_with_the_length() {
    check(&[&Draft::new(&["b", ""], None), &length(2)], "ab", 3, "ba bb");
}

#[test]
fn letters_are_missing_with_their_accents() {
    check(&[&Letters::new("e"), &length(1)], "aeéEx", 1, "a x");
}

#[test]
fn a_word_is_missing_but_not_as_a_part_of_others() {
    check(&[&Word::new("a"), &length(2)], "ab-", 2, "-- -b aa ab b- ba bb");
    check(&[&Word::new("Ab"), &length(2)], "aB", 2, "BB Ba aa");
}

#[test]
fn lines_have_lengths() {
    check(&[&Lines { length: 1..=2, count: None }, &length(4)], "a\n", 4, "a$a$ a$aa aa$a");
}

#[test]
fn lines_are_counted() {
    check(&[&Lines { length: 1..=2, count: Some(2) }], "a\n", 6, "a$a$ a$aa$ aa$a$ aa$aa$");
    check(&[&Lines { length: 1..=u32::MAX, count: Some(1) }], "a\n", 3, "a$ aa$");
}

#[test]
fn the_whole_text_matches() {
    check(&[&pattern("(ab|a)+c?"), &length(3)], "abc", 3, "aaa aab aac aba abc");
    check(&[&pattern("a*b")], "ab", 3, "b ab aab");
}

#[test]
fn a_preferred_shorter_match_hides_no_longer_one() {
    check(&[&pattern("a??b?|ab+"), &length(3)], "ab", 3, "abb");
}

#[test]
fn anchors_and_byte_boundaries_hold() {
    check(&[&pattern("^é.$"), &length(2)], "aé🦆", 2, "éa éé é🦆");
}

#[test]
fn no_match_stands_anywhere() {
    let absence = Absence::new("aa|b$").expect("it reads");
    check(&[&absence, &length(3)], "ab", 3, "aba bba");
}

#[test]
fn a_match_that_shows_only_at_the_end_is_seen() {
    let absence = Absence::new("ab").expect("it reads");
    check(&[&absence, &length(2)], "ab", 2, "aa ba bb");
}

#[test]
fn what_contradicts_itself_leaves_nothing() {
    check(&[&Start::new("a"), &Start::new("b")], "ab", 3, "Nothing");
    check(&[&pattern("a{3}"), &length(2)], "ab", 3, "Nothing");
    check(&[&Absence::new("").expect("it reads")], "ab", 3, "Nothing");
}

#[test]
fn what_is_too_large_is_refused() {
    check(&[&length(50_000_000)], "ab", 0, "TooLarge");
}

#[test]
fn expressions_out_of_bounds_are_explained() {
    let told = |expression: &str| Pattern::new(expression).map(|_| ()).expect_err("it is wrong");
    assert_eq!(told("a("), "unclosed group");
    assert!(told("(a|b)*a(a|b){60}").contains("size"), "{}", told("(a|b)*a(a|b){60}"));
    assert!(told(r"\bé\b").contains("word bound"), "{}", told(r"\bé\b"));
}

#[test]
fn words_are_read_character_by_character() {
    let alphabet = Alphabet::of(["the the ox"], 1);
    let automaton = product(&[&Start::new("the "), &length(6)], &alphabet).expect("it can be met");
    let symbols = alphabet.encode("the ox").expect("known");
    assert_eq!((symbols.len(), automaton.accepts(&symbols)), (4, true));
    assert!(!automaton.accepts(&alphabet.encode("ox the").expect("known")));
}

#[test]
fn expressions_agree_with_a_search_of_the_finished_text() {
    use crate::text::demand::Demand;
    use crate::text::met::met;
    let mut chance = Chance::new(7, 0);
    let alphabet = Alphabet::of(["abé"], 0);
    for _ in 0..300 {
        let pieces =
            ["a", "b", "é", "(a|b)", "(bé|b)", "[^a]", ".", "a*", "b+?", "é?", "(ab){2}", "^a", "b$"];
        let expression: String =
            (0..1 + chance.below(4)).map(|_| pieces[chance.below(pieces.len())]).collect();
        let (whole, absence) = (pattern(&expression), Absence::new(&expression).expect("it reads"));
        for (part, demand) in [
            (&whole as &dyn Part, Demand::Matches(expression.clone())),
            (&absence, Demand::NoMatch(expression.clone())),
        ] {
            let found = product(&[part, &length(4)], &alphabet).map(|found| language(&found, &alphabet, 4));
            let found = found.unwrap_or_default();
            let all = product(&[&length(4)], &alphabet).expect("all texts");
            let all = language(&all, &alphabet, 4);
            let expected: Vec<String> =
                all.into_iter().filter(|text| met(&demand, text, &Novelty::default(), None)).collect();
            assert_eq!(found, expected, "{demand:?}");
        }
    }
}

#[test]
fn impossible_is_the_word_for_both_failures() {
    let alphabet = Alphabet::of(["ab"], 0);
    assert_eq!(product(&[&Start::new("c")], &alphabet), Err(Impossible::Nothing));
}
