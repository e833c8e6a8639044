//! The language as a person reads it, and against slow plain readings of it.

mod laid;
mod language;
mod named;
mod random;
mod scrawl;

use super::{Constraint, Kind};
use crate::inference::chance::Chance;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Cell, Frame, Key, Onset, Pitch};

/// Constraints as typed: `B@end=C`, or `not B@end=C` for forbidden ones.
#[track_caller]
fn read(texts: &[&str]) -> Vec<Constraint> {
    let one = |text: &&str| match text.strip_prefix("not ") {
        Some(text) => Constraint::parse(Kind::Forbid, text),
        None => Constraint::parse(Kind::Keep, text),
    };
    texts.iter().map(|text| one(text).unwrap_or_else(|error| panic!("{error}"))).collect()
}

/// Four voices in quarters, two bars of 4/4.
fn quarters(voices: usize, steps: usize) -> Frame {
    Frame { steps_per_quarter: 1, ..Frame::sixteenths(voices, steps) }
}

/// Soprano C4..A5, alto F3..D5, tenor C3..A4, bass C2..E4; one voice has the soprano's.
fn ranges(voices: usize) -> Vec<Alphabet> {
    let four = [(60, 81), (53, 74), (48, 69), (36, 64)];
    four.into_iter().cycle().take(voices).map(|(low, high)| Alphabet::range(low, high)).collect()
}

/// A draft drawn with a row per voice: a pitch strikes, `-` holds, `.` rests, `?` is open.
#[track_caller]
fn drawn(rows: &[&str]) -> Draft {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split_whitespace().collect()).collect();
    let mut draft = Draft::open(quarters(rows.len(), rows[0].len()));
    for (voice, row) in rows.iter().enumerate() {
        let mut sounding = None;
        for (step, mark) in row.iter().enumerate() {
            match *mark {
                "?" => {}
                "." => draft.pin(step, voice, Cell::REST),
                "-" => draft.pin(step, voice, Cell { pitch: sounding, onset: Onset::Held }),
                name => {
                    sounding = name.parse::<Pitch>().expect("a pitch").midi();
                    draft.pin(step, voice, Cell { pitch: sounding, onset: Onset::Struck });
                }
            }
        }
    }
    draft
}

/// A draft as rows: `>` is struck, `-` held; one thing by name, several as the number of pitches, with `r` for a rest.
fn shown(draft: &Draft) -> Vec<String> {
    let cell = |step, voice| {
        let hole = draft.hole(step, voice);
        let onset = match draft.onset(step, voice) {
            Onset::Struck => ">",
            Onset::Held => "-",
            Onset::Unmarked => "",
        };
        onset.to_owned() + &named(hole)
    };
    let row = |voice| (0..draft.frame.steps).map(|step| cell(step, voice)).collect::<Vec<_>>().join(" ");
    (0..draft.frame.voices).map(row).collect()
}

fn named(hole: Hole) -> String {
    let pitches = hole.pitches.count_ones();
    match (pitches, hole.rest) {
        (0, true) => ".".to_owned(),
        (1, false) => Pitch::spell(hole.pitches.trailing_zeros() as u8, Key::C_MAJOR).to_string(),
        (_, rest) => format!("{pitches}{}", if rest { "r" } else { "" }),
    }
}

/// One of these.
fn pick<'a>(chance: &mut Chance, among: &[&'a str]) -> &'a str {
    among[chance.below(among.len())]
}
