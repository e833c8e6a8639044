//! Which pitch a letter stands for: key signature, accidentals, ties and transposition.

use super::voice::{Reach, Voice};
use crate::score::{Key, Pitch, Step};

/// Alterations within a bar, by letter and octave (from -2).
pub(super) type Alterations = [[Option<i8>; OCTAVES]; 7];

/// None yet.
pub(super) const NO_ALTERATIONS: Alterations = [[None; OCTAVES]; 7];

/// Octaves -2..=10, so that every written note has its place.
const OCTAVES: usize = 13;

impl Voice {
    /// The written pitch of a letter under signature, ties and accidentals, and the pitch that sounds;
    /// `None` outside what MIDI can name.
    pub(super) fn pitch(&mut self, step: Step, octave: i8, sign: Option<i8>) -> Option<(Pitch, Pitch)> {
        let place = usize::try_from(octave + 2).ok().filter(|&place| place < OCTAVES)?;
        let letter = step as usize;
        let alter = match sign {
            Some(alter) => {
                match self.reach {
                    Reach::Note => {}
                    Reach::Octave => self.altered[letter][place] = Some(alter),
                    Reach::Letter => self.altered[letter] = [Some(alter); OCTAVES],
                }
                alter
            }
            None => self
                .tied_alter(step, octave)
                .or(self.altered[letter][place])
                .unwrap_or(self.signature.alters[letter]),
        };
        let written = Pitch::new(step, alter, octave);
        let shifted = Pitch::new(step, alter, octave.checked_add(self.shift.octaves())?);
        let number = i32::from(shifted.midi()?) + i32::from(self.shift.semitones());
        if self.shift.semitones() == 0 {
            return Some((written, shifted));
        }
        let key = self.signature.key.unwrap_or(Key::C_MAJOR).transposed(i32::from(self.shift.semitones()));
        let sounding = u8::try_from(number).ok().filter(|&n| n < 128)?;
        Some((written, Pitch::spell(sounding, key)))
    }

    /// The alteration that a tie carries over a bar line.
    fn tied_alter(&self, step: Step, octave: i8) -> Option<i8> {
        let last = self.layers[self.current].last.as_ref()?;
        let mut tied = last.written.iter().filter(|(_, tied)| *tied).map(|&(pitch, _)| pitch);
        tied.find(|pitch| pitch.step == step && pitch.octave == octave).map(|pitch| pitch.alter)
    }
}
