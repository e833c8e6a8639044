//! Which voice of a score sings the melody.

use super::Heard;
use etude_piece::score::{Part, Score};

/// One voice as heard.
pub(super) struct Voice {
    /// Its notes, ascending by onset, then by pitch.
    pub(super) notes: Vec<Heard>,
    name: String,
    program: u8,
}

/// Words in the name of what sings a melody.
const LEADS: [&str; 14] = [
    "melod", "lead", "vocal", "voice", "voix", "sing", "solo", "soprano", "cantus", "chant", "tune", "theme",
    "gesang", "descant",
];
/// Words in the name of what accompanies.
const OTHERS: [&str; 16] = [
    "bass", "drum", "perc", "chord", "pad", "accomp", "comp", "rhythm", "left", "backing", "harmony",
    "strings", "kit", "tenor", "alto", "arpeg",
];
/// Keys of a drum set, in groups: bass drums, snares, cymbals.
const DRUMS: [&[u8]; 3] = [&[35, 36], &[38, 40, 37, 39], &[42, 44, 46, 49, 51, 57, 59]];

/// All voices that have notes, without drums unless there is nothing else.
pub(super) fn heard(score: &Score) -> Vec<Voice> {
    let mut voices: Vec<Voice> =
        score.parts.iter().flat_map(|part| part.voices.iter().map(move |voice| of(part, voice))).collect();
    voices.retain(|voice| !voice.notes.is_empty());
    if voices.iter().any(|voice| !voice.is_drums()) {
        voices.retain(|voice| !voice.is_drums());
    }
    voices
}

fn of(part: &Part, voice: &etude_piece::score::Voice) -> Voice {
    let sounding = voice.sounding();
    let heard = sounding.iter().filter_map(|note| {
        let pitch = note.pitch.midi()?;
        Some(Heard { onset: note.onset.to_f64(), end: note.end().to_f64(), pitch })
    });
    let mut notes: Vec<Heard> = heard.collect();
    notes.sort_by(|a, b| a.onset.total_cmp(&b.onset).then(a.pitch.cmp(&b.pitch)));
    Voice { notes, name: part.name.to_lowercase(), program: part.program }
}

/// The voices that hold the melody: one, or all of them.
pub(super) fn choose(voices: &[Voice]) -> Vec<usize> {
    let everything = || (0..voices.len()).collect();
    let end = voices.iter().flat_map(|voice| &voice.notes).map(|note| note.end).fold(0.0, f64::max);
    let judged = voices.iter().enumerate().map(|(index, voice)| (voice.judge(end), index));
    let best = judged.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let Some((_, index)) = best else { return everything() };
    let voice = &voices[index];
    // A voice that is silent most of the time is not the whole melody, unless its name says so.
    if voice.covers(end) < 0.35 && !voice.is_named(&LEADS) { everything() } else { vec![index] }
}

impl Voice {
    fn is_named(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.name.contains(word))
    }

    /// Drums by name, or by the keys that a drum set has.
    fn is_drums(&self) -> bool {
        if self.is_named(&["drum", "percus", "drum kit", "cymbal", "snare"]) {
            return true;
        }
        let within = |keys: &[u8]| self.notes.iter().filter(|note| keys.contains(&note.pitch)).count();
        let groups = DRUMS.map(within);
        let all: usize = groups.iter().sum();
        let played = groups.iter().filter(|count| **count > 0).count();
        self.program == 0 && self.notes.len() >= 8 && played >= 2 && 10 * all >= 8 * self.notes.len()
    }

    /// The share of the piece from its first to its last note in which it sounds or pauses shortly, 0..=1.
    fn covers(&self, end: f64) -> f64 {
        let mut covered = 0.0;
        let mut until: f64 = 0.0;
        for note in &self.notes {
            // Up to two quarters of rest are breath.
            let from = if note.onset - until <= 2.0 { until } else { note.onset };
            covered += (note.end - from.max(until)).max(0.0);
            until = until.max(note.end);
        }
        if end > 0.0 { covered / end } else { 1.0 }
    }

    /// How much it looks like a melody.
    fn judge(&self, end: f64) -> f64 {
        let count = self.notes.len() as f64;
        let alone = {
            let apart = |pair: &[Heard]| pair[1].onset - pair[0].onset > 0.05;
            let strikes = 1 + self.notes.windows(2).filter(|pair| apart(pair)).count();
            strikes as f64 / count
        };
        let height = self.notes.iter().map(|note| f64::from(note.pitch)).sum::<f64>() / count;
        let mut pitches: Vec<u8> = self.notes.iter().map(|note| note.pitch).collect();
        pitches.sort_unstable();
        pitches.dedup();
        let name = match (self.is_named(&LEADS), self.is_named(&OTHERS)) {
            (true, false) => 2.0,
            (false, true) => -1.0,
            _ => 0.0,
        };
        // General MIDI's basses, and what only colours or strikes.
        let program = if matches!(self.program, 32..=39 | 88..=119) { -1.0 } else { 0.0 };
        // Around C5 most melodies lie; far above it they are ornaments.
        let register = 1.0 - ((height - 72.0).abs() / 24.0).min(1.5);
        let variety = (pitches.len() as f64 / 8.0).min(1.0);
        name + program + register + alone + variety + self.covers(end)
    }
}
