//! The key of the moment, heard in the remembered notes: the best of 24 profiles.

use super::past::{Past, REST};

/// A key as it is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// The tonic's pitch class, 0..12.
    pub tonic: i16,
    /// 1 in minor, 0 in major.
    pub minor: u32,
}

/// Probe-tone ratings of the degrees from the tonic up, major then minor (Krumhansl & Kessler 1982).
const RATINGS: [[f64; 12]; 2] = [
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
];

/// The key whose ratings correlate best with the durations of the remembered pitch classes; C major if none sounds.
pub fn hear(past: &Past, voices: usize) -> Heard {
    let mut chroma = [0.0f64; 12];
    for notes in &past.notes[..voices] {
        for note in notes.iter().filter(|note| note.pitch > REST) {
            chroma[note.pitch as usize % 12] += f64::from(note.held);
        }
    }
    let mut best = (f64::NEG_INFINITY, Heard { tonic: 0, minor: 0 });
    for (minor, ratings) in RATINGS.iter().enumerate() {
        let mean = ratings.iter().sum::<f64>() / 12.0;
        let norm = ratings.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>().sqrt();
        for tonic in 0..12 {
            let sum: f64 = (0..12).map(|i| chroma[(tonic + i) % 12] * (ratings[i] - mean)).sum();
            let fit = sum / norm;
            if fit > best.0 {
                best = (fit, Heard { tonic: tonic as i16, minor: minor as u32 });
            }
        }
    }
    best.1
}
