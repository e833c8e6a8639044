//! Rolls on the command line: corpora with their splits learnt from, evaluated, composed from, with cells pinned.

use crate::Studio;
use etude_piece::roll::{Roll, keys};
use etude_piece::score::format::read_score;
use std::path::Path;

/// Two chords to and fro.
const ROLLS: &str = r#"{"train": [[[60,64,67],[59,62,67],[60,64,67],[60,64,67]], [[60,64,67],[59,62,67]]],
    "valid": [[[60,64,67],[59,62,67]]], "test": [[[60,64,67],[],[59,62,67]], [[60]]]}"#;

/// What each model of frames is told, so that its training is short.
const SMALL: [(&str, &[&str]); 4] = [
    ("bernoulli", &[]),
    ("rnn-nade", &["--set", "units=6", "--set", "hidden=6", "--set", "updates=20"]),
    ("rnn-rbm", &["--set", "units=6", "--set", "hidden=6", "--set", "updates=20"]),
    ("rtrbm", &["--set", "hidden=6", "--set", "updates=20"]),
];

fn frames(studio: &Studio, file: &str) -> Vec<Vec<u8>> {
    let score = read_score(&studio.read(file), file).expect("our own file");
    let roll = Roll::of_score(&score, 1).expect("it has notes");
    roll.frames.iter().map(|&frame| keys(frame).collect()).collect()
}

#[test]
fn every_split_of_a_corpus_of_rolls_is_evaluated_by_itself() {
    let studio = Studio::empty();
    studio.write("rolls.json", ROLLS.as_bytes());
    for (name, settings) in SMALL {
        let train = ["train", name, "rolls.json", "-o", name];
        studio.run(&[&train, settings].concat()).succeeds();
        let evaluate = ["evaluate", name, "rolls.json", "--split", "test", "--json"];
        let lines = studio.run(&evaluate).succeeds().objects();
        let told: Vec<_> =
            lines.iter().map(|line| (line["item"].as_str(), line["events"].as_u64())).collect();
        let expected = [(Some("test-001"), Some(3)), (Some("test-002"), Some(1)), (Some("summary"), Some(4))];
        assert_eq!(told, expected, "{name}");
        let exact = ["bernoulli", "rnn-nade"].contains(&name);
        let kind = if exact { "exact" } else { "estimate" };
        assert!(lines.iter().all(|line| line["kind"] == kind && line["unit"] == "frame"), "{lines:?}");
        let all = studio.run(&["evaluate", name, "rolls.json", "--json"]).succeeds().objects();
        assert_eq!(all.last().map(|line| line["events"].as_u64()), Some(Some(12)), "{name}");
    }
}

#[test]
fn pinned_cells_sound_or_are_silent_and_a_draft_is_kept() {
    let studio = Studio::empty();
    studio.write("rolls.json", ROLLS.as_bytes());
    for (name, settings) in SMALL {
        studio.run(&[&["train", name, "rolls.json", "-o", name], settings].concat()).succeeds();
        let pinned = ["--keep", "C4@1-4", "--forbid", "E4@3", "--length", "2", "--seed", "1"];
        studio.run(&[&["generate", name, "-o", "a.mid"], pinned.as_slice()].concat()).succeeds();
        let made = frames(&studio, "a.mid");
        assert!(
            made[..4].iter().all(|keys| keys.contains(&60)) && !made[2].contains(&64),
            "{name}: {made:?}"
        );
        let draft = ["--draft", "a.mid", "--keep", "open@3-", "--keep", "C4@8", "--seed", "2"];
        studio.run(&[&["generate", name, "-o", "b.mid"], draft.as_slice()].concat()).succeeds();
        let again = frames(&studio, "b.mid");
        assert_eq!((again[..2] == made[..2], again[7].contains(&60)), (true, true), "{name}: {again:?}");
        assert_eq!(studio.run(&["remake", "b.mid"]).succeeds().text(), "identical\n");
        let torn = ["generate", name, "--keep", "C4@2", "--forbid", "*@2"];
        studio.run(&torn).fails(4, &["frame 2", "C4@2 and *@2", "C4"]);
    }
}

#[test]
fn a_broken_corpus_of_rolls_is_named_with_its_place() {
    let studio = Studio::empty();
    studio.write("bad.json", br#"{"train": [[[60, 200]]]}"#);
    let train = ["train", "bernoulli", "bad.json", "-o", "model"];
    studio.run(&train).fails(3, &["bad.json: line 1", "200, which is no MIDI number"]);
    assert!(!Path::new(&studio.path("model")).exists());
}
