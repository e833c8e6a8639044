//! The example tunes, harmonised.

use crate::corpora::bach;
use etude::appraise::consonance::Consonance;
use etude::music::compose::{Request, compose};
use etude_piece::score::format::open_score;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::path::{Path, PathBuf};

#[test]
#[ignore = "a minute; prints the figures of docs/benchmarks.md"]
fn harmonised_tunes_are_consonant_on_strong_beats() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let mut tunes: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("examples").map(|f| f.expect("a file").path()).collect();
    tunes.retain(|path| path.extension().is_some_and(|extension| extension == "abc"));
    tunes.sort();
    assert_eq!(tunes.len(), 10);
    let shelved = bach();
    let found: Vec<(String, Consonance)> = tunes
        .par_iter()
        .map(|path| {
            let score = open_score(path).expect("our own tune");
            let grids: Vec<_> = (1..=10)
                .map(|seed| {
                    let request = Request { draft: Some(score.clone()), seed, ..Request::default() };
                    compose(&shelved, &request, &mut |_, _| true).expect("it can be harmonised").grid
                })
                .collect();
            (path.file_stem().expect("a name").to_string_lossy().into_owned(), Consonance::of(&grids))
        })
        .collect();
    for (name, consonance) in &found {
        println!("{name}: {:.1} % of {} notes", 100.0 * consonance.share(), consonance.notes);
    }
    let (notes, consonant) =
        found.iter().fold((0, 0), |(n, c), (_, each)| (n + each.notes, c + each.consonant));
    let share = consonant as f64 / notes as f64;
    println!("all: {:.2} % of {notes} notes, ten seeds each", 100.0 * share);
    assert!(share >= 0.95, "{share}");
}
