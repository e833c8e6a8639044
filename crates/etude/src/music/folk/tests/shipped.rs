//! Figures of the model that ships, on request: ten thousand tunes against the corpus.

use super::super::form::{faults, is_aabb};
use super::super::read::read;
use super::super::tokens::metre;
use super::super::train::fit;
use super::super::tune::Tune;
use super::super::{Item, is_held_out, items};
use super::corpus::{corpus, ninetieth};
use crate::appraise::spans::Memory;
use crate::author::{Author, Made, Request};
use crate::catalogue::BUILT_IN;
use crate::model::Settings;
use crate::sequence::engine;
use crate::shelf::Opened;
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::{Mode, abc};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

/// How many tunes; `ETUDE_TUNES` asks for another number.
const TUNES: u64 = 10_000;

fn shipped() -> Option<Arc<dyn Author>> {
    let file = BUILT_IN.iter().find(|model| model.name == "folk")?;
    match Opened::from_bytes(file.bytes, file.name).expect("it ships") {
        Opened::Author(authored) => Some(authored.author),
        Opened::Grid(_) => None,
    }
}

/// Nats a token of the held-out tunes.
fn held_out(author: &dyn Author, collection: &Collection) -> f64 {
    let (mut nats, mut events) = (0.0, 0);
    for (_, (_, piece)) in collection.items.iter().enumerate().filter(|(index, _)| is_held_out(*index)) {
        let Ok(evaluation) = author.evaluate(piece) else { continue };
        nats += evaluation.total();
        events += evaluation.nats.len();
    }
    println!("held out: {:.4} nats a token, {events} tokens", nats / events as f64);
    nats / events as f64
}

/// What is counted of tunes.
#[derive(Default)]
struct Counts {
    tunes: usize,
    common: usize,
    parts: usize,
    metres: BTreeMap<String, usize>,
    modes: BTreeMap<&'static str, usize>,
}

impl Counts {
    fn add(&mut self, tune: &Tune) {
        self.tunes += 1;
        self.common += usize::from(is_aabb(tune));
        self.parts += tune.parts.iter().filter(|part| !part.is_empty()).count();
        *self.metres.entry(metre(tune.metre).to_string()).or_default() += 1;
        *self.modes.entry(Mode::ALL[tune.mode].name()).or_default() += 1;
    }

    /// The share of AABB of eight bars, with all the others printed.
    fn tell(&self, whose: &str) -> f64 {
        let share = |count: usize| count as f64 / self.tunes as f64;
        println!(
            "{whose}: {} tunes, AABB {:.3}, {:.2} parts",
            self.tunes,
            share(self.common),
            share(self.parts)
        );
        let metres = self.metres.iter().map(|(name, &count)| format!("{name} {:.3}", share(count)));
        let modes = self.modes.iter().map(|(name, &count)| format!("{name} {:.3}", share(count)));
        println!("    {}", metres.chain(modes).collect::<Vec<_>>().join(", "));
        share(self.common)
    }
}

/// Writes a finished tune into a book, and looks at it as a stranger would.
fn inspect(made: &Made, number: usize, counts: &mut Counts, book: &mut impl Write) -> usize {
    let Piece::Score(score) = &made.piece else { panic!("a tune is a score") };
    let written = abc::write_numbered(score, number).expect("ABC").bytes;
    let again = abc::read(&written).expect("our own ABC");
    assert_eq!(faults(&again), [""; 0], "tune {number}");
    let tune = read(&again).expect("our own tune");
    assert_eq!(tune.mended, [""; 0], "tune {number}");
    counts.add(&tune.tune);
    book.write_all(&written).and_then(|()| book.write_all(b"\n")).expect("a file");
    made.novelty.longest_copy
}

#[test]
#[ignore = "figures of the model that ships: ten thousand tunes, minutes"]
fn figures_of_the_model_that_ships() {
    let (Some(collection), Some(author)) = (corpus(), shipped()) else { return };
    let ngram = engine::find("ngram").expect("counts");
    let counted = fit(ngram, &collection, &Settings::new(), 1, &mut |_: f64, _: &str| true).expect("a model");
    assert!(held_out(author.as_ref(), &collection) < held_out(&counted, &collection), "counts know more");
    let learnt: Vec<Item> = items(&collection).expect("scores").0;
    let mut corpus = Counts::default();
    learnt.iter().for_each(|item| corpus.add(&Tune::of(&item.symbols).expect("a tune")));
    let memory = Memory::new(learnt.iter().map(|item| (item.name.as_str(), item.symbols.as_slice())));
    let own = (0..memory.len()).step_by(10);
    let own = own.map(|at| memory.appraise_without(memory.sequence(at), 16, Some(at)).longest_copy);
    let own = ninetieth(own.collect());
    let one = |seed| {
        let begun = Instant::now();
        author.compose(&Request { seed, ..Request::default() }, &mut |_, _| true).expect("a tune");
        1000.0 * begun.elapsed().as_secs_f64()
    };
    let alone: Vec<f64> = (0..100).map(one).collect();
    let (mean, most) = (alone.iter().sum::<f64>() / 100.0, alone.iter().copied().fold(0.0, f64::max));
    println!("one by one: {mean:.1} ms a tune, at most {most:.1}, of 100");
    let count = std::env::var("ETUDE_TUNES").ok().and_then(|count| count.parse().ok()).unwrap_or(TUNES);
    let path = std::env::temp_dir().join("folk-tunes.abc");
    let mut book = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let (mut counts, mut copies, mut seconds, mut slowest) = (Counts::default(), Vec::new(), 0.0, 0.0f64);
    for first in (0..count).step_by(author.beside()) {
        let seeds = first..count.min(first + author.beside() as u64);
        let requests: Vec<Request> = seeds.map(|seed| Request { seed, ..Request::default() }).collect();
        let begun = Instant::now();
        let all = author.compose_each(&requests, &mut |_, _| true);
        let passed = begun.elapsed().as_secs_f64();
        seconds += passed;
        slowest = slowest.max(passed / requests.len() as f64);
        for (made, number) in all.iter().zip(first as usize + 1..) {
            copies.push(inspect(made.as_ref().expect("a tune"), number, &mut counts, &mut book));
        }
    }
    println!(
        "side by side: {:.1} ms a tune, at most {:.1} in one batch; {}",
        1000.0 * seconds / count as f64,
        1000.0 * slowest,
        path.display()
    );
    let (theirs, ours) = (corpus.tell("corpus"), counts.tell("output"));
    let longest = ninetieth(copies);
    println!("longest copies, 90th percentile: {longest} tokens; corpus {own}");
    assert!((theirs - ours).abs() <= 0.05, "the share of AABB is another");
    assert!(longest <= own, "it copies more than tunes have in common");
}
