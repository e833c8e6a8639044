//! How the voices, their symbols and all that is known beside them are numbered.
//!
//! Pitches are counted from the tonic: a piece is read as if it stood in C major or A minor, so each voice has room for
//! six semitones beyond its range on both sides.

use etude_piece::alphabet::Alphabet;
use etude_piece::score::Key;

/// Room that a voice has below and above its range, together.
const ROOM: usize = 12;
/// Half of it, and how far a key is at most from that in which pieces are read.
pub(super) const HALF: i32 = 6;
/// The widest interval, in semitones.
pub(super) const REACH: i32 = 24;
/// Classes of intervals: down, up, none, and unknown.
const INTERVALS: usize = 2 * REACH as usize + 2;
/// The widest move of another voice that is told from wider ones.
const WIDEST_MOVE: i32 = 9;
/// Classes of an interval modulo 12 and a move together, and unknown.
const MOVES: usize = 12 * (2 * WIDEST_MOVE as usize + 1) + 1;
/// Classes of how long a voice has held.
pub(super) const HELD: usize = 9;
/// Classes of the distance to the edges of phrases.
const EDGES: usize = 8;
/// Major and minor.
const MODES: usize = 2;
/// How far the key may lie from that in which pieces are read.
const KEYS: usize = 12;

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

    /// What a voice's head reads: see [`Layout::around`].
    pub(super) fn head(&self) -> Vec<usize> {
        let voices = || (0..self.voices()).map(|voice| self.symbols(voice) + 2);
        let intervals = std::iter::repeat_n(INTERVALS, 3 * self.voices());
        voices().chain(voices()).chain(voices()).chain(intervals).chain(self.known()).collect()
    }

    /// All voices of the step, of the one before and of the one after, and how far each lies from the voice's own pitch of
    /// the step before.
    pub(super) fn around(&self, voice: usize, steps: [&[u32]; 3], fields: &mut Vec<u32>) {
        let voices = steps.into_iter().flat_map(|step| step.iter().copied().enumerate());
        fields.extend(voices.clone().map(|(_, symbol)| symbol));
        let own = self.height(voice, steps[1][voice]);
        fields.extend(voices.map(|(other, symbol)| match (own, self.height(other, symbol)) {
            (Some(own), Some(other)) => ((other - own).clamp(-REACH, REACH) + REACH) as u32,
            _ => INTERVALS as u32 - 1,
        }));
    }

    /// What goes straight to a voice's odds: for each voice, the interval in which it stood and how it moved together.
    pub(super) fn moves(&self) -> Vec<usize> {
        vec![MOVES; self.voices()]
    }

    /// The same of a step and the one before: in which interval modulo 12 each other voice stood to this one, and by how much it
    /// moved; where parallel fifths and octaves lurk.
    pub(super) fn moved(&self, voice: usize, now: &[u32], last: &[u32], fields: &mut Vec<u32>) {
        let own = self.height(voice, last[voice]);
        fields.extend((0..self.voices()).map(|other| {
            // Its own move is asked for, and never shown.
            match (own, self.height(other, last[other]), self.height(other, now[other])) {
                (Some(own), Some(before), Some(now)) => {
                    let up = (now - before).clamp(-WIDEST_MOVE, WIDEST_MOVE) + WIDEST_MOVE;
                    ((own - before).rem_euclid(12) * (2 * WIDEST_MOVE + 1) + up) as u32
                }
                _ => MOVES as u32 - 1,
            }
        }));
    }

    /// A symbol as a pitch, counted from anywhere; `None` for rests and what isn't known.
    fn height(&self, voice: usize, symbol: u32) -> Option<i32> {
        let pitch = symbol as usize + 1 < self.symbols(voice);
        pitch.then(|| symbol as i32 + i32::from(self.ranges[voice].0))
    }

    /// Values of a head before the interval is added to the pitch.
    pub(super) fn outputs(&self, voice: usize) -> usize {
        self.symbols(voice) + INTERVALS - 1
    }

    fn known(&self) -> impl Iterator<Item = usize> {
        std::iter::repeat_n(HELD, self.voices()).chain([self.quarter, EDGES, MODES, KEYS])
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
