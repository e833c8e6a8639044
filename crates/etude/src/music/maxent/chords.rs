//! Classes of chords, two ways: by voicing (the intervals between neighbouring voices, whatever the key) and by
//! harmony (the pitch classes and the bass, counted from the tonic). Class 0 stands for all that is rare or unseen.

use super::encode::{Context, Encoded};
use etude_piece::alphabet::Alphabet;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What voicing and harmony of a chord are called when a voice rests.
const WITH_REST: u64 = u64::MAX;

/// The classes that are told apart, found in a corpus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChordClasses {
    /// Voicing codes in order of class, from class 1.
    pub voicings: Vec<u64>,
    /// Harmony codes in order of class, from class 1.
    pub harmonies: Vec<u64>,
    voicing_class: FxHashMap<u64, u32>,
    harmony_class: FxHashMap<u64, u32>,
}

/// The code of a voicing: the intervals from each voice down to the next, 7 bits each.
pub fn voicing_code(chord: &[Option<u8>]) -> u64 {
    let mut code = 0;
    for pair in chord.windows(2) {
        let (Some(upper), Some(lower)) = (pair[0], pair[1]) else { return WITH_REST };
        let interval = (i16::from(upper) - i16::from(lower) + 64).clamp(0, 127);
        code = code << 7 | interval as u64;
    }
    code
}

/// The code of a harmony: the pitch classes above the tonic (12 bits), the bass's (4 bits), and the mode.
pub fn harmony_code(chord: &[Option<u8>], tonic: Option<(u8, bool)>) -> u64 {
    let Some((tonic, minor)) = tonic else { return WITH_REST };
    let mut classes = 0u64;
    let mut bass = 0;
    for pitch in chord {
        let Some(pitch) = pitch else { return WITH_REST };
        bass = u64::from((pitch + 12 - tonic) % 12);
        classes |= 1 << bass;
    }
    classes << 5 | bass << 1 | u64::from(minor)
}

impl ChordClasses {
    /// The classes of chords that fill at least `least` steps of the pieces.
    pub fn learn(pieces: &[Encoded], alphabets: &[Alphabet], least: usize) -> Self {
        let mut voicings = BTreeMap::new();
        let mut harmonies = BTreeMap::new();
        let mut chord = Vec::new();
        for piece in pieces {
            for step in 0..piece.steps {
                decode(piece, step, alphabets, &mut chord);
                *voicings.entry(voicing_code(&chord)).or_insert(0usize) += 1;
                *harmonies.entry(harmony_code(&chord, piece.context.tonic())).or_insert(0usize) += 1;
            }
        }
        let often = |counts: BTreeMap<u64, usize>| {
            // Chords with rests always have a class, so that a rest isn't mistaken for an odd chord.
            let frequent = counts.into_iter().filter(|&(code, n)| n >= least && code != WITH_REST);
            frequent.map(|(code, _)| code).chain([WITH_REST]).collect()
        };
        Self::new(often(voicings), often(harmonies))
    }

    /// The classes with these codes, in order.
    pub fn new(voicings: Vec<u64>, harmonies: Vec<u64>) -> Self {
        let index = |codes: &[u64]| codes.iter().zip(1..).map(|(&code, class)| (code, class)).collect();
        let (voicing_class, harmony_class) = (index(&voicings), index(&harmonies));
        Self { voicings, harmonies, voicing_class, harmony_class }
    }

    /// The voicing class of a chord, shape (V).
    pub fn voicing(&self, chord: &[Option<u8>]) -> usize {
        self.voicing_class.get(&voicing_code(chord)).map_or(0, |&class| class as usize)
    }

    /// The harmony class of a chord, shape (V), in a key.
    pub fn harmony(&self, chord: &[Option<u8>], tonic: Option<(u8, bool)>) -> usize {
        self.harmony_class.get(&harmony_code(chord, tonic)).map_or(0, |&class| class as usize)
    }
}

/// The chord at one step of a piece, into `chord`, shape (V).
pub fn decode(piece: &Encoded, step: usize, alphabets: &[Alphabet], chord: &mut Vec<Option<u8>>) {
    chord.clear();
    let symbols = &piece.x[step * piece.voices..(step + 1) * piece.voices];
    chord.extend(alphabets.iter().zip(symbols).map(|(alphabet, &symbol)| alphabet.pitch(symbol)));
}

/// The corpus's chords without rests, counted from the tonic, by mode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Whether the key was minor, and the intervals above the tonic's pitch class, shape (V); ascending.
    pub chords: Vec<(bool, Vec<i16>)>,
}

impl Vocabulary {
    /// The distinct chords of the pieces whose key is known.
    pub fn learn(pieces: &[Encoded], alphabets: &[Alphabet]) -> Self {
        let mut chords = BTreeSet::new();
        let mut chord = Vec::new();
        for piece in pieces {
            let Some((tonic, minor)) = piece.context.tonic() else { continue };
            for step in 0..piece.steps {
                decode(piece, step, alphabets, &mut chord);
                let above = |pitch: &Option<u8>| pitch.map(|pitch| i16::from(pitch) - i16::from(tonic));
                if let Some(chord) = chord.iter().map(above).collect::<Option<Vec<i16>>>() {
                    chords.insert((minor, chord));
                }
            }
        }
        Self { chords: chords.into_iter().collect() }
    }

    /// The chords in the key of `context`, in every octave that the alphabets hold, as symbols, shape (V); ascending.
    pub fn in_key(&self, context: &Context, alphabets: &[Alphabet]) -> Vec<Vec<u8>> {
        let shifts: Vec<i16> = match context.tonic() {
            Some((tonic, _)) => [-12, 0, 12].iter().map(|octave| octave + i16::from(tonic)).collect(),
            None => (-12..24).collect(),
        };
        let mode = context.tonic().map(|(_, minor)| minor);
        let fitting = self.chords.iter().filter(|(minor, _)| mode.is_none_or(|mode| mode == *minor));
        let moved = fitting.flat_map(|(_, chord)| shifts.iter().map(move |shift| (chord, *shift)));
        let mut symbols: Vec<Vec<u8>> = moved
            .filter_map(|(chord, shift)| {
                let symbol = |(above, alphabet): (&i16, &Alphabet)| {
                    u8::try_from(above + shift).ok().and_then(|pitch| alphabet.symbol(Some(pitch)))
                };
                chord.iter().zip(alphabets).map(symbol).collect()
            })
            .collect();
        symbols.sort_unstable();
        symbols.dedup();
        symbols
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voicing_is_the_same_in_every_key_and_a_harmony_above_every_tonic() {
        let c_major = [Some(72), Some(67), Some(64), Some(48)];
        let d_major = c_major.map(|p| p.map(|p| p + 2));
        assert_eq!(voicing_code(&c_major), voicing_code(&d_major));
        assert_eq!(harmony_code(&c_major, Some((0, false))), harmony_code(&d_major, Some((2, false))));
        assert_ne!(harmony_code(&c_major, Some((0, false))), harmony_code(&c_major, Some((7, false))));
        assert_eq!(voicing_code(&[Some(60), None]), WITH_REST);
    }
}
