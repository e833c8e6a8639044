//! From a score to the bytes of a file of type 1.

use super::timeline::Timeline;
use super::{CHORD, COMPOSER, KEY, PICKUP, RECIPE, VOICE, lost, meta};
use crate::error::{Error, Result};
use crate::score::{Beats, Metre, Mode, Part, Score, Tempo, Voice, Written};

/// The velocity of notes that have none.
const VELOCITY: u8 = 80;
/// Most sequencers' own number of ticks in a quarter note.
const USUAL_DIVISION: i64 = 480;
/// The least common multiple of 1 to 12: what is used when no division fits everything.
const ROUND_DIVISION: i64 = 27_720;

/// Writes a Standard MIDI file of type 1: a track of signs, then one track for each voice.
///
/// Channels are given to the voices in turn, the drums' left out. The division is the smallest multiple of 480 in
/// which every time is whole, or else the smallest number, up to 32,767 ticks; if there is none, times are rounded to
/// 1/27,720 of a quarter note. Tied notes sound as one, notes without velocity get 80, and the music is written once
/// through, whatever repeats. What could not be written is listed in [`Written::lost`].
///
/// # Errors
/// [`Error::Unfit`] where a time is negative or lies more than 2²⁸ ticks in.
pub fn write(score: &Score) -> Result<Written> {
    let clock = Clock::of(score);
    let end = clock.tick(score.duration())?;
    let mut tracks = vec![conductor(score, &clock)?.chunk(end)];
    for part in &score.parts {
        let mut joins = false;
        for voice in &part.voices {
            let channel = channel(tracks.len() - 1);
            tracks.push(voice_track(part, joins, voice, channel, &clock)?.chunk(end));
            joins |= !voice.notes.is_empty();
        }
    }
    let Ok(count) = u16::try_from(tracks.len()) else {
        return Err(Error::unfit(format!("{} voices", tracks.len() - 1), "a MIDI file holds at most 65,534"));
    };
    let mut bytes = b"MThd\0\0\0\x06\0\x01".to_vec();
    bytes.extend_from_slice(&count.to_be_bytes());
    bytes.extend_from_slice(&(clock.division as u16).to_be_bytes());
    bytes.extend(tracks.into_iter().flatten());
    Ok(Written { bytes, lost: lost::list(score, clock.division) })
}

/// The channel of voice number `index`: all but the drums' (9) in turn.
fn channel(index: usize) -> u8 {
    let channel = (index % 15) as u8;
    if channel < 9 { channel } else { channel + 1 }
}

/// How beats become ticks.
struct Clock {
    /// Ticks per quarter note, 1..=32,767.
    division: i64,
}

impl Clock {
    fn of(score: &Score) -> Self {
        let denominators = || times(score).map(Beats::denominator);
        let fitting = |start| denominators().try_fold(start, least_common_multiple);
        let division = fitting(USUAL_DIVISION).or_else(|| fitting(1)).unwrap_or(ROUND_DIVISION);
        Self { division }
    }

    /// The nearest tick.
    fn tick(&self, time: Beats) -> Result<u32> {
        let ticks =
            time.checked_mul(Beats::whole(self.division)).map(|ticks| ticks.round_div(Beats::QUARTER));
        let fitting = ticks.and_then(|ticks| u32::try_from(ticks).ok()).filter(|&ticks| ticks < 1 << 28);
        fitting.ok_or_else(|| {
            Error::unfit(
                format!("a time of {time} quarter notes"),
                "MIDI files begin at 0 and end after 2^28 ticks",
            )
        })
    }
}

/// All times that a file of this score has events at.
fn times(score: &Score) -> impl Iterator<Item = Beats> {
    let notes = score.voices().flat_map(|voice| &voice.notes).flat_map(|note| [note.onset, note.end()]);
    let keys = score.keys.iter().map(|&(at, _)| at);
    let metres = score.metres.iter().map(|&(at, _)| at);
    let tempi = score.tempi.iter().map(|&(at, _)| at);
    let chords = score.chords.iter().map(|&(at, _)| at);
    notes.chain(keys).chain(metres).chain(tempi).chain(chords)
}

/// The least common multiple, if a division can be as large.
fn least_common_multiple(a: i64, b: i64) -> Option<i64> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b).filter(|&multiple| multiple <= 0x7fff)
}

/// The first track: title, recipe, and the signs that hold for all voices.
fn conductor(score: &Score, clock: &Clock) -> Result<Timeline> {
    let mut timeline = Timeline::default();
    let said = |text: &str| !text.is_empty();
    if said(&score.title) {
        timeline.meta(0, meta::NAME, score.title.as_bytes());
    }
    for (keyword, text) in [(COMPOSER, &score.composer), (RECIPE, &score.recipe)] {
        if said(text) {
            timeline.text(0, keyword, text);
        }
    }
    if score.pickup() > Beats::ZERO {
        timeline.text(0, PICKUP, &score.pickup().to_string());
    }
    for (at, metre) in from_the_start(&score.metres) {
        timeline.meta(clock.tick(at)?, meta::METRE, &metre_bytes(metre));
    }
    for &(at, key) in &score.keys {
        let tick = clock.tick(at)?;
        timeline.meta(tick, meta::KEY, &[key.fifths.cast_unsigned(), key.mode.is_minor().into()]);
        if !matches!(key.mode, Mode::Major | Mode::Minor) {
            timeline.text(tick, KEY, &key.to_string());
        }
    }
    if score.tempi.is_empty() {
        timeline.meta(0, meta::TEMPO, &tempo_bytes(Tempo::default()));
    }
    for (at, tempo) in from_the_start(&score.tempi) {
        timeline.meta(clock.tick(at)?, meta::TEMPO, &tempo_bytes(tempo));
    }
    for (at, chord) in &score.chords {
        timeline.text(clock.tick(*at)?, CHORD, chord);
    }
    Ok(timeline)
}

/// The entries, the first of them also at the start: a score's first metre and tempo hold before they are written,
/// where a file's reader would take MIDI's own.
fn from_the_start<T: Copy>(entries: &[(Beats, T)]) -> impl Iterator<Item = (Beats, T)> {
    let late = entries.first().filter(|&&(at, _)| at > Beats::ZERO);
    late.map(|&(_, first)| (Beats::ZERO, first)).into_iter().chain(entries.iter().copied())
}

/// Count, unit as a power of two, MIDI clocks (24 a quarter note) per felt beat, 32nds per quarter note.
fn metre_bytes(metre: Metre) -> [u8; 4] {
    let clocks = (metre.pulse() * 24).round_div(Beats::QUARTER);
    [metre.count, metre.unit.trailing_zeros() as u8, clocks.clamp(1, 255) as u8, 8]
}

/// A quarter note's length in microseconds.
pub(super) fn tempo_bytes(Tempo(tempo): Tempo) -> [u8; 3] {
    // A cast takes what is no number to 0; a tempo that no clock could follow goes to the nearest that MIDI has.
    let microseconds = ((60e6 / tempo).round() as u32).clamp(1, 0xff_ffff);
    let [_, a, b, c] = microseconds.to_be_bytes();
    [a, b, c]
}

/// The track of a voice, which joins that of its part's voice before or begins the part.
fn voice_track(part: &Part, joins: bool, voice: &Voice, channel: u8, clock: &Clock) -> Result<Timeline> {
    let mut timeline = Timeline::default();
    if !part.name.is_empty() {
        timeline.meta(0, meta::NAME, part.name.as_bytes());
    }
    if joins {
        timeline.text(0, VOICE, "");
    }
    timeline.program(channel, part.program);
    let sounding = voice.sounding();
    for note in &sounding {
        let onset = clock.tick(note.onset)?;
        for syllable in &note.lyrics {
            timeline.meta(onset, meta::LYRIC, syllable.as_bytes());
        }
        if let Some(key) = note.pitch.midi() {
            let end = clock.tick(note.end())?.max(onset + 1);
            timeline.note(onset..end, channel, key, note.velocity.unwrap_or(VELOCITY));
        }
    }
    Ok(timeline)
}
