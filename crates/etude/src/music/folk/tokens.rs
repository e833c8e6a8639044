//! The symbols that a tune is written in.
//!
//! | symbols | meaning |
//! |---|---|
//! | `END` | the tune is finished |
//! | `\|` `\|:` `:\|` `[1` `[2` | bar line, begin and end of a repeated part, its two endings |
//! | `\|\|` | a part ends that no repeat sign parts from the next |
//! | `M:6/8` | the metre |
//! | `K:dorian` | the mode; the tonic is always C |
//! | `u1/2` | a part begins with an upbeat of half a quarter note |
//! | `z` `-` `G4` | a rest; the note before goes on; a pitch, as if the key were C major |
//! | `1/2` | the duration of the rest, tie or pitch before, in quarter notes |
//!
//! Tunes lie so that their lowest note is one from E♭3 to D4: where its tonic is a tune's lowest note that is C4, where a tune
//! reaches down to the fifth below, G3.
//!
//! Pitches are written as degrees: the third of any mode is E, as major's is, and what major has and the mode hasn't takes the
//! name that came free, such as E♭ for a major third in the minor mode. So tunes of all modes have most of their turns in common.

use etude_piece::score::{Beats, Metre, Mode, Pitch};
use std::fmt;

/// Ticks in a quarter note: all durations are whole numbers of ticks.
pub const QUARTER: u16 = 48;

/// The lowest pitch as a MIDI number, E♭3. It and the highest are such that [`moved`] leads from none of them to another pitch.
pub const LOWEST: u8 = 51;

/// How many pitches there are, up to G6.
pub const PITCHES: usize = 41;

/// All metres: count and unit.
pub const METRES: [(u32, u32); 10] =
    [(2, 2), (2, 4), (3, 4), (4, 4), (6, 8), (9, 8), (12, 8), (3, 8), (3, 2), (6, 4)];

/// All durations, in ticks: from a sixty-fourth to six quarters; those of triplets are no multiple of three.
pub const DURATIONS: [u16; 26] =
    [2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 42, 48, 54, 60, 72, 84, 96, 108, 120, 144, 168, 192, 216, 288];

/// All upbeats, in ticks: multiples of a sixteenth.
pub const UPBEATS: [u16; 14] = [12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 192, 240];

/// Where each kind of symbol begins in the alphabet.
const METRE: usize = 7;
const MODE: usize = METRE + METRES.len();
const UPBEAT: usize = MODE + Mode::ALL.len();
const REST: usize = UPBEAT + UPBEATS.len();
const TIE: usize = REST + 1;
const PITCH: usize = TIE + 1;
const DURATION: usize = PITCH + PITCHES;

/// Symbols of the alphabet, Q.
pub const SYMBOLS: usize = DURATION + DURATIONS.len();

/// A symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// The tune is finished.
    End,
    /// A plain bar line.
    Bar,
    /// A repeated part begins.
    Open,
    /// What is repeated ends.
    Close,
    /// What is only played the first time begins.
    First,
    /// What is played the second time instead begins.
    Second,
    /// A part ends, and another begins, and neither has a repeat sign there.
    Double,
    /// An entry of [`METRES`].
    Metre(usize),
    /// An entry of [`Mode::ALL`].
    Mode(usize),
    /// The part begins with so many ticks before its first full bar.
    Upbeat(u16),
    /// A rest begins.
    Rest,
    /// The note before goes on.
    Tie,
    /// A note begins: its MIDI number as if the key were C major, or in a [`Tune`](super::tune::Tune) as if the tonic were C.
    Pitch(u8),
    /// How many ticks it lasts.
    Duration(u16),
}

impl Token {
    /// Its number in the alphabet, below [`SYMBOLS`]; `None` for values that the tables don't have.
    pub fn symbol(self) -> Option<usize> {
        let place = |table: &[u16], ticks: u16| table.iter().position(|&entry| entry == ticks);
        match self {
            Self::End => Some(0),
            Self::Bar => Some(1),
            Self::Open => Some(2),
            Self::Close => Some(3),
            Self::First => Some(4),
            Self::Second => Some(5),
            Self::Double => Some(6),
            Self::Metre(index) => (index < METRES.len()).then_some(METRE + index),
            Self::Mode(index) => (index < Mode::ALL.len()).then_some(MODE + index),
            Self::Upbeat(ticks) => place(&UPBEATS, ticks).map(|index| UPBEAT + index),
            Self::Rest => Some(REST),
            Self::Tie => Some(TIE),
            Self::Pitch(midi) => {
                let index = usize::from(midi.checked_sub(LOWEST)?);
                (index < PITCHES).then_some(PITCH + index)
            }
            Self::Duration(ticks) => place(&DURATIONS, ticks).map(|index| DURATION + index),
        }
    }

    /// The token of a number below [`SYMBOLS`].
    pub fn of(symbol: usize) -> Option<Self> {
        Some(match symbol {
            0 => Self::End,
            1 => Self::Bar,
            2 => Self::Open,
            3 => Self::Close,
            4 => Self::First,
            5 => Self::Second,
            6 => Self::Double,
            REST => Self::Rest,
            TIE => Self::Tie,
            METRE..MODE => Self::Metre(symbol - METRE),
            MODE..UPBEAT => Self::Mode(symbol - MODE),
            UPBEAT..REST => Self::Upbeat(UPBEATS[symbol - UPBEAT]),
            PITCH..DURATION => Self::Pitch(LOWEST + (symbol - PITCH) as u8),
            DURATION..SYMBOLS => Self::Duration(DURATIONS[symbol - DURATION]),
            _ => return None,
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::End => f.write_str("END"),
            Self::Bar => f.write_str("|"),
            Self::Open => f.write_str("|:"),
            Self::Close => f.write_str(":|"),
            Self::First => f.write_str("[1"),
            Self::Second => f.write_str("[2"),
            Self::Double => f.write_str("||"),
            Self::Metre(index) => write!(f, "M:{}", metre(index)),
            Self::Mode(index) => write!(f, "K:{}", Mode::ALL[index].name()),
            Self::Upbeat(ticks) => write!(f, "u{}", beats(ticks)),
            Self::Rest => f.write_str("z"),
            Self::Tie => f.write_str("-"),
            Self::Pitch(midi) => {
                write!(f, "{}", Pitch::spell(midi, etude_piece::score::Key::C_MAJOR))
            }
            Self::Duration(ticks) => write!(f, "{}", beats(ticks)),
        }
    }
}

/// A metre of the table.
///
/// # Panics
///
/// An index beyond the table.
pub fn metre(index: usize) -> Metre {
    let (count, unit) = METRES[index];
    Metre::new(count, unit).expect("the table's metres are legal")
}

/// The pitch that stands for another in a mode of the table: each degree of the mode for that of major and the other way round.
pub fn moved(midi: u8, mode: usize) -> u8 {
    // Classes (C = 0) that change places with the next.
    let lower: &[u8] = match Mode::ALL[mode] {
        Mode::Major => &[],
        Mode::Dorian => &[3, 10],
        Mode::Phrygian => &[1, 3, 8, 10],
        Mode::Lydian => &[5],
        Mode::Mixolydian => &[10],
        Mode::Minor => &[3, 8, 10],
        Mode::Locrian => &[1, 3, 6, 8, 10],
    };
    let is_lower = |midi: u8| lower.contains(&(midi % 12));
    match (is_lower(midi), midi.checked_sub(1).is_some_and(is_lower)) {
        (true, _) => midi + 1,
        (_, true) => midi - 1,
        _ => midi,
    }
}

/// Ticks of a full bar of a metre of the table.
pub fn bar_ticks(index: usize) -> u16 {
    let (count, unit) = METRES[index];
    (count * 4 * u32::from(QUARTER) / unit) as u16
}

/// Ticks as quarter notes.
pub fn beats(ticks: u16) -> Beats {
    Beats::new(i64::from(ticks), i64::from(QUARTER))
}

/// Quarter notes as ticks, where they are a whole number of them and fewer than 2¹⁶.
pub fn ticks(beats: Beats) -> Option<u16> {
    u16::try_from(beats.exact_div(Beats::new(1, i64::from(QUARTER)))?).ok()
}

/// Symbols as a person reads them, parted by blanks.
pub fn show(symbols: &[u32]) -> String {
    let shown: Vec<String> = symbols
        .iter()
        .map(|&symbol| Token::of(symbol as usize).map_or("?".to_owned(), |token| token.to_string()))
        .collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Key;

    #[test]
    fn every_symbol_is_a_token_and_back() {
        for symbol in 0..SYMBOLS {
            assert_eq!(Token::of(symbol).and_then(Token::symbol), Some(symbol));
        }
        assert_eq!(Token::of(SYMBOLS), None);
    }

    #[test]
    fn each_scale_is_written_as_the_major_one_and_comes_back() {
        for (index, mode) in Mode::ALL.into_iter().enumerate() {
            for midi in LOWEST..LOWEST + PITCHES as u8 {
                let written = moved(midi, index);
                assert_eq!(moved(written, index), midi);
                assert!(Token::Pitch(written).symbol().is_some(), "{midi} {mode:?}");
                let is_degree = |midi: u8, mode| Key::on_class(0, mode).scale() >> (midi % 12) & 1 == 1;
                assert_eq!(is_degree(midi, mode), is_degree(written, Mode::Major), "{midi} {mode:?}");
            }
        }
    }

    #[test]
    fn no_two_symbols_look_alike() {
        let mut shown: Vec<String> = (0..SYMBOLS as u32).map(|symbol| show(&[symbol])).collect();
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), SYMBOLS);
    }

    #[test]
    fn what_the_tables_lack_is_no_symbol() {
        for token in
            [Token::Pitch(50), Token::Pitch(92), Token::Duration(5), Token::Upbeat(7), Token::Metre(10)]
        {
            assert_eq!(token.symbol(), None);
        }
    }
}
