//! What constraints leave of a draft.

use super::super::compile;
use super::{drawn, quarters, ranges, read, shown};
use etude_piece::draft::Draft;
use etude_piece::score::{Frame, Key, Metre};

/// The rows that differ from an open draft's, each after its voice's number from the top.
#[track_caller]
fn check_in(frame: &Frame, given: Option<&Draft>, constraints: &[&str], expected: &[&str]) {
    let lay = |given, constraints: &[&str]| {
        let ranges = ranges(frame.voices);
        compile(given, frame, Key::C_MAJOR, &ranges, &read(constraints))
            .unwrap_or_else(|error| panic!("{error}"))
    };
    let (open, laid) = (shown(&lay(None, &[])), shown(&lay(given, constraints)));
    let rows = laid.iter().zip(&open).enumerate().filter(|(_, (laid, open))| laid != open);
    let rows: Vec<String> = rows.map(|(voice, (laid, _))| format!("{}: {laid}", voice + 1)).collect();
    assert_eq!(rows, expected);
}

#[track_caller]
fn check(constraints: &[&str], expected: &[&str]) {
    check_in(&quarters(4, 8), None, constraints, expected);
}

/// One voice of two bars.
#[track_caller]
fn check_melody(constraints: &[&str], expected: &str) {
    check_in(&quarters(1, 8), None, constraints, &[&format!("1: {expected}")]);
}

/// A drawn draft in a frame of its own shape.
#[track_caller]
fn check_given(rows: &[&str], constraints: &[&str], expected: &[&str]) {
    let draft = drawn(rows);
    check_in(&draft.frame, Some(&draft), constraints, expected);
}

#[test]
fn pitches_are_pinned_by_voice_and_bar() {
    check(&["S@2=C5"], &["1: 22r 22r 22r 22r C5 C5 C5 C5"]);
    check(&["2,4@1.2=A3"], &["2: 22r A3 22r 22r 22r 22r 22r 22r", "4: 29r A3 29r 29r 29r 29r 29r 29r"]);
    check(&["B@end=tonic"], &["4: 29r 29r 29r 29r 29r 29r 29r 3"]);
}

#[test]
fn regions_are_as_long_as_they_say() {
    check_melody(&["@1.3-2.1=C5"], "22r 22r C5 C5 C5 22r 22r 22r");
    check_melody(&["@2-=C5"], "22r 22r 22r 22r C5 C5 C5 C5");
    check_melody(&["@-1.2=C5"], "C5 C5 22r 22r 22r 22r 22r 22r");
    check_melody(&["@start,last=C5"], "C5 22r 22r 22r C5 C5 C5 C5");
    check_melody(&["@*.2=C5"], "22r C5 22r 22r 22r C5 22r 22r");
}

#[test]
fn an_upbeat_is_bar_nought_and_half_beats_are_heard() {
    let eighths = Frame { steps_per_quarter: 2, pickup: 2, metre: Metre::new(2, 4), ..quarters(1, 8) };
    check_in(&eighths, None, &["@0=C5", "@1.1+1/2=D5", "@2=E5"], &["1: C5 C5 22r D5 22r 22r E5 E5"]);
    let compound = Frame { steps_per_quarter: 2, metre: Metre::new(6, 8), ..quarters(1, 12) };
    check_in(&compound, None, &["@1.2=C5", "@last=cadence"], &["1: 22r C5 22r 22r 22r 22r 7 7 7 6 6 6"]);
}

#[test]
fn scales_and_ranges_leave_rests_and_classes_do_not() {
    check_melody(&["@1=scale", "@2=C,E"], "13r 13r 13r 13r 4 4 4 4");
    check_melody(&["@1=C5..", "@2=..D4,rest"], "10r 10r 10r 10r 3r 3r 3r 3r");
    check_melody(&["not @1=C5..", "not @2=rest"], "12r 12r 12r 12r 22 22 22 22");
    check_melody(&["@1=d-minor", "@2=^#4"], "16r 16r 16r 16r 2 2 2 2");
}

#[test]
fn a_chord_binds_the_lowest_voice() {
    check(
        &["@1.1=chord:G7/B"],
        &[
            "1: 7 22r 22r 22r 22r 22r 22r 22r",
            "2: 8 22r 22r 22r 22r 22r 22r 22r",
            "3: 7 22r 22r 22r 22r 22r 22r 22r",
            "4: 2 29r 29r 29r 29r 29r 29r 29r",
        ],
    );
}

#[test]
fn a_cadence_closes_on_its_last_two_beats() {
    check(&["SB=cadence"], &["1: 22r 22r 22r 22r 22r 22r 7 6", "4: 29r 29r 29r 29r 29r 29r 2 3"]);
    check(&["B@1=cadence:half"], &["4: 29r 29r 29r 2 29r 29r 29r 29r"]);
}

#[test]
fn rhythms_strike_hold_and_rest() {
    check_melody(&["@1-=rhythm:2,1,1r"], ">22 -22 >22 . >22 -22 >22 .");
    check_melody(&["@1=rhythm:3"], ">22 -22 -22 >22 22r 22r 22r 22r");
    check_melody(&["@2=hold", "@2=strike", "@2.3=C5"], "22r 22r 22r 22r >C5 -C5 -C5 -C5");
}

#[test]
fn the_drafts_own_notes_are_kept() {
    check_given(&["C5 - D5 ? . ? ? ?"], &[], &["1: >C5 -C5 >D5 22r . 22r 22r 22r"]);
}

#[test]
fn only_what_is_said_to_be_given_is_kept() {
    check_given(&["C5 - D5 -", "E4 - F4 -"], &["1=given"], &["1: >C5 -C5 >D5 -D5"]);
}

#[test]
fn what_is_opened_is_forgotten_and_ties_into_it_are_cut() {
    check_given(&["C5 - - D5"], &["@1.2=open"], &["1: >C5 22r C5 >D5"]);
    check_given(&["C5 - - D5"], &["*=given", "@1.2=open"], &["1: >C5 22r C5 >D5"]);
}

#[test]
fn what_was_given_can_be_forbidden_or_joined_by_others() {
    check_given(&["C5 D5 ? ?"], &["not @1.2-1.3=given"], &["1: >C5 21r 22r 22r"]);
    check_given(&["C5 D5 ? ?"], &["@1.2=given,rest"], &["1: >C5 1r 22r 22r"]);
}

#[test]
fn a_short_draft_fills_the_beginning_of_the_top_voices() {
    check_in(&quarters(4, 4), Some(&drawn(&["C5 D5"])), &[], &["1: >C5 >D5 22r 22r"]);
}
