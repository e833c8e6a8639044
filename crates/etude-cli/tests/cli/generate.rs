//! `etude generate`: what it writes, where, and the same again.

use crate::{Run, Studio};
use etude_piece::score::format::{Format, read_score};
use etude_piece::score::{Beats, Score};
use std::process::{Command, Stdio};

fn score(bytes: &[u8]) -> Score {
    read_score(bytes, "made").expect("our own output")
}

#[test]
fn one_piece_goes_into_several_formats() {
    let studio = Studio::new();
    let files =
        ["a.mid", "a.musicxml", "a.mxl", "a.abc", "a.krn", "a.csv", "a.wav", "a.svg", "a.png", "a.pdf"];
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["-o", file]).collect();
    let run = studio.generate(&outputs).succeeds();
    assert!(run.stdout.is_empty(), "{}", run.text());
    assert!(run.stderr.contains("cited") && run.stderr.contains("wrote a.mid, a.musicxml"), "{}", run.stderr);
    for (file, format) in files.iter().zip(Format::ALL) {
        assert_eq!(Format::sniff(&studio.read(file)), Some(format), "{file}");
    }
    let notes = ["a.mid", "a.musicxml", "a.mxl", "a.abc", "a.krn", "a.csv"]
        .map(|file| score(&studio.read(file)).note_count());
    assert!(notes[0] > 16 && notes.iter().all(|&count| count == notes[0]), "{notes:?}");
}

#[test]
fn without_a_file_it_shows_the_piece_and_writes_nothing() {
    let studio = Studio::new();
    let before = studio.files();
    let run = studio.generate(&[]).succeeds();
    let text = run.text();
    assert!(text.contains("S Soprano") && text.contains("8 bars, seed 1, "), "{text}");
    assert!(text.contains("cited ") && text.contains("longest copy "), "{text}");
    assert!(!text.contains('\x1b'), "no colours into a pipe");
    assert!(run.stderr.contains("nothing was written") && !run.stderr.contains('\x1b'), "{}", run.stderr);
    assert_eq!(studio.files(), before);
}

#[test]
fn a_seed_of_the_clock_is_told_and_makes_the_same_again() {
    let studio = Studio::new();
    let arguments = ["generate", "tiny.safetensors", "--set", "sweeps=20", "--json", "-o", "a.mid"];
    let seed = studio.run(&arguments).succeeds().objects()[0]["seed"].to_string();
    studio.run(&[&arguments[..6], &["b.mid", "--seed", &seed]].concat()).succeeds();
    assert_eq!(studio.read("a.mid"), studio.read("b.mid"));
}

#[test]
fn json_has_the_shape_of_the_contract() {
    let run =
        Studio::new().generate(&["--json", "-o", "a.mid", "--keep", "B@end=tonic", "--key", "C"]).succeeds();
    let [object] = run.objects().try_into().expect("one object");
    assert_eq!(object["model"], "tiny.safetensors");
    assert_eq!(object["seed"], 1);
    assert_eq!(object["files"], serde_json::json!(["a.mid"]));
    assert!(object["seconds"].is_f64());
    assert_eq!(object["constraints"], serde_json::json!({"given": 1, "met": 1}));
    let novelty = &object["novelty"];
    let shares = ["cited", "discovered", "invented"].map(|share| novelty[share].as_f64().expect("a share"));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{novelty}");
    assert!(novelty["longest_copy"].is_u64() && novelty["longest_copy_of"].is_string(), "{novelty}");
    assert!(object["diagnostics"].is_object());
}

#[test]
fn several_pieces_are_numbered_and_their_seeds_count_up() {
    let studio = Studio::new();
    let run = studio.generate(&["-n", "2", "-o", "a.mid", "--json"]).succeeds();
    let seeds: Vec<u64> = run.objects().iter().filter_map(|object| object["seed"].as_u64()).collect();
    assert_eq!(seeds, [1, 2]);
    let second = ["generate", "tiny.safetensors", "--seed", "2", "--set", "sweeps=20", "-o", "b.mid"];
    studio.run(&second).succeeds();
    assert_eq!(studio.read("a-2.mid"), studio.read("b.mid"));
    assert!(!studio.files().contains(&"a.mid".to_owned()));
    assert_ne!(studio.read("a-1.mid"), studio.read("a-2.mid"));
}

#[test]
fn the_same_seed_makes_the_same_bytes_on_one_thread_and_on_two() {
    let studio = Studio::new();
    for threads in ["1", "2"] {
        let file = format!("{threads}.mid");
        let arguments = ["generate", "tiny.safetensors", "--seed", "7", "--set", "sweeps=20", "-o", &file];
        let output = studio.command(&arguments).env("RAYON_NUM_THREADS", threads).output();
        Run::of(output.expect("the binary runs")).succeeds();
    }
    assert_eq!(studio.read("1.mid"), studio.read("2.mid"));
}

#[test]
fn a_draft_keeps_its_tune_from_a_file_and_from_stdin() {
    let studio = Studio::new();
    studio.generate(&["--draft", "tune.abc", "-o", "a.abc"]).succeeds();
    let made = score(&studio.read("a.abc"));
    let soprano = made.voices().next().expect("a soprano");
    let sung: Vec<String> = soprano.sounding().iter().map(|note| note.pitch.to_string()).collect();
    assert_eq!(sung, ["C5", "C5", "B4", "C5", "C5", "D5", "B4", "C5"]);
    assert_eq!(made.parts.len(), 4);

    let fixed = ["generate", "tiny.safetensors", "--seed", "1", "--set", "sweeps=20"];
    let arguments = [&fixed[..], &["--draft", "-", "-o", "-", "--format", "abc"]].concat();
    let piped = studio.run_with(&arguments, crate::studio::TUNE.as_bytes()).succeeds();
    assert_eq!(score(&piped.stdout).voices().collect::<Vec<_>>(), made.voices().collect::<Vec<_>>());
}

#[test]
fn stdout_is_midi_unless_told_otherwise() {
    let studio = Studio::new();
    let run = studio.generate(&["-o", "-"]).succeeds();
    assert!(run.stdout.starts_with(b"MThd") && run.stderr.contains("cited"), "{}", run.stderr);
    let run = studio.generate(&["-o", "-", "--format", "svg"]).succeeds();
    assert_eq!(Format::sniff(&run.stdout), Some(Format::Svg));
}

#[test]
fn length_key_metre_and_tempo_are_as_asked() {
    let studio = Studio::new();
    let asked = ["--length", "3", "--key", "C", "--metre", "3/4", "--tempo", "72", "-o", "a.musicxml"];
    studio.generate(&asked).succeeds();
    let made = score(&studio.read("a.musicxml"));
    assert_eq!(made.duration(), Beats::whole(9));
    assert_eq!(made.metre_at(Beats::ZERO).to_string(), "3/4");
    assert_eq!(made.key_at(Beats::ZERO).to_string(), "C major");
    assert_eq!(made.tempi[0].1.0, 72.0);
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let studio = Studio::new();
    let mut child =
        studio.command(&["models"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().expect("it ends"));
    assert!(run.code == Some(0) && run.stderr.is_empty(), "{run:?}");
}

#[test]
#[cfg(unix)]
fn an_interruption_keeps_what_is_finished_and_says_so() {
    let studio = Studio::new();
    let arguments = [
        "generate",
        "tiny.safetensors",
        "--set",
        "sweeps=2000",
        "-n",
        "1000",
        "-o",
        "a.mid",
        "--length",
        "16",
    ];
    let child =
        studio.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    for _ in 0..6000 {
        if studio.path("a-1.mid").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
    let run = Run::of(child.wait_with_output().expect("it ends"));
    run.fails(130, &["interrupted; ", "of 1000 pieces are finished: a-1.mid"]);
    assert!(studio.files().iter().all(|file| !file.ends_with(".partial")));
    score(&studio.read("a-1.mid"));
}

#[test]
fn variations_need_a_draft_and_a_share() {
    let studio = Studio::new();
    studio.generate(&["--vary", "0.3"]).fails(2, &["--draft <FILE>"]);
    studio.generate(&["--draft", "tune.abc", "--vary", "3"]).fails(2, &["a share is a number from 0 to 1"]);
    studio
        .generate(&["--draft", "tune.abc", "--reharmonise", "x"])
        .fails(2, &["found `x`", "expected a bar"]);
    studio.generate(&["--draft", "tune.abc", "--towards", "no.mid"]).fails(3, &["no.mid"]);
    studio
        .run(&["generate", "folk", "--vary", "0.3", "--draft", "tune.abc"])
        .fails(2, &["models of voices, such as bach"]);
}
