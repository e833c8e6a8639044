//! `etude remake`: the same bytes again, from the file alone.

use crate::Studio;

/// What makes a recipe hard to carry: quotes, signs that XML and ABC treat specially, letters beyond ASCII.
const ASKED: [&str; 9] = [
    "--keep",
    "B@end=C|F",
    "--forbid",
    "S@1=F♯5,Bb4",
    "--tempo",
    "71.3",
    "--set",
    "temperature=0.9",
    "--draft",
];

#[track_caller]
fn check(file: &str) {
    let studio = Studio::new();
    studio.write("a \"tune\" & <more> % -- ♯.abc", crate::studio::TUNE.as_bytes());
    let asked = [&ASKED[..], &["a \"tune\" & <more> % -- ♯.abc", "-o", file]].concat();
    studio.generate(&asked).succeeds();
    // The draft isn't needed again: the file carries it.
    std::fs::remove_file(studio.path("a \"tune\" & <more> % -- ♯.abc")).expect("our own file");
    std::fs::remove_file(studio.path("tune.abc")).expect("our own file");
    assert_eq!(studio.run(&["remake", file]).succeeds().text(), "identical\n");
    studio.run(&["remake", file, "-o", "again.bin"]).succeeds();
    assert_eq!(studio.read("again.bin"), studio.read(file));
}

#[test]
fn midi_is_remade_identically() {
    check("a.mid");
}

#[test]
fn musicxml_is_remade_identically() {
    check("a.musicxml");
}

#[test]
fn abc_is_remade_identically() {
    check("a.abc");
}

#[test]
fn wav_is_remade_identically() {
    check("a.wav");
}

#[test]
fn svg_is_remade_identically() {
    check("a.svg");
}

#[test]
fn png_is_remade_identically() {
    check("a.png");
}

#[test]
fn pdf_is_remade_identically() {
    check("a.pdf");
}

#[test]
fn a_piano_roll_is_remade_as_one() {
    let studio = Studio::new();
    studio.generate(&["--view", "roll", "-o", "a.svg"]).succeeds();
    studio.generate(&["-o", "b.svg"]).succeeds();
    assert_ne!(studio.read("a.svg"), studio.read("b.svg"));
    for file in ["a.svg", "b.svg"] {
        assert_eq!(studio.run(&["remake", file]).succeeds().text(), "identical\n");
    }
    studio.generate(&["--view", "roll", "-o", "a.png"]).fails(2, &["a.png: a piano roll is drawn as SVG"]);
}

#[test]
fn a_piece_without_draft_is_remade_too() {
    let studio = Studio::new();
    studio.generate(&["-n", "2", "-o", "a.mid"]).succeeds();
    assert_eq!(studio.run(&["remake", "a-2.mid"]).succeeds().text(), "identical\n");
}

#[test]
fn an_edited_file_differs() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.abc"]).succeeds();
    let mut text = String::from_utf8(studio.read("a.abc")).expect("ABC is text");
    text.push_str("% edited\n");
    studio.write("a.abc", text.as_bytes());
    let run = studio.run(&["remake", "a.abc"]).fails(1, &["a.abc isn't what its recipe makes"]);
    assert_eq!(run.text(), "differs\n");
}

#[test]
fn another_model_of_that_name_is_refused_unless_forced() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.mid"]).succeeds();
    let mut other = crate::studio::TRAIN.to_vec();
    other.extend(["--seed", "5"]);
    studio.run(&other).succeeds();
    studio.run(&["remake", "a.mid"]).fails(1, &["a.mid was made by model tiny.safetensors", "--force"]);
    studio.run(&["remake", "a.mid", "--force", "-o", "b.mid"]).succeeds();
    assert!(studio.files().contains(&"b.mid".to_owned()));
}

#[test]
fn a_file_of_others_has_no_recipe() {
    let studio = Studio::new();
    studio.run(&["remake", "tune.abc"]).fails(3, &["tune.abc: found no recipe"]);
}

#[test]
fn a_variation_is_remade_identically() {
    let studio = Studio::new();
    studio.generate(&["-o", "first.mid", "--length", "4", "--key", "C"]).succeeds();
    studio.generate(&["--draft", "first.mid", "--vary", "0.3", "-o", "varied.mid"]).succeeds();
    studio.generate(&["--draft", "first.mid", "--reharmonise", "2-3", "-o", "again.mid"]).succeeds();
    for file in ["varied.mid", "again.mid"] {
        assert_eq!(studio.run(&["remake", file]).succeeds().text(), "identical\n");
    }
}

#[test]
fn the_pieces_between_two_are_spread_on_the_way_and_remade_identically() {
    let studio = Studio::new();
    studio.generate(&["-o", "first.mid", "--length", "4", "--key", "C"]).succeeds();
    studio.generate(&["-o", "second.mid", "--length", "4", "--key", "G", "--forbid", "S@1=E4"]).succeeds();
    let between = ["--draft", "first.mid", "--towards", "second.mid"];
    studio.generate(&[&between[..], &["-n", "3", "-o", "on.mid"]].concat()).succeeds();
    studio.generate(&[&between[..], &["--share", "0.5", "-o", "half.mid"]].concat()).succeeds();
    std::fs::remove_file(studio.path("second.mid")).expect("our own file");
    for file in ["on-1.mid", "on-2.mid", "on-3.mid", "half.mid"] {
        assert_eq!(studio.run(&["remake", file]).succeeds().text(), "identical\n");
    }
}
