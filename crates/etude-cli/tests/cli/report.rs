//! `etude report`: the page, the figures, and how it ends early.

use crate::{Run, Studio};
use quick_xml::Reader;
use quick_xml::events::Event;

/// `etude report` on the small model, three pieces.
fn report(studio: &Studio, arguments: &[&str]) -> Run {
    studio.run(&[&["report", "tiny.safetensors", "-n", "3"], arguments].concat())
}

fn page(studio: &Studio, arguments: &[&str]) -> String {
    report(studio, &[&["-o", "r.html"], arguments].concat()).succeeds();
    String::from_utf8(studio.read("r.html")).expect("a page is UTF-8")
}

/// The names of all elements in order, and all attributes, of a well-formed page.
#[track_caller]
fn elements(page: &str) -> (Vec<String>, Vec<(String, String)>) {
    let mut reader = Reader::from_str(page);
    let (mut names, mut attributes, mut open) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().expect("the page is well-formed");
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let name = tag.name().as_ref().to_owned();
            for attribute in tag.attributes() {
                let attribute = attribute.expect("an attribute is well-formed");
                let key = attribute.key.as_ref().to_owned();
                attributes.push((key, attribute.value.into_owned()));
            }
            names.push(name);
        }
        match event {
            Event::Start(tag) => open.push(tag.name().as_ref().to_owned()),
            Event::End(tag) => assert_eq!(open.pop().as_deref(), Some(tag.name().as_ref())),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "every element is closed");
    (names, attributes)
}

#[test]
fn the_page_is_well_formed_whole_and_needs_nothing_else() {
    let page = page(&Studio::new(), &[]);
    let (names, attributes) = elements(&page);
    for title in [
        "1. Statistics",
        "Frequencies, event by event",
        "Correlations",
        "Pitches",
        "Intervals",
        "Durations",
        "Chords",
        "2. Flexibility",
        "Constraints kept",
        "Contradictions named",
        "What constraints cost",
        "3. Generalisation",
        "New and known",
        "Longest copies",
        "Voice-leading",
        "Consonance",
    ] {
        assert!(page.contains(&format!("{title}</h")), "no section `{title}`");
    }
    assert!(!names.iter().any(|name| ["script", "link", "img", "iframe", "object"].contains(&name.as_str())));
    for (key, value) in &attributes {
        let foreign = ["href", "src", "srcset", "data", "action"].contains(&key.as_str());
        assert!(!foreign && (key == "xmlns" || !value.contains("//")), "{key}={value}");
    }
    assert_eq!(page.matches("http").count(), 1, "the namespace alone");
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("NaN"));
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
}

#[test]
fn every_plot_says_what_it_shows_and_stays_finite() {
    let page = page(&Studio::new(), &[]);
    let plots: Vec<&str> = page.split("<svg ").skip(1).collect();
    assert!(plots.len() >= 20, "{} plots", plots.len());
    for plot in plots {
        let plot = plot.split("</svg>").next().unwrap_or_default();
        assert!(plot.contains("role=\"img\"><title>") && plot.contains("</title><desc>"), "{plot}");
        assert!(!plot.contains("NaN") && !plot.contains("inf"), "{plot}");
    }
}

#[test]
fn the_same_seed_makes_the_same_page_on_any_number_of_threads() {
    let studio = Studio::new();
    let first = page(&studio, &[]);
    for threads in ["1", "3"] {
        let arguments = ["report", "tiny.safetensors", "-n", "3", "-o", "again.html"];
        let output = studio.command(&arguments).env("RAYON_NUM_THREADS", threads).output();
        assert!(output.expect("the binary runs").status.success());
        assert!(studio.read("again.html") == first.as_bytes(), "{threads} threads");
    }
    assert_ne!(page(&studio, &["--seed", "9"]), first);
    let piped = report(&studio, &["-o", "-"]).succeeds();
    assert!(piped.stdout == first.as_bytes() && piped.stderr.is_empty(), "{}", piped.stderr);
}

#[test]
fn json_has_the_figures_of_all_three_requirements() {
    let studio = Studio::new();
    let [from_file] = report(&studio, &["--json"]).succeeds().objects().try_into().expect("one object");
    assert_eq!(from_file["made"]["pieces"], 3);
    assert_eq!((&from_file["corpus"]["train"], &from_file["corpus"]["held_out"]), (&4.into(), &2.into()));
    assert!(from_file["statistics"]["correlations"]["generated_with_train"]["unary"].is_f64());
    for drafts in from_file["flexibility"]["drafts"].as_array().expect("a list") {
        assert_eq!(drafts["kept"], drafts["given"], "{drafts}");
    }
    assert_eq!(from_file["flexibility"]["contradictions"]["named"], 3);
    assert_eq!(from_file["generalisation"]["copies"]["generated"].as_array().map(Vec::len), Some(3));
    let opened = report(&studio, &["--json", "--corpus", "phrases.json"]).succeeds().objects();
    assert_eq!((&opened[0]["corpus"]["opened"], &opened[0]["corpus"]["own"]), (&true.into(), &true.into()));
    for part in ["statistics", "flexibility", "generalisation"] {
        assert_eq!(opened[0][part], from_file[part], "{part}");
    }
}

#[test]
fn the_terminal_is_told_what_matters_most() {
    let studio = Studio::new();
    let run = report(&studio, &["-o", "r.html"]).succeeds();
    assert_eq!(run.stderr, "wrote r.html\n");
    let text = run.text();
    assert!(text.contains("constraints kept, of those given") && text.contains("held-out"), "{text}");
}

#[test]
fn melodies_are_reported_on_too() {
    let studio = Studio::empty();
    let tunes: String = (0..24)
        .map(|n| {
            let bar = ["CDEF", "GAGF", "EDCE", "G2E2", "c2BA"];
            format!(
                "X:{n}\nM:4/4\nL:1/4\nK:C\n{}|{}|{}|C4|]\n\n",
                bar[n % 5],
                bar[(n / 5) % 5],
                bar[(n + 2) % 5]
            )
        })
        .collect();
    studio.write("tunes.abc", tunes.as_bytes());
    std::fs::create_dir(studio.path("tunes")).expect("a folder of our own");
    std::fs::rename(studio.path("tunes.abc"), studio.path("tunes/tunes.abc")).expect("a move");
    studio.run(&["train", "markov", "tunes", "-o", "m.safetensors"]).succeeds();
    studio.run(&["report", "m.safetensors", "-n", "2", "-o", "r.html"]).succeeds();
    let page = String::from_utf8(studio.read("r.html")).expect("a page is UTF-8");
    elements(&page);
    assert!(
        page.contains("beginnings") && !page.contains("Voice-leading") && !page.contains("vertical: "),
        "one voice"
    );
}

#[test]
fn what_cannot_be_reported_is_said() {
    let studio = Studio::new();
    report(&studio, &[]).fails(2, &["--output"]);
    report(&studio, &["--json", "-o", "-"]).fails(2, &["not both"]);
    report(&studio, &["-o", "missing/r.html"]).fails(1, &["there is no folder missing"]);
    report(&studio, &["-o", "r.html", "--corpus", "none.json"]).fails(3, &["none.json"]);
    studio.write("melody.json", br#"{"train": [[[60], [62]]]}"#);
    report(&studio, &["-o", "r.html", "--corpus", "melody.json"])
        .fails(3, &["no training piece of 4 voices"]);
    studio.run(&["report", "sonata", "-o", "r.html"]).fails(2, &["no model `sonata`"]);
    assert!(!studio.files().contains(&"r.html".to_owned()));
}
