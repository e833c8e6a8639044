//! Notes in seconds on the command line: tables of them learnt from, converted, refused; and the jazz model that ships.

use crate::Studio;
use etude_piece::score::format::read_score;
use std::fmt::Write;

/// A swung line of eighths at a tempo, as a table without a heading, `shift` semitones higher.
fn solo(tempo: f64, shift: u8) -> String {
    let line = [60, 64, 67, 69, 67, 64, 62, 59];
    let mut table = String::new();
    for note in 0..96 {
        let place = f64::from(note / 2) + if note % 2 == 0 { 0.0 } else { 0.62 };
        let pitch = line[note as usize * 3 % 8] + shift;
        let _ = writeln!(table, "{pitch},{:.4},{:.4}", 1.3 + place * 60.0 / tempo, 0.2 * 60.0 / tempo);
    }
    table
}

/// A folder of solos, and what is known of two of them.
fn studio() -> Studio {
    let studio = Studio::empty();
    std::fs::create_dir(studio.path("solos")).expect("a folder for the test");
    for (name, tempo, shift) in [("a", 160.0, 0), ("b", 200.0, 3), ("c", 140.0, 5)] {
        studio.write(&format!("solos/{name}_solo.csv"), solo(tempo, shift).as_bytes());
    }
    studio.write("solos/solos.csv", b",avgtempo,performer,title\na,161,Ann,First\nb,198.5,Ben,Second\n");
    studio
}

#[test]
fn a_folder_of_tables_is_learnt_and_its_beats_are_found() {
    let studio = studio();
    let train = ["train", "melody", "solos", "-o", "line", "--set", "engine=ngram", "--set", "grid=12"];
    let run = studio.run(&train).succeeds();
    assert!(!run.stderr.contains("skipped"), "the table about pieces is no piece: {}", run.stderr);
    assert!(run.text().contains("3 pieces"), "{}", run.text());
    studio.run(&["generate", "line", "-o", "new.mid", "--seed", "2", "--length", "4"]).succeeds();
    assert!(read_score(&studio.read("new.mid"), "new.mid").expect("our own file").note_count() > 4);
    let figures = studio.run(&["evaluate", "line", "solos/a_solo.csv", "--json"]).succeeds().objects();
    assert!(figures[0]["nats_per_event"].as_f64().is_some_and(|nats| nats < 1.0), "{figures:?}");
}

#[test]
fn a_table_becomes_a_score_and_a_broken_one_is_named() {
    let studio = studio();
    studio.run(&["convert", "solos/a_solo.csv", "a.mid"]).succeeds();
    assert_eq!(read_score(&studio.read("a.mid"), "a.mid").expect("our own file").note_count(), 96);
    studio.write("bad.csv", b"60,0,1\n60,NaN,1\n");
    studio.run(&["convert", "bad.csv", "bad.mid"]).fails(3, &["bad.csv", "line 2, column 4", "onset `NaN`"]);
}

#[test]
fn the_jazz_model_writes_a_line_and_the_same_again() {
    let studio = Studio::empty();
    let run =
        studio.run(&["generate", "jazz", "-o", "line.mid", "--seed", "1", "--keep", "@5.1=C5"]).succeeds();
    assert!(run.stderr.contains("longest copy"), "{}", run.stderr);
    assert!(read_score(&studio.read("line.mid"), "line.mid").expect("our own file").note_count() > 8);
    assert_eq!(studio.run(&["remake", "line.mid"]).succeeds().text(), "identical\n");
    let card = studio.run(&["show", "jazz"]).succeeds().text();
    assert!(card.contains("Weimar Jazz Database, Jazzomat Research Project, ODbL 1.0"), "{card}");
}
