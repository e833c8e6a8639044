//! The bars without their notes: where they begin and end, their keys, metres, bar lines and endings.

use super::super::super::musicxml::value::Pulses;
use super::staves::{Plan, end as end_of_voices};
use super::{Bar, Close, Ending};
use crate::score::{Beats, Key, Metre, Score};

/// Bars longer than this and than their metre are drawn in pieces, in quarter notes.
const LONG: Beats = Beats::whole(8);
/// The least length of a piece.
const PIECE: Beats = Beats::whole(4);

/// A bar to be filled.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) bar: Bar,
    /// The felt beats, for cutting notes and rests.
    pub(super) pulses: Pulses,
    /// How far into a full bar it begins: an upbeat ends with a bar's end.
    pub(super) phase: Beats,
}

/// The frames of all bars, with no voices in them.
pub(super) fn frames(score: &Score, plan: &Plan<'_>) -> Vec<Frame> {
    let starts = starts(score, plan);
    let end = end(score, plan);
    let upbeat = score.pickup();
    let mut frames: Vec<Frame> = Vec::with_capacity(starts.len());
    let (mut key, mut metre) = (None, None);
    let mut number = 0;
    for (index, start) in starts.iter().enumerate() {
        let next = starts.get(index + 1);
        let until = next.map_or(end, |next| next.onset).max(start.onset);
        let new_key: Key = score.key_at(start.onset);
        let new_metre: Metre = score.metre_at(start.onset);
        let is_upbeat = index == 0 && upbeat > Beats::ZERO;
        let counted = start.bar.is_some() && !is_upbeat;
        number += usize::from(counted);
        let phase = if is_upbeat { new_metre.bar() - upbeat } else { start.onset - start.begun };
        let close = match next {
            None => Close::Final,
            Some(next) if next.bar.is_none() => Close::Open,
            Some(_) if start.index.is_some_and(|at| score.bars[at].section_end) => Close::Double,
            Some(_) => Close::Plain,
        };
        let repeats = start.index.is_some_and(|at| score.bars[at].repeat_end) && close != Close::Open;
        frames.push(Frame {
            bar: Bar {
                number: counted.then_some(number),
                onset: start.onset,
                length: until - start.onset,
                key: new_key,
                old_key: key.filter(|&old: &Key| old.fifths != new_key.fifths),
                metre: new_metre,
                shows_metre: !score.metres.is_empty() && metre != Some(new_metre),
                repeat_start: start.bar.is_some_and(|at| score.bars[at].repeat_start),
                close: if repeats { Close::Repeat } else { close },
                ending: None,
                layers: plan.staves.iter().map(|_| Vec::new()).collect(),
                chords: between(&score.chords, start.onset, next.map(|next| next.onset)),
                tempi: between(&score.tempi, start.onset, next.map(|next| next.onset)),
            },
            pulses: Pulses::new(new_metre, phase),
            phase,
        });
        (key, metre) = (Some(new_key), Some(new_metre));
    }
    set_endings(score, &starts, &mut frames);
    frames
}

/// Where a frame begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    onset: Beats,
    /// The bar that begins here; `None` for a later piece of one.
    bar: Option<usize>,
    /// The bar it belongs to, and when that begins.
    index: Option<usize>,
    begun: Beats,
}

/// The beginnings of bars, and within bars those of changes and of pieces.
fn starts(score: &Score, plan: &Plan<'_>) -> Vec<Start> {
    let changes = score.keys.iter().map(|entry| entry.0).chain(score.metres.iter().map(|entry| entry.0));
    let mut changes: Vec<Beats> = changes.collect();
    changes.sort_unstable();
    changes.dedup();
    let last = end(score, plan);
    let mut rests = None;
    let mut starts = Vec::new();
    for (index, bar) in score.bars.iter().enumerate() {
        let until = score.bars.get(index + 1).map_or(last, |next| next.onset);
        let first = Start { onset: bar.onset, bar: Some(index), index: Some(index), begun: bar.onset };
        starts.push(first);
        let from = changes.partition_point(|&at| at <= bar.onset);
        let inner = changes[from..].iter().copied().take_while(|&at| at < until);
        let mut inner: Vec<Beats> = inner.collect();
        if until - bar.onset > LONG && until - bar.onset > score.metre_at(bar.onset).bar() {
            let joints = rests.get_or_insert_with(|| joints(plan));
            inner.extend(pieces(joints, bar.onset, until));
            inner.sort_unstable();
            inner.dedup();
        }
        starts.extend(inner.into_iter().map(|onset| Start { onset, bar: None, ..first }));
    }
    starts
}

/// The times at which no note goes on, ascending.
fn joints(plan: &Plan<'_>) -> Vec<Beats> {
    let voices = plan.staves.iter().flat_map(|seat| &seat.voices);
    let mut spans: Vec<(Beats, Beats)> =
        voices.flat_map(|voice| &voice.notes).map(|note| (note.onset, note.end())).collect();
    spans.sort_unstable();
    let mut joints = Vec::new();
    let mut until = Beats::ZERO;
    for (onset, end) in spans {
        if onset >= until && joints.last() != Some(&onset) {
            joints.push(onset);
        }
        until = until.max(end);
    }
    joints
}

/// Where a long bar is cut.
fn pieces(joints: &[Beats], start: Beats, end: Beats) -> Vec<Beats> {
    let mut cuts = Vec::new();
    let mut last = start;
    for &joint in &joints[joints.partition_point(|&at| at <= start)..] {
        if joint + PIECE > end {
            break;
        }
        if joint - last >= PIECE {
            cuts.push(joint);
            last = joint;
        }
    }
    cuts
}

/// When the last bar ends: with its metre, unless it completes the upbeat or holds more.
fn end(score: &Score, plan: &Plan<'_>) -> Beats {
    let last = score.bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let full = last + score.metre_at(last).bar();
    let notes = end_of_voices(plan);
    let completing = full - score.pickup();
    if score.pickup() > Beats::ZERO && notes > last && notes <= completing {
        completing
    } else {
        full.max(notes)
    }
}

/// The entries from `start` to before `end`, counted from `start`.
fn between<T: Clone>(entries: &[(Beats, T)], start: Beats, end: Option<Beats>) -> Vec<(Beats, T)> {
    let from = entries.partition_point(|entry| entry.0 < start);
    let inside = entries[from..].iter().take_while(|entry| end.is_none_or(|end| entry.0 < end));
    inside.map(|(at, value)| (*at - start, value.clone())).collect()
}

/// Marks the bars of variant endings. One goes up to the repeat that closes it; the last is as long as the first.
fn set_endings(score: &Score, starts: &[Start], frames: &mut [Frame]) {
    let begins =
        |at: usize| starts[at].bar.and_then(|bar| score.bars[bar].ending).filter(|&number| number > 0);
    let mut at = 0;
    let mut length = 1;
    while at < frames.len() {
        let Some(number) = begins(at) else {
            at += 1;
            continue;
        };
        let stops = |index: &usize| {
            let next = index + 1;
            let is_last = next >= frames.len() || begins(next).is_some() || frames[next].bar.repeat_start;
            is_last || frames[*index].bar.close == Close::Repeat
        };
        let closed = (at..frames.len()).find(stops).unwrap_or(at);
        let repeats = frames[closed].bar.close == Close::Repeat;
        let last = if repeats || number == 1 { closed } else { closed.min(at + length - 1) };
        if number == 1 {
            length = last + 1 - at;
        }
        for (index, frame) in frames.iter_mut().enumerate().take(last + 1).skip(at) {
            let (starts, stops) = (index == at, index == last);
            frame.bar.ending = Some(Ending { number, starts, stops });
        }
        at = last + 1;
    }
}
