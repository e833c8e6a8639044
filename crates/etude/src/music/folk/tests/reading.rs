//! From ABC to symbols.

use super::super::tokens::show;
use super::tune;

/// ABC to symbols.
#[track_caller]
fn check(text: &str, expected: &str) {
    let told = match tune(text) {
        Ok(tune) => show(&tune.symbols().expect("all are in the alphabet")),
        Err(reason) => reason,
    };
    assert_eq!(told, expected);
}

#[test]
fn a_repeated_part_with_its_upbeat() {
    check("M:3/4\nK:G\n|:D|G2 z4|A2B3:|", "M:3/4 K:major |: u1/2 G3 1/2 | C4 1 z 2 | D4 1 E4 3/2 :| END");
}

#[test]
fn endings_and_a_part_after_them() {
    check(
        "M:2/4\nK:Ddor\n|:D4|[1E4:|[2F4|:G4|A4:|",
        "M:2/4 K:dorian |: C4 2 [1 D4 2 :| [2 E4 2 |: F4 2 | G4 2 :| END",
    );
}

#[test]
fn a_part_that_begins_with_the_tune_needs_no_sign() {
    check("M:2/4\nK:C\nC4|D4:|E4|F4|]", "M:2/4 K:major |: C4 2 | D4 2 :| E4 2 | F4 2 END");
}

#[test]
fn triplets_are_told_by_their_durations() {
    check("M:2/4\nK:C\n(3CDE F2|G4|]", "M:2/4 K:major C4 1/3 D4 1/3 E4 1/3 F4 1 | G4 2 END");
}

#[test]
fn a_note_tied_over_the_bar_line_goes_on() {
    check("M:2/4\nK:C\nC2D2-|D4|]", "M:2/4 K:major C4 1 D4 1 | - 2 END");
}

#[test]
fn the_lowest_note_is_low_whatever_the_octave() {
    check(
        "M:2/4\nK:C\nc'4|g4|]",
        "M:2/4 K:major C5 2 | G4 2 END".replace("C5", "C4").replace("G4", "G3").as_str(),
    );
}

#[test]
fn an_upbeat_that_is_not_repeated_stands_before_its_part() {
    check("M:2/4\nK:C\nG|c4|d4:|", "M:2/4 K:major u1/2 G3 1/2 |: C4 2 | D4 2 :| END");
}

#[test]
fn a_bar_line_within_a_bar_is_left_out() {
    check("M:2/4\nK:C\nC4|D2|E2|F4|]", "M:2/4 K:major C4 2 | D4 1 E4 1 | F4 2 END");
}

#[test]
fn a_double_bar_line_ends_a_part() {
    check("M:2/4\nK:C\nC4|D4||E4|F4|]", "M:2/4 K:major C4 2 | D4 2 || E4 2 | F4 2 END");
    check(
        "M:2/4\nK:C\n|:C4|[1D4:|[2E4||F4|G4|]",
        "M:2/4 K:major |: C4 2 [1 D4 2 :| [2 E4 2 || F4 2 | G4 2 END",
    );
}

#[test]
fn an_upbeat_after_a_double_bar_line_makes_the_bar_before_whole() {
    check("M:2/4\nK:C\nC4|D3||E|F4|G4|]", "M:2/4 K:major C4 2 | D4 3/2 || u1/2 E4 1/2 | F4 2 | G4 2 END");
}

#[test]
fn a_double_bar_line_within_a_repeat_parts_nothing() {
    check("M:2/4\nK:C\n|:C4|D4||E4|F4:|", "M:2/4 K:major |: C4 2 | D4 2 | E4 2 | F4 2 :| END");
}

#[test]
fn a_repeat_that_only_ends_goes_back_to_the_double_bar_line() {
    check("M:2/4\nK:C\nC4|D4||E4|F4:|", "M:2/4 K:major C4 2 | D4 2 |: E4 2 | F4 2 :| END");
}

#[test]
fn a_last_note_too_short_is_made_longer() {
    check("M:2/4\nK:C\nC4|D2 z2|]", "M:2/4 K:major C4 2 | D4 2 END");
}

#[test]
fn the_highest_of_a_chord_is_the_melody() {
    check(
        "M:2/4\nK:C\n[CE]4|[DF]4|]",
        "M:2/4 K:major E4 2 | F4 2 END".replace("E4", "E3").replace("F4", "F3").as_str(),
    );
}

#[test]
fn what_can_not_be_written_says_why() {
    check("M:2/4\nK:C\nC4|D3|E4|F4|]", "a bar within a part is too short");
    check("M:2/4\nK:C\nC4|\nM:3/4\nD6|]", "several metres");
    check("M:5/4\nK:C\nC10|]", "a metre of 5/4");
    check("M:2/4\nK:C\n(5CDEFG A2|C4|]", "a duration of 1/5 quarters");
    check("M:none\nK:C\nC4|]", "no metre");
}
