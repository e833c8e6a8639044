//! From scores to tunes in their normal form: which can be written in symbols, and what of them is mended.

use super::grammar::Grammar;
use super::measure::{Measure, join, undouble};
use super::parts::parts;
use super::plan::Plan;
use super::tokens::{DURATIONS, LOWEST, METRES, PITCHES, QUARTER, Token, bar_ticks, ticks};
use super::tune::{Bar, Event, Tune, length, named};
use etude_piece::score::{Beats, Key, Mode, Note, Score};
use std::sync::Arc;

/// A tune that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The tune, its tonic moved to C.
    pub tune: Tune,
    /// Semitones from the tune's pitches to those of the score.
    pub shift: i32,
    /// What was mended or left out, one line for each kind.
    pub mended: Vec<&'static str>,
}

/// Reads a score that holds one melody.
///
/// Of notes struck together the highest is read; grace notes, words and dynamics are not. A bar line within a bar is left out,
/// one that lacks after a whole bar is put in; the last note of a part is made longer or shorter, so that the part
/// and its upbeat make whole bars.
///
/// # Errors
///
/// Why it can't be written as symbols, in a few words.
pub fn read(score: &Score) -> Result<Read, String> {
    let mut melody = Melody::new(score)?;
    let measures = std::mem::take(&mut melody.measures);
    let parts = parts(measures, bar_ticks(melody.metre), 0, &mut melody.mended)?;
    if parts.iter().any(|part| !part.first.is_empty() && part.second.is_empty()) {
        return Err("endings that don't pair".to_owned());
    }
    melody.mended.sort_unstable();
    melody.mended.dedup();
    let tune = Tune { metre: melody.metre, mode: melody.mode, parts };
    check(&tune)?;
    Ok(Read { tune, shift: melody.shift, mended: melody.mended })
}

/// How a tune begins, to be continued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    /// Its symbols, END not among them.
    pub(super) symbols: Vec<u32>,
    pub(super) metre: usize,
    pub(super) mode: usize,
    /// Semitones from the symbols' pitches to those of the score.
    pub(super) shift: i32,
}

/// Reads the beginning of a tune as [`read`] reads a whole one; its last bar may be unfinished.
pub(super) fn opening(score: &Score) -> Result<Opening, String> {
    let mut melody = Melody::new(score)?;
    let (metre, mode, full) = (melody.metre, melody.mode, bar_ticks(melody.metre));
    let mut measures = std::mem::take(&mut melody.measures);
    let tail = measures.pop_if(|last| length(&last.events) < full && !last.end);
    // What the bar before a double bar line lacks, if what comes after it may be the upbeat.
    let begun = tail.as_ref().map_or(0, |tail| length(&tail.events));
    let parted = tail.as_ref().and(measures.last()).filter(|last| last.double);
    let lacks = parted.map(|last| full.saturating_sub(length(&last.events)));
    let lifted = lacks.filter(|&lacks| begun <= lacks).unwrap_or(0);
    let tune = Tune { metre, mode, parts: parts(measures, full, lifted, &mut melody.mended)? };
    let mut symbols = tune.symbols().ok_or("an upbeat of an odd length")?;
    symbols.pop();
    if let Some(tail) = tail {
        let mut grammar = Grammar::new(Arc::new(Plan::widest()));
        symbols.iter().filter_map(|&symbol| Token::of(symbol as usize)).for_each(|token| grammar.push(token));
        let lift = Token::Upbeat(length(&tail.events));
        let line = match tail.ending {
            Some(1) => Token::First,
            Some(_) => Token::Second,
            None if tail.start => Token::Open,
            None if lacks.is_some() => Token::Double,
            None => Token::Bar,
        };
        let mut tokens = Vec::new();
        if grammar.allows(line) {
            tokens.push(line);
            tokens.extend((lifted > 0).then_some(Token::Upbeat(lifted)));
        } else if tune.parts.last().is_some_and(|part| part.repeated && !part.upbeat.is_empty()) {
            tokens.push(lift);
        }
        tokens.extend(
            tail.events.iter().flat_map(|event| [named(event.what, mode), Token::Duration(event.ticks)]),
        );
        symbols.extend(tokens.iter().filter_map(|token| token.symbol()).map(|symbol| symbol as u32));
    }
    Ok(Opening { symbols, metre, mode, shift: melody.shift })
}

/// A score's melody by bars, its tonic moved to C.
struct Melody {
    metre: usize,
    mode: usize,
    shift: i32,
    measures: Vec<Measure>,
    mended: Vec<&'static str>,
}

impl Melody {
    fn new(score: &Score) -> Result<Self, String> {
        let mut voices = score.voices().filter(|voice| !voice.notes.is_empty());
        let voice = voices.next().ok_or("no notes")?;
        if voices.next().is_some() {
            return Err("several voices".to_owned());
        }
        let (metre, mode, tonic) = signs(score)?;
        let mut mended = Vec::new();
        let notes = melody(&voice.notes, &mut mended)?;
        let lowest = notes.iter().filter_map(|note| note.pitch.midi()).min();
        let lowest = lowest.ok_or("no pitch that MIDI knows")?;
        let reach = i32::from(lowest) - i32::from(tonic) - i32::from(LOWEST);
        let shift = i32::from(tonic) + 12 * reach.div_euclid(12);
        let measures = bars(score, &notes, shift, bar_ticks(metre), &mut mended)?;
        Ok(Self { metre, mode, shift, measures, mended })
    }
}

/// Whether the grammar knows the tune; of whatever else is odd, this tells the place.
fn check(tune: &Tune) -> Result<(), String> {
    let symbols = tune.symbols().ok_or("an upbeat of an odd length")?;
    let mut grammar = Grammar::new(Arc::new(Plan::widest()));
    let mut bars = 1;
    for token in symbols.iter().filter_map(|&symbol| Token::of(symbol as usize)) {
        if !grammar.allows(token) {
            return Err(format!("`{token}` where it can't stand, in bar {bars}"));
        }
        grammar.push(token);
        bars +=
            usize::from(grammar.position == 0 && matches!(token, Token::Bar | Token::First | Token::Close));
    }
    Ok(())
}

/// The metre, the mode and the class of the tonic, where there is one of each.
fn signs(score: &Score) -> Result<(usize, usize, u8), String> {
    let changes = |count: usize, what: &str| match count {
        0 | 1 => Ok(()),
        _ => Err(format!("several {what}")),
    };
    changes(score.metres.len(), "metres")?;
    changes(score.keys.len(), "keys")?;
    let (_, metre) = score.metres.first().ok_or("no metre")?;
    let signature = (u32::from(metre.count), u32::from(metre.unit));
    let metre = METRES.iter().position(|&known| known == signature).ok_or(format!("a metre of {metre}"))?;
    let key = score.keys.first().map_or(Key::C_MAJOR, |&(_, key)| key);
    let mode = Mode::ALL.iter().position(|&mode| mode == key.mode).ok_or("no mode")?;
    Ok((metre, mode, key.tonic_class()))
}

/// The notes one after the other: of those that begin together, the highest.
fn melody<'a>(notes: &'a [Note], mended: &mut Vec<&'static str>) -> Result<Vec<&'a Note>, String> {
    let mut melody: Vec<&Note> = Vec::with_capacity(notes.len());
    for note in notes {
        match melody.last_mut() {
            Some(last) if last.onset == note.onset => {
                mended.push("chords: the highest note is kept");
                *last = note;
            }
            Some(last) if last.end() > note.onset => return Err("notes overlap".to_owned()),
            _ => melody.push(note),
        }
    }
    Ok(melody)
}

/// Events by bar, notes and rests.
fn bars(
    score: &Score,
    notes: &[&Note],
    shift: i32,
    full: u16,
    mended: &mut Vec<&'static str>,
) -> Result<Vec<Measure>, String> {
    let mut measured;
    let score = match score.bars.is_empty() {
        false => score,
        true => {
            measured = score.clone();
            measured.measure(Beats::ZERO);
            &measured
        }
    };
    let close = notes.last().map_or(Beats::ZERO, |note| note.end());
    let mut notes = notes.iter().peekable();
    let mut before: Option<&Note> = None;
    let mut measures: Vec<Measure> = Vec::with_capacity(score.bars.len());
    for (index, bar) in score.bars.iter().enumerate() {
        let end = score.bars.get(index + 1).map_or(close, |next| next.onset);
        let mut events = Bar::new();
        let mut now = bar.onset;
        while let Some(note) = notes.next_if(|note| note.onset < end) {
            rest(now, note.onset, &mut events)?;
            if note.end() > end {
                return Err("a note goes over a bar line".to_owned());
            }
            let goes_on =
                before.is_some_and(|last| last.tied && last.pitch == note.pitch && last.end() == note.onset);
            let what = if goes_on { Token::Tie } else { Token::Pitch(pitch(note, shift)?) };
            events.push(Event { what, ticks: duration(note.duration)? });
            (now, before) = (note.end(), Some(*note));
        }
        rest(now, end, &mut events)?;
        if events.is_empty() {
            // Two bar lines in a row.
            if let Some(last) = measures.last_mut() {
                last.end |= bar.repeat_end;
                last.double |= bar.section_end;
            }
            continue;
        }
        let (start, ending) = (bar.repeat_start, bar.ending);
        measures.push(Measure { events, start, end: bar.repeat_end, double: bar.section_end, ending });
    }
    undouble(&mut measures, full);
    Ok(join(measures, full, mended))
}

/// A rest, where there is time for one.
fn rest(from: Beats, to: Beats, events: &mut Bar) -> Result<(), String> {
    if from < to {
        events.push(Event { what: Token::Rest, ticks: duration(to - from)? });
    }
    Ok(())
}

fn duration(beats: Beats) -> Result<u16, String> {
    let ticks = ticks(beats).filter(|ticks| DURATIONS.contains(ticks));
    ticks.ok_or_else(|| format!("a duration of {beats} quarters"))
}

fn pitch(note: &Note, shift: i32) -> Result<u8, String> {
    let moved = note.pitch.midi().map(|midi| i32::from(midi) - shift);
    let top = i32::from(LOWEST) + PITCHES as i32;
    match moved.filter(|midi| (i32::from(LOWEST)..top).contains(midi)) {
        Some(midi) => Ok(midi as u8),
        None => Err("a compass of more than three octaves".to_owned()),
    }
}

const _: () =
    assert!(QUARTER.is_multiple_of(48), "the durations' table counts in forty-eighths of a quarter");
