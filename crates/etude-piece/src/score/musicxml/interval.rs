//! Transposition: from the pitches a transposing part reads to those that sound.

use crate::score::{Key, Pitch, Step};

/// A directed interval, from written to sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Interval {
    /// Steps of the scale, upwards.
    pub(super) diatonic: i32,
    /// Semitones, upwards.
    pub(super) chromatic: i32,
}

impl Interval {
    /// The interval of `chromatic` semitones with its usual name: 2 is a major second, 6 a diminished fifth.
    pub(super) fn usual(chromatic: i32) -> Self {
        let steps = [0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6];
        let size = steps[chromatic.unsigned_abs() as usize % 12] + 7 * (chromatic.abs() / 12);
        Self { diatonic: size * chromatic.signum(), chromatic }
    }

    /// The same interval, `octaves` wider.
    pub(super) fn with_octaves(self, octaves: i32) -> Self {
        Self { diatonic: self.diatonic + 7 * octaves, chromatic: self.chromatic + 12 * octaves }
    }

    /// The pitch this far from `pitch`, if it is one of MIDI's 128 and needs at most three accidentals.
    pub(super) fn above(self, pitch: Pitch) -> Option<Pitch> {
        let position = pitch.staff_position() + self.diatonic;
        let step = Step::ALL[usize::try_from(position.rem_euclid(7)).ok()?];
        let octave = i8::try_from(position.div_euclid(7)).ok()?;
        let sounding = i32::from(pitch.midi()?) + self.chromatic;
        let alter = sounding - 12 * (i32::from(octave) + 1) - i32::from(step.semitones());
        let alter = i8::try_from(alter).ok().filter(|alter| (-3..=3).contains(alter))?;
        let pitch = Pitch::new(step, alter, octave);
        pitch.midi().map(|_| pitch)
    }

    /// The note name this far from a note name, for chord symbols.
    pub(super) fn above_name(self, name: (Step, i8)) -> Option<(Step, i8)> {
        let middle = Pitch::new(name.0, name.1, 4);
        let within_octave = Self {
            diatonic: self.diatonic.rem_euclid(7),
            chromatic: self.chromatic - 12 * self.diatonic.div_euclid(7),
        };
        within_octave.above(middle).map(|pitch| (pitch.step, pitch.alter))
    }

    /// The key this far from `key`, with at most 7 accidentals.
    pub(super) fn above_key(self, key: Key) -> Key {
        let fifths = i32::from(key.fifths) + 7 * self.chromatic - 12 * self.diatonic;
        // Twelve fifths are an octave enharmonically.
        let near = if (-7..=7).contains(&fifths) { fifths } else { (fifths + 5).rem_euclid(12) - 5 };
        Key { fifths: i8::try_from(near).expect("within seven fifths of C"), mode: key.mode }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(chromatic: i32, written: &str, sounding: &str) {
        let pitch = written.parse().expect("a pitch");
        let heard = Interval::usual(chromatic).above(pitch).map(|pitch| pitch.to_string());
        assert_eq!(heard.as_deref(), Some(sounding));
    }

    #[test]
    fn a_clarinet_in_b_flat_sounds_a_tone_lower() {
        check(-2, "D4", "C4");
        check(-2, "C4", "Bb3");
        check(-2, "F#5", "E5");
    }

    #[test]
    fn a_horn_in_f_sounds_a_fifth_lower() {
        check(-7, "G4", "C4");
        check(-7, "C4", "F3");
    }

    #[test]
    fn an_octave_keeps_the_name() {
        check(-12, "Bb2", "Bb1");
        check(14, "E4", "F#5");
    }

    #[test]
    fn keys_and_chord_names_follow() {
        let tone_lower = Interval::usual(-2);
        let d_major: Key = "D major".parse().expect("a key");
        assert_eq!(tone_lower.above_key(d_major).to_string(), "C major");
        assert_eq!(tone_lower.above_name((Step::C, 0)), Some((Step::B, -1)));
        assert_eq!(Interval::usual(-14).above_name((Step::B, 0)), Some((Step::A, 0)));
    }
}
