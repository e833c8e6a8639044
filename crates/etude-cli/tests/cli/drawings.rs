//! `etude convert` and `etude show` of drawings.

use crate::Studio;

/// Two drawings of Quick, Draw!.
const CATS: &str = "{\"word\":\"cat\",\"drawing\":[[[0,10,20],[0,5,0]],[[0,20],[20,20]]]}
{\"word\":\"cat\",\"drawing\":[[[3,3],[1,9]]]}
";

/// A picture with a curve, and a text that is no stroke.
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><text>a</text>
<path d=\"M0 0C10 20 30 20 40 0\"/><line x1=\"40\" y1=\"20\" x2=\"0\" y2=\"20\"/></svg>";

fn studio() -> Studio {
    let studio = Studio::empty();
    studio.write("cats.ndjson", CATS.as_bytes());
    studio.write("picture.svg", PICTURE.as_bytes());
    studio
}

fn text(studio: &Studio, name: &str) -> String {
    String::from_utf8(studio.read(name)).expect("a text")
}

/// What a command puts out.
fn put(studio: &Studio, arguments: &[&str]) -> String {
    String::from_utf8(studio.run(arguments).succeeds().stdout).expect("a text")
}

#[test]
fn a_picture_becomes_every_format_and_says_what_is_lost() {
    let studio = studio();
    for format in ["svg", "csv", "jsonl", "png", "gcode", "hpgl"] {
        let to = format!("out.{format}");
        let run = studio.run(&["convert", "picture.svg", &to]).succeeds();
        assert!(
            run.stderr.contains("picture.svg, lost: 1 text: a drawing holds no letters"),
            "{}",
            run.stderr
        );
        assert!(!studio.read(&to).is_empty());
    }
    assert!(studio.read("out.png").starts_with(b"\x89PNG"));
    assert!(text(&studio, "out.hpgl").starts_with("IN;\n"));
    studio.run(&["convert", "out.jsonl", "again.csv"]).succeeds();
    assert_eq!(text(&studio, "again.csv").lines().count(), text(&studio, "out.csv").lines().count());
}

#[test]
fn plotters_have_a_sheet_with_margins() {
    let studio = studio();
    let page = [
        "convert",
        "picture.svg",
        "-",
        "--to",
        "gcode",
        "--page",
        "100x60mm",
        "--margin",
        "10",
        "--feed",
        "1200",
    ];
    let told = put(&studio, &page);
    assert!(
        told.contains("\nG0 X10 Y50\n") && told.contains(" F1200\n") && told.contains("\nG0 Z5\n"),
        "{told}"
    );
    let servo = [&page[..], &["--servo", "30,60", "--keep-order"]].concat();
    let told = put(&studio, &servo);
    assert!(told.contains("M3 S60") && !told.contains('Z'), "{told}");
    studio.run(&["convert", "picture.svg", "a.gcode", "--page", "B9"]).fails(2, &["not a sheet such as A4"]);
    studio.run(&["convert", "picture.svg", "a.gcode", "--margin", "200"]).fails(3, &["larger sheet"]);
}

#[test]
fn one_drawing_of_many_is_asked_for_and_a_folder_takes_all() {
    let studio = studio();
    studio.run(&["convert", "cats.ndjson", "cat.svg"]).fails(2, &["holds 2 drawings", "--tune 1"]);
    studio.run(&["convert", "cats.ndjson", "cat.svg", "--tune", "2"]).succeeds();
    assert!(text(&studio, "cat.svg").contains("<title>cat-2</title>"));
    studio.run(&["convert", "cats.ndjson", "cat.svg", "--tune", "3"]).fails(2, &["no drawing 3; it holds 2"]);
    let run = studio.run(&["convert", "cats.ndjson", "out/", "--to", "svg"]).succeeds();
    assert!(run.stderr.contains("2 drawings written to out/"), "{}", run.stderr);
    studio.run(&["convert", "out", "all.jsonl"]).succeeds();
    assert_eq!(text(&studio, "all.jsonl").lines().count(), 2);
}

#[test]
fn lines_are_shaped_on_demand() {
    let studio = studio();
    let points = |arguments: &[&str]| {
        let convert = [&["convert", "picture.svg", "shaped.csv"], arguments].concat();
        studio.run(&convert).succeeds();
        text(&studio, "shaped.csv").lines().count() - 1
    };
    assert_eq!(points(&["--simplify", "100"]), 4);
    assert_eq!(points(&["--spacing", "10"]), 6 + 5);
    studio.run(&["convert", "picture.svg", "curved.svg", "--curves", "0.1"]).succeeds();
    assert!(text(&studio, "curved.svg").contains('C'));
    studio.run(&["convert", "picture.svg", "x.svg", "--spacing", "0"]).fails(2, &["a number above 0"]);
}

#[test]
fn a_drawing_is_shown_in_figures() {
    let studio = studio();
    let told = put(&studio, &["show", "picture.svg"]);
    assert!(told.contains("strokes   2\n") && told.contains("40 × 20 from 0, 0"), "{told}");
    assert!(told.contains("pen up    20, "), "{told}");
    let told = put(&studio, &["show", "cats.ndjson"]);
    assert!(told.contains("drawings  2, cat-1 to cat-2\n"), "{told}");
}

#[test]
fn what_is_wrong_is_named() {
    let studio = studio();
    studio.write("bad.svg", b"<svg><path d='M0 0L1 x'/></svg>");
    studio.run(&["convert", "bad.svg", "a.gcode"]).fails(3, &["bad.svg: byte 5: found d="]);
    studio.run(&["show", "bad.svg"]).fails(3, &["bad.svg: byte 5"]);
    studio.run(&["convert", "picture.svg", "a.mid"]).fails(3, &["found a picture, expected a score"]);
    studio.run(&["convert", "cats.ndjson", "a.xyz"]).fails(2, &["to what format?"]);
}
