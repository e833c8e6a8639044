//! What reads and what doesn't.

use super::super::{Constraint, HELP, Kind};

#[track_caller]
fn check_wrong(kind: Kind, text: &str, expected: &str) {
    let error = Constraint::parse(kind, text).expect_err("it doesn't read");
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn keep(text: &str, expected: &str) {
    check_wrong(Kind::Keep, text, &format!("--keep '{text}', column {expected}"));
}

#[test]
fn constraints_are_shown_as_typed() {
    let text = " soprano , 2 @ 3.2 - 4.1 = C♯4 | d-minor";
    let constraint = Constraint::parse(Kind::Forbid, text).expect("it reads");
    assert_eq!(constraint.to_string(), format!("--forbid '{text}'"));
    assert_eq!((constraint.text(), constraint.kind()), (text, Kind::Forbid));
}

#[test]
fn everything_in_the_help_reads() {
    for text in "S=C4 SA@3=F#4,Bb3 soprano,bass@2-4=C 1@5-=C4..G5 2,3@-4=C4.. 1-3=..G5 *@3.2=^1,^#4 \
                 @3.2-4.1=G-major @3.2+1/2=d-minor @*.1=scale @*.2+1/2=tonic @start=chord:G7 \
                 @end=chord:C/E @last=rest @1,3,end=sounding =given @5-8=open S=rhythm:1,1/2,1r B=hold \
                 S@*.1=strike *=cadence *=cadence:plagal M=c-natural-minor *=C4,E4|rest"
        .split_whitespace()
    {
        Constraint::parse(Kind::Keep, text).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_examples_of_the_help_read() {
    let (_, examples) = HELP.split_once("EXAMPLES").expect("it has some");
    let mut read = 0;
    for (option, kind) in [("--keep '", Kind::Keep), ("--forbid '", Kind::Forbid)] {
        for rest in examples.split(option).skip(1) {
            let (text, _) = rest.split_once('\'').expect("quotes close");
            Constraint::parse(kind, text).unwrap_or_else(|error| panic!("{error}"));
            read += 1;
        }
    }
    assert_eq!(read, 8);
}

#[test]
fn a_pitch_that_does_not_exist_is_pointed_at() {
    keep(
        "S@3=C4,H4",
        "8: found `H4`, expected a pitch (C4), a class (C), a range (C4..G5), a scale (G-major, scale), \
         a chord (chord:G7), a degree (^5), rest, sounding or given",
    );
    keep("S=C12", "3: found `C12`, expected a pitch from C-1 to G9, such as C4, F#4 or Bb3");
    keep("S=G5..C4", "3: found `G5..C4`, expected the lower pitch first");
    keep(
        "S=",
        "3: found nothing, expected a pitch (C4), a class (C), a range (C4..G5), a scale (G-major, scale), \
         a chord (chord:G7), a degree (^5), rest, sounding or given",
    );
}

#[test]
fn scales_chords_degrees_and_cadences_are_known_by_name() {
    keep(
        "=G-gypsy",
        "2: found `G-gypsy`, expected a scale such as G-major, d-minor, natural-minor, \
         harmonic-minor or dorian",
    );
    keep(
        "=chord:C13",
        "8: found `C13`, expected a chord symbol such as C, Am, G7, Fmaj7, F#m7b5, Bdim7, Asus4 or C/E",
    );
    keep("=^8", "2: found `^8`, expected a degree from ^1 to ^7, such as ^#4");
    keep("=cadence:imperfect", "10: found `imperfect`, expected perfect, picardy, plagal, half or deceptive");
}

#[test]
fn a_bar_without_its_at_sign_gets_a_hint() {
    keep(
        "3.2=C4",
        "1: found `3.2`, expected voices such as S, SA, soprano, 2, 1-3 or *; \
         hint: bars follow an @: @3.2=C4",
    );
    keep("S3", "1: found `S3`, expected VOICES@REGION=WHAT; hint: such as S=given or B@end=tonic");
    keep("X=C", "1: found `X`, expected voices such as S, SA, soprano, 2, 1-3 or *");
}

#[test]
fn regions_are_bars_and_beats() {
    const PLACE: &str = "a bar (3), a beat (3.2, 3.2+1/2), bars (2-4, 5-, -4), *.1, start, end or last";
    keep("@=C", &format!("2: found nothing, expected {PLACE}"));
    keep("@3,x=C", &format!("4: found `x`, expected {PLACE}"));
    keep(
        "@3.2.5=C",
        &format!("4: found `2.5`, expected {PLACE}; hint: the off-beat of bar 3, beat 2 is 3.2+1/2"),
    );
    keep("@4-2=C", "2: found `4-2`, expected the earlier bar first");
    keep("@3.0=C", "4: found `0`, expected a beat from 1 on");
    keep(
        "@3.1+3/2=C",
        "6: found `3/2`, expected a part of the beat below 1, such as 1/2; \
         hint: the off-beat of bar 3, beat 2 is 3.2+1/2",
    );
}

#[test]
fn only_sets_can_be_forbidden() {
    for word in ["open", "hold", "strike", "cadence", "rhythm:1"] {
        check_wrong(
            Kind::Forbid,
            &format!("@2={word}"),
            &format!(
                "--forbid '@2={word}', column 4: found `{word}`, expected a set of pitches after --forbid; \
                 hint: rhythm, cadence, hold, strike and open can only be kept"
            ),
        );
    }
    check_wrong(
        Kind::Forbid,
        "=chord:C/E",
        "--forbid '=chord:C/E', column 2: found `chord:C/E`, expected a chord without bass after --forbid; \
         hint: forbid the bass by itself, such as `B=E`",
    );
}

#[test]
fn what_stands_alone_is_no_entry_of_a_set() {
    keep(
        "=C4,hold",
        "5: found `hold`, expected entries of a set; hint: `hold` stands alone, in its own --keep",
    );
    keep(
        "=rhythm:1,0",
        "11: found `0`, expected a length in quarter notes, such as 1, 1/2 or 1.5, with r for a rest",
    );
}
