//! Melodies from whatever MIDI files there are: performances, polyphony, rags and tunes, each learnt and gone on from.

use crate::Studio;
use etude_piece::score::format::{read_score, scores_in};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many tunes of the books are taken.
const TUNES: usize = 80;

/// The longest that learning and writing may take together, in seconds.
const MOST: f64 = 60.0;

/// A folder of the collections, or `None` (said aloud) where there is none.
fn shared(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let folder = root.join(name);
    if !folder.is_dir() {
        println!("skipped: no corpus {name}");
        return None;
    }
    Some(folder)
}

/// The MIDI files of a folder.
fn midi_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = scores_in(folder).expect("a folder");
    files.retain(|path| path.extension().is_some_and(|extension| extension == "mid"));
    files
}

/// The MIDI files of the collections, those of other formats converted by the binary.
fn assorted(studio: &Studio) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for name in ["vienna4x22", "maxent-midi"] {
        files.extend(shared(name).map(|folder| midi_in(&folder)).unwrap_or_default());
    }
    let converted = |name: &str, to: &str| {
        let Some(folder) = shared(name) else { return Vec::new() };
        studio.run(&["convert", &folder.display().to_string(), to, "--to", "mid"]);
        midi_in(&studio.path(to))
    };
    files.extend(converted("joplin", "rags"));
    let tunes = converted("nottingham-abc/ABC_cleaned", "tunes");
    let apart = (tunes.len() / TUNES).max(1);
    files.extend(tunes.into_iter().step_by(apart).take(TUNES));
    files
}

#[test]
#[ignore = "trains on some two hundred files"]
fn a_melody_is_learnt_from_every_midi_file() {
    let studio = Studio::empty();
    let files = assorted(&studio);
    let (mut failures, mut continued) = (Vec::new(), 0);
    let (mut slowest, mut total) = ((0.0, String::new()), 0.0);
    for (index, path) in files.iter().enumerate() {
        let file = path.display().to_string();
        let begun = Instant::now();
        let mut runs = vec![
            studio.run(&["train", "melody", &file, "-o", "mine"]),
            studio.run(&["generate", "mine", "-o", "new.mid", "--seed", "1"]),
        ];
        let seconds = begun.elapsed().as_secs_f64();
        total += seconds;
        slowest = if seconds > slowest.0 { (seconds, file.clone()) } else { slowest };
        let mut heard = vec!["new.mid"];
        // Every twelfth is gone on from too: most of them are polyphonic.
        if index % 12 == 0 {
            runs.push(studio.run(&["generate", "mine", "--draft", &file, "-o", "more.mid", "--seed", "1"]));
            heard.push("more.mid");
            continued += 1;
        }
        if let Some(run) = runs.iter().find(|run| run.code != Some(0)) {
            failures.push(format!("{file}: {}", run.stderr));
            continue;
        }
        for name in heard {
            let notes = read_score(&studio.read(name), name).map_or(0, |score| score.note_count());
            if notes == 0 {
                failures.push(format!("{file}: {name} holds no notes"));
            }
        }
    }
    println!(
        "{} files, {continued} continued; {total:.1} s in all; slowest {:.2} s: {}",
        files.len(),
        slowest.0,
        slowest.1
    );
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
    assert!(slowest.0 < MOST, "{slowest:?}");
}
