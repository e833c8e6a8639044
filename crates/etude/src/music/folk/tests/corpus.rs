//! Figures of a corpus, on request.

use super::super::author::Folk;
use super::super::form::{faults, is_aabb};
use super::super::grammar::Grammar;
use super::super::plan::Plan;
use super::super::read::read;
use super::super::tokens::{SYMBOLS, Token, show};
use super::super::train::fit;
use super::super::tune::Tune;
use super::super::write::write;
use super::super::{is_held_out, items};
use super::reread;
use crate::author::{Author, Request};
use crate::model::Settings;
use crate::sequence::engine;
use crate::shared::shared;
use etude_piece::piece::{Collection, Kind, Piece};
use etude_piece::score::abc;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn corpus() -> Option<Collection> {
    Some(Collection::open(&[shared("folk-abc")?], Kind::Score).expect("the corpus"))
}

#[test]
#[ignore = "figures of the corpus"]
fn figures_of_reading() {
    let Some(collection) = corpus() else { return };
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut mends: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut kept, mut clean, mut flows, mut tokens, mut types) = (0, 0, 0, 0, [0usize; SYMBOLS]);
    println!("{} items, {} skipped", collection.items.len(), collection.skipped.len());
    for (name, piece) in &collection.items {
        let Piece::Score(score) = piece else { continue };
        match read(score) {
            Ok(read) => {
                kept += 1;
                clean += usize::from(read.mended.is_empty());
                read.mended.iter().for_each(|line| *mends.entry(line).or_default() += 1);
                let symbols = read.tune.symbols().expect("read");
                let mut strict = Grammar::new(Arc::new(Plan { flows: true, ..Plan::widest() }));
                flows += usize::from(symbols.iter().all(|&symbol| {
                    let token = Token::of(symbol as usize).expect("a token");
                    let allowed = strict.allows(token);
                    strict.push(token);
                    allowed
                }));
                tokens += symbols.len();
                symbols.iter().for_each(|&symbol| types[symbol as usize] += 1);
                let key = score.keys.first().map_or(etude_piece::score::Key::C_MAJOR, |key| key.1);
                let again = reread(&write(&read.tune, key, read.shift));
                assert_eq!(
                    again.map(|tune| show(&tune.symbols().expect("read"))),
                    Ok(show(&symbols)),
                    "{name}"
                );
            }
            Err(reason) => {
                println!("SKIP {name} {reason}");
                *reasons.entry(reason).or_default() += 1;
            }
        }
    }
    println!(
        "kept {kept} clean {clean} flows {flows} tokens {tokens} of {} types\n{mends:#?}\n{reasons:#?}",
        types.iter().filter(|n| **n > 0).count()
    );
    for (symbol, count) in types.iter().enumerate() {
        print!("{}:{count} ", show(&[symbol as u32]));
    }
    println!();
}

/// The value below which nine in ten lie.
pub(super) fn ninetieth(mut lengths: Vec<usize>) -> usize {
    lengths.sort_unstable();
    lengths[lengths.len() * 9 / 10]
}

/// Writes tunes as a request has them; tells the share of AABB and the longest copies.
fn figures_of_output(folk: &Folk, request: &Request, count: u64, book: &mut Vec<u8>) -> (f64, Vec<usize>) {
    let (mut copies, mut common) = (Vec::new(), 0);
    for seed in 0..count {
        let made = folk.compose(&Request { seed, ..request.clone() }, &mut |_, _| true).expect("a tune");
        let Piece::Score(score) = &made.piece else { panic!("a tune is a score") };
        let written = abc::write_numbered(score, seed as usize + 1).expect("ABC").bytes;
        let again = abc::read(&written).expect("our own ABC");
        assert_eq!(faults(&again), [""; 0]);
        common += usize::from(is_aabb(&read(&again).expect("our own tune").tune));
        copies.push(made.novelty.longest_copy);
        book.extend(written);
        book.push(b'\n');
    }
    (common as f64 / count as f64, copies)
}

#[test]
#[ignore = "figures of the corpus, minutes"]
fn figures_of_an_author() {
    let Some(collection) = corpus() else { return };
    let (items, _) = items(&collection).expect("scores");
    let aabb = items.iter().filter(|item| is_aabb(&Tune::of(&item.symbols).expect("a tune"))).count();
    println!("corpus: {} tunes, AABB of eight bars {:.3}", items.len(), aabb as f64 / items.len() as f64);
    let name = std::env::var("ETUDE_ENGINE").unwrap_or("ngram".to_owned());
    let engine = engine::find(&name).expect("an engine");
    let begun = std::time::Instant::now();
    let folk = fit(engine, &collection, &Settings::new(), 1, &mut |_: f64, _: &str| true).expect("a model");
    println!("{name}: trained in {:.1} s", begun.elapsed().as_secs_f64());
    let (mut nats, mut events) = (0.0, 0);
    for (_, (_, piece)) in collection.items.iter().enumerate().filter(|(index, _)| is_held_out(*index)) {
        let Ok(evaluation) = folk.evaluate(piece) else { continue };
        nats += evaluation.total();
        events += evaluation.nats.len();
    }
    println!("held out: {:.4} nats a token, {events} tokens", nats / events as f64);
    let own = (0..folk.memory.len()).step_by(20);
    let own = own.map(|at| folk.memory.appraise_without(folk.memory.sequence(at), 16, Some(at)).longest_copy);
    println!("corpus: longest copies, 90th percentile {}", ninetieth(own.collect()));
    for form in ["learnt", "free"] {
        let settings = Settings::from([("form".to_owned(), form.to_owned())]);
        let begun = std::time::Instant::now();
        let mut book = Vec::new();
        let (common, copies) =
            figures_of_output(&folk, &Request { settings, ..Request::default() }, 300, &mut book);
        let each = begun.elapsed().as_secs_f64() / 300.0;
        println!(
            "form={form}: AABB {common:.3}, longest copies 90th percentile {}, {:.0} ms a tune",
            ninetieth(copies),
            1000.0 * each
        );
        std::fs::write(std::env::temp_dir().join(format!("{form}-tunes.abc")), book).expect("a file");
    }
}
