//! Lines in, rows out.

use super::{event, row};
use crate::listen::event::{Event, Label, Reply};
use etude::gesture::{Answer, Candidate};

#[track_caller]
fn check(line: &str, expected: Option<Event>) {
    assert_eq!(event(line), Ok(expected));
}

#[test]
fn numbers_are_frames_and_words_are_what_they_say() {
    check("1, -2.5,3e2\r\n", Some(Event::Frame(vec![1.0, -2.5, 300.0])));
    check("\n", Some(Event::End));
    check("# a remark, with 1,2", None);
    check("record left hand", Some(Event::Record(Some(Label::Name("left hand".to_owned())))));
    check("run", Some(Event::Run));
    check("forget", Some(Event::Forget(None)));
    check("forget wave", Some(Event::Forget(Some(Label::Name("wave".to_owned())))));
}

#[test]
fn other_lines_are_refused() {
    for line in ["1,,2", "1;2", "dance", "record", "train 3", "1,2,\u{1b}[2J"] {
        let reason = event(line).expect_err("no event");
        assert!(reason.contains("expected") && !reason.contains('\u{1b}'), "{reason}");
    }
}

#[test]
fn a_gesture_that_is_none_has_no_name_in_its_row() {
    let candidate = Candidate { name: "a, \"b\"".to_owned(), distance: 0.25, share: 0.75 };
    let ended = |known| Reply::Ended(Answer { ranking: vec![candidate.clone()], known });
    assert_eq!(row(&ended(true), &[]).as_deref(), Some("ended,\"a, \"\"b\"\"\",0.7500,,,0.25000\n"));
    assert_eq!(row(&ended(false), &[]).as_deref(), Some("ended,,0.7500,,,0.25000\n"));
}
