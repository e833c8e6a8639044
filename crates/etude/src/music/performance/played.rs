//! Notes as played, in seconds; from scores and back.

use crate::error::Result;
use etude_piece::score::{Beats, Clock, Key, Metre, Note, Part, Pitch, Score, Tempo, Voice};
use etude_piece::{Error, Fault, Place};

/// The most notes of a performance.
const MOST: usize = 1 << 18;

/// Steps in a second.
pub(super) const RATE: f64 = 100.0;

/// A note as played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Played {
    /// When it begins, in seconds from the first note's beginning.
    pub onset: f64,
    /// When it ends, after the onset.
    pub end: f64,
    /// The MIDI number.
    pub pitch: u8,
    /// How hard it is struck, 1..=127.
    pub velocity: u8,
}

/// The force of notes of which a score doesn't tell it.
const VELOCITY: u8 = 80;

/// All notes of a score by its tempi, ascending by onset, then by pitch; the silence before the first is left out.
///
/// # Errors
///
/// A score without notes, or with more than 262,144.
pub fn of_score(score: &Score) -> Result<Vec<Played>> {
    let clock = Clock::of(score);
    let mut played: Vec<Played> = Vec::new();
    for note in score.voices().flat_map(Voice::sounding) {
        let Some(pitch) = note.pitch.midi() else { continue };
        let (onset, end) = (clock.seconds(note.onset), clock.seconds(note.end()));
        let velocity = note.velocity.unwrap_or(VELOCITY).clamp(1, 127);
        played.push(Played { onset, end, pitch, velocity });
    }
    played.sort_by(|a, b| a.onset.total_cmp(&b.onset).then(a.pitch.cmp(&b.pitch)));
    let Some(first) = played.first().map(|note| note.onset) else {
        return Err(Error::from(Fault::new(Place::Whole, "no notes", "at least one note")).into());
    };
    if played.len() > MOST {
        return Err(Error::unfit(format!("{} notes", played.len()), "cut the performance").into());
    }
    for note in &mut played {
        note.onset -= first;
        note.end -= first;
    }
    Ok(played)
}

/// A score of notes as played: at 120 quarter notes a minute, so that a hundredth of a second is a fiftieth of a quarter.
pub fn to_score(played: &[Played], key: Key) -> Score {
    let at = |seconds: f64| Beats::new((seconds * RATE).round() as i64, 50);
    let note = |played: &Played| {
        let (onset, end) = (at(played.onset), at(played.end));
        let duration = (end - onset).max(Beats::new(1, 50));
        let pitch = Pitch::spell(played.pitch.min(127), key);
        Note { velocity: Some(played.velocity), ..Note::new(onset, duration, pitch) }
    };
    let mut notes: Vec<Note> = played.iter().map(note).collect();
    notes.sort_by_key(|note| (note.onset, note.pitch.midi()));
    let voice = Voice::from(notes);
    let part = Part { name: "Piano".to_owned(), program: 0, voices: vec![voice] };
    let mut score = Score {
        parts: vec![part],
        metres: vec![(Beats::ZERO, Metre::COMMON)],
        tempi: vec![(Beats::ZERO, Tempo(120.0))],
        ..Score::default()
    };
    score.measure(Beats::ZERO);
    score
}
