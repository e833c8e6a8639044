//! Frames of 88 keys, and what of them is given.

use crate::error::{Error, Result};
use etude_piece::piece::Piece;
use etude_piece::roll::Roll;
use etude_piece::score::{Key, Pitch};

/// Keys of a piano.
pub const KEYS: usize = 88;

/// The MIDI number of the lowest one, A0.
pub const LOWEST: u8 = 21;

/// All keys.
pub const ALL: Frame = (1 << KEYS) - 1;

/// The keys that sound, bit 0 for the lowest.
pub type Frame = u128;

/// Whether a key sounds.
pub fn sounds(frame: Frame, key: usize) -> bool {
    frame >> key & 1 == 1
}

/// The keys that sound, from low to high.
pub fn sounding(frame: Frame) -> impl Iterator<Item = usize> {
    let mut rest = frame;
    std::iter::from_fn(move || {
        let key = rest.trailing_zeros() as usize;
        rest &= rest.wrapping_sub(1);
        (key < 128).then_some(key)
    })
}

/// The frames of a piece; a score is laid on `steps` frames in a quarter note.
///
/// # Errors
///
/// A text, a score without notes, and notes that a piano hasn't.
pub fn frames(piece: &Piece, steps: usize) -> Result<Vec<Frame>> {
    let laid;
    let roll = match piece {
        Piece::Roll(roll) => roll,
        Piece::Score(score) => {
            laid = Roll::of_score(score, steps)?;
            &laid
        }
        Piece::Text(_) => return Err(Error::usage("a text", "a score, or a corpus of rolls in JSON")),
        Piece::Strokes(_) => return Err(Error::usage("a drawing", "a score, or a corpus of rolls in JSON")),
    };
    let frame = |(at, &keys): (usize, &u128)| {
        let frame = keys >> LOWEST;
        if frame & !ALL == 0 && keys.trailing_zeros() >= u32::from(LOWEST) {
            return Ok(frame);
        }
        let stranger = etude_piece::roll::keys(keys & !(ALL << LOWEST)).next().unwrap_or_default();
        let found = format!("frame {}: MIDI number {stranger}", at + 1);
        Err(Error::usage(found, "a piano's keys are 21 to 108"))
    };
    roll.frames.iter().enumerate().map(frame).collect()
}

/// A roll of frames.
pub fn roll(frames: &[Frame]) -> Roll {
    Roll { frames: frames.iter().map(|frame| frame << LOWEST).collect() }
}

/// What a person reads of a frame, such as `C4 E4 G4`.
pub fn text(frame: Frame) -> String {
    let name = |key| Pitch::spell(LOWEST + key as u8, Key::C_MAJOR).to_string();
    match frame {
        0 => "silence".to_owned(),
        _ => sounding(frame).map(name).collect::<Vec<_>>().join(" "),
    }
}

/// What is given of a frame; what is in neither set is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pins {
    /// Keys that sound.
    pub on: Frame,
    /// Keys that don't.
    pub off: Frame,
}

impl Pins {
    /// Whether a frame is as given.
    pub fn allow(self, frame: Frame) -> bool {
        frame & self.on == self.on && frame & self.off == 0
    }

    /// Whether nothing is given.
    pub fn is_open(self) -> bool {
        self.on | self.off == 0
    }
}
