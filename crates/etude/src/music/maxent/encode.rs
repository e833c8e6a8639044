//! A grid as the model reads it: symbols, and for each step its place in the beat, the phrase and the key.

use super::layout::KEYS;
use etude_piece::alphabet::Alphabet;
use etude_piece::score::{Frame, Grid, Key};

/// A piece in symbols.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// Steps, T.
    pub steps: usize,
    /// Voices, V.
    pub voices: usize,
    /// Symbols, row-major (T, V).
    pub x: Vec<u8>,
    /// What is known beforehand.
    pub context: Context,
}

/// What is known of every step before any note is.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// Position in the quarter, 0..positions, shape (T).
    pub beat: Vec<u8>,
    /// Distance to the edges of the phrase, see [`edge`], shape (T).
    pub edge: Vec<u8>,
    /// The key's class: tonic, + 12 in minor, 24 if unknown.
    pub key: u8,
}

impl Context {
    /// The context of a frame in `key`.
    pub fn new(frame: &Frame, key: Option<Key>, positions: usize) -> Self {
        let position = |t: usize| (t + positions - frame.pickup % positions) % positions;
        Self {
            beat: (0..frame.steps).map(|t| position(t) as u8).collect(),
            edge: (0..frame.steps).map(|t| edge(frame, t)).collect(),
            key: key.map_or(KEYS as u8 - 1, key_class),
        }
    }

    /// The tonic's pitch class and whether the key is minor; `None` if unknown.
    pub fn tonic(&self) -> Option<(u8, bool)> {
        (self.key < 24).then_some((self.key % 12, self.key >= 12))
    }
}

/// The class of a key, 0..24.
pub fn key_class(key: Key) -> u8 {
    key.tonic_class() + if key.mode.is_minor() { 12 } else { 0 }
}

/// Where a step stands between the edges: 0, 1, 2 for the last three quarters of the piece, 3, 4 for the last two
/// before an inner fermata's end, 5 and 6 for the first two of the piece, 7 elsewhere.
pub fn edge(frame: &Frame, step: usize) -> u8 {
    let quarter = frame.steps_per_quarter;
    let left = (frame.steps - 1 - step) / quarter;
    if left < 3 {
        return left as u8;
    }
    let next = frame.fermatas.partition_point(|&end| end <= step);
    if let Some(&end) = frame.fermatas.get(next) {
        let left = (end - 1 - step) / quarter;
        if left < 2 {
            return 3 + left as u8;
        }
    }
    let passed = step / quarter;
    if passed < 2 { 5 + passed as u8 } else { 7 }
}

/// The symbols of a grid, or the first cell (step, voice) that an alphabet lacks.
pub fn encode(grid: &Grid, alphabets: &[Alphabet], key: Key) -> Result<Encoded, (usize, usize)> {
    let voices = grid.voices();
    let mut x = Vec::with_capacity(grid.steps() * voices);
    for step in 0..grid.steps() {
        for (voice, alphabet) in alphabets.iter().enumerate() {
            x.push(alphabet.symbol(grid.at(step, voice).pitch).ok_or((step, voice))?);
        }
    }
    let context = Context::new(&grid.frame, Some(key), grid.frame.steps_per_quarter);
    Ok(Encoded { steps: grid.steps(), voices, x, context })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_count_quarters_from_the_ends_and_fermatas() {
        let frame = Frame { fermatas: vec![32, 64], ..Frame::sixteenths(1, 64) };
        let classes: Vec<u8> = (0..16).map(|quarter| edge(&frame, 4 * quarter + 1)).collect();
        assert_eq!(classes, [5, 6, 7, 7, 7, 7, 4, 3, 7, 7, 7, 7, 7, 2, 1, 0]);
    }

    #[test]
    fn positions_count_from_the_first_full_bar() {
        let frame = Frame { pickup: 2, ..Frame::sixteenths(1, 8) };
        assert_eq!(Context::new(&frame, None, 4).beat, [2, 3, 0, 1, 2, 3, 0, 1]);
    }
}
