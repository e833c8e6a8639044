//! The shared collections against what independent programs made of them.

use super::corpora::{files, folder};
use super::habits::{halves, in_order, ornamented};
use crate::score::abc::read;
use crate::score::abc::tune::is_field;
use crate::score::{Beats, Note, Score};
use serde_json::Value;
use std::path::PathBuf;

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("json")
}

/// How many notes sound, the sum of their MIDI numbers, and how long the music is, in quarters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sums {
    notes: i64,
    pitches: i64,
    length: f64,
}

/// A tune with one more note at its end, so that rests before it aren't forgotten.
fn marked(source: &str) -> String {
    let end = source.find("\n\n").map_or(source.len(), |end| end + 1);
    format!("{}\n|]=G,,,\n", source[..end].trim_end().trim_end_matches('\\'))
}

/// What sounds of a [`marked`] tune: ties joined, grace notes played, fermatas doubled, repeats in order.
fn sums(score: &Score) -> Sums {
    let played = score.unfolded();
    let mut sums = Sums { notes: -1, pitches: -31, length: 0.0 };
    for voice in played.voices() {
        let sounding = voice.sounding();
        let pitches =
            sounding.iter().map(|note| note.pitch).chain(voice.graces.iter().map(|grace| grace.pitch));
        for pitch in pitches {
            sums.notes += 1;
            sums.pitches += i64::from(pitch.midi().expect("in range"));
        }
        let held: Beats = sounding.iter().filter(|note| note.fermata).map(|note| note.duration).sum();
        let last = sounding.iter().filter(|note| note.pitch.octave > 1).map(Note::end).max();
        let end = last.unwrap_or(Beats::ZERO);
        sums.length = sums.length.max((end + held).to_f64());
    }
    sums
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
            let tempo =
                read(source.as_bytes()).ok().and_then(|score| score.tempi.first().map(|&(_, tempo)| tempo.0));
            let full = ornamented(ordered.as_ref().unwrap_or(&source), tempo.unwrap_or(120.0));
            let played = full.as_ref().or(ordered.as_ref()).unwrap_or(&source);
            let Ok(score) = read(marked(played).as_bytes()) else {
                println!("REFUSED {name} {index}");
                continue;
            };
            let Sums { notes: count, pitches: sum, length } = sums(&score);
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

/// What sounds of a [`marked`] tune as the oracle of the Nottingham tunes has it: each note struck, the upbeat filled up
/// to a bar, and `:|` going back to the last `|:` even where other repeats lie between, which are played again.
fn nested(score: &Score) -> Sums {
    let mut order: Vec<usize> = Vec::new();
    let mut start = 0;
    for (number, bar) in score.bars.iter().enumerate() {
        if bar.repeat_start {
            start = order.len();
        }
        order.push(number);
        if bar.repeat_end && order.len() < 10_000 {
            let ending = order[start..].iter().position(|&bar| score.bars[bar].ending == Some(1));
            let again = order[start..].len().min(ending.unwrap_or(usize::MAX));
            order.extend_from_within(start..start + again);
        }
    }
    let mut sums = Sums { notes: 0, pitches: 0, length: 0.0 };
    let pickup = score.pickup();
    let mut now = if pickup > Beats::ZERO { score.metre_at(Beats::ZERO).bar() - pickup } else { pickup };
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    for bar in order {
        let from = score.bars[bar].onset;
        let Some(to) = score.bars.get(bar + 1).map(|next| next.onset) else { continue };
        for note in notes().filter(|note| from <= note.onset && note.onset < to) {
            sums.notes += 1;
            sums.pitches += i64::from(note.pitch.midi().expect("in range"));
            sums.length = sums.length.max((now + note.end() - from).to_f64());
        }
        now = now + (to - from);
    }
    sums
}

/// A tune up to its second label: where nothing puts the parts in order, the oracle has the first only.
fn first_part(source: &str) -> String {
    let (header, body) = halves(source);
    let mut labels = 0;
    let first = body.into_iter().take_while(|line| {
        labels += usize::from(is_field(line) == Some('P'));
        labels < 2
    });
    let first: Vec<&str> = first.collect();
    format!("{}\n{}", header.join("\n"), first.join("\n"))
}

#[test]
fn nottingham() {
    let Some(folder) = folder("nottingham-abc") else { return };
    let oracle = json(folder.join("per-tune-oracle.json"));
    let rows = oracle["rows"].as_array().expect("rows");
    let (mut all, mut same, mut long) = (0, 0, 0);
    for (name, bytes) in files(&folder.join("ABC_cleaned")) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        let sources: Vec<&str> = text.split("\nX:").skip(usize::from(!text.starts_with("X:"))).collect();
        for (index, source) in sources.iter().enumerate() {
            let number = source.trim_start_matches("X:").split_whitespace().next().unwrap_or_default();
            let Some(row) = rows.iter().find(|row| row[0] == format!("{name}{number}").as_str()) else {
                continue;
            };
            // The oracle's program lets no accidental reach beyond its note.
            let source = format!(
                "X:%\n%%propagate-accidentals not\n{}",
                source[source.find('\n').unwrap_or(0)..].trim_start()
            );
            let ordered = in_order(&source, 'Y');
            let played = ordered.clone().unwrap_or_else(|| first_part(&source));
            let Ok(score) = read(marked(&played).as_bytes()) else {
                println!("REFUSED {name} {index}");
                continue;
            };
            let Sums { notes: count, pitches: sum, length } = nested(&score);
            all += 1;
            let agrees = row[1] == count && row[2] == sum;
            same += usize::from(agrees);
            let agrees_length = (row[3].as_f64().expect("a length") - length).abs() < 0.3;
            long += usize::from(agrees && agrees_length);
            if !agrees || !agrees_length {
                println!(
                    "DIFF {agrees} {agrees_length} {name} {} {} order {}: {count} {sum} {length} / {} {} {}",
                    number,
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
