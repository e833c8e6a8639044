//! Which notes of a bar need an accidental: those altered otherwise than the key, or the bar so far, says.

use crate::score::{Beats, Key, Pitch, Step};
use std::collections::BTreeMap;

/// A note of a bar, of any voice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// From the bar's beginning.
    pub(super) onset: Beats,
    pub(super) staff: usize,
    pub(super) pitch: Pitch,
    /// Whether it is tied over the barline, which carries its accidental with it.
    pub(super) carried: bool,
    pub(super) key: Key,
}

/// For each note of a bar whether it needs an accidental.
pub(super) fn needed(heads: &[Head]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    order.sort_by_key(|&at| heads[at].onset);
    let mut altered: BTreeMap<(usize, Step, i8), i8> = BTreeMap::new();
    let mut needed = vec![false; heads.len()];
    for at in order {
        let Head { staff, pitch, carried, key, .. } = heads[at];
        let line = (staff, pitch.step, pitch.octave);
        let expected = altered.get(&line).copied().unwrap_or(key.alter_of(pitch.step));
        if pitch.alter != expected && !carried {
            needed[at] = true;
            altered.insert(line, pitch.alter);
        }
    }
    needed
}

/// MusicXML's name of an alteration.
pub(super) fn name(alter: i8) -> &'static str {
    match alter {
        i8::MIN..=-3 => "triple-flat",
        -2 => "flat-flat",
        -1 => "flat",
        0 => "natural",
        1 => "sharp",
        2 => "double-sharp",
        3..=i8::MAX => "triple-sharp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes such as `F#4` on one staff in G major, `~` before those carried over the barline; `!` marks the needy.
    #[track_caller]
    fn check(notes: &str, expected: &str) {
        let key: Key = "G major".parse().expect("a key");
        let head = |(at, note): (usize, &str)| Head {
            onset: Beats::whole(at as i64),
            staff: 1,
            pitch: note.trim_start_matches('~').parse().expect("a pitch"),
            carried: note.starts_with('~'),
            key,
        };
        let heads: Vec<Head> = notes.split(' ').enumerate().map(head).collect();
        let marked = needed(&heads).into_iter().zip(notes.split(' '));
        let marked: Vec<String> =
            marked.map(|(n, note)| format!("{note}{}", if n { "!" } else { "" })).collect();
        assert_eq!(marked.join(" "), expected);
    }

    #[test]
    fn the_key_gives_its_own() {
        check("F#4 G4 C4", "F#4 G4 C4");
        check("F4 C#4", "F4! C#4!");
    }

    #[test]
    fn an_accidental_lasts_to_the_barline_on_its_line() {
        check("F4 F4 F5 F#4 F#4", "F4! F4 F5! F#4! F#4");
    }

    #[test]
    fn a_tie_over_the_barline_needs_none() {
        check("~C#4 C#4 C4", "~C#4 C#4! C4!");
    }
}
