//! The timed figures of docs/benchmarks.md, each the median of several runs: `cargo bench -p etude`.
//!
//! The melody setting is that of Pachet's own maximum-entropy code (2025): 1,910 notes, K = 10, 20 iterations.

use etude::catalogue::BUILT_IN;
use etude::model::{Settings, Wish};
use etude::music::compose::{Request, compose};
use etude::music::maxent;
use etude::shelf::Shelved;
use etude_piece::corpus::{Corpus, Item, Split};
use etude_piece::draft::Draft;
use etude_piece::score::format::open_score;
use etude_piece::score::{Frame, Grid, Key};
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    // `cargo test --benches` runs this too; the figures are for `cargo bench` alone.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    melody();
    let shelved = Shelved::from_bytes(BUILT_IN[0].bytes, "bach").expect("the built-in model is sound");
    let sixteen = Request { bars: Some(16), seed: 1, ..Request::default() };
    timed("16 bars of four voices, default settings", 5, || compose(&shelved, &sixteen, &mut |_, _| true));
    let tune = b"X:1\nM:4/4\nL:1/4\nK:G\nG A B c | d c B A |]";
    let draft = etude_piece::score::abc::read(tune).expect("a tune");
    let two = Request { draft: Some(draft), seed: 1, ..Request::default() };
    timed("two bars harmonised, default settings", 11, || compose(&shelved, &two, &mut |_, _| true));
    timed("the built-in model read from its bytes", 11, || Shelved::from_bytes(BUILT_IN[0].bytes, "bach"));
}

/// Training and generating on the partita for solo violin.
fn melody() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join("maxent-midi/bach_partita_violin.mid");
    if !path.exists() {
        println!("skipped: no corpus");
        return;
    }
    let score = open_score(&path).expect("the partita reads");
    let grid = Grid::of_notes(&score).expect("it has notes");
    let alphabet: std::collections::BTreeSet<_> = grid.pitches().collect();
    println!("partita: {} notes, q = {}", grid.steps(), alphabet.len());
    let item = Item { name: "partita".into(), split: Split::Train, grid };
    let corpus = Corpus { name: "partita".into(), items: vec![item], skipped: Vec::new() };
    let settings: Settings = [
        ("horizontal", "1,2,3,4,5,6,7,8,9,10"),
        ("diagonal", "-"),
        ("transpose", "0"),
        ("iterations", "20"),
        ("updates", "0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    timed("melody, K = 10: 20 iterations (reference 12.8 s)", 7, || {
        maxent::train(&corpus, &settings, 1, &mut |_, _| true)
    });
    let model = maxent::train(&corpus, &settings, 1, &mut |_, _| true).expect("it trains");
    // A sweep tries half an update a note, of which a tenth finds nothing to do: 45 sweeps of 100 notes are 2,000.
    let wish = [("sweeps", "45"), ("chains", "1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let wish = Wish { seed: 1, key: Key::C_MAJOR, settings: wish.into() };
    let frame = Frame { steps_per_quarter: 1, ..Frame::sixteenths(1, 100) };
    let draft = Draft::open(frame);
    timed("melody: 100 notes, 2,000 updates (reference 0.59 s)", 15, || {
        model.generate(&draft, &wish, &mut |_, _| true)
    });
}

/// Prints the median time of several runs.
fn timed<T, E: std::fmt::Debug>(what: &str, runs: usize, work: impl Fn() -> Result<T, E>) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work().expect("it works");
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.2} ms (best {:.2})", 1000.0 * times[runs / 2], 1000.0 * times[0]);
}
