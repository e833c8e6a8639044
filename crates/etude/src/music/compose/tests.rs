//! Composing with the built-in model, few sweeps.

use super::{Request, compose};
use crate::catalogue::BUILT_IN;
use crate::error::Error;
use crate::inference::constraint::{Constraint, Kind};
use crate::shelf::Shelved;
use etude_piece::score::{Note, Score, abc};

fn bach() -> Shelved {
    Shelved::from_bytes(BUILT_IN[0].bytes, BUILT_IN[0].name).expect("the built-in model is sound")
}

fn quick(request: Request) -> Request {
    let settings =
        [("sweeps", "8"), ("chains", "1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    Request { settings: settings.into(), seed: 1, ..request }
}

fn tune(body: &str) -> Score {
    abc::read(format!("X:1\nT:Tune\nM:4/4\nL:1/4\nK:G\n{body}\n").as_bytes()).expect("a tune")
}

fn harmonised(score: &Score) -> Score {
    let request = quick(Request { draft: Some(score.clone()), ..Request::default() });
    compose(&bach(), &request, &mut |_, _| true).expect("it can be harmonised").score
}

fn notes(score: &Score, part: usize) -> &[Note] {
    &score.parts[part].voices[0].notes
}

#[test]
fn a_harmonised_tune_comes_back_with_its_words_and_signs() {
    let score = tune("D | G G A B | !fermata!d3 c | B A (3G A B | G3 |]\nw: one two three four five six");
    let made = harmonised(&score);
    assert_eq!(made.parts.len(), 4);
    assert_eq!(notes(&made, 0), notes(&score, 0), "triplets, fermata and words as they were");
    assert_eq!((made.title.as_str(), &made.bars), ("Tune", &score.bars));
}

#[test]
fn a_tune_beyond_the_voice_is_read_octaves_away_and_comes_back_where_it_was() {
    let score = tune("G,, A,, B,, C, | D, C, B,, G,, |]");
    assert_eq!(notes(&harmonised(&score), 0), notes(&score, 0));
}

#[test]
fn any_voice_can_be_the_given_one() {
    let score = tune("G, B, C D | D D, G,2 |]");
    let request = quick(Request { draft: Some(score.clone()), voice: Some(3), ..Request::default() });
    let made = compose(&bach(), &request, &mut |_, _| true).expect("a bass");
    assert_eq!(notes(&made.score, 3), notes(&score, 0));
    assert!(made.grid.at(0, 0).pitch.is_some(), "the soprano is filled in");
}

#[test]
fn silence_is_no_way_out_of_a_contradiction() {
    let keep = |text: &str| Constraint::parse(Kind::Keep, text).expect("a constraint");
    let constraints = vec![keep("S@2=C4..E4"), keep("S@2=C5..E5")];
    let request = quick(Request { constraints, ..Request::default() });
    match compose(&bach(), &request, &mut |_, _| true) {
        Err(Error::Contradiction(named)) => {
            let text = named.to_string();
            assert!(text.contains("S@2=C4..E4") && text.contains("S@2=C5..E5"), "{text}");
        }
        other => panic!("{:?}", other.map(|made| made.met)),
    }
}

#[test]
fn a_free_piece_closes_on_a_long_chord() {
    let made = compose(&bach(), &quick(Request::default()), &mut |_, _| true).expect("nothing is asked");
    let steps = made.grid.steps();
    for voice in 0..4 {
        let last = notes(&made.score, voice).last().expect("it sings");
        assert!(last.duration.to_f64() >= 2.0, "voice {voice}: {last:?}");
    }
    assert_eq!(steps, 8 * 16);
}

#[test]
fn stopping_makes_nothing() {
    let stopped = compose(&bach(), &quick(Request::default()), &mut |_, _| false);
    assert!(matches!(stopped, Err(Error::Interrupted)));
}
