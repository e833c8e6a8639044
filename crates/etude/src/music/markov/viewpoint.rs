//! The viewpoints: for each of the two questions, several ways to look at a cell, each a ladder of contexts.
//!
//! A viewpoint lists features, the most telling first. Its j-th context is the first j of them, so backing off
//! drops the last. The lists were chosen on the validation chorales; each one earns its place there.

use super::feature::{FEATURES, Feature, Row, pitch, word};
use super::past::REST;
use Feature::{
    AllOnsets, Beat, Chord, ChordDegrees, ChordWide, Clash, Degree, Degree1, Duration1, Duration2,
    FirstMotion, FirstWide, Former, FormerDegrees, FormerWide, Held, Interval1, Interval2, Interval3, Mode,
    Motions, Moved, Onsets, Pitch, SecondMotion, SecondWide, Sounding, SoundingSet, Start, Tonic, Voice,
    Waiting,
};

/// How a viewpoint names what it predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Whether the voice holds its pitch.
    Hold,
    /// The new pitch as an interval from the voice's last.
    Interval,
    /// The new pitch's class above the tonic.
    Degree,
    /// The new pitch itself.
    Absolute,
    /// The new pitch's class above the first decided cell.
    OverFirst,
    /// The new pitch's class above the cell decided last.
    OverLast,
}

/// One way to look at a cell.
#[derive(Debug, Clone, Copy)]
pub struct Viewpoint {
    /// What it predicts.
    pub answer: Answer,
    /// The features of its richest context, the last to be dropped first.
    pub features: &'static [Feature],
}

const fn view(answer: Answer, features: &'static [Feature]) -> Viewpoint {
    Viewpoint { answer, features }
}

/// First question: does the voice hold?
pub const HOLD: &[Viewpoint] = &[
    view(Answer::Hold, &[Voice, Beat, Held, Duration1, Onsets, Duration2, Interval1]),
    view(Answer::Hold, &[Voice, Beat, Start, Moved, AllOnsets, Held]),
    view(Answer::Hold, &[Voice, Beat, Moved, Chord, Held, Motions, Waiting]),
    view(Answer::Hold, &[Voice, Chord, Motions, Sounding, Beat]),
    view(Answer::Hold, &[Voice, Beat, Moved, SoundingSet, Held]),
    view(Answer::Hold, &[Moved, Beat, Clash, Held, Voice]),
    view(Answer::Hold, &[Voice, Beat, Degree, Moved, Held, Interval1, Interval2]),
    view(Answer::Hold, &[Voice, Beat, FormerDegrees, Moved, ChordDegrees]),
];

/// Second question: it moves, but where to?
pub const WHITHER: &[Viewpoint] = &[
    view(Answer::Interval, &[Voice, Interval1, Beat, Interval2, Duration1, Interval3]),
    view(Answer::Interval, &[Voice, SoundingSet, Motions]),
    view(Answer::Interval, &[Voice, Motions, Chord, Interval1]),
    view(Answer::Interval, &[Voice, FirstMotion, FirstWide, SecondMotion, SecondWide, Beat]),
    view(Answer::Interval, &[Voice, ChordWide, Interval1, FormerWide]),
    view(Answer::OverLast, &[Voice, Chord, Former]),
    view(Answer::OverFirst, &[Voice, Chord]),
    view(Answer::Degree, &[Voice, Mode, ChordDegrees, Degree, Degree1, Beat]),
    view(Answer::Degree, &[Mode, ChordDegrees, FormerDegrees, Degree]),
    view(Answer::Absolute, &[Voice, Tonic, ChordDegrees, Pitch]),
];

/// The two questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Does the voice hold its pitch?
    Hold,
    /// Where does it move?
    Whither,
}

impl Question {
    /// The viewpoints that answer it.
    pub fn viewpoints(self) -> &'static [Viewpoint] {
        match self {
            Question::Hold => HOLD,
            Question::Whither => WHITHER,
        }
    }
}

/// The symbol of holding.
pub const HELD: u8 = 1;
/// The symbol of moving.
pub const MOVED: u8 = 0;
/// The symbol of falling silent, above all intervals and classes.
const SILENT: u8 = 255;

impl Viewpoint {
    /// Hashes of this viewpoint's contexts, the poorest first: none of its features, one, two, … all.
    pub fn contexts<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = u32> + 'a {
        let name = self.features.iter().fold(self.answer as u32, |hash, feature| mix(hash, *feature as u32));
        let ladder = self.features.iter().scan(name, move |hash, feature| {
            *hash = mix(*hash, row[*feature as usize]);
            Some(*hash)
        });
        std::iter::once(name).chain(ladder)
    }

    /// What this viewpoint calls `cell`, a pitch number, in the place described by `row`.
    pub fn symbol(&self, row: &Row, cell: i16) -> u8 {
        let at = |feature: Feature| pitch(row[feature as usize]);
        let class = |reference: i16| (cell - reference).rem_euclid(12) as u8;
        let tonic = (row[Tonic as usize] / 2) as i16;
        let over = |feature: Feature| if at(feature) > REST { class(at(feature)) } else { class(tonic) };
        match self.answer {
            Answer::Hold => {
                if cell == at(Pitch) {
                    HELD
                } else {
                    MOVED
                }
            }
            _ if cell == REST => SILENT,
            Answer::Interval => (cell - at(Feature::Reference) + 127) as u8,
            Answer::Degree => class(tonic),
            Answer::Absolute => word(cell) as u8,
            Answer::OverFirst => over(Feature::FirstPitch),
            Answer::OverLast => over(Feature::LastPitch),
        }
    }
}

/// Mixes one more number into a hash: the finaliser of Steele, Lea & Flood's SplitMix (2014).
fn mix(hash: u32, value: u32) -> u32 {
    let word = (u64::from(hash) << 32 | u64::from(value)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    let word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (word >> 32) as u32
}

/// A number that changes when the viewpoints do; a stored model carries it.
pub fn fingerprint() -> u32 {
    let ladders = HOLD.iter().chain(WHITHER).flat_map(|viewpoint| viewpoint.contexts(&[0; FEATURES]));
    ladders.fold(1, mix)
}
