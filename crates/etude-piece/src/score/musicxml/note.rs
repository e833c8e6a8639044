//! One `note` element: a pitch or a rest, its length, and what is written at it.

use super::chord_symbol::read_step;
use super::cursor::{Cursor, Tag};
use super::interval::Interval;
use crate::Result;
use crate::score::{Beats, Key, Pitch};

/// The most verses that a note keeps.
pub(super) const MAX_VERSES: usize = 16;

/// What a `note` element says.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Whether it begins with the note before it.
    pub(super) chord: bool,
    pub(super) grace: bool,
    pub(super) cue: bool,
    /// What sounds; `None` for rests and for drums without pitch.
    pub(super) pitch: Option<Pitch>,
    /// In divisions.
    pub(super) duration: Option<Beats>,
    pub(super) voice: String,
    /// Whether a tie starts here.
    pub(super) tied: bool,
    /// Whether a tie stops here.
    pub(super) continues: bool,
    pub(super) fermata: bool,
    pub(super) lyrics: Vec<String>,
    pub(super) velocity: Option<u8>,
}

/// Reads a `note`, its pitch moved by the part's `interval`.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>, note: &Tag<'a>, interval: Interval) -> Result<Element> {
    let velocity = cursor.attribute(note, "dynamics")?.and_then(|percent| velocity(&percent));
    let mut element = Element { velocity, ..Element::default() };
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "chord" => element.chord = skipped(cursor)?,
            "grace" => element.grace = skipped(cursor)?,
            "cue" => element.cue = skipped(cursor)?,
            "pitch" => element.pitch = Some(read_pitch(cursor, &tag, interval)?),
            "duration" => element.duration = Some(cursor.decimal(&tag)?),
            "voice" => element.voice = cursor.text()?.into_owned(),
            "tie" => read_tie(cursor, &tag, &mut element)?,
            "notations" => read_notations(cursor, &mut element)?,
            "lyric" => read_lyric(cursor, &tag, &mut element.lyrics)?,
            _ => cursor.skip()?,
        }
    }
    if element.voice.is_empty() {
        "1".clone_into(&mut element.voice);
    }
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
    element.tied |= kind.as_deref() == Some("start");
    element.continues |= kind.as_deref() == Some("stop");
    cursor.skip()
}

/// MusicXML's per cent of velocity 90.
fn velocity(percent: &str) -> Option<u8> {
    let percent: f64 = percent.trim().parse().ok()?;
    // The range is checked first, so the cast keeps the number; a silent note is as soft as can be.
    (0.0..=1000.0).contains(&percent).then(|| (percent * 0.9).round().clamp(1.0, 127.0) as u8)
}

fn read_pitch<'a>(cursor: &mut Cursor<'a>, pitch: &Tag<'a>, interval: Interval) -> Result<Pitch> {
    let (mut step, mut alter, mut octave) = (None, 0, None);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "step" => step = Some(read_step(cursor, &tag)?),
            "alter" => {
                let semitones = cursor.decimal(&tag)?;
                let whole = (semitones.denominator() == 1).then_some(semitones.numerator());
                alter = whole.filter(|alter| (-3..=3).contains(alter)).ok_or_else(|| {
                    let hint = "quarter tones can't be held; round them in the program the file came from";
                    cursor.hinted(
                        tag.at,
                        format!("an alteration of {semitones}"),
                        "a whole number from -3 to 3",
                        hint,
                    )
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
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

/// Reads a syllable into its verse: the one of its number, else the next free one.
fn read_lyric<'a>(cursor: &mut Cursor<'a>, lyric: &Tag<'a>, lyrics: &mut Vec<String>) -> Result<()> {
    let number = cursor.attribute(lyric, "number")?.and_then(|number| number.parse::<usize>().ok());
    let mut syllable = String::new();
    let mut continues = false;
    let mut elision = "";
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "text" => {
                syllable.push_str(elision);
                syllable.push_str(&cursor.text()?);
            }
            "syllabic" => continues = matches!(cursor.text()?.as_ref(), "begin" | "middle"),
            "elision" => {
                elision = "‿";
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
    }
    if syllable.is_empty() {
        return Ok(());
    }
    if continues {
        syllable.push('-');
    }
    let verse =
        number.filter(|number| (1..=MAX_VERSES).contains(number)).map_or(lyrics.len(), |number| number - 1);
    if verse >= MAX_VERSES {
        return Ok(());
    }
    if lyrics.len() <= verse {
        lyrics.resize(verse + 1, String::new());
    }
    lyrics[verse] = syllable;
    Ok(())
}
