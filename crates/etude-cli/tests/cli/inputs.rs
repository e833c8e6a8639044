//! What is wrong with an input: each exit code, and a message that names the place.

use crate::Studio;

/// `etude generate` with the small model and these arguments fails like this, and makes nothing.
#[track_caller]
fn check(arguments: &[&str], code: i32, words: &[&str]) {
    let studio = Studio::new();
    studio.write("cut.mid", b"MThd\0\0\0\x06\0\x01\0\x02\x01\xe0MTrk\0\0\x10\0\0\xff");
    studio.write("wrong.abc", b"X:1\nL:1/4\nK:C\nc z0 c|\n");
    studio.write("short.safetensors", b"nothing of the kind");
    let before = studio.files();
    let run = studio.generate(&[arguments, &["-o", "a.mid"]].concat()).fails(code, words);
    assert!(run.stdout.is_empty(), "{}", run.text());
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert_eq!(studio.files(), before, "a failure makes nothing");
}

#[test]
fn a_constraint_that_does_not_read_is_usage() {
    check(&["--keep", "S@3=H4"], 2, &["--keep 'S@3=H4', column 5: found"]);
    check(&["--forbid", "rest"], 2, &["hint: such as"]);
}

#[test]
fn settings_keys_and_formats_that_make_no_sense_are_usage() {
    check(&["--set", "sweeps=many"], 2, &["sweeps is from 1 to 100000"]);
    check(&["--set", "colour=red"], 2, &["no setting `colour`", "temperature"]);
    check(&["--set", "sweeps"], 2, &["not KEY=VALUE"]);
    check(&["--key", "H"], 2, &["not a key"]);
    check(&["--metre", "4/5"], 2, &["not a metre"]);
    check(&["--length", "0"], 2, &["--length"]);
    check(&["--draft", "tune.abc", "--voice", "treble"], 2, &["no voice `treble`", "soprano, alto"]);
    check(&["-o", "a.ogg"], 2, &["a.ogg: no format of that name", ".musicxml"]);
    check(&["-o", "-", "--json"], 2, &["stdout takes one piece"]);
}

#[test]
fn a_folder_that_is_not_there_is_a_failure_before_the_work() {
    check(&["-o", "nowhere/a.mid"], 1, &["there is no folder nowhere"]);
}

#[test]
fn a_missing_or_damaged_draft_is_named_with_place_and_hint() {
    check(&["--draft", "missing.mid"], 3, &["missing.mid: "]);
    check(&["--draft", "cut.mid"], 3, &["cut.mid: byte ", "found ", "expected "]);
    check(&["--draft", "wrong.abc"], 3, &["wrong.abc: line 4, column ", "found "]);
    check(&["--draft", "phrases.json"], 3, &["phrases.json: found bytes of no known format"]);
}

#[test]
fn constraints_that_cannot_be_met_are_named() {
    let both = ["--keep", "S@1=C5", "--forbid", "S@1.1=C5", "--keep", "A@2=G4"];
    check(&both, 4, &["bar 1, beat 1, soprano", "--keep 'S@1=C5' and --forbid 'S@1.1=C5' leave nothing"]);
    check(&["--draft", "tune.abc", "--keep", "S@1.1=D5"], 4, &["the draft"]);
    check(&["--keep", "S=C8"], 4, &["the model's range"]);
}

#[test]
fn models_that_are_missing_or_damaged_are_named() {
    let studio = Studio::new();
    studio.write("short.safetensors", b"nothing of the kind");
    let mut lying = studio.read("tiny.safetensors");
    lying.truncate(lying.len() / 2);
    studio.write("half.safetensors", &lying);
    let with = |model: &str| studio.run(&["generate", model, "-o", "a.mid"]);
    with("short.safetensors").fails(3, &["short.safetensors: found ", "expected a safetensors file"]);
    with("half.safetensors").fails(3, &["half.safetensors: found "]);
    with("missing.safetensors").fails(3, &["missing.safetensors: "]);
    with("chopin").fails(2, &["no model `chopin`", "hint: built in: "]);
    with("tune.abc").fails(3, &["tune.abc: found "]);
}

#[test]
fn the_command_line_itself_is_usage() {
    let studio = Studio::empty();
    studio.run(&[]).fails(2, &["Usage: etude"]);
    studio.run(&["compose"]).fails(2, &["compose"]);
    assert!(studio.run(&["--version"]).succeeds().text().starts_with("etude "));
    let help = studio.run(&["help", "generate"]).succeeds().text();
    assert!(help.contains("[VOICES][@REGION]=WHAT") && help.contains("cadence:perfect"), "{help}");
    assert!(studio.run(&["--help"]).succeeds().text().contains("Exit codes"));
}
