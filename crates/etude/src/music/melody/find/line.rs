//! The skyline: the highest note at each moment, if it is not accompaniment that the melody left alone for a while.

use super::Heard;
use super::voices::Voice;

/// How long a higher note must go on to hide the note that begins below it, in quarter notes: shorter is legato.
const HIDES: f64 = 0.2;

/// How far below those around a note must lie to be accompaniment, in semitones.
const FAR: f64 = 14.0;

/// How many notes to each side are those around.
const AROUND: usize = 8;

/// One line of notes, ascending by onset, none beginning before the one before ends.
pub(super) struct Line {
    pub(super) notes: Vec<Heard>,
}

/// The highest line of the chosen voices.
pub(super) fn skyline(voices: &[Voice], chosen: &[usize]) -> Line {
    let mut notes: Vec<Heard> =
        chosen.iter().flat_map(|&index| voices[index].notes.iter().copied()).collect();
    notes.sort_by(|a, b| a.onset.total_cmp(&b.onset).then(b.pitch.cmp(&a.pitch)));
    let mut highest: Vec<Heard> = Vec::new();
    for note in notes {
        match highest.last() {
            // The notes of a chord, rolled or not, begin almost together.
            Some(last) if note.onset - last.onset < 0.05 => {
                if note.pitch > last.pitch {
                    let end = highest.len() - 1;
                    highest[end] = Heard { onset: last.onset, ..note };
                }
            }
            Some(last) if last.end - note.onset > HIDES && last.pitch > note.pitch => {}
            _ => highest.push(note),
        }
    }
    let mut line = near(&highest);
    for index in 1..line.len() {
        let next = line[index].onset;
        line[index - 1].end = line[index - 1].end.min(next);
    }
    Line { notes: line }
}

/// The notes that don't lie far below the middle of those around them.
fn near(notes: &[Heard]) -> Vec<Heard> {
    let is_near = |index: &usize| {
        let around = &notes[index.saturating_sub(AROUND)..(index + AROUND + 1).min(notes.len())];
        let mut pitches: Vec<u8> = around.iter().map(|note| note.pitch).collect();
        pitches.sort_unstable();
        // The upper quartile: where accompaniment fills rests, it is still the melody's.
        let upper = pitches[(3 * (pitches.len() - 1)) / 4];
        f64::from(upper) - f64::from(notes[*index].pitch) <= FAR
    };
    (0..notes.len()).filter(is_near).map(|index| notes[index]).collect()
}
