//! From a score to what is struck when: beats become seconds, fermatas hold, ties sound once.

use super::Rendering;
use crate::score::{Beats, Score, Tempo};

/// A note as it is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strike {
    /// When the key goes down, in seconds.
    pub start: f64,
    /// When it comes up, in seconds.
    pub end: f64,
    /// The MIDI number, 0..=127.
    pub key: u8,
    /// How hard, 1..=127.
    pub velocity: u8,
    /// The voice, counted from the uppermost, 0.
    pub voice: usize,
    /// The General MIDI programme of its part, 0..=127.
    pub program: u8,
    /// Whether the same voice strikes the same key again just when this note ends.
    pub again: bool,
}

/// The velocity of notes that have none.
const VELOCITY: u8 = 80;

/// The notes of a score as they are played, by voice and time; those that no piano has are left out.
pub fn performance(score: &Score, settings: &Rendering) -> Vec<Strike> {
    let clock = Clock::of(score, settings.fermata);
    let mut strikes = Vec::with_capacity(score.note_count());
    let voices = score.parts.iter().flat_map(|part| part.voices.iter().map(|voice| (voice, part.program)));
    for (index, (voice, program)) in voices.enumerate() {
        let sounding = voice.sounding();
        // From the last note to the first, so that each knows when its key is struck next.
        let mut next_onset: [Option<Beats>; 128] = [None; 128];
        let begun = strikes.len();
        for note in sounding.iter().rev() {
            let Some(key) = note.pitch.midi() else { continue };
            let next = next_onset[usize::from(key)].replace(note.onset);
            strikes.push(Strike {
                start: clock.seconds(note.onset),
                end: clock.seconds(note.end()),
                key,
                velocity: note.velocity.unwrap_or(VELOCITY),
                voice: index,
                program,
                again: next == Some(note.end()),
            });
        }
        strikes[begun..].reverse();
    }
    strikes
}

/// A map from beats to seconds, linear between its points.
struct Clock {
    /// Beat, seconds until then, seconds per beat from then on; ascending, the first at or before beat 0.
    points: Vec<(Beats, f64, f64)>,
}

impl Clock {
    fn of(score: &Score, fermata: f64) -> Self {
        let held = held(score);
        let ends = held.iter().flat_map(|&(from, to)| [from, to]);
        let changes = score.tempi.iter().map(|&(at, _)| at);
        let mut beats: Vec<Beats> = [Beats::ZERO].into_iter().chain(ends).chain(changes).collect();
        beats.sort_unstable();
        beats.dedup();
        let mut points: Vec<(Beats, f64, f64)> = Vec::with_capacity(beats.len());
        for beat in beats {
            let before = points.last().map_or(0.0, |point| point.1 + (beat - point.0).to_f64() * point.2);
            let stretch = if is_held(&held, beat) { fermata } else { 1.0 };
            points.push((beat, before, stretch * 60.0 / tempo_at(&score.tempi, beat)));
        }
        Self { points }
    }

    fn seconds(&self, beat: Beats) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= beat);
        let (from, before, length) = self.points[after.saturating_sub(1)];
        before + (beat - from).to_f64() * length
    }
}

/// The stretches of time under a fermata in any voice, ascending, without overlaps.
fn held(score: &Score) -> Vec<(Beats, Beats)> {
    let notes = score.voices().flat_map(|voice| &voice.notes).filter(|note| note.fermata);
    let mut held: Vec<(Beats, Beats)> = notes.map(|note| (note.onset, note.end())).collect();
    held.sort_unstable();
    let mut apart: Vec<(Beats, Beats)> = Vec::new();
    for (from, to) in held {
        match apart.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => apart.push((from, to)),
        }
    }
    apart
}

fn is_held(held: &[(Beats, Beats)], beat: Beats) -> bool {
    let begun = held.partition_point(|&(from, _)| from <= beat);
    held[..begun].last().is_some_and(|&(_, to)| beat < to)
}

/// The quarter notes per minute at a beat; what no metronome has is the default.
fn tempo_at(tempi: &[(Beats, Tempo)], beat: Beats) -> f64 {
    let begun = tempi.partition_point(|&(at, _)| at <= beat);
    let tempo = tempi[..begun].last().or(tempi.first()).map_or(Tempo::default(), |&(_, tempo)| tempo);
    if tempo.0.is_finite() && tempo.0 >= 1.0 { tempo.0 } else { Tempo::default().0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::example::part;

    /// The strikes of one voice, each as `start-end key`, `*` where it is struck again at once.
    #[track_caller]
    fn check(notes: &str, tempi: &[(i64, f64)], expected: &str) {
        let tempi = tempi.iter().map(|&(at, tempo)| (Beats::whole(at), Tempo(tempo))).collect();
        let score = Score { parts: vec![part("", notes)], tempi, ..Score::default() };
        let strikes = performance(&score, &Rendering { fermata: 1.5, ..Rendering::default() });
        let draw = |s: &Strike| format!("{}-{} {}{}", s.start, s.end, s.key, if s.again { "*" } else { "" });
        assert_eq!(strikes.iter().map(draw).collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn tempo_makes_seconds() {
        check("C4 r D4:2", &[(0, 60.0)], "0-1 60, 2-4 62");
    }

    #[test]
    fn a_change_of_tempo_holds_from_its_beat_on() {
        check("C4:4", &[(0, 60.0), (2, 120.0)], "0-3 60");
    }

    #[test]
    fn fermatas_hold() {
        check("C4 D4! E4", &[(0, 60.0)], "0-1 60, 1-2.5 62, 2.5-3.5 64");
    }

    #[test]
    fn ties_sound_once_and_repeats_are_struck_again() {
        check("C4_ C4 C4 r C4", &[(0, 60.0)], "0-2 60*, 2-3 60, 4-5 60");
    }

    #[test]
    fn an_impossible_tempo_is_the_default() {
        check("C4:5", &[(0, f64::NAN)], "0-3 60");
    }
}
