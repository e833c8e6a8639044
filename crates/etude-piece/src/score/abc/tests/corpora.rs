//! The shared collections, where they are at hand.

use crate::score::abc::tune::is_field;
use crate::score::abc::{read, read_all, tunes, write};
use crate::score::{Beats, Note, Reading, Score};
use crate::{Error, Place};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Whether to print each tune that differs.
const SHOW: bool = false;

/// A folder of the shared collections, or `None` (said aloud) where there is none.
fn folder(name: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("ETUDE_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let folder = root.join(name);
    if !folder.is_dir() {
        println!("skipped: no corpus");
        return None;
    }
    Some(folder)
}

/// The ABC files of a folder, by name, in order, with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "abc")).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("a file"))).collect()
}

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("json")
}

/// Tunes that were harmed on their way: file, line, and what stands there.
const HARMED: [(&str, usize, &str); 19] = [
    ("jigs", 2236, "a chord that is never closed"),
    ("ryans", 871, "a line end of a letter"),
    ("ryans", 2837, "`=>`"),
    ("ryans", 5450, "an accidental before a number"),
    ("ryans", 5645, "a line end of a letter"),
    ("ryans", 5974, "a line end of a letter"),
    ("ryans", 6547, "a line end of a letter"),
    ("ryans", 6840, "`=20`, a blank of a letter"),
    ("ryans", 6904, "a line end of a letter"),
    ("ryans", 8078, "`=20`, a blank of a letter"),
    ("ryans", 8641, "`=20`, a blank of a letter"),
    ("ryans", 8895, "`=20`, a blank of a letter"),
    ("ryans", 9033, "a line end of a letter"),
    ("ryans", 9720, "a line end of a letter"),
    ("ryans", 10808, "a brace that closes nothing"),
    ("ryans", 10938, "a comma without a note"),
    ("ryans", 12072, "a line end of a letter"),
    ("ryans", 13837, "`=20`, a blank of a letter"),
    ("ryans", 14941, "a comma without a note"),
];

#[test]
fn every_tune_of_the_collections_is_read_unless_it_was_harmed() {
    let (mut read, mut refused) = (Vec::new(), Vec::new());
    for name in ["hymns-satb/abc", "folk-abc", "nottingham-abc/ABC_cleaned"] {
        let Some(folder) = folder(name) else { return };
        read.push(0);
        for (name, bytes) in files(&folder) {
            for tune in tunes(&bytes) {
                match tune {
                    Ok(Reading { score, .. }) => {
                        *read.last_mut().expect("pushed") += 1;
                        comes_back_alike(&score);
                    }
                    Err(Error::Fault(fault)) => refused.push((name.clone(), fault.place)),
                    Err(other) => panic!("{name}: {other}"),
                }
            }
        }
    }
    assert_eq!(read, [95, 3556, 1033]);
    let line = |place: &Place| match *place {
        Place::Line(line, _) => line,
        _ => 0,
    };
    let mut places: Vec<(&str, usize)> =
        refused.iter().map(|(name, place)| (name.as_str(), line(place))).collect();
    places.sort_unstable();
    assert_eq!(places, HARMED.map(|(name, line, _)| (name, line)));
}

/// Writes a score and reads it again: the same but for overlaps, which become voices.
#[track_caller]
fn comes_back_alike(score: &Score) {
    let written = write(score).unwrap_or_else(|error| panic!("{}: {error}", score.title));
    let back = read(&written.bytes).unwrap_or_else(|error| panic!("{}: {error}", score.title));
    if written.lost.is_empty() {
        assert_eq!(&back, score, "{}", String::from_utf8_lossy(&written.bytes));
    }
}

#[test]
fn the_examples_are_sound_tunes() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let tunes = files(&folder);
    for (name, bytes) in &tunes {
        let score = read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(score.voices().count(), 1, "{name}");
        let full = score.bars.len() - usize::from(score.pickup() > Beats::ZERO);
        assert!((8..=16).contains(&full), "{name} has {full} bars");
        let metre = score.metre_at(Beats::ZERO).bar();
        for (number, pair) in score.bars.windows(2).enumerate() {
            let length = pair[1].onset - pair[0].onset;
            assert!(length == metre || number == 0, "{name}: bar {number} is {length} long");
        }
        let last = score.duration() - score.bars.last().expect("a bar").onset;
        assert_eq!(last, metre - score.pickup(), "{name}: the last bar makes up for the upbeat");
        let range = score.parts[0].voices[0].notes.iter().filter_map(|note| note.pitch.midi());
        assert!(range.clone().all(|pitch| (60..=81).contains(&pitch)), "{name}");
        comes_back_alike(&score);
    }
    assert!(tunes.len() >= 10);
}

/// The bars in the order in which they sound: onset and end.
fn unfolded(score: &Score) -> Vec<(Beats, Beats)> {
    let end = score.duration();
    let bars: Vec<(Beats, Beats)> = score
        .bars
        .iter()
        .enumerate()
        .map(|(n, bar)| (bar.onset, score.bars.get(n + 1).map_or(end, |next| next.onset)))
        .collect();
    let mut order = Vec::new();
    let (mut at, mut start, mut pass) = (0, 0, 1);
    while let Some(bar) = score.bars.get(at) {
        if bar.repeat_start && at != start {
            (start, pass) = (at, 1);
        }
        if let Some(ending) = bar.ending
            && ending != pass
        {
            // On to the ending of this pass.
            let next = (at + 1..bars.len()).find(|&n| score.bars[n].ending == Some(pass));
            match next {
                Some(next) if pass > 1 && ending == 1 => {
                    at = next;
                    continue;
                }
                _ => {}
            }
        }
        order.push(bars[at]);
        if bar.repeat_end && pass == 1 {
            (at, pass) = (start, 2);
            continue;
        }
        if bar.repeat_end {
            (start, pass) = (at + 1, 1);
        }
        at += 1;
    }
    order
}

/// The notes of a voice as they sound, with repeats: onset and end, in quarters, and MIDI number.
fn heard(score: &Score, notes: &[Note]) -> Vec<(Beats, Beats, u8)> {
    let mut now = Beats::ZERO;
    let mut heard = Vec::new();
    for (start, end) in unfolded(score) {
        let first = notes.partition_point(|note| note.onset < start);
        for note in notes[first..].iter().take_while(|note| note.onset < end) {
            let onset = note.onset - start + now;
            heard.push((onset, onset + note.duration, note.pitch.midi().expect("in range")));
        }
        now = now + (end - start);
    }
    heard
}

/// The steps of a grid of sixteenths, four voices each, that differ from the oracle's.
fn differences(voices: &[Vec<(Beats, Beats, u8)>], expected: &[Value]) -> usize {
    let mut grid = vec![[-1_i64; 4]; expected.len()];
    let mut beyond = 0;
    for (notes, column) in voices.iter().zip(0..4) {
        for &(onset, end, pitch) in notes {
            for step in (onset * 4).floor_div(Beats::QUARTER)..(end * 4).floor_div(Beats::QUARTER) {
                match grid.get_mut(usize::try_from(step).expect("positive")) {
                    Some(chord) => chord[column] = i64::from(pitch),
                    None => beyond += 1,
                }
            }
        }
    }
    let differs = |step: &usize| (0..4).any(|v| expected[*step][v].as_i64() != Some(grid[*step][v]));
    beyond + (0..grid.len()).filter(differs).count()
}

/// The oracle's program holds a note under `!fermata!` twice as long, and only in the voices that have the sign,
/// so that the voices fall apart from there on.
fn stretched(score: &Score) -> Vec<Vec<(Beats, Beats, u8)>> {
    let stretch = |notes: &[Note]| {
        let mut late = Beats::ZERO;
        let sound = |note: &Note| {
            let onset = note.onset + late;
            if note.fermata {
                late = late + note.duration;
            }
            (onset, note.end() + late, note.pitch.midi().expect("in range"))
        };
        notes.iter().map(sound).collect()
    };
    score.voices().map(|voice| stretch(&voice.notes)).collect()
}

#[test]
fn the_hymns_have_the_notes_that_an_independent_reader_hears() {
    let Some(folder) = folder("hymns-satb") else { return };
    let oracle = json(folder.join("hymns-satb-16th.json"));
    let (mut same, mut same_but_for_fermatas) = (0, 0);
    for (name, bytes) in files(&folder.join("abc")) {
        let scores = read_all(&bytes).expect("a hymn");
        assert!(scores[0].voices().count() >= 4, "{name} has four voices");
        // Three files have no counterpart in the oracle.
        let Some(expected) = oracle[&name]["satb16"].as_array() else { continue };
        let voices: Vec<_> = scores[0].voices().map(|voice| heard(&scores[0], &voice.notes)).collect();
        if differences(&voices, expected) == 0 {
            same += 1;
            continue;
        }
        // The other two signs for it are unknown to the oracle's program.
        let text: String = bytes.iter().copied().map(char::from).collect();
        let known =
            read_all(text.replace("!ferm!", "").replace("!invertedfermata!", "").as_bytes()).expect("a hymn");
        assert_eq!(differences(&stretched(&known[0]), expected), 0, "{name}");
        same_but_for_fermatas += 1;
    }
    assert_eq!((same, same_but_for_fermatas), (73, 19));
}

/// A tune's sounding notes, their length in quarters and the sum of their MIDI numbers, repeats played.
fn sums(score: &Score) -> (i64, f64, i64) {
    let (mut count, mut sum) = (0, 0);
    let mut end = Beats::ZERO;
    for voice in score.voices() {
        let mut tied: Vec<(Beats, u8)> = Vec::new();
        let heard = heard(score, &voice.notes);
        let marked = unfolded(score).into_iter().flat_map(|(start, stop)| {
            let first = voice.notes.partition_point(|note| note.onset < start);
            voice.notes[first..].iter().take_while(move |note| note.onset < stop).map(|note| note.tied)
        });
        for ((onset, stop, pitch), goes_on) in heard.into_iter().zip(marked) {
            if !tied.contains(&(onset, pitch)) {
                count += 1;
                sum += i64::from(pitch);
            }
            tied.retain(|&(at, _)| at >= onset);
            if goes_on {
                tied.push((stop, pitch));
            }
            end = end.max(stop);
        }
    }
    (count, end.to_f64(), sum)
}

#[test]
fn most_folk_tunes_have_the_sums_that_an_independent_reader_counts() {
    let Some(folder) = folder("folk-abc") else { return };
    let oracle = json(folder.join("per-tune-oracle.json"));
    let rows = oracle["rows"].as_array().expect("rows");
    let (mut all, mut same, mut plain, mut plain_same) = (0, 0, 0, 0);
    for (name, bytes) in files(&folder) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        let sources: Vec<&str> = text.split("\nX:").skip(usize::from(!text.starts_with("X:"))).collect();
        for (index, tune) in tunes(&bytes).enumerate() {
            let row = rows.iter().find(|row| row[0] == name.as_str() && row[1] == index);
            let (Some(row), Ok(Reading { score, .. })) = (row, tune) else { continue };
            let (count, length, sum) = sums(&score);
            let agrees = row[5] == count && row[7] == sum;
            // The oracle's program plays grace notes, rolls, trills, and the order that P: asks for.
            let music = sources[index].lines().filter(|line| is_field(line).is_none());
            let music: String = music.collect();
            let is_plain = !music.contains(['{', '~', 'T']) && !sources[index].contains("\nP:");
            all += 1;
            same += usize::from(agrees);
            plain += usize::from(is_plain);
            plain_same += usize::from(is_plain && agrees);
            if is_plain && !agrees && SHOW {
                println!("{name} {index} {}: {count} {length} {sum} / {row}", score.title);
            }
        }
    }
    println!("{same} of {all} agree, of those without ornaments {plain_same} of {plain}");
    // The other sixteen repeat in ways that `unfolded` and the oracle's program understand differently.
    assert_eq!((plain_same, plain), (1625, 1641));
}

#[test]
fn most_nottingham_tunes_have_the_sums_that_an_independent_reader_counts() {
    let Some(folder) = folder("nottingham-abc") else { return };
    let oracle = json(folder.join("per-tune-oracle.json"));
    let rows = oracle["rows"].as_array().expect("rows");
    let (mut all, mut same) = (0, 0);
    for (name, bytes) in files(&folder.join("ABC_cleaned")) {
        // The oracle's program lets no accidental reach beyond its note.
        let bytes = [b"%%propagate-accidentals not\n", bytes.as_slice()].concat();
        let text: String = bytes.iter().copied().map(char::from).collect();
        let sources: Vec<&str> = text.split("\nX:").skip(1).collect();
        for (index, tune) in tunes(&bytes).enumerate() {
            // It plays parts in orders of its own, repeats with endings otherwise, and parts what is tied.
            let unlike = ["\nP:", "\nY:", "[2", "-"];
            if unlike.iter().any(|sign| sources[index].contains(sign)) {
                continue;
            }
            let row = rows.iter().find(|row| row[0] == format!("{name}{}", index + 1).as_str());
            let (Some(row), Ok(Reading { score, .. })) = (row, tune) else { continue };
            let (count, length, sum) = sums(&score);
            let agrees = row[1] == count && row[2] == sum;
            all += 1;
            same += usize::from(agrees);
            if !agrees && SHOW {
                println!("{name} {} {}: {count} {length} {sum} / {row}", index + 1, score.title);
            }
        }
    }
    // The others repeat in ways that `unfolded` and the oracle's program understand differently.
    assert_eq!((same, all), (284, 335));
}
