//! A listener from its first example to its answers.

use super::Session;
use crate::listen::event::{Ends, Event, Label, Reply};
use etude::gesture::{Options, Reads};

fn session(ends: Ends, reads: Reads) -> Session {
    Session::new(Options { reads, ..Options::default() }, ends, None)
}

/// A wave of a frequency: frames of two numbers.
fn wave(frequency: f64, frames: u32) -> Vec<Vec<f64>> {
    (0..frames)
        .map(|i| f64::from(i) / f64::from(frames) * frequency)
        .map(|x| vec![x.sin(), x.cos()])
        .collect()
}

fn take_all(session: &mut Session, frames: Vec<Vec<f64>>) -> Vec<Reply> {
    frames.into_iter().flat_map(|frame| session.take(Event::Frame(frame)).expect("a frame")).collect()
}

fn record(session: &mut Session, label: Label, frames: Vec<Vec<f64>>) {
    session.take(Event::Record(Some(label))).expect("a label");
    take_all(session, frames);
    session.take(Event::StopRecording).expect("an example");
}

fn taught(ends: Ends) -> Session {
    let mut session = session(ends, Reads::Sensors);
    record(&mut session, Label::Number(1), wave(3.0, 40));
    record(&mut session, Label::Name("turn".to_owned()), wave(9.0, 60));
    session
}

#[test]
fn gestures_are_recorded_learnt_followed_and_told_at_their_end() {
    let mut session = taught(Ends::Told);
    assert_eq!(session.names(), ["output_1", "turn"]);
    session.take(Event::Run).expect("two examples");
    let told = take_all(&mut session, wave(9.0, 50));
    assert_eq!(told.len(), 50);
    let Some(Reply::Following(last)) = told.last() else { panic!("{told:?}") };
    let probabilities: Vec<f64> = last.iter().map(|s| s.expect("both have examples").probability).collect();
    assert!(probabilities[1] > 0.99, "{probabilities:?}");
    assert!(session.is_under_way());
    let told = session.take(Event::End).expect("a gesture");
    assert!(matches!(&told[0], Reply::Ended(answer) if answer.known && answer.ranking[0].name == "turn"));
    assert!(matches!(told[2], Reply::Made(2)) && !session.is_under_way(), "{told:?}");
}

#[test]
fn what_was_never_shown_is_none_of_them() {
    let mut session = taught(Ends::Told);
    session.take(Event::Run).expect("two examples");
    take_all(&mut session, (0..50).map(|i| vec![f64::from(i % 7) * 3.0, -5.0]).collect());
    let told = session.take(Event::StopRunning).expect("a gesture");
    assert!(matches!(&told[0], Reply::Ended(answer) if !answer.known), "{told:?}");
    assert!(!told.iter().any(|reply| matches!(reply, Reply::Made(_))));
}

#[test]
fn gestures_in_a_stream_that_never_ends_are_told_once_each() {
    let mut session = taught(Ends::Never);
    session.take(Event::Run).expect("two examples");
    let rest = |count| vec![vec![4.0, 4.0]; count];
    let stream = [rest(80), wave(9.0, 60), rest(80), wave(3.0, 40), rest(300), wave(9.0, 60)].concat();
    let told = take_all(&mut session, stream);
    let made: Vec<usize> = told
        .iter()
        .filter_map(|reply| if let Reply::Made(number) = reply { Some(*number) } else { None })
        .collect();
    assert_eq!(made, [2, 1, 2]);
}

#[test]
fn strange_events_are_refused_and_change_nothing() {
    let mut session = taught(Ends::Told);
    for event in [
        Event::Frame(vec![1.0]),
        Event::Frame(vec![]),
        Event::Frame(vec![f64::NAN, 0.0]),
        Event::Record(Some(Label::Number(0))),
        Event::Record(Some(Label::Number(1_000_000))),
        Event::Record(Some(Label::Name(String::new()))),
        Event::Name(vec!["a".to_owned(), "a".to_owned()]),
        Event::Name(vec!["a".to_owned()]),
        Event::Forget(Some(Label::Number(0))),
    ] {
        assert!(session.take(event.clone()).is_err(), "{event:?}");
    }
    for event in [Event::StopRecording, Event::End, Event::StopRunning, Event::Choose(Label::Number(2))] {
        assert_eq!(session.take(event), Ok(Vec::new()));
    }
    session.take(Event::Run).expect("still two examples");
}

#[test]
fn nothing_can_be_run_before_an_example() {
    let mut session = session(Ends::Told, Reads::Drawings);
    assert!(session.take(Event::Run).is_err() && session.take(Event::Train).is_err());
    session.take(Event::Record(None)).expect("the first gesture");
    assert!(matches!(&session.take(Event::StopRecording).expect("words")[..], [Reply::Said(_)]));
    assert!(session.take(Event::Run).is_err(), "an example of no frames is none");
}

#[test]
fn examples_are_forgotten_and_names_given() {
    let mut session = taught(Ends::Told);
    session.take(Event::Name(vec!["wave".to_owned(), "turn".to_owned(), "more".to_owned()])).expect("names");
    session.take(Event::Forget(Some(Label::Number(2)))).expect("an example");
    session.take(Event::Run).expect("one example");
    assert_eq!(session.recogniser().map(|r| r.names().to_vec()), Some(vec!["wave".to_owned()]));
    let told = take_all(&mut session, wave(3.0, 3));
    assert!(matches!(&told[0], Reply::Following(s) if s[0].is_some() && s[1].is_none() && s[2].is_none()));
    session.take(Event::Forget(None)).expect("all");
    assert!(session.take(Event::Run).is_err());
    session.take(Event::Record(None)).expect("the first gesture");
    session.take(Event::Frame(vec![1.0, 2.0, 3.0])).expect("frames may now be of three numbers");
}
