//! Training, evaluating, saving and loading.

use super::super::train::{cut, load_with};
use super::{VERSES, author, author_of, bigram, make, request};
use crate::author::Author;
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::piece::Piece;

fn nats(author: &dyn Author, text: &str) -> f64 {
    author.evaluate(&Piece::Text(text.to_owned())).expect("it is known").total()
}

#[test]
fn every_character_has_its_surprise() {
    let evaluation = author().evaluate(&Piece::Text("The owl".to_owned())).expect("it is known");
    assert_eq!((evaluation.unit, evaluation.nats.len()), ("character", 7));
    assert!(evaluation.nats.iter().all(|nats| nats.is_finite() && *nats > 0.0));
    assert_eq!(nats(author().as_ref(), ""), 0.0);
}

#[test]
fn what_was_learnt_is_less_surprising_than_what_was_not() {
    let reversed: String = VERSES.chars().rev().collect();
    assert!(nats(author().as_ref(), VERSES) < nats(author().as_ref(), &reversed));
}

#[test]
fn words_are_counted_as_words() {
    let words = author_of(&[VERSES], &[("unit", "word"), ("words", "9")]).expect("learnt");
    let evaluation = words.evaluate(&Piece::Text("and the\n".to_owned())).expect("it is known");
    assert_eq!((evaluation.unit, evaluation.nats.len()), ("word", 4));
}

#[test]
fn the_end_of_a_text_is_held_out() {
    assert_eq!(cut("abcdefghij", 0.2, 0.1), ["abcdefg", "hi", "j"]);
    assert_eq!(cut("éß🦆", 0.0, 0.0), ["éß🦆", "", ""]);
    assert_eq!(cut("", 0.05, 0.1), ["", "", ""]);
    let author = author_of(&["ababababac"], &[]).expect("learnt");
    let error = author.evaluate(&Piece::Text("c".to_owned())).expect_err("it was held out");
    assert!(error.to_string().contains("line 1, column 1: found `c` (U+0063)"), "{error}");
}

#[test]
fn unknown_characters_can_be_mapped() {
    let author = author_of(&["ab?ab?ab?"], &[("unknown", "?"), ("held_out", "0")]).expect("learnt");
    assert_eq!(nats(author.as_ref(), "aß"), nats(author.as_ref(), "a?"));
}

#[test]
fn what_can_not_be_learnt_is_refused() {
    let told = |texts: &[&str], settings: &[(&str, &str)]| match author_of(texts, settings) {
        Ok(_) => "learnt".to_owned(),
        Err(error) => error.to_string(),
    };
    assert!(told(&["aaaa"], &[]).starts_with("texts with 1 different characters"));
    assert!(told(&[], &[]).starts_with("texts with 0 different characters"));
    assert!(told(&["ab"], &[("unit", "page")]).starts_with("`unit=page`"));
    assert!(told(&["ab"], &[("held_out", "0.9"), ("valid", "0.5")]).starts_with("`held_out=0.9`"));
    assert!(told(&["ab"], &[("unknown", "?")]).starts_with("`unknown=?`"));
}

fn saved(author: &dyn Author) -> Reader<'static> {
    Reader::new("a test", author.tensors())
}

#[test]
fn saving_and_loading_change_nothing() {
    for unit in ["character", "word"] {
        let author = author_of(&[VERSES, "Night.\n"], &[("unit", unit), ("words", "20")]).expect("learnt");
        let again =
            load_with(&bigram::ENGINE, &author.settings(), &saved(author.as_ref())).expect("what was saved");
        assert_eq!(nats(author.as_ref(), "and the rain"), nats(again.as_ref(), "and the rain"));
        let asked = request(&["end=and"], &["letters=o"], Some(50));
        let made = |author: &dyn Author| make(author, &asked).expect("it can be met");
        let ((text, made), (text_again, made_again)) = (made(author.as_ref()), made(again.as_ref()));
        assert_eq!((text, made.novelty), (text_again, made_again.novelty));
        assert_eq!(author.settings(), again.settings());
    }
}

#[test]
fn damaged_files_are_refused() {
    let author = author();
    let whole = author.tensors();
    let load =
        |tensors: Tensors| load_with(&bigram::ENGINE, &author.settings(), &Reader::new("a test", tensors));
    assert!(load(whole.clone()).is_ok());
    for name in whole.keys().filter(|name| *name != "memory.names") {
        let mut damaged = whole.clone();
        damaged.remove(name);
        assert!(load(damaged).is_err(), "without {name}");
        let mut damaged = whole.clone();
        damaged.insert(name.clone(), Tensor::U8(vec![1], vec![b'z']));
        assert!(load(damaged).is_err(), "another {name}");
    }
}
