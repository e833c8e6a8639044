//! A score made fit for the format: bars laid, texts cleaned, notes cut at barlines and into note values, chords of one length.
//!
//! What comes out is what a reader of the file gets; fitting it once more changes nothing.

use super::assemble::tidy;
use super::clock::{MAX_TIME, in_limits};
use super::cut;
use super::direction::is_playable;
use super::lyric::MAX_VERSES;
use super::value::{Pulses, lowest_common_multiple, value_of_grace};
use crate::score::{Beats, Losses, Metre, Note, Score, Voice};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// More bars than this in all parts would make a file out of proportion.
const MAX_BARS: usize = 1_000_000;

/// Why notes too low or too high are left out.
const OUTSIDE: &str = "MusicXML writes C0 to G9";

/// The fitted score, and what was lost.
pub(super) fn fit(score: &Score) -> Result<(Score, Vec<String>)> {
    check(score)?;
    let mut score = score.clone();
    let mut losses = Losses::default();
    clean_texts(&mut score, &mut losses);
    fit_bars(&mut score)?;
    for part in &mut score.parts {
        part.program = part.program.min(127);
        for voice in &mut part.voices {
            clean_notes(voice, &mut losses);
            clean_graces(voice, &mut losses);
        }
    }
    fit_entries(&mut score, &mut losses);
    cut::cut_voices(&mut score)?;
    Ok((score, losses.lines()))
}

/// Errors for scores that no fitting helps.
fn check(score: &Score) -> Result<()> {
    if score.parts.is_empty() {
        return Err(Error::unfit("a score without parts", "MusicXML asks for at least one part"));
    }
    let bounds = "times from 0 to 1,000,000 quarter notes";
    let mut divisions = 1;
    for (time, what) in times(score) {
        if time < Beats::ZERO || time > Beats::whole(MAX_TIME) {
            return Err(Error::unfit(
                format!("{what} at {time}"),
                format!("MusicXML is written for {bounds}"),
            ));
        }
        let common = lowest_common_multiple(divisions, time.denominator());
        divisions = common.filter(|&common| common <= MAX_TIME).ok_or_else(|| {
            let what =
                format!("times in parts of 1/{divisions} and 1/{} of a quarter note", time.denominator());
            Error::unfit(
                what,
                "quantize the score first: all times must be whole in some division up to 1,000,000",
            )
        })?;
    }
    let silent = score.voices().flat_map(|voice| &voice.notes).find(|note| note.duration == Beats::ZERO);
    match silent {
        Some(note) => {
            Err(Error::unfit(format!("a note of no length at {}", note.onset), "durations above 0"))
        }
        None => Ok(()),
    }
}

/// All times of a score.
fn times(score: &Score) -> impl Iterator<Item = (Beats, &'static str)> {
    let notes = score.voices().flat_map(|voice| &voice.notes);
    // An onset out of bounds is met before its end is reckoned.
    let notes = notes.flat_map(|note| {
        let end = if in_limits(note.onset) && in_limits(note.duration) { note.end() } else { note.duration };
        [(note.onset, "a note"), (note.duration, "a note's length"), (end, "a note's end")]
    });
    let bars = score.bars.iter().map(|bar| (bar.onset, "a bar"));
    let keys = score.keys.iter().map(|&(at, _)| (at, "a key"));
    let metres = score.metres.iter().map(|&(at, _)| (at, "a metre"));
    let tempi = score.tempi.iter().map(|&(at, _)| (at, "a tempo"));
    let chords = score.chords.iter().map(|&(at, _)| (at, "a chord symbol"));
    notes.chain(bars).chain(keys).chain(metres).chain(tempi).chain(chords)
}

/// Takes out what XML forbids, and the white space around texts.
fn clean_texts(score: &mut Score, losses: &mut Losses) {
    let mut forbidden = 0;
    let mut clean = |text: &mut String| {
        let allowed = |&c: &char| (c >= ' ' || c == '\n' || c == '\t') && c != '\u{FFFE}' && c != '\u{FFFF}';
        let kept: String = text.chars().filter(allowed).collect();
        forbidden += text.chars().count() - kept.chars().count();
        kept.trim().clone_into(text);
    };
    clean(&mut score.title);
    clean(&mut score.composer);
    clean(&mut score.recipe);
    score.chords.iter_mut().for_each(|(_, symbol)| clean(symbol));
    score.chords.retain(|(_, symbol)| !symbol.is_empty());
    let mut verses = 0;
    for part in &mut score.parts {
        clean(&mut part.name);
        for note in part.voices.iter_mut().flat_map(|voice| &mut voice.notes) {
            for syllable in &mut note.lyrics {
                clean(syllable);
                close_hyphen(syllable);
            }
            verses += note.lyrics.len().saturating_sub(MAX_VERSES);
            note.lyrics.truncate(MAX_VERSES);
            while note.lyrics.last().is_some_and(String::is_empty) {
                note.lyrics.pop();
            }
        }
    }
    losses.add_many(forbidden, "control character", "XML forbids it");
    losses.add_many(verses, "syllable", "beyond the sixteenth verse none is kept");
}

/// Takes the blanks out before a trailing hyphen.
fn close_hyphen(syllable: &mut String) {
    if let Some(text) = syllable.strip_suffix('-').map(str::trim_end).filter(|text| !text.is_empty()) {
        *syllable = format!("{text}-");
    }
}

/// Lays missing bars, and checks those there are.
fn fit_bars(score: &mut Score) -> Result<()> {
    if score.bars.is_empty() {
        score.measure(Beats::ZERO);
    }
    let descending = score.bars.windows(2).find(|pair| pair[1].onset <= pair[0].onset);
    if let Some(pair) = descending {
        let what = format!("a bar at {} after one at {}", pair[1].onset, pair[0].onset);
        return Err(Error::unfit(what, "bars ascend"));
    }
    let first = score.bars[0].onset;
    if first != Beats::ZERO {
        return Err(Error::unfit(format!("a first bar at {first}"), "the first bar begins at 0"));
    }
    if score.bars.len().saturating_mul(score.parts.len()) > MAX_BARS {
        let what = format!("{} bars of {} parts", score.bars.len(), score.parts.len());
        return Err(Error::unfit(what, format!("at most {MAX_BARS} bars in all parts")));
    }
    Ok(())
}

/// When the last bar ends: with its metre, unless it completes the upbeat or holds more.
pub(super) fn end(score: &Score) -> Beats {
    let notes = score.duration();
    let last = score.bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let full = last + score.metre_at(last).bar();
    let completing = full - score.pickup();
    if score.pickup() > Beats::ZERO && notes > last && notes <= completing {
        completing
    } else {
        full.max(notes)
    }
}

/// What [`Score::key_at`] and [`Score::metre_at`] find, in time that grows slowly with the number of changes.
pub(super) fn in_force<T: Copy>(entries: &[(Beats, T)], onset: Beats) -> Option<T> {
    let begun = entries.partition_point(|&(at, _)| at <= onset);
    entries.get(begun.saturating_sub(1)).map(|&(_, value)| value)
}

/// The beats of bar `index`.
pub(super) fn pulses(score: &Score, index: usize) -> Pulses {
    let metre = in_force(&score.metres, score.bars[index].onset).unwrap_or(Metre::COMMON);
    let pickup = if index == 0 { score.pickup() } else { Beats::ZERO };
    let upbeat = if pickup > Beats::ZERO { metre.bar() - pickup } else { Beats::ZERO };
    Pulses::new(metre, upbeat)
}

/// Leaves out keys, metres, tempi and endings that have no place.
fn fit_entries(score: &mut Score, losses: &mut Losses) {
    tidy(score);
    let end = end(score);
    let (keys, metres, tempi) = (score.keys.len(), score.metres.len(), score.tempi.len());
    score.keys.retain(|&(at, _)| at < end);
    score.metres.retain(|&(at, _)| at < end);
    score.tempi.retain(|&(_, tempo)| is_playable(tempo.0));
    losses.add_many(keys - score.keys.len(), "key", "nothing is written after the end");
    losses.add_many(metres - score.metres.len(), "metre", "nothing is written after the end");
    losses.add_many(
        tempi - score.tempi.len(),
        "tempo mark",
        "0.001 to 1,000,000 quarter notes per minute can be written",
    );
    let unnumbered = score.bars.iter_mut().filter(|bar| bar.ending == Some(0));
    losses.add_many(
        unnumbered.map(|bar| bar.ending = None).count(),
        "ending",
        "its number is 0, and they count from 1",
    );
}

/// Sorts a voice's notes, leaves out those below C0, and ends notes where their own pitch is struck again.
fn clean_notes(voice: &mut Voice, losses: &mut Losses) {
    let count = voice.notes.len();
    voice.notes.retain(|note| note.pitch.octave >= 0 && note.pitch.midi().is_some());
    losses.add_many(count - voice.notes.len(), "note", OUTSIDE);
    voice.notes.sort_by_key(|note| (note.onset, note.pitch, -note.duration));
    let count = voice.notes.len();
    // Of the same notes at the same time the longest stays.
    voice.notes.dedup_by_key(|note| (note.onset, note.pitch));
    losses.add_many(count - voice.notes.len(), "unison", "of the same notes of a voice one is kept");
    let mut last_of_pitch = BTreeMap::new();
    let mut cut = 0;
    for at in 0..voice.notes.len() {
        let Note { onset, pitch, velocity, .. } = voice.notes[at];
        voice.notes[at].velocity = velocity.map(|velocity| velocity.clamp(1, 127));
        let Some(last) = last_of_pitch.insert(pitch, at) else { continue };
        let last: &mut Note = &mut voice.notes[last];
        if last.end() > onset {
            last.duration = onset - last.onset;
            last.tied = false;
            cut += 1;
        }
    }
    losses.add_many(cut, "note's length", "the same pitch is struck again in its voice, and it ends there");
}

/// Leaves out the grace notes that lead to no note, and gives those of odd lengths an eighth's.
fn clean_graces(voice: &mut Voice, losses: &mut Losses) {
    let Voice { notes, graces } = voice;
    let count = graces.len();
    graces.retain(|grace| grace.pitch.octave >= 0 && grace.pitch.midi().is_some());
    losses.add_many(count - graces.len(), "grace note", OUTSIDE);
    let count = graces.len();
    graces.retain(|grace| notes.binary_search_by_key(&grace.before, |note| note.onset).is_ok());
    losses.add_many(count - graces.len(), "grace note", "no note of its voice begins where it leads");
    graces.sort_by_key(|grace| grace.before);
    let odd = graces.iter_mut().filter(|grace| value_of_grace(grace.duration).is_none());
    let odd = odd.map(|grace| grace.duration = Beats::new(1, 2)).count();
    losses.add_many(odd, "grace note's length", "no note head shows it, and it is written as an eighth");
}
