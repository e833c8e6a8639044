//! A score laid out for writing: bars, what changes where, and voices that ABC can hold.

use super::header::{key_name, tempo_text};
use super::line::{Mark, has_signs};
use super::ornament::is_chord_symbol;
use super::text;
use crate::score::dynamics::DYNAMICS;
use crate::score::{Bar, Beats, Grace, Losses, Note, Pitch, Score, Voice};

/// The score's bars, or bars laid by its metres, from time zero on.
pub(super) fn bars(score: &Score) -> Vec<Bar> {
    let mut bars = score.bars.clone();
    if bars.is_empty() && !score.metres.is_empty() {
        let mut measured = score.clone();
        measured.measure(Beats::ZERO);
        bars = measured.bars;
    }
    if bars.first().is_none_or(|bar| bar.onset > Beats::ZERO) {
        bars.insert(0, Bar::default());
    }
    bars.dedup_by_key(|bar| bar.onset);
    bars
}

/// The onset and end of each bar.
pub(super) fn spans(score: &Score, bars: &[Bar]) -> Vec<(Beats, Beats)> {
    let last = bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let end = if score.duration() > last { score.duration() } else { last + score.metre_at(last).bar() };
    let ends = bars.iter().skip(1).map(|bar| bar.onset).chain([end]);
    bars.iter().map(|bar| bar.onset).zip(ends).collect()
}

/// Changes of metre, key and tempo after the header's, and chord symbols, each by onset.
pub(super) fn marks(
    score: &Score,
    spans: &[(Beats, Beats)],
    lost: &mut Losses,
) -> (Vec<(Mark, bool)>, Vec<Mark>) {
    let end = spans.last().map_or(Beats::ZERO, |&(_, end)| end);
    let mark = |onset, text, key| Mark { onset, text, key };
    let mut changes: Vec<(Mark, bool)> = Vec::new();
    let later = |onset: Beats| onset > Beats::ZERO;
    for &(onset, metre) in score.metres.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[M:{metre}]"), None), true));
    }
    for &(onset, key) in score.keys.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[K:{}]", key_name(key)), Some(key)), true));
    }
    for &(onset, tempo) in score.tempi.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[Q:{}]", tempo_text(tempo)), None), false));
    }
    changes.sort_by_key(|(mark, _)| mark.onset);
    let mut chords: Vec<Mark> = Vec::new();
    for (onset, symbol) in &score.chords {
        let quoted = text::encode(symbol.trim());
        if is_chord_symbol(&text::decode(&quoted)) {
            chords.push(mark(*onset, format!("\"{quoted}\""), None));
        } else {
            lost.add("chord symbol", "it begins with no letter from A to G, so it becomes an annotation");
            chords.push(mark(*onset, format!("\"^{quoted}\""), None));
        }
    }
    chords.sort_by_key(|mark| mark.onset);
    let before = changes.len() + chords.len();
    changes.retain(|(mark, _)| mark.onset <= end);
    chords.retain(|mark| mark.onset <= end);
    let late = before - changes.len() - chords.len();
    lost.add_many(late, "change or chord symbol", "it comes after the last bar");
    (changes, chords)
}

/// What the first voice carries.
pub(super) fn merged(changes: &[(Mark, bool)], chords: &[Mark]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = changes.iter().map(|(mark, _)| mark.clone()).collect();
    marks.extend(chords.iter().cloned());
    marks.sort_by_key(|mark| mark.onset);
    marks
}

/// What the other voices carry: keys and metres.
pub(super) fn shared(changes: &[(Mark, bool)]) -> Vec<Mark> {
    changes.iter().filter(|(_, shared)| *shared).map(|(mark, _)| mark.clone()).collect()
}

/// The voices without what ABC can't say.
pub(super) fn clean_voices(score: &Score, lost: &mut Losses) -> Vec<Voice> {
    let silent_parts = score.parts.iter().filter(|part| part.voices.is_empty()).count();
    lost.add_many(silent_parts, "part", "it has no voices");
    score.voices().map(|voice| clean(voice, score, lost)).collect()
}

fn clean(voice: &Voice, score: &Score, lost: &mut Losses) -> Voice {
    let keeps_velocities = has_dynamics(voice);
    let mut spelled = |pitch: Pitch, onset: Beats, duration: Beats| -> Option<Pitch> {
        let Some(number) = pitch.midi().filter(|_| duration > Beats::ZERO) else {
            lost.add("note", "it has no length, or no pitch that MIDI knows");
            return None;
        };
        if has_signs(pitch) {
            return Some(pitch);
        }
        lost.add("triple sharp or flat", "ABC has none; the note is respelled");
        Some(Pitch::spell(number, score.key_at(onset)))
    };
    let mut clean = Voice::default();
    let mut velocities = 0;
    for note in &voice.notes {
        let Some(pitch) = spelled(note.pitch, note.onset, note.duration) else { continue };
        let velocity = note.velocity.filter(|_| keeps_velocities);
        velocities += usize::from(note.velocity != velocity);
        clean.notes.push(Note { pitch, velocity, ..note.clone() });
    }
    for grace in &voice.graces {
        let pitch = spelled(grace.pitch, grace.before, grace.duration);
        clean.graces.extend(pitch.map(|pitch| Grace { pitch, ..*grace }));
    }
    lost.add_many(velocities, "note", "its velocity is lost: the voice's aren't all ABC's dynamics");
    clean
}

/// Whether dynamics can tell the velocities of a voice: all notes, or all from one on, have one of the ten; those
/// struck together have the same; and no notes overlap before the first that has one.
fn has_dynamics(voice: &Voice) -> bool {
    let told = |note: &Note| DYNAMICS.iter().any(|&(_, velocity)| note.velocity == Some(velocity));
    let first = voice.notes.iter().position(|note| note.velocity.is_some()).unwrap_or(voice.notes.len());
    let (before, after) = voice.notes.split_at(first);
    let together = |pair: &[Note]| {
        let [a, b] = pair else { return true };
        a.onset != b.onset || a.velocity == b.velocity
    };
    let apart = |pair: &[Note]| {
        let [a, b] = pair else { return true };
        a.end() <= b.onset || (a.onset, a.duration) == (b.onset, b.duration)
    };
    let one_line = before.is_empty() || voice.notes.windows(2).all(apart);
    after.iter().all(told) && voice.notes.windows(2).all(together) && one_line
}
