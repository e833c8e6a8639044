//! Which key a grid is in, where nobody says.

use super::Grid;
use crate::score::{Key, Mode};

/// How well each degree, from the tonic up in semitones, fits a major and a minor key.
///
/// Source: the probe-tone ratings of Krumhansl & Kessler 1982 (Krumhansl, *Cognitive Foundations of Musical Pitch*,
/// 1990, table 2.1).
const PROFILES: [[f64; 12]; 2] = [
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
];

/// What it is worth, as a correlation, that the piece ends with the tonic in the lowest voice.
const CLOSE: f64 = 0.3;

impl Grid {
    /// The written key, or else the most likely one.
    pub fn key(&self) -> Key {
        self.frame.key.unwrap_or_else(|| self.estimate_key())
    }

    /// The most likely major or minor key: the correlation of the time spent on each pitch class with the profiles
    /// (the Krumhansl-Schmuckler method), and a bonus for the lowest voice's last note.
    pub fn estimate_key(&self) -> Key {
        let mut time = [0.0; 12];
        for pitch in self.pitches().flatten() {
            time[usize::from(pitch % 12)] += 1.0;
        }
        let lowest = self.voices() - 1;
        let last = (0..self.steps()).rev().find_map(|step| self.at(step, lowest).pitch);
        let keys = (0..24u8).map(|i| (i % 12, i / 12));
        let fit = |(tonic, mode): (u8, u8)| {
            let profile = &PROFILES[usize::from(mode)];
            let closes = last.is_some_and(|pitch| pitch % 12 == tonic);
            correlation(&time, profile, usize::from(tonic)) + if closes { CLOSE } else { 0.0 }
        };
        let (tonic, mode) =
            keys.max_by(|&a, &b| fit(a).total_cmp(&fit(b))).expect("there are twenty-four keys");
        Key::on_class(tonic, if mode == 0 { Mode::Major } else { Mode::Minor })
    }
}

/// Pearson's correlation of `time` with `profile` moved up by `tonic` semitones; 0 where time is uniform.
fn correlation(time: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (mean_time, mean_profile) = (mean(time), mean(profile));
    let (mut both, mut of_time, mut of_profile) = (0.0, 0.0, 0.0);
    for class in 0..12 {
        let a = time[class] - mean_time;
        let b = profile[(class + 12 - tonic) % 12] - mean_profile;
        both += a * b;
        of_time += a * a;
        of_profile += b * b;
    }
    if of_time == 0.0 { 0.0 } else { both / (of_time * of_profile).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Frame;

    #[track_caller]
    fn check(pitches: &[u8], expected: &str) {
        let pitches: Vec<Option<u8>> = pitches.iter().map(|&p| Some(p)).collect();
        let grid = Grid::from_pitches(Frame::sixteenths(1, pitches.len()), &pitches);
        assert_eq!(grid.key().to_string(), expected);
    }

    #[test]
    fn scales_tell_their_key() {
        check(&[60, 62, 64, 65, 67, 69, 71, 72], "C major");
        check(&[62, 64, 65, 67, 69, 70, 73, 74, 69, 62], "D minor");
        check(&[67, 69, 71, 72, 74, 76, 78, 79, 74, 67], "G major");
    }
}
