//! Spelled pitches, keys and their scales.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A spelled pitch: F♯4 and G♭4 are different pitches with the same key on a piano.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pitch {
    /// The octave, 4 for the one that begins with middle C. -1..=9.
    pub octave: i8,
    /// The letter.
    pub step: Step,
    /// Sharps above 0, flats below. -3..=3.
    pub alter: i8,
}

/// A letter name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the seven letters name themselves")]
pub enum Step {
    C,
    D,
    E,
    F,
    G,
    A,
    B,
}

impl Step {
    /// The letters upwards from C.
    pub const ALL: [Self; 7] = [Self::C, Self::D, Self::E, Self::F, Self::G, Self::A, Self::B];

    /// Semitones above C, 0..=11.
    pub const fn semitones(self) -> i8 {
        [0, 2, 4, 5, 7, 9, 11][self as usize]
    }

    /// Its place on the line of fifths, F = -1, C = 0, … B = 5.
    const fn fifths(self) -> i8 {
        [0, 2, 4, -1, 1, 3, 5][self as usize]
    }

    /// The letter, upper case.
    pub const fn letter(self) -> char {
        ['C', 'D', 'E', 'F', 'G', 'A', 'B'][self as usize]
    }

    /// The step of a letter of either case.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.letter() == letter.to_ascii_uppercase())
    }
}

impl Pitch {
    /// A spelled pitch.
    pub const fn new(step: Step, alter: i8, octave: i8) -> Self {
        Self { octave, step, alter }
    }

    /// The MIDI number, 60 for middle C; `None` outside 0..=127.
    pub fn midi(self) -> Option<u8> {
        let number =
            12 * (i32::from(self.octave) + 1) + i32::from(self.step.semitones()) + i32::from(self.alter);
        u8::try_from(number).ok().filter(|&n| n < 128)
    }

    /// The usual spelling of MIDI number `midi` in `key`: the scale's own notes as the key signature has them,
    /// the others as near to the tonic on the line of fifths as can be.
    pub fn spell(midi: u8, key: Key) -> Self {
        // The window of twelve fifths, from two flats below the signature's lowest to three sharps above its highest,
        // holds each pitch class once; in minor it leans one more to the sharps for the raised sixth and seventh.
        let lowest = key.fifths - if key.mode.is_minor() { 2 } else { 3 };
        let class = i32::from(midi % 12);
        let fifths = (0..12)
            .map(|i| i32::from(lowest) + i)
            .find(|f| (f * 7).rem_euclid(12) == class)
            .expect("twelve consecutive fifths meet every pitch class");
        Self::on_line_of_fifths(fifths, midi)
    }

    /// The pitch with MIDI number `midi` whose name stands at `fifths` on the line of fifths (C = 0).
    fn on_line_of_fifths(fifths: i32, midi: u8) -> Self {
        let step = Step::ALL
            .into_iter()
            .find(|s| i32::from(s.fifths()) == (fifths + 1).rem_euclid(7) - 1)
            .expect("seven letters cover the line");
        let alter = i8::try_from((fifths + 1).div_euclid(7)).expect("keys hold at most 7 accidentals");
        let octave = (i32::from(midi) - i32::from(step.semitones()) - i32::from(alter)).div_euclid(12) - 1;
        Self { octave: i8::try_from(octave).expect("midi is below 128"), step, alter }
    }

    /// Steps of the scale above C0, alterations ignored: the line or space it stands on.
    pub const fn staff_position(self) -> i32 {
        7 * self.octave as i32 + self.step as i32
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.step.letter(), accidentals(self.alter), self.octave)
    }
}

/// `#`s above 0, `b`s below.
fn accidentals(alter: i8) -> String {
    let sign = if alter > 0 { "#" } else { "b" };
    sign.repeat(usize::from(alter.unsigned_abs()))
}

impl FromStr for Pitch {
    type Err = String;

    /// Reads `C4`, `F#4`, `Bb3`, `C##5`, `B-1`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a pitch such as C4, F#4 or Bb3");
        let (step, alter, rest) = read_name(text).ok_or_else(wrong)?;
        let octave: i8 = rest.parse().map_err(|_| wrong())?;
        let pitch = Self { octave, step, alter };
        pitch.midi().map(|_| pitch).ok_or_else(|| format!("`{text}` is outside C-1..G9"))
    }
}

/// A letter with accidentals at the start of `text`, and what follows.
pub fn read_name(text: &str) -> Option<(Step, i8, &str)> {
    let mut chars = text.chars();
    let step = chars.next().and_then(Step::from_letter)?;
    let rest = chars.as_str();
    let sharps = rest.len() - rest.trim_start_matches('#').len();
    let flats = rest.len() - rest.trim_start_matches('b').len();
    if sharps > 3 || flats > 3 {
        return None;
    }
    let alter = i8::try_from(sharps).ok()? - i8::try_from(flats).ok()?;
    Some((step, alter, &rest[sharps + flats..]))
}

/// A key: a signature and a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Sharps above 0, flats below, as drawn in the signature. -7..=7.
    pub fifths: i8,
    /// The mode; together with the signature it gives the tonic.
    pub mode: Mode,
}

/// The church modes; major and minor are Ionian and Aeolian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the modes name themselves")]
pub enum Mode {
    Major,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    Minor,
    Locrian,
}

impl Mode {
    /// All modes, in the order of the scale degree of C major they begin on.
    pub const ALL: [Self; 7] = [
        Self::Major,
        Self::Dorian,
        Self::Phrygian,
        Self::Lydian,
        Self::Mixolydian,
        Self::Minor,
        Self::Locrian,
    ];

    /// The name, lower case.
    pub const fn name(self) -> &'static str {
        ["major", "dorian", "phrygian", "lydian", "mixolydian", "minor", "locrian"][self as usize]
    }

    /// How far its tonic lies from the signature's major tonic on the line of fifths.
    const fn offset(self) -> i8 {
        [0, 2, 4, -1, 1, 3, 5][self as usize]
    }

    /// Whether the third is minor.
    pub const fn is_minor(self) -> bool {
        matches!(self, Self::Dorian | Self::Phrygian | Self::Minor | Self::Locrian)
    }
}

impl Key {
    /// C major.
    pub const C_MAJOR: Self = Self { fifths: 0, mode: Mode::Major };

    /// The key on a tonic, if its signature has at most 7 accidentals.
    pub fn on(step: Step, alter: i8, mode: Mode) -> Option<Self> {
        let fifths = step.fifths() + 7 * alter - mode.offset();
        (-7..=7).contains(&fifths).then_some(Self { fifths, mode })
    }

    /// The key on pitch class `class` (0..=11, C = 0) with the fewest accidentals.
    pub fn on_class(class: u8, mode: Mode) -> Self {
        let fifths = (-5..=6)
            .find(|f| (i32::from(f + mode.offset()) * 7).rem_euclid(12) == i32::from(class % 12))
            .expect("twelve consecutive signatures meet every tonic");
        Self { fifths, mode }
    }

    /// The tonic's letter and alteration.
    pub fn tonic(self) -> (Step, i8) {
        let pitch = Pitch::on_line_of_fifths(i32::from(self.fifths + self.mode.offset()), 60);
        (pitch.step, pitch.alter)
    }

    /// The tonic's pitch class, 0..=11, C = 0.
    pub fn tonic_class(self) -> u8 {
        (i32::from(self.fifths + self.mode.offset()) * 7).rem_euclid(12) as u8
    }

    /// The seven pitch classes of the scale as the signature has them, bit `n` for class `n`.
    pub fn scale(self) -> u16 {
        (-1..=5).fold(0, |set, f| set | 1 << (i32::from(self.fifths + f) * 7).rem_euclid(12))
    }

    /// The alteration that the signature gives a letter.
    pub fn alter_of(self, step: Step) -> i8 {
        // The letter's place on the line is in [-1, 5]; the signature moves the window of seven by `fifths`.
        (self.fifths - step.fifths() + 5).div_euclid(7)
    }

    /// The same key, `semitones` higher, with the fewest accidentals.
    pub fn transposed(self, semitones: i32) -> Self {
        let class = (i32::from(self.tonic_class()) + semitones).rem_euclid(12);
        Self::on_class(class as u8, self.mode)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (step, alter) = self.tonic();
        write!(f, "{}{} {}", step.letter(), accidentals(alter), self.mode.name())
    }
}

impl FromStr for Key {
    type Err = String;

    /// Reads `G major`, `F#-minor`, `d dorian`, `Bb` (major).
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a key such as G major, F#-minor or D dorian");
        let (step, alter, rest) = read_name(text.trim()).ok_or_else(wrong)?;
        let word = rest.trim_start_matches(['-', ' ']).to_ascii_lowercase();
        let mode = match word.as_str() {
            "" => Mode::Major,
            _ => Mode::ALL.into_iter().find(|m| m.name() == word).ok_or_else(wrong)?,
        };
        Self::on(step, alter, mode).ok_or_else(|| format!("`{text}` needs more than 7 accidentals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn spelled(midi: u8, key: &str, expected: &str) {
        let key: Key = key.parse().expect("a key");
        assert_eq!(Pitch::spell(midi, key).to_string(), expected);
    }

    #[test]
    fn spelling_follows_the_key() {
        spelled(66, "G major", "F#4");
        spelled(66, "Db major", "Gb4");
        spelled(68, "A minor", "G#4");
        spelled(70, "C major", "Bb4");
        spelled(61, "D minor", "C#4");
        spelled(71, "Eb minor", "Cb5");
        spelled(60, "C# major", "B#3");
    }

    #[test]
    fn every_spelling_sounds_as_its_number_in_every_key() {
        for mode in Mode::ALL {
            for fifths in -7..=7 {
                let key = Key { fifths, mode };
                for midi in 0..128 {
                    assert_eq!(Pitch::spell(midi, key).midi(), Some(midi), "{midi} in {key}");
                }
            }
        }
    }

    #[test]
    fn signatures_alter_their_letters() {
        let e_flat: Key = "Eb".parse().expect("a key");
        let altered: Vec<i8> = Step::ALL.into_iter().map(|s| e_flat.alter_of(s)).collect();
        assert_eq!(altered, [0, 0, -1, 0, 0, -1, -1]);
        assert_eq!("C# major".parse::<Key>().map(|k| k.fifths), Ok(7));
    }

    #[test]
    fn keys_read_and_write() {
        for text in ["G major", "F# minor", "D dorian", "Bb mixolydian", "E phrygian"] {
            assert_eq!(text.parse::<Key>().map(|k| k.to_string()), Ok(text.to_owned()));
        }
        assert!("H major".parse::<Key>().is_err());
        assert!("G# major".parse::<Key>().is_err());
    }

    #[test]
    fn pitches_read_and_write() {
        for text in ["C4", "F#5", "Bb3", "C-1", "G9", "Abb2"] {
            assert_eq!(text.parse::<Pitch>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
        assert!("H4".parse::<Pitch>().is_err());
        assert!("C12".parse::<Pitch>().is_err());
    }
}
