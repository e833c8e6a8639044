//! Decorations: what `!trill!`, `~` and their kind mean for a score.

use crate::score::dynamics::level;

/// Why a score leaves out what has no place in it.
pub(super) const NO_PLACE: &str = "a score holds none";

/// What a decoration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing at all.
    Nothing,
    /// The next note or chord carries a fermata.
    Fermata,
    /// The notes from here on have this velocity.
    Dynamic(u8),
    /// It is left out, and counted under this name.
    Lost(&'static str),
}

/// What a score has no place for: the standard's names, and how they are counted.
const LOST: [(&[&str], &str); 14] = [
    (&["trill", "trill(", "trill)"], "trill"),
    (&["mordent", "lowermordent", "uppermordent", "pralltriller"], "mordent"),
    (&["turn", "turnx", "invertedturn", "invertedturnx"], "turn"),
    (&["roll"], "roll"),
    (&["arpeggio"], "arpeggio"),
    (&["staccato", "wedge"], "staccato mark"),
    (&["accent", "emphasis", ">", "tenuto", "sfz", "sf"], "accent"),
    (&["crescendo(", "crescendo)", "<(", "<)", "diminuendo(", "diminuendo)", ">(", ">)"], "hairpin's end"),
    (&["breath", "shortphrase", "mediumphrase", "longphrase"], "breath or phrase mark"),
    (&["upbow", "downbow"], "bow stroke"),
    (&["0", "1", "2", "3", "4", "5", "+", "plus", "snap", "open", "thumb", "slide"], "fingering"),
    (&["segno", "coda"], "segno or coda sign"),
    (
        &["D.S.", "D.C.", "dacoda", "dacapo", "fine", "D.S.alcoda", "D.S.alfine", "D.C.alcoda", "D.C.alfine"],
        "jump",
    ),
    (&["8va(", "8va)", "8vb(", "8vb)"], "octave line's end"),
];

/// How decorations that the standard doesn't name are counted.
pub(super) const UNKNOWN: Sign = Sign::Lost("decoration");

/// What the name of a decoration stands for, if it is known.
pub(super) fn named(name: &str) -> Option<Sign> {
    if is_fermata(name) {
        return Some(Sign::Fermata);
    }
    if let Some(velocity) = level(name) {
        return Some(Sign::Dynamic(velocity));
    }
    let lost = LOST.iter().find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    lost.map(|&(_, thing)| Sign::Lost(thing))
}

/// Whether a decoration is a fermata, above or below.
fn is_fermata(name: &str) -> bool {
    matches!(name, "fermata" | "invertedfermata" | "ferm")
}

/// What single letters stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Letters {
    /// Those that U: has given another meaning.
    redefined: Vec<(char, Sign)>,
}

impl Letters {
    /// What a letter stands for.
    pub(super) fn sign(&self, letter: char) -> Sign {
        if let Some(&(_, sign)) = self.redefined.iter().find(|&&(known, _)| known == letter) {
            return sign;
        }
        match letter {
            '.' => Sign::Lost("staccato mark"),
            '~' => Sign::Lost("roll"),
            'H' => Sign::Fermata,
            'L' => Sign::Lost("accent"),
            'M' | 'P' => Sign::Lost("mordent"),
            'S' | 'O' => Sign::Lost("segno or coda sign"),
            'T' => Sign::Lost("trill"),
            'u' | 'v' => Sign::Lost("bow stroke"),
            _ => UNKNOWN,
        }
    }

    /// Takes in a U: field's value, such as `F = !fermata!`; letters that can't be redefined stay as they are.
    pub(super) fn define(&mut self, field: &str) {
        let Some((letter, meaning)) = field.split_once('=') else { return };
        let Some(letter @ ('~' | 'H'..='W' | 'h'..='w')) = letter.trim().chars().next() else { return };
        let meaning = meaning.trim();
        let sign = match meaning.trim_matches(['!', '+']) {
            "nil" | "none" | "nodisplay" => Sign::Nothing,
            _ if meaning.starts_with('"') => Sign::Lost("annotation"),
            name => named(name).unwrap_or(UNKNOWN),
        };
        match self.redefined.iter_mut().find(|(known, _)| *known == letter) {
            Some(known) => known.1 = sign,
            None => self.redefined.push((letter, sign)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<Sign>) {
        assert_eq!(named(name), expected);
    }

    #[test]
    fn names_are_the_standards() {
        check("fermata", Some(Sign::Fermata));
        check("mf", Some(Sign::Dynamic(75)));
        check("trill", Some(Sign::Lost("trill")));
        check("crescendo(", Some(Sign::Lost("hairpin's end")));
        check("fermat:a", None);
    }

    #[test]
    fn letters_can_be_redefined() {
        let mut letters = Letters::default();
        assert_eq!((letters.sign('H'), letters.sign('T')), (Sign::Fermata, Sign::Lost("trill")));
        letters.define("T = !fermata!");
        letters.define("H=!nil!");
        letters.define("N=\"^shout\"");
        letters.define("w=+pp+");
        letters.define("C=!trill!");
        let signs = ['T', 'H', 'N', 'w', 'C'].map(|letter| letters.sign(letter));
        let annotation = Sign::Lost("annotation");
        assert_eq!(signs, [Sign::Fermata, Sign::Nothing, annotation, Sign::Dynamic(36), UNKNOWN]);
    }
}
