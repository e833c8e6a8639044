//! From beats to seconds, by a score's tempi.

use super::{Beats, Score, Tempo};

/// The tempi as straight lines from beats to seconds.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Beat, second, and seconds for each beat from there on.
    lines: Vec<(f64, f64, f64)>,
}

impl Clock {
    /// The clock of a score's tempi, fermatas left out.
    pub fn of(score: &Score) -> Self {
        let per_beat = |tempo: Tempo| 60.0 / tempo.0.clamp(1.0, 10_000.0);
        let mut lines = vec![(0.0, 0.0, per_beat(Tempo::default()))];
        for &(at, tempo) in &score.tempi {
            let (beat, seconds, rate) = lines[lines.len() - 1];
            let at = at.to_f64().max(beat);
            lines.push((at, seconds + (at - beat) * rate, per_beat(tempo)));
        }
        Self { lines }
    }

    /// The second at which a beat is reached.
    pub fn seconds(&self, at: Beats) -> f64 {
        let at = at.to_f64();
        let begun = self.lines.partition_point(|line| line.0 <= at).max(1);
        let (beat, seconds, rate) = self.lines[begun - 1];
        seconds + (at - beat) * rate
    }
}
