//! What is read, as words that a person can compare with the table.

use crate::score::kern::{read, read_with_losses};
use crate::score::{Bar, Beats, Note, Score, Voice};

/// A voice as words: `F#4:1/2`, `_` for a tie, `!` for a fermata, `(…)` for words, `r` for silence between notes, `+`
/// between notes of a chord, and grace notes before their note in braces, struck through with `/`.
pub(super) fn shown(voice: &Voice) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut now = Beats::ZERO;
    for chord in voice.notes.chunk_by(|a, b| a.onset == b.onset) {
        let onset = chord[0].onset;
        if onset > now {
            words.push(format!("r:{}", onset - now));
        }
        let graces = voice.graces.iter().filter(|grace| grace.before == onset);
        let graces: Vec<String> =
            graces.map(|grace| format!("{}{}", if grace.slashed { "/" } else { "" }, grace.pitch)).collect();
        if !graces.is_empty() {
            words.push(format!("{{{}}}", graces.join(" ")));
        }
        words.push(chord.iter().map(note).collect::<Vec<_>>().join("+"));
        now = now.max(chord.iter().map(Note::end).max().expect("a note"));
    }
    words.join(" ")
}

fn note(note: &Note) -> String {
    let length = if note.duration == Beats::QUARTER { String::new() } else { format!(":{}", note.duration) };
    let words = if note.lyrics.is_empty() { String::new() } else { format!("({})", note.lyrics.join("/")) };
    let (tied, fermata) = (if note.tied { "_" } else { "" }, if note.fermata { "!" } else { "" });
    format!("{}{length}{words}{tied}{fermata}", note.pitch)
}

/// A table whose columns stand apart by two or more blanks.
pub(super) fn table(rows: &str) -> String {
    let cells = |row: &str| {
        row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\t")
    };
    rows.lines().filter(|row| !row.trim().is_empty()).map(|row| cells(row) + "\n").collect()
}

#[track_caller]
fn score(rows: &str) -> Score {
    read(table(rows).as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// The voices of a table, parts from the top.
#[track_caller]
fn check(rows: &str, expected: &[&str]) {
    assert_eq!(score(rows).voices().map(shown).collect::<Vec<_>>(), expected);
}

/// What makes a table no score.
#[track_caller]
fn refused(rows: &str, expected: &str) {
    let error = read(table(rows).as_bytes()).expect_err("a fault").to_string();
    assert!(error.contains(expected), "{error}");
}

/// What of a table is lost.
#[track_caller]
fn loses(rows: &str, expected: &[&str]) {
    let reading = read_with_losses(table(rows).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(reading.lost, expected);
}

#[test]
fn the_leftmost_spine_is_the_lowest_part() {
    let rows = "**kern  **kern\n*I\"Bass  *I\"High voice\n*Ibass  *Iflt\n4C  4c\n8D  4d\n8E  .\n*-  *-";
    check(rows, &["C4 D4", "C3 D3:1/2 E3:1/2"]);
    let parts: Vec<(String, u8)> =
        score(rows).parts.into_iter().map(|part| (part.name, part.program)).collect();
    assert_eq!(parts, [("High voice".to_owned(), 73), ("Bass".to_owned(), 52)]);
}

#[test]
fn ties_join_notes_and_slurs_do_not() {
    check("**kern\n[4c\n4c_\n4c]\n(4c\n4c)\n*-", &["C4_ C4_ C4 C4 C4"]);
}

#[test]
fn a_tie_that_leads_nowhere_is_none() {
    check("**kern\n[4c\n4d\n4c]\n*-", &["C4 D4 C4"]);
    loses("**kern\n[4c\n4d\n4c]\n*-", &["1 tie: it leads to no note", "1 tie end: no tie leads to it"]);
}

#[test]
fn fermatas_and_accidentals() {
    check("**kern\n4f#;\n4b--\n2cn\n4r\n8d\n*-", &["F#4! Bbb4 C4:2 r:1 D4:1/2"]);
}

#[test]
fn notes_of_a_chord_may_leave_their_length_to_the_first() {
    check("**kern\n8A- AA-\n4c# [2e\n2e]\n*-", &["Ab2:1/2+Ab3:1/2 C#4+E4:2 E4:2"]);
}

#[test]
fn grace_notes_stand_before_their_note_and_one_q_strikes_them_through() {
    check(
        "**kern  **kern\n.  8gq\n4c  4cc\n.  16aqq\n.  16bqq\n4d  4dd\n*-  *-",
        &["{/G4} C5 {A4 B4} D5", "C4 D4"],
    );
}

#[test]
fn strands_of_a_split_spine_are_voices() {
    check("**kern\n4c\n*^\n4e  2c\n4f  .\n*v  *v\n4g\n*-", &["C4 E4 F4 G4", "r:1 C4:2"]);
}

#[test]
fn a_strand_may_begin_late_while_its_sister_goes_on() {
    check("**kern\n*^\n4e  .\n4f  4c\n*v  *v\n4g\n*-", &["E4 F4 G4", "r:1 C4"]);
}

#[test]
fn a_tied_note_stays_in_the_voice_that_struck_it() {
    check("**kern\n*^\n4e  [4c\n*v  *v\n4c] e\n*-", &["E4 E4", "C4_ C4"]);
}

#[test]
fn spines_are_exchanged_added_and_ended() {
    check("**kern  **kern\n4C  4c\n*x  *x\n4d  4D\n*-  *-", &["C4 D4", "C3 D3"]);
    check("**kern\n4c\n*+\n*  **kern\n4d  4e\n*-  *\n4f\n*-", &["r:1 E4 F4", "C4 D4"]);
}

#[test]
fn durations_of_every_kind() {
    check("**kern\n0c\n3%2d\n12e\n4..f\n*-", &["C4:8 D4:8/3 E4:1/3 F4:7/4"]);
}

#[test]
fn signs_stand_at_their_times() {
    let score =
        score("**kern\n*k[b-]\n*g:dor\n*M3/4\n*MM72.5\n4g\n=1\n2.a\n=2\n*k[]\n*C:\n*M4/4\n*MM60\n1c\n==\n*-");
    let shown = |entries: Vec<String>| entries.join(", ");
    assert_eq!(
        shown(score.keys.iter().map(|(at, key)| format!("{at} {key}")).collect()),
        "0 G dorian, 4 C major"
    );
    assert_eq!(
        shown(score.metres.iter().map(|(at, metre)| format!("{at} {metre}")).collect()),
        "0 3/4, 4 4/4"
    );
    assert_eq!(
        shown(score.tempi.iter().map(|(at, tempo)| format!("{at} {}", tempo.0)).collect()),
        "0 72.5, 4 60"
    );
    assert_eq!(score.pickup(), Beats::QUARTER);
}

/// Bars as text: onset, `|:` and `:|` for repeats, a number for an ending.
#[track_caller]
fn bars(rows: &str, expected: &str) {
    let bar = |bar: &Bar| {
        let ending = bar.ending.map(|number| format!("[{number} ")).unwrap_or_default();
        let (start, end) =
            (if bar.repeat_start { "|: " } else { "" }, if bar.repeat_end { " :|" } else { "" });
        format!("{start}{ending}{}{end}", bar.onset)
    };
    assert_eq!(score(rows).bars.iter().map(bar).collect::<Vec<_>>().join(" | "), expected);
}

#[test]
fn bar_lines_repeats_and_endings() {
    bars("**kern\n4c\n=1!|:\n1c\n=2:|!|:\n1d\n=:|!\n1e\n==\n*-", "0 | |: 1 :| | |: 5 :| | 9");
    bars("**kern\n=1-\n1c\n=2:|!\n=2!|:\n1d\n==:|!\n*-", "0 :| | |: 4 :|");
    bars("**kern\n*>A\n=1!|:\n1c\n*>A1\n=2\n1d\n=3:|!\n*>A2\n1e\n==\n*-", "|: 0 | [1 4 :| | [2 8");
    bars("**kern\n1c\n1d\n*-", "");
}

#[test]
fn words_belong_to_the_music_at_their_left() {
    check(
        "**kern  **text  **text  **kern\n4C  Ky-  Lord  4c\n8D  -ri-  _  4d\n8E  -e  .  .\n*-  *-  *-  *-",
        &["C4 D4", "C3(Ky-/Lord) D3:1/2(ri-) E3:1/2(e)"],
    );
}

#[test]
fn chord_symbols_stand_in_a_spine_of_their_own() {
    let rows = "**kern  **mxhm\n4c  C major\n4d  .\n4e  Am7/G\n*-  *-";
    let chords: Vec<String> =
        score(rows).chords.iter().map(|(at, symbol)| format!("{at} {symbol}")).collect();
    assert_eq!(chords, ["0 C", "2 Am7/G"]);
}

#[test]
fn what_a_score_does_not_hold_is_counted() {
    loses(
        "!!!AGN: dance\n**kern  **dynam\n*clefG2  *\n*ITrd1c2  *\n*ped  *\n(4cT'  p\n4d)  .\n4r;  <\n*-  *-",
        &[
            "1 articulation: a score holds none",
            "2 dynamics: a score holds none",
            "1 fermata: it stands on a rest",
            "1 ornament: a score holds none",
            "1 pedal mark: a score holds none",
            "1 reference record: a score keeps title, composer and recipe",
            "1 slur: a score holds none",
            "1 transposition: notes are as they sound",
        ],
    );
}

#[test]
fn a_transposing_instrument_is_encoded_as_it_sounds() {
    check("**kern\n*ITrd1c2\n4c\n*-", &["C4"]);
}

#[test]
fn only_the_first_piece_of_a_file_is_read() {
    check("**kern\n4c\n*-\n!!!OTL: another\n**kern\n4d\n*-", &["C4"]);
    loses("**kern\n4c\n*-\n**kern\n4d\n*-", &["1 further piece: only a file's first is read"]);
}

#[test]
fn spines_that_disagree_in_time_are_refused_by_line_and_column() {
    refused(
        "**kern  **kern\n4C  2c\n4D  4d\n*-  *-",
        "line 3, column 4: found `4d` in spine 2, which still sounds for 1",
    );
    refused(
        "**kern  **kern\n4C  8c\n4D  .\n*-  *-",
        "line 3, column 1: found `4D` in spine 1, which still sounds for 1/2",
    );
    refused("**kern  **kern\n4C  4c\n4D  .\n*-  *-", "line 3, column 4: found nothing in spine 2");
    refused("**kern\n*^\n4e  2c\n*v  *v\n*-", "found `*v` where one strand still sounds");
}

#[test]
fn tables_with_gaps_are_refused() {
    refused("**kern  **kern\n4C\n*-  *-", "line 2, column 1: found 1 token, expected 2");
    refused("4c", "expected an exclusive interpretation");
    refused("**dynam\np\n*-", "no spine of music");
    refused("**kern\n*^\n*v  *\n", "`*v` alone");
    refused("**kern  **kern\n*x  *\n", "1 spines to exchange");
    refused("**kern\n*+\n4c  4d\n", "expected the new spine's name");
    refused("**kern\n4h\n*-", "one pitch from");
    refused("**kern\n4c  d\n*-", "found 2 tokens");
}

#[test]
fn old_line_ends_stray_blanks_latin_1_and_a_missing_end_are_taken() {
    let bytes = b"!!!COM: Dvo\xE8\xE1k\r\n**kern\t**kern \r\n\r\n4c\t4d\t\r\n";
    let score = read(bytes).expect("a score");
    assert_eq!((score.composer.as_str(), score.note_count()), ("Dvoèák", 2));
}
