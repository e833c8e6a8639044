//! How the voices, their symbols and all that is known beside them are numbered.
//!
//! Pitches are counted from the tonic: a piece is read as if it stood in C major or A minor, so each voice has room for
//! six semitones beyond its range on both sides.

use etude_piece::alphabet::Alphabet;
use etude_piece::score::Key;

/// Room that a voice has below and above its range, together.
const ROOM: usize = 12;
/// Half of it, and how far a key is at most from that in which pieces are read.
const HALF: i32 = 6;
/// Classes of how long a voice has held.
pub(super) const HELD: usize = 9;
/// Classes of the distance to the edges of phrases.
const EDGES: usize = 8;
/// Major and minor.
const MODES: usize = 2;

/// Voices and sizes of a network.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// The lowest and highest pitch of each voice, (V).
    pub(super) ranges: Vec<(u8, u8)>,
    /// Steps in a quarter.
    pub(super) quarter: usize,
    /// Units of each recurrent layer, H.
    pub(super) width: usize,
    /// Hidden values of each voice's head, F.
    pub(super) inner: usize,
}

impl Layout {
    pub(super) fn voices(&self) -> usize {
        self.ranges.len()
    }

    /// Symbols that a voice may sing, Q: pitches, then the rest.
    pub(super) fn symbols(&self, voice: usize) -> usize {
        let (low, high) = self.ranges[voice];
        usize::from(high - low) + 1 + ROOM + 1
    }

    /// The symbol of a cell that isn't known.
    pub(super) fn hidden(&self, voice: usize) -> u8 {
        self.symbols(voice) as u8
    }

    /// The symbol of a cell before the beginning or after the end.
    pub(super) fn outside(&self, voice: usize) -> u8 {
        self.symbols(voice) as u8 + 1
    }

    /// The symbol of a pitch in a piece that lies so many semitones above C major or A minor.
    pub(super) fn symbol(&self, voice: usize, pitch: Option<u8>, shift: i32) -> Option<u8> {
        let rest = self.symbols(voice) as i32 - 1;
        let Some(pitch) = pitch else { return Some(rest as u8) };
        let symbol = i32::from(pitch) - shift - i32::from(self.ranges[voice].0) + HALF;
        (0..rest).contains(&symbol).then_some(symbol as u8)
    }

    /// The way back of [`Layout::symbol`]: the pitch of a symbol, or `None` for the rest.
    pub(super) fn pitch(&self, voice: usize, symbol: u8, shift: i32) -> Option<u8> {
        let pitch = i32::from(symbol) + shift + i32::from(self.ranges[voice].0) - HALF;
        u8::try_from(pitch).ok().filter(|_| usize::from(symbol) + 1 < self.symbols(voice))
    }

    /// What the two readers read of a step: the sizes of the fields.
    pub(super) fn reader(&self) -> Vec<usize> {
        let mut fields: Vec<usize> = (0..self.voices()).map(|voice| self.symbols(voice) + 2).collect();
        fields.extend(self.known());
        fields
    }

    /// What a voice's head reads: all voices of the step, its own step before and after, and what is known.
    pub(super) fn head(&self, voice: usize) -> Vec<usize> {
        let mut fields: Vec<usize> = (0..self.voices()).map(|voice| self.symbols(voice) + 2).collect();
        fields.extend([self.symbols(voice) + 2; 2]);
        fields.extend(self.known());
        fields
    }

    fn known(&self) -> impl Iterator<Item = usize> {
        std::iter::repeat_n(HELD, self.voices()).chain([self.quarter, EDGES, MODES])
    }

    /// The alphabets of the voices.
    pub(super) fn alphabets(&self) -> Vec<Alphabet> {
        self.ranges.iter().map(|&(low, high)| Alphabet::range(low, high)).collect()
    }
}

/// How many semitones a key lies above C major or A minor, −6..=5, and whether it is minor.
pub(super) fn shift(key: Key) -> (i32, bool) {
    let minor = key.mode.is_minor();
    let tonic = i32::from(key.tonic_class()) + if minor { 3 } else { 0 };
    ((tonic + HALF).rem_euclid(12) - HALF, minor)
}

/// The class of how long a voice has held, in steps; 0 for not yet.
pub(super) fn held(steps: usize) -> u32 {
    match steps {
        0..=4 => steps as u32,
        5..=6 => 5,
        7..=8 => 6,
        9..=12 => 7,
        _ => 8,
    }
}
