//! How well and how fast the models that count foretell a text: tinyshakespeare, nine tenths learnt, one tenth foretold.
//!
//! `cargo bench -p etude --bench text`; the folder of corpora is `ETUDE_DATA`.

use etude::model::Settings;
use etude::sequence::{Sequence, SequenceModel, Sequences, engine, surprise};
use etude::shelf::{Reader, Tensor};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    // `cargo test --benches` runs this too; the figures are for `cargo bench` alone.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(root.join("text/tinyshakespeare.txt")) else {
        println!("skipped: no corpus");
        return;
    };
    let mut alphabet: Vec<char> = text.chars().collect();
    alphabet.sort_unstable();
    alphabet.dedup();
    let number = |c| alphabet.binary_search(&c).expect("the alphabet is that of the text") as u32;
    let symbols: Vec<u32> = text.chars().map(number).collect();
    let (q, cut) = (alphabet.len(), symbols.len() * 9 / 10);
    let train = vec![Sequence::plain(&symbols[..cut], q)];
    let data = Sequences { symbols: q, fields: vec![q + 1], train, valid: Vec::new() };
    let test = Sequence::plain(&symbols[cut..], q);
    let spelling: String = alphabet.iter().collect();
    measure(&data, &test, "ngram", &[("order", "7"), ("discounts", "counted")]);
    measure(&data, &test, "ngram", &[("order", "7")]);
    measure(&data, &test, "ngram", &[]);
    measure(&data, &test, "ngram", &[("least", "2")]);
    measure(&data, &test, "mixing", &[("spelling", &spelling)]);
}

/// Trains, saves, loads and evaluates; a mixing model also without learning as it reads.
fn measure(data: &Sequences, test: &Sequence, name: &str, settings: &[(&str, &str)]) {
    let settings: Settings = settings.iter().map(|&(name, value)| (name.into(), value.into())).collect();
    let engine = engine::find(name).expect("a kind of model");
    println!("{name} {settings:?}");
    let begun = Instant::now();
    let train = || (engine.train)(data, &settings, 1, &mut |_: f64, _: &str| true);
    let model = train().expect("a text of characters");
    println!("    trained in {:.1} s", begun.elapsed().as_secs_f64());
    let bytes = |tensor: &Tensor| match tensor {
        Tensor::U8(_, values) => values.len(),
        Tensor::U16(_, values) => 2 * values.len(),
        Tensor::U32(_, values) => 4 * values.len(),
        Tensor::F32(_, values) => 4 * values.len(),
        Tensor::U64(_, values) => 8 * values.len(),
    };
    let size: usize = model.tensors().values().map(bytes).sum();
    println!("    file of {:.2} MB", size as f64 / 1e6);
    evaluate(&model, test);
    let mut fixed = model.settings();
    let adapts = fixed.get("learns").is_some_and(|learns| learns == "true");
    if adapts {
        fixed.insert("learns".into(), "false".into());
    }
    let begun = Instant::now();
    let reader = Reader::new("the model just trained", model.tensors());
    let loaded = (engine.load)(&fixed, &reader).expect("our own arrays");
    println!("    loaded in {:.2} s", begun.elapsed().as_secs_f64());
    if adapts {
        println!("    the same, without learning as it reads:");
        evaluate(&loaded, test);
    }
}

fn evaluate(model: &Arc<dyn SequenceModel>, test: &Sequence) {
    let begun = Instant::now();
    let nats = surprise(model.as_ref(), test);
    let mean = |nats: &[f64]| nats.iter().sum::<f64>() / nats.len() as f64;
    let last = mean(&nats[nats.len() - 55_000..]);
    let seconds = begun.elapsed().as_secs_f64();
    println!("    {:.4} nats a character, {last:.4} over the last 55,000, in {seconds:.1} s", mean(&nats));
}
