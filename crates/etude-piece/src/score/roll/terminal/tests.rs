//! Rolls as they are printed.

use super::text;
use crate::score::example::{chorale, part};
use crate::score::{Metre, Score};

#[track_caller]
fn check(score: &Score, width: usize, expected: &[&str]) {
    let printed = text(score, width, false);
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

/// A score of one part in 3/4 after an upbeat of a quarter note.
fn waltz(notes: &str) -> Score {
    let mut score = Score { parts: vec![part("", notes)], ..Score::default() };
    score.metres = vec![(crate::score::Beats::ZERO, Metre::new(3, 4).expect("legal"))];
    score.measure(crate::score::Beats::QUARTER);
    score
}

#[test]
fn struck_and_held_are_told_apart() {
    check(
        &waltz("C4 D4:2 D4 C4:3/2 E4:1/2"),
        40,
        &[
            "      1      2",
            " E4|  |      |   1",
            "   |  |      |",
            " D4|  |1---1-|",
            "   |  |      |",
            " C4|1-|      |1--",
        ],
    );
}

#[test]
fn ties_are_held_over_bar_lines_and_systems() {
    check(&waltz("C4_ | C4:3_ | C4:2"), 13, &["      1", " C4|1-|------", "   2", " C4|----"]);
}

#[test]
fn a_chorale_shows_its_voices() {
    check(
        &chorale(),
        80,
        &[
            "      1        2        3        4",
            " C5|  |    S-S-|S-S-    |S- SS-S-|",
            "   |  |  S-    |    S---|  S     |",
            " G4|S-|S-      |        |        |S-  S-",
            "   |  |        |        |        |  S-",
            "   |  |      A-|A-      |  A-A-A-|A-",
            "   |A-|A-A-A-  |  A-A---|A-      |  A-A-",
            " C4|T-|T-      |        |        |   TT-",
            "   |  |  T-    |        |  T-T-  |  T",
            " G3|B-|B-  T-T-|T-T-    |T-      |T-",
            "   |  |  B-    |    T---|      T-|",
            "   |  |      B-|        |        |B-",
            "   |  |        |  B-B---|        |  B-",
            " C3|  |        |B-      |  B-  B-|",
            "   |  |        |        |    B-  |",
            " G2|  |        |        |B-      |    B-",
            "    S Soprano  A Alto  T Tenor  B Bass",
        ],
    );
}

#[test]
fn colour_tells_semitones_and_strikes_apart() {
    let score = waltz("C4 | C#4:2");
    let printed = text(&score, 40, true);
    let rows: Vec<&str> = printed.lines().collect();
    let (bar, struck, held) = ("\x1b[90m│\x1b[0m", "\x1b[38;5;208m█\x1b[0m", "\x1b[38;5;130m█\x1b[0m");
    assert_eq!(rows[1], format!("   {bar}  {bar}{struck}{held}{held}{held}"));
    assert_eq!(rows[2], format!(" C4{bar}{struck}{held}{bar}"));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [16, 24, 40, 80, 200] {
        let printed = text(&chorale(), width, false);
        let (rows, legend) = printed.trim_end().rsplit_once('\n').expect("several lines");
        assert!(rows.lines().all(|line| line.chars().count() <= width), "{width}:\n{rows}");
        assert!(legend.contains("Tenor"));
    }
}

#[test]
fn silence_is_an_empty_octave() {
    assert_eq!(text(&Score::default(), 40, false).lines().count(), 13);
}

#[test]
fn the_whole_piano_takes_24_rows() {
    let printed = text(&waltz("A0 C8"), 40, true);
    assert!(printed.lines().count() <= 25, "{printed}");
}
