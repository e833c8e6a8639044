//! What the model looks at when it decides one cell: a row of numbers, the features.
//!
//! All of them follow from the [`Past`], the key, the place in the quarter and the cells already decided in this
//! step. Pitches enter relative to the voice's own last pitch or to the tonic, so that what is learnt in one key
//! holds in all; "class" means modulo the octave.

use super::key::Heard;
use super::past::{NOTHING, Past, REST, number};

/// One number in the row of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// The voice being decided.
    Voice,
    /// The step's place in the quarter, 0..4.
    Beat,
    /// Steps since the piece began, up to 8.
    Start,
    /// How long this voice has held, in classes.
    Held,
    /// How long its previous note lasted, in classes.
    Duration1,
    /// How long the note before that lasted, in classes.
    Duration2,
    /// Steps of the last 8 at which this voice changed.
    Onsets,
    /// Steps of the last 8 at which any voice changed.
    AllOnsets,
    /// From the last pitch to the note before it.
    Interval1,
    /// From the last pitch to the note before that.
    Interval2,
    /// And one more note back.
    Interval3,
    /// Which decided voices changed at this step.
    Moved,
    /// How the decided voices moved.
    Motions,
    /// How the first decided voice moved.
    FirstMotion,
    /// How the second decided voice moved.
    SecondMotion,
    /// Classes of the decided cells above the last pitch.
    Chord,
    /// The same with octaves kept.
    ChordWide,
    /// The first decided cell above the last pitch, octaves kept.
    FirstWide,
    /// The second decided cell above the last pitch, octaves kept.
    SecondWide,
    /// For each decided cell: a second, tritone or fourth, unison, or none of them to the last pitch.
    Clash,
    /// Classes of all other voices above the last pitch, one step ago.
    Former,
    /// The same with octaves kept.
    FormerWide,
    /// The same of the undecided voices alone.
    Waiting,
    /// Classes of all other voices as they stand now, decided or not.
    Sounding,
    /// The same as a set.
    SoundingSet,
    /// 1 in a minor key.
    Mode,
    /// Tonic and mode.
    Tonic,
    /// The scale degree of this voice one step ago.
    Degree,
    /// The scale degree of the note before.
    Degree1,
    /// Scale degrees of the decided cells.
    ChordDegrees,
    /// Scale degrees of all voices one step ago.
    FormerDegrees,
    /// Pitch number of this voice one step ago.
    Pitch,
    /// The last pitch that this voice sounded, 60 if it is not known: what intervals are measured from.
    Reference,
    /// Pitch number of the first decided cell.
    FirstPitch,
    /// Pitch number of the cell decided last.
    LastPitch,
}

/// How many features there are.
pub const FEATURES: usize = Feature::LastPitch as usize + 1;

/// The features of one cell, indexed by [`Feature`], shape (F); the model's odds are a function of this row alone.
pub type Row = [u32; FEATURES];

/// One cell about to be decided.
pub struct Situation<'a> {
    /// What is remembered of the steps before.
    pub past: &'a Past,
    /// The key heard in it.
    pub key: Heard,
    /// The step.
    pub time: usize,
    /// Its place in the quarter, 0..4.
    pub place: u8,
    /// Voices in the order in which a step decides them, shape (V).
    pub order: &'a [usize],
    /// Place in `order` of the voice to decide.
    pub rank: usize,
    /// The cells of this step, shape (V); only those of `order[..rank]` are looked at.
    pub now: &'a [Option<u8>],
}

impl Situation<'_> {
    /// The voice to decide.
    pub fn voice(&self) -> usize {
        self.order[self.rank]
    }

    /// The row of features.
    pub fn row(&self) -> Row {
        let (past, tonic, voices) = (self.past, self.key.tonic, self.order.len());
        let own = &past.notes[self.voice()];
        let reference = own.iter().map(|note| note.pitch).find(|pitch| *pitch > REST).unwrap_or(60);
        let decided = || (0..self.rank).map(|i| self.decided(i));
        let others = || (0..voices).filter(|i| *i != self.rank);
        let former = |i: usize| past.pitch(self.order[i]);
        let standing = |i: usize| if i < self.rank { self.decided(i) } else { former(i) };
        let last = self.rank.checked_sub(1).map_or(NOTHING, |i| self.decided(i));

        let mut row = [0; FEATURES];
        let mut set = |feature: Feature, value: u32| row[feature as usize] = value;
        set(Feature::Voice, self.voice() as u32);
        set(Feature::Beat, u32::from(self.place));
        set(Feature::Start, self.time.min(8) as u32);
        set(Feature::Held, duration(own[0].held));
        set(Feature::Duration1, duration(own[1].held));
        set(Feature::Duration2, duration(own[2].held));
        set(Feature::Onsets, u32::from(past.onsets[self.voice()]));
        set(Feature::AllOnsets, past.onsets[..voices].iter().fold(0, |all, onsets| all | u32::from(*onsets)));
        set(Feature::Interval1, interval(own[1].pitch, reference));
        set(Feature::Interval2, interval(own[2].pitch, reference));
        set(Feature::Interval3, interval(own[3].pitch, reference));
        set(
            Feature::Moved,
            (0..self.rank).fold(1, |bits, i| bits << 1 | u32::from(self.decided(i) != former(i))),
        );
        set(Feature::Motions, list((0..self.rank).map(|i| self.motion(i))));
        set(Feature::FirstMotion, self.motion(0));
        set(Feature::SecondMotion, self.motion(1));
        set(Feature::Chord, list(decided().map(|pitch| class(pitch, reference))));
        set(Feature::ChordWide, list(decided().map(|pitch| interval(pitch, reference))));
        set(Feature::FirstWide, interval(self.decided(0), reference));
        set(Feature::SecondWide, interval(self.decided(1), reference));
        set(Feature::Clash, decided().fold(1, |bits, pitch| bits << 2 | clash(class(pitch, reference))));
        set(Feature::Former, list(others().map(|i| class(former(i), reference))));
        set(Feature::FormerWide, list(others().map(|i| interval(former(i), reference))));
        set(Feature::Waiting, list((self.rank + 1..voices).map(|i| class(former(i), reference))));
        set(Feature::Sounding, list(others().map(|i| class(standing(i), reference))));
        set(Feature::SoundingSet, others().fold(0, |all, i| all | 1 << class(standing(i), reference)));
        set(Feature::Mode, self.key.minor);
        set(Feature::Tonic, tonic as u32 * 2 + self.key.minor);
        set(Feature::Degree, class(own[0].pitch, tonic) * 2 + self.key.minor);
        set(Feature::Degree1, class(own[1].pitch, tonic));
        set(Feature::ChordDegrees, list(decided().map(|pitch| class(pitch, tonic))));
        set(Feature::FormerDegrees, list((0..voices).map(|i| class(former(i), tonic))));
        set(Feature::Pitch, word(own[0].pitch));
        set(Feature::Reference, word(reference));
        set(Feature::FirstPitch, word(self.decided(0)));
        set(Feature::LastPitch, word(last));
        row
    }

    /// The pitch number of the i-th voice in order at this step, if it is decided.
    fn decided(&self, i: usize) -> i16 {
        if i < self.rank { number(self.now[self.order[i]]) } else { NOTHING }
    }

    /// The step that the i-th voice in order has just made.
    fn motion(&self, i: usize) -> u32 {
        let old = if i < self.rank { self.past.pitch(self.order[i]) } else { NOTHING };
        interval(self.decided(i), old.max(0))
    }
}

/// A pitch number as a feature.
pub fn word(pitch: i16) -> u32 {
    (pitch - NOTHING) as u32
}

/// The pitch number that [`word`] hid.
pub fn pitch(word: u32) -> i16 {
    word as i16 + NOTHING
}

/// The signed distance in semitones; rests and unknowns keep their own numbers.
fn interval(pitch: i16, reference: i16) -> u32 {
    if pitch > REST { (pitch - reference + 128) as u32 } else { word(pitch) + 1000 }
}

/// The distance in semitones modulo the octave, 0..12; an unknown is 12, a rest 13.
fn class(pitch: i16, reference: i16) -> u32 {
    if pitch > REST { (pitch - reference).rem_euclid(12) as u32 } else { word(pitch) + 12 }
}

/// How harsh an interval class is: 1 for seconds and sevenths, 2 for fourth and tritone, 3 for unison, 0 else.
fn clash(class: u32) -> u32 {
    match class {
        1 | 2 | 10 | 11 => 1,
        5 | 6 => 2,
        0 => 3,
        _ => 0,
    }
}

/// Classes of length in sixteenths: 0..=4 exact, then 5-7, 8, 9-15, 16, longer.
fn duration(steps: u8) -> u32 {
    match steps {
        0..=4 => u32::from(steps),
        5..=7 => 5,
        8 => 6,
        9..=15 => 7,
        16 => 8,
        _ => 9,
    }
}

/// A hash of a list of small numbers.
fn list(items: impl Iterator<Item = u32>) -> u32 {
    items.fold(7, |hash, item| (hash ^ item).wrapping_mul(0x9E37_79B1).rotate_left(13))
}
