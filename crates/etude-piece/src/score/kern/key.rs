//! Keys: signatures such as `*k[f#c#]`, tonics such as `*b:` and `*d:dor`, and the key that both make.

use crate::score::{Key, Mode, Step};

/// The letters that sharps are put before, in order; flats take them from the end.
const ORDER: &[u8; 7] = b"fcgdaeb";

/// The names of modes after a tonic's colon.
const MODES: [(&str, Mode); 7] = [
    ("ion", Mode::Major),
    ("dor", Mode::Dorian),
    ("phr", Mode::Phrygian),
    ("lyd", Mode::Lydian),
    ("mix", Mode::Mixolydian),
    ("aeo", Mode::Minor),
    ("loc", Mode::Locrian),
];

/// What one moment says of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct KeySign {
    /// The signature's sharps, or flats below 0.
    pub(super) fifths: Option<i8>,
    /// The tonic, and the mode on it.
    pub(super) tonic: Option<(Step, i8, Mode)>,
}

impl KeySign {
    /// The key, and whether it has the signature that is drawn.
    ///
    /// Old music often draws one flat less than the key would ask for today. Such a signature and tonic make a church
    /// mode; where they make none with the third that is named, the name counts.
    pub(super) fn key(self) -> Option<(Key, bool)> {
        let named = self.tonic.and_then(|(step, alter, mode)| Key::on(step, alter, mode));
        match (self.fifths, named) {
            (None, None) => None,
            (None, Some(key)) => Some((key, true)),
            (Some(fifths), None) => Some((Key { fifths, mode: Mode::Major }, true)),
            (Some(fifths), Some(key)) if fifths == key.fifths => Some((key, true)),
            (Some(fifths), Some(key)) => {
                let drawn = Mode::ALL.into_iter().map(|mode| Key { fifths, mode });
                let same = |drawn: &Key| {
                    drawn.tonic() == key.tonic() && drawn.mode.is_minor() == key.mode.is_minor()
                };
                let drawn = drawn.into_iter().find(same);
                Some(drawn.map_or((key, false), |key| (key, true)))
            }
        }
    }
}

/// The sharps, or flats below 0, of a signature, given what stands between its brackets.
pub(super) fn signature(inside: &str) -> Option<i8> {
    if inside.is_empty() {
        return Some(0);
    }
    let sign = if inside.ends_with('#') { b'#' } else { b'-' };
    let (pairs, rest) = inside.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() > ORDER.len() || pairs.iter().any(|pair| pair[1] != sign) {
        return None;
    }
    let places: Vec<usize> = if sign == b'#' { (0..7).collect() } else { (0..7).rev().collect() };
    let all = places[..pairs.len()].iter().all(|&place| pairs.iter().any(|pair| pair[0] == ORDER[place]));
    let count = i8::try_from(pairs.len()).ok()?;
    all.then_some(if sign == b'#' { count } else { -count })
}

/// The tonic and mode of a key such as `G:`, `e-:` or `d:dor`.
pub(super) fn tonic(text: &str) -> Option<(Step, i8, Mode)> {
    let (name, mode) = text.split_once(':')?;
    let letter = name.chars().next().filter(|c| matches!(c, 'a'..='g' | 'A'..='G'))?;
    let alter = match &name[1..] {
        "" | "n" => 0,
        "#" => 1,
        "-" => -1,
        _ => return None,
    };
    let mode = match mode {
        "" if letter.is_ascii_uppercase() => Mode::Major,
        "" => Mode::Minor,
        _ => MODES.iter().find(|(known, _)| *known == mode)?.1,
    };
    Some((Step::from_letter(letter)?, alter, mode))
}

/// A key as two tokens: its signature, and its tonic with its mode.
pub(super) fn tokens(key: Key) -> [String; 2] {
    let count = usize::from(key.fifths.unsigned_abs()).min(7);
    let letters: String = match key.fifths {
        0.. => ORDER[..count].iter().map(|&letter| format!("{}#", char::from(letter))).collect(),
        _ => ORDER.iter().rev().take(count).map(|&letter| format!("{}-", char::from(letter))).collect(),
    };
    let (step, alter) = key.tonic();
    let letter = if key.mode.is_minor() { step.letter().to_ascii_lowercase() } else { step.letter() };
    let sign = ["-", "", "#"][usize::try_from(alter.clamp(-1, 1) + 1).expect("0, 1 or 2")];
    let mode = match key.mode {
        Mode::Major | Mode::Minor => "",
        mode => MODES.iter().find(|&&(_, known)| known == mode).map_or("", |&(name, _)| name),
    };
    [format!("*k[{letters}]"), format!("*{letter}{sign}:{mode}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signature_token: &str, tonic_token: &str, expected: &str) {
        let sign = KeySign { fifths: signature(signature_token), tonic: tonic(tonic_token) };
        assert_eq!(sign.key().map(|(key, _)| key.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn signature_and_tonic_make_a_key() {
        check("f#", "G:", "G major");
        check("", "d:dor", "D dorian");
        check("b-e-", "g:", "G minor");
        check("b-", "", "F major");
        check("?", "f#:", "F# minor");
    }

    #[test]
    fn an_old_signature_makes_a_church_mode() {
        check("b-", "g:", "G dorian");
        check("", "G:", "G mixolydian");
    }

    #[test]
    fn a_name_that_the_signature_contradicts_counts() {
        check("", "c:", "C minor");
        check("", "D:", "D major");
    }

    #[test]
    fn odd_signatures_are_none() {
        for inside in ["f", "g#", "f#b-", "f#f#", "b-b-", "é#", "f#c#g#d#a#e#b#f#"] {
            assert_eq!(signature(inside), None, "{inside}");
        }
    }

    #[test]
    fn every_key_comes_back() {
        for mode in Mode::ALL {
            for fifths in -7..=7 {
                let key = Key { fifths, mode };
                let [drawn, named] = tokens(key);
                let inside = drawn.trim_start_matches("*k[").trim_end_matches(']');
                let sign = KeySign { fifths: signature(inside), tonic: tonic(&named[1..]) };
                assert_eq!(sign.key(), Some((key, true)), "{drawn} {named}");
            }
        }
    }
}
