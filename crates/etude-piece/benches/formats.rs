//! How fast chorales are read from every format and written to it: `cargo bench -p etude-piece --bench formats`. One
//! thread, files in memory; the median of several runs over all of them.

use etude_piece::score::Score;
use etude_piece::score::format::{Format, read_score, write};
use etude_piece::sound::{Rendering, SoundFont, render};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How often all files are read or written.
const RUNS: usize = 9;

/// Chorales that are drawn and rendered.
const FEW: usize = 20;

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
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let kern: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a file")).collect();
    let scores: Vec<Score> = kern.iter().map(|file| read_score(file, "kern").expect("a chorale")).collect();
    for format in Format::ALL.into_iter().filter(|format| format.is_score()) {
        let files: Vec<Vec<u8>> = match format {
            Format::Kern => kern.clone(),
            _ => scores.iter().map(|score| written(score, format)).collect(),
        };
        let read =
            || files.iter().map(|file| read_score(file, "chorale").expect("a chorale")).collect::<Vec<_>>();
        let rate = files.len() as f64 / median(RUNS, read);
        let write = || scores.iter().map(|score| written(score, format)).collect::<Vec<_>>();
        println!(
            "{format}: {rate:.0} read, {:.0} written a second",
            files.len() as f64 / median(RUNS, write)
        );
    }
    for format in [Format::Svg, Format::Png, Format::Pdf] {
        let draw = || scores[..FEW].iter().map(|score| written(score, format)).collect::<Vec<_>>();
        println!("{format}: {:.0} chorales drawn a second", FEW as f64 / median(3, draw));
    }
    sound("the built-in voice", &scores[..FEW], |score| {
        render(score, &Rendering::default()).expect("sound").seconds()
    });
    let font = root.join("soundfont/TimGM6mb.sf2");
    if Path::new(&font).exists() {
        let font = SoundFont::open(&font).expect("a soundfont");
        let play = |score: &Score| font.render(score, &Rendering::default()).expect("sound").0.seconds();
        sound("a soundfont", &scores[..FEW], play);
    }
}

/// A score's file.
fn written(score: &Score, format: Format) -> Vec<u8> {
    write(score, format).expect("it fits").bytes
}

/// Prints how many seconds of sound are made in one.
fn sound(what: &str, scores: &[Score], play: impl Fn(&Score) -> f64) {
    let seconds: f64 = scores.iter().map(&play).sum();
    let spent = median(3, || scores.iter().map(&play).sum::<f64>());
    println!("{what}: {:.0} times real time", seconds / spent);
}

/// The median time of some work, in seconds.
fn median<T>(runs: usize, work: impl Fn() -> T) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}
