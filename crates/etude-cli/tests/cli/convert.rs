//! `etude convert`: there and back, many tunes, folders, and what goes wrong.

use crate::Studio;
use etude_piece::score::Score;
use etude_piece::score::format::{Format, read_score, scores};

/// A tune with what other formats can't hold.
const SONG: &str =
    "X:3\nT:Song\nM:3/4\nL:1/4\nQ:1/4=90\nK:G\nD|\"G\"G2 {c}B|!fermata!A3|]\nw:Come a-way soon\n";

/// Two tunes, the second damaged if asked.
fn tunes(second: &str) -> String {
    format!("X:1\nT:First\nL:1/4\nK:C\nC D E F|\n\nX:2\nT:Second\nL:1/4\nK:C\n{second}|\n")
}

/// A folder with a song, a tune book and a MIDI file that is cut off.
fn studio() -> Studio {
    let studio = Studio::empty();
    studio.write("song.abc", SONG.as_bytes());
    studio.write("book.abc", tunes("G A B c").as_bytes());
    std::fs::create_dir(studio.path("in")).expect("a folder for the test");
    studio.write("in/song.abc", SONG.as_bytes());
    studio.write("in/book.abc", tunes("c z0 c").as_bytes());
    studio.write("in/cut.mid", b"MThd\0\0\0\x06\0\x01\0\x02\x01\xe0MTrk\0\0\x10\0\0\xff");
    studio.write("in/notes.txt", b"no score");
    studio
}

#[track_caller]
fn score(studio: &Studio, name: &str) -> Score {
    read_score(&studio.read(name), name).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_score_goes_round_all_formats_with_its_notes() {
    let studio = studio();
    let mut from = "song.abc".to_owned();
    let formats = Format::ALL.into_iter().filter(|format| format.is_score());
    for format in formats.clone().chain(formats) {
        let to = format!("round.{format}");
        studio.run(&["convert", &from, &to]).succeeds();
        let (original, converted) = (score(&studio, "song.abc"), score(&studio, &to));
        assert_eq!(converted.note_count(), original.note_count(), "{to}");
        assert_eq!(converted.duration(), original.duration(), "{to}");
        from = to;
    }
}

#[test]
fn what_the_new_format_cannot_hold_is_said() {
    let studio = studio();
    let run = studio.run(&["convert", "song.abc", "song.mid"]).succeeds();
    assert!(run.stderr.contains("song.abc, lost: 1 fermata: MIDI has none"), "{}", run.stderr);
    assert!(run.stdout.is_empty());
    let run = studio.run(&["convert", "song.abc", "song.mid", "--json"]).succeeds();
    let object = &run.objects()[0];
    assert_eq!((object["to"].as_str(), object["from"].as_str()), (Some("song.mid"), Some("song.abc")));
    let lost = object["lost"].as_array().expect("a list");
    assert!(lost.iter().any(|line| line == "1 fermata: MIDI has none"), "{lost:?}");
}

#[test]
fn a_book_of_tunes_becomes_a_folder_of_files_or_another_book() {
    let studio = studio();
    studio.run(&["convert", "book.abc", "out/", "--to", "mid"]).succeeds();
    assert_eq!(score(&studio, "out/book-2.mid").title, "Second");
    studio.run(&["convert", "book.abc", "again.abc"]).succeeds();
    let again = studio.read("again.abc");
    let titles: Vec<String> =
        scores(&again, "again.abc").map(|tune| tune.expect("a tune").score.title).collect();
    assert_eq!(titles, ["First", "Second"]);
    assert!(String::from_utf8_lossy(&again).contains("\n\n%abc-2.1\nX:2\n"));
}

#[test]
fn one_tune_of_a_book_is_asked_for_by_number() {
    let studio = studio();
    studio.run(&["convert", "book.abc", "a.mid"]).fails(2, &["several tunes", "--tune 1"]);
    studio.run(&["convert", "book.abc", "a.mid", "--tune", "2"]).succeeds();
    assert_eq!(score(&studio, "a.mid").title, "Second");
    studio
        .run(&["convert", "book.abc", "a.mid", "--tune", "3"])
        .fails(2, &["there is no tune 3; it holds 2"]);
}

#[test]
fn a_folder_names_every_bad_file_and_converts_the_others() {
    let studio = studio();
    let run = studio.run(&["convert", "in", "out", "--to", "musicxml"]);
    let run = run.fails(3, &["in/cut.mid: byte ", "in/book.abc, tune 2: line ", "2 could not be converted"]);
    assert!(run.stderr.contains("2 scores written to out"), "{}", run.stderr);
    assert_eq!(score(&studio, "out/song.musicxml").title, "Song");
    assert_eq!(score(&studio, "out/book-1.musicxml").title, "First");
    studio.run(&["convert", "in", "all.abc"]).fails(3, &["2 scores written to all.abc"]);
    assert_eq!(scores(&studio.read("all.abc"), "all.abc").count(), 2);
}

#[test]
fn pictures_show_staves_or_a_roll() {
    let studio = studio();
    studio.run(&["convert", "song.abc", "staves.svg"]).succeeds();
    studio.run(&["convert", "song.abc", "roll.svg", "--view", "roll"]).succeeds();
    assert_ne!(studio.read("staves.svg"), studio.read("roll.svg"));
    studio.run(&["convert", "song.abc", "roll.png", "--view", "roll"]).fails(3, &["a piano roll as png"]);
}

#[test]
fn repeats_are_written_out_on_demand() {
    let studio = studio();
    studio.write("twice.abc", b"X:1\nM:2/4\nL:1/4\nK:C\n|:A2|1 B2:|2 c2|]\n");
    let notes = |to: &str, options: &[&str]| {
        studio.run(&[&["convert", "twice.abc", to], options].concat()).succeeds();
        score(&studio, to).note_count()
    };
    assert_eq!((notes("once.mid", &[]), notes("twice.mid", &["--unfold"])), (3, 4));
}

#[test]
fn two_files_of_one_stem_do_not_overwrite_each_other() {
    let studio = studio();
    studio.run(&["convert", "song.abc", "in/song.mid"]).succeeds();
    studio.run(&["convert", "in", "out", "--to", "abc"]).fails(3, &["already made of another file"]);
}

#[test]
fn pipes_work() {
    let studio = studio();
    let run = studio.run_with(&["convert", "-", "-", "--to", "musicxml"], SONG.as_bytes()).succeeds();
    assert_eq!(Format::sniff(&run.stdout), Some(Format::MusicXml));
    let run = studio.run_with(&["convert", "-", "-", "--to", "mid"], b"nonsense");
    run.fails(3, &["stdin: found bytes of no known format"]);
}

#[test]
fn what_makes_no_sense_is_usage() {
    let studio = studio();
    studio.run(&["convert", "song.abc", "song.ogg"]).fails(2, &["to what format?", "extensions mid"]);
    studio.run(&["convert", "song.abc", "-"]).fails(2, &["--to mid"]);
    studio.run(&["convert", "in", "out"]).fails(2, &["--to mid"]);
    studio.run(&["convert", "in", "all.mid"]).fails(2, &["takes one score"]);
    studio.run(&["convert", "song.abc", "a.mid", "--tune", "0"]).fails(2, &["--tune"]);
    studio.run(&["convert", "song.abc", "-", "--to", "mid", "--json"]).fails(2, &["stdout takes"]);
    studio.run(&["convert", "song.abc", "nowhere/a.mid"]).fails(1, &["there is no folder nowhere"]);
    studio.run(&["convert", "missing.abc", "a.mid"]).fails(3, &["missing.abc"]);
    let run = studio.run(&["convert", "in/cut.mid", "a.abc"]).fails(3, &["error: in/cut.mid: byte "]);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}
