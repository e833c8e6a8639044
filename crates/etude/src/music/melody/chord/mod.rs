//! Chord symbols as lead sheets have them: `Am7`, `F#m7b5`, `Bbmaj7`, `G7sus4`, `D/F#`, `C6/9`, `Eb7#9b13`, `Cø7`, `N.C.`.
//!
//! A symbol is a root, a triad, perhaps a seventh, and a row of additions and alterations. Reading goes from left to
//! right and always takes the longest word that it knows; writing finds the nearest chord with a name and adds what
//! differs, so that what is written reads as the same chord.

mod quality;

#[cfg(test)]
mod tests;

use etude_piece::score::pitch::read_name;
use etude_piece::score::{Key, Pitch, Step};
use quality::Quality;

/// The longest symbol that is read, in bytes: hostile files have longer ones.
const LONGEST: usize = 64;

/// A chord: what sounds, in any octave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The root's pitch class, 0..=11, C = 0.
    pub root: u8,
    /// Its pitch classes, bit `n` for class `n`; none for [`Chord::NONE`].
    pub classes: u16,
    /// The pitch class of the lowest note, 0..=11.
    pub bass: u8,
}

/// How many [`Chord::family`] tells apart.
pub const FAMILIES: usize = 6;

/// Chords with names of their own: what follows the root, and semitones above it. The first name of a set is written.
const NAMED: [(&str, &[u8]); 34] = [
    ("", &[0, 4, 7]),
    ("m", &[0, 3, 7]),
    ("7", &[0, 4, 7, 10]),
    ("m7", &[0, 3, 7, 10]),
    ("maj7", &[0, 4, 7, 11]),
    ("dim", &[0, 3, 6]),
    ("m7b5", &[0, 3, 6, 10]),
    ("dim7", &[0, 3, 6, 9]),
    ("aug", &[0, 4, 8]),
    ("sus4", &[0, 5, 7]),
    ("sus2", &[0, 2, 7]),
    ("7sus4", &[0, 5, 7, 10]),
    ("6", &[0, 4, 7, 9]),
    ("m6", &[0, 3, 7, 9]),
    ("mmaj7", &[0, 3, 7, 11]),
    ("aug7", &[0, 4, 8, 10]),
    ("augmaj7", &[0, 4, 8, 11]),
    ("9", &[0, 2, 4, 7, 10]),
    ("m9", &[0, 2, 3, 7, 10]),
    ("maj9", &[0, 2, 4, 7, 11]),
    ("6/9", &[0, 2, 4, 7, 9]),
    ("m6/9", &[0, 2, 3, 7, 9]),
    ("add9", &[0, 2, 4, 7]),
    ("madd9", &[0, 2, 3, 7]),
    ("9sus4", &[0, 2, 5, 7, 10]),
    ("7b9", &[0, 1, 4, 7, 10]),
    ("7#9", &[0, 3, 4, 7, 10]),
    ("7b5", &[0, 4, 6, 10]),
    ("13", &[0, 2, 4, 7, 9, 10]),
    ("m11", &[0, 2, 3, 5, 7, 10]),
    ("maj7#11", &[0, 4, 6, 7, 11]),
    ("7#11", &[0, 4, 6, 7, 10]),
    ("dimmaj7", &[0, 3, 6, 11]),
    ("5", &[0, 7]),
];

/// How `add…` and `no…` name each number of semitones above the root.
const DEGREES: [&str; 12] = ["1", "b9", "9", "#9", "3", "11", "#11", "5", "b13", "13", "b7", "7"];

impl Chord {
    /// No chord: `N.C.`
    pub const NONE: Self = Self { root: 0, classes: 0, bass: 0 };

    /// The chord of these semitones above a root, the root lowest.
    pub fn new(root: u8, intervals: &[u8]) -> Self {
        let root = root % 12;
        let classes = intervals.iter().fold(0, |set, interval| set | 1 << ((root + interval) % 12));
        Self { root, classes, bass: root }
    }

    /// Whether it is no chord.
    pub fn is_none(self) -> bool {
        self.classes == 0
    }

    /// The classes as semitones above the root, bit `n` for `n`.
    pub fn intervals(self) -> u16 {
        rotate(self.classes, 12 - self.root)
    }

    /// The same chord, `semitones` higher.
    #[must_use]
    pub fn transposed(self, semitones: i32) -> Self {
        if self.is_none() {
            return self;
        }
        let up = semitones.rem_euclid(12) as u8;
        Self { root: (self.root + up) % 12, classes: rotate(self.classes, up), bass: (self.bass + up) % 12 }
    }

    /// What kind of chord it is, below [`FAMILIES`]: major, dominant, minor, minor seventh, diminished (half, too), other.
    pub fn family(self) -> usize {
        let intervals = self.intervals();
        let has = |interval: u8| intervals >> interval & 1 == 1;
        match (has(4), has(3), has(7), has(10)) {
            (true, _, true, false) => 0,
            (true, _, _, true) => 1,
            (false, true, true, false) => 2,
            (false, true, true, true) => 3,
            (false, true, false, _) if has(6) => 4,
            _ => 5,
        }
    }

    /// The symbol, spelled in a key.
    pub fn symbol(self, key: Key) -> String {
        if self.is_none() {
            return "N.C.".to_owned();
        }
        let intervals = self.intervals();
        let set = |named: &[u8]| named.iter().fold(0u16, |set, interval| set | 1 << interval);
        let unlike = |named: &[u8]| (set(named) ^ intervals).count_ones();
        let (name, nearest) =
            NAMED.iter().min_by_key(|(_, named)| unlike(named)).expect("there are named chords");
        let mut quality = (*name).to_owned();
        let differing = |these: u16, those: u16| (0..12).filter(move |n| these >> n & !(those >> n) & 1 == 1);
        for interval in differing(set(nearest), intervals) {
            quality.push_str(&format!("(no{})", DEGREES[interval]));
        }
        // What is left out may take a neighbour along: `no3` drops both thirds.
        let left = Quality::read(&quality).map_or(0, |quality| quality.set);
        for interval in differing(intervals, left) {
            quality.push_str(&format!("(add{})", DEGREES[interval]));
        }
        let mut symbol = class_name(self.root, key) + &quality;
        if self.bass != self.root {
            symbol.push('/');
            symbol.push_str(&class_name(self.bass, key));
        }
        symbol
    }

    /// Reads a symbol; `None` for what is no chord symbol. `N.C.` reads as [`Chord::NONE`].
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let plain: String = text.chars().filter_map(plain).collect();
        if ["N.C.", "NC", "N.C", "n.c."].contains(&plain.as_str()) {
            return Some(Self::NONE);
        }
        let first = plain.chars().next()?;
        if !first.is_ascii_uppercase() {
            return None;
        }
        let (step, alter, rest) = read_name(&plain)?;
        let root = class(step, alter);
        let (quality, bass) = match rest.rsplit_once('/') {
            Some((quality, bass)) if bass.starts_with(|c: char| c.is_ascii_uppercase()) => {
                let (step, alter, rest) = read_name(bass)?;
                if !rest.is_empty() {
                    return None;
                }
                (quality, Some(class(step, alter)))
            }
            _ => (rest, None),
        };
        let classes = rotate(Quality::read(quality)?.set, root);
        // A bass of its own sounds as well.
        let classes = bass.map_or(classes, |bass| classes | 1 << bass);
        Some(Self { root, classes, bass: bass.unwrap_or(root) })
    }
}

/// Signs of one meaning as one sign; blanks are left out.
fn plain(sign: char) -> Option<char> {
    match sign {
        _ if sign.is_whitespace() => None,
        '♯' | '＃' => Some('#'),
        '♭' => Some('b'),
        '−' | '–' => Some('-'),
        '△' | '∆' => Some('Δ'),
        'Ø' => Some('ø'),
        'º' | '˚' => Some('°'),
        _ => Some(sign),
    }
}

/// The pitch class of a name.
fn class(step: Step, alter: i8) -> u8 {
    (i32::from(step.semitones()) + i32::from(alter)).rem_euclid(12) as u8
}

/// The name of a pitch class in a key.
fn class_name(class: u8, key: Key) -> String {
    let pitch = Pitch::spell(60 + class % 12, key);
    pitch.to_string().trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned()
}

/// A set of classes, all `up` semitones higher.
fn rotate(classes: u16, up: u8) -> u16 {
    let wide = u32::from(classes & 0xfff) << (up % 12);
    ((wide | wide >> 12) & 0xfff) as u16
}
