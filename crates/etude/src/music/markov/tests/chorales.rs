//! The model's figures on the chorales, where the corpus is at hand: `cargo test --release -p etude markov -- --ignored`.

use super::super::train;
use super::{on, wish};
use crate::appraise::novelty::Index;
use crate::model::{Model, Settings};
use crate::music::articulation::Articulation;
use crate::shared::shared;
use crate::shelf::{Card, Shelved};
use etude_piece::corpus::{Corpus, Split, read_json};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Key};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The chorales in sixteenths and the model of their training split, made once for all tests.
fn trained_on_chorales() -> Option<&'static (Corpus, Arc<dyn Model>)> {
    static ONCE: OnceLock<Option<(Corpus, Arc<dyn Model>)>> = OnceLock::new();
    let both = ONCE.get_or_init(|| {
        let bytes = std::fs::read(shared("jsb/Jsb16thSeparated.json")?).expect("the corpus");
        let corpus = read_json(&bytes, "jsb", 4).expect("the corpus reads");
        let clock = Instant::now();
        let model = train(&corpus, &Settings::new(), 1, &mut on).expect("there are chorales");
        println!("trained in {:.1} s", clock.elapsed().as_secs_f64());
        Some((corpus, model))
    });
    both.as_ref()
}

/// Joint nats per note over a split, in total.
fn nats_per_note(corpus: &Corpus, model: &dyn Model, split: Split) -> f64 {
    let clock = Instant::now();
    let told: Vec<_> =
        corpus.split(split).map(|item| model.evaluate(&item.grid).expect("it is in range")).collect();
    let notes: usize = told.iter().map(|evaluation| evaluation.nats.len()).sum();
    let nats = told.iter().map(|evaluation| evaluation.total()).sum::<f64>() / notes as f64;
    println!("{}: {nats:.4} nats per note in {:.2} s", split.name(), clock.elapsed().as_secs_f64());
    nats
}

#[test]
#[ignore = "needs the chorales and half a minute"]
fn the_test_split_costs_at_most_0_39_nats_per_note() {
    let Some((corpus, model)) = trained_on_chorales() else { return };
    assert!(nats_per_note(corpus, model.as_ref(), Split::Valid) < 0.38);
    assert!(nats_per_note(corpus, model.as_ref(), Split::Test) < 0.39);
}

#[test]
#[ignore = "needs the chorales and a minute"]
fn a_cell_costs_at_most_0_03_nats_given_all_others() {
    let Some((corpus, model)) = trained_on_chorales() else { return };
    let clock = Instant::now();
    let (mut nats, mut notes) = (0.0, 0);
    for item in corpus.split(Split::Test).take(5) {
        let told = model.conditional(&item.grid).expect("it is in range").expect("the model can tell");
        (nats, notes) = (nats + told.total(), notes + told.nats.len());
    }
    let seconds = clock.elapsed().as_secs_f64();
    println!("conditional: {:.4} nats per note over {notes} notes in {seconds:.1} s", nats / notes as f64);
    assert!(nats / (notes as f64) < 0.03);
}

#[test]
#[ignore = "needs the chorales and half a minute"]
fn the_model_takes_at_most_three_megabytes_and_comes_back_whole() {
    let Some((_, model)) = trained_on_chorales() else { return };
    let card = Card {
        model: "markov".to_owned(),
        settings: model.settings(),
        steps_per_quarter: 4,
        voices: 4,
        ..Card::default()
    };
    let shelved = Shelved {
        card,
        model: model.clone(),
        index: Index::default(),
        articulation: Articulation::default(),
        reference: None,
        hash: String::new(),
    };
    let bytes = shelved.to_bytes();
    println!("{} bytes", bytes.len());
    assert!(bytes.len() <= 3_000_000);
    let back = Shelved::from_bytes(&bytes, "a.model").expect("it is whole");
    assert_eq!(back.model.tensors(), model.tensors());
    assert_eq!(back.to_bytes(), bytes);
}

#[test]
#[ignore = "needs the chorales and a minute"]
fn sixteen_bars_are_written_and_harmonised() {
    let Some((corpus, model)) = trained_on_chorales() else { return };
    let mut frame = Frame::sixteenths(4, 256);
    frame.key = Some(Key::C_MAJOR);
    let mut given = Draft::open(frame.clone());
    let soprano = &corpus.split(Split::Test).next().expect("there are chorales").grid;
    for step in 0..256 {
        given.narrow(step, 0, Hole::only(soprano.at(step % soprano.steps(), 0).pitch));
    }
    for (name, draft) in [("free", &Draft::open(frame)), ("soprano given", &given)] {
        let clock = Instant::now();
        let mut made = model.generate(draft, &wish(1, &[]), &mut on).expect("the soprano is in range");
        let seconds = clock.elapsed().as_secs_f64();
        let nats = model.evaluate(&made.grid).expect("it is in range").mean();
        made.grid.frame.key = None;
        let key = made.grid.key();
        println!("{name}: {seconds:.2} s, {nats:.3} nats per note, {key}, {:?}", made.diagnostics);
        assert_eq!(draft.broken_by(&made.grid), None);
    }
}
