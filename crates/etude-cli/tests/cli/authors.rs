//! Authors on the command line: texts, tunes and melodies, trained, evaluated, written.

use crate::Studio;
use std::process::Stdio;
use std::time::Duration;

/// A poem of our own.
const POEM: &str = "The river turns beneath the stone,\nthe heron stands, the heron waits;\n\
                    the evening comes and comes alone\nand closes all the garden gates.\n\n\
                    The lantern burns above the door,\nthe shadow leans, the shadow stays;\n\
                    the river says the thing it swore\nto say until the end of days.\n";

/// A folder with a poem and a model of it.
fn studio() -> Studio {
    let studio = Studio::empty();
    studio.write("poem.txt", POEM.repeat(3).as_bytes());
    studio.run(&["train", "ngram", "poem.txt", "-o", "poet"]).succeeds();
    studio
}

#[test]
fn a_text_is_learnt_continued_and_weighed() {
    let studio = studio();
    let keep = ["generate", "poet", "--keep", "start=The heron", "--length", "80", "--seed", "3"];
    let text = studio.run(&keep).succeeds().text();
    assert!(text.starts_with("The heron"), "{text}");
    assert!(text.trim_end_matches('\n').chars().count().abs_diff(80) <= 1, "{text:?}");
    assert_eq!(studio.run(&keep).succeeds().text(), text);
    let [object] =
        studio.run(&[&keep[..], &["--json"]].concat()).succeeds().objects().try_into().expect("one");
    assert_eq!(object["constraints"]["met"], 1, "{object}");
    assert!(object["text"].as_str().is_some_and(|found| text.starts_with(found)), "{object}");
    studio.run(&[&keep[..], &["-o", "new.txt"]].concat()).succeeds();
    let figures = studio.run(&["evaluate", "poet", "poem.txt", "new.txt", "--json"]).succeeds().objects();
    assert_eq!(
        (figures[0]["kind"].as_str(), figures[0]["unit"].as_str()),
        (Some("exact"), Some("character"))
    );
    assert!(figures[0]["nats_per_event"].as_f64().is_some_and(|nats| nats < 1.0), "{figures:?}");
}

#[test]
fn what_contradicts_itself_is_named_and_what_makes_no_sense_is_refused() {
    let studio = studio();
    let generate = |more: &[&str]| studio.run(&[&["generate", "poet"], more].concat());
    generate(&["--keep", "start=The", "--forbid", "letters=e"]).fails(4, &["letters=e"]);
    generate(&["--keep", "colour=blue"]).fails(2, &["colour"]);
    generate(&["-o", "poem.mid"]).fails(2, &["poem.mid", ".txt"]);
    generate(&["--keep", "matches=("]).fails(2, &["matches"]);
    generate(&["--voice", "bass"]).fails(2, &["one voice"]);
    studio.run(&["report", "poet", "-o", "report.html"]).fails(2, &["grid"]);
    studio.run(&["evaluate", "poet", "poem.txt", "--split", "test"]).fails(2, &["splits"]);
    studio.write("bytes.txt", b"\xff\xfe");
    studio.run(&["evaluate", "poet", "bytes.txt"]).fails(3, &["bytes.txt", "UTF-8"]);
    studio.run(&["train", "ngram", "bytes.txt", "-o", "x"]).fails(3, &["UTF-8"]);
    studio.write("empty.txt", b"");
    studio.run(&["train", "ngram", "empty.txt", "-o", "x"]).fails(3, &["empty.txt"]);
}

#[test]
fn a_training_that_was_killed_goes_on_and_ends_with_the_same_bytes() {
    let studio = Studio::empty();
    studio.write("poem.txt", POEM.repeat(3).as_bytes());
    let train = |output: &'static str| {
        let settings = ["width=24", "layers=1", "batch=4", "steps=16", "updates=400"];
        let sets = settings.iter().flat_map(|setting| ["--set", *setting]);
        let words = ["train", "text-lstm", "poem.txt", "-o", output, "--checkpoint", "0"];
        words.into_iter().chain(sets).collect::<Vec<&str>>()
    };
    studio.run(&train("whole")).succeeds();
    let mut killed = studio.command(&train("killed"));
    let mut child = killed.stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("the binary");
    for _ in 0..2000 {
        std::thread::sleep(Duration::from_millis(5));
        if studio.path("killed.checkpoint").exists() {
            break;
        }
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(!studio.path("killed").exists(), "it was killed too late to test anything");
    let resumed = studio.run(&[&train("killed")[..], &["--resume"]].concat()).succeeds();
    assert!(resumed.stderr.contains("going on where this training stopped"), "{}", resumed.stderr);
    let card = |name: &str| studio.run(&["show", name]).succeeds().text();
    // The cards differ by the command, and thereby the hashes; the weights say the same of every character.
    assert!(card("whole").contains("text-lstm"));
    let weighed =
        |name| studio.run(&["evaluate", name, "poem.txt", "--json", "--events"]).succeeds().objects();
    assert_eq!(weighed("whole")[0]["surprises"], weighed("killed")[0]["surprises"]);
    let files = studio.files();
    assert!(files.contains(&"killed.log.jsonl".to_owned()) && files.contains(&"killed.curve.svg".to_owned()));
    assert!(!files.contains(&"killed.checkpoint".to_owned()), "{files:?}");
}

#[test]
fn a_melody_is_learnt_from_one_midi_file_and_goes_on() {
    let studio = Studio::new();
    studio.run(&["convert", "tune.abc", "tune.mid"]).succeeds();
    studio.run(&["train", "melody", "tune.mid", "-o", "mine"]).succeeds();
    studio.run(&["generate", "mine", "--length", "4", "-o", "new.mid", "--seed", "1"]).succeeds();
    assert!(studio.run(&["show", "new.mid"]).succeeds().text().contains("made by"));
    assert_eq!(studio.run(&["remake", "new.mid"]).succeeds().text(), "identical\n");
}

#[test]
fn many_texts_are_those_that_each_seed_writes_alone() {
    let studio = studio();
    let asked = ["generate", "poet", "--length", "60", "--forbid", "letters=k", "--json"];
    let many = studio.run(&[&asked[..], &["--seed", "5", "-n", "4"]].concat()).succeeds().objects();
    assert_eq!(many.len(), 4);
    for object in many {
        let seed = object["seed"].to_string();
        let alone = studio.run(&[&asked[..], &["--seed", &seed]].concat()).succeeds().objects();
        assert_eq!(alone[0]["text"], object["text"], "seed {seed}");
        assert_eq!(alone[0]["novelty"], object["novelty"], "seed {seed}");
        assert!(object["novelty"]["longest_copy"].as_u64().is_some_and(|copy| copy > 0), "{object}");
        assert_eq!(object["novelty"]["longest_copy_of"], "poem", "{object}");
        let shares = ["cited", "discovered", "invented"].map(|name| object["novelty"][name].as_f64());
        let sum: Option<f64> = shares.into_iter().sum();
        assert!(sum.is_some_and(|sum| (sum - 1.0).abs() < 1e-9), "{object}");
    }
}

#[test]
fn a_card_tells_what_was_learnt() {
    let studio = studio();
    for (kind, parts) in
        [("ngram", &["symbols", "nats a symbol", "held out"][..]), ("mixing", &["symbols", "nats a symbol"])]
    {
        let [object] = studio
            .run(&["train", kind, "poem.txt", "-o", "told", "--json"])
            .succeeds()
            .objects()
            .try_into()
            .expect("one");
        let log = object["card"]["log"].as_str().unwrap_or_default().to_owned();
        assert!(parts.iter().all(|part| log.contains(part)), "{kind}: {log}");
    }
}
