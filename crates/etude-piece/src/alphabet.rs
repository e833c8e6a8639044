//! The alphabet of a voice: what its cells may be, in a fixed order.

/// Symbols of one voice: its pitches from low to high, then the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    /// Ascending MIDI numbers.
    pitches: Vec<u8>,
    /// Index by MIDI number; [`NONE`] for what isn't in the alphabet.
    index: [u8; 128],
}

const NONE: u8 = u8::MAX;

impl Alphabet {
    /// The alphabet of these pitches (any order, repeats allowed) and the rest.
    pub fn new(pitches: impl IntoIterator<Item = u8>) -> Self {
        let mut pitches: Vec<u8> = pitches.into_iter().filter(|&p| p < 128).collect();
        pitches.sort_unstable();
        pitches.dedup();
        let mut index = [NONE; 128];
        for (i, &pitch) in pitches.iter().enumerate() {
            index[usize::from(pitch)] = i as u8;
        }
        Self { pitches, index }
    }

    /// Every pitch from `low` to `high`, both included, and the rest.
    pub fn range(low: u8, high: u8) -> Self {
        Self::new(low..=high)
    }

    /// The number of symbols Q, the rest included: 1..=129.
    pub fn len(&self) -> usize {
        self.pitches.len() + 1
    }

    /// Whether it holds the rest alone.
    pub fn is_empty(&self) -> bool {
        self.pitches.is_empty()
    }

    /// The symbol of the rest, Q - 1.
    pub fn rest(&self) -> u8 {
        self.pitches.len() as u8
    }

    /// The symbol of a pitch or rest, if the alphabet has it.
    pub fn symbol(&self, pitch: Option<u8>) -> Option<u8> {
        match pitch {
            None => Some(self.rest()),
            Some(pitch) => self.index.get(usize::from(pitch)).copied().filter(|&s| s != NONE),
        }
    }

    /// The pitch of a symbol, or `None` for the rest.
    pub fn pitch(&self, symbol: u8) -> Option<u8> {
        self.pitches.get(usize::from(symbol)).copied()
    }

    /// Its pitches, ascending.
    pub fn pitches(&self) -> &[u8] {
        &self.pitches
    }

    /// The lowest and highest pitch, if there is one.
    pub fn span(&self) -> Option<(u8, u8)> {
        Some((*self.pitches.first()?, *self.pitches.last()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_pitches_are_inverse() {
        let alphabet = Alphabet::new([64, 60, 64, 67]);
        assert_eq!(alphabet.len(), 4);
        for symbol in 0..4 {
            assert_eq!(alphabet.symbol(alphabet.pitch(symbol)), Some(symbol));
        }
        assert_eq!(alphabet.symbol(Some(61)), None);
        assert_eq!(alphabet.symbol(Some(200)), None);
        assert_eq!(alphabet.pitch(alphabet.rest()), None);
        assert_eq!(alphabet.span(), Some((60, 67)));
    }
}
