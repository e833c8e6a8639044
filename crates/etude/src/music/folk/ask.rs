//! The little language of what a tune must have and must not have.

use crate::error::{Error, Result};
use etude_piece::score::pitch::read_name;
use etude_piece::score::{Key, Pitch, Step};

/// The language on one screen, for a command's long help.
pub const HELP: &str = "\
Of tunes, these can be kept or forbidden:
        range=G3..B5, range=D4.., range=..A5    where all notes lie
        notes=D,E,F#,G4                         all notes are of these: classes, or pitches
        scale                                   all notes belong to the key
        start=1,5    end=1                      degrees of the key for the first and the last note; #4, b7
and these can be forbidden:
        rests, ties, triplets, upbeats, endings

EXAMPLES
        --keep range=D4..B5 --keep end=1        for a whistle in D, closing on the tonic
        --forbid triplets --forbid notes=C      no triplets, no C in any octave";

/// One thing asked of a tune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    /// As typed, with its option.
    pub(super) text: String,
    /// Whether it is kept; else it is forbidden.
    pub(super) keep: bool,
    pub(super) what: What,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// MIDI numbers, both included.
    Range(u8, u8),
    /// Classes, or MIDI numbers.
    Notes(Vec<Named>),
    Scale,
    Start(Vec<Degree>),
    End(Vec<Degree>),
    Rests,
    Ties,
    Triplets,
    Upbeats,
    Endings,
}

/// A note by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// Any octave, C = 0.
    Class(u8),
    /// A MIDI number.
    Midi(u8),
}

/// A degree of the scale, from 1, and how far it is altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Degree {
    number: usize,
    alter: i8,
}

impl Degree {
    /// Semitones above the tonic, 0..=11.
    pub(super) fn above(self, key: Key) -> u8 {
        let (tonic, alter) = key.tonic();
        let step = Step::ALL[(tonic as usize + self.number - 1) % 7];
        let from = i32::from(tonic.semitones()) + i32::from(alter);
        let to = i32::from(step.semitones()) + i32::from(key.alter_of(step)) + i32::from(self.alter);
        (to - from).rem_euclid(12) as u8
    }
}

impl Ask {
    /// Reads what was typed after `--keep`, or after `--forbid`.
    ///
    /// # Errors
    ///
    /// A text outside the language.
    pub(super) fn parse(keep: bool, text: &str) -> Result<Self> {
        let option = if keep { "--keep" } else { "--forbid" };
        let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let shown = format!("{option} '{shown}'");
        let wrong = |hint: &str| Error::usage(shown.clone(), hint);
        let plain = text.trim().replace('♯', "#").replace('♭', "b");
        let (name, value) = plain.split_once('=').unwrap_or((&plain, ""));
        let what = match name.trim() {
            "range" => range(value).ok_or_else(|| wrong("a range is such as G3..B5, D4.. or ..A5")),
            "notes" => list(value, note).map(What::Notes).ok_or_else(|| wrong("notes are such as D,F#,G4")),
            "start" => list(value, degree).map(What::Start).ok_or_else(|| wrong(DEGREES)),
            "end" => list(value, degree).map(What::End).ok_or_else(|| wrong(DEGREES)),
            "scale" if value.is_empty() => Ok(What::Scale),
            "rests" | "ties" | "triplets" | "upbeats" | "endings" if keep => {
                Err(wrong("that can only be forbidden"))
            }
            "rests" if value.is_empty() => Ok(What::Rests),
            "ties" if value.is_empty() => Ok(What::Ties),
            "triplets" if value.is_empty() => Ok(What::Triplets),
            "upbeats" if value.is_empty() => Ok(What::Upbeats),
            "endings" if value.is_empty() => Ok(What::Endings),
            _ => Err(wrong("range=, notes=, scale, start=, end=, rests, ties, triplets, upbeats or endings")),
        }?;
        Ok(Self { text: shown, keep, what })
    }

    /// Whether a note may sound in a key.
    pub(super) fn allows(&self, midi: u8, key: Key) -> bool {
        let named = match &self.what {
            What::Range(low, high) => (*low..=*high).contains(&midi),
            What::Notes(notes) => notes.iter().any(|note| match note {
                Named::Class(class) => midi % 12 == *class,
                Named::Midi(number) => midi == *number,
            }),
            What::Scale => key.scale() >> (midi % 12) & 1 == 1,
            _ => return true,
        };
        named == self.keep
    }

    /// Whether it tells which notes may sound.
    pub(super) fn is_of_pitch(&self) -> bool {
        matches!(self.what, What::Range(..) | What::Notes(_) | What::Scale)
    }

    /// Whether a tune may begin, or end, with a class that lies so many semitones above the tonic.
    pub(super) fn allows_at(&self, start: bool, above: u8, key: Key) -> bool {
        let degrees = match &self.what {
            What::Start(degrees) if start => degrees,
            What::End(degrees) if !start => degrees,
            _ => return true,
        };
        degrees.iter().any(|degree| degree.above(key) == above) == self.keep
    }
}

const DEGREES: &str = "degrees are from 1 to 7, such as 1,3,5 or #4";

/// Entries between commas; at least one.
fn list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|entry| read(entry.trim())).collect()
}

fn note(text: &str) -> Option<Named> {
    match text.parse::<Pitch>() {
        Ok(pitch) => pitch.midi().map(Named::Midi),
        Err(_) => {
            let (step, alter, rest) = read_name(text)?;
            let class = (i32::from(step.semitones()) + i32::from(alter)).rem_euclid(12);
            rest.is_empty().then_some(Named::Class(class as u8))
        }
    }
}

fn range(text: &str) -> Option<What> {
    let (low, high) = text.split_once("..")?;
    let side = |text: &str, open: u8| match text.trim() {
        "" => Some(open),
        name => name.parse::<Pitch>().ok()?.midi(),
    };
    let (low, high) = (side(low, 0)?, side(high, 127)?);
    (low <= high).then_some(What::Range(low, high))
}

fn degree(text: &str) -> Option<Degree> {
    let number = text.trim_start_matches(['#', 'b']);
    let signs = &text[..text.len() - number.len()];
    let alter = match signs {
        "" => 0,
        "#" => 1,
        "b" => -1,
        _ => return None,
    };
    let number = number.parse().ok().filter(|number| (1..=7).contains(number))?;
    Some(Degree { number, alter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match Ask::parse(true, text) {
            Ok(ask) => format!("{:?}", ask.what),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn a_range_may_be_open() {
        check("range=D4..", "Range(62, 127)");
    }

    #[test]
    fn a_range_upside_down_is_refused() {
        check("range=D5..D4", "--keep 'range=D5..D4'; hint: a range is such as G3..B5, D4.. or ..A5");
    }

    #[test]
    fn notes_are_classes_or_pitches() {
        check("notes=F#, G4", "Notes([Class(6), Midi(67)])");
    }

    #[test]
    fn degrees_may_be_altered() {
        check("start=1,b7", "Start([Degree { number: 1, alter: 0 }, Degree { number: 7, alter: -1 }])");
    }

    #[test]
    fn what_can_only_be_forbidden_says_so() {
        check("rests", "--keep 'rests'; hint: that can only be forbidden");
    }

    #[test]
    fn degrees_follow_the_mode() {
        let seventh = |key: &str, alter| Degree { number: 7, alter }.above(key.parse().expect("a key"));
        assert_eq!([seventh("D major", 0), seventh("D dorian", 0), seventh("A minor", 1)], [11, 10, 11]);
    }
}
