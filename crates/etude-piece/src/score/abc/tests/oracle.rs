//! The shared collections against what independent programs made of them.

use super::corpora::{files, folder};
use super::habits::{in_order, ornamented};
use crate::score::abc::{read, read_all, tunes};
use crate::score::{Beats, Note, Score};
use serde_json::Value;
use std::path::PathBuf;

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("json")
}

/// A tune's sounding notes with its grace notes, the sum of their MIDI numbers, and its length in quarters, a fermata
/// doubling its note.
fn sums(score: &Score) -> (i64, i64, f64) {
    let (mut count, mut sum, mut length) = (0, 0, 0.0_f64);
    for voice in score.unfolded().voices() {
        let sounding = voice.sounding();
        let pitches =
            sounding.iter().map(|note| note.pitch).chain(voice.graces.iter().map(|grace| grace.pitch));
        for pitch in pitches {
            count += 1;
            sum += i64::from(pitch.midi().expect("in range"));
        }
        let held: Beats = sounding.iter().filter(|note| note.fermata).map(|note| note.duration).sum();
        let end = sounding.iter().map(Note::end).max().unwrap_or(Beats::ZERO);
        length = length.max((end + held).to_f64());
    }
    (count, sum, length)
}

#[test]
fn folk() {
    let Some(folder) = folder("folk-abc") else { return };
    let oracle = json(folder.join("per-tune-oracle.json"));
    let rows = oracle["rows"].as_array().expect("rows");
    let (mut all, mut same, mut long) = (0, 0, 0);
    for (name, bytes) in files(&folder) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        let sources: Vec<&str> = text.split("\nX:").skip(usize::from(!text.starts_with("X:"))).collect();
        for row in rows.iter().filter(|row| row[0] == name.as_str()) {
            let index = usize::try_from(row[1].as_u64().expect("a number")).expect("small");
            let source = format!("X:{}", sources[index].strip_prefix("X:").unwrap_or(sources[index]));
            let ordered = in_order(&source, 'P');
            let full = ornamented(ordered.as_ref().unwrap_or(&source));
            let played = full.as_ref().or(ordered.as_ref()).unwrap_or(&source);
            let Ok(score) = read(played.as_bytes()) else {
                println!("REFUSED {name} {index}");
                continue;
            };
            let (count, sum, length) = sums(&score);
            all += 1;
            let agrees = row[5] == count && row[7] == sum;
            same += usize::from(agrees);
            let agrees_length = (row[6].as_f64().expect("a length") - length).abs() < 0.3;
            long += usize::from(agrees && agrees_length);
            if !agrees || !agrees_length {
                println!(
                    "DIFF {agrees} {agrees_length} {name} {index} {} order {} orn {}: {count} {sum} {length} / {} {} {}",
                    score.title,
                    ordered.is_some(),
                    full.is_some(),
                    row[5],
                    row[7],
                    row[6]
                );
            }
        }
    }
    println!("{same} of {all} agree, {long} with length");
}

#[test]
fn nottingham() {
    let Some(folder) = folder("nottingham-abc") else { return };
    let oracle = json(folder.join("per-tune-oracle.json"));
    let rows = oracle["rows"].as_array().expect("rows");
    let (mut all, mut same, mut long) = (0, 0, 0);
    for (name, bytes) in files(&folder.join("ABC_cleaned")) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        let sources: Vec<&str> = text.split("\nX:").skip(1).collect();
        for (index, source) in sources.iter().enumerate() {
            let Some(row) = rows.iter().find(|row| row[0] == format!("{name}{}", index + 1).as_str()) else {
                continue;
            };
            // The oracle's program lets no accidental reach beyond its note.
            let source =
                format!("X:%\n%%propagate-accidentals not\n{}", &source[source.find('\n').unwrap_or(0)..]);
            let ordered = in_order(&source, 'Y');
            let Ok(score) = read(ordered.as_ref().unwrap_or(&source).as_bytes()) else {
                println!("REFUSED {name} {index}");
                continue;
            };
            let (count, sum, length) = sums(&score);
            all += 1;
            let agrees = row[1] == count && row[2] == sum;
            same += usize::from(agrees);
            let agrees_length = (row[3].as_f64().expect("a length") - length).abs() < 0.3;
            long += usize::from(agrees && agrees_length);
            if !agrees || !agrees_length {
                println!(
                    "DIFF {agrees} {agrees_length} {name} {} {} order {}: {count} {sum} {length} / {} {} {}",
                    index + 1,
                    score.title,
                    ordered.is_some(),
                    row[1],
                    row[2],
                    row[3]
                );
            }
        }
    }
    println!("{same} of {all} agree, {long} with length");
}
