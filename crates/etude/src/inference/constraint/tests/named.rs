//! Contradictions and the names they are given.

use super::super::compile;
use super::{drawn, quarters, ranges, read};
use etude_piece::draft::Draft;
use etude_piece::score::{Frame, Key};

#[track_caller]
fn check_in(frame: &Frame, given: Option<&Draft>, constraints: &[&str], expected: &str) {
    let laid = compile(given, frame, Key::C_MAJOR, &ranges(frame.voices), &read(constraints));
    assert_eq!(laid.expect_err("a contradiction").to_string(), expected);
}

#[track_caller]
fn check(constraints: &[&str], expected: &str) {
    check_in(&quarters(4, 8), None, constraints, expected);
}

#[track_caller]
fn check_given(row: &str, constraints: &[&str], expected: &str) {
    check_in(&quarters(1, 8), Some(&drawn(&[row])), constraints, expected);
}

#[test]
fn a_pitch_outside_the_models_range() {
    check(
        &["S@2=C3"],
        "bar 2, beat 1, soprano: the model's range C4..A5 of the soprano and --keep 'S@2=C3' leave nothing",
    );
}

#[test]
fn only_the_culprits_are_named() {
    check(
        &["=scale", "S@2=C,E", "S=C5..F5", "not S=C,G", "not @2.3=E5", "B=cadence"],
        "bar 2, beat 3, soprano: --keep 'S@2=C,E', --keep 'S=C5..F5', --forbid 'S=C,G' \
         and --forbid '@2.3=E5' leave nothing",
    );
}

#[test]
fn a_constraint_against_itself() {
    check(&["not A@1.4=rest,sounding"], "bar 1, beat 4, alto: --forbid 'A@1.4=rest,sounding' leaves nothing");
}

#[test]
fn two_rhythms_that_disagree() {
    check(
        &["S@1=rhythm:1", "S=rhythm:2"],
        "bar 1, beat 2, soprano: --keep 'S@1=rhythm:1' and --keep 'S=rhythm:2' disagree on whether a note begins here",
    );
}

#[test]
fn a_tie_between_different_pitches() {
    check_given(
        "? ? ? ?",
        &["@1.2=C5", "@1.4=D5", "@1=hold"],
        "bar 1, beat 1, melody: --keep '@1.2=C5', --keep '@1.4=D5' and --keep '@1=hold' leave nothing",
    );
}

#[test]
fn the_drafts_notes_against_constraints() {
    check_given("C5 D5", &["not =D5"], "bar 1, beat 2, melody: the draft and --forbid '=D5' leave nothing");
    check_given(
        "C5 C5",
        &["@1.1-1.2=hold"],
        "bar 1, beat 2, melody: the draft and --keep '@1.1-1.2=hold' disagree on whether a note begins here",
    );
    check_given(
        "C5 D5",
        &["=given", "not @1.2=given"],
        "bar 1, beat 2, melody: --keep '=given' and --forbid '@1.2=given' leave nothing",
    );
}

#[test]
fn what_does_not_fit_the_piece() {
    check(&["S@9=C5"], "--keep 'S@9=C5' does not fit: bar 9 lies beyond the last bar, 2");
    check(&["@0=C5"], "--keep '@0=C5' does not fit: bar 0 is the upbeat, and the piece has none");
    check(&["@2.5=C5"], "--keep '@2.5=C5' does not fit: bar 2 has 4 beats, so no beat 5");
    check(
        &["@2.1+1/2=C5"],
        "--keep '@2.1+1/2=C5' does not fit: beat 1 + 1/2 falls between the steps of the grid",
    );
    check(
        &["@2.3-2.2=C5"],
        "--keep '@2.3-2.2=C5' does not fit: its end comes before its beginning, bar 2, beat 3",
    );
    check(
        &["5=C5"],
        "--keep '5=C5' does not fit: there is no voice 5; the voices are SATB, or 1-4 from the top",
    );
    check(
        &["S=rhythm:1,1/2"],
        "--keep 'S=rhythm:1,1/2' does not fit: a length of 1/2 falls between the 1 steps of a quarter",
    );
    check(&["@end=cadence"], "--keep '@end=cadence' does not fit: a cadence takes two beats (2 steps here)");
    check(&["S=given"], "--keep 'S=given' has nothing to go by: there is no draft");
}

#[test]
fn a_draft_larger_than_the_piece() {
    let two = drawn(&["C5 D5", "C4 D4"]);
    check_in(&quarters(1, 2), Some(&two), &[], "the draft has 2 voices, the piece 1 voice");
    check_in(&quarters(2, 1), Some(&two), &[], "the draft is longer than the piece: 2 steps, not 1");
    check_in(&Frame::sixteenths(2, 2), Some(&two), &[], "the draft has 1 steps in a quarter, the piece 4");
}
