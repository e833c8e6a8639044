//! One `note` element: a pitch or a rest, its length, and what is written at it.

use super::chord_symbol::read_step;
use super::cursor::{Cursor, Tag};
use super::interval::Interval;
use super::value::length_of_type;
use super::{dynamics, lyric, signs};
use crate::Result;
use crate::score::{Beats, Key, Pitch};

/// What a `note` element says.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Whether it begins with the note before it.
    pub(super) chord: bool,
    /// Whether it is a grace note, and then whether its stem is struck through.
    pub(super) grace: Option<bool>,
    pub(super) cue: bool,
    pub(super) rest: bool,
    /// What sounds; `None` for rests and for drums without pitch.
    pub(super) pitch: Option<Pitch>,
    /// How long it looks, which tuplets don't change.
    pub(super) shown: Option<Beats>,
    /// In divisions.
    pub(super) duration: Option<Beats>,
    /// The voice's name in the part.
    pub(super) voice: String,
    /// Whether a tie starts here.
    pub(super) tied: bool,
    /// Whether a tie stops here.
    pub(super) continues: bool,
    pub(super) fermata: bool,
    pub(super) lyrics: Vec<String>,
    pub(super) velocity: Option<u8>,
    /// A dynamic mark at it, as the velocity of all notes from here on.
    pub(super) level: Option<u8>,
}

/// Reads a `note`, its pitch moved by the part's `interval`.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>, note: &Tag<'a>, interval: Interval) -> Result<Element> {
    let velocity = cursor.attribute(note, "dynamics")?.and_then(|percent| dynamics::velocity(&percent));
    let mut element = Element { velocity, ..Element::default() };
    let (mut dots, mut staff) = (0, String::new());
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "chord" => element.chord = skipped(cursor)?,
            "grace" => {
                element.grace = Some(cursor.attribute(&tag, "slash")?.as_deref() == Some("yes"));
                cursor.skip()?;
            }
            "cue" => element.cue = skipped(cursor)?,
            "rest" => element.rest = skipped(cursor)?,
            "pitch" => element.pitch = Some(read_pitch(cursor, &tag, interval)?),
            "unpitched" => {
                cursor.lose("percussion note", "a score holds pitches");
                cursor.skip()?;
            }
            "duration" => element.duration = Some(cursor.decimal(&tag)?),
            "voice" => element.voice = cursor.text()?.into_owned(),
            "staff" => staff = cursor.text()?.into_owned(),
            "type" => element.shown = length_of_type(&cursor.text()?),
            "dot" => {
                dots += 1;
                cursor.skip()?;
            }
            "tie" => read_tie(cursor, &tag, &mut element)?,
            "notehead" => {
                if !matches!(cursor.text()?.as_ref(), "" | "normal" | "none") {
                    cursor.lose("special notehead", "a score has plain ones");
                }
            }
            "notations" => read_notations(cursor, &mut element)?,
            "lyric" => lyric::read(cursor, &tag, &mut element.lyrics)?,
            "play" => {
                cursor.lose("playing technique", "a score holds none");
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
    }
    if element.voice.is_empty() {
        // Some programs tell voices by their staves alone.
        element.voice = if staff.is_empty() { "1".to_owned() } else { staff };
    }
    // Three dots are rare, and no more than four are printed.
    let dotted = Beats::new((2 << dots.min(4)) - 1, 1 << dots.min(4));
    element.shown = element.shown.map(|shown| shown * dotted);
    Ok(element)
}

/// True, and the element passed over: for those that say all by being there.
fn skipped(cursor: &mut Cursor<'_>) -> Result<bool> {
    cursor.skip()?;
    Ok(true)
}

/// Reads a `tie` or `tied`: one is heard, the other drawn, and files differ in which they give.
fn read_tie<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>, element: &mut Element) -> Result<()> {
    let kind = cursor.attribute(tag, "type")?;
    if kind.as_deref() == Some("let-ring") {
        cursor.lose("let-ring tie", "a score ties notes");
    }
    element.tied |= kind.as_deref() == Some("start");
    element.continues |= kind.as_deref() == Some("stop");
    cursor.skip()
}

fn read_pitch<'a>(cursor: &mut Cursor<'a>, pitch: &Tag<'a>, interval: Interval) -> Result<Pitch> {
    let (mut step, mut alter, mut octave) = (None, 0, None);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "step" => step = Some(read_step(cursor, &tag)?),
            "alter" => {
                let semitones = cursor.decimal(&tag)?;
                let whole = (semitones.denominator() == 1).then_some(semitones.numerator());
                if whole.is_none() {
                    cursor.lose("microtone", "rounded to semitones, quarter tones towards the natural");
                }
                let near = whole.unwrap_or_else(|| nearest(semitones));
                alter = Some(near).filter(|alter| (-3..=3).contains(alter)).ok_or_else(|| {
                    cursor.fault(tag.at, format!("an alteration of {semitones}"), "a number from -3 to 3")
                })?;
            }
            "octave" => octave = Some(cursor.integer(&tag, -1..=9)?),
            _ => cursor.skip()?,
        }
    }
    let (Some(step), Some(octave)) = (step, octave) else {
        return Err(cursor.fault(pitch.at, "a pitch without step or octave", "both"));
    };
    let small = |number: i64| i8::try_from(number).expect("the range is small");
    let written = Pitch::new(step, small(alter), small(octave));
    sounding(written, interval).ok_or_else(|| {
        let found = format!("{written}, {} semitones from what sounds", interval.chromatic);
        cursor.fault(pitch.at, found, "a pitch that sounds within C-1..G9")
    })
}

/// The nearest whole number, halves towards zero.
fn nearest(number: Beats) -> i64 {
    let half = Beats::new(1, 2);
    if number < Beats::ZERO {
        (number + half).floor_div(Beats::QUARTER)
    } else {
        -(half - number).floor_div(Beats::QUARTER)
    }
}

/// The sounding pitch; respelled if its proper name needs more than three accidentals.
fn sounding(written: Pitch, interval: Interval) -> Option<Pitch> {
    let respelled = || {
        let number = i32::from(written.midi()?) + interval.chromatic;
        let number = u8::try_from(number).ok().filter(|&number| number < 128)?;
        Some(Pitch::spell(number, Key::C_MAJOR))
    };
    interval.above(written).or_else(respelled)
}

fn read_notations(cursor: &mut Cursor<'_>, element: &mut Element) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "tied" => read_tie(cursor, &tag, element)?,
            "fermata" => element.fermata = skipped(cursor)?,
            "dynamics" => element.level = dynamics::read(cursor)?.level.or(element.level),
            "articulations" => signs::lose_group(cursor, "other articulation")?,
            "ornaments" => signs::lose_group(cursor, "other ornament")?,
            "technical" => signs::lose_group(cursor, "playing technique")?,
            // A tuplet's ratio is in the durations.
            "tuplet" => cursor.skip()?,
            _ => signs::lose(cursor, &tag, "other notation")?,
        }
    }
    Ok(())
}
