//! The picture is sound XML and shows what it should.

use super::svg;
use crate::score::Score;
use crate::score::example::{chorale, part};
use crate::score::xml::recipe_of_svg;

/// How often `piece` stands in the picture of a score.
#[track_caller]
fn check(score: &Score, piece: &str, expected: usize) {
    let picture = svg(score);
    assert_eq!(picture.matches(piece).count(), expected, "{picture}");
}

/// A score of one part.
fn tune(notes: &str) -> Score {
    Score { parts: vec![part("", notes)], ..Score::default() }
}

#[test]
fn every_note_is_a_rectangle_and_the_legend_has_one_a_voice() {
    let notes = chorale().parts.iter().map(|part| part.voices[0].notes.len() + 1).sum();
    check(&chorale(), "fill=\"#", notes);
}

#[test]
fn tied_notes_are_one_rectangle() {
    check(&tune("C4_ C4 C4"), "rx=\"2.5\"", 2);
}

#[test]
fn a_note_over_two_systems_is_drawn_in_both() {
    check(&tune("C4:40"), "rx=\"2.5\"", 2);
}

#[test]
fn bars_have_numbers_and_the_upbeat_has_none() {
    check(&chorale(), "class=\"number\"", 4);
    check(&tune("C4:8"), "class=\"number\"", 0);
}

#[test]
fn fermatas_are_drawn_once_a_chord() {
    check(&chorale(), "class=\"fermata\"", 2);
}

#[test]
fn chord_symbols_and_words_are_written() {
    check(&chorale(), ">D/F#</text>", 1);
    check(&chorale(), ">voic-</text>", 1);
}

#[test]
fn a_title_is_escaped() {
    let score = Score { title: "<b> & \"c\"".to_owned(), ..tune("C4") };
    check(&score, "&lt;b&gt; &amp; &quot;c&quot;</text>", 1);
}

#[test]
fn the_recipe_comes_back() {
    assert_eq!(recipe_of_svg(&svg(&chorale())), Some(chorale().recipe));
    assert_eq!(recipe_of_svg(&svg(&tune("C4"))), None);
    assert_eq!(recipe_of_svg("<metadata id=\"etude-recipe\">{"), None);
}

#[test]
fn the_picture_is_well_formed() {
    let score = Score { title: "a\u{1}]]><x y='".to_owned(), ..chorale() };
    let picture = svg(&score);
    let mut reader = quick_xml::Reader::from_str(&picture);
    let mut depth = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn nothing_is_drawn_where_nothing_sounds() {
    check(&Score::default(), "rx=\"2.5\"", 0);
    check(&Score::default(), "NaN", 0);
    check(&tune(""), "inf", 0);
}
