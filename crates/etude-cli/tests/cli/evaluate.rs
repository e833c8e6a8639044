//! `etude evaluate`: figures, rankings, surprises.

use crate::Studio;

#[test]
fn json_has_the_shape_of_the_contract_and_its_summary_weighs_by_events() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.mid", "--length", "2"]).succeeds();
    studio.generate(&["-o", "b.musicxml", "--length", "4"]).succeeds();
    let objects =
        studio.run(&["evaluate", "tiny.safetensors", "a.mid", "b.musicxml", "--json"]).succeeds().objects();
    let items: Vec<&str> = objects.iter().filter_map(|object| object["item"].as_str()).collect();
    assert_eq!(items, ["a.mid", "b.musicxml", "summary"]);
    for object in &objects {
        assert_eq!((&object["kind"], &object["unit"]), (&"pseudo".into(), &"note".into()));
        assert_eq!(object["model"], "tiny.safetensors");
    }
    let number = |index: usize, field: &str| objects[index][field].as_f64().expect("a number");
    assert_eq!((number(0, "events"), number(1, "events")), (128.0, 256.0));
    assert!((number(2, "nats") - number(0, "nats") - number(1, "nats")).abs() < 1e-9);
    assert!((number(2, "nats_per_event") - number(2, "nats") / 384.0).abs() < 1e-12);
}

#[test]
fn a_split_of_a_corpus_is_evaluated_item_by_item() {
    let studio = Studio::new();
    let run = studio.run(&["evaluate", "tiny.safetensors", "phrases.json", "--split", "train", "--json"]);
    let items =
        run.succeeds().objects().iter().map(|o| o["item"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(items, ["train-001", "train-002", "train-003", "train-004", "summary"]);
    let all = studio.run(&["evaluate", "tiny.safetensors", "phrases.json"]).succeeds().text();
    assert!(all.contains("test-001") && all.contains("6 pieces, by tiny.safetensors"), "{all}");
    studio
        .run(&["evaluate", "tiny.safetensors", "phrases.json", "--split", "dev"])
        .fails(2, &["train", "valid"]);
}

#[test]
fn a_folder_is_evaluated_score_by_score() {
    let studio = Studio::new();
    std::fs::create_dir(studio.path("scores")).expect("a folder of our own");
    studio.generate(&["-n", "2", "-o", "scores/a.mid"]).succeeds();
    studio.write("scores/b.mid", b"MThd");
    let run = studio.run(&["evaluate", "tiny.safetensors", "scores", "--json"]).succeeds();
    assert_eq!(run.objects().len(), 3);
    assert!(run.stderr.contains("skipped b: scores/b.mid: byte"), "{}", run.stderr);
}

#[test]
fn events_are_shown_with_place_voice_and_pitch() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.mid", "--length", "2"]).succeeds();
    let text = studio.run(&["evaluate", "tiny.safetensors", "a.mid", "--events"]).succeeds().text();
    let shown: Vec<&str> = text.lines().filter(|line| line.contains(" nats  ")).collect();
    assert!(shown.len() == 10 && shown.iter().all(|line| line.contains("bar ")), "{text}");
    let objects =
        studio.run(&["evaluate", "tiny.safetensors", "a.mid", "--events", "--json"]).succeeds().objects();
    let surprises = objects[0]["surprises"].as_array().expect("a list");
    assert_eq!(surprises.len(), 128);
    assert_eq!(surprises[0]["place"], "bar 1, beat 1");
    assert_eq!(surprises[3]["voice"], "bass");
    let nats: f64 = surprises.iter().filter_map(|event| event["nats"].as_f64()).sum();
    assert!((nats - objects[0]["nats"].as_f64().expect("a sum")).abs() < 1e-9);
}

#[test]
fn several_models_are_ranked() {
    let studio = Studio::new();
    let mut other = crate::studio::TRAIN.to_vec();
    other[4] = "other.safetensors";
    other[8] = "iterations=1";
    studio.run(&other).succeeds();
    studio.generate(&["-o", "a.mid"]).succeeds();
    let text = studio.run(&["evaluate", "tiny.safetensors", "other.safetensors", "a.mid"]).succeeds().text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "a.mid");
    assert!(lines[1].starts_with("  1. ") && lines[2].starts_with("  2. "), "{text}");
}

#[test]
fn one_bad_file_spares_the_others_but_shows_in_the_exit_code() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.mid"]).succeeds();
    let run = studio.run(&["evaluate", "tiny.safetensors", "missing.mid", "a.mid", "--json"]);
    let run = run.fails(3, &["missing.mid"]);
    assert_eq!(run.objects()[0]["item"], "a.mid");
}

#[test]
fn a_piece_that_the_model_cannot_read_is_named() {
    let studio = Studio::new();
    let run = studio.run(&["evaluate", "tiny.safetensors", "tune.abc"]);
    run.fails(3, &["tune.abc: a piece of 1 voices", "hint: this model knows pieces of 4"]);
    studio.run(&["evaluate", "tiny.safetensors"]).fails(2, &["nothing to evaluate"]);
}
