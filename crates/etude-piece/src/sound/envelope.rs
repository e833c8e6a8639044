//! How loud a note is from the moment it is struck.

/// Seconds until a note is fully there.
const ATTACK: f64 = 0.03;
/// Seconds over which it settles from the accent of the attack.
const SETTLING: f64 = 0.35;
/// The level it settles to, of 1.
const SUSTAIN: f64 = 0.82;
/// Seconds in which it dies away after its end.
pub(super) const RELEASE: f64 = 0.12;
/// Where the same key is struck again: seconds of breath before, and how fast the note dies then.
const BREATH: f64 = 0.07;
const CUT: f64 = 0.05;

/// The course of one note's loudness, in frames from its start.
pub(super) struct Envelope {
    attack: f64,
    settled: f64,
    gate: f64,
    release: f64,
}

impl Envelope {
    /// For a note held for `seconds`, with breath at its end if it is struck `again` at once.
    pub(super) fn new(seconds: f64, again: bool, rate: f64) -> Self {
        let breath = if again { BREATH.min(0.4 * seconds) } else { 0.0 };
        let gate = seconds - breath;
        Self {
            attack: ATTACK.min(0.5 * gate) * rate,
            settled: (ATTACK + SETTLING) * rate,
            gate: gate * rate,
            release: if again { CUT } else { RELEASE } * rate,
        }
    }

    /// After how many frames the note is silent.
    pub(super) fn frames(&self) -> usize {
        (self.gate + self.release) as usize
    }

    /// The level at a frame, 0.0..=1.0.
    pub(super) fn level(&self, frame: usize) -> f64 {
        let at = frame as f64;
        let risen = smooth(at / self.attack);
        let settled = 1.0 - (1.0 - SUSTAIN) * smooth((at - self.attack) / (self.settled - self.attack));
        let left = 1.0 - smooth((at - self.gate) / self.release);
        risen * settled * left
    }
}

/// From 0 to 1 without a kink, as `x` goes from 0 to 1.
fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The levels of a note of one second, by hundredths of a second, in tenths.
    #[track_caller]
    fn check(again: bool, hundredths: &[usize], expected: &[i64]) {
        let envelope = Envelope::new(1.0, again, 1_000.0);
        let levels: Vec<i64> =
            hundredths.iter().map(|&at| (10.0 * envelope.level(10 * at)).round() as i64).collect();
        assert_eq!(levels, expected);
    }

    #[test]
    fn a_note_rises_settles_and_dies_away() {
        check(false, &[0, 1, 3, 20, 50, 100, 106, 112], &[0, 3, 10, 9, 8, 8, 4, 0]);
    }

    #[test]
    fn before_it_is_struck_again_a_note_takes_breath() {
        check(true, &[92, 98, 100], &[8, 0, 0]);
    }

    #[test]
    fn even_the_shortest_note_sounds() {
        let envelope = Envelope::new(0.005, true, 44_100.0);
        let loudest = (0..envelope.frames()).map(|frame| envelope.level(frame)).fold(0.0, f64::max);
        assert!(loudest > 0.5, "{loudest}");
    }
}
