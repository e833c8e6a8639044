//! The collections' files; these tests print what they find.

use super::super::find;
use crate::shared::shared;
use etude_piece::score::format::{Format, open_score, read_score, scores_in, write};
use etude_piece::score::{Onset, Score, abc};
use std::time::Instant;

#[test]
#[ignore = "reads a thousand files"]
fn every_file_has_a_melody() {
    let (mut files, mut notes, mut with_chords, mut slowest) = (0, 0, 0, (0.0, String::new()));
    let mut tell = |name: String, score: &Score| {
        let begun = Instant::now();
        let melody = find(score, 4).unwrap_or_else(|error| panic!("{name}: {error}"));
        let seconds = begun.elapsed().as_secs_f64();
        slowest = if seconds > slowest.0 { (seconds, name) } else { slowest.clone() };
        let grid = &melody.grid;
        let struck = (0..grid.steps()).filter(|&step| grid.at(step, 0).onset == Onset::Struck).count();
        assert!(struck > 0);
        (files, notes) = (files + 1, notes + struck);
        with_chords += usize::from(!melody.chords.is_empty());
    };
    let folders = ["vienna4x22", "vienna4x22/midi", "vienna4x22/musicxml", "maxent-midi", "joplin"];
    for folder in folders.into_iter().filter_map(shared) {
        for path in scores_in(&folder).expect("a folder") {
            let score = open_score(&path).expect("a score");
            let name = path.display().to_string();
            let midi = write(&score, Format::Midi).expect("as MIDI");
            let again = read_score(&midi.bytes, "again.mid").expect("our own file");
            tell(name.clone(), &score);
            tell(name + " as MIDI", &again);
        }
    }
    for folder in ["nottingham-abc", "nottingham-abc/ABC_cleaned", "folk-abc"].into_iter().filter_map(shared)
    {
        for path in scores_in(&folder).expect("a folder") {
            let bytes = std::fs::read(&path).expect("a file");
            for tune in abc::tunes(&bytes).flatten().filter(|tune| tune.score.note_count() > 0) {
                let midi = write(&tune.score, Format::Midi).expect("as MIDI");
                tell(tune.score.title.clone(), &read_score(&midi.bytes, "tune.mid").expect("our own file"));
            }
        }
    }
    println!("{files} files, {notes} melody notes, {with_chords} with chords; slowest {slowest:?}");
}

/// Every tenth tune, foretold by what the others taught.
#[test]
#[ignore = "trains on a thousand tunes, several times"]
fn engines_and_settings_on_nottingham() {
    use super::super::train::train_with;
    use crate::author::Author;
    use crate::model::Settings;
    use crate::sequence::engine::ENGINES;
    use etude_piece::piece::{Collection, Kind, Piece};
    let Some(folder) = shared("nottingham-abc/ABC_cleaned") else { return };
    let all = Collection::open(&[folder], Kind::Score).expect("tunes");
    let (mut learnt, mut held) = (Collection::default(), Vec::new());
    for (index, item) in all.items.into_iter().enumerate() {
        match (index % 10, &item.1) {
            (9, Piece::Score(score)) if score.note_count() > 0 => held.push(item.1),
            _ => learnt.items.push(item),
        }
    }
    for engine in ENGINES.iter().filter(|engine| ["ngram", "mixing"].contains(&engine.name)) {
        for (fields, keys) in
            [("plain", "common"), ("lookback", "common"), ("plain", "own"), ("plain", "all")]
        {
            let begun = Instant::now();
            let settings =
                Settings::from([("fields", fields), ("keys", keys)].map(|(a, b)| (a.into(), b.into())));
            let trained =
                train_with(engine, &learnt, &settings, 1, &mut |_: f64, _: &str| true).expect("tunes");
            let (training, begun) = (begun.elapsed().as_secs_f64(), Instant::now());
            let told = held.iter().map(|piece| trained.evaluate(piece).expect("a tune"));
            let (nats, steps) =
                told.fold((0.0, 0), |sum, told| (sum.0 + told.total(), sum.1 + told.nats.len()));
            println!(
                "{} fields={fields} keys={keys}: {:.4} nats per step of {steps}; trained in {training:.1} s, told in {:.1} s",
                engine.name,
                nats / steps as f64,
                begun.elapsed().as_secs_f64(),
            );
        }
    }
}
