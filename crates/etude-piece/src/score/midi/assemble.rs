//! From ticks to a score: exact beats, spelled pitches, parts.

use super::read::{Contents, MOST_PARTS, Sounded, Track, too_many_parts};
use super::unheld::{Tally, Unheld};
use crate::error::{Fault, Place, Result};
use crate::score::{Beats, Key, Metre, Note, Part, Pitch, Reading, Score, Tempo, Voice};

/// More bars than any score needs: they cost memory, but a file nothing.
const MOST_BARS: i64 = 1 << 18;

/// The score of a file whose ticks are `tick` long, and what it doesn't hold.
pub(super) fn score(contents: Contents, tick: Beats) -> Result<Reading> {
    let mut tally = contents.tally;
    let mut programs = Programs { elsewhere: contents.programs, taken: [false; 16] };
    let mut score = Score {
        title: contents.title,
        composer: contents.composer,
        recipe: contents.recipe,
        keys: signs(contents.keys, tick),
        chords: signs(contents.chords, tick),
        metres: begin_with(Metre::COMMON, signs(contents.metres, tick)),
        tempi: signs(contents.tempi, tick).into_iter().map(|(at, length)| (at, tempo(length))).collect(),
        ..Score::default()
    };
    // MIDI's tempo is 120 until a file says otherwise.
    if score.tempi.first().is_none_or(|&(at, _)| at > Beats::ZERO) {
        score.tempi.insert(0, (Beats::ZERO, Tempo(120.0)));
    }
    let mut words = Vec::new();
    for track in contents.tracks {
        if track.notes.is_empty() {
            words.extend(track.lyrics);
            continue;
        }
        parts(track, tick, &mut score, &mut programs, &mut tally);
        if score.parts.len() > MOST_PARTS {
            return Err(too_many_parts());
        }
    }
    tally.add_many(programs.left(), Unheld::Program);
    sing_elsewhere(&mut score, &in_order(words, tick), &mut tally);
    if !score.metres.is_empty() {
        check_bars(&score)?;
        score.measure(contents.pickup.unwrap_or_default());
    }
    Ok(Reading { score, lost: tally.lines() })
}

/// Refuses metres by which there would be too many bars.
fn check_bars(score: &Score) -> Result<()> {
    let ends = score.metres.iter().skip(1).map(|&(at, _)| at).chain([score.duration()]);
    let spans = score.metres.iter().zip(ends).map(|(&(from, metre), to)| (metre, to.max(from) - from));
    let bars: i64 = spans.map(|(metre, span)| span.floor_div(metre.bar()) + 1).sum();
    if bars <= MOST_BARS {
        return Ok(());
    }
    let found = format!("more than {MOST_BARS} bars");
    Err(Fault::new(Place::Whole, found, "a score that a person could read").into())
}

/// The programmes that channels were given in tracks where they have no notes.
struct Programs {
    elsewhere: [Option<u8>; 16],
    taken: [bool; 16],
}

impl Programs {
    /// The programme of a channel without one of its own.
    fn take(&mut self, channel: u8) -> u8 {
        self.taken[usize::from(channel)] = true;
        self.elsewhere[usize::from(channel)].unwrap_or(0)
    }

    /// How many no part took.
    fn left(&self) -> usize {
        self.elsewhere.iter().zip(self.taken).filter(|(program, taken)| program.is_some() && !taken).count()
    }
}

/// Signs in order of time.
fn in_order<T>(mut ticked: Vec<(u64, T)>, tick: Beats) -> Vec<(Beats, T)> {
    ticked.sort_by_key(|&(at, _)| at);
    ticked.into_iter().map(|(at, sign)| (beats(at, tick), sign)).collect()
}

/// Signs in order of time; of those at one time the last in the file counts.
fn signs<T>(ticked: Vec<(u64, T)>, tick: Beats) -> Vec<(Beats, T)> {
    let mut signs: Vec<(Beats, T)> = Vec::with_capacity(ticked.len());
    for (at, sign) in in_order(ticked, tick) {
        match signs.last_mut() {
            Some(last) if last.0 == at => last.1 = sign,
            _ => signs.push((at, sign)),
        }
    }
    signs
}

/// The same signs, with MIDI's default in force before the first, if there are any.
fn begin_with<T>(default: T, mut signs: Vec<(Beats, T)>) -> Vec<(Beats, T)> {
    if signs.first().is_some_and(|&(at, _)| at > Beats::ZERO) {
        signs.insert(0, (Beats::ZERO, default));
    }
    signs
}

/// A number of ticks, at most 2³¹, as quarter notes.
fn beats(ticks: u64, tick: Beats) -> Beats {
    tick * i64::try_from(ticks).expect("the reader lets no event come later than 2^31")
}

/// A quarter note's length in microseconds as a tempo: the roundest number per minute that has this length.
pub(super) fn tempo(microseconds: u32) -> Tempo {
    let exact = 60e6 / f64::from(microseconds);
    let rounded = [1.0, 10.0, 100.0, 1000.0].map(|digits| (exact * digits).round() / digits);
    let same = |&tempo: &f64| (60e6 / tempo).round() == f64::from(microseconds);
    Tempo(rounded.into_iter().find(same).unwrap_or(exact))
}

/// Adds the parts of a track, one for each channel, in order of channel.
fn parts(mut track: Track, tick: Beats, score: &mut Score, programs: &mut Programs, tally: &mut Tally) {
    track.notes.sort_unstable();
    let channels = track.notes.chunk_by(|a, b| a.channel == b.channel);
    let mut parts: Vec<Part> = channels
        .map(|sounded| {
            let channel = sounded[0].channel;
            let voice = Voice::from(notes(sounded, tick, &score.keys));
            let program = track.programs[usize::from(channel)].unwrap_or_else(|| programs.take(channel));
            Part { name: track.name_of(channel), program, voices: vec![voice] }
        })
        .collect();
    for (onset, syllable) in in_order(std::mem::take(&mut track.lyrics), tick) {
        let mut voices = parts.iter_mut().flat_map(|part| &mut part.voices);
        match voices.find_map(|voice| voice.first_at(onset)) {
            Some(note) => note.lyrics.push(syllable),
            None => tally.add(Unheld::Syllable),
        }
    }
    match score.parts.last_mut() {
        Some(part) if track.joins => part.voices.extend(parts.into_iter().flat_map(|joining| joining.voices)),
        _ => score.parts.extend(parts),
    }
}

impl Track {
    /// The name of a channel: its own, the track's, or the instrument's.
    fn name_of(&self, channel: u8) -> String {
        let own = self.channel_names.iter().find(|(named, _)| *named == channel).map(|(_, name)| name);
        let names = own.into_iter().chain([&self.name, &self.instrument]);
        names.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default()
    }
}

/// Notes in order, spelled in the keys in force.
fn notes(sounded: &[Sounded], tick: Beats, keys: &[(Beats, Key)]) -> Vec<Note> {
    let mut in_force = keys.first().map_or(Key::C_MAJOR, |&(_, key)| key);
    let mut to_come = keys.iter().peekable();
    let mut notes = Vec::with_capacity(sounded.len());
    for press in sounded {
        let onset = beats(press.onset, tick);
        while let Some((_, key)) = to_come.next_if(|(at, _)| *at <= onset) {
            in_force = *key;
        }
        let duration = beats(press.end - press.onset, tick);
        let pitch = Pitch::spell(press.key, in_force);
        notes.push(Note { velocity: Some(press.velocity), ..Note::new(onset, duration, pitch) });
    }
    notes
}

/// Puts the syllables of tracks without notes, as karaoke files have them, on the voice that has notes at the most of
/// their times.
fn sing_elsewhere(score: &mut Score, words: &[(Beats, String)], tally: &mut Tally) {
    let hits = |voice: &Voice| {
        let sung = |note: &&Note| words.binary_search_by_key(&note.onset, |&(at, _)| at).is_ok();
        voice.notes.iter().filter(sung).count()
    };
    let voices = score.parts.iter_mut().flat_map(|part| &mut part.voices);
    // Of equals the uppermost: `max_by_key` takes the last.
    let singer = voices.rev().max_by_key(|voice| hits(voice));
    let Some(singer) = singer.filter(|_| !words.is_empty()) else {
        return tally.add_many(words.len(), Unheld::Syllable);
    };
    for (onset, syllable) in words {
        match singer.first_at(*onset) {
            Some(note) => note.lyrics.push(syllable.clone()),
            None => tally.add(Unheld::Syllable),
        }
    }
}

impl Voice {
    /// The first note that begins at `onset`.
    fn first_at(&mut self, onset: Beats) -> Option<&mut Note> {
        let index = self.notes.partition_point(|note| note.onset < onset);
        self.notes.get_mut(index).filter(|note| note.onset == onset)
    }
}
