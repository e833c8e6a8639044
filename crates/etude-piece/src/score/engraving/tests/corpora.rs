//! Every piece of the corpora is drawn, nothing lies on anything else, nothing leaves its page.

use super::places::{collisions, overflows};
use super::sheet;
use crate::corpus::shared::shared as corpus;
use crate::score::Score;
use crate::score::format::{read_score, scores};
use std::path::PathBuf;

/// Draws a score; gives what is wrong with it.
fn faults(score: &Score) -> Vec<String> {
    let sheet = sheet(score);
    [collisions(&sheet), overflows(&sheet)].concat()
}

#[test]
fn every_hymn_is_drawn() {
    let Some(folder) = corpus("hymns-satb/abc") else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "abc"));
    files.sort();
    let (mut drawn, mut on_two_staves) = (0, 0);
    for file in files {
        let name = file.display().to_string();
        let Ok(score) = read_score(&std::fs::read(&file).expect("a file"), &name) else { continue };
        assert_eq!(faults(&score), Vec::<String>::new(), "{name}");
        on_two_staves += usize::from(sheet(&score).staves.len() == 2);
        drawn += 1;
    }
    println!("{drawn} hymns, {on_two_staves} on two staves");
    assert!(drawn >= 92, "{drawn} hymns");
}

#[test]
fn folk_tunes_are_drawn() {
    let Some(file) = corpus("folk-abc/oneills1850.abc") else { return };
    let bytes = std::fs::read(file).expect("a file");
    let mut drawn = 0;
    for reading in scores(&bytes, "oneills1850.abc").take(200).flatten() {
        assert_eq!(faults(&reading.score), Vec::<String>::new(), "{}", reading.score.title);
        drawn += 1;
    }
    println!("{drawn} tunes");
    assert!(drawn > 190, "{drawn} tunes");
}

#[test]
fn piano_music_is_drawn() {
    let Some(folder) = corpus("vienna4x22") else { return };
    for name in ["Chopin_op10_no3", "Chopin_op38", "Mozart_K331_1st-mov", "Schubert_D783_no15"] {
        let bytes = std::fs::read(folder.join(format!("{name}.musicxml"))).expect("a file");
        let score = read_score(&bytes, name).expect("a score");
        assert_eq!(faults(&score), Vec::<String>::new(), "{name}");
    }
}
