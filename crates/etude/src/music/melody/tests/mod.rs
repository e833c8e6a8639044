//! Melodies of our own writing, learnt by a model of pairs, and written under all sorts of wishes.

use super::author::{Melodist, load_with};
use super::train::train_with;
use super::{changes, find};
use crate::author::{Author, Made, Request};
use crate::model::Settings;
use crate::shelf::Reader;
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::{Score, abc};

mod corpora;
mod pairs;
mod pinned;
mod symbols;
mod walks;

pub(in crate::music) use pairs::PAIRS;

fn tune(body: &str) -> Score {
    abc::read(format!("X:1\nT:Tune\nM:4/4\nL:1/4\nQ:1/4=96\nK:G\n{body}\n").as_bytes()).expect("a tune")
}

const TUNES: [&str; 3] = [
    "\"G\"G A B c | \"D7\"d2 A2 | \"G\"B c d B | \"D7\"A2 z D | \"G\"G A B c | \"C\"e2 c2 | \"D7\"d c B A | \"G\"G4 |",
    "\"G\"B d B G | \"C\"c e c A | \"D7\"d f d A | \"G\"G2 B2 | \"Em\"B/c/d e d | \"Am\"c2 A2 | \"D7\"F A d c | \"G\"B4 |",
    "\"G\"d B G B | \"Am\"A c e c | \"D7\"A d f d | \"G\"g2 z2 |",
];

fn trained(settings: &[(&str, &str)]) -> Melodist {
    let items = TUNES.iter().enumerate();
    let items = items.map(|(index, body)| (format!("tune {index}"), Piece::Score(Box::new(tune(body)))));
    let collection = Collection { items: items.collect(), ..Collection::default() };
    let settings: Settings =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    train_with(&pairs::PAIRS, &collection, &settings, 1, &mut |_: f64, _: &str| true)
        .expect("three tunes are enough")
}

fn request(keep: &[&str], settings: &[(&str, &str)]) -> Request {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Request {
        keep: keep.iter().map(|text| (*text).to_owned()).collect(),
        settings: settings.collect(),
        seed: 7,
        ..Request::default()
    }
}

fn composed(request: &Request) -> Made {
    trained(&[]).compose(request, &mut |_, _| true).expect("it can be composed")
}

fn score(made: &Made) -> &Score {
    let Piece::Score(score) = &made.piece else { panic!("a score") };
    score
}

/// The notes of a piece: pitch, and length in quarters.
fn notes(made: &Made) -> Vec<(String, f64)> {
    let notes = &score(made).parts[0].voices[0].notes;
    notes.iter().map(|note| (note.pitch.to_string(), note.duration.to_f64())).collect()
}

/// What sounds at a quarter, counted from 0.
fn sounds(made: &Made, quarter: f64) -> Option<String> {
    let notes = &score(made).parts[0].voices[0].notes;
    let at = notes.iter().find(|note| note.onset.to_f64() <= quarter && quarter < note.end().to_f64());
    at.map(|note| note.pitch.to_string())
}

#[test]
fn pinned_notes_ranges_scales_and_rhythms_hold() {
    let keep = ["@5.1=C5", "*=C4..C6", "@3-4=scale", "@1-2=rhythm:1,1,2", "@last=G4"];
    let made = composed(&request(&keep, &[]));
    assert_eq!(made.met, [true; 5]);
    assert_eq!(sounds(&made, 16.0).as_deref(), Some("C5"));
    assert_eq!(sounds(&made, 28.0).as_deref(), Some("G4"));
    let lengths: Vec<f64> = notes(&made).iter().take(5).map(|note| note.1).collect();
    assert_eq!(lengths, [1.0, 1.0, 2.0, 1.0, 1.0]);
}

#[test]
fn what_contradicts_itself_is_named() {
    let error = trained(&[]).compose(&request(&["@2=C5", "@2=D5"], &[]), &mut |_, _| true);
    let error = error.expect_err("C isn't D").to_string();
    assert_eq!(error, "bar 2, beat 1, melody: --keep '@2=C5' and --keep '@2=D5' leave nothing");
}

#[test]
fn what_reads_as_nothing_is_pointed_at() {
    let error = trained(&[]).compose(&request(&["@2=H9"], &[]), &mut |_, _| true).expect_err("no such note");
    assert!(error.to_string().starts_with("--keep '@2=H9', column 4"), "{error}");
}

#[test]
fn a_draft_is_continued_to_its_length() {
    let draft = tune("\"G\"G A B c | \"D7\"d4 |");
    let asked = Request { draft: Some(Piece::Score(Box::new(draft))), length: Some(6), ..request(&[], &[]) };
    let made = composed(&asked);
    let given: Vec<String> = notes(&made).into_iter().take(5).map(|note| note.0).collect();
    assert_eq!(given, ["G4", "A4", "B4", "C5", "D5"]);
    assert_eq!(score(&made).title, "Tune");
    let chords: Vec<&str> = score(&made).chords.iter().map(|(_, symbol)| symbol.as_str()).collect();
    assert_eq!(chords, ["G", "D7", "G", "D7", "G", "D7"]);
    let end = score(&made).duration().to_f64();
    assert!((20.0..=24.0).contains(&end), "{end}");
}

#[test]
fn a_length_below_the_drafts_is_refused() {
    let draft = Some(Piece::Score(Box::new(tune("G4 | A4 | B4 |"))));
    let asked = Request { draft, length: Some(2), ..request(&[], &[]) };
    let error = trained(&[]).compose(&asked, &mut |_, _| true).expect_err("too short");
    assert!(error.to_string().starts_with("2 bars where the draft has 3"), "{error}");
}

#[test]
fn notes_inside_a_piece_stay_and_its_rests_are_filled() {
    let draft = Some(Piece::Score(Box::new(tune("z4 | G A B2 | z4 | d4 |"))));
    let made = composed(&Request { draft, ..request(&["@1=sounding"], &[("mode", "inject")]) });
    assert_eq!(made.met, [true]);
    let heard = [4.0, 5.0, 6.0, 12.0].map(|quarter| sounds(&made, quarter).unwrap_or_default());
    assert_eq!(heard, ["G4", "A4", "B4", "D5"]);
}

#[test]
fn chords_are_laid_below_and_repeated() {
    let asked = Request { length: Some(4), ..request(&[], &[("chords", "Dm7 G7 | Cmaj7")]) };
    let made = composed(&asked);
    let told = score(&made).chords.iter().map(|(onset, symbol)| format!("{symbol}@{onset}"));
    let told: Vec<String> = told.collect();
    assert_eq!(told, ["Dm7@0", "G7@2", "Cmaj7@4", "Dm7@8", "G7@10", "Cmaj7@12"]);
}

#[test]
fn a_model_that_learnt_no_chords_says_so_and_lays_them_nonetheless() {
    let items = TUNES.iter().enumerate().map(|(index, body)| {
        let score = Score { chords: Vec::new(), ..tune(body) };
        (format!("tune {index}"), Piece::Score(Box::new(score)))
    });
    let collection = Collection { items: items.collect(), ..Collection::default() };
    let author = train_with(&PAIRS, &collection, &Settings::new(), 1, &mut |_: f64, _: &str| true);
    let author = author.expect("three tunes are enough");
    let compose = |asked: &Request| author.compose(asked, &mut |_, _| true).expect("it can be composed");
    let made = compose(&request(&[], &[("chords", "Dm7 G7 | Cmaj7")]));
    assert_eq!(
        made.messages,
        ["this model learnt no chords: they stand above the melody and don't shape it"]
    );
    assert_eq!(notes(&made), notes(&compose(&request(&[], &[]))));
    assert_eq!(score(&made).chords.len(), 12);
}

#[test]
fn a_key_that_is_asked_for_is_kept() {
    let asked = Request { key: "Eb major".parse().ok(), ..request(&["*=scale", "@end=tonic"], &[]) };
    let made = composed(&asked);
    assert_eq!(made.met, [true, true]);
    assert_eq!(score(&made).keys[0].1.to_string(), "Eb major");
}

#[test]
fn the_same_seed_makes_the_same_and_another_does_not() {
    let of = |seed| notes(&composed(&Request { seed, ..request(&[], &[]) }));
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn saving_and_loading_changes_nothing() {
    for fields in ["plain", "lookback", "apart"] {
        let author = trained(&[("fields", fields)]);
        let reader = Reader::new("a file", author.tensors());
        let loaded = load_with(&pairs::PAIRS, &author.settings(), &reader).expect("it is sound");
        let piece = Piece::Score(Box::new(tune(TUNES[0])));
        let of = |author: &Melodist| author.evaluate(&piece).expect("a tune");
        assert_eq!(of(&author), of(&loaded));
        assert_eq!(of(&author).nats.len(), 8 * 16 + 1);
    }
}

#[test]
fn a_tune_it_learnt_surprises_less_than_its_mirror() {
    let author = trained(&[]);
    let of = |body: &str| author.evaluate(&Piece::Score(Box::new(tune(body)))).expect("a tune").mean();
    assert!(of(TUNES[0]) < of("^G =F _B ^c | ^d2 _A2 | _B =c ^d _B | _A2 z _D |"));
}

#[test]
fn a_copy_is_told_in_any_key() {
    let author = trained(&[]);
    let melody = find(&tune(TUNES[0]), 4).expect("notes").transposed(3);
    let novelty = author.memory.appraise(&super::train::notes(&melody), 8);
    assert_eq!((novelty.longest_copy_of.as_str(), novelty.cited), ("tune 0", 1.0));
}

#[test]
fn changes_are_read_or_refused() {
    let read = |text: &str| changes::read(text).map(|bars| bars.iter().map(Vec::len).collect::<Vec<_>>());
    assert_eq!(read("Dm7 G7 | Cmaj7 | % |").expect("three bars"), [2, 1, 1]);
    assert!(read("").is_err() && read("% | C").is_err() && read("C | hello").is_err());
}
