//! How fast chorales are read from `**kern`, and written: `cargo bench -p etude-piece --bench kern`. One thread, files in
//! memory; the median of several runs over all of them.

use etude_piece::score::{Score, kern};
use std::path::PathBuf;
use std::time::Instant;

/// How often all files are read.
const RUNS: usize = 15;

fn main() {
    // `cargo test --benches` runs this too; the figures are for `cargo bench` alone.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(folder) = root.join("chorales-370/kern").read_dir() else {
        println!("skipped: no corpus");
        return;
    };
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let files: Vec<Vec<u8>> = paths.map(|path| std::fs::read(path).expect("a file")).collect();
    let bytes: usize = files.iter().map(Vec::len).sum();
    println!("{} chorales, {:.2} MB", files.len(), bytes as f64 / 1e6);
    let read = || files.iter().map(|file| kern::read(file).expect("a chorale")).collect::<Vec<Score>>();
    let scores = read();
    report("read", files.len(), bytes, read);
    report("written", files.len(), bytes, || {
        scores.iter().map(|score| kern::write(score).expect("it fits")).collect::<Vec<_>>()
    });
}

/// Prints how many files a second some work does.
fn report<T>(what: &str, files: usize, bytes: usize, work: impl Fn() -> T) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times[RUNS / 2];
    println!(
        "{what}: {:.0} chorales a second, {:.1} MB/s",
        files as f64 / median,
        bytes as f64 / median / 1e6
    );
}
