//! Scales, chord symbols and cadences as sets of pitch classes: bit `n` of a `u16` stands for class `n`, C = 0.

use etude_piece::score::pitch::read_name;
use etude_piece::score::{Key, Mode, Step};

/// A chord: its pitch classes, and the class of its lowest voice if that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chord {
    pub(super) classes: u16,
    pub(super) bass: Option<u8>,
}

/// Semitones above the tonic. `minor` is the natural one with the raised sixth and seventh beside it.
const SCALES: [(&str, &[u8]); 14] = [
    ("major", &[0, 2, 4, 5, 7, 9, 11]),
    ("minor", &[0, 2, 3, 5, 7, 8, 9, 10, 11]),
    ("natural-minor", &[0, 2, 3, 5, 7, 8, 10]),
    ("harmonic-minor", &[0, 2, 3, 5, 7, 8, 11]),
    ("melodic-minor", &[0, 2, 3, 5, 7, 9, 11]),
    ("ionian", &[0, 2, 4, 5, 7, 9, 11]),
    ("dorian", &[0, 2, 3, 5, 7, 9, 10]),
    ("phrygian", &[0, 1, 3, 5, 7, 8, 10]),
    ("lydian", &[0, 2, 4, 6, 7, 9, 11]),
    ("mixolydian", &[0, 2, 4, 5, 7, 9, 10]),
    ("aeolian", &[0, 2, 3, 5, 7, 8, 10]),
    ("locrian", &[0, 1, 3, 5, 6, 8, 10]),
    ("pentatonic", &[0, 2, 4, 7, 9]),
    ("whole-tone", &[0, 2, 4, 6, 8, 10]),
];

/// Semitones above the root, by what follows the root's name.
const CHORDS: [(&str, &[u8]); 32] = [
    ("", &[0, 4, 7]),
    ("maj", &[0, 4, 7]),
    ("M", &[0, 4, 7]),
    ("m", &[0, 3, 7]),
    ("min", &[0, 3, 7]),
    ("-", &[0, 3, 7]),
    ("dim", &[0, 3, 6]),
    ("o", &[0, 3, 6]),
    ("aug", &[0, 4, 8]),
    ("+", &[0, 4, 8]),
    ("5", &[0, 7]),
    ("sus2", &[0, 2, 7]),
    ("sus4", &[0, 5, 7]),
    ("sus", &[0, 5, 7]),
    ("7sus4", &[0, 5, 7, 10]),
    ("6", &[0, 4, 7, 9]),
    ("m6", &[0, 3, 7, 9]),
    ("7", &[0, 4, 7, 10]),
    ("maj7", &[0, 4, 7, 11]),
    ("M7", &[0, 4, 7, 11]),
    ("m7", &[0, 3, 7, 10]),
    ("min7", &[0, 3, 7, 10]),
    ("-7", &[0, 3, 7, 10]),
    ("mM7", &[0, 3, 7, 11]),
    ("mmaj7", &[0, 3, 7, 11]),
    ("m7b5", &[0, 3, 6, 10]),
    ("dim7", &[0, 3, 6, 9]),
    ("o7", &[0, 3, 6, 9]),
    ("add9", &[0, 2, 4, 7]),
    ("9", &[0, 2, 4, 7, 10]),
    ("maj9", &[0, 2, 4, 7, 11]),
    ("m9", &[0, 2, 3, 7, 10]),
];

/// The pitch class of a name.
pub(super) fn class(step: Step, alter: i8) -> u8 {
    (i32::from(step.semitones()) + i32::from(alter)).rem_euclid(12) as u8
}

/// These intervals above `root`.
fn above(root: u8, intervals: &[u8]) -> u16 {
    intervals.iter().fold(0, |set, interval| set | 1 << ((root + interval) % 12))
}

/// The scale of this name on a tonic.
pub(super) fn scale(tonic: u8, name: &str) -> Option<u16> {
    let name = name.to_ascii_lowercase().replace(' ', "-");
    let (_, intervals) = SCALES.iter().find(|(known, _)| *known == name)?;
    Some(above(tonic, intervals))
}

/// The scale of a key; in minor with the raised sixth and seventh.
pub(super) fn scale_of(key: Key) -> u16 {
    scale(key.tonic_class(), key.mode.name()).unwrap_or_else(|| key.scale())
}

/// The class of a degree (0..=6) of the key as its signature has it, raised by `alter` semitones.
pub(super) fn degree(key: Key, degree: usize, alter: i8) -> u8 {
    let up = (0..12).map(|i| (key.tonic_class() + i) % 12);
    let class = up.filter(|class| key.scale() >> class & 1 == 1).nth(degree % 7);
    let class = class.expect("a key's scale holds seven classes");
    (i32::from(class) + i32::from(alter)).rem_euclid(12) as u8
}

/// Reads `G7`, `F#m7b5`, `C/E`.
pub(super) fn chord(symbol: &str) -> Option<Chord> {
    let (upper, bass) = symbol.split_once('/').map_or((symbol, None), |(upper, bass)| (upper, Some(bass)));
    let (step, alter, quality) = read_name(upper)?;
    let (_, intervals) = CHORDS.iter().find(|(known, _)| *known == quality)?;
    let classes = above(class(step, alter), intervals);
    let Some(bass) = bass else { return Some(Chord { classes, bass: None }) };
    let (step, alter, rest) = read_name(bass)?;
    rest.is_empty().then(|| Chord { classes, bass: Some(class(step, alter)) })
}

/// How a phrase closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cadence {
    Perfect,
    Picardy,
    Plagal,
    Half,
    Deceptive,
}

impl Cadence {
    pub(super) const NAMES: [(&str, Self); 5] = [
        ("perfect", Self::Perfect),
        ("picardy", Self::Picardy),
        ("plagal", Self::Plagal),
        ("half", Self::Half),
        ("deceptive", Self::Deceptive),
    ];

    /// The chords of the last beat but one (if the cadence fixes it) and of the last, both in root position.
    pub(super) fn chords(self, key: Key) -> (Option<Chord>, Chord) {
        let tonic = key.tonic_class();
        let (third, sixth) = match key.mode {
            Mode::Major | Mode::Lydian | Mode::Mixolydian => (4, 9),
            _ => (3, 8),
        };
        let on = |root: u8, intervals: &[u8]| {
            let root = (tonic + root) % 12;
            Chord { classes: above(root, intervals), bass: Some(root) }
        };
        let close = on(0, &[0, third, 7]);
        let dominant = on(7, &[0, 4, 7]);
        let dominant_seventh = on(7, &[0, 4, 7, 10]);
        match self {
            Self::Perfect => (Some(dominant_seventh), close),
            Self::Picardy => (Some(dominant_seventh), on(0, &[0, 4, 7])),
            Self::Plagal => (Some(on(5, &[0, third, 7])), close),
            Self::Half => (None, dominant),
            Self::Deceptive => (Some(dominant_seventh), on(sixth, &[0, 7 - third, 7])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(classes: u16) -> String {
        const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
        let held = (0..12).filter(|class| classes >> class & 1 == 1);
        held.map(|class| NAMES[class]).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check_chord(symbol: &str, expected: &str) {
        let chord = chord(symbol).expect("a chord");
        let bass = chord.bass.map_or(String::new(), |bass| format!(" / {}", names(1 << bass)));
        assert_eq!(names(chord.classes) + &bass, expected);
    }

    #[test]
    fn chord_symbols_are_sets_of_classes() {
        check_chord("C", "C E G");
        check_chord("G7", "D F G B");
        check_chord("F#m7b5", "C E F# A");
        check_chord("Bb/D", "D F Bb / D");
        check_chord("Asus4", "D E A");
        check_chord("Bdim7", "D F Ab B");
        assert_eq!(chord("Hm"), None);
        assert_eq!(chord("C/X"), None);
    }

    #[track_caller]
    fn check_cadence(cadence: Cadence, key: &str, expected: &str) {
        let (before, last) = cadence.chords(key.parse().expect("a key"));
        let shown = |chord: Chord| format!("{} / {}", names(chord.classes), names(1 << chord.bass.unwrap()));
        let before = before.map_or("any".to_owned(), shown);
        assert_eq!(format!("{before} -> {}", shown(last)), expected);
    }

    #[test]
    fn cadences_are_two_chords_in_root_position() {
        check_cadence(Cadence::Perfect, "C major", "D F G B / G -> C E G / C");
        check_cadence(Cadence::Perfect, "A minor", "D E Ab B / E -> C E A / A");
        check_cadence(Cadence::Picardy, "A minor", "D E Ab B / E -> C# E A / A");
        check_cadence(Cadence::Plagal, "A minor", "D F A / D -> C E A / A");
        check_cadence(Cadence::Half, "C major", "any -> D G B / G");
        check_cadence(Cadence::Deceptive, "C major", "D F G B / G -> C E A / A");
        check_cadence(Cadence::Deceptive, "A minor", "D E Ab B / E -> C F A / F");
    }

    #[test]
    fn degrees_follow_the_signature() {
        let key: Key = "A minor".parse().expect("a key");
        assert_eq!(names(1 << degree(key, 6, 0)), "G");
        assert_eq!(names(1 << degree(key, 6, 1)), "Ab");
        assert_eq!(names(scale_of(key)), "C D E F F# G Ab A B");
    }
}
