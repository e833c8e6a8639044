//! Parts with bar-wise times, put together into one score.

use super::clock::{checked_sum, in_limits};
use super::document::Document;
use super::part::{At, Measure, Measured};
use super::voices::{MeasuredVoice, Placed};
use crate::score::{Bar, Beats, Grace, Metre, Note, Part, Pitch, Reading, Score, Voice};
use crate::{Fault, Place, Result};
use std::collections::BTreeMap;

/// Why keys and metres of later parts are left out.
const FIRST: &str = "all parts have those of the first";

/// The score of a document, each bar as long as the longest part makes it; and what it leaves out.
pub(super) fn score(document: Document) -> Result<Reading> {
    let mut lost = document.lost;
    let starts = starts(&document.parts)?;
    let mut score = Score {
        title: if document.work_title.is_empty() { document.movement_title } else { document.work_title },
        composer: document.composer,
        recipe: document.recipe,
        bars: bars(&document.parts, &starts),
        ..Score::default()
    };
    for part in document.parts {
        // Keys and metres are the same in all parts, save for transposition: the first part that has them says it all.
        // Files that name the mode often do so in one part alone.
        let (keys, metres) = (timed(part.keys, &starts)?, timed(part.metres, &starts)?);
        let differing = agree(&mut score.keys, keys, |one, other| one.fifths == other.fifths);
        lost.add_many(differing, "differing key signature", FIRST);
        let differing = agree(&mut score.metres, metres, |one, other| one == other);
        lost.add_many(differing, "differing time signature", FIRST);
        score.tempi.extend(timed(part.tempi, &starts)?);
        score.chords.extend(timed(part.chords, &starts)?);
        let voices: Result<Vec<Voice>> = part.voices.into_iter().map(|v| voice(v, &starts)).collect();
        score.parts.push(Part { name: part.name, program: part.program, voices: voices? });
    }
    tidy(&mut score);
    Ok(Reading { score, lost: lost.lines() })
}

/// Takes a part's entries if there are none yet, else counts those that aren't the same.
fn agree<T: Copy + PartialEq>(
    entries: &mut Vec<(Beats, T)>,
    mut others: Vec<(Beats, T)>,
    same: impl Fn(T, T) -> bool,
) -> usize {
    in_order(&mut others);
    others.dedup_by_key(|&mut (_, value)| value);
    if entries.is_empty() {
        *entries = others;
        return 0;
    }
    let known = |&(at, other): &(Beats, T)| {
        let found = entries.binary_search_by_key(&at, |&(at, _)| at);
        found.is_ok_and(|found| same(entries[found].1, other))
    };
    others.iter().filter(|entry| !known(entry)).count()
}

/// Puts keys, metres, tempi and chord symbols in order: one at a time, and none that changes nothing.
pub(super) fn tidy(score: &mut Score) {
    in_order(&mut score.keys);
    score.keys.dedup_by_key(|(_, key)| *key);
    in_order(&mut score.metres);
    score.metres.dedup_by_key(|(_, metre)| *metre);
    in_order(&mut score.tempi);
    in_order(&mut score.chords);
}

/// Sorts by onset; of several at the same onset the first stays.
fn in_order<T>(entries: &mut Vec<(Beats, T)>) {
    entries.sort_by_key(|&(onset, _)| onset);
    entries.dedup_by_key(|(onset, _)| *onset);
}

/// Where each bar begins.
fn starts(parts: &[Measured]) -> Result<Vec<Beats>> {
    let count = parts.iter().map(|part| part.measures.len()).max().unwrap_or(0);
    let mut starts = Vec::with_capacity(count);
    let mut start = Beats::ZERO;
    for bar in 0..count {
        starts.push(start);
        let measures = || parts.iter().filter_map(|part| part.measures.get(bar));
        let filled = filled(measures());
        let metre = measures().find_map(|measure| measure.metre).unwrap_or(Metre::COMMON);
        let length = if filled > Beats::ZERO { filled } else { metre.bar() };
        start = checked_sum(start, length).ok_or_else(|| out_of_bounds(bar))?;
    }
    Ok(starts)
}

/// How far the parts' contents of a bar reach. Where they disagree, those that rest beyond the metre's end are taken
/// to end there: some programs write rests that are too long.
fn filled<'a>(measures: impl Iterator<Item = &'a Measure> + Clone) -> Beats {
    let lengths = measures.clone().map(|measure| measure.length).filter(|&length| length > Beats::ZERO);
    let longest = lengths.clone().max().unwrap_or(Beats::ZERO);
    if lengths.clone().all(|length| length == longest) {
        return longest;
    }
    let ends = measures.map(|measure| match measure.metre {
        Some(metre) if measure.rests_on => metre.bar(),
        _ => measure.length,
    });
    ends.max().unwrap_or(Beats::ZERO)
}

/// The bars, with the repeats and endings of all parts.
fn bars(parts: &[Measured], starts: &[Beats]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = starts.iter().map(|&onset| Bar { onset, ..Bar::default() }).collect();
    for part in parts {
        for (bar, measure) in bars.iter_mut().zip(&part.measures) {
            let &Measure { repeat_start, repeat_end, section_end, ending, .. } = measure;
            bar.repeat_start |= repeat_start;
            bar.repeat_end |= repeat_end;
            bar.section_end |= section_end;
            bar.ending = bar.ending.or(ending);
        }
    }
    Bar::part_sections(&mut bars);
    bars
}

/// A time from the score's beginning.
fn absolute((bar, offset): At, starts: &[Beats]) -> Result<Beats> {
    let bar = bar as usize;
    checked_sum(starts[bar], offset).ok_or_else(|| out_of_bounds(bar))
}

fn timed<T>(entries: Vec<(At, T)>, starts: &[Beats]) -> Result<Vec<(Beats, T)>> {
    entries.into_iter().map(|(at, value)| Ok((absolute(at, starts)?, value))).collect()
}

/// A voice in score time and order, its ties only where both ends are written.
fn voice(measured: MeasuredVoice, starts: &[Beats]) -> Result<Voice> {
    let mut notes = Vec::with_capacity(measured.notes.len());
    for Placed { mut note, measure, continues } in measured.notes {
        note.onset = absolute((measure, note.onset), starts)?;
        let end = note.onset.checked_add(note.duration).filter(|&end| in_limits(end));
        end.ok_or_else(|| out_of_bounds(measure as usize))?;
        notes.push((note, continues));
    }
    notes.sort_by_key(|(note, _)| (note.onset, note.pitch));
    let mut last_of_pitch: BTreeMap<Pitch, usize> = BTreeMap::new();
    for at in 0..notes.len() {
        let (Note { onset, pitch, .. }, continues) = notes[at];
        let Some(last) = last_of_pitch.insert(pitch, at) else { continue };
        let last = &mut notes[last].0;
        // Some files draw a tie to a note that they strike again.
        last.tied &= continues || last.end() != onset;
    }
    let graces: Result<Vec<Grace>> = measured
        .graces
        .into_iter()
        .map(|(measure, grace)| Ok(Grace { before: absolute((measure, grace.before), starts)?, ..grace }))
        .collect();
    let mut graces = graces?;
    graces.sort_by_key(|grace| grace.before);
    Ok(Voice { notes: notes.into_iter().map(|(note, _)| note).collect(), graces })
}

fn out_of_bounds(bar: usize) -> crate::Error {
    let found = "a time out of bounds";
    Fault::new(Place::Bar(bar + 1), found, "at most 1,000,000 quarter notes, in parts up to 1/1,000,000")
        .into()
}
