//! Real files, where the corpora are at hand: every one is read with the figures of another program, and comes back.

use super::figures::{BACH, PIANISTS, Row};
use crate::corpus::Split;
use crate::corpus::shared::shared as folder;
use crate::score::midi::{read, read_with_losses, write};
use crate::score::{Beats, Score, Tempo};
use std::time::Instant;

/// The number of notes, the sum of their MIDI numbers, and the last end in ticks.
fn figures(score: &Score, division: i64) -> (usize, u64, Option<i64>) {
    let pitches = score.voices().flat_map(|voice| &voice.notes).filter_map(|note| note.pitch.midi());
    let ends = score.voices().flat_map(|voice| &voice.notes).map(|note| note.end());
    let end = ends.max().unwrap_or(Beats::ZERO).exact_div(Beats::new(1, division));
    (score.note_count(), pitches.map(u64::from).sum(), end)
}

/// Every file of a corpus is in the table, and reads as the other program has it.
#[track_caller]
fn check(corpus: &str, rows: &[Row]) {
    let Some(folder) = folder(corpus) else { return };
    let files = std::fs::read_dir(&folder).expect("readable").map(|entry| entry.expect("an entry").path());
    let count = files.filter(|path| path.extension().is_some_and(|end| end == "mid")).count();
    assert_eq!(count, rows.len(), "every file has its row");
    for &(name, notes, pitches, end, division, controllers) in rows {
        let bytes = std::fs::read(folder.join(name)).expect("readable");
        let reading = read_with_losses(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(figures(&reading.score, division), (notes, pitches, Some(end)), "{name}");
        let plural = if controllers == 1 { "" } else { "s" };
        let line = format!("{controllers} controller change{plural}: a score holds none");
        assert_eq!(reading.lost.contains(&line), controllers > 0, "{name}: {:?}", reading.lost);
    }
}

#[test]
fn bach_files_have_the_figures_that_mido_counts() {
    check("maxent-midi", &BACH);
}

#[test]
fn performances_have_the_figures_that_mido_counts() {
    check("vienna4x22", &PIANISTS);
}

#[test]
fn what_is_lost_of_a_real_file_is_listed() {
    let Some(folder) = folder("maxent-midi") else { return };
    let bytes = std::fs::read(folder.join("bach_partita_violin.mid")).expect("readable");
    assert_eq!(read_with_losses(&bytes).expect("a good file").lost, PARTITA);
}

/// What a score doesn't hold of a partita.
const PARTITA: [&str; 4] = [
    "2 controller changes: a score holds none",
    "1 film offset: a score begins at 0",
    "1 instrument name: the part has a name of its own",
    "4 markers: a score holds none",
];

#[test]
fn every_real_file_comes_back_with_the_same_music() {
    for (corpus, rows) in [("maxent-midi", &BACH[..]), ("vienna4x22", &PIANISTS[..])] {
        let Some(folder) = folder(corpus) else { return };
        for (name, ..) in rows {
            let score = read(&std::fs::read(folder.join(name)).expect("readable")).expect("a good file");
            let written = write(&score).expect("writable");
            let back = read_with_losses(&written.bytes).expect("what we write we read");
            assert_eq!(back.score, score, "{name}");
            assert_eq!(back.lost, [""; 0], "{name}: nothing is lost of what we write");
        }
    }
}

/// The chorales of the corpora in sixteenths as MIDI files, each with its score.
fn chorales() -> Vec<(Score, Vec<u8>)> {
    let files = [("jsb", "Jsb16thSeparated.json"), ("hymns-satb", "hymns-satb-16th.json")];
    let read = |(corpus, name): (&str, &str)| {
        let path = folder(corpus)?.join(name);
        let bytes = std::fs::read(path).expect("readable");
        Some(crate::corpus::read_json(&bytes, name, 4).expect("a corpus"))
    };
    let corpora: Vec<_> = files.into_iter().filter_map(read).collect();
    let items =
        corpora.iter().flat_map(|corpus| Split::ALL.into_iter().flat_map(|split| corpus.split(split)));
    // Grids have no tempo; a file always has one.
    let tempi = vec![(Beats::ZERO, Tempo::default())];
    let scores = items.map(|item| Score { tempi: tempi.clone(), ..Score::from(&item.grid) });
    scores.map(|score| (score.clone(), write(&score).expect("writable").bytes)).collect()
}

#[test]
fn every_chorale_comes_back_with_the_same_notes() {
    for (score, bytes) in chorales() {
        let back = read(&bytes).expect("what we write we read");
        assert_eq!(figures(&back, 480), figures(&score, 480));
        assert_eq!((&back.keys, &back.metres, &back.tempi), (&score.keys, &score.metres, &score.tempi));
    }
}

#[test]
#[ignore = "a figure: run it alone in release, with --nocapture"]
fn how_fast_chorales_are_read() {
    let files: Vec<Vec<u8>> = chorales().into_iter().map(|(_, bytes)| bytes).collect();
    let started = Instant::now();
    let rounds = 20;
    let notes: usize =
        (0..rounds).flat_map(|_| &files).map(|bytes| read(bytes).expect("readable").note_count()).sum();
    let seconds = started.elapsed().as_secs_f64();
    let per_second = (rounds * files.len()) as f64 / seconds;
    println!("{} chorales, {notes} notes in {rounds} rounds: {per_second:.0} chorales a second", files.len());
    assert!(files.is_empty() || per_second > 1_000.0);
}
